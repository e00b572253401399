"""The decision: a case in, a verdict out. Read this first. It says not a word, and asks no clock, file or network.

Marks of each sheet → exact sums → what the rules conclude of them → status → three star lines → days.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

from scoring_service.engine.case import Case
from scoring_service.engine.council import deliberate, minimum_value
from scoring_service.engine.inference import Fire, KnockOutHolds, Value
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Floor, Form, Mark, within
from scoring_service.engine.verdict import (
    Chosen,
    Council,
    Derivation,
    Divided,
    Missed,
    Open,
    Out,
    Stars,
    Status,
    Verdict,
    Voted,
    points_key,
)
from scoring_service.rulebook.model import Comparison, Effect, KnockOut, MinimumBy, Of, Subject

Marks = tuple[Mark | None, ...]
Sums = tuple[int | None, ...]

_STATUS_OF = {
    Effect.REJECT: Status.REJECTED,
    Effect.NOT_ELIGIBLE: Status.NOT_ELIGIBLE,
    Effect.DISQUALIFY: Status.DISQUALIFIED,
    Effect.HALT: Status.HALTED,
}
_STRENGTH = {effect: place for place, effect in enumerate(Effect)}


def decide(case: Case, fire: Fire) -> Verdict:
    """The verdict on a case. ``fire`` is the inference engine."""
    form, seats = case.form, case.seating.counted
    derived = derivations(case)
    marks = [complete(form, seat.marks, derived) for seat in seats]
    sums = _sums(form, marks)
    total = _total(case, sums)
    totals = [sum([m.points for m in one]) for one in marks] if total else []  # type: ignore[union-attr, misc]
    council = deliberate(case, sums, totals)
    outs, open_, divided = _knock_outs(case, marks, sums, fire)
    status = _status(outs, total, council)
    by_points = case.ladder.by_points[total.sum // total.sheets] if total else None
    missed = _missed(case, marks, sums) if status is Status.SCORED else ()
    stars = _stars(case, by_points or 0, missed) if status is Status.SCORED else None
    return Verdict(
        status=status,
        product_set=form.product_set.slug,
        application=case.application,
        level=case.level.id,
        chosen=_chosen(case),
        sheets=tuple(
            [Voted(seat.index, seat.role, totals[i] if totals else None, marks[i]) for i, seat in enumerate(seats)]
        ),
        sums=sums,
        parts=tuple([sum(sums[start:end]) for start, end in form.parts]) if total else (),  # type: ignore[arg-type]
        total=total,
        by_points=by_points,
        stars=stars,
        outs=outs,
        open=() if outs else open_,
        divided=divided,
        missed=missed,
        derived=derived,
        council=council,
        days=case.calendar.days(recognised=stars is not None and stars.recognisable > 0),
    )


def _chosen(case: Case) -> Chosen:
    window = case.choice.window
    return Chosen(case.edition.id, case.edition.digest, window.position if window else None, window is None)


# --- marks and sums ------------------------------------------------------------------------------------------------


def derivations(case: Case) -> tuple[Derivation, ...]:
    """What the stated facts say of the criteria that can be derived. Printed gaps and overlaps are kept open, never settled."""
    stated = case.facts.keys()
    if case.form.derive_from.isdisjoint(stated):
        return ()
    found = []
    for place, read_from in case.form.derivable:
        if read_from.isdisjoint(stated):
            continue
        criterion = case.form.criteria[place]
        row = next((row for row in criterion.derive if row.matches(case.facts)), None)
        if row is not None:
            read = tuple(name for name, _ in row.when if name in case.facts)
            found.append(Derivation(criterion.number, row.option, row.unclear is not None, read, row.position))
    return tuple(found)


def complete(form: Form, marks: Marks, derived: Sequence[Derivation]) -> Marks:
    """A sheet's marks with the derived ones where it is silent, and those struck out whose condition fails."""
    if not derived and not form.conditional:
        return marks
    whole = list(marks)
    for one in derived:
        place = form.places[one.criterion]
        if whole[place] is None and one.option:
            whole[place] = form.derived[one.criterion, one.option]
    for rule in form.conditional:
        base = whole[rule.base]
        if base is not None and base.points < rule.at_least:
            whole[rule.place] = form.not_applicable[rule.place]
    return tuple(whole)


