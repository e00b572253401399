"""Mutants of what all sets of an edition share: bands, levels, windows, calendar, certificate, councils."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring_service.authoring.mutants import Mutant, Place, replaced, shifted, signed
from scoring_service.rulebook.facts import Interval
from scoring_service.rulebook.forms_of_editions import UNITS
from scoring_service.rulebook.model import FROM_CERTIFICATE, CalendarEntry, CouncilRules, Edition, MinimumBy, Mode, Role

_DAY = dt.timedelta(days=1)
_DAYS = ("filed_on", "proposed_on", "complete_on", "decided_on", "expires_on")


def mutants_of_edition(edition: Edition) -> Iterator[Mutant]:
    """All of them, in the order of the edition file, then the councils."""
    yield from _windows(edition)
    yield from _bands(edition)
    yield from _levels(edition)
    yield from _certificate(edition)
    yield from _calendar(edition)
    for council in edition.councils.values():
        yield from _Council(edition, council).all()


def _listed(edition: Edition, name: str, index: int) -> Callable[..., Callable[[], Edition]]:
    """What makes an edition of which one item of a list has other fields, or is dropped where none are named."""
    items: tuple[Any, ...] = getattr(edition, name)

    def changing(**changes: object) -> Callable[[], Edition]:
        by = (replace(items[index], **changes),) if changes else ()
        return lambda: replace(edition, **{name: replaced(items, index, *by)})  # type: ignore[arg-type]

    return changing


def _windows(edition: Edition) -> Iterator[Mutant]:
    for index, window in enumerate(edition.windows):
        place = Place(f"windows/{index + 1}", f"windows {index + 1}", window.position)
        make = _listed(edition, "windows", index)
        yield from _days(place, window, ("filed_from", "filed_until", "decided_until"), make)
        for kind in window.kinds:
            yield place.dropped("kinds", kind, make(kinds=tuple(k for k in window.kinds if k != kind)))
        for kind in (k for k in edition.kinds if k not in window.kinds):
            yield place.added("kinds", kind, make(kinds=(*window.kinds, kind)))


def _days(
    place: Place, of: object, names: tuple[str, ...], make: Callable[..., Callable[[], Edition]]
) -> Iterator[Mutant]:
    """Each day one later, one earlier, and left out."""
    for name in names:
        day: dt.date | None = getattr(of, name)
        if day is not None:
            for by in (1, -1):
                yield place.changed(name, signed(by), day, day + by * _DAY, make(**{name: day + by * _DAY}))
            yield place.dropped(name, "", make(**{name: None}))


def _bands(edition: Edition) -> Iterator[Mutant]:
    bands = edition.bands
    for index, band in enumerate(bands):
        place = Place(f"bands/{band.stars}", f"{band.stars}★", band.position)
        for mark, changed in _moved(band.interval):
            make = _listed(edition, "bands", index)(interval=changed)
            yield place.changed("band", f".{mark}", band.interval, changed, make)
    for band in bands:
        end = band.interval.low
        place = Place("bands", f"{band.stars}★", band.position)
        for by in (1, -1) if end else ():
            moved = tuple(replace(b, interval=shifted(b.interval, end, Decimal(by))) for b in bands)  # type: ignore[arg-type]
            yield place.changed("band", f".{end}{signed(by)}", end, end + by, _with(edition, bands=moved))  # type: ignore[operator]
    for (i, one), (j, other) in itertools.pairwise(enumerate(bands)):
        exchanged = replaced(replaced(bands, i, replace(one, stars=other.stars)), j, replace(other, stars=one.stars))
        place = Place("bands", "", one.position)
        yield place.swapped("band", f"{one.stars}★", f"{other.stars}★", _with(edition, bands=exchanged))


def _moved(interval: Interval) -> Iterator[tuple[str, Interval]]:
    """A band with one end a point higher or lower, or opened or closed."""
    for by in (1, -1):
        if interval.low is not None:
            yield f"low{signed(by)}", replace(interval, low=interval.low + by)
        if interval.high is not None:
            yield f"high{signed(by)}", replace(interval, high=interval.high + by)
    yield "low-closed", replace(interval, low_closed=not interval.low_closed)
    yield "high-closed", replace(interval, high_closed=not interval.high_closed)


def _with(edition: Edition, **changes: object) -> Callable[[], Edition]:
    return lambda: replace(edition, **changes)  # type: ignore[arg-type]


def _levels(edition: Edition) -> Iterator[Mutant]:
    for index, level in enumerate(edition.levels):
        place = Place(f"levels/{level.id}", level.id, level.position)
        make = _listed(edition, "levels", index)
        own = level.recognises
        for stars in (band.stars for band in edition.bands):
            if stars in own:
                yield place.dropped("recognises", stars, make(recognises=tuple(s for s in own if s != stars)))
            else:
                yield place.added("recognises", stars, make(recognises=tuple(sorted((*own, stars)))))
        yield from _days(place, level, ("start", "end"), make)
        if level.forwards_to:
            yield place.dropped("forwards_to", level.forwards_to, make(forwards_to=""))
        words = dict.fromkeys(v.word for v in edition.levels)
        for word in (w for w in words if w not in (level.word, level.forwards_to)):
            yield place.changed("forwards_to", f":{word}", level.forwards_to, word, make(forwards_to=word))


def _certificate(edition: Edition) -> Iterator[Mutant]:
    for index, one in enumerate(edition.certificates):
        name = f"certificate/{one.start}" if one.start else "certificate"
        place, make = Place(name, name, one.position), _listed(edition, "certificates", index)
        for by in (1, -1):
            yield place.changed("months", signed(by), one.months, one.months + by, make(months=one.months + by))
        if one.start:
            yield place.dropped("certificate", one.start, make())
            yield from _days(place, one, ("start",), make)


# --- calendar --------------------------------------------------------------------------------------------------------


def _calendar(edition: Edition) -> Iterator[Mutant]:
    for index, entry in enumerate(edition.calendar):
        place = Place(f"calendar/{entry.id}", entry.id, entry.position)
        make = _listed(edition, "calendar", index)
        yield place.dropped("calendar", "", make())
        yield from _term(place, entry, make) if entry.unit else _round(place, entry, make)
        for kind in edition.kinds:
            if kind in entry.kinds and len(entry.kinds) > 1:
                yield place.dropped("kinds", kind, make(kinds=tuple(k for k in entry.kinds if k != kind)))
            elif entry.kinds and kind not in entry.kinds:
                yield place.added("kinds", kind, make(kinds=(*entry.kinds, kind)))
            elif not entry.kinds:
                yield place.dropped("kinds", kind, make(kinds=tuple(k for k in edition.kinds if k != kind)))
        words = dict.fromkeys(v.word for v in edition.levels)
        for word in ("", *words):
            if word != entry.level and len(words) > 1:
                yield place.changed("level", f":{word}", entry.level, word, make(level=word))


def _term(place: Place, entry: CalendarEntry, make: Callable[..., Callable[[], Edition]]) -> Iterator[Mutant]:
    for by in (1, -1):
        yield place.changed("count", signed(by), entry.count, entry.count + by, make(count=entry.count + by))
    yield place.changed("direction", "", signed(entry.sign), signed(-entry.sign), make(sign=-entry.sign))
    for unit in (u for u in UNITS if u != entry.unit):
        yield place.changed("unit", f":{unit}", entry.unit, unit, make(unit=unit))
    for anchor in (a for a in (*_DAYS, FROM_CERTIFICATE) if a != entry.anchor):
        yield place.changed("anchor", f":{anchor}", entry.anchor, anchor, make(anchor=anchor))
    yield place.changed("stays", "", entry.stays, not entry.stays, make(stays=not entry.stays))
    for filing in (f for f in ("", "earliest", "latest") if f != entry.filing and not entry.done_by):
        yield place.changed("filing", f":{filing}", entry.filing, filing, make(filing=filing))
    for day in (d for d in ("", *_DAYS) if d != entry.done_by and not entry.filing):
        yield place.changed("done_by", f":{day}", entry.done_by, day, make(done_by=day))
    if entry.if_missed:
        yield place.dropped("if_missed", entry.if_missed, make(if_missed=""))


def _round(place: Place, entry: CalendarEntry, make: Callable[..., Callable[[], Edition]]) -> Iterator[Mutant]:
    for name in ("proposed_before", "decided_before"):
        month, day = getattr(entry, name)
        for by in (1, -1):
            moved = dt.date(2027, month, day) + by * _DAY
            after = (moved.month, moved.day)
            yield place.changed(
                name, signed(by), f"{month:02}-{day:02}", f"{after[0]:02}-{after[1]:02}", make(**{name: after})
            )


# --- councils --------------------------------------------------------------------------------------------------------


class _Council:
    """The mutants of one council file."""

    def __init__(self, edition: Edition, council: CouncilRules) -> None:
        self._edition, self._council = edition, council
        self._place = Place(f"councils/{council.id}", council.id, council.position)

    def all(self) -> Iterator[Mutant]:
        council, place, make = self._council, self._place, self._make
        yield from self._numbers()
        yield place.changed(
            "chair", "", council.chair_needed, not council.chair_needed, make(chair_needed=not council.chair_needed)
        )
        if council.chair_needed:
            presides = not council.deputy_presides
            yield place.changed("deputy", "", council.deputy_presides, presides, make(deputy_presides=presides))
        for way in (m for m in MinimumBy if m is not council.minimum_by):
            yield place.changed("minimum_by", f":{way}", council.minimum_by, way, make(minimum_by=way))
        for kind, mode in council.mode.items():
            other = next(m for m in Mode if m is not mode)
            yield place.changed("mode", f".{kind}:{other}", mode, other, make(mode={**council.mode, kind: other}))
        for role in Role:
            if role in council.scorers:
                yield place.dropped("scorers", role, make(scorers=tuple(r for r in council.scorers if r is not role)))
            else:
                yield place.added("scorers", role, make(scorers=(*council.scorers, role)))
        for stars in (0, *(band.stars for band in self._edition.bands)):
            if stars != council.meanwhile:
                yield place.changed("meanwhile", f":{stars}", council.meanwhile, stars, make(meanwhile=stars))

    def _numbers(self) -> Iterator[Mutant]:
        council, place, make = self._council, self._place, self._make
        share = council.quorum
        if share is not None:
            top, bottom = share.numerator, share.denominator
            others = {
                Fraction(n, d)
                for n, d in ((top - 1, bottom), (top + 1, bottom), (top, bottom + 1), (top, bottom - 1))
                if d
            }
            for other in sorted(o for o in others if 0 < o <= 1 and o != share):
                yield place.changed("quorum", f":{other}", share, other, make(quorum=other))
            yield place.dropped("quorum", "", make(quorum=None))
        for name, attribute in (("spread", "spread_limit"), ("far", "far")):
            value: Fraction | None = getattr(council, attribute)
            if value is not None:
                for by in (1, -1):
                    yield place.changed(name, signed(by), value, value + by, make(**{attribute: value + by}))
                yield place.dropped(name, "", make(**{attribute: None}))
        for by in (1, -1):
            if council.decimals + by >= 0:
                decimals = council.decimals + by
                yield place.changed("decimals", signed(by), council.decimals, decimals, make(decimals=decimals))

    def _make(self, **changes: object) -> Callable[[], Edition]:
        councils, id_ = self._edition.councils, self._council.id
        changed = replace(self._council, **changes)  # type: ignore[arg-type]
        return lambda: replace(self._edition, councils={**councils, id_: changed})
