"""The trace of an assessment: lines, subtotals and ranked findings, from what the steps before left behind."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_service.engine.assessment import Finding, Line, Mark, Origin, PartTotal, Points, Severity
from scoring_service.engine.case import Case
from scoring_service.engine.marking import option_name
from scoring_service.engine.sentences import ORIGIN, joined
from scoring_service.rulebook.model import STATED, Basis, Criterion, ProductSet
from scoring_service.text import Text

# A dossier that is out needs neither whole sheets nor further confirmation, so what it lacks is not said.
_NOT_WHEN_OUT = ("missing_answers", "no_sheets", "unconfirmed")


def ranked(case: Case, *, out: bool) -> tuple[Finding, ...]:
    """The findings, what decided first, with the remarks of the edition at the end."""
    for shortfall in case.product_set.shortfalls:
        case.note(
            "shortfall",
            Severity.WARNING,
            case.product_set,
            position=shortfall.position,
            basis=Basis(stated=False, why=shortfall.reading),
            place=_place_name(case.product_set, shortfall.at),
            points=str(shortfall.points),
        )
    for remark in case.edition.remarks:
        case.note("remark", Severity.INFO, basis=Basis(stated=False, why=remark), text=remark)
    order = list(Severity)
    kept = [f for f in case.findings if not out or f.code not in _NOT_WHEN_OUT]
    return tuple(sorted(kept, key=lambda f: order.index(f.severity)))


def _place_name(product_set: ProductSet, at: str) -> Text:
    if any(part.code == at for part in product_set.parts):
        return Text(f"phần {at}", f"part {at}")
    return Text(f"mục {at}", f"item {at}")


def part_totals(case: Case, points: Mapping[str, int]) -> tuple[PartTotal, ...]:
    """The exact subtotal of each part; ``points`` must be whole."""
    sheets, decimals = len(case.seating.counted), case.council.decimals
    return tuple(
        PartTotal(p.code, p.name, Points(sum(points[c.number] for c in p.criteria()), sheets, p.max, decimals))
        for p in case.product_set.parts
    )


def line(case: Case, criterion: Criterion, points: Mapping[str, int], marks: list[dict[str, Mark]]) -> Line:
    """One criterion: points, who chose what, and where it stands."""
    number = criterion.number
    own = tuple(m[number] for m in marks if number in m)
    return Line(
        number=number,
        name=criterion.name,
        part=case.plan.part_of[number],
        points=Points(points[number], len(marks), criterion.max, case.council.decimals) if number in points else None,
        max=criterion.max,
        marks=own,
        chosen=_chosen(criterion, own),
        evidence=case.plan.evidence_of[number],
        reference=criterion.reference,
        position=criterion.position,
        basis=_line_basis(case, criterion, own),
    )


def _chosen(criterion: Criterion, marks: tuple[Mark, ...]) -> Text:
    """The chosen option, or each one chosen where assessors differ."""
    if len(marks) == 1 and marks[0].origin is Origin.ASSESSOR:
        return option_name(criterion, marks[0].option)
    named = []
    for option, origin in dict.fromkeys((m.option, m.origin) for m in marks):
        if origin is Origin.NOT_APPLICABLE:
            named.append(ORIGIN[origin])
        elif origin is Origin.DERIVED:
            named.append(option_name(criterion, option) + Text(" (", " (") + ORIGIN[origin] + Text(")", ")"))
        else:
            named.append(option_name(criterion, option))
    return joined(named, "; ")


def _line_basis(case: Case, criterion: Criterion, marks: tuple[Mark, ...]) -> Basis:
    if criterion.number in case.plan.unprinted:
        return case.reading("binary")
    if criterion.none_met and any(m.option == criterion.none_met.id for m in marks):
        return case.reading("none_met")
    return STATED
