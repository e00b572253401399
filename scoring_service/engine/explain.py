"""The reasons: a case and its verdict in, findings out. Called only when somebody asks why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from scoring_service.engine.case import Case, Seat
from scoring_service.engine.dates import CERTIFICATE_END
from scoring_service.engine.findings import (
    AnswersMissing,
    Derived,
    DerivedDiffers,
    FarFromMean,
    FiledTooEarly,
    FiledTooLate,
    Finding,
    ForwardedUp,
    Ground,
    HeldBack,
    KnockedOut,
    KnockOutDivided,
    KnockOutOpen,
    MinimumMissed,
    NoneMet,
    NoQuorum,
    NoRecognition,
    NoSheets,
    NotApplicable,
    NotApplicableAnswered,
    NotOfThisLevel,
    OnOtherForm,
    OtherSheetDiffers,
    Printed,
    PrintShort,
    PrintUnclear,
    QuorumUnknown,
    RecognisableHere,
    Remark,
    RoleDoesNotScore,
    SetByNumber,
    Severity,
    SpreadTooWide,
    StarsByPoints,
    StatedFact,
)
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Mark, Origin
from scoring_service.engine.verdict import Derivation, Missed, Open, Stars, Status, Verdict
from scoring_service.rulebook.label import COUNTING, STATED, Basis
from scoring_service.rulebook.model import Criterion, KnockOut, MinimumBy

_SEVERITIES = _DECIDING, _WARNING, _INFO = tuple(Severity)


def explain(case: Case, verdict: Verdict) -> tuple[Finding, ...]:
    """Every finding, what decided first; those of one weight in the order of the steps."""
    found = [*_sheets(case, verdict), *_council(case, verdict), *_knock_outs(case, verdict)]
    if verdict.status is Status.SCORED:
        found += _stars(case, verdict)
    found += _edition(case, verdict)
    return tuple([one for severity in _SEVERITIES for one in found if one.severity is severity])


def _once(case: Case, key: tuple[object, ...], make: Callable[[], Finding]) -> Finding:
    """A finding that is the same in every dossier it is true of; ``key`` tells everything it depends on beside its form."""
    kept = case.form.findings
    known: Finding | None = kept.known.get(key)
    return kept.once(key, lambda: replace(make(), key=key)) if known is None else known


def _reading(case: Case, name: str) -> Basis:
    """A reading the edition declares."""
    return Basis(stated=False, why=case.edition.readings[name])


# --- sheets ----------------------------------------------------------------------------------------------------------


def _sheets(case: Case, verdict: Verdict) -> Iterator[Finding]:
    derived, noted = {one.criterion: one for one in verdict.derived}, case.form.noted
    for one in verdict.derived:
        yield from _derived(case, one)
    if not verdict.sheets and not verdict.outs:
        yield NoSheets(severity=_DECIDING, field="sheets")
    for seat, voted in zip(case.seating.counted, verdict.sheets, strict=True):
        if verdict.total is None and not verdict.outs and None in voted.marks:
            missing = tuple(c for c, mark in zip(case.form.criteria, voted.marks, strict=True) if mark is None)
            yield AnswersMissing(
                severity=_DECIDING,
                field=f"sheets[{seat.index}].answers",
                assessor=seat.name,
                count=len(missing),
                criteria=missing,
            )
        # Of most marks there is nothing to say; these are the others.
        for place, mark in enumerate(voted.marks):
            if mark and (id(mark) in noted or derived):
                yield from _mark(case, seat, place, mark, derived)


def _derived(case: Case, one: Derivation) -> Iterator[Finding]:
    criterion = case.form.criteria[case.form.places[one.criterion]]
    read = tuple((name, str(case.facts[name])) for name in one.facts)
    if one.option:
        option = case.form.options[one.criterion][one.option]
        yield Derived(
            severity=_INFO,
            ground=Ground(reference=criterion.reference, position=one.position),
            facts=read,
            criterion=criterion,
            option=option,
        )
    if one.unclear:
        why = next(row.unclear for row in criterion.derive if row.position == one.position)
        if why is not None:
            yield PrintUnclear(
                severity=_WARNING,
                ground=Ground(reference=criterion.reference, position=one.position, basis=Basis(stated=False, why=why)),
                facts=read,
                criterion=criterion,
                stated=tuple((StatedFact(case.edition.facts[name], value) for name, value in read)),
                why=why,
            )


def _mark(case: Case, seat: Seat, place: int, mark: Mark, derived: dict[str, Derivation]) -> Iterator[Finding]:
    """What is worth saying of one mark; of most there is nothing."""
    criterion = case.form.criteria[place]
    if mark.origin is Origin.NOT_APPLICABLE:
        yield _not_applicable(case, seat, place, criterion)
        return
    if derived and mark.origin is Origin.ASSESSOR:
        one = derived.get(criterion.number)
        if one and one.option and one.option != mark.option:
            options = case.form.options[criterion.number]
            yield DerivedDiffers(
                severity=_WARNING,
                ground=Ground(reference=criterion.reference, position=criterion.position),
                field=_answer(seat, criterion),
                criterion=criterion,
                assessor=seat.name,
                chosen=options[mark.option],
                option=options[one.option],
            )
    if criterion.none_met and mark.option == criterion.none_met.id:
        yield _once(
            case,
            (NoneMet, seat.index, place),
            lambda: NoneMet(
                severity=_INFO,
                ground=Ground(
                    reference=criterion.reference, position=criterion.position, basis=_reading(case, "none_met")
                ),
                field=_answer(seat, criterion),
                criterion=criterion,
            ),
        )


def _not_applicable(case: Case, seat: Seat, place: int, criterion: Criterion) -> Finding:
    rule, own = criterion.only_if, seat.marks[place]
    assert rule is not None
    if own is not None and own.points > 0:
        return NotApplicableAnswered(
            severity=_WARNING,
            ground=Ground(reference=criterion.reference, position=rule.position, basis=rule.basis),
            field=_answer(seat, criterion),
            criterion=criterion,
            assessor=seat.name,
            chosen=case.form.options[criterion.number][own.option],
        )
    return _once(
        case,
        (NotApplicable, seat.index, place),
        lambda: NotApplicable(
            severity=_INFO,
            ground=Ground(reference=criterion.reference, position=rule.position, basis=rule.basis),
            field=_answer(seat, criterion),
            criterion=criterion,
            other=case.form.criteria[case.form.places[rule.criterion]],
            at_least=rule.at_least,
        ),
    )


def _answer(seat: Seat, criterion: Criterion) -> str:
    return f"sheets[{seat.index}].answers.{criterion.number}"


# --- the council: practice, so no decision is cited ------------------------------------------------------------------


def _council(case: Case, verdict: Verdict) -> Iterator[Finding]:
    rules, council, seats = case.council_rules, verdict.council, case.seating.counted
    practice = Ground(f"council-{rules.id}", "", rules.position, Basis(stated=False, why=rules.practice))
    quorum = council.quorum
    if quorum is None and rules.quorum is not None and len(seats) > 1 and case.members is None:
        yield QuorumUnknown(severity=_INFO, ground=practice, field="council.members")
    elif quorum is not None and not quorum.enough and rules.quorum is not None:
        yield NoQuorum(
            severity=_DECIDING,
            ground=practice,
            field="council.members",
            present=quorum.present,
            members=quorum.members,
            chair=quorum.chair,
            needed=quorum.needed,
            share=rules.quorum,
            chair_needed=rules.chair_needed,
        )
    yield from _distances(case, verdict, practice)
    yield from _beside(case, verdict, practice)


def _distances(case: Case, verdict: Verdict, practice: Ground) -> Iterator[Finding]:
    """How far the members stand apart."""
    rules, council = case.council_rules, verdict.council
    names = {seat.index: seat.name for seat in case.seating.counted}
    if not council.spread_passes and council.spread is not None and rules.spread_limit is not None:
        totals = {one.sheet: one.total or 0 for one in verdict.sheets}
        high, low = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
        yield SpreadTooWide(
            severity=_DECIDING,
            ground=practice,
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
                    severity=_WARNING,
                    ground=practice,
                    assessor=names[one.sheet],
                    total=one.total,
                    distance=abs(one.total - verdict.total.exact),
                    far=rules.far,
                )


def _beside(case: Case, verdict: Verdict, practice: Ground) -> Iterator[Finding]:
    """Sheets that do not count."""
    names = {seat.index: seat.name for seat in case.seating.others}
    for aside in case.other_forms:
        yield OnOtherForm(severity=_INFO, field=f"sheets[{aside.index}]", assessor=aside.name, edition=aside.edition)
    for seat in case.seating.silent:
        yield RoleDoesNotScore(
            severity=_INFO, ground=practice, field=f"sheets[{seat.index}]", assessor=seat.name, role=seat.role
        )
    for other in verdict.council.others:
        if other.differences:
            yield OtherSheetDiffers(
                severity=_INFO,
                field=f"sheets[{other.sheet}]",
                sheet_kind=other.kind,
                assessor=names[other.sheet],
                criteria=tuple(case.form.criteria[case.form.places[d.criterion]] for d in other.differences),
            )


# --- knock-outs ------------------------------------------------------------------------------------------------------


def _knock_outs(case: Case, verdict: Verdict) -> Iterator[Finding]:
    rules = case.form.product_set.knock_outs
    for one in verdict.outs:
        out = rules[one.index]
        yield KnockedOut(
            severity=_DECIDING, ground=_rest(out), facts=one.facts, points=one.points, effect=out.effect, knock_out=out
        )
    for waiting in verdict.open:
        yield _once(case, (KnockOutOpen, waiting.index, waiting.facts), partial(_open, case, waiting))
    names = {seat.index: seat.name for seat in case.seating.counted} if verdict.divided else {}
    for split in verdict.divided:
        out = rules[split.index]
        yield KnockOutDivided(
            severity=_WARNING,
            ground=_rest(out),
            effect=out.effect,
            knock_out=out,
            assessors=tuple(names[index] for index in split.sheets),
        )


def _open(case: Case, waiting: Open) -> Finding:
    out = case.form.product_set.knock_outs[waiting.index]
    return KnockOutOpen(
        severity=_WARNING,
        ground=_rest(out),
        field=f"facts.{waiting.facts[0]}",
        effect=out.effect,
        knock_out=out,
        unknown=tuple(case.edition.facts[name] for name in waiting.facts),
    )


def _rest(out: KnockOut) -> Ground:
    return Ground(out.id, out.reference, out.position, out.basis)


# --- stars -----------------------------------------------------------------------------------------------------------


def _stars(case: Case, verdict: Verdict) -> Iterator[Finding]:
    stars, total, by_points = verdict.stars, verdict.total, verdict.by_points
    if stars is None or total is None or by_points is None:
        return
    alone, council = total.sheets == 1, case.council_rules.id  # the means of several sheets are too many to be kept
    reached = partial(_by_points, case, total, by_points)
    yield _once(case, (StarsByPoints, total.sum, council), reached) if alone else reached()
    after = stars.after_minimums
    for one in verdict.missed:
        decides = after < one.stars <= by_points
        missed = partial(_missed, case, one, decides=decides)
        key = (MinimumMissed, one.criterion, one.stars, one.got, one.by, one.mean.sum, decides, council)
        yield _once(case, key, missed) if alone else missed()
    if after < by_points:
        barred = tuple(dict.fromkeys(one.criterion for one in verdict.missed if one.stars == after + 1))
        yield _once(case, (HeldBack, by_points, after, barred), partial(_held_back, case, by_points, after, barred))
    lines = (after, stars.recognisable, stars.potential)
    yield _once(case, ("recognition", case.level.id, *lines), partial(_recognition, case, stars))


def _by_points(case: Case, total: Mean, stars: int) -> Finding:
    band = next(b for b in case.edition.bands if b.stars == stars)
    return StarsByPoints(
        severity=_DECIDING,
        ground=Ground(rule=f"band-{stars}", reference=band.reference, position=band.position, basis=band.basis),
        points=(("", total),),
        total=total,
        band=band.interval,
        stars=stars,
    )


def _held_back(case: Case, by_points: int, after: int, barred: tuple[str, ...]) -> Finding:
    form = case.form
    return HeldBack(
        severity=_DECIDING,
        ground=Ground(
            rule="minimums",
            reference=form.product_set.reference,
            position=form.product_set.position,
            basis=_reading(case, "minimums"),
        ),
        by_points=by_points,
        after_minimums=after,
        criteria=tuple(form.criteria[form.places[number]] for number in barred),
    )


def _missed(case: Case, one: Missed, *, decides: bool) -> Finding:
    """With several sheets the council file says how their ticks combine, which is practice and not the decision."""
    criterion = case.form.criteria[case.form.places[one.criterion]]
    basis = next(m.basis for m in criterion.minimums if m.stars == one.stars)
    several = one.mean.sheets > 1 or one.by is not MinimumBy.MEAN
    if several and basis.stated:
        basis = Basis(stated=False, why=case.council_rules.practice)
    return MinimumMissed(
        severity=_DECIDING if decides else _INFO,
        ground=Ground(
            rule=f"minimum-{one.criterion}-{one.stars}",
            reference=criterion.reference,
            position=criterion.position,
            basis=basis,
        ),
        points=((one.criterion, one.mean),),
        criterion=criterion,
        got=one.mean if one.by is MinimumBy.MEAN or one.got.denominator > 1 else int(one.got),
        by=one.by if several else None,
        stars=one.stars,
        needed=one.needed,
    )


def _recognition(case: Case, stars: Stars) -> Finding:
    level, after = case.level, stars.after_minimums
    ground = Ground(f"level-{level.id}", level.reference, level.position, level.basis)
    if stars.potential:
        to = next(v for v in case.edition.levels if v.word == stars.forward_to)
        return ForwardedUp(severity=_DECIDING, ground=ground, level=level, to=to, stars=after)
    if stars.recognisable:
        return RecognisableHere(
            severity=_DECIDING, ground=ground, level=level, stars=after, months=case.edition.certificate_months
        )
    if after < case.ladder.lowest:
        return NoRecognition(severity=_DECIDING, ground=ground, stars=after)
    return NotOfThisLevel(severity=_DECIDING, ground=ground, level=level, stars=after, what_then=level.below)


# --- the edition -----------------------------------------------------------------------------------------------------


def _edition(case: Case, verdict: Verdict) -> Iterator[Finding]:
    product_set = case.form.product_set
    if case.by_number:
        yield SetByNumber(
            severity=_WARNING,
            ground=Ground(reference=product_set.reference, position=product_set.position),
            field="product.set",
            number=product_set.number,
            product_set=product_set.name,
            edition=case.edition.id,
        )
    filed = case.days.filed_on
    for day in verdict.days:
        if day.missed and filed and day.id != CERTIFICATE_END:
            entry = next(e for e in case.edition.calendar if e.id == day.id)
            said = FiledTooEarly if filed < day.day else FiledTooLate
            yield said(
                severity=_WARNING,
                ground=Ground(
                    rule=entry.id,
                    reference=entry.reference,
                    position=entry.position,
                    basis=COUNTING if entry.basis.stated else entry.basis,
                ),
                field="application.filed_on",
                filed=filed,
                day=day.day,
            )
    yield from case.form.kept("print").once("", lambda: tuple(_print(case)))


def _print(case: Case) -> Iterator[Finding]:
    """What every dossier of the product set is told of the print."""
    product_set = case.form.product_set
    for shortfall in product_set.shortfalls:
        yield PrintShort(
            severity=_WARNING,
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
    for remark in case.edition.remarks:
        ground = Ground(basis=Basis(stated=False, why=remark))
        yield Remark(severity=_INFO, ground=ground, key=(Remark, remark.vi), text=remark)


def line_basis(case: Case, criterion: Criterion, marks: tuple[Mark, ...]) -> Basis:
    """Whether the print gives the options of a criterion, and the chosen one among them."""
    if not all(option.printed for option in criterion.options):
        return _reading(case, "binary")
    if criterion.none_met and any(mark.option == criterion.none_met.id for mark in marks):
        return _reading(case, "none_met")
    return STATED
