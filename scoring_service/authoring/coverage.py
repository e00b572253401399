"""Coverage: which rules of an edition some case of its suite reaches, and which none does.

A thing to reach is a ``Point``: an option chosen, a row of a derivation met, a minimum missed, a way into a knock-out taken. What was
reached is read from verdicts, so it is what the engine did and not what a case meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring_service.authoring.suite import Suite
from scoring_service.engine.admit import DossierError
from scoring_service.engine.dates import last_day
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.inference import Value
from scoring_service.engine.prepared import Origin
from scoring_service.engine.verdict import Status
from scoring_service.problems import Position
from scoring_service.rulebook.model import CouncilRules, Edition, KnockOut, Of, ProductSet, Subject


class Reach(StrEnum):
    """What can be reached of a rule."""

    OPTION = "option"
    ROW = "row"
    MET = "met"
    MISSED = "missed"
    APPLIES = "applies"
    NOT_APPLIES = "not_applies"
    FIRED = "fired"
    CLEARED = "cleared"
    BAND = "band"
    RECOGNISED = "recognised"
    FORWARDED = "forwarded"
    BELOW = "below"
    WINDOW = "window"
    LATE = "late"
    TERM = "term"
    TERM_MISSED = "term_missed"
    QUORUM = "quorum"
    NO_QUORUM = "no_quorum"
    NO_CHAIR = "no_chair"
    SPREAD = "spread"
    SPREAD_OVER = "spread_over"
    FAR = "far"
    SILENT = "silent"
    MODE = "mode"
    MEANWHILE = "meanwhile"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to reach: of which set (none where it is shared), what, at which rule (``at``: its number or id, and what of it)."""

    slug: str
    reach: Reach
    at: tuple[str, ...]


Points = Mapping[Point, Position]
"""Each thing to reach, with the place of its rule."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All there is to reach, and what was."""

    edition: Edition
    points: Points
    reached: frozenset[Point]

    def of(self, slug: str) -> tuple[int, int]:
        """How many were reached of a set (of what is shared, where none is named), and how many there are."""
        own = [point for point in self.points if point.slug == slug]
        return sum(point in self.reached for point in own), len(own)

    def missing(self) -> list[tuple[Point, Position]]:
        """What no case reaches, in the order of the rules."""
        return [(point, place) for point, place in self.points.items() if point not in self.reached]

    @property
    def percent(self) -> int:
        """Of all; never rounded up."""
        return percent(len(self.points) - len(self.missing()), len(self.points))


def percent(reached: int, all_: int) -> int:
    """A whole percentage, never rounded up; of nothing all is reached."""
    return 100 * reached // all_ if all_ else 100


def coverage(engine: Engine, suite: Suite) -> Coverage:
    """What the cases of a suite reach."""
    edition = suite.edition
    reached: set[Point] = set()
    for case in suite.cases:
        try:
            assessment = engine.assess(case.dossier)
        except DossierError:
            continue
        if assessment.verdict.chosen.edition == edition.id:
            reached |= set(_reached(assessment))
    points = dict(_points(edition))
    return Coverage(edition, points, frozenset(reached & points.keys()))


# --- what there is ---------------------------------------------------------------------------------------------------


def _points(edition: Edition) -> Iterator[tuple[Point, Position]]:
    yield from ((Point("", reach, at), place) for reach, at, place in _shared(edition))
    for product_set in edition.sets.values():
        yield from _of_set(product_set)


def _shared(edition: Edition) -> Iterator[tuple[Reach, tuple[str, ...], Position]]:
    yield from _by_dates(edition)
    for band in edition.bands:
        yield Reach.BAND, (str(band.stars),), band.position
    for level in edition.levels:
        for stars in level.recognises:
            yield Reach.RECOGNISED, (level.id, str(stars)), level.position
        if level.forwards_to:
            yield Reach.FORWARDED, (level.id, level.forwards_to), level.position
        yield Reach.BELOW, (level.id,), level.position
    for council in edition.councils.values():
        yield from ((reach, at, council.position) for reach, at in _of_council(council))


def _by_dates(edition: Edition) -> Iterator[tuple[Reach, tuple[str, ...], Position]]:
    for window in edition.windows:
        for kind in window.kinds:
            yield Reach.WINDOW, (str(window.position.line), kind), window.position
        if window.decided_until:
            yield Reach.LATE, (str(window.position.line),), window.position
    for entry in edition.calendar:
        yield Reach.TERM, (entry.id,), entry.position
        if entry.filing or entry.done_by or not entry.unit:
            yield Reach.TERM_MISSED, (entry.id,), entry.position


def _of_council(council: CouncilRules) -> Iterator[tuple[Reach, tuple[str, ...]]]:
    own = (council.id,)
    if council.quorum is not None:
        yield from ((reach, own) for reach in (Reach.QUORUM, Reach.NO_QUORUM))
        if council.chair_needed:
            yield Reach.NO_CHAIR, own
    if council.spread_limit is not None:
        yield from ((reach, own) for reach in (Reach.SPREAD, Reach.SPREAD_OVER))
    if council.far is not None:
        yield Reach.FAR, own
    yield Reach.SILENT, own
    if council.meanwhile:
        yield Reach.MEANWHILE, own
    yield from ((Reach.MODE, (council.id, kind)) for kind in council.mode)


