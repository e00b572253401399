"""What the commands share: exit codes, the language and width of output, JSON, places that can be clicked."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO, TypeAlias

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from rich.console import Console

from scoring_service.cli.helping import described
from scoring_service.cli.render import Renderer
from scoring_service.plaintext import visible
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.folder import is_edition
from scoring_service.telling.catalogue import languages
from scoring_service.telling.teller import Teller, Told, teller

OK, BAD_INPUT, USAGE, INTERRUPTED = 0, 1, 2, 130
LANGUAGE = "OCOP_LANG"
_PIPED_WIDTH, _WIDE = 110, 160

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - the only name there is


@dataclass(frozen=True, slots=True)
class Parents:
    """The options that commands share: ``common``, the folder of rules and the language; ``rules_only``, the folder alone.

    ``to``: who says what an argument means and what is wrong with it.
    """

    common: argparse.ArgumentParser
    rules_only: argparse.ArgumentParser
    to: Teller

    def said(self, command: str) -> str:
        """What the list of commands says of one."""
        return described(self.to, command)


class UsageError(Exception):
    """The command cannot run as it was called."""


def voice_of(args: argparse.Namespace) -> Teller:
    """The teller of the language asked for."""
    return teller(args.lang)


def foreign(text: object) -> Told:
    """A path, an address or what a server says, to stand in a sentence in full."""
    return Told(visible(str(text)))


def renderer(args: argparse.Namespace, to: TextIO, *, wide: bool = False) -> Renderer:
    """A renderer in the language asked for, as wide as the terminal; ``wide``: wider where there is none, for a table."""
    width = None if to.isatty() else _WIDE if wide else _PIPED_WIDTH
    return Renderer(Console(file=to, width=width, highlight=False, markup=False), voice_of(args))


def plain(message: Message) -> dict[str, object]:
    """A message as protobuf JSON, with the fields that are empty but not those that are absent."""
    return MessageToDict(message, always_print_fields_with_no_presence=True)


def print_json(document: object, indent: int | None = None) -> int:
    """Print a document; always ``OK``."""
    print(json.dumps(document, ensure_ascii=False, indent=indent))
    return OK


def under(problem: Problem, rules: Path) -> Problem:
    """The problem with a path that can be clicked."""
    if problem.position is None or Path(problem.position.file).exists():
        return problem
    return replace(problem, position=at(problem.position, rules))


def at(position: Position, rules: Path) -> Position:
    """A place as seen from here: rule positions are relative to the folder of all editions."""
    root = rules.parent if is_edition(rules) else rules
    return replace(position, file=str(root / position.file))


def complain(say: Callable[[Teller], str]) -> None:
    """A line in the language that the environment names; where it names none that we have nobody knows who reads, and each has its line."""
    named = os.environ.get(LANGUAGE, "")
    for language in (named,) if named in languages() else languages():
        sys.stderr.write(f"ocop: {say(teller(language))}\n")


def write_file(file: Path, text: str, to: Teller) -> None:
    """Write a file that was asked for on the command line.

    Raises:
        UsageError: it cannot be written there.
    """
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        said = to.sentence("FILE_NOT_WRITTEN", file=foreign(file), reason=foreign(error.strerror))
        raise UsageError(said) from error
