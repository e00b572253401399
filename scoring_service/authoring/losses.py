"""Sheets of a set with exactly so many points, by as few changes of the best sheet as can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from scoring_service.authoring.changes import Changes
from scoring_service.rulebook.model import Criterion, Of, ProductSet, Subject

_BARRED = 1000
_Way = tuple[int, tuple[tuple[str, str], ...]]
"""How much it costs, and number and option of each change."""


class Losses:
    """What answers of one set lose against the best ones."""

    def __init__(self, product_set: ProductSet) -> None:
        self.product_set = product_set
        self.criteria: Mapping[str, Criterion] = {c.number: c for c in product_set.criteria()}
        bases = {c.only_if.criterion for c in self.criteria.values() if c.only_if}
        read = {s.id for out in product_set.knock_outs for s in out.when.subjects() if s.of is Of.CRITERION}
        # What others hang on stays as it is, so that one change loses its own points alone.
        self._free = [c for c in self.criteria.values() if c.number not in bases | read]
        self.most = sum(self._top(c) for c in self.criteria.values())

    def losing(self, points: int, *, keeping: int = 0) -> Changes | None:
        """The fewest changes that lose so many points; ``keeping``: minimums of so many stars and less stay met where they can."""
        found = self._ways(tuple(self._free), keeping).get(points)
        return dict(found[1]) if found else None

    def total(self, points: int, *, keeping: int = 0) -> Changes | None:
        """Changes that leave so many points in all."""
        return self.losing(self.most - points, keeping=keeping)

    def possible(self, subject: Subject) -> list[int]:
        """The points that a criterion, a part or the whole sheet can have, in order."""
        if subject.of is Of.CRITERION:
            return sorted({o.points for o in self.criteria[subject.id].choices()})
        members = self._members(subject)
        fixed = sum(self._top(c) for c in members)
        free = tuple(c for c in members if c in self._free)
        return sorted(fixed - lost for lost in self._ways(free, 0))

    def with_points(self, subject: Subject, points: int) -> Changes:
        """Changes that give a subject so many of its possible points."""
        if subject.of is Of.CRITERION:
            return {subject.id: next(o.id for o in self.criteria[subject.id].choices() if o.points == points)}
        members = self._members(subject)
        free = tuple(c for c in members if c in self._free)
        return dict(self._ways(free, 0)[sum(self._top(c) for c in members) - points][1])

    def _members(self, subject: Subject) -> list[Criterion]:
        parts = self.product_set.parts
        return [c for p in parts if subject.of is Of.TOTAL or p.code == subject.id for c in p.criteria()]

    @staticmethod
    def _top(criterion: Criterion) -> int:
        return max(o.points for o in criterion.choices())

    def _ways(self, criteria: tuple[Criterion, ...], keeping: int) -> Mapping[int, _Way]:
        return _ways(tuple(self._choices(c, keeping) for c in criteria))

    def _choices(self, criterion: Criterion, keeping: int) -> tuple[tuple[int, int, str, str], ...]:
        top = self._top(criterion)
        least = max((m.points for m in criterion.minimums if m.stars <= keeping), default=0)
        lower = {o.points: o.id for o in reversed(list(criterion.choices())) if o.points < top}
        return tuple(
            (top - points, 1 + _BARRED * (points < least), criterion.number, option) for points, option in lower.items()
        )


@lru_cache(maxsize=256)
def _ways(choices: Iterable[tuple[tuple[int, int, str, str], ...]]) -> Mapping[int, _Way]:
    """For every loss that can be the cheapest way to it."""
    ways: dict[int, _Way] = {0: (0, ())}
    for own in choices:
        reached = dict(ways)
        for lost, (cost, path) in ways.items():
            for more, price, number, option in own:
                known = reached.get(lost + more)
                if known is None or cost + price < known[0]:
                    reached[lost + more] = (cost + price, (*path, (number, option)))
        ways = reached
    return ways
