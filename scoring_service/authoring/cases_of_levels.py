"""The boundary cases of bands and levels: each end of a band, each rank at each level, the first and last day of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from scoring_service.authoring.boundary_files import Heading
from scoring_service.authoring.changes import BETWEEN, DECIDED, FILED, LEVEL, ROLE, Changes
from scoring_service.authoring.losses import Losses
from scoring_service.authoring.sheet_cases import Planned, best, first_day
from scoring_service.rulebook.model import Edition, Level, Role

DAY = dt.timedelta(days=1)


def band_cases(edition: Edition, losses: Losses) -> Iterator[Planned]:
    """Each lower end met exactly, missed by a point, and by a third of one."""
    yield Heading("BOUNDARY_BANDS")
    for band in sorted(edition.bands, key=lambda one: -one.stars):
        end = int(band.interval.low or 0)
        met, missed = losses.total(end), losses.total(end - 1)
        if met is None or missed is None:
            continue
        yield met
        yield missed
        yield sheets(losses, (met, met, missed))


def level_cases(edition: Edition, losses: Losses) -> Iterator[Planned]:
    """What each level does with each rank, and the first and last day of each."""
    for level in edition.levels:
        yield Heading("BOUNDARY_LEVEL", {"level": level})
        day = day_of(level, edition)
        here = {LEVEL: level.word, DECIDED: day.isoformat(), FILED: day.isoformat()}
        for band in sorted(edition.bands, key=lambda one: -one.stars):
            points = int(band.interval.low or 0)
            changes = next(
                (c for p in range(points, edition.total + 1) if (c := losses.total(p, keeping=band.stars)) is not None),
                {},
            )
            yield {**here, **changes}
        for edge in (level.start, level.end):
            for when in (edge - DAY, edge, edge + DAY) if edge else ():
                yield {LEVEL: level.word, DECIDED: when.isoformat(), FILED: when.isoformat()}


def day_of(level: Level, edition: Edition) -> dt.date:
    """A day on which a level is in force."""
    day = max(first_day(edition), level.start or dt.date.min)
    return min(day, level.end) if level.end else day


def sheets(losses: Losses, each: tuple[Changes, ...]) -> Changes:
    """One sheet for each of these changes."""
    numbers = dict.fromkeys(number for changes in each for number in changes)
    options = {n: [changes.get(n) or best(losses.criteria[n]).id for changes in each] for n in numbers}
    changed = {n: own[0] if len(set(own)) == 1 else BETWEEN.join(own) for n, own in options.items()}
    if not any(BETWEEN in value for value in changed.values()):
        changed[ROLE] = BETWEEN.join([Role.MEMBER] * len(each))
    return changed
