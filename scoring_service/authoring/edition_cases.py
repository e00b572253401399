"""The boundary cases of what all sets of an edition share: bands, levels, councils, windows, calendar, certificate.

They are played on one set; windows on a dossier that names no edition.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from scoring_service.authoring.boundary_files import Heading
from scoring_service.authoring.changes import ABSENT, BETWEEN, FIELDS, Base, Changes
from scoring_service.authoring.losses import Losses
from scoring_service.authoring.sheet_cases import FULL, Planned, best, full_base
from scoring_service.engine.dates import Calendar, Days, last_day
from scoring_service.engine.dossier import Holds
from scoring_service.engine.verdict import Day
from scoring_service.rulebook.model import CalendarEntry, CouncilRules, Edition, Level, MinimumBy, Mode, Role, Window

TAKEN = "taken"
"""The base that names no edition: its days alone say whether this one takes it."""
KIND, FILED, DECIDED, LEVEL = "application.kind", "application.filed_on", "council.decided_on", "council.level"
RULES, MEMBERS, ROLE, SHEET_KIND, MODE = "council.rules", "council.members", "sheets.role", "sheets.kind", "council.mode"
_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_SITTINGS = (4, 7)
"""Sizes of councils that tell neighbouring shares apart: of 4 and 7, three quarters are 3 and 6, two thirds 3 and 5."""
_PATHS = {one.name: path for path, one in FIELDS.items() if one.of is Holds.DAY}
_CERTIFICATE_END = "certificate_end"


def edition_bases(edition: Edition) -> dict[str, Base]:
    """The two bases of the edition's own cases."""
    full = full_base(edition, next(iter(edition.sets.values())))
    return {FULL: full, TAKEN: replace(full, fields={k: v for k, v in full.fields.items() if k != "edition"})}


def edition_cases(edition: Edition) -> Iterator[tuple[str, Planned]]:
    """Every case, with the name of its base."""
    losses = Losses(next(iter(edition.sets.values())))
    groups: tuple[tuple[str, Iterable[Planned]], ...] = (
        (FULL, _bands(edition, losses)),
        (FULL, _levels(edition, losses)),
        (FULL, _councils(edition, losses)),
        (FULL, _calendar(edition)),
        (TAKEN, _windows(edition)),
    )
    for base, planned in groups:
        for one in planned:
            yield base, one


# --- bands and levels ------------------------------------------------------------------------------------------------


def _bands(edition: Edition, losses: Losses) -> Iterator[Planned]:
    """Each lower end met exactly, missed by a point, and by a third of one."""
    yield Heading("BOUNDARY_BANDS")
    for band in sorted(edition.bands, key=lambda one: -one.stars):
        end = int(band.interval.low or 0)
        met, missed = losses.total(end), losses.total(end - 1)
        if met is None or missed is None:
            continue
        yield met
        yield missed
        yield _sheets(losses, (met, met, missed))


def _levels(edition: Edition, losses: Losses) -> Iterator[Planned]:
    """What each level does with each rank, and the first and last day of each."""
    for level in edition.levels:
        yield Heading("BOUNDARY_LEVEL", {"level": level})
        day = _day_of(level, edition)
        here = {LEVEL: level.word, DECIDED: day.isoformat(), FILED: day.isoformat()}
        for band in sorted(edition.bands, key=lambda one: -one.stars):
            points = int(band.interval.low or 0)
            changes = next((c for p in range(points, edition.total + 1) if (c := losses.total(p, keeping=band.stars)) is not None), {})
            yield {**here, **changes}
        for edge in (level.start, level.end):
            for when in (edge - _DAY, edge, edge + _DAY) if edge else ():
                yield {LEVEL: level.word, DECIDED: when.isoformat(), FILED: when.isoformat()}


def _day_of(level: Level, edition: Edition) -> dt.date:
    """A working day on which a level is in force."""
    filed = edition.windows[0].filed_from if edition.windows else None
    day = max(d for d in (filed or edition.issued, level.start) if d)
    return min(day, level.end) if level.end else day


