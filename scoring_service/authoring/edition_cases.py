"""The boundary cases of what all sets of an edition share: bands, levels, councils, windows, calendar, certificate.

They are played on one set; windows on a dossier that names no edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scoring_service.authoring.cases_of_councils import council_cases
from scoring_service.authoring.cases_of_days import calendar_cases, window_cases
from scoring_service.authoring.cases_of_levels import band_cases, level_cases
from scoring_service.authoring.changes import EDITION, Base
from scoring_service.authoring.losses import Losses
from scoring_service.authoring.sheet_cases import FULL, Planned, full_base
from scoring_service.rulebook.model import Edition

TAKEN = "taken"
"""The base that names no edition: its days alone say whether this one takes it."""


def edition_bases(edition: Edition) -> dict[str, Base]:
    """The two bases of the edition's own cases."""
    full = full_base(edition, next(iter(edition.sets.values())))
    return {FULL: full, TAKEN: replace(full, fields={k: v for k, v in full.fields.items() if k != EDITION})}


def edition_cases(edition: Edition) -> Iterator[tuple[str, Planned]]:
    """Every case, with the name of its base."""
    losses = Losses(next(iter(edition.sets.values())))
    groups: tuple[tuple[str, Iterable[Planned]], ...] = (
        (FULL, band_cases(edition, losses)),
        (FULL, level_cases(edition, losses)),
        (FULL, council_cases(edition, losses)),
        (FULL, calendar_cases(edition)),
        (TAKEN, window_cases(edition)),
    )
    for base, planned in groups:
        for one in planned:
            yield base, one
