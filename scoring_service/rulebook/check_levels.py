"""What levels and councils must satisfy: periods that join, ways up that end, every rank recognised by somebody, a council for each."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from fractions import Fraction

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.model import CouncilRules, Edition, Level
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader

_DAY = dt.timedelta(days=1)
_HALF = Fraction(1, 2)


def check_levels(edition: Edition, places: Places, reader: Reader, *, bands_sound: bool) -> None:
    """Note every problem of the levels; their stars are held against the bands only where these are sound."""
    words = dict.fromkeys(level.word for level in edition.levels)
    before = len(reader.problems)
    for level in edition.levels:
        at = places.of_edition("levels", level.id, "forwards_to")
        if level.forwards_to:
            expect_level(level.forwards_to, words, at, reader)
        if not level.recognises:
            reader.problem("LEVEL_RECOGNISES", level.position)
        for stars in sorted({s for s in level.recognises if level.recognises.count(s) > 1}):
            reader.problem("ITEM_REPEATED", places.of_edition("levels", level.id, "recognises"), item=stars)
        if level.start and level.end and level.end < level.start:
            until = places.of_edition("levels", level.id, "until")
            reader.problem("ENDS_FIRST", until, first=level.start, last=level.end, begins="from", ends="until")
    for word in sorted(words.keys() - {v.word for v in edition.levels if v.start and v.end and v.end < v.start}):
        _check_periods(word, edition, places, reader)
    if len(reader.problems) > before:
        return
    _check_ways_up(edition, places, reader)
    if bands_sound and len(reader.problems) == before:
        _check_recognition(edition, places, reader)


def expect_level(word: str, words: Iterable[str], position: Position, reader: Reader) -> None:
    """Note that there is no level of that name, where there is none."""
    if word not in words:
        reader.problem("LEVEL_NOT_DECLARED", position, word=word, suggestion=Suggestion.of(word, words))


def _check_periods(word: str, edition: Edition, places: Places, reader: Reader) -> None:
    """One level of a name at a time, and no day between two of its periods."""
    own = sorted((v for v in edition.levels if v.word == word), key=lambda v: v.start or dt.date.min)
    for one, following in itertools.pairwise(own):
        if one.end is None or following.start is None or following.start <= one.end:
            reader.problem("LEVEL_OVERLAP", following.position, word=word, one=one.id, other=following.id)
        elif one.end + _DAY != following.start:
            at = places.of_edition("levels", following.id, "from")
            first, last = one.end + _DAY, following.start - _DAY
            reader.problem("LEVEL_HOLE", at, word=word, first=first, last=last)


def _days_of_change(edition: Edition) -> list[dt.date | None]:
    """A day of each state that the levels are in while the edition takes dossiers and some level has power; ``None``: after all changes."""
    begin = min((w.filed_from or edition.issued for w in edition.windows), default=edition.issued)
    starts = {v.start for v in edition.levels if v.start}
    ends = {v.end + _DAY for v in edition.levels if v.end and v.end < dt.date.max}
    days: list[dt.date | None] = [begin, *sorted(day for day in starts | ends if day > begin), None]
    return [day for day in days if any(level.covers(day) for level in edition.levels)]


def _check_ways_up(edition: Edition, places: Places, reader: Reader) -> None:
    """What is sent up arrives at a level with power on that day, and never comes back."""
    for day in _days_of_change(edition):
        on = {v.word: v for v in edition.levels if v.covers(day)}
        for level in on.values():
            if level.forwards_to and level.forwards_to not in on:
                at = places.of_edition("levels", level.id, "forwards_to")
                reader.problem("LEVEL_FORWARDS_NOWHERE", at, word=level.word, to=level.forwards_to)
                return
            way, here = [level.word], level
            while here.forwards_to in on and here.forwards_to not in way:
                here = on[here.forwards_to]
                way.append(here.word)
            if here.forwards_to == level.word:
                at = places.of_edition("levels", here.id, "forwards_to")
                reader.problem("LEVEL_CIRCLE", at, way=" → ".join((*way, level.word)))
                return


def _check_recognition(edition: Edition, places: Places, reader: Reader) -> None:
    """Nobody recognises a rank that no band gives, and on any day somebody each rank from the lowest that is recognised, or asked for, up."""
    ranks = sorted(band.stars for band in edition.bands)
    for level in edition.levels:
        for stars in (s for s in level.recognises if s not in ranks):
            at = places.of_edition("levels", level.id, "recognises")
            reader.problem("LEVEL_STARS", at, level=level.id, stars=stars, ranks=tuple(ranks))
    asked = {m.stars for s in edition.sets.values() for c in s.criteria() for m in c.minimums}
    lowest = min({s for level in edition.levels for s in level.recognises} | asked, default=1)
    for stars in (r for r in ranks if r >= lowest):
        if not any(stars in level.recognises for level in edition.levels):
            top = next((v for v in edition.levels if not v.forwards_to), edition.levels[-1])
            at = places.of_edition("levels", top.id, "recognises")
            reader.problem("STARS_NOT_RECOGNISED", at, stars=stars)
            continue
        for day in _days_of_change(edition):
            if not any(level.covers(day) and stars in level.recognises for level in edition.levels):
                last = _last_before(day, stars, edition)
                at = places.of_edition("levels", last.id, "until" if last.end else "from") if last else edition.position
                reader.problem("STARS_UNRECOGNISED_SINCE", at, stars=stars, day=day or (last.end if last else None))
                break


def _last_before(day: dt.date | None, stars: int, edition: Edition) -> Level | None:
    """The level that recognised these stars before a day, or else the next one that will."""
    own = [v for v in edition.levels if stars in v.recognises]
    ended = [v for v in own if v.end and (day is None or v.end < day)]
    return max(ended, key=lambda v: v.end or dt.date.min) if ended else min(own, key=lambda v: v.start or dt.date.min)


def check_councils(edition: Edition, places: Places, reader: Reader) -> None:
    """Note every problem of the council files."""
    words = dict.fromkeys(level.word for level in edition.levels)
    for word in sorted(words):
        if word not in edition.councils:
            reader.problem("COUNCIL_MISSING", places.of_edition("levels", word), word=word)
    for council in edition.councils.values():
        file = f"councils/{council.id}"
        at = places.of(file, "level")
        expect_level(council.level, words, at, reader)
        if council.id in words and council.level in words and council.level != council.id:
            reader.problem("COUNCIL_FILE", at, name=council.id, level=council.level)
        forwarding = [v for v in edition.levels if v.word == council.level and v.forwards_to]
        may = {stars for level in forwarding for stars in level.recognises}
        if council.meanwhile and council.meanwhile not in may:
            at = places.of(file, "meanwhile")
            reader.problem("COUNCIL_MEANWHILE", at, stars=council.meanwhile, level=council.level)
        for kind in edition.kinds:
            if kind not in council.mode:
                reader.problem("MODE_MISSING", places.of(file, "mode"), kind=kind)
        _check_figures(council, edition, places, reader)


def _check_figures(council: CouncilRules, edition: Edition, places: Places, reader: Reader) -> None:
    """Figures of a council that contradict each other, or are probably a slip."""
    file, limit, far = f"councils/{council.id}", council.spread_limit, council.far
    if limit is not None and limit >= edition.total:
        reader.problem("SPREAD_LIMIT", places.of(file, "spread"), limit=limit, total=edition.total)
    elif limit is not None and far is not None and far > limit:
        reader.problem("SPREAD_FAR", places.of(file, "spread"), limit=limit, far=far)
    if council.quorum is not None and council.quorum < _HALF:
        reader.problem("QUORUM_LOW", places.of(file, "quorum"), share=str(council.quorum))
    for role in dict.fromkeys(role for role in council.scorers if council.scorers.count(role) > 1):
        reader.problem("ITEM_REPEATED", places.of(file, "scorers"), item=role.value)
