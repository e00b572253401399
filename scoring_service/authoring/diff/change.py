"""One change between two editions as data: the code of its sentence, its values, where it stands."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from scoring_service.problems import Position
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.match import text_key
from scoring_service.rulebook.model import Op


class Word(NamedTuple):
    """A word of a closed vocabulary of the catalogues."""

    group: str
    word: str


NOTHING_THERE = Word("changed_value", "none")
"""What stands where there was nothing, or is nothing any more."""


class Quoted(NamedTuple):
    """A text of the rules that a sentence quotes."""

    text: Label


def quoted(text: Label | None) -> object:
    """A text as a sentence quotes it, or that there is none."""
    return Quoted(text) if text else NOTHING_THERE


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a condition: its subject (``of``, ``id``) is a word, or one of several (no ``op``), or compares with a number.

    What the subject and the value are called (``name``, ``said``) does not tell two tests apart.
    """

    of: str
    id: str
    op: Op | None
    value: Decimal | str
    name: object = field(compare=False)
    said: object = field(compare=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any of several lists of tests that must all hold."""

    ways: tuple[tuple[Test, ...], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. ``wording``: nothing but words did.

    ``heading``: the criterion it belongs to, by its name, empty where it stands for itself. ``position``: its place in the newer edition,
    in the older one where it was dropped.
    """

    code: str
    values: Mapping[str, object]
    position: Position
    wording: bool = False
    heading: Label | None = None

    def under(self, heading: Label) -> Change:
        """The same, of a criterion."""
        return replace(self, heading=heading)

    @property
    def key(self) -> Hashable:
        """What it has in common with the same change in another set."""
        heading = text_key(self.heading) if self.heading else ""
        return self.code, heading, tuple((name, _key(value)) for name, value in self.values.items())


def _key(value: object) -> Hashable:
    match value:
        case Label():
            return text_key(value)
        case Quoted():
            return text_key(value.text)
        case Word() | AnyOf():
            return value
        case tuple():
            return tuple(_key(item) for item in value)
        case _:
            return repr(value)


class Numbers(NamedTuple):
    """The numbers of a criterion before and after; empty where there is none, or where it is none of a criterion."""

    old: str = ""
    new: str = ""


class Found(NamedTuple):
    """A change in one pair of sets."""

    change: Change
    numbers: Numbers = Numbers()
