"""What an edition must satisfy beyond its form: bands without hole, levels, councils and kinds that exist, and every sheet."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from decimal import Decimal

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.check_sheets import check_sheet
from scoring_service.rulebook.facts import representatives
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.reader import Reader


def check_edition(edition: Edition, reader: Reader) -> None:
    """Note every problem of the whole edition in ``reader``.

    What could not be read is not judged again: a file with problems is spared the checks that would only repeat them in other
    words (sums, above all), and gets all others, so that one run shows as much as it can.
    """
    broken = {p.position.file.partition("/")[2] for p in reader.problems if p.position}
    if not broken & {"edition.yaml"} and not any(name.startswith("councils/") for name in broken):
        _check_bands(edition, reader)
        _check_levels(edition, reader)
        _check_councils(edition, reader)
        _check_kinds(edition, reader)
    shared = any(not name.startswith(("sets/", "councils/")) for name in broken)
    for product_set in edition.sets.values():
        own = product_set.position.file.partition("/")[2]
        check_sheet(product_set, edition, reader, sums=not shared and own not in broken)


def _check_bands(edition: Edition, reader: Reader) -> None:
    """Every mean from 0 to the total has exactly one band; ends are whole points."""
    for band in edition.bands:
        if not band.interval.low_closed:
            reader.problem("BAND_OPEN", band.position)
        for end in (band.interval.low, band.interval.high):
            if end is None or end != end.to_integral_value():
                reader.problem("BAND_END", band.position)
                return
    ends = {end for band in edition.bands for end in (band.interval.low, band.interval.high) if end is not None}
    total = Decimal(edition.total)
    for value in representatives(ends | {Decimal(0), total}, Decimal(0), total):
        holding = [band for band in edition.bands if value in band.interval]
        if len(holding) != 1:
            names = ", ".join(f"{band.stars}★" for band in holding) or "–"
            reader.problem(
                "BAND_COVER",
                (holding[-1] if holding else edition).position,
                value=value,
                count=len(holding),
                names=names,
                total=edition.total,
            )


def _check_levels(edition: Edition, reader: Reader) -> None:
    words = dict.fromkeys(level.word for level in edition.levels)
    for level in edition.levels:
        if level.forwards_to:
            _expect_level(level.forwards_to, words, level.position, reader)
        if not level.recognises:
            reader.problem("LEVEL_RECOGNISES", level.position)
    for word in sorted(words):
        _check_no_overlap(word, edition, reader)
    entries = {entry.id: entry for entry in edition.calendar}
    for entry in edition.calendar:
        if entry.level:
            _expect_level(entry.level, words, entry.position, reader)
        other = entries.get(entry.if_missed)
        if entry.if_missed and (other is None or other.if_missed or not (other.filing or other.done_by)):
            missable = [
                e.id for e in edition.calendar if (e.filing or e.done_by) and not e.if_missed and e is not entry
            ]
            meant = Suggestion.of(entry.if_missed, missable)
            reader.problem("CALENDAR_IF_MISSED", entry.position, entry=entry.if_missed, suggestion=meant)


def _check_councils(edition: Edition, reader: Reader) -> None:
    words = dict.fromkeys(level.word for level in edition.levels)
    for word in sorted(words):
        if word not in edition.councils:
            reader.problem("COUNCIL_MISSING", edition.position, word=word)
    for council in edition.councils.values():
        _expect_level(council.level, words, council.position, reader)
        forwarding = [v for v in edition.levels if v.word == council.level and v.forwards_to]
        may = {stars for level in forwarding for stars in level.recognises}
        if council.meanwhile and council.meanwhile not in may:
            reader.problem("COUNCIL_MEANWHILE", council.position, stars=council.meanwhile, level=council.level)
        for kind in edition.kinds:
            if kind not in council.mode:
                reader.problem("MODE_MISSING", council.position, kind=kind)


def _check_kinds(edition: Edition, reader: Reader) -> None:
    uses = [(w.kinds, w.position) for w in edition.windows] + [(c.kinds, c.position) for c in edition.calendar]
    uses += [(tuple(c.mode), c.position) for c in edition.councils.values()]
    for kinds, position in uses:
        for kind in kinds:
            if kind not in edition.kinds:
                reader.problem(
                    "APPLICATION_NOT_DECLARED", position, kind=kind, suggestion=Suggestion.of(kind, edition.kinds)
                )


def _expect_level(word: str, words: Iterable[str], position: Position, reader: Reader) -> None:
    if word not in words:
        reader.problem("LEVEL_NOT_DECLARED", position, word=word, suggestion=Suggestion.of(word, words))


def _check_no_overlap(word: str, edition: Edition, reader: Reader) -> None:
    """One level of a name at a time."""
    own = sorted((v for v in edition.levels if v.word == word), key=lambda v: v.start or dt.date.min)
    for one, following in itertools.pairwise(own):
        if one.end is None or following.start is None or following.start <= one.end:
            reader.problem("LEVEL_OVERLAP", following.position, word=word, one=one.id, other=following.id)
