"""What star bands must satisfy: one band for each mean, whole ends, more points never fewer stars, a band for each rank asked for."""

from __future__ import annotations

import itertools
from collections import defaultdict
from decimal import Decimal

from scoring_service.problems import Position
from scoring_service.rulebook.facts import Interval, representatives
from scoring_service.rulebook.model import Band, Edition
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader

_FEW = 3
"""So many minimums without a band are told each at its place; more of them are the mistake of the bands."""


def check_bands(edition: Edition, places: Places, reader: Reader) -> bool:
    """Note every problem of the bands; whether they are sound, so that ranks may be held against them."""
    before = len(reader.problems)
    for band in edition.bands:
        if not band.interval.low_closed:
            reader.problem("BAND_OPEN", band.position)
        for end in (band.interval.low, band.interval.high):
            if end is None or end != end.to_integral_value():
                reader.problem("BAND_END", band.position)
                return False
            if not 0 <= end <= edition.total:
                reader.problem("BAND_BEYOND", band.position, end=end, total=edition.total)
                return False
    _check_cover(edition, places, reader)
    if len(reader.problems) == before:
        _check_order(edition, reader)
        _check_ranks(edition, places, reader)
    return len(reader.problems) == before


def _check_cover(edition: Edition, places: Places, reader: Reader) -> None:
    """Every mean from 0 to the total has exactly one band; a hole or an overlap is told once, from its first point to its last."""
    ends = {end for band in edition.bands for end in band.interval.ends}
    total = Decimal(edition.total)
    ends |= {Decimal(0), total}
    seen = [
        (value, tuple(band for band in edition.bands if value in band.interval))
        for value in representatives(ends, Decimal(0), total)
    ]
    for holding, run in itertools.groupby(range(len(seen)), key=lambda place: seen[place][1]):
        if len(holding) != 1:
            stretch = list(run)
            first, last = seen[stretch[0]][0], seen[stretch[-1]][0]
            low = first if first in ends else seen[stretch[0] - 1][0]
            high = last if last in ends else seen[stretch[-1] + 1][0]
            reader.problem(
                "BAND_COVER",
                _culprit(holding, low, edition, places),
                range=str(Interval(low, high, low_closed=first in ends, high_closed=last in ends)),
                count=len(holding),
                names=", ".join(f"{band.stars}★" for band in holding) or "–",
                total=edition.total,
            )


def _culprit(holding: tuple[Band, ...], low: Decimal, edition: Edition, places: Places) -> Position:
    """Of the bands that overlap, or beside a hole those that end below it, the one of the edition's own files; else the last."""
    ending = [(band.interval.high, band) for band in edition.bands if band.interval.high is not None]
    below = max((end for end, _ in ending if end <= low), default=None)
    found = [band.position for band in holding or (band for end, band in ending if end == below)]
    beside = found or [edition.position]
    own = [at for at in (*beside, *(band.position for band in edition.bands)) if places.is_own(at)]
    return beside[-1] if places.is_own(beside[-1]) or not own else own[0]


def _check_order(edition: Edition, reader: Reader) -> None:
    rising = sorted(edition.bands, key=_low)
    for lower, higher in itertools.pairwise(rising):
        if higher.stars < lower.stars:
            reader.problem(
                "BAND_ORDER",
                higher.position,
                stars=higher.stars,
                low=_low(higher),
                others=lower.stars,
                under=_low(lower),
            )
            return


def _low(band: Band) -> Decimal:
    return band.interval.low or Decimal(0)


def _check_ranks(edition: Edition, places: Places, reader: Reader) -> None:
    """Each rank that a star minimum asks for has a band."""
    ranks = {band.stars for band in edition.bands}
    asked: dict[int, list[Position]] = defaultdict(list)
    for criterion in (c for s in edition.sets.values() for c in s.criteria()):
        for minimum in criterion.minimums:
            if minimum.stars not in ranks and minimum.position not in asked[minimum.stars]:
                asked[minimum.stars].append(minimum.position)
    for stars, at in sorted(asked.items()):
        if len(at) > _FEW:
            bands = places.of_edition("bands")
            reader.problem("BAND_MISSING", bands, stars=stars, count=len(at), place=at[0])
        else:
            for position in at:
                reader.problem("MINIMUM_NO_BAND", position, stars=stars, ranks=tuple(sorted(ranks)))
