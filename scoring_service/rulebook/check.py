"""What an edition must satisfy beyond its form: bands without hole, levels, councils and kinds that exist, and every sheet."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from scoring_service.rulebook.check_sheets import SHEET_TOTAL, check_sheet, representatives
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.reader import Reader
from scoring_service.text import Position, Text, did_you_mean


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
    """Every mean from 0 to 100 has exactly one band; ends are whole points."""
    for band in edition.bands:
        if not band.interval.low_closed:
            what = Text(
                'Mốc dưới của hạng sao phải tính cả: viết "[70, 90)".',
                'The lower end of a star band is included: write "[70, 90)".',
            )
            reader.problem("band-open", band.position, what)
        for end in (band.interval.low, band.interval.high):
            if end is None or end != end.to_integral_value():
                reader.problem(
                    "band-end",
                    band.position,
                    Text(
                        "Mốc hạng sao phải là số nguyên ở cả hai đầu.", "Both ends of a star band must be whole points."
                    ),
                )
                return
    ends = {end for band in edition.bands for end in (band.interval.low, band.interval.high) if end is not None}
    for value in representatives(ends | {Decimal(0), Decimal(SHEET_TOTAL)}, Decimal(0), Decimal(SHEET_TOTAL)):
        holding = [band for band in edition.bands if value in band.interval]
        if len(holding) != 1:
            names = ", ".join(f"{band.stars}★" for band in holding) or "–"
            reader.problem(
                "band-cover",
                (holding[-1] if holding else edition).position,
                Text(
                    f"Điểm {value} thuộc {len(holding)} hạng ({names}); mỗi mức điểm từ 0 đến 100 phải thuộc đúng một hạng.",
                    f"{value} points belong to {len(holding)} bands ({names}); each value from 0 to 100 must belong to exactly one.",
                ),
            )


def _check_levels(edition: Edition, reader: Reader) -> None:
    words = {level.id for level in edition.levels}
    for level in edition.levels:
        if level.forwards_to:
            _expect_level(level.forwards_to, words, level.position, reader)
        if not level.recognises:
            what = Text(
                "Mỗi cấp cần ít nhất một hạng được công nhận.", "Each level needs at least one rank it recognises."
            )
            reader.problem("level-recognises", level.position, what)
    for word in sorted(words):
        _check_no_overlap(word, edition, reader)
    for entry in edition.calendar:
        if entry.level:
            _expect_level(entry.level, words, entry.position, reader)


def _check_councils(edition: Edition, reader: Reader) -> None:
    words = {level.id for level in edition.levels}
    for word in sorted(words):
        if word not in edition.councils:
            what = Text(f"Thiếu tệp hội đồng councils/{word}.yaml.", f"Council file councils/{word}.yaml is missing.")
            reader.problem("council-missing", edition.position, what)
    for council in edition.councils.values():
        _expect_level(council.level, words, council.position, reader)
        for kind in edition.kinds:
            if kind not in council.mode:
                what = Text(f"'mode' thiếu loại hồ sơ '{kind}'.", f"'mode' lacks the kind of application '{kind}'.")
                reader.problem("mode-missing", council.position, what)


def _check_kinds(edition: Edition, reader: Reader) -> None:
    uses = [(w.kinds, w.position) for w in edition.windows] + [(c.kinds, c.position) for c in edition.calendar]
    uses += [(tuple(c.mode), c.position) for c in edition.councils.values()]
    for kinds, position in uses:
        for kind in kinds:
            if kind not in edition.kinds:
                what = Text(f"Không có loại hồ sơ '{kind}'.", f"There is no kind of application '{kind}'.")
                reader.problem("kind-unknown", position, what + did_you_mean(kind, edition.kinds))


def _expect_level(word: str, words: set[str], position: Position, reader: Reader) -> None:
    if word not in words:
        what = Text(f"Không có cấp '{word}'.", f"There is no level '{word}'.")
        reader.problem("level-unknown", position, what + did_you_mean(word, words))


def _check_no_overlap(word: str, edition: Edition, reader: Reader) -> None:
    """One level of a name at a time."""
    own = sorted((v for v in edition.levels if v.id == word), key=lambda v: v.start or dt.date.min)
    for one, following in itertools.pairwise(own):
        if one.end is None or following.start is None or following.start <= one.end:
            what = Text(
                f"Cấp '{word}': hai giai đoạn '{one.key}' và '{following.key}' chồng nhau.",
                f"Level '{word}': periods '{one.key}' and '{following.key}' overlap.",
            )
            reader.problem("level-overlap", following.position, what)