def _sheets(losses: Losses, each: tuple[Changes, ...]) -> Changes:
    """One sheet for each of these changes."""
    numbers = dict.fromkeys(number for changes in each for number in changes)
    options = {n: [changes.get(n) or best(losses.criteria[n]).id for changes in each] for n in numbers}
    changed = {n: own[0] if len(set(own)) == 1 else BETWEEN.join(own) for n, own in options.items()}
    if not any(BETWEEN in value for value in changed.values()):
        changed[ROLE] = BETWEEN.join([Role.MEMBER] * len(each))
    return changed


# --- councils --------------------------------------------------------------------------------------------------------


def _councils(edition: Edition, losses: Losses) -> Iterator[Planned]:
    for council in edition.councils.values():
        yield Heading("BOUNDARY_COUNCIL", {"council": council})
        level = next(v for v in reversed(edition.levels) if v.word == council.level)
        here = {LEVEL: level.word, RULES: council.id, FILED: _day_of(level, edition).isoformat()}
        for changes in (
            *_sitting(council),
            *_apart(council, losses),
            *_ticks(council, losses),
            *_roles(losses),
            *_waiting(edition, losses, level),
        ):
            yield {**here, **changes}
        yield from ({**here, KIND: kind} for kind in edition.kinds)
        yield from ({**here, MODE: mode} for mode in Mode)


