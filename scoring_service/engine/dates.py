"""The days that matter for a dossier, from the edition's calendar. Data in, days out; nothing is decided here."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

import holidays

from scoring_service.engine.assessment import DateNote, Severity
from scoring_service.engine.case import Case
from scoring_service.rulebook.model import Basis, CalendarEntry
from scoring_service.text import Text

_SATURDAY = 5
_COUNTING = Basis(
    stated=False,
    why=Text(
        "Cách đếm: ngày mốc không tính; ngày làm việc trừ thứ Bảy, Chủ nhật và ngày lễ",
        "Counting: the day of the event is not counted; working days leave out Saturdays, Sundays and public holidays",
    ),
)


def date_notes(case: Case, *, recognised: bool) -> tuple[DateNote, ...]:
    """Terms and rounds that apply to this kind of application and level, in order of their days."""
    dossier, edition = case.dossier, case.edition
    anchors = {
        "filed_on": dossier.filed_on,
        "proposed_on": dossier.proposed_on,
        "complete_on": dossier.complete_on,
        "decided_on": dossier.decided_on,
        "expires_on": dossier.expires_on,
        "certificate_end": None,
    }
    notes: list[DateNote] = []
    if recognised and dossier.decided_on:
        end = add_months(dossier.decided_on, edition.certificate_months)
        anchors["certificate_end"] = end
        name = Text("Giấy chứng nhận hết hạn", "The certificate expires")
        notes.append(DateNote("certificate-end", name, end, edition.certificate_reference, edition.position, _COUNTING))
    own = [e for e in edition.calendar if _applies(e, case)]
    for entry in own:
        start = anchors[entry.anchor] if entry.unit else None
        if start is not None:
            notes.append(_note(entry, _count(start, entry), entry.name))
    if dossier.proposed_on:
        notes += _next_round([e for e in own if not e.unit], dossier.proposed_on)
    return tuple(sorted(notes, key=lambda n: n.day))


def say_missed_window(case: Case, notes: tuple[DateNote, ...]) -> None:
    """Say when an application was filed before its earliest or after its latest day."""
    filing = {entry.id: entry.filing for entry in case.edition.calendar if entry.filing}
    filed = case.dossier.filed_on
    for note in notes if filed else ():
        side = filing.get(note.id)
        if filed and ((side == "earliest" and filed < note.day) or (side == "latest" and filed > note.day)):
            case.note(
                "filed_too_early" if side == "earliest" else "filed_too_late",
                Severity.WARNING,
                note,
                basis=note.basis,
                rule=note.id,
                path="application.filed_on",
                filed=filed.isoformat(),
                day=note.day.isoformat(),
            )


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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


def _applies(entry: CalendarEntry, case: Case) -> bool:
    return (not entry.kinds or case.dossier.kind in entry.kinds) and entry.level in ("", case.level.id)


def _next_round(rounds: list[CalendarEntry], proposed_on: dt.date) -> list[DateNote]:
    """The first round whose cut-off lies after the proposal: its cut-off and the day before which it is decided."""
    coming = [
        (cut_off, entry)
        for entry in rounds
        for year in (proposed_on.year, proposed_on.year + 1)
        if proposed_on < (cut_off := dt.date(year, *entry.proposed_before))
    ]
    if not coming:
        return []
    cut_off, entry = min(coming, key=lambda item: item[0])
    decided = dt.date(cut_off.year, *entry.decided_before)
    if decided < cut_off:
        decided = dt.date(cut_off.year + 1, *entry.decided_before)
    return [_note(entry, decided, entry.name + Text(": quyết định trước ngày", ": decided before"))]


def _note(entry: CalendarEntry, day: dt.date, name: Text) -> DateNote:
    basis = entry.basis if not entry.basis.stated else _COUNTING
    return DateNote(entry.id, name, day, entry.reference, entry.position, basis)
