"""Sheets into marks: the assessor's options, the derived ones, and everything worth saying about them."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_service.engine.assessment import Mark, Origin, Severity
from scoring_service.engine.case import Case
from scoring_service.engine.dossier import Sheet
from scoring_service.engine.points import derivation, mark_sheet
from scoring_service.engine.sentences import joined, printed
from scoring_service.rulebook.model import Basis, Criterion, Fact, FactKind, Option
from scoring_service.rulebook.nodes import nfc
from scoring_service.text import Text

Marks = Mapping[str, Mark]


def mark_all(case: Case) -> list[dict[str, Mark]]:
    """The marks of each sheet by criterion number; a criterion a sheet leaves open is absent."""
    derived = _derived(case)
    marks = [mark_sheet(sheet, case.plan.answering, derived) for sheet in case.dossier.sheets]
    if not marks:
        case.note("no_sheets", Severity.DECIDING, path="sheets")
    for index, (sheet, marked) in enumerate(zip(case.dossier.sheets, marks, strict=True)):
        _say_missing(case, index, sheet, marked)
        for number, mark in marked.items():
            _say_mark(case, index, sheet, case.plan.answering.criteria[number], mark, derived.get(number))
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


def _say_missing(case: Case, index: int, sheet: Sheet, marked: Marks) -> None:
    missing = [c for number, c in case.plan.answering.criteria.items() if number not in marked]
    if missing:
        case.note(
            "missing_answers",
            Severity.DECIDING,
            path=f"sheets[{index}].answers",
            assessor=_who(index, sheet),
            count=str(len(missing)),
            missing=Text(
                "; ".join(f"{c.number} {c.name.vi}" for c in missing),
                "; ".join(f"{c.number} {c.name.en}" for c in missing),
            ),
        )


def _say_mark(case: Case, index: int, sheet: Sheet, criterion: Criterion, mark: Mark, derived: Option | None) -> None:
    path, who = f"sheets[{index}].answers.{criterion.number}", _who(index, sheet)
    if mark.origin is Origin.NOT_APPLICABLE:
        _say_not_applicable(case, criterion, sheet, who, path)
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


def _say_not_applicable(case: Case, criterion: Criterion, sheet: Sheet, who: str, path: str) -> None:
    rule = criterion.only_if
    if rule is None:  # pragma: no cover - only conditional criteria are marked so
        return
    answers = {nfc(number).strip(): nfc(answer).strip() for number, answer in sheet.answers.items()}
    chosen = case.plan.answering.options[criterion.number].get(answers.get(criterion.number, ""))
    if chosen is not None and chosen.points > 0:
        case.note(
            "not_applicable_answered",
            Severity.WARNING,
            criterion,
            position=rule.position,
            basis=rule.basis,
            path=path,
            chosen=chosen.name,
            assessor=who,
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


def _who(index: int, sheet: Sheet) -> str:
    return sheet.assessor or f"#{index + 1}"
