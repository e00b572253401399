"""Of the sheets: open criteria, what facts derive, marks that do not count."""

from __future__ import annotations

from collections.abc import Iterator

from scoring_service.engine.case import Case, Seat
from scoring_service.engine.explain.grounds import DECIDING, INFO, WARNING, answer, once, reading
from scoring_service.engine.findings import (
    AnswersMissing,
    CasesMixed,
    Derived,
    DerivedDiffers,
    Finding,
    Ground,
    NoneMet,
    NoSheets,
    NoSheetsOfKind,
    NotApplicable,
    NotApplicableAnswered,
    PrintUnclear,
    StatedFact,
)
from scoring_service.engine.prepared import Mark, Origin
from scoring_service.engine.verdict import Derivation, Verdict
from scoring_service.rulebook.label import Basis
from scoring_service.rulebook.model import Criterion


def of_sheets(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """What facts derive, what is open, and what is worth saying of single marks."""
    derived, noted = {one.criterion: one for one in verdict.derived}, case.form.noted
    for one in verdict.derived:
        yield from _derived(case, one)
    if not verdict.sheets and not verdict.outs:
        kind, others = case.seating.counting, len(case.seating.others) + len(case.seating.silent)
        if others:
            yield NoSheetsOfKind(severity=DECIDING, field="sheets", sheet_kind=kind, others=others)
        else:
            yield NoSheets(severity=DECIDING, field="sheets")
    for seat, voted in zip(case.seating.counted, verdict.sheets, strict=True):
        if verdict.total is None and not verdict.outs and None in voted.marks:
            missing = tuple(c for c, mark in zip(case.form.criteria, voted.marks, strict=True) if mark is None)
            yield AnswersMissing(
                severity=DECIDING,
                field=f"sheets[{seat.index}].answers",
                assessor=seat.name,
                count=len(missing),
                criteria=missing,
            )
        # Of most marks there is nothing to say; these are the others.
        for place, mark in enumerate(voted.marks):
            if mark and (id(mark) in noted or derived):
                yield from _mark(case, seat, place, mark, derived)
        for together in case.form.cased:
            yield from _cases(case, seat, together)


def _derived(case: Case, one: Derivation) -> Iterator[Finding]:
    criterion = case.form.criteria[case.form.places[one.criterion]]
    read = tuple((name, str(case.facts[name])) for name in one.facts)
    if one.option:
        option = case.form.options[one.criterion][one.option]
        yield Derived(
            severity=INFO,
            ground=Ground(reference=criterion.reference, position=one.position),
            facts=read,
            criterion=criterion,
            option=option,
        )
    if one.unclear:
        why = next(row.unclear for row in criterion.derive if row.position == one.position)
        if why is not None:
            yield PrintUnclear(
                severity=WARNING,
                ground=Ground(reference=criterion.reference, position=one.position, basis=Basis(stated=False, why=why)),
                facts=read,
                criterion=criterion,
                stated=tuple((StatedFact(case.edition.facts[name], value) for name, value in read)),
                why=why,
            )


def _mark(case: Case, seat: Seat, place: int, mark: Mark, derived: dict[str, Derivation]) -> Iterator[Finding]:
    """What is worth saying of one mark; of most there is nothing."""
    criterion = case.form.criteria[place]
    if mark.origin is Origin.NOT_APPLICABLE:
        yield _not_applicable(case, seat, place, criterion)
        return
    if derived and mark.origin is Origin.ASSESSOR:
        one = derived.get(criterion.number)
        if one and one.option and one.option != mark.option:
            options = case.form.options[criterion.number]
            yield DerivedDiffers(
                severity=WARNING,
                ground=Ground(reference=criterion.reference, position=criterion.position),
                field=answer(seat, criterion),
                criterion=criterion,
                assessor=seat.name,
                chosen=options[mark.option],
                option=options[one.option],
            )
    if criterion.none_met and mark.option == criterion.none_met.id:
        yield once(
            case,
            (NoneMet, seat.index, place),
            lambda: NoneMet(
                severity=INFO,
                ground=Ground(
                    reference=criterion.reference, position=criterion.position, basis=reading(case, "none_met")
                ),
                field=answer(seat, criterion),
                criterion=criterion,
            ),
        )


def _not_applicable(case: Case, seat: Seat, place: int, criterion: Criterion) -> Finding:
    rule, own = criterion.only_if, seat.marks[place]
    assert rule is not None
    if own is not None and own.points > 0:
        return NotApplicableAnswered(
            severity=WARNING,
            ground=Ground(reference=criterion.reference, position=rule.position, basis=rule.basis),
            field=answer(seat, criterion),
            criterion=criterion,
            assessor=seat.name,
            chosen=case.form.options[criterion.number][own.option],
        )
    return once(
        case,
        (NotApplicable, seat.index, place),
        lambda: NotApplicable(
            severity=INFO,
            ground=Ground(reference=criterion.reference, position=rule.position, basis=rule.basis),
            field=answer(seat, criterion),
            criterion=criterion,
            other=case.form.criteria[case.form.places[rule.criterion]],
            at_least=rule.at_least,
        ),
    )


def _cases(case: Case, seat: Seat, together: tuple[int, ...]) -> Iterator[Finding]:
    """A sheet that assesses one product by several cases."""
    chosen = [(case.form.criteria[place], mark) for place in together if (mark := seat.marks[place])]
    cases = {case.form.options[criterion.number][mark.option].case for criterion, mark in chosen} - {""}
    if len(cases) > 1:
        criteria = tuple(criterion for criterion, _ in chosen)
        yield CasesMixed(
            severity=WARNING,
            ground=Ground(reference=case.form.product_set.reference, position=case.form.product_set.position),
            field=answer(seat, criteria[0]),
            assessor=seat.name,
            criteria=criteria,
        )
