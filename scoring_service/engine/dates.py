"""The days that matter for a dossier, from the edition's calendar. Data in, days out; nothing is decided here."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

import holidays

from scoring_service.engine.case import Case
from scoring_service.engine.verdict import Day
from scoring_service.rulebook.model import CalendarEntry

CERTIFICATE_END = "certificate-end"
_SATURDAY = 5


def days_of(case: Case, *, recognised: bool) -> tuple[Day, ...]:
    """Terms and rounds that apply to this kind of application and level, in order of their days.

    In a term the day of the event is not counted; working days leave out Saturdays, Sundays and public holidays.
    """
    days, edition = case.days, case.edition
    found: list[Day] = []
    end = None
    if recognised and days.decided_on:
        end = add_months(days.decided_on, edition.certificate_months)
        found.append(Day(CERTIFICATE_END, end, missed=False, position=edition.position))
    own = _own(case)
    for entry in own:
        if entry.unit:
            start = end if entry.anchor == "certificate_end" else getattr(days, entry.anchor)
            if start is not None:
                day = _count(start, entry)
                found.append(Day(entry.id, day, _missed(entry, day, days.filed_on), entry.position))
    if days.proposed_on:
        found += _next_round([e for e in own if not e.unit], days.proposed_on)
    found.sort(key=lambda one: one.day)
    return tuple(found)


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
        if day.weekday() < _SATURDAY and day not in _holidays(day.year):
            count -= 1
    return day


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def _count(start: dt.date, entry: CalendarEntry) -> dt.date:
    if entry.unit == "months":
        return add_months(start, entry.sign * entry.count)
    if entry.unit == "working_days":
        return add_working_days(start, entry.count, entry.sign)
    return start + dt.timedelta(days=entry.sign * entry.count)


def _missed(entry: CalendarEntry, day: dt.date, filed: dt.date | None) -> bool:
    if filed is None:
        return False
    return (entry.filing == "earliest" and filed < day) or (entry.filing == "latest" and filed > day)


def _own(case: Case) -> list[CalendarEntry]:
    """The entries for this kind of application and level."""
    kind, level = case.application, case.level.word
    return case.form.kept("calendar").once(
        (kind, level),
        lambda: [e for e in case.edition.calendar if (not e.kinds or kind in e.kinds) and e.level in ("", level)],
    )


def _next_round(rounds: list[CalendarEntry], proposed_on: dt.date) -> Iterator[Day]:
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
    yield Day(entry.id, decided, missed=False, position=entry.position)
