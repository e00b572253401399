"""Of the edition: why it judges, the days it counts, and what it wants said of its print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from scoring_service.engine.case import Case
from scoring_service.engine.dates import last_day
from scoring_service.engine.dossier import DOSSIER_FIELDS
from scoring_service.engine.explain.grounds import INFO, WARNING, once
from scoring_service.engine.findings import (
    DecidedLate,
    ExpiryNotStated,
    FiledTooEarly,
    FiledTooLate,
    Finding,
    Ground,
    PowersOfFilingDay,
    Printed,
    PrintOdd,
    PrintShort,
    Remark,
    RoundExceeded,
    SetByNumber,
    TermExceeded,
)
from scoring_service.engine.verdict import Day, Verdict
from scoring_service.rulebook.label import AS_KEPT, COUNTING, DAY_OFF, Basis
from scoring_service.rulebook.model import CalendarEntry


def of_edition(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """Which set and edition, the days, and what every dossier of the set is told."""
    product_set = case.form.product_set
    if case.by_number:
        yield SetByNumber(
            severity=WARNING,
            ground=Ground(reference=product_set.reference, position=product_set.position),
            field="product.set",
            number=product_set.number,
            product_set=product_set.name,
            edition=case.edition.id,
        )
    yield from _days(case, verdict)
    yield from case.form.kept("print").once("", lambda: tuple(_print(case)))


def _days(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """Terms that were not kept, and days without which a term or a power cannot be told."""
    days, edition, window = case.days, case.edition, case.choice.window
    for day in verdict.days:
        if day.missed:
            yield _missed(case, day, next(e for e in edition.calendar if e.id == day.id))
    decided, until = days.decided_on, window.decided_until if window else None
    if window and decided and until and decided > last_day(until):
        ground = Ground(reference=window.reference, position=window.position, basis=window.basis)
        yield DecidedLate(
            severity=WARNING,
            ground=ground,
            field="council.decided_on",
            decided=decided,
            until=last_day(until),
            then=window.late,
        )
    first = case.calendar.awaits_expiry
    if first:
        yield once(case, (ExpiryNotStated, first.id), partial(_expiry_not_stated, first))
    if decided is None and days.filed_on and case.level.end is not None:
        level = case.level
        yield PowersOfFilingDay(
            severity=WARNING,
            ground=Ground(f"level-{level.id}", level.reference, level.position, level.basis),
            field="council.decided_on",
            level=level,
            filed=days.filed_on,
        )


def _expiry_not_stated(first: CalendarEntry) -> Finding:
    ground = Ground(rule=first.id, reference=first.reference, position=first.position)
    return ExpiryNotStated(severity=WARNING, ground=ground, field="application.expires_on")


def _missed(case: Case, day: Day, entry: CalendarEntry) -> Finding:
    """A term that was not kept: by the day of filing, or by the day that ends it."""
    days, last = case.days, day.moved_to or day.day
    counted = DAY_OFF if day.moved_to else COUNTING
    basis = counted if entry.basis.stated else entry.basis
    ground = Ground(rule=entry.id, reference=entry.reference, position=entry.position, basis=basis)
    filed, done_by = days.filed_on, entry.done_by or "decided_on"
    if entry.filing and filed:
        said = FiledTooEarly if entry.filing == "earliest" else FiledTooLate
        return said(severity=WARNING, ground=ground, field="application.filed_on", filed=filed, day=last)
    done: dt.date = getattr(days, done_by)
    field = next(one.path for one in DOSSIER_FIELDS if one.name == done_by)
    said_of = TermExceeded if entry.unit else RoundExceeded
    return said_of(severity=WARNING, ground=ground, field=field, term=entry.name, done=done, day=last)


def _print(case: Case) -> Iterator[Finding]:
    """What every dossier of the product set is told of the print."""
    product_set = case.form.product_set
    for shortfall in product_set.shortfalls:
        yield PrintShort(
            severity=WARNING,
            ground=Ground(
                reference=product_set.reference,
                position=shortfall.position,
                basis=Basis(stated=False, why=shortfall.reading),
            ),
            key=(PrintShort, shortfall.at),
            of=Printed.PART if any(part.code == shortfall.at for part in product_set.parts) else Printed.ITEM,
            at=shortfall.at,
            missing=shortfall.points,
        )
    for odd in product_set.oddities:
        ground = Ground(reference=product_set.reference, position=product_set.position, basis=AS_KEPT)
        yield PrintOdd(severity=INFO, ground=ground, key=(PrintOdd, odd.vi), text=odd)
    for remark in case.edition.remarks:
        ground = Ground(basis=Basis(stated=False, why=remark))
        yield Remark(severity=INFO, ground=ground, key=(Remark, remark.vi), text=remark)
