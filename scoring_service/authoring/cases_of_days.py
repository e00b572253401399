"""The boundary cases of days: windows, the certificate, and the terms and rounds of the calendar."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scoring_service.authoring.boundary_files import Heading
from scoring_service.authoring.cases_of_levels import DAY, day_of
from scoring_service.authoring.changes import DECIDED, FIELDS, FILED, KIND, LEVEL, Changes
from scoring_service.authoring.sheet_cases import Planned, first_day
from scoring_service.engine.dates import Calendar, Days, last_day
from scoring_service.engine.dossier import Holds
from scoring_service.engine.verdict import Day
from scoring_service.rulebook.model import FROM_CERTIFICATE, CalendarEntry, Edition, Window

_SATURDAY = 5
_PATHS = {one.name: path for path, one in FIELDS.items() if one.of is Holds.DAY}


def window_cases(edition: Edition) -> Iterator[Planned]:
    """For each kind: the first and last day of filing and of deciding, with the days beside them."""
    for window in edition.windows:
        yield Heading("BOUNDARY_WINDOW", {"kinds": tuple(edition.kinds[kind] for kind in window.kinds)})
        for kind in edition.kinds:
            yield from ({KIND: kind, **changes} for changes in _edges(window, edition))


def _edges(window: Window, edition: Edition) -> Iterator[Changes]:
    for edge in (window.filed_from, window.filed_until):
        for day in (edge - DAY, edge, edge + DAY) if edge else ():
            yield {FILED: day.isoformat()}
    until = window.decided_until
    filed = (window.filed_until or window.filed_from or edition.issued).isoformat()
    for last in (until, last_day(until)) if until else ():
        for day in (last - DAY, last, last + DAY):
            yield {FILED: filed, DECIDED: day.isoformat()}


def calendar_cases(edition: Edition) -> Iterator[Planned]:
    """The end of the certificate, and each term and round: for one kind and level from all sides, for the others whether it is theirs."""
    yield Heading("BOUNDARY_CERTIFICATE")
    start = first_day(edition)
    edges = (day for one in edition.certificates if one.start for day in (one.start - DAY, one.start))
    for decided in (
        start,
        start.replace(month=12, day=31),
        start.replace(year=start.year + 1, month=2, day=28),
        *edges,
    ):
        yield {FILED: start.isoformat(), DECIDED: decided.isoformat()}
    for entry in edition.calendar:
        yield Heading("BOUNDARY_CALENDAR", {"entry": entry})
        pairs = list(itertools.product(edition.kinds, dict.fromkeys(v.word for v in edition.levels)))
        applies = [(k, v) for k, v in pairs if (not entry.kinds or k in entry.kinds) and entry.level in ("", v)]
        for kind, level in applies[-1:]:
            yield from Played(edition, entry, kind, level).all()
        for kind, level in pairs:
            if (kind, level) != (applies or pairs)[-1]:
                yield from Played(edition, entry, kind, level).one()


class Played:
    """One entry of the calendar, for one kind of application at one level."""

    def __init__(self, edition: Edition, entry: CalendarEntry, kind: str, level: str) -> None:
        self._edition, self._entry, self._kind, self._level = edition, entry, kind, level
        in_force = [v for v in edition.levels if v.word == level]
        self._start = day_of(in_force[-1], edition)

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
            proposed = dt.date(self._start.year + 1, month, day) - DAY
            yield self._changes({"filed_on": self._start, "proposed_on": proposed})

    def _anchored(self, *, off: bool) -> tuple[dict[str, dt.date], Day] | None:
        """Days by which the term ends on a day off, or not."""
        anchor = "decided_on" if self._entry.anchor == FROM_CERTIFICATE else self._entry.anchor
        for later in range(200, 230):
            day = self._start + later * DAY
            days = {"filed_on": self._start if anchor != "filed_on" else day, anchor: day}
            term = self.term(days)
            if term and (term.moved_to is not None or term.day.weekday() >= _SATURDAY) is off:
                return days, term
        return None

    def term(self, days: Mapping[str, dt.date]) -> Day | None:
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
                for day in (last, last + DAY) if entry.done_by else ():
                    yield missed | {entry.done_by: day}
        elif entry.filing:
            sides = (last - DAY, last) if entry.filing == "earliest" else (last, last + DAY)
            yield from (days | {"filed_on": day} for day in sides)
        elif entry.done_by:
            yield from (days | {entry.done_by: day} for day in (last, last + DAY))
        else:
            yield from self._idle(days, last)

    def _idle(self, days: dict[str, dt.date], last: dt.date) -> Iterator[dict[str, dt.date]]:
        """Nobody has to act in the term: each other day of the dossier after its end, as far as it can lie there."""
        for name in _PATHS:
            steps = {**days, name: last + DAY}
            order = [steps[step] for step in _PATHS if step in steps and step != "expires_on"]
            if name != self._entry.anchor and order == sorted(order):
                yield steps

    def _missing(self, days: dict[str, dt.date]) -> Iterator[dict[str, dt.date]]:
        """The same days, with the other term kept and then missed."""
        other = next(e for e in self._edition.calendar if e.id == self._entry.if_missed)
        term = Played(self._edition, other, self._kind, self._level).term(days)
        acts = "filed_on" if other.filing else other.done_by
        if term and acts:
            last = term.moved_to or term.day
            by = -DAY if other.filing == "earliest" else DAY
            yield days | {acts: last}
            yield days | {acts: last + by}

    def _rounds(self) -> Iterator[dict[str, dt.date]]:
        """Proposed on the day before the cut-off and on it; decided on the last day for it and the day after."""
        entry, year = self._entry, self._start.year + 1
        cut_off = dt.date(year, *entry.proposed_before)
        decided = dt.date(year, *entry.decided_before)
        decided = decided if decided >= cut_off else dt.date(year + 1, *entry.decided_before)
        filed = {"filed_on": self._start}
        for proposed in (cut_off - DAY, cut_off):
            yield filed | {"proposed_on": proposed}
        for day in (decided - DAY, decided):
            yield filed | {"proposed_on": cut_off - DAY, "decided_on": day}

    def _changes(self, days: Mapping[str, dt.date]) -> Changes:
        return {KIND: self._kind, LEVEL: self._level, **{_PATHS[name]: day.isoformat() for name, day in days.items()}}
