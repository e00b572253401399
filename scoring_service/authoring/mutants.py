"""Mutants: an edition with one rule changed as a slip of the pen would change it, each with its place and a sentence.

``key`` names a mutant for good: ``honey/1.3/b/points+1``, ``levels/province/recognises-3``. It is what ``equivalent.yaml`` lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from scoring_service.problems import Position
from scoring_service.rulebook.facts import Interval
from scoring_service.rulebook.model import Edition, ProductSet

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed rule. ``slug``: the set it is in, empty where it is shared; ``about``: criteria and facts it concerns.

    ``code`` and ``values`` are its sentence; ``make`` gives the changed edition.
    """

    key: str
    slug: str
    about: tuple[str, ...]
    code: str
    values: Mapping[str, object]
    position: Position
    make: Callable[[], Edition]


@dataclass(frozen=True, slots=True)
class Place:
    """Where mutants are made: what their keys begin with, what they concern, their place, and how a change becomes an edition."""

    key: str
    at: str
    position: Position
    slug: str = ""
    about: tuple[str, ...] = ()

    def changed(self, what: str, mark: object, before: object, after: object, make: Callable[[], Edition]) -> Mutant:
        """Something has another value."""
        values = {"at": self.at, "what": what, "before": _told(before), "after": _told(after)}
        return self._mutant(f"{what}{mark}", "MUTANT_CHANGED", values, make)

    def dropped(self, what: str, which: object, make: Callable[[], Edition]) -> Mutant:
        """Something is gone."""
        return self._mutant(
            f"{what}-{_told(which)}", "MUTANT_DROPPED", {"at": self.at, "what": what, "it": _told(which)}, make
        )

    def added(self, what: str, which: object, make: Callable[[], Edition]) -> Mutant:
        """Something is there that was not."""
        return self._mutant(
            f"{what}+{_told(which)}", "MUTANT_ADDED", {"at": self.at, "what": what, "it": _told(which)}, make
        )

    def swapped(self, what: str, one: str, other: str, make: Callable[[], Edition]) -> Mutant:
        """Two have changed places."""
        values = {"at": self.at, "what": what, "one": one, "other": other}
        return self._mutant(f"{what}:{one}~{other}", "MUTANT_SWAPPED", values, make)

    def _mutant(self, mark: str, code: str, values: Mapping[str, object], make: Callable[[], Edition]) -> Mutant:
        return Mutant(f"{self.key}/{mark}", self.slug, self.about, code, values, self.position, make)


def _told(value: object) -> object:
    return "–" if value is None or value == "" else str(value)


def with_set(edition: Edition, changed: ProductSet) -> Edition:
    """The edition with one set changed."""
    return replace(
        edition,
        sets={**edition.sets, changed.number: changed},
        by_slug={**edition.by_slug, changed.slug: changed},
    )


def replaced(items: tuple[_T, ...], place: int, *by: _T) -> tuple[_T, ...]:
    """A tuple with one item replaced, by none to drop it."""
    return (*items[:place], *by, *items[place + 1 :])


def shifted(interval: Interval, end: Decimal, by: Decimal) -> Interval:
    """A range of which the ends that lie at ``end`` lie elsewhere."""
    low, high = (one + by if one is not None and one == end else one for one in (interval.low, interval.high))
    return replace(interval, low=low, high=high)


def signed(by: object) -> str:
    """``+1`` and ``-1``."""
    text = str(by)
    return text if text.startswith("-") else f"+{text}"