def _of_set(product_set: ProductSet) -> Iterator[tuple[Point, Position]]:
    slug = product_set.slug
    for criterion in product_set.criteria():
        number = criterion.number
        for option in criterion.choices():
            yield Point(slug, Reach.OPTION, (number, option.id)), option.position
        for place, row in enumerate(criterion.derive):
            yield Point(slug, Reach.ROW, (number, str(place + 1))), row.position
        for minimum in criterion.minimums:
            for reach in (Reach.MET, Reach.MISSED):
                yield Point(slug, reach, (number, str(minimum.stars))), minimum.position
        if criterion.only_if:
            for reach in (Reach.APPLIES, Reach.NOT_APPLIES):
                yield Point(slug, reach, (number,)), criterion.only_if.position
    for out in product_set.knock_outs:
        for place in range(len(out.when.any_of)):
            yield Point(slug, Reach.FIRED, (out.id, str(place + 1))), out.position
        yield Point(slug, Reach.CLEARED, (out.id,)), out.position


# --- what one verdict reaches ------------------------------------------------------------------------------------------


def _reached(assessment: Assessment) -> Iterator[Point]:
    yield from _on_sheets(assessment)
    yield from _by_knock_outs(assessment)
    shared = (*_by_stars(assessment), *_by_council(assessment), *_by_days(assessment))
    yield from (Point("", reach, at) for reach, at in shared)


def _on_sheets(assessment: Assessment) -> Iterator[Point]:
    case, verdict = assessment.case, assessment.verdict
    form, slug = case.form, case.form.product_set.slug
    for place, criterion in enumerate(form.criteria):
        marks = [sheet.marks[place] for sheet in verdict.sheets]
        for mark in (m for m in marks if m):
            if criterion.only_if:
                applies = mark.origin is not Origin.NOT_APPLICABLE
                yield Point(slug, Reach.APPLIES if applies else Reach.NOT_APPLIES, (criterion.number,))
            if mark.option:
                yield Point(slug, Reach.OPTION, (criterion.number, mark.option))
        for index, row in enumerate(criterion.derive):
            if row.matches(case.facts):
                yield Point(slug, Reach.ROW, (criterion.number, str(index + 1)))
        for minimum in criterion.minimums if verdict.status is Status.SCORED else ():
            missed = any(m.criterion == criterion.number and m.stars == minimum.stars for m in verdict.missed)
            yield Point(slug, Reach.MISSED if missed else Reach.MET, (criterion.number, str(minimum.stars)))


def _by_knock_outs(assessment: Assessment) -> Iterator[Point]:
    values, slug = _values(assessment), assessment.case.form.product_set.slug
    waiting = {one.index for one in assessment.verdict.open}
    out_of = {out.index for out in assessment.verdict.outs}
    for index, out in enumerate(assessment.case.form.product_set.knock_outs):
        if index in out_of:
            yield from (Point(slug, Reach.FIRED, (out.id, str(place + 1))) for place in _taken(out, values))
        elif index not in waiting and (out.presumed_clear or values.keys() & set(out.when.subjects())):
            yield Point(slug, Reach.CLEARED, (out.id,))


def _taken(out: KnockOut, values: Mapping[Subject, Value]) -> Iterator[int]:
    """The ways in that hold."""
    for place, tests in enumerate(out.when.any_of):
        if all(t.subject in values and t.holds(Fraction(values[t.subject])) for t in tests):
            yield place


def _values(assessment: Assessment) -> dict[Subject, Value]:
    """What the knock-outs read: facts as they compare, points as means."""
    case, sums = assessment.case, assessment.verdict.sums
    sheets = len(assessment.verdict.sheets)
    found: dict[Subject, Value] = {
        Subject(Of.FACT, name): case.edition.facts[name].comparable(value) for name, value in case.facts.items()
    }
    for subject, span in case.form.spans.items():
        own = sums[span.start : span.end]
        if sheets and None not in own:
            found[subject] = Fraction(sum(own), sheets)  # type: ignore[arg-type]
    return found


def _by_stars(assessment: Assessment) -> Iterator[tuple[Reach, tuple[str, ...]]]:
    case, verdict = assessment.case, assessment.verdict
    if verdict.by_points is not None:
        yield Reach.BAND, (str(verdict.by_points),)
    stars = verdict.stars
    if stars is None:
        return
    if stars.forward_to:
        yield Reach.FORWARDED, (case.level.id, stars.forward_to)
        if stars.recognisable:
            yield Reach.MEANWHILE, (case.council_rules.id,)
    elif stars.recognisable:
        yield Reach.RECOGNISED, (case.level.id, str(stars.recognisable))
    else:
        yield Reach.BELOW, (case.level.id,)


def _by_council(assessment: Assessment) -> Iterator[tuple[Reach, tuple[str, ...]]]:
    case, council = assessment.case, assessment.verdict.council
    own = (council.rules,)
    if council.quorum:
        yield Reach.QUORUM if council.quorum.enough else Reach.NO_QUORUM, own
        if not council.quorum.chair:
            yield Reach.NO_CHAIR, own
    if council.spread:
        yield Reach.SPREAD if council.spread_passes else Reach.SPREAD_OVER, own
    if council.far:
        yield Reach.FAR, own
    if council.silent:
        yield Reach.SILENT, own
    yield Reach.MODE, (council.rules, case.application)


def _by_days(assessment: Assessment) -> Iterator[tuple[Reach, tuple[str, ...]]]:
    case = assessment.case
    for day in assessment.verdict.days:
        yield Reach.TERM, (day.id,)
        if day.missed:
            yield Reach.TERM_MISSED, (day.id,)
    window = case.choice.window
    if window:
        yield Reach.WINDOW, (str(window.position.line), case.application)
        decided = case.days.decided_on
        if decided and window.decided_until and decided > last_day(window.decided_until):
            yield Reach.LATE, (str(window.position.line),)
