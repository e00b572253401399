"""Knock-outs: what they read is there, they can be met and can be missed, and they fit the limits of the inference."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.facts import LARGEST, representatives
from scoring_service.rulebook.folder import KNOCK_OUTS
from scoring_service.rulebook.model import Comparison, Criterion, Edition, KnockOut, Of, ProductSet, Subject
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader

# durable_rules: 64 matches of one message end in error 303, the 17th conjunct in error 304. One place is kept for the catch-all.
MAX_RULES = 60
MAX_CONJUNCTS = 15
_MAX_CASES = 20_000


@dataclass(frozen=True, slots=True)
class _Values:
    """What a subject may be: between two numbers, whole ones or all; every conclusion of it is told apart by ``few``."""

    low: Decimal
    high: Decimal
    whole: bool = False

    def few(self, tests: Iterable[Comparison]) -> list[Decimal]:
        """Values enough to see every outcome of the comparisons."""
        ends = {self.low, self.high} | {t.value for t in tests if self.low <= t.value <= self.high}
        found = representatives(ends, self.low, self.high)
        return [value for value in found if not self.whole or value == value.to_integral_value()]


class KnockOutChecks:
    """Checks the knock-outs of one set after the other; what is wrong with one in itself is told once, not in every set."""

    def __init__(self, edition: Edition, places: Places, reader: Reader) -> None:
        self._edition, self._places, self._reader = edition, places, reader

    def check(self, product_set: ProductSet, *, whole: bool) -> None:
        """Note every problem of a set's knock-outs; whether they can be met only where the ``whole`` sheet could be read."""
        for out in {out.id: out for out in product_set.knock_outs}.values():
            if self._names_what_is_there(out, product_set) and whole and out.when.any_of:
                self._check_fires(out, product_set)
            if any(len(tests) > MAX_CONJUNCTS for tests in out.when.any_of):
                self._reader.problem("LIMIT_CONJUNCTS", self._when(out), knock_out=out.id, limit=MAX_CONJUNCTS)
        rules = sum(len(out.when.any_of) for out in product_set.knock_outs)
        if rules > MAX_RULES:
            at = product_set.position
            self._reader.problem("LIMIT_RULES", at, set=product_set.number, rules=rules, limit=MAX_RULES)

    def _names_what_is_there(self, out: KnockOut, product_set: ProductSet) -> bool:
        numbers = dict.fromkeys(c.number for c in product_set.criteria())
        parts = dict.fromkeys(part.code for part in product_set.parts)
        sound, in_set = True, product_set.number
        for subject in out.when.subjects():
            at, name = self._when(out, subject), subject.id
            if subject.of is Of.CRITERION and name not in numbers:
                sound, meant = False, Suggestion.of(name, numbers)
                self._reader.problem(
                    "KNOCK_OUT_CRITERION", at, set=in_set, name=name, knock_out=out.id, suggestion=meant
                )
            elif subject.of is Of.PART and name not in parts:
                sound, meant = False, Suggestion.of(name, parts)
                self._reader.problem("KNOCK_OUT_PART", at, set=in_set, name=name, knock_out=out.id, suggestion=meant)
        return sound

    def _check_fires(self, out: KnockOut, product_set: ProductSet) -> None:
        """Each way of meeting it can be met, and all of them together can be missed."""
        values = {s: self._values_of(s, product_set) for s in out.when.subjects()}
        for tests in out.when.any_of:
            for subject in dict.fromkeys(test.subject for test in tests):
                own = [test for test in tests if test.subject == subject]
                if not any(all(test.holds(value) for test in own) for value in values[subject].few(own)):
                    self._tell_never(out, product_set, subject, values[subject])
                    return
        axes = [values[s].few(t for tests in out.when.any_of for t in tests if t.subject == s) for s in values]
        if math.prod(map(len, axes)) > _MAX_CASES:
            return
        for case in itertools.product(*axes):
            given = dict(zip(values, case, strict=True))
            if not any(all(test.holds(given[test.subject]) for test in tests) for tests in out.when.any_of):
                return
        at = self._when(out)
        self._reader.problem("KNOCK_OUT_ALWAYS", at, knock_out=out.id, set=product_set.number)

    def _tell_never(self, out: KnockOut, product_set: ProductSet, subject: Subject, within: _Values) -> None:
        at = self._when(out, subject)
        read = subject.id if subject.of is Of.FACT else f"{subject.of} {subject.id}".strip()
        low, high, in_set = within.low, within.high, product_set.number
        self._reader.problem("KNOCK_OUT_NEVER", at, knock_out=out.id, set=in_set, subject=read, low=low, high=high)

    def _values_of(self, subject: Subject, product_set: ProductSet) -> _Values:
        """The council's mean of points may be any number up to the most; a word is its place in the list."""
        if subject.of is Of.FACT:
            fact = self._edition.facts[subject.id]
            if not fact.kind.numeric:
                return _Values(Decimal(0), Decimal(max(len(fact.choices) - 1, 1)), whole=True)
            least, most = fact.kind.bounds
            low, high = -LARGEST if least is None else least, LARGEST if most is None else most
            return _Values(low, high, whole=fact.kind.whole)
        if subject.of is Of.CRITERION:
            points = (_most(c) for c in product_set.criteria() if c.number == subject.id)
        elif subject.of is Of.PART:
            points = (part.max for part in product_set.parts if part.code == subject.id)
        else:
            points = (n for n in (self._edition.total,))
        return _Values(Decimal(0), Decimal(next(points)))

    def _when(self, out: KnockOut, subject: Subject | None = None) -> Position:
        """The place of a condition, of the test of one subject where only one test reads it."""
        node = self._places.node(KNOCK_OUTS, out.id)
        entries = node.entries if isinstance(node, nodes.Mapping) else {}
        conditions = [entries[key] for key in ("when", "when_any") if key in entries]
        if not conditions:
            return out.position
        within = conditions[0]
        tests = within.items if isinstance(within, nodes.Sequence) else (within,)
        found = [
            position
            for test in tests
            if isinstance(test, nodes.Mapping) and subject
            for key, position in test.keys.items()
            if key in (subject.id, f"{subject.of} {subject.id}".strip())
        ]
        return found[0] if len(found) == 1 else within.position


def _most(criterion: Criterion) -> int:
    return max((option.points for option in criterion.choices()), default=0)