def _sums(form: Form, marks: list[Marks]) -> Sums:
    if len(marks) == 1:
        return tuple([m.points if m else None for m in marks[0]])
    if not marks:
        return (None,) * len(form.criteria)
    columns = zip(*marks, strict=True)
    return tuple([sum([m.points for m in column]) if all(column) else None for column in columns])


def _total(case: Case, sums: Sums) -> Mean | None:
    if None in sums:
        return None
    return Mean(sum(sums), len(case.seating.counted), case.form.max, case.council_rules.decimals)  # type: ignore[arg-type]


# --- knock-outs ------------------------------------------------------------------------------------------------------


def _knock_outs(
    case: Case, marks: list[Marks], sums: Sums, fire: Fire
) -> tuple[tuple[Out, ...], tuple[Open, ...], tuple[Divided, ...]]:
    """Those that hold, strongest first; those that wait for facts; those that only single sheets meet."""
    form, values = case.form, _values(case, sums)
    hit = {c.listed for c in fire(form.knock_outs, values) if isinstance(c, KnockOutHolds)} if values else ()
    all_stated = form.reads <= case.facts.keys()
    alone = form.on_points if len(marks) > 1 else ()
    if all_stated and not hit and not alone:
        return (), (), ()
    outs: list[Out] = []
    open_: list[Open] = []
    divided: list[Divided] = []
    for index, out in enumerate(form.product_set.knock_outs):
        if index in hit:
            outs.append(_out(case, index, out, sums))
        elif not all_stated and not out.presumed_clear and (needed := _needed(case, index, sums)):
            open_.append(Open(index, out.id, out.effect, out.position, needed))
        elif index in alone and (sheets := _alone(case, out, marks)):
            divided.append(Divided(index, out.id, out.position, sheets))
    outs.sort(key=lambda one: _STRENGTH[one.effect])
    return tuple(outs), tuple(open_), tuple(divided)


def _values(case: Case, sums: Sums) -> dict[Subject, Value]:
    """What the inference is told. A value outside of what any rule reads about it cannot change what the rules conclude."""
    form, sheets = case.form, len(case.seating.counted)
    values: dict[Subject, Value] = {}
    for place, subject, ranges in form.readings:
        points = sums[place]
        if points is not None:
            mean = points // sheets if points % sheets == 0 else Fraction(points, sheets)
            if within(mean, ranges):
                values[subject] = mean
    for subject, ranges in form.sums_read:
        points = _points(case, subject, sums)
        if points is not None and within(mean := Fraction(points, sheets), ranges):
            values[subject] = mean
    facts = case.facts
    values |= {subject: compared for name, word, subject, compared in form.in_reach if facts.get(name) == word}
    for fact, subject, ranges in form.numbers:
        if fact.id in facts:
            compared = fact.comparable(facts[fact.id])
            if within(compared, ranges):
                values[subject] = compared
    return values


def _out(case: Case, index: int, out: KnockOut, sums: Sums) -> Out:
    facts, points = [], []
    for subject in out.when.subjects():
        if subject.of is Of.FACT and subject.id in case.facts:
            facts.append((subject.id, str(case.facts[subject.id])))
        elif (got := _points(case, subject, sums)) is not None:
            most = case.form.spans[subject].max
            mean = Mean(got, len(case.seating.counted), most, case.council_rules.decimals)
            points.append((points_key(subject), mean))
    return Out(index, out.id, out.effect, out.position, tuple(facts), tuple(points))


def _points(case: Case, subject: Subject, sums: Sums) -> int | None:
    """The points over all sheets of a criterion, a part or in all; nothing as long as one of them is open."""
    span = case.form.spans[subject]
    own = sums[span.start : span.end]
    return None if None in own else sum(own)  # type: ignore[arg-type]


