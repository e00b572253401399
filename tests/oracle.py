"""The rule model evaluated a second, plain way: no inference engine, no prepared lookups, exact fractions throughout.

Written from the rules' meaning, not from the engine's code, so that a difference between the two is worth a look.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring_service.engine.dossier import Dossier
from scoring_service.engine.inference import Conclusion, Facts, Program
from scoring_service.rulebook.facts import Choice, YesNo
from scoring_service.rulebook.model import Condition, Criterion, Edition, Of, Op, ProductSet, Subject

STRENGTH = ("reject", "not_eligible", "disqualify", "halt")
STATUS = {"reject": "rejected", "not_eligible": "not_eligible", "disqualify": "disqualified", "halt": "halted"}


@dataclass(frozen=True)
class Verdict:
    """What the plain evaluation says."""

    status: str
    total: Fraction | None
    by_points: int
    after_minimums: int
    recognisable: int
    potential: int


def plain_fire(program: Program, facts: Facts, /) -> tuple[Conclusion, ...]:
    """The conclusions of the rules that hold, by comparing exact numbers one after the other."""
    return tuple(rule.then for rule in program.rules if holds(rule.when, {k: Fraction(v) for k, v in facts.items()}))


def holds(condition: Condition, values: dict[Subject, Fraction]) -> bool:
    def one(subject: Subject, op: Op, limit: Decimal) -> bool:
        if subject not in values:
            return False
        got, bound = values[subject], Fraction(limit)
        return {Op.AT_LEAST: got >= bound, Op.BELOW: got < bound, Op.AT_MOST: got <= bound, Op.ABOVE: got > bound}[op]

    return any(all(one(t.subject, t.op, t.value) for t in tests) for tests in condition.any_of)


def judge(dossier: Dossier, edition: Edition, product_set: ProductSet) -> Verdict:
    """Status and stars of a dossier whose answers are all valid."""
    criteria = list(product_set.criteria())
    stated = {name: value for name, value in dossier.facts.items() if value != "unknown"}
    sheets = [
        {c.number: points for c in criteria if (points := _points(c, dossier, i, stated, criteria)) is not None}
        for i in range(len(dossier.sheets))
    ]
    values: dict[Subject, Fraction] = {}
    for c in criteria:
        got = [s[c.number] for s in sheets if c.number in s]
        if sheets and len(got) == len(sheets):
            values[Subject(Of.CRITERION, c.number)] = Fraction(sum(got), len(got))
    for part in product_set.parts:
        own = [values.get(Subject(Of.CRITERION, c.number)) for c in part.criteria()]
        if None not in own:
            values[Subject(Of.PART, part.code)] = sum(own, Fraction(0))  # type: ignore[arg-type]
    for name, text in stated.items():
        values[Subject(Of.FACT, name)] = _number(edition, name, text)
    whole = bool(sheets) and all(Subject(Of.CRITERION, c.number) in values for c in criteria)
    total = sum((values[Subject(Of.CRITERION, c.number)] for c in criteria), Fraction(0)) if whole else None
    by_points = 0
    if total is not None:
        values[Subject(Of.TOTAL)] = total
        by_points = next(b.stars for b in edition.bands if _inside(b.interval, total))
    effects = [out.effect.value for out in product_set.knock_outs if holds(out.when, values)]
    if effects:
        return Verdict(STATUS[min(effects, key=STRENGTH.index)], total, by_points, 0, 0, 0)
    if total is None:
        return Verdict("incomplete", None, 0, 0, 0, 0)
    limit = edition.councils[dossier.level].spread_limit
    totals = [sum(sheet.values()) for sheet in sheets]
    if limit is not None and max(totals) - min(totals) > limit:
        return Verdict("score_again", total, by_points, 0, 0, 0)
    after = by_points
    while after > 0 and any(
        values[Subject(Of.CRITERION, c.number)] < m.points for c in criteria for m in c.minimums if m.stars <= after
    ):
        after -= 1
    day = dt.date.fromisoformat(dossier.decided_on or dossier.filed_on)
    level = next(v for v in edition.levels if v.word == dossier.level and (v.start or day) <= day <= (v.end or day))
    forwards = bool(level.forwards_to) and after > max(level.recognises)
    waits = edition.councils[dossier.level].meanwhile if forwards else None
    recognisable = max((s for s in level.recognises if s <= after), default=0) if waits is None else waits
    return Verdict("scored", total, by_points, after, recognisable, after if forwards else 0)


def _points(
    c: Criterion, dossier: Dossier, index: int, stated: dict[str, str], criteria: list[Criterion]
) -> int | None:
    if c.only_if:
        base = next(b for b in criteria if b.number == c.only_if.criterion)
        got = _points(base, dossier, index, stated, criteria)
        if got is not None and got < c.only_if.at_least:
            return 0
    answer = dossier.sheets[index].answers.get(c.number)
    options = [*c.options, *([c.none_met] if c.none_met else [])]
    if answer is None:
        fitting = [row for row in c.derive if all(n in stated and _allowed(stated[n], a) for n, a in row.when)]
        answer = fitting[0].option if fitting else None
    if not answer:
        return None
    return (
        next((o.points for o in options if o.id == answer), None)
        if any(o.id == answer for o in options)
        else int(answer)
    )


def _allowed(text: str, allowed: object) -> bool:
    if isinstance(allowed, frozenset):
        return text in allowed
    return _inside(allowed, _measure(text))


def _inside(interval: object, value: Fraction) -> bool:
    low, high = interval.low, interval.high  # type: ignore[attr-defined]
    above = low is None or value > Fraction(low) or (interval.low_closed and value == Fraction(low))  # type: ignore[attr-defined]
    below = high is None or value < Fraction(high) or (interval.high_closed and value == Fraction(high))  # type: ignore[attr-defined]
    return above and below


def _number(edition: Edition, name: str, text: str) -> Fraction:
    fact = edition.facts[name]
    if isinstance(fact.kind, YesNo):
        return Fraction(text == "yes")
    if isinstance(fact.kind, Choice):
        return Fraction(list(fact.choices).index(text))
    return _measure(text)


def _measure(text: str) -> Fraction:
    """A number as it is, a day as the days since the first of all."""
    if text.count("-") == 2:
        return Fraction((dt.date.fromisoformat(text) - dt.date.min).days + 1)
    return Fraction(text)
