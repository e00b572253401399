"""Assessments out: as much of a result as is wanted, in the languages wanted. Names are matched, nothing is decided.

An answer is joined from encoded pieces. What does not depend on the dossier is encoded once for its form, see ``Form.kept``.
"""

from __future__ import annotations

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
from scoring_service.engine.verdict import Council, Day, Voted
from scoring_service.rulebook.label import Basis
from scoring_service.rulebook.model import Level
from scoring_service.service.lines import lines
from scoring_service.service.pieces import Pieces, framed, kept_pieces
from scoring_service.service.requests import Wanted
from scoring_service.service.values import Voice, fraction, named_values, place, points, read_points, voice
from scoring_service.service.verdicts import MODE, ROLE, SHEET_KIND, STATUS, enum_numbers, verdict_to_pb
from scoring_service.telling import report

_SEVERITY = enum_numbers(pb.Severity, Severity)
_SUMMARY = pb.Assessment.SUMMARY_FIELD_NUMBER
_MEMBERS, _ASSESSOR = pb.CouncilReport.MEMBERS_FIELD_NUMBER, pb.CouncilMember.ASSESSOR_FIELD_NUMBER
_FINDINGS, _FULL, _SHEET = pb.EXPLAIN_LEVEL_FINDINGS, pb.EXPLAIN_LEVEL_FULL, pb.EXPLAIN_LEVEL_SHEET


def assessment_to_pb(a: Assessment, wanted: Wanted) -> pb.Assessment:
    """The message of an assessment."""
    return pb.Assessment.FromString(assessment_bytes(a, wanted))


def assessment_bytes(a: Assessment, wanted: Wanted) -> bytes:
    """The encoded message of an assessment."""
    case, say = a.case, voice(wanted.languages)
    kept = kept_pieces(case.form, say)
    pieces = [_head(case.form, kept), *_result(a, say, kept, named=wanted.explain >= _SHEET)]
    if wanted.explain >= _FINDINGS:
        pieces += _reasons(a, say, kept)
    if wanted.explain >= _FULL:
        pieces += lines(case, a.verdict, say, kept, with_sheet=wanted.explain >= _SHEET)
    if wanted.verdict:
        pieces.append(pb.Assessment(verdict=verdict_to_pb(case, a.verdict)).SerializeToString())
    return b"".join(pieces)


