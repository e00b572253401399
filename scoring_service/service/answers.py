"""Assessments out: as much of a result as is wanted, in the languages wanted. Names are matched, nothing is decided.

An answer is joined from encoded pieces. What does not depend on the dossier is encoded once for its form, see ``Form.kept``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache, partial

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service import __version__
from scoring_service.engine.case import Case
from scoring_service.engine.compare import SideBySide
from scoring_service.engine.engine import Assessment
from scoring_service.engine.findings import Finding, Severity
from scoring_service.engine.kept import Kept
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Form
from scoring_service.engine.verdict import Day
from scoring_service.rulebook.label import Basis
from scoring_service.rulebook.model import Level
from scoring_service.service.lines import lines
from scoring_service.service.pieces import framed
from scoring_service.service.requests import Wanted
from scoring_service.service.values import Voice, fraction, named_values, place, points, voice
from scoring_service.service.verdicts import MODE, ROLE, SHEET_KIND, STATUS, enum_numbers, verdict_to_pb
from scoring_service.telling import report

_NO_DISTANCE = fraction(Fraction(0))
_SEVERITY = enum_numbers(pb.Severity, Severity)
_FINDINGS, _FULL, _SHEET = pb.EXPLAIN_LEVEL_FINDINGS, pb.EXPLAIN_LEVEL_FULL, pb.EXPLAIN_LEVEL_SHEET


def assessment_to_pb(a: Assessment, wanted: Wanted) -> pb.Assessment:
    """The message of an assessment."""
    return pb.Assessment.FromString(assessment_bytes(a, wanted))


def assessment_bytes(a: Assessment, wanted: Wanted) -> bytes:
    """The encoded message of an assessment."""
    case, say = a.case, voice(wanted.languages)
    kept = case.form.kept(("answers", say.languages))
    pieces = [_head(case.form), *_result(a, say, named=wanted.explain >= _SHEET)]
    if wanted.explain >= _FINDINGS:
        pieces += _reasons(a, say, kept)
    if wanted.explain >= _FULL:
        pieces += lines(case, a.verdict, say, with_sheet=wanted.explain >= _SHEET)
    if wanted.verdict:
        pieces.append(pb.Assessment(verdict=verdict_to_pb(case, a.verdict)).SerializeToString())
    return b"".join(pieces)


def compared_to_pb(both: SideBySide, languages: tuple[str, ...]) -> pb.CompareResponse:
    """The message of a comparison."""
    say, wanted = voice(languages), Wanted(_FINDINGS, languages)
    return pb.CompareResponse(
        left=assessment_to_pb(both.left, wanted),
        right=assessment_to_pb(both.right, wanted),
        summary=say.say(lambda to: report.compared(to, both)),
        reasons=[
            *(pb.CompareReason(code=r.code, text=[report.reason(to, r) for to in say.tellers]) for r in both.reasons),
            *(
                pb.CompareReason(
                    code=o.finding.code, side=o.side, text=[report.only(to, o.side, o.finding) for to in say.tellers]
                )
                for o in both.only
            ),
        ],
        lines=[
            pb.ComparedLine(
                name=say.label(line.left.name if line.left else line.right.name if line.right else None),
                left_criterion=line.left.number if line.left else "",
                left=points(line.left_points),
                right_criterion=line.right.number if line.right else "",
                right=points(line.right_points),
                difference=fraction(line.difference) if line.difference is not None else None,
            )
            for line in both.lines
        ],
    )


# --- the result ------------------------------------------------------------------------------------------------------


def _head(form: Form) -> bytes:
    """By which rules."""
    edition = form.edition
    return form.kept("head").once(
        "",
        lambda: pb.Assessment(
            product_set=form.product_set.slug, edition=edition.id, digest=edition.digest, engine_version=__version__
        ).SerializeToString(),
    )


def _result(a: Assessment, say: Voice, *, named: bool) -> list[bytes]:
    """What was decided. ``named``: the parts with their names."""
    verdict, case = a.verdict, a.case
    kept, decimals = case.form.kept(("points", say.languages if named else ())), case.council.decimals
    pieces = [_ending(STATUS[verdict.status], provisional=verdict.provisional)]
    if case.id:
        pieces.append(pb.Assessment(id=case.id).SerializeToString())
    total, stars, sheets = verdict.total, verdict.stars, len(verdict.sheets)
    if total is not None:
        of = (sheets, decimals)
        pieces.append(kept.once((total.sum, *of), lambda: pb.Assessment(total=points(total)).SerializeToString()))
        for at, part in enumerate(verdict.parts):
            pieces.append(kept.once((at, part, *of), partial(_part, case, at, part, sheets, say if named else None)))
    if stars is not None:
        lines = (verdict.by_points, stars.after_minimums, stars.recognisable, stars.forward_to, stars.potential)
        pieces.append(_stars(*lines))
    return pieces


@lru_cache
def _ending(status: int, *, provisional: bool) -> bytes:
    return pb.Assessment(status=status, provisional=provisional).SerializeToString()  # type: ignore[arg-type]


@lru_cache
def _stars(by_points: int | None, after_minimums: int, recognisable: int, forward_to: str, potential: int) -> bytes:
    stars = pb.Stars(
        by_points=by_points,
        after_minimums=after_minimums,
        recognisable=recognisable,
        forward_to=forward_to,
        potential=potential or None,
    )
    return pb.Assessment(stars=stars).SerializeToString()


def _part(case: Case, at: int, total: int, sheets: int, say: Voice | None) -> bytes:
    part = case.form.product_set.parts[at]
    mean = Mean(total, sheets, part.max, case.council.decimals)
    told = pb.PartPoints(code=part.code, points=points(mean), name=say.label(part.name) if say else ())
    return pb.Assessment(parts=[told]).SerializeToString()


# --- why -------------------------------------------------------------------------------------------------------------


def _reasons(a: Assessment, say: Voice, kept: Kept) -> Iterable[bytes]:
    case = a.case
    yield from [_finding(finding, say, case.form) for finding in a.findings]
    yield pb.Assessment(summary=[report.summary(to, a) for to in say.tellers]).SerializeToString()
    yield _council(a, say, kept)
    for day in a.verdict.days:
        yield kept.once(("day", day.id, day.day), lambda day=day: _day(case, day, say))  # type: ignore[misc]
    window, filed = case.choice.window, case.days.filed_on
    yield kept.once(("choice", window and window.position, case.application, filed), lambda: _choice(case, say))
    yield kept.once(("level", case.level.id), lambda: _names(case.form, case.level, say))


def _finding(finding: Finding, say: Voice, form: Form) -> bytes:
    """A finding as it stands inside an ``Assessment``; what names somebody is never kept."""
    if finding.key is None:
        return _encoded(finding, say, form)
    return form.kept(("findings", say.languages)).once(finding.key, lambda: _encoded(finding, say, form))


def _encoded(finding: Finding, say: Voice, form: Form) -> bytes:
    ground = finding.ground
    message = pb.Finding(
        code=finding.code,
        severity=_SEVERITY[finding.severity],
        text=[report.finding(to, form, finding) for to in say.tellers],
        rule=ground.rule,
        values=named_values(finding.values(), say),
        facts=[pb.ReadFact(fact=fact, value=value) for fact, value in finding.facts],
        points=[pb.ReadPoints(criterion=number, points=points(mean)) for number, mean in finding.points],
        reference=ground.reference,
        source=place(ground.position),
        basis=say.basis(ground.basis),
        field=finding.field,
    )
    return pb.Assessment(findings=[message]).SerializeToString()


def _day(case: Case, day: Day, say: Voice) -> bytes:
    words = [report.day(to, case, day) for to in say.tellers]
    note = pb.DateNote(
        id=day.id,
        name=[w.name for w in words],
        day=day.day.isoformat(),
        reference=words[0].reference,
        source=place(day.position),
        basis=say.basis(words[0].basis),
    )
    return pb.Assessment(dates=[note]).SerializeToString()


def _choice(case: Case, say: Voice) -> bytes:
    window = case.choice.window
    asked = Basis(stated=False, code="ASKED_BY_CALLER")
    choice = pb.EditionChoice(
        decision=case.edition.decision,
        why=say.say(lambda to: report.edition_why(to, case)),
        reference=window.reference if window else "",
        basis=say.basis(window.basis if window else asked),
        asked=window is None,
    )
    return pb.Assessment(edition_choice=choice).SerializeToString()


def _names(form: Form, level: Level, say: Voice) -> bytes:
    return pb.Assessment(
        languages=say.languages,
        level=level.word,
        level_name=say.label(level.name),
        product_set_name=say.label(form.product_set.name),
    ).SerializeToString()


def _council(a: Assessment, say: Voice, kept: Kept) -> bytes:
    """How the council stood: its rules as they are kept, and its members."""
    case, verdict, council = a.case, a.verdict, a.verdict.council
    rules = kept.once(
        ("council", council.rules, council.mode),
        lambda: pb.CouncilReport(
            rules=council.rules, name=say.label(case.council.name), mode=MODE[council.mode]
        ).SerializeToString(),
    )
    message = pb.CouncilReport(spread=council.spread)
    for earlier in council.rounds:
        message.rounds.add(number=earlier.number, total=points(earlier.total))
    if verdict.total is not None:
        for seat, voted in zip(case.seating.counted, verdict.sheets, strict=True):
            total = voted.total or 0
            message.members.add(
                sheet=voted.sheet,
                assessor=seat.name,
                role=ROLE[voted.role],
                total=total,
                distance=fraction(abs(total - verdict.total.exact)) if len(verdict.sheets) > 1 else _NO_DISTANCE,
                far=voted.sheet in council.far,
            )
    names = {seat.index: seat.name for seat in case.seating.others} if council.others else {}
    for other in council.others:
        message.others.add(
            sheet=other.sheet,
            kind=SHEET_KIND[other.kind],
            assessor=names[other.sheet],
            total=other.total,
            differences=[
                pb.SheetDifference(criterion=d.criterion, theirs=d.theirs, council=points(d.council))
                for d in other.differences
            ],
        )
    return framed(pb.Assessment.COUNCIL_FIELD_NUMBER, rules + message.SerializeToString())
