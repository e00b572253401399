"""Words of an older edition that an amending one keeps and that name a figure which it changed: they may be true no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scoring_service.plaintext import shorten
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.model import Edition

_DAYS, _MONTHS, _POINTS = "ngày", "tháng", "điểm"
_UNITS = {"days": _DAYS, "working_days": _DAYS, "months": _MONTHS}


def check_stale(editions: Mapping[str, Edition]) -> Iterator[Problem]:
    """A hint at each figure that a decree changed, where texts that it did not rewrite name the old one."""
    for edition in editions.values():
        base = editions.get(edition.amends)
        if base is None:
            continue
        kept = set(_texts(base)) & set(_texts(edition))
        for figure, at in _changed(base, edition):
            named = re.compile(rf"(?<!\d){re.escape(figure)}(?!\w)")
            stale = [text.vi for text in kept if named.search(text.vi)]
            if stale:
                values = {"figure": figure, "count": len(stale), "text": shorten(min(stale))}
                yield Problem("TEXT_STALE", values, position=at)


def _changed(base: Edition, edition: Edition) -> Iterator[tuple[str, Position]]:
    """Figures of the older edition that hold no more, as Vietnamese texts name them, each with the place of the new one."""
    terms = {entry.id: entry for entry in edition.calendar}
    for old in base.calendar:
        new = terms.get(old.id)
        if new and old.unit and (old.count, old.unit) != (new.count, new.unit):
            yield f"{old.count} {_UNITS[old.unit]}", new.position
    if [(c.start, c.months) for c in base.certificates] != [(c.start, c.months) for c in edition.certificates]:
        yield f"{base.certificates[0].months} {_MONTHS}", edition.certificates[-1].position
    bands = {band.stars: band for band in edition.bands}
    for band in base.bands:
        low = band.interval.low
        if low is not None and band.stars in bands and bands[band.stars].interval.low != low:
            yield f"{low} {_POINTS}", bands[band.stars].position


def _texts(edition: Edition) -> Iterator[Label]:
    """What the edition says in its own words, beside its sheets."""
    yield from edition.remarks
    yield from edition.readings.values()
    yield from (council.practice for council in edition.councils.values())
    yield from (one for level in edition.levels for one in (level.below, level.after_forwarding) if one)
    stated = [one.basis for listed in (edition.calendar, edition.levels, edition.bands) for one in listed]
    yield from (basis.why for basis in stated if basis.why)