def _sitting(council: CouncilRules) -> Iterator[Changes]:
    """The quorum met and missed by one in councils of several sizes, and met without the chair."""
    if council.quorum is None:
        return
    for members in _SITTINGS:
        needed = -(-members * council.quorum.numerator // council.quorum.denominator)
        for present in (needed - 1, needed):
            if present:
                yield {MEMBERS: str(members), ROLE: BETWEEN.join([Role.CHAIR, *[Role.MEMBER] * (present - 1)])}
    yield {MEMBERS: str(_SITTINGS[0]), ROLE: BETWEEN.join([Role.MEMBER] * _SITTINGS[0])}


def _apart(council: CouncilRules, losses: Losses) -> Iterator[Changes]:
    """Totals as far apart as is allowed and a point more; a sheet just far from the mean, and one not quite."""
    if council.spread_limit is not None:
        limit = int(council.spread_limit)
        for apart in (limit - 1, limit, limit + 1):
            changes = losses.losing(apart)
            if changes:
                yield _sheets(losses, ({}, changes))
    if council.far is not None:
        for far in _farthest(council.far, int(council.spread_limit or council.far * 2)):
            each = [losses.losing(lost) for lost in far]
            if None not in each:
                yield _sheets(losses, tuple(e or {} for e in each))


def _farthest(far: Fraction, most: int) -> Iterator[tuple[int, ...]]:
    """Losses of three sheets of which one lies exactly so far from the mean, and of which one lies as near below as can be."""
    below: tuple[Fraction, tuple[int, ...]] | None = None
    exact: tuple[int, ...] | None = None
    for lost in ((0, a, b) for a in range(most + 1) for b in range(a, most + 1)):
        centre = Fraction(sum(lost), 3)
        distance = max(abs(one - centre) for one in lost)
        if distance == far:
            exact = exact or lost
        elif distance < far and (below is None or distance > below[0]):
            below = (distance, lost)
    yield from (found for found in (exact, below[1] if below else None) if found)


def _ticks(council: CouncilRules, losses: Losses) -> Iterator[Changes]:
    """Ticks on one criterion by which the ways to combine them for a minimum differ: of members, and beside an agreed sheet."""
    for criterion in losses.criteria.values():
        found = list(_dividing(criterion.number, losses))
        if len(found) == _WAYS:
            yield from found
            return


_WAYS = 5


def _dividing(number: str, losses: Losses) -> Iterator[Changes]:
    criterion = losses.criteria[number]
    by_points = {o.points: o.id for o in reversed(list(criterion.choices()))}
    for minimum in criterion.minimums[-1:]:
        least = minimum.points
        ordered = sorted(by_points)
        triples = list(itertools.combinations_with_replacement(ordered, 3))
        wanted = (
            lambda t: sum(t) < 3 * least and t[1] >= least,  # the mean misses it, the majority has it
            lambda t: sum(t) >= 3 * least and t[0] < least,  # the mean has it, not all have
            lambda t: t[1] < least <= t[2],  # a single sheet has it
        )
        for fits in wanted:
            triple = next((t for t in triples if fits(t)), None)
            if triple:
                yield {number: BETWEEN.join(by_points[p] for p in triple)}
        low, high = by_points[max(p for p in ordered if p < least)], by_points[least]
        kinds = BETWEEN.join(("council", "council", "agreed"))
        yield {SHEET_KIND: kinds, number: BETWEEN.join((low, low, high))}
        yield {SHEET_KIND: kinds, number: BETWEEN.join((high, high, low))}


def _roles(losses: Losses) -> Iterator[Changes]:
    """Sheets of every role that differ, so that one that counts too much or too little is seen; and one that is not whole."""
    changes = losses.losing(1) or {}
    others = [role for role in Role if role is not Role.CHAIR]
    for role in others:
        pair = _sheets(losses, ({}, changes))
        yield {ROLE: BETWEEN.join((Role.CHAIR, role)), **pair}


def _waiting(edition: Edition, losses: Losses, level: Level) -> Iterator[Changes]:
    """What is recognised while a dossier goes up."""
    del losses
    if level.forwards_to and edition.bands:
        yield {DECIDED: _day_of(level, edition).isoformat()}


# --- windows ---------------------------------------------------------------------------------------------------------


def _windows(edition: Edition) -> Iterator[Planned]:
    """For each kind: the first and last day of filing and of deciding, with the days beside them."""
    for window in edition.windows:
        yield Heading("BOUNDARY_WINDOW", {"kinds": tuple(edition.kinds[kind] for kind in window.kinds)})
        for kind in edition.kinds:
            yield from ({KIND: kind, **changes} for changes in _edges(window, edition))


def _edges(window: Window, edition: Edition) -> Iterator[Changes]:
    for edge in (window.filed_from, window.filed_until):
        for day in (edge - _DAY, edge, edge + _DAY) if edge else ():
            yield {FILED: day.isoformat()}
    until = window.decided_until
    filed = (window.filed_until or window.filed_from or edition.issued).isoformat()
    for last in (until, last_day(until)) if until else ():
        for day in (last - _DAY, last, last + _DAY):
            yield {FILED: filed, DECIDED: day.isoformat()}


# --- calendar --------------------------------------------------------------------------------------------------------


def _calendar(edition: Edition) -> Iterator[Planned]:
    if edition.certificate_months:
        yield Heading("BOUNDARY_CERTIFICATE")
        start = edition.windows[0].filed_from or edition.issued
        for decided in (start, start.replace(month=12, day=31), start.replace(year=start.year + 1, month=2, day=28)):
            yield {FILED: start.isoformat(), DECIDED: decided.isoformat()}
    for entry in edition.calendar:
        yield Heading("BOUNDARY_CALENDAR", {"entry": entry})
        pairs = list(itertools.product(edition.kinds, dict.fromkeys(v.word for v in edition.levels)))
        applies = [(k, v) for k, v in pairs if (not entry.kinds or k in entry.kinds) and entry.level in ("", v)]
        for kind, level in applies[-1:]:
            yield from _Played(edition, entry, kind, level).all()
        for kind, level in pairs:
            if (kind, level) != (applies or pairs)[-1]:
                yield from _Played(edition, entry, kind, level).one()


class _Played:
    """One entry of the calendar, for one kind of application at one level."""

    def __init__(self, edition: Edition, entry: CalendarEntry, kind: str, level: str) -> None:
        self._edition, self._entry, self._kind, self._level = edition, entry, kind, level
        in_force = [v for v in edition.levels if v.word == level]
        self._start = _day_of(in_force[-1], edition)

    def all(self) -> Iterator[Changes]:
        """Its day on a working day and on a day off; done in time, and a day later."""
        if not self._entry.unit:
            yield from (self._changes(days) for days in self._rounds())
            return
        for off in (False, True):
            anchored = self._anchored(off=off)
            if anchored is None:
                continue
            days, term = anchored
            yield self._changes(days)
            yield from (self._changes(one) for one in self._acted(days, term))

    def one(self) -> Iterator[Changes]:
        """A case in which it would stand, were it for this kind and level too."""
        if self._entry.unit:
            anchored = self._anchored(off=False)
            if anchored:
                yield self._changes(anchored[0])
        else:
            month, day = self._entry.proposed_before
            proposed = dt.date(self._start.year + 1, month, day) - _DAY
            yield self._changes({"filed_on": self._start, "proposed_on": proposed})

    def _anchored(self, *, off: bool) -> tuple[dict[str, dt.date], Day] | None:
        """Days by which the term ends on a day off, or not."""
        anchor = "decided_on" if self._entry.anchor == _CERTIFICATE_END else self._entry.anchor
        for later in range(200, 230):
            day = self._start + later * _DAY
            days = {"filed_on": self._start if anchor != "filed_on" else day, anchor: day}
            term = self._term(days)
            if term and (term.moved_to is not None or term.day.weekday() >= _SATURDAY) is off:
                return days, term
        return None

    def _term(self, days: Mapping[str, dt.date]) -> Day | None:
        """The day of the entry by these days, whether or not another has to be missed for it."""
        alone = replace(self._entry, if_missed="", kinds=(), level="")
        edition = replace(self._edition, calendar=(alone,))
        found = Calendar(edition, self._kind, self._level, Days(**days)).days(recognised=True)
        return next((one for one in found if one.id == alone.id), None)

    def _acted(self, days: dict[str, dt.date], term: Day) -> Iterator[dict[str, dt.date]]:
        """Acted on the last day and the day after, or on the first and the day before."""
        entry, last = self._entry, term.moved_to or term.day
        if entry.if_missed:
            for missed in self._missing(days):
                yield missed
                yield missed | {entry.done_by: last} if entry.done_by else missed
                if entry.done_by:
                    yield missed | {entry.done_by: last + _DAY}
        elif entry.filing:
            sides = (last - _DAY, last) if entry.filing == "earliest" else (last, last + _DAY)
            yield from (days | {"filed_on": day} for day in sides)
        elif entry.done_by:
            yield from (days | {entry.done_by: day} for day in (last, last + _DAY))
        else:
            yield from self._idle(days, last)

    def _idle(self, days: dict[str, dt.date], last: dt.date) -> Iterator[dict[str, dt.date]]:
        """Nobody has to act in the term: each other day of the dossier after its end, as far as it can lie there."""
        for name in _PATHS:
            steps = {**days, name: last + _DAY}
            order = [steps[step] for step in _PATHS if step in steps and step != "expires_on"]
            if name != self._entry.anchor and order == sorted(order):
                yield steps

    def _missing(self, days: dict[str, dt.date]) -> Iterator[dict[str, dt.date]]:
        """The same days, with the other term kept and then missed."""
        other = next(e for e in self._edition.calendar if e.id == self._entry.if_missed)
        term = _Played(self._edition, other, self._kind, self._level)._term(days)
        acts = "filed_on" if other.filing else other.done_by
        if term and acts:
            last = term.moved_to or term.day
            by = -_DAY if other.filing == "earliest" else _DAY
            yield days | {acts: last}
            yield days | {acts: last + by}

    def _rounds(self) -> Iterator[dict[str, dt.date]]:
        """Proposed on the day before the cut-off and on it; decided on the last day for it and the day after."""
        entry, year = self._entry, self._start.year + 1
        cut_off = dt.date(year, *entry.proposed_before)
        decided = dt.date(year, *entry.decided_before)
        decided = decided if decided >= cut_off else dt.date(year + 1, *entry.decided_before)
        filed = {"filed_on": self._start}
        for proposed in (cut_off - _DAY, cut_off):
            yield filed | {"proposed_on": proposed}
        for day in (decided - _DAY, decided):
            yield filed | {"proposed_on": cut_off - _DAY, "decided_on": day}

    def _changes(self, days: Mapping[str, dt.date]) -> Changes:
        return {KIND: self._kind, LEVEL: self._level, **{_PATHS[name]: day.isoformat() for name, day in days.items()}}
