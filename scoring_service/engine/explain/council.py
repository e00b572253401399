"""Of the council: practice, so no decision is cited but where one states the rule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scoring_service.engine.case import Case
from scoring_service.engine.explain.grounds import DECIDING, INFO, WARNING, once, practice
from scoring_service.engine.findings import (
    AgreedSheetOpen,
    DifferOnPapers,
    FarFromMean,
    FewerSheets,
    Finding,
    Ground,
    NoAgreedSheet,
    NoQuorum,
    OnOtherForm,
    OtherSheetDiffers,
    QuorumUnknown,
    RoleDoesNotScore,
    SpreadTooWide,
)
from scoring_service.engine.mean import Rounded
from scoring_service.engine.verdict import Verdict
from scoring_service.rulebook.model import MinimumBy


def of_council(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """Quorum, distances between members, and the sheets that do not count."""
    rules, council, seats = case.council_rules, verdict.council, case.seating.counted
    ground, on_quorum, quorum = practice(case), practice(case, "quorum"), council.quorum
    if quorum is None and rules.quorum is not None and len(seats) > 1 and case.members is None:
        unknown = partial(QuorumUnknown, severity=WARNING, ground=on_quorum, field="council.members")
        yield once(case, (QuorumUnknown, rules.id), unknown)
    elif quorum is not None and not quorum.enough and rules.quorum is not None:
        yield NoQuorum(
            severity=DECIDING,
            ground=on_quorum,
            field="council.members",
            present=quorum.present,
            members=quorum.members,
            chair=quorum.chair,
            needed=quorum.needed,
            share=rules.quorum,
            chair_needed=rules.chair_needed,
            deputy_presides=rules.chair_needed and rules.deputy_presides,
        )
    if rules.minimum_by is MinimumBy.AGREED and len(seats) > 1:
        yield from _agreed(case, verdict, practice(case, "minimums"))
    earlier = [seat.round for seat in case.seating.earlier]
    before = earlier.count(max(earlier, default=0))
    if len(seats) < before:
        yield FewerSheets(severity=WARNING, ground=ground, field="sheets", now=len(seats), before=before)
    yield from _distances(case, verdict, ground)
    yield from _papers(case, verdict)
    yield from _beside(case, verdict, ground)


def _agreed(case: Case, verdict: Verdict, ground: Ground) -> Iterator[Finding]:
    """Where minimums are held against the agreed sheet: that there is none, or which of those that bar the next rank it leaves open."""
    agreed = case.seating.agreed
    if agreed is None:
        yield NoAgreedSheet(severity=WARNING, ground=ground, field="sheets")
        return
    following = verdict.stars.after_minimums + 1 if verdict.stars else 0
    missed = {one.criterion for one in verdict.missed if one.stars == following}
    left_open = tuple(
        floor.criterion
        for floor in case.form.floors
        if floor.criterion.number in missed and agreed.marks[floor.place] is None
    )
    if left_open:
        yield AgreedSheetOpen(
            severity=WARNING, ground=ground, field=f"sheets[{agreed.index}].answers", criteria=left_open
        )


def _distances(case: Case, verdict: Verdict, ground: Ground) -> Iterator[Finding]:
    """How far the members stand apart."""
    rules, council = case.council_rules, verdict.council
    names = {seat.index: seat.name for seat in case.seating.counted}
    if not council.spread_passes and council.spread is not None and rules.spread_limit is not None:
        totals = {one.sheet: one.total or 0 for one in verdict.sheets}
        high, low = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
        yield SpreadTooWide(
            severity=DECIDING,
            ground=practice(case, "spread"),
            spread=council.spread,
            limit=rules.spread_limit,
            high_assessor=names[high],
            high=totals[high],
            low_assessor=names[low],
            low=totals[low],
        )
    if council.far and verdict.total and rules.far is not None:
        for one in verdict.sheets:
            if one.sheet in council.far and one.total is not None:
                yield FarFromMean(
                    severity=WARNING,
                    ground=ground,
                    assessor=names[one.sheet],
                    total=one.total,
                    distance=Rounded(abs(one.total - verdict.total.exact), rules.decimals),
                    far=rules.far,
                )


def _papers(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """A certificate is there or it is not: it cannot be met by half of the members."""
    if len(verdict.sheets) < 2:  # noqa: PLR2004
        return
    criteria = tuple(
        case.form.criteria[place]
        for place in case.form.proven
        if len({mark.option for one in verdict.sheets if (mark := one.marks[place])}) > 1
    )
    if criteria:
        yield DifferOnPapers(
            severity=WARNING, ground=Ground("proving", basis=case.edition.proving.basis), criteria=criteria
        )


def _beside(case: Case, verdict: Verdict, ground: Ground) -> Iterator[Finding]:
    """Sheets that do not count."""
    names = {seat.index: seat.name for seat in case.seating.others}
    for aside in case.other_forms:
        yield OnOtherForm(severity=INFO, field=f"sheets[{aside.index}]", assessor=aside.name, edition=aside.edition)
    for seat in case.seating.silent:
        yield RoleDoesNotScore(
            severity=INFO, ground=ground, field=f"sheets[{seat.index}]", assessor=seat.name, role=seat.role
        )
    for other in verdict.council.others:
        if other.differences:
            yield OtherSheetDiffers(
                severity=INFO,
                field=f"sheets[{other.sheet}]",
                sheet_kind=other.kind,
                assessor=names[other.sheet],
                criteria=tuple(case.form.criteria[case.form.places[d.criterion]] for d in other.differences),
            )