def compared_to_pb(both: SideBySide, languages: tuple[str, ...]) -> pb.CompareResponse:
    """The message of a comparison."""
    say, wanted = voice(languages), Wanted(_FINDINGS, languages)
    decimals = max(side.case.council_rules.decimals for side in (both.left, both.right))
    return pb.CompareResponse(
        left=assessment_to_pb(both.left, wanted),
        right=assessment_to_pb(both.right, wanted),
        summary=say.say(lambda to: report.compared(to, both)),
        reasons=[
            *(pb.CompareReason(code=r.code, text=[report.reason(to, r) for to in say.tellers]) for r in both.reasons),
            *(
                pb.CompareReason(
                    code=o.finding.code, side=o.side, text=[report.only(to, both, o) for to in say.tellers]
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
                difference=None if line.difference is None else fraction(line.difference, decimals),
            )
            for line in both.lines
        ],
    )


# --- the result ------------------------------------------------------------------------------------------------------


def _head(form: Form, kept: Pieces) -> bytes:
    """By which rules."""
    edition = form.edition
    return kept.rest.once(
        ("head",),
        lambda: pb.Assessment(
            product_set=form.product_set.slug, edition=edition.id, digest=edition.digest, engine_version=__version__
        ).SerializeToString(),
    )


def _result(a: Assessment, say: Voice, kept: Pieces, *, named: bool) -> list[bytes]:
    """What was decided. ``named``: the parts with their names."""
    verdict, case, numbers = a.verdict, a.case, kept.named if named else kept.points
    pieces = [_ending(STATUS[verdict.status], provisional=verdict.provisional)]
    if case.id:
        pieces.append(pb.Assessment(id=case.id).SerializeToString())
    total, stars, sheets = verdict.total, verdict.stars, len(verdict.sheets)
    if total is not None:
        of = (sheets, case.council_rules.decimals)
        pieces.append(numbers.once((total.sum, *of), lambda: pb.Assessment(total=points(total)).SerializeToString()))
        for at, part in enumerate(verdict.parts):
            pieces.append(numbers.once((at, part, *of), partial(_part, case, at, part, sheets, say if named else None)))
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
    mean = Mean(total, sheets, part.max, case.council_rules.decimals)
    told = pb.PartPoints(code=part.code, points=points(mean), name=say.label(part.name) if say else ())
    return pb.Assessment(parts=[told]).SerializeToString()


# --- why -------------------------------------------------------------------------------------------------------------


def _reasons(a: Assessment, say: Voice, kept: Pieces) -> list[bytes]:
    case, known, rest = a.case, kept.findings.known, kept.rest
    pieces = [known.get(one.key) or _finding(one, say, case.form, kept.findings) for one in a.findings]
    pieces += [framed(_SUMMARY, report.summary(to, a).encode()) for to in say.tellers]
    pieces.append(_council(a, say, rest))
    for day in a.verdict.days:
        pieces.append(rest.once(("day", day.id, day.day), partial(_day, case, day, say)))
    window, filed = case.choice.window, case.days.filed_on
    pieces.append(
        rest.once(("choice", window and window.position, case.application, filed), partial(_choice, case, say))
    )
    pieces.append(rest.once(("level", case.level.id), partial(_names, case.form, case.level, say)))
    return pieces


def _finding(finding: Finding, say: Voice, form: Form, kept: Kept) -> bytes:
    """A finding as it stands inside an ``Assessment``; what names somebody is never kept."""
    if finding.key is None:
        return _encoded(finding, say, form)
    return kept.once(finding.key, lambda: _encoded(finding, say, form))


def _encoded(finding: Finding, say: Voice, form: Form) -> bytes:
    ground = finding.ground
    message = pb.Finding(
        code=finding.code,
        severity=_SEVERITY[finding.severity],
        text=[report.finding(to, form, finding) for to in say.tellers],
        rule=ground.rule,
        values=named_values(finding.values(), say),
        facts=[pb.ReadFact(fact=fact, value=value) for fact, value in finding.facts],
        points=[read_points(key, mean) for key, mean in finding.points],
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
        moved_to=day.moved_to.isoformat() if day.moved_to else "",
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
    pieces = [
        kept.once(
            ("council", council.rules, council.mode, council.spread),
            lambda: pb.CouncilReport(
                rules=council.rules,
                name=say.label(case.council_rules.name),
                mode=MODE[council.mode],
                spread=council.spread,
            ).SerializeToString(),
        )
    ]
    if verdict.total is not None:
        decimals = case.council_rules.decimals
        far, mean = council.far, verdict.total.exact if len(verdict.sheets) > 1 else None
        for seat, voted in zip(case.seating.counted, verdict.sheets, strict=True):
            own = kept.once(
                (voted.sheet, voted.role, voted.total, voted.sheet in far),
                partial(_member, voted, far=voted.sheet in far),
            )
            distance = _no_distance(decimals) if mean is None else _distance(abs((voted.total or 0) - mean), decimals)
            pieces.append(framed(_MEMBERS, own + framed(_ASSESSOR, seat.name.encode()) + distance))
    if council.rounds or council.others:
        pieces.append(_beside(case, council).SerializeToString())
    return framed(pb.Assessment.COUNCIL_FIELD_NUMBER, b"".join(pieces))


def _member(voted: Voted, *, far: bool) -> bytes:
    """A member without the name, which is never kept."""
    return pb.CouncilMember(
        sheet=voted.sheet, role=ROLE[voted.role], total=voted.total or 0, far=far
    ).SerializeToString()


def _distance(value: Fraction, decimals: int) -> bytes:
    return pb.CouncilMember(distance=fraction(value, decimals)).SerializeToString()


def _beside(case: Case, council: Council) -> pb.CouncilReport:
    """The rounds and sheets that do not count."""
    message, names = pb.CouncilReport(), {seat.index: seat.name for seat in case.seating.others}
    for earlier in council.rounds:
        message.rounds.add(number=earlier.number, total=points(earlier.total))
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
    return message


@lru_cache
def _no_distance(decimals: int) -> bytes:
    return _distance(Fraction(0), decimals)
