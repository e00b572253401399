"""The council: whether it could decide, how far its members stand apart, how their ticks combine. All of it by the council file."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from scoring_service.engine.case import Case, Seat
from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Mark
from scoring_service.engine.verdict import Council, OtherSheet, Quorum, Round, SheetDifference
from scoring_service.rulebook.model import MinimumBy, Role


def deliberate(case: Case, sums: Sequence[int | None], totals: Sequence[int]) -> Council:
    """How the council stood. ``totals`` of the sheets that count, empty unless all are whole."""
    rules, seating = case.council_rules, case.seating
    spread = max(totals) - min(totals) if totals else None
    return Council(
        rules=rules.id,
        mode=case.mode,
        minimum_by=rules.minimum_by,
        spread=spread,
        spread_passes=spread is None or rules.spread_limit is None or spread <= rules.spread_limit,
        far=_far(case, totals) if len(totals) > 1 else (),
        quorum=_quorum(case),
        silent=tuple([seat.index for seat in seating.silent]) if seating.silent else (),
        rounds=_rounds(case) if seating.earlier else (),
        others=tuple([_other(case, seat, sums) for seat in seating.others]) if seating.others else (),
    )


def minimum_value(case: Case, place: int, points: Sequence[int]) -> int | Fraction:
    """The points of a council on one criterion as a star minimum sees them, by the council file."""
    match case.council_rules.minimum_by:
        case MinimumBy.MEAN:
            return _mean(points)
        case MinimumBy.MAJORITY:
            return majority(points)
        case MinimumBy.ALL:
            return min(points)
        case MinimumBy.AGREED:
            agreed = case.seating.agreed
            mark = agreed.marks[place] if agreed else None
            return _mean(points) if mark is None else mark.points


def majority(points: Sequence[int]) -> int:
    """The points that more than half of the sheets have at least."""
    return sorted(points, reverse=True)[len(points) // 2]


def own_marks(case: Case, seat: Seat) -> tuple[Mark | None, ...]:
    """The marks of a sheet by its own answers alone; what does not apply counts 0 and needs no answer."""
    if not case.form.conditional:
        return seat.marks
    marks = list(seat.marks)
    for rule in case.form.conditional:
        base = marks[rule.base]
        if base is not None and base.points < rule.at_least:
            marks[rule.place] = case.form.not_applicable[rule.place]
    return tuple(marks)


def _mean(points: Sequence[int]) -> int | Fraction:
    total, count = sum(points), len(points)
    return total // count if total % count == 0 else Fraction(total, count)


def _far(case: Case, totals: Sequence[int]) -> tuple[int, ...]:
    far = case.council_rules.far
    if far is None:
        return ()
    centre = Fraction(sum(totals), len(totals))
    seats = zip(case.seating.counted, totals, strict=True)
    return tuple(seat.index for seat, total in seats if abs(total - centre) >= far)


def _quorum(case: Case) -> Quorum | None:
    """``None`` where no quorum is asked for or nothing is known of who sat: one sheet may speak for a whole council."""
    rules, seating, members = case.council_rules, case.seating, case.members
    if (
        rules.quorum is None
        or members is None
        or not seating.counted
        or seating.counted[0].kind is not SheetKind.COUNCIL
    ):
        return None
    sitting = (*seating.counted, *seating.silent)
    chair = any(seat.role is Role.CHAIR for seat in sitting)
    deputy = rules.deputy_presides and any(seat.role is Role.DEPUTY for seat in sitting)
    presided = chair or deputy or not rules.chair_needed
    needed = -(-members * rules.quorum.numerator // rules.quorum.denominator)
    return Quorum(len(sitting), members, needed, chair, len(sitting) >= needed and presided)


def _total(marks: Sequence[Mark | None]) -> int | None:
    return None if None in marks else sum(mark.points for mark in marks if mark)


def _rounds(case: Case) -> tuple[Round, ...]:
    """Earlier rounds are kept, never counted."""
    found = []
    for number in sorted({seat.round for seat in case.seating.earlier}):
        totals = [_total(own_marks(case, seat)) for seat in case.seating.earlier if seat.round == number]
        whole = [total for total in totals if total is not None]
        total = (
            Mean(sum(whole), len(whole), case.form.max, case.council_rules.decimals)
            if len(whole) == len(totals)
            else None
        )
        found.append(Round(number, total))
    return tuple(found)


def _other(case: Case, seat: Seat, sums: Sequence[int | None]) -> OtherSheet:
    """Self-assessment, help team or commune against the council, criterion by criterion."""
    marks, sheets = own_marks(case, seat), len(case.seating.counted)
    differences = tuple(
        SheetDifference(criterion.number, mark.points, Mean(points, sheets, criterion.max, case.council_rules.decimals))
        for criterion, mark, points in zip(case.form.criteria, marks, sums, strict=True)
        if mark is not None and points is not None and mark.points * sheets != points
    )
    return OtherSheet(seat.index, seat.kind, _total(marks), differences)