def _closed(case: Case, tests: tuple[Comparison, ...], sums: Sums) -> bool:
    """Whether the points close a way in: one of its tests on them fails."""
    sheets = len(case.seating.counted)
    return any(
        (got := _points(case, test.subject, sums)) is not None and not test.holds(Fraction(got, sheets))
        for test in tests
    )


def _needed(case: Case, index: int, sums: Sums) -> tuple[str, ...]:
    """Facts still needed to tell: of each way in that neither a stated fact nor points already close, those that are not stated."""
    needed: list[str] = []
    for way in case.form.ways[index]:
        missing = []
        if way.points and _closed(case, way.points, sums):
            continue
        for name, test in way.facts:
            stated = case.facts.get(name)
            if stated is None:
                missing.append(name)
            elif not test.holds(case.edition.facts[name].comparable(stated)):
                break
        else:
            needed += missing
    return tuple(dict.fromkeys(needed)) if needed else ()


def _alone(case: Case, out: KnockOut, marks: list[Marks]) -> tuple[int, ...]:
    """Sheets whose own points would knock the product out."""
    found = []
    read = [(s, case.form.spans[s]) for s in out.when.subjects() if s.of is not Of.FACT]
    for seat, one in zip(case.seating.counted, marks, strict=True):
        values = {
            subject: Decimal(sum([mark.points for mark in own if mark]))
            for subject, span in read
            if None not in (own := one[span.start : span.end])
        }
        if any(all(t.subject in values and t.holds(values[t.subject]) for t in tests) for tests in out.when.any_of):
            found.append(seat.index)
    return tuple(found)


# --- status and stars --------------------------------------------------------------------------------------------------


def _status(outs: tuple[Out, ...], total: Mean | None, council: Council) -> Status:
    if outs:
        return _STATUS_OF[outs[0].effect]
    if total is None:
        return Status.INCOMPLETE
    if council.quorum and not council.quorum.enough:
        return Status.NO_QUORUM
    return Status.SCORED if council.spread_passes else Status.SCORE_AGAIN


def _missed(case: Case, marks: list[Marks], sums: Sums) -> tuple[Missed, ...]:
    """The minimums that are not met, with the value that was compared."""
    floors, sheets, rules = case.form.floors, len(marks), case.council_rules
    found: list[Missed] = []
    if sheets == 1 and rules.minimum_by is not MinimumBy.AGREED:
        kept = case.form.kept("missed on one sheet")
        for floor in floors:
            points = sums[floor.place] or 0
            if points < floor.highest:
                found += kept.once((floor.place, points, rules.id), partial(_under, case, floor, points, points))
        return tuple(found)
    for floor in floors:
        got = minimum_value(case, floor.place, [one[floor.place].points for one in marks])  # type: ignore[union-attr]
        if got < floor.highest:
            found += _under(case, floor, got, sums[floor.place] or 0)
    return tuple(found)


def _under(case: Case, floor: Floor, got: int | Fraction, points: int) -> list[Missed]:
    """The minimums of one criterion that lie above the value compared."""
    rules, sheets, criterion = case.council_rules, len(case.seating.counted), floor.criterion
    under = case.ladder.short[got.numerator // got.denominator]
    agreed = case.seating.agreed if rules.minimum_by is MinimumBy.AGREED else None
    by = rules.minimum_by if sheets > 1 or agreed else MinimumBy.MEAN
    if by is MinimumBy.AGREED and (agreed is None or agreed.marks[floor.place] is None):
        by = MinimumBy.MEAN  # what was not agreed on is held against the mean
    mean = Mean(points, sheets, criterion.max, rules.decimals)
    return [
        Missed(criterion.number, one.stars, one.points, got, by, mean, criterion.position)
        for one in criterion.minimums
        if one.points in under
    ]


def _stars(case: Case, by_points: int, missed: tuple[Missed, ...]) -> Stars:
    ladder = case.ladder
    cap = min([m.stars - 1 for m in missed]) if missed else ladder.top
    after = ladder.after[by_points, cap]
    recognisable, forward_to = ladder.at[case.level.id, after]
    if forward_to:
        recognisable = case.council_rules.meanwhile
    return Stars(after, recognisable, forward_to, after if forward_to else 0)
