"""``--help`` and what is said of a wrong call, in the language of all other output: the catalogues have the words.

An argument is described by the vocabulary ``help`` under its command and name (``score.files``, ``new edition.older``), or under its name
alone where commands share it. argparse brings sentences of its own; the vocabulary ``argparse`` has them in other words.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from scoring_service.telling.teller import Teller, Told

GROUP, OF_ARGPARSE = "help", "argparse"
_DIGITS = 9


class Parser(argparse.ArgumentParser):
    """A parser that is told what each of its arguments means, and says so in one language."""

    def __init__(self, *, to: Teller, **given: Any) -> None:
        self._to = to
        path = str(given.get("prog", "")).partition(" ")[2]
        super().__init__(**{"description": to.words.words[GROUP].get(path), **given})

    def add_subparsers(self, **given: Any) -> Any:
        """Commands below this one, told in the same language."""
        parser_class: Any = partial(Parser, to=self._to)
        return super().add_subparsers(parser_class=parser_class, help=described(self._to, given["dest"]), **given)

    def _add_action(self, action: Any) -> Any:
        # The one place that every argument passes, those of groups too.
        if action.help is None:
            action.help = described(self._to, f"{self.prog.partition(' ')[2]}.{action.dest}")
        return super()._add_action(action)


def described(to: Teller, name: str) -> str:
    """What a command or argument is said to be: of the command, or of all that have it.

    Raises:
        KeyError: the catalogue lacks it.
    """
    words = to.words.words[GROUP]
    return words.get(name) or words[name.rpartition(".")[2]]


@contextmanager
def spoken(to: Teller) -> Iterator[None]:
    """Argparse speaks the language of ``to``.

    It takes each of its sentences through two names of gettext, which reads compiled files only: for that time they stand for the catalogue.
    """
    ours, module = to.words.words[OF_ARGPARSE], vars(argparse)
    before = {name: module[name] for name in ("_", "ngettext")}
    module["_"] = lambda text: ours.get(text, text)
    module["ngettext"] = lambda one, more, count: ours.get(one if count == 1 else more, more)
    try:
        yield
    finally:
        module.update(before)


def whole(to: Teller, low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number within bounds, for an argument."""

    def number(text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) <= _DIGITS and low <= int(text) <= high:
            return int(text)
        raise argparse.ArgumentTypeError(to.sentence("NOT_WHOLE", text=text, low=Told(low), high=Told(high)))

    return number
