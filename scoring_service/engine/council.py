"""The council: whose sheets count, whether it could decide, how far its members stand apart. All of it by the council file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from scoring_service.engine.assessment import (
    Council,
    Difference,
    Mark,
    Member,
    OtherSheet,
    Points,
    Round,
    Severity,
    Status,
    print_fraction,
)
from scoring_service.engine.case import Case, Seat, Seating
from scoring_service.engine.dossier import Dossier, Sheet, SheetKind
from scoring_service.engine.points import mark_sheet
from scoring_service.engine.sentences import SHEET_KIND, joined, printed
from scoring_service.rulebook.model import CHAIR, Basis, CouncilRules, Edition, MinimumBy
from scoring_service.text import Text, nfc

_MEMBER = "member"


def seat(dossier: Dossier, edition: Edition, rules: CouncilRules, counting: SheetKind) -> Seating:
    """Sort the sheets: kind, form of the judging edition, role, and the last round.

    ``counting`` is the council's, unless somebody wants to see what another kind of sheet would give.
    """
    seats = [Seat(index, _normal(sheet)) for index, sheet in enumerate(dossier.sheets)]
    seats = [s for s in seats if s.sheet.edition in ("", edition.id)]
    own = [s for s in seats if s.sheet.kind is counting]
    scoring = [s for s in own if counting is not SheetKind.COUNCIL or (s.sheet.role or _MEMBER) in rules.scorers]
    last = max((s.sheet.round for s in scoring), default=1)
    counted = {s.index for s in scoring if s.sheet.round == last}
    agreed = [s for s in seats if s.sheet.kind is SheetKind.AGREED]
    return Seating(
        counted=tuple(s for s in scoring if s.index in counted),
        agreed=max(agreed, key=lambda s: s.sheet.round, default=None),
        others=tuple(s for s in seats if s.sheet.kind not in (counting, SheetKind.AGREED)),
        earlier=tuple(s for s in scoring if s.index not in counted),
        silent=tuple(s for s in own if s.sheet.round == last and s.index not in counted),
    )


def deliberate(case: Case, sums: Mapping[str, int], totals: list[int]) -> tuple[Council, Status | None]:
    """What the council's file says of its sheets; a status when it could not decide. ``totals`` is empty unless all sheets are whole."""
    rules = case.council
    mode = case.dossier.mode or rules.mode.get(case.dossier.kind, "meeting")
    centre = Fraction(sum(totals), len(totals)) if totals else None
    members = tuple(_member(case, s, total, centre) for s, total in zip(case.seating.counted, totals, strict=False))
    spread = max(totals) - min(totals) if totals else 0
    status = _quorum(case)
    if rules.spread_limit is not None and spread > rules.spread_limit:
        status = status or Status.SCORE_AGAIN
        high, low = max(members, key=lambda m: m.total), min(members, key=lambda m: m.total)
        _say(
            case,
            "spread",
            Severity.DECIDING,
            spread=str(spread),
            limit=print_number(rules.spread_limit),
            high=f"{high.assessor}: {high.total}",
            low=f"{low.assessor}: {low.total}",
        )
    for member in members:
        if member.far:
            _say(
                case,
                "far_from_mean",
                Severity.WARNING,
                assessor=member.assessor,
                total=str(member.total),
                distance=printed(member.distance),
                far=print_number(rules.far or Fraction(0)),
            )
    for index, sheet in enumerate(case.dossier.sheets):
        if sheet.edition not in ("", case.edition.id):
            who = sheet.assessor or f"#{index + 1}"
            case.note("other_form", Severity.INFO, path=f"sheets[{index}]", assessor=who, edition=sheet.edition)
    for silent in case.seating.silent:
        _say(
            case,
            "role_does_not_score",
            Severity.INFO,
            path=f"sheets[{silent.index}]",
            assessor=silent.name,
            role=silent.sheet.role,
        )
    return (
        Council(rules.id, rules.name, mode, members, spread, _rounds(case), _others(case, sums, len(totals))),
        status,
    )


def mean(points: list[int]) -> int | Fraction:
    """The exact mean; a whole number where it is one."""
    total, count = sum(points), len(points)
    return total // count if total % count == 0 else Fraction(total, count)


