"""Of the knock-outs, and of the facts that are stated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

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
    StatedFact,
)
from scoring_service.engine.verdict import Open, Out, Verdict
from scoring_service.rulebook.model import Criterion, KnockOut, Of


def of_knock_outs(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """Those that hold, those that wait for facts, those that only single members see; and facts that nothing here reads."""
    rules = case.form.product_set.knock_outs
    for one in verdict.outs:
        out = rules[one.index]
        yield KnockedOut(
            severity=DECIDING,
            ground=_rest(out),
            facts=one.facts,
            points=one.points,
            effect=out.effect,
            knock_out=out,
            at=_at(case, out, one),
            stated=_stated(case, one),
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


def _at(case: Case, out: KnockOut, one: Out) -> tuple[Criterion, ...]:
    """Of the criteria that a knock-out reads those whose points meet it."""
    means: dict[str, Any] = {number: mean.exact for number, mean in one.points}  # exact fractions compare with decimals
    tests = [t for way in out.when.any_of for t in way if t.subject.of is Of.CRITERION and t.subject.id in means]
    numbers = dict.fromkeys(t.subject.id for t in tests)
    own = {number: [t for t in tests if t.subject.id == number] for number in numbers}
    met = [number for number, all_ in own.items() if all(t.holds(means[number]) for t in all_)]
    return tuple(case.form.criteria[case.form.places[number]] for number in met)


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
