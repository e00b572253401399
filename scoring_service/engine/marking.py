"""Sheets into marks: the assessor's options, the derived ones, and everything worth saying about them."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_service.engine.assessment import Mark, Origin, Severity
from scoring_service.engine.case import Case, Seat
from scoring_service.engine.points import derivation, mark_sheet
from scoring_service.engine.sentences import joined, printed
from scoring_service.rulebook.model import Basis, Criterion, Fact, FactKind, Option
from scoring_service.text import Text

Marks = Mapping[str, Mark]


def mark_all(case: Case) -> list[dict[str, Mark]]:
    """The marks of each sheet by criterion number; a criterion a sheet leaves open is absent."""
    derived = _derived(case)
    seats = case.seating.counted
    marks = [mark_sheet(one.sheet, case.plan.answering, derived) for one in seats]
    if not marks:
        case.note("no_sheets", Severity.DECIDING, path="sheets")
    for one, marked in zip(seats, marks, strict=True):
        _say_missing(case, one, marked)
        for number, mark in marked.items():
            _say_mark(case, one, case.plan.answering.criteria[number], mark, derived.get(number))
    return marks


def sums(case: Case, marks: list[dict[str, Mark]]) -> dict[str, int]:
    """Sum of points per criterion, only where every sheet has one."""
    if not marks:
        return {}
    return {
        number: sum(m[number].points for m in marks)
        for number in case.plan.answering.criteria
        if all(number in m for m in marks)
    }


def option_name(criterion: Criterion, option: str) -> Text:
    """The label of an option by its id."""
    return next(o.name for o in criterion.choices() if o.id == option)


def _derived(case: Case) -> dict[str, Option]:
    """Options that the stated facts name. Printed gaps and overlaps are said, never settled in silence."""
    found: dict[str, Option] = {}
    for criterion in case.plan.answering.criteria.values() if case.facts else ():
        row = derivation(criterion, case.facts)
        if row is None:
            continue
        read = tuple((name, str(case.facts[name])) for name, _ in row.when if name in case.facts)
        if row.option:
            option = next(o for o in criterion.choices() if o.id == row.option)
            found[criterion.number] = option
            case.note("derived", Severity.INFO, criterion, position=row.position, facts=read, option=option.name)
        if row.unclear:
            given = joined((_stated(case.edition.facts[n], value) for n, value in read), ", ")
            case.note(
                "unclear_print",
                Severity.WARNING,
                criterion,
                position=row.position,
                basis=Basis(stated=False, why=row.unclear),
                facts=read,
                given=given,
                why=row.unclear,
            )
    return found


def _stated(fact: Fact, value: str) -> Text:
    """A stated fact in words: ``Tỷ lệ lao động là người trong xã 20%``."""
    if fact.kind is FactKind.CHOICE:
        word = fact.choices[value]
    elif fact.kind is FactKind.YES_NO:
        word = Text("có", "yes") if value == "yes" else Text("không", "no")
    else:
        number = printed(value)
        word = number + Text("%", "%") if fact.kind is FactKind.PERCENT else number
    return fact.name + Text(" ", " ") + word


def _say_missing(case: Case, one: Seat, marked: Marks) -> None:
    missing = [c for number, c in case.plan.answering.criteria.items() if number not in marked]
    if missing:
        case.note(
            "missing_answers",
            Severity.DECIDING,
            path=f"sheets[{one.index}].answers",
            assessor=one.name,
            count=str(len(missing)),
            missing=Text(
                "; ".join(f"{c.number} {c.name.vi}" for c in missing),
                "; ".join(f"{c.number} {c.name.en}" for c in missing),
            ),
        )


def _say_mark(case: Case, one: Seat, criterion: Criterion, mark: Mark, derived: Option | None) -> None:
    path, who = f"sheets[{one.index}].answers.{criterion.number}", one.name
    if mark.origin is Origin.NOT_APPLICABLE:
        _say_not_applicable(case, criterion, one, path)
        return
    if mark.origin is Origin.ASSESSOR and derived is not None and derived.id != mark.option:
        chosen = option_name(criterion, mark.option)
        case.note(
            "derived_differs",
            Severity.WARNING,
            criterion,
            path=path,
            assessor=who,
            chosen=chosen,
            option=derived.name,
        )
    if criterion.none_met and mark.option == criterion.none_met.id:
        case.note("none_met", Severity.INFO, criterion, basis=case.reading("none_met"), path=path)


def _say_not_applicable(case: Case, criterion: Criterion, one: Seat, path: str) -> None:
    rule = criterion.only_if
    if rule is None:  # pragma: no cover - only conditional criteria are marked so
        return
    chosen = case.plan.answering.options[criterion.number].get(one.sheet.answers.get(criterion.number, ""))
    if chosen is not None and chosen.points > 0:
        case.note(
            "not_applicable_answered",
            Severity.WARNING,
            criterion,
            position=rule.position,
            basis=rule.basis,
            path=path,
            chosen=chosen.name,
            assessor=one.name,
        )
    else:
        case.note(
            "not_applicable",
            Severity.INFO,
            criterion,
            position=rule.position,
            basis=rule.basis,
            path=path,
            other=rule.criterion,
            at_least=str(rule.at_least),
        )
