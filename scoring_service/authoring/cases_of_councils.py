"""The boundary cases of councils."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from scoring_service.authoring.boundary_files import Heading
from scoring_service.authoring.cases_of_levels import day_of, sheets
from scoring_service.authoring.changes import (
    BETWEEN,
    DECIDED,
    FILED,
    KIND,
    LEVEL,
    MEMBERS,
    MODE,
    ROLE,
    RULES,
    SHEET_KIND,
    Changes,
)
from scoring_service.authoring.losses import Losses
from scoring_service.authoring.sheet_cases import Planned
from scoring_service.engine.dossier import SheetKind
from scoring_service.rulebook.model import CouncilRules, Criterion, Edition, Mode, Role

_SITTINGS = (4, 7)
"""Sizes of councils that tell neighbouring shares apart: of 4 and 7, three quarters are 3 and 6, two thirds 3 and 5."""


def council_cases(edition: Edition, losses: Losses) -> Iterator[Planned]:
    """Each council file: who sits, how far sheets stand apart, how ticks combine, roles, what is recognised meanwhile, modes."""
    for council in edition.councils.values():
        yield Heading("BOUNDARY_COUNCIL", {"council": council})
        level = next(v for v in reversed(edition.levels) if v.word == council.level)
        here = {LEVEL: level.word, RULES: council.id, FILED: day_of(level, edition).isoformat()}
        for changes in (*_sitting(council), *_apart(council, losses), *_ticks(losses), *_roles(losses)):
            yield {**here, **changes}
        if level.forwards_to:
            yield {**here, DECIDED: day_of(level, edition).isoformat()}
        yield from ({**here, KIND: kind} for kind in edition.kinds)
        yield from ({**here, MODE: mode} for mode in Mode)


def _sitting(council: CouncilRules) -> Iterator[Changes]:
    """The quorum met and missed by one in councils of several sizes, and met without the chair, with a deputy and with none."""
    if council.quorum is None:
        return
    for members in _SITTINGS:
        needed = -(-members * council.quorum.numerator // council.quorum.denominator)
        for present in (needed - 1, needed):
            if present:
                yield {MEMBERS: str(members), ROLE: BETWEEN.join([Role.CHAIR, *[Role.MEMBER] * (present - 1)])}
    for first in (Role.MEMBER, Role.DEPUTY):
        yield {MEMBERS: str(_SITTINGS[0]), ROLE: BETWEEN.join([first, *[Role.MEMBER] * (_SITTINGS[0] - 1)])}


def _apart(council: CouncilRules, losses: Losses) -> Iterator[Changes]:
    """Totals as far apart as is allowed and a point more; a sheet just far from the mean, and one not quite."""
    if council.spread_limit is not None:
        limit = int(council.spread_limit)
        for apart in (limit - 1, limit, limit + 1):
            changes = losses.losing(apart)
            if changes:
                yield sheets(losses, ({}, changes))
    if council.far is not None:
        for far in _farthest(council.far, int(council.spread_limit or council.far * 2)):
            each = [losses.losing(lost) for lost in far]
            if None not in each:
                yield sheets(losses, tuple(e or {} for e in each))


def _farthest(far: Fraction, most: int) -> Iterator[tuple[int, ...]]:
    """Losses of three sheets of which one lies exactly so far from the mean, and of which one lies as near below as can be."""
    below: tuple[Fraction, tuple[int, ...]] | None = None
    exact: tuple[int, ...] | None = None
    for lost in ((0, a, b) for a in range(most + 1) for b in range(a, most + 1)):
        centre = Fraction(sum(lost), 3)
        distance = max(abs(one - centre) for one in lost)
        if distance == far:
            exact = exact or lost
        elif distance < far and (below is None or distance > below[0]):
            below = (distance, lost)
    yield from (found for found in (exact, below[1] if below else None) if found)


def _ticks(losses: Losses) -> Iterator[Changes]:
    """Ticks on one criterion by which the ways to combine them for a minimum differ: of members, and beside an agreed sheet."""
    for criterion in losses.criteria.values():
        found = list(_dividing(criterion, criterion.minimums[-1].points)) if criterion.minimums else []
        if None not in found and found:
            yield from (changes for changes in found if changes)
            return


def _dividing(criterion: Criterion, least: int) -> Iterator[Changes | None]:
    """Of a minimum of so many points; nothing where the options do not give such ticks."""
    ids = {o.points: o.id for o in reversed(list(criterion.choices()))}
    ordered = sorted(ids)
    triples = list(itertools.combinations_with_replacement(ordered, 3))
    for fitting in (
        [t for t in triples if sum(t) < 3 * least <= 3 * t[1]],  # the mean misses it, the majority has it
        [t for t in triples if sum(t) >= 3 * least > 3 * t[0]],  # the mean has it, not all have
        [t for t in triples if t[1] < least <= t[2]],  # a single sheet has it
    ):
        yield {criterion.number: BETWEEN.join(ids[p] for p in fitting[0])} if fitting else None
    below = [p for p in ordered if p < least]
    kinds = BETWEEN.join((SheetKind.COUNCIL, SheetKind.COUNCIL, SheetKind.AGREED))
    for council, agreed in ((below[-1:], [least]), ([least], below[-1:])):
        ticks = [ids[p] for p in (*council, *council, *agreed)]
        yield {SHEET_KIND: kinds, criterion.number: BETWEEN.join(ticks)} if below else None


def _roles(losses: Losses) -> Iterator[Changes]:
    """A sheet of each role beside the chair's, with another total, so that one that counts too much or too little is seen."""
    changes = losses.losing(1) or {}
    for role in Role:
        if role is not Role.CHAIR:
            yield {ROLE: BETWEEN.join((Role.CHAIR, role)), **sheets(losses, ({}, changes))}
