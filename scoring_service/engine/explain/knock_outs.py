"""Of the knock-outs, and of the facts that are stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial

from scoring_service.engine.case import Case
from scoring_service.engine.explain.grounds import DECIDING, INFO, WARNING, once
from scoring_service.engine.findings import (
    FactNotRead,
    Finding,
    GraveFactNotRead,
    Ground,
    KnockedOut,
    KnockOutDivided,
    KnockOutOpen,
    PointsRead,
    StatedFact,
)
from scoring_service.engine.mean import Mean
from scoring_service.engine.verdict import Open, Out, Verdict, points_of
from scoring_service.rulebook.model import KnockOut, Of, Subject


def of_knock_outs(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """Those that hold, those that wait for facts, those that only single members see; and facts that nothing here reads."""
    rules = case.form.product_set.knock_outs
    for one in verdict.outs:
        out, means = rules[one.index], {points_of(key): mean for key, mean in one.points}
        met = _met(case, out, means)
        yield KnockedOut(
            severity=DECIDING,
            ground=_rest(out),
            facts=one.facts,
            points=one.points,
            effect=out.effect,
            knock_out=out,
            at=tuple(case.form.criteria[case.form.places[s.id]] for s in met if s.of is Of.CRITERION),
            stated=_stated(case, one),
            sums=tuple(PointsRead(case.form.spans[s].part, means[s]) for s in met if s.of is not Of.CRITERION),
        )
    for waiting in verdict.open:
        yield once(case, (KnockOutOpen, waiting.index, waiting.facts), partial(_open, case, waiting))
    names = {seat.index: seat.name for seat in case.seating.counted} if verdict.divided else {}
    for split in verdict.divided:
        out = rules[split.index]
        yield KnockOutDivided(
            severity=WARNING,
            ground=_rest(out),
            effect=out.effect,
            knock_out=out,
            assessors=tuple(names[index] for index in split.sheets),
        )

    if not case.facts.keys() <= case.form.heeds:
        yield from _not_read(case)


def _met(case: Case, out: KnockOut, means: Mapping[Subject, Mean]) -> list[Subject]:
    """What points did it: those that the ways in read which hold."""
    facts = {s: case.edition.facts[s.id] for s in out.when.subjects() if s.of is Of.FACT and s.id in case.facts}
    known: dict[Subject, Decimal | Fraction] = {s: fact.comparable(case.facts[s.id]) for s, fact in facts.items()}
    known |= {subject: mean.exact for subject, mean in means.items()}
    ways = [way for way in out.when.any_of if all(t.subject in known and t.holds(known[t.subject]) for t in way)]
    return list(dict.fromkeys(t.subject for way in ways for t in way if t.subject in means))


def _stated(case: Case, one: Out) -> tuple[StatedFact, ...]:
    """The facts it read whose value its name does not tell; a yes or no it does."""
    read = ((case.edition.facts[name], value) for name, value in one.facts)
    return tuple(StatedFact(fact, value) for fact, value in read if fact.kind.numeric or fact.choices)


def _not_read(case: Case) -> Iterator[Finding]:
    """Stated facts that change nothing here: those that would elsewhere knock a product out, and the others."""
    facts, form, known = case.facts, case.form, case.edition.facts
    grave = [n for n in form.grave_numbers if n in facts and _knocks_out(case, n)]
    if not form.grave_words.isdisjoint(facts.items()):
        grave += [name for name, value in facts.items() if (name, value) in form.grave_words]
    if grave:
        stated = tuple(StatedFact(known[name], str(facts[name])) for name in sorted(grave))
        ground = Ground(reference=form.product_set.reference, position=form.product_set.position)
        yield GraveFactNotRead(severity=WARNING, ground=ground, field=f"facts.{stated[0].fact.id}", stated=stated)
    others = frozenset(facts).difference(grave)
    if not others <= form.heeds:
        yield once(case, (FactNotRead, others), partial(_harmless, case, others))


def _harmless(case: Case, stated: frozenset[str]) -> Finding:
    unread, product_set = sorted(stated - case.form.heeds), case.form.product_set
    return FactNotRead(
        severity=INFO,
        ground=Ground(reference=product_set.reference, position=product_set.position),
        field=f"facts.{unread[0]}",
        unread=tuple(case.edition.facts[name] for name in unread),
    )


def _knocks_out(case: Case, name: str) -> bool:
    """Whether a number as it is stated knocks out a product of some other set."""
    compared = case.edition.facts[name].comparable(case.facts[name])
    return any(all(test.holds(compared) for test in way) for way in case.form.grave_numbers[name])


def _open(case: Case, waiting: Open) -> Finding:
    out = case.form.product_set.knock_outs[waiting.index]
    return KnockOutOpen(
        severity=WARNING,
        ground=_rest(out),
        field=f"facts.{waiting.facts[0]}",
        effect=out.effect,
        knock_out=out,
        unknown=tuple(case.edition.facts[name] for name in waiting.facts),
    )


def _rest(out: KnockOut) -> Ground:
    return Ground(out.id, out.reference, out.position, out.basis)
