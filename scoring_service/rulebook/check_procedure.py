"""What windows, kinds of application and the calendar must satisfy."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.check_levels import expect_level
from scoring_service.rulebook.model import FROM_CERTIFICATE, CalendarEntry, Edition, Window
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader

_YEAR = 365
_HALF_A_YEAR = 183
_NO_DAYS = (0, 0)
_UNITS = {"days": (1, 1), "working_days": (1, 2), "months": (28, 31)}
"""How many days each unit of a term has at least and at most."""


def check_procedure(edition: Edition, places: Places, reader: Reader) -> None:
    """Note every problem of windows, closings, kinds and the calendar."""
    for number, window in enumerate(edition.windows):
        _check_days(window, places, ("windows", number), reader)
    for number, closing in enumerate(edition.closes):
        _check_days(closing.end, places, ("closes", number), reader)
    _check_kinds(edition, places, reader)
    _check_calendar(edition, places, reader)


def _check_days(window: Window, places: Places, keys: tuple[str, int], reader: Reader) -> None:
    """A window ends after it begins, and what was filed in it can be decided."""
    first, last, decided = window.filed_from, window.filed_until, window.decided_until
    if first and last and last < first:
        at = places.of_edition(*keys, "filed_until")
        reader.problem("ENDS_FIRST", at, first=first, last=last, begins="filed_from", ends="filed_until")
    elif decided and (last or first) and decided < (last or first or decided):
        at = places.of_edition(*keys, "decided_until")
        if last:
            reader.problem("WINDOW_DECIDED", at, filed=last, decided=decided)
        else:
            reader.problem("ENDS_FIRST", at, first=first, last=decided, begins="filed_from", ends="decided_until")


def _check_kinds(edition: Edition, places: Places, reader: Reader) -> None:
    for kinds, position in _kinds_named(edition, places):
        for kind in kinds:
            if kind not in edition.kinds:
                meant = Suggestion.of(kind, edition.kinds)
                reader.problem("APPLICATION_NOT_DECLARED", position, kind=kind, suggestion=meant)
        for kind in sorted({k for k in kinds if kinds.count(k) > 1}):
            reader.problem("ITEM_REPEATED", position, item=kind)
    admitted = {kind for window in edition.windows for kind in window.kinds}
    if edition.amends or not admitted <= set(edition.kinds):
        return  # the amended edition may take the others; a misspelt kind is told already
    for kind in edition.kinds:
        if kind not in admitted:
            reader.problem("KIND_WITHOUT_WINDOW", places.of_edition("kinds", kind), kind=kind)


def _kinds_named(edition: Edition, places: Places) -> Iterator[tuple[tuple[str, ...], Position]]:
    for number, window in enumerate(edition.windows):
        yield window.kinds, places.of_edition("windows", number, "kinds")
    for number, closing in enumerate(edition.closes):
        yield closing.end.kinds, places.of_edition("closes", number, "kinds")
    for entry in edition.calendar:
        yield entry.kinds, places.of_edition("calendar", entry.id, "kinds")
    for council in edition.councils.values():
        yield tuple(council.mode), places.of(f"councils/{council.id}", "mode")


def _check_calendar(edition: Edition, places: Places, reader: Reader) -> None:
    words = dict.fromkeys(level.word for level in edition.levels)
    entries = {entry.id: entry for entry in edition.calendar}
    for entry in edition.calendar:
        if entry.level:
            expect_level(entry.level, words, places.of_edition("calendar", entry.id, "level"), reader)
        if not entry.unit and _NO_DAYS not in (entry.proposed_before, entry.decided_before):
            _check_round(entry, places, reader)
        other = entries.get(entry.if_missed)
        if entry.if_missed and (other is None or other.if_missed or not (other.filing or other.done_by)):
            missable = [
                e.id for e in edition.calendar if (e.filing or e.done_by) and not e.if_missed and e is not entry
            ]
            at = places.of_edition("calendar", entry.id, "if_missed")
            meant = Suggestion.of(entry.if_missed, missable)
            reader.problem("CALENDAR_IF_MISSED", at, entry=entry.if_missed, suggestion=meant)
    _check_filing(edition, places, reader)
    _check_certificate(edition, places, reader)


def _check_certificate(edition: Edition, places: Places, reader: Reader) -> None:
    """No term counts back from the end of a certificate to before its beginning."""
    for entry in edition.calendar:
        if entry.unit and entry.anchor == FROM_CERTIFICATE and -_offset(entry)[1] >= _certificate_days(edition):
            at = places.of_edition("certificate")
            months, place = min(one.months for one in edition.certificates), entry.position
            reader.problem("CERTIFICATE_SHORT", at, months=months, entry=entry.id, place=place)
            return


def _check_round(entry: CalendarEntry, places: Places, reader: Reader) -> None:
    """A round is decided after it is proposed. It may run over the end of a year, and is then short."""
    proposed, decided = (dt.date(2023, *day) for day in (entry.proposed_before, entry.decided_before))
    if not 0 < (decided - proposed).days % _YEAR < _HALF_A_YEAR:
        at = places.of_edition("calendar", entry.id, "decided_before")
        reader.problem("CALENDAR_ROUND", at, proposed=f"{proposed:%m-%d}", decided=f"{decided:%m-%d}")


def _check_filing(edition: Edition, places: Places, reader: Reader) -> None:
    """There is a day between the earliest and the latest one of filing, where both count from one day."""
    opening = [e for e in edition.calendar if e.unit and e.filing == "earliest"]
    closing = [e for e in edition.calendar if e.unit and e.filing == "latest"]
    for one, other in itertools.product(opening, closing):
        shared = [
            k for k in edition.kinds if (not one.kinds or k in one.kinds) and (not other.kinds or k in other.kinds)
        ]
        same = one.anchor == other.anchor and (not one.level or not other.level or one.level == other.level)
        if shared and same and _offset(one)[0] > _offset(other)[1]:
            at = places.of_edition("calendar", other.id)
            reader.problem("CALENDAR_FILING", at, earliest=one.id, latest=other.id, place=one.position)


def _offset(entry: CalendarEntry) -> tuple[int, int]:
    """The least and the most days from the anchor, negative before it; a working day is read as one day or two."""
    least, most = _UNITS[entry.unit]
    ends = (entry.sign * entry.count * least, entry.sign * entry.count * most)
    return min(ends), max(ends)


def _certificate_days(edition: Edition) -> int:
    """The most days that the shortest certificate lasts."""
    return min((one.months for one in edition.certificates), default=0) * 31
