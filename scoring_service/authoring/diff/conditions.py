"""Conditions of two editions in one form, so that they can be compared and told: what knock-outs and derivations test."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from scoring_service.authoring.diff.change import AnyOf, Test, Word
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.model import Comparison, Condition, Criterion, DeriveRow, Of, Op, Subject


class Subjects:
    """What the rules of one sheet may read. ``renumbered``: the number that a criterion has in the newer edition, by its own."""

    def __init__(
        self, facts: Mapping[str, Fact], criteria: Iterable[Criterion], renumbered: Mapping[str, str] | None = None
    ) -> None:
        self._facts, self._criteria = facts, {c.number: c for c in criteria}
        self._renumbered = renumbered or {}

    def number(self, number: str) -> str:
        """The number of one of these criteria in the newer edition; its own where it is not there any more."""
        return self._renumbered.get(number, number)

    def named(self, number: str) -> Criterion:
        """One of these criteria."""
        return self._criteria[number]

    def condition(self, when: Condition) -> AnyOf:
        """When a knock-out holds."""
        return AnyOf(tuple(tuple(self._tests(way)) for way in when.any_of))

    def row(self, row: DeriveRow) -> AnyOf:
        """When a row of a derivation applies."""
        return AnyOf((tuple(itertools.chain.from_iterable(self._allowed(*one) for one in row.when)),))

    def _tests(self, tests: Iterable[Comparison]) -> Iterator[Test]:
        for subject, group in itertools.groupby(tests, key=lambda test: test.subject):
            own = list(group)
            fact = self._facts.get(subject.id) if subject.of is Of.FACT else None
            word = _exact(own) if fact and not fact.kind.numeric else None
            if fact and word is not None:
                yield from self._word(fact, word)
            else:
                yield from (self._number(subject, fact, test.op, test.value) for test in own)

    def _word(self, fact: Fact, place: Decimal) -> Iterator[Test]:
        for value in fact.kind.axis((), fact):
            if fact.comparable(value) == place:
                yield Test(Of.FACT, fact.id, None, str(value), fact, (_named(fact, str(value)),))

    def _number(self, subject: Subject, fact: Fact | None, op: Op, value: Decimal) -> Test:
        if fact:
            return Test(Of.FACT, fact.id, op, value, fact, value)
        criterion = self._criteria.get(subject.id) if subject.of is Of.CRITERION else None
        number = self.number(subject.id) if criterion else subject.id
        name: object = criterion.name if criterion else Word("changed_value", subject.of)
        return Test(subject.of, number, op, value, name, value)

    def _allowed(self, name: str, allowed: Interval | frozenset[str]) -> Iterator[Test]:
        fact = self._facts[name]
        if isinstance(allowed, Interval):
            yield from (self._number(Subject(Of.FACT, name), fact, *end) for end in _ends(allowed))
        else:
            words = tuple(word for word in map(str, fact.kind.axis((), fact)) if word in allowed)
            yield Test(Of.FACT, name, None, "|".join(words), fact, tuple(_named(fact, word) for word in words))


def _exact(tests: Iterable[Comparison]) -> Decimal | None:
    """The one value that the tests leave, where they are the two ends of it."""
    ends = {test.op: test.value for test in tests}
    low, high = ends.get(Op.AT_LEAST), ends.get(Op.AT_MOST)
    return low if low == high and set(ends) == {Op.AT_LEAST, Op.AT_MOST} else None


def _ends(interval: Interval) -> Iterator[tuple[Op, Decimal]]:
    if interval.low is not None:
        yield Op.AT_LEAST if interval.low_closed else Op.ABOVE, interval.low
    if interval.high is not None:
        yield Op.AT_MOST if interval.high_closed else Op.BELOW, interval.high


def _named(fact: Fact, word: str) -> object:
    return fact.choices[word] if word in fact.choices else Word("yes_no", word)
