"""Of the stars: bands, minimums, who recognises them, and the way to the next rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial

from scoring_service.engine.case import Case
from scoring_service.engine.council import majority
from scoring_service.engine.explain.grounds import (
    DECIDING,
    INFO,
    WARNING,
    by_practice,
    once,
    practice,
    reading,
)
from scoring_service.engine.findings import (
    ByAgreedSheet,
    Finding,
    ForwardedUp,
    Ground,
    HeldBack,
    HeldByDivision,
    MetByReading,
    MinimumDivided,
    MinimumMissed,
    MinimumsStopForwarding,
    NoRecognition,
    NotOfThisLevel,
    PointsShort,
    RecognisableHere,
    RecognisedMeanwhile,
    StarsByPoints,
)
from scoring_service.engine.mean import Mean
from scoring_service.engine.verdict import Missed, Stars, Verdict
from scoring_service.rulebook.label import Basis
from scoring_service.rulebook.model import Band, Criterion, Level, Minimum, MinimumBy
from scoring_service.rulebook.sources import together


def of_stars(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """The band, the minimums that bar more, who may recognise it, and what is missing for the next rank."""
    stars, total, by_points = verdict.stars, verdict.total, verdict.by_points
    if stars is None or total is None or by_points is None:
        return
    alone, council = total.sheets == 1, case.council_rules.id  # the means of several sheets are too many to be kept
    after = stars.after_minimums
    if after < by_points and not alone:
        yield from _division(case, verdict, after, by_points)
    if after < by_points:
        barred = tuple(dict.fromkeys(one.criterion for one in verdict.missed if one.stars == after + 1))
        yield once(case, (HeldBack, by_points, after, barred), partial(_held_back, case, by_points, after, barred))
    yield from _met_by_reading(case, verdict, after)
    for one in verdict.missed:
        decides = after < one.stars <= by_points
        missed = partial(_missed, case, one, decides=decides)
        key = (MinimumMissed, one.criterion, one.stars, one.got, one.by, one.mean.sum, decides, council)
        yield once(case, key, missed) if alone else missed()
    reached = partial(_by_points, case, total, by_points)
    yield once(case, (StarsByPoints, total.sum, council), reached) if alone else reached()
    lines = (after, stars.recognisable, stars.potential)
    yield once(case, ("recognition", case.level.id, by_points, *lines), partial(_recognition, case, stars, by_points))
    yield from _around_forwarding(case, stars, by_points)
    if after < case.ladder.top:
        short = partial(_points_short, case, total, after + 1)
        if total.sum < _least(_band(case, after + 1)) * total.sheets:
            yield once(case, (PointsShort, total.sum, after, council), short) if alone else short()


def _met_by_reading(case: Case, verdict: Verdict, after: int) -> Iterator[Finding]:
    """Minimums of the rank that are met with no point to spare, and are not printed as they are read."""
    sheets = len(verdict.sheets)
    for floor in case.form.read_floors:
        for one in floor.criterion.minimums:
            if not one.basis.stated and one.stars <= after and verdict.sums[floor.place] == one.points * sheets:
                made = partial(_just_met, floor.criterion, one)
                yield once(case, (MetByReading, floor.place, one.stars), made)


def _just_met(criterion: Criterion, one: Minimum) -> Finding:
    return MetByReading(
        severity=WARNING,
        ground=_of_minimum(criterion, one.stars, one.basis),
        criterion=criterion,
        stars=one.stars,
        needed=one.points,
    )


def _division(case: Case, verdict: Verdict, after: int, by_points: int) -> Iterator[Finding]:
    """Minimums that are missed only because members differ: what the majority, and an agreed sheet, would give."""
    form, sheets = case.form, verdict.sheets
    if case.council_rules.minimum_by is not MinimumBy.MEAN:
        return
    marks = {floor.place: [mark.points for one in sheets if (mark := one.marks[floor.place])] for floor in form.floors}
    by_majority = _after(case, by_points, {place: majority(points) for place, points in marks.items()})
    if by_majority <= after:
        return
    divided = [one for one in verdict.missed if after < one.stars <= by_majority]
    numbers = dict.fromkeys(one.criterion for one in divided)
    criteria = tuple(form.criteria[form.places[number]] for number in numbers)
    ground = practice(case)
    yield HeldByDivision(
        severity=DECIDING, ground=ground, after_minimums=after, by_majority=by_majority, criteria=criteria
    )
    if case.seating.agreed:
        agreed = {place: mark.points for place in marks if (mark := case.seating.agreed.marks[place])}
        means: dict[int, int | Fraction] = {place: Fraction(sum(p), len(p)) for place, p in marks.items()}
        field = f"sheets[{case.seating.agreed.index}]"
        yield ByAgreedSheet(
            severity=DECIDING, ground=ground, field=field, stars=_after(case, by_points, means | agreed)
        )
    for one in divided:
        place = form.places[one.criterion]
        yield MinimumDivided(
            severity=DECIDING,
            ground=ground,
            points=((one.criterion, one.mean),),
            criterion=form.criteria[place],
            reached=sum(points >= one.needed for points in marks[place]),
            sheets=len(sheets),
            got=one.mean,
            stars=one.stars,
            needed=one.needed,
        )


def _after(case: Case, by_points: int, points: Mapping[int, int | Fraction]) -> int:
    """The stars after minimums, were they held against these points."""
    barred = [m.stars for f in case.form.floors for m in f.criterion.minimums if points[f.place] < m.points]
    return case.ladder.after[by_points, min(barred) - 1 if barred else case.ladder.top]


def _band(case: Case, stars: int) -> Band:
    return next(b for b in case.edition.bands if b.stars == stars)


def _least(band: Band) -> int:
    """The points from which on a total lies in the band; ends of bands are whole points."""
    return int(band.interval.low or 0)


def _of_band(band: Band) -> Ground:
    return Ground(rule=f"band-{band.stars}", reference=band.reference, position=band.position, basis=band.basis)


def _of_minimum(criterion: Criterion, stars: int, basis: Basis) -> Ground:
    at = next((one.position for one in criterion.minimums if one.stars == stars), criterion.position)
    return Ground(f"minimum-{criterion.number}-{stars}", criterion.reference, at, basis)


def _points_short(case: Case, total: Mean, stars: int) -> Finding:
    band = _band(case, stars)
    needed = _least(band)
    return PointsShort(
        severity=INFO,
        ground=_of_band(band),
        points=(("", total),),
        stars=stars,
        missing=Mean(needed * total.sheets - total.sum, total.sheets, total.max, total.decimals),
        needed=needed,
    )


def _by_points(case: Case, total: Mean, stars: int) -> Finding:
    band = _band(case, stars)
    return StarsByPoints(
        severity=DECIDING,
        ground=_of_band(band),
        points=(("", total),),
        total=total,
        band=band.interval,
        stars=stars,
    )


def _held_back(case: Case, by_points: int, after: int, barred: tuple[str, ...]) -> Finding:
    form = case.form
    criteria = tuple(form.criteria[form.places[number]] for number in barred)
    return HeldBack(
        severity=DECIDING,
        ground=Ground(
            rule="minimums",
            reference=together(criteria),
            position=form.product_set.position,
            basis=reading(case, "minimums"),
        ),
        by_points=by_points,
        after_minimums=after,
        criteria=criteria,
    )


def _missed(case: Case, one: Missed, *, decides: bool) -> Finding:
    """With several sheets the council file says how their ticks combine, which is practice and not the decision."""
    criterion = case.form.criteria[case.form.places[one.criterion]]
    basis = next(m.basis for m in criterion.minimums if m.stars == one.stars)
    several = one.mean.sheets > 1 or one.by is not MinimumBy.MEAN
    if several and basis.stated:
        basis = by_practice(case, "minimums")
    return MinimumMissed(
        severity=DECIDING if decides else INFO,
        ground=_of_minimum(criterion, one.stars, basis),
        points=((one.criterion, one.mean),),
        criterion=criterion,
        got=one.mean if one.by is MinimumBy.MEAN or one.got.denominator > 1 else int(one.got),
        by=one.by if several else None,
        stars=one.stars,
        needed=one.needed,
    )


def _recognition(case: Case, stars: Stars, by_points: int) -> Finding:
    level, after = case.level, stars.after_minimums
    ground = Ground(f"level-{level.id}", level.reference, level.position, level.basis)
    if stars.potential:
        to, then = _next_level(case), None if stars.recognisable else level.after_forwarding
        if not stars.recognisable:
            ground = replace(ground, basis=reading(case, "waiting"))
        return ForwardedUp(severity=DECIDING, ground=ground, level=level, to=to, stars=after, then=then)
    if stars.recognisable:
        return RecognisableHere(
            severity=DECIDING, ground=ground, level=level, stars=after, months=case.certificate.months
        )
    if after < case.ladder.lowest and (level.forwards_to or level.below is None):
        return NoRecognition(severity=DECIDING, ground=ground, stars=after)
    if case.ladder.at[level.id, by_points][0]:  # the points are this level's, and a minimum is missed
        ground = replace(ground, basis=reading(case, "forwarding"))
    return NotOfThisLevel(severity=DECIDING, ground=ground, level=level, stars=after, what_then=level.below)


def _around_forwarding(case: Case, stars: Stars, by_points: int) -> Iterator[Finding]:
    """What is recognised while the dossier is with the next level, and a minimum that keeps it from going there."""
    level, council, after = case.level, case.council_rules.id, stars.after_minimums
    if stars.potential and stars.recognisable:
        months, rank = case.certificate.months, stars.recognisable
        yield once(
            case,
            (RecognisedMeanwhile, level.id, council, rank, months),
            lambda: RecognisedMeanwhile(
                severity=DECIDING, ground=practice(case), level=level, stars=rank, months=months
            ),
        )
    if not stars.potential and case.ladder.at[level.id, by_points][1]:
        basis = reading(case, "forwarding")
        yield once(
            case,
            (MinimumsStopForwarding, level.id, by_points, after),
            lambda: MinimumsStopForwarding(
                severity=WARNING,
                ground=Ground(f"level-{level.id}", level.reference, level.position, basis),
                to=_next_level(case),
                by_points=by_points,
                after_minimums=after,
            ),
        )


def _next_level(case: Case) -> Level:
    day, word = case.days.decided_on or case.days.filed_on, case.level.forwards_to
    return case.edition.find_level(word, day) or next(v for v in case.edition.levels if v.word == word)
