"""The days that matter for a dossier, from the edition's calendar. Data in, days out; nothing is decided here."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import holidays

from scoring_service.engine.verdict import Day
from scoring_service.rulebook.model import CERTIFICATE_END, FROM_CERTIFICATE, CalendarEntry, Edition

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a dossier; ``None`` where it does not state one."""

    filed_on: dt.date | None = None
    proposed_on: dt.date | None = None
    complete_on: dt.date | None = None
    decided_on: dt.date | None = None
    expires_on: dt.date | None = None


class Calendar:
    """Terms and rounds that apply to one kind of application at one level, from a dossier's own days."""

    def __init__(self, edition: Edition, application: str, level: str, days: Days) -> None:
        self._edition, self._application, self._level, self._days = edition, application, level, days
        self._known: dict[bool, tuple[Day, ...]] = {}
        from_expiry = (e for e in edition.calendar if e.anchor == "expires_on" and self._applies(e))
        self.awaits_expiry = None if days.expires_on else next(from_expiry, None)
        """The first term that counts from the day on which a certificate expires, where that day is not stated."""

    def days(self, *, recognised: bool) -> tuple[Day, ...]:
        """The days in their order; where something is ``recognised``, with the end of its certificate.

        In a term the day of the event is not counted; working days leave out Saturdays, Sundays and public holidays.
        """
        known = self._known.get(recognised)
        if known is None:
            known = self._known[recognised] = tuple(sorted(self._all(recognised=recognised), key=lambda one: one.day))
        return known

    def _all(self, *, recognised: bool) -> Iterator[Day]:
        days, edition = self._days, self._edition
        end = None
        if recognised and days.decided_on:
            granted = edition.certificate(days.decided_on)
            end = add_months(days.decided_on, granted.months)
            yield Day(CERTIFICATE_END, end, None, missed=False, position=granted.position)
        own = [entry for entry in edition.calendar if self._applies(entry)]
        terms = {}
        for entry in own:
            if entry.unit:
                start = end if entry.anchor == FROM_CERTIFICATE else getattr(days, entry.anchor)
                if start is not None:
                    terms[entry.id] = self._term(entry, _count(start, entry))
        for entry in own:
            found = terms.get(entry.id)
            before = terms.get(entry.if_missed)
            if found and (not entry.if_missed or (before is not None and before.missed)):
                yield found
        if days.proposed_on:
            yield from _next_round([e for e in own if not e.unit], days.proposed_on, days.decided_on)

    def _term(self, entry: CalendarEntry, day: dt.date) -> Day:
        """A term with its end. Whoever acts on the working day after a day off is not late."""
        last = day if entry.stays or entry.filing == "earliest" else last_day(day)
        filed, moved = self._days.filed_on, last if last != day else None
        done: dt.date | None = getattr(self._days, entry.done_by) if entry.done_by else None
        missed = (
            (entry.filing == "earliest" and filed is not None and filed < day)
            or (entry.filing == "latest" and filed is not None and filed > last)
            or (done is not None and done > last)
        )
        return Day(entry.id, day, moved, missed=missed, position=entry.position)

    def _applies(self, entry: CalendarEntry) -> bool:
        return (not entry.kinds or self._application in entry.kinds) and entry.level in ("", self._level)


def last_day(day: dt.date) -> dt.date:
    """The end of a term that ends on ``day``: the next working day where that is a day off (civil code 2015, article 148.5)."""
    return add_working_days(day, 1) if _is_off(day) else day


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def add_working_days(day: dt.date, count: int, sign: int = 1) -> dt.date:
    """The day after (or before) so many working days of Vietnam, the first day not counted."""
    while count:
        day += dt.timedelta(days=sign)
        if not _is_off(day):
            count -= 1
    return day


def _is_off(day: dt.date) -> bool:
    return day.weekday() >= _SATURDAY or day in _holidays(day.year)


@lru_cache(maxsize=128)
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(_vietnam()(years=year))


@lru_cache
def _vietnam() -> type[holidays.HolidayBase]:
    """The calendar of Vietnam alone; asked by name, the library loads those of all countries, which take 9 MiB."""
    spec = spec_from_file_location("holidays_of_vietnam", Path(holidays.__file__).parent / "countries" / "vietnam.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Vietnam  # type: ignore[no-any-return]


def _count(start: dt.date, entry: CalendarEntry) -> dt.date:
    if entry.unit == "months":
        return add_months(start, entry.sign * entry.count)
    if entry.unit == "working_days":
        return add_working_days(start, entry.count, entry.sign)
    return start + dt.timedelta(days=entry.sign * entry.count)


def _next_round(rounds: list[CalendarEntry], proposed_on: dt.date, decided_on: dt.date | None) -> Iterator[Day]:
    """The first round whose cut-off lies after the proposal: the day before which it is decided."""
    coming = [
        (cut_off, entry)
        for entry in rounds
        for year in (proposed_on.year, proposed_on.year + 1)
        if proposed_on < (cut_off := dt.date(year, *entry.proposed_before))
    ]
    if not coming:
        return
    cut_off, entry = min(coming, key=lambda item: item[0])
    decided = dt.date(cut_off.year, *entry.decided_before)
    if decided < cut_off:
        decided = dt.date(cut_off.year + 1, *entry.decided_before)
    missed = decided_on is not None and decided_on >= decided
    yield Day(entry.id, decided, None, missed=missed, position=entry.position)