def minimum_value(case: Case, number: str, points: list[int]) -> int | Fraction:
    """The points of a council on one criterion as a star minimum sees them, by the council file."""
    ordered = sorted(points, reverse=True)
    match case.council.minimum_by:
        case MinimumBy.MEAN:
            return mean(points)
        case MinimumBy.MAJORITY:
            return ordered[len(points) // 2]  # more than half of the sheets have at least this
        case MinimumBy.ALL:
            return ordered[-1]
        case MinimumBy.AGREED:
            agreed = case.seating.agreed
            answer = agreed.sheet.answers.get(number) if agreed else None
            return mean(points) if answer is None else case.plan.answering.options[number][answer].points


class CouncilFile:
    """A council file as the source of a finding; it cites no decision, for none prescribes it."""

    reference = ""

    def __init__(self, rules: CouncilRules) -> None:
        self.position = rules.position


def print_number(value: Fraction) -> str:
    """A limit for print, without needless decimals."""
    return str(value.numerator) if value.denominator == 1 else print_fraction(value)


def _normal(sheet: Sheet) -> Sheet:
    return replace(sheet, answers={nfc(n).strip(): nfc(a).strip() for n, a in sheet.answers.items()})


def _say(case: Case, code: str, severity: Severity, *, path: str = "", **values: Any) -> None:
    """A finding that rests on the council file: practice, so no decision is cited."""
    rules = case.council
    basis = Basis(stated=False, why=rules.practice)
    case.note(code, severity, CouncilFile(rules), basis=basis, rule=f"council-{rules.id}", path=path, **values)


def _member(case: Case, one: Seat, total: int, centre: Fraction | None) -> Member:
    distance = abs(total - centre) if centre is not None else Fraction(0)
    far = case.council.far is not None and distance >= case.council.far
    return Member(one.name, one.sheet.role or _MEMBER, total, print_fraction(distance), far)


def _quorum(case: Case) -> Status | None:
    rules, seats = case.council, case.seating
    if rules.quorum is None or not seats.counted or seats.counted[0].sheet.kind is not SheetKind.COUNCIL:
        return None
    size = case.dossier.members
    if size is None and len(seats.counted) == 1:
        return None  # one sheet speaks for the council; who sat is not known here
    if size is None:
        _say(
            case,
            "quorum_unknown",
            Severity.INFO,
            path="council.members",
        )
        return None
    present = len(seats.counted) + len(seats.silent)
    chair = any(s.sheet.role == CHAIR for s in (*seats.counted, *seats.silent))
    needed = -(-size * rules.quorum.numerator // rules.quorum.denominator)
    if present >= needed and (chair or not rules.chair_needed):
        return None
    _say(
        case,
        "no_quorum",
        Severity.DECIDING,
        path="council.members",
        present=str(present),
        size=str(size),
        needed=str(needed),
        share=f"{rules.quorum.numerator}/{rules.quorum.denominator}",
        chair=Text("có chủ tịch", "with the chair") if chair else Text("không có chủ tịch", "without the chair"),
    )
    return Status.NO_QUORUM


def _total(case: Case, marks: Mapping[str, Mark]) -> int | None:
    """The total of a sheet's own marks, if the sheet is whole."""
    whole = len(marks) == len(case.plan.answering.criteria)
    return sum(m.points for m in marks.values()) if whole else None


def _rounds(case: Case) -> tuple[Round, ...]:
    """Earlier rounds are kept, never counted."""
    found = []
    for number in sorted({s.sheet.round for s in case.seating.earlier}):
        totals = [
            _total(case, mark_sheet(s.sheet, case.plan.answering, {}))
            for s in case.seating.earlier
            if s.sheet.round == number
        ]
        whole = [t for t in totals if t is not None]
        points = Points(sum(whole), len(whole), 100, case.council.decimals) if len(whole) == len(totals) else None
        found.append(Round(number, points))
    return tuple(found)


def _others(case: Case, sums: Mapping[str, int], sheets: int) -> tuple[OtherSheet, ...]:
    """Self-assessment, help team and commune against the council, criterion by criterion."""
    found = []
    for one in case.seating.others:
        marks = mark_sheet(one.sheet, case.plan.answering, {})
        differences = tuple(
            Difference(number, mark.points, Points(sums[number], sheets, case.plan.answering.criteria[number].max))
            for number, mark in marks.items()
            if number in sums and sheets and mark.points * sheets != sums[number]
        )
        total = _total(case, marks)
        found.append(OtherSheet(one.sheet.kind, one.name, total, differences))
        if differences:
            names = joined((Text(d.number, d.number) for d in differences), ", ")
            case.note(
                "other_sheet_differs",
                Severity.INFO,
                path=f"sheets[{one.index}]",
                kind=SHEET_KIND[one.sheet.kind],
                assessor=one.name,
                numbers=names,
            )
    return tuple(found)
