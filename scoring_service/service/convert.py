"""Between the messages of the contract and the core: names are matched, nothing is computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.assessment import (
    Assessment,
    Council,
    Finding,
    Line,
    Origin,
    Points,
    Severity,
    Status,
    print_fraction,
)
from scoring_service.engine.compare import SideBySide
from scoring_service.engine.dossier import Dossier, DossierError, Sheet, SheetKind
from scoring_service.engine.sentences import line_sentence
from scoring_service.engine.shape import MAX_SHEETS
from scoring_service.rulebook.model import (
    Basis,
    Criterion,
    Edition,
    EditionRef,
    Effect,
    FactKind,
    Option,
    Part,
    ProductSet,
)
from scoring_service.text import Position, Problem, Text, not_a_day, parse_day

_STATUS: Mapping[Status, pb.Status.ValueType] = {s: pb.Status.Value(f"STATUS_{s.name}") for s in Status}
_SEVERITY: Mapping[Severity, pb.Severity.ValueType] = {s: pb.Severity.Value(f"SEVERITY_{s.name}") for s in Severity}
_ORIGIN: Mapping[Origin, pb.Origin.ValueType] = {o: pb.Origin.Value(f"ORIGIN_{o.name}") for o in Origin}
_EFFECT: Mapping[Effect, pb.Effect.ValueType] = {e: pb.Effect.Value(f"EFFECT_{e.name}") for e in Effect}
_SHEET_KIND: Mapping[SheetKind, pb.SheetKind.ValueType] = {
    k: pb.SheetKind.Value(f"SHEET_KIND_{k.name}") for k in SheetKind
}
_KIND_OF_SHEET = {number: kind for kind, number in _SHEET_KIND.items()}
_FACT_KIND: Mapping[FactKind, pb.FactKind.ValueType] = {k: pb.FactKind.Value(f"FACT_KIND_{k.name}") for k in FactKind}


def dossier_from_pb(message: pb.Dossier) -> Dossier:
    """A dossier from its message.

    Raises:
        DossierError: a required field is empty or a date is not a date; all such fields at once.
    """
    problems: list[Problem] = []
    for path, value in (
        ("product.set", message.product.set),
        ("application.kind", message.application.kind),
        ("council.level", message.council.level),
    ):
        if not value:
            problems.append(Problem("missing", Text(f"Thiếu '{path}'.", f"'{path}' is missing."), path))
    days = {
        path: _day(value, path, problems)
        for path, value in (
            ("application.filed_on", message.application.filed_on),
            ("application.proposed_on", message.application.proposed_on),
            ("application.complete_on", message.application.complete_on),
            ("application.expires_on", message.application.expires_on),
            ("council.decided_on", message.council.decided_on),
        )
    }
    sheets = []
    for index, sheet in enumerate(message.sheets[: MAX_SHEETS + 1]):  # one too many is enough to be told
        kind = sheet_kind(sheet.kind, f"sheets[{index}].kind", problems)
        sheets.append(Sheet(sheet.assessor, dict(sheet.answers), kind, sheet.role, sheet.round or 1, sheet.edition))
    if problems:
        raise DossierError(problems)
    return Dossier(
        product_name=message.product.name,
        product_code=message.product.code,
        product_set=message.product.set,
        kind=message.application.kind,
        filed_on=days["application.filed_on"],
        proposed_on=days["application.proposed_on"],
        complete_on=days["application.complete_on"],
        expires_on=days["application.expires_on"],
        level=message.council.level,
        decided_on=days["council.decided_on"],
        council_rules=message.council.rules,
        members=message.council.members or None,
        mode=message.council.mode,
        facts=dict(message.facts),
        sheets=tuple(sheets),
        edition=message.edition,
    )


def dossier_to_pb(dossier: Dossier) -> pb.Dossier:
    """The message of a dossier."""
    return pb.Dossier(
        product=pb.Product(name=dossier.product_name, code=dossier.product_code, set=dossier.product_set),
        application=pb.Application(
            kind=dossier.kind,
            filed_on=_iso(dossier.filed_on),
            proposed_on=_iso(dossier.proposed_on),
            complete_on=_iso(dossier.complete_on),
            expires_on=_iso(dossier.expires_on),
        ),
        council=pb.Council(
            level=dossier.level,
            decided_on=_iso(dossier.decided_on),
            rules=dossier.council_rules,
            members=dossier.members or 0,
            mode=dossier.mode,
        ),
        facts=dossier.facts,
        sheets=[
            pb.Sheet(
                assessor=s.assessor,
                answers=s.answers,
                kind=_SHEET_KIND[s.kind],
                role=s.role,
                round=s.round,
                edition=s.edition,
            )
            for s in dossier.sheets
        ],
        edition=dossier.edition,
    )


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str, path: str, problems: list[Problem]) -> dt.date | None:
    day = parse_day(text)
    if text and day is None:
        problems.append(Problem("date", not_a_day(text), path))
    return day


# --- assessments -----------------------------------------------------------------------------------------------------


def assessment_to_pb(a: Assessment, explain: pb.ExplainLevel.ValueType) -> pb.Assessment:
    """The message of an assessment, as much of it as ``explain`` wants."""
    findings = explain != pb.EXPLAIN_LEVEL_NONE
    lines = explain not in (pb.EXPLAIN_LEVEL_NONE, pb.EXPLAIN_LEVEL_FINDINGS)
    return pb.Assessment(
        status=_STATUS[a.status],
        product=pb.Product(name=a.product_name, code=a.product_code, set=a.product_set),
        product_set_name=text(a.product_set_name),
        edition=a.edition.id,
        edition_choice=_edition_choice(a.edition),
        digest=a.edition.digest,
        engine_version=a.engine_version,
        level=a.level,
        total=points(a.total),
        parts=[pb.PartTotal(code=p.code, name=text(p.name), points=points(p.points)) for p in a.parts],
        stars=pb.Stars(
            by_points=a.stars.by_points,
            after_minimums=a.stars.after_minimums,
            recognisable=a.stars.recognisable,
            forward_to=a.stars.forward_to,
            potential=a.stars.potential,
        ),
        provisional=a.provisional,
        summary=text(a.summary),
        findings=[_finding(f) for f in a.findings] if findings else (),
        lines=[_line(line) for line in a.lines] if lines else (),
        council=_council(a.council),
        dates=[
            pb.DateNote(
                id=d.id,
                name=text(d.name),
                day=d.day.isoformat(),
                reference=d.reference,
                source=_source(d.position),
                basis=_basis(d.basis),
            )
            for d in a.dates
        ],
    )


def compared_to_pb(left: Assessment, right: Assessment, side_by_side: SideBySide) -> pb.CompareResponse:
    """The message of a comparison."""
    return pb.CompareResponse(
        left=assessment_to_pb(left, pb.EXPLAIN_LEVEL_FINDINGS),
        right=assessment_to_pb(right, pb.EXPLAIN_LEVEL_FINDINGS),
        summary=text(side_by_side.summary),
        reasons=texts(side_by_side.reasons),
        lines=[
            pb.ComparedLine(
                name=text(line.name),
                left_number=line.left.number if line.left else "",
                left=points(line.left.points) if line.left else None,
                right_number=line.right.number if line.right else "",
                right=points(line.right.points) if line.right else None,
                difference=print_fraction(line.difference) if line.difference is not None else "",
            )
            for line in side_by_side.lines
        ],
    )


def sheet_kind(kind: pb.SheetKind.ValueType, path: str, problems: list[Problem]) -> SheetKind:
    """A kind of sheet; unspecified is the council's. A number this version does not know must not become a vote."""
    known = _KIND_OF_SHEET.get(kind, SheetKind.COUNCIL)
    if kind not in (pb.SHEET_KIND_UNSPECIFIED, *_KIND_OF_SHEET):
        what = Text(f"Không có loại phiếu số {kind}.", f"There is no kind of sheet with number {kind}.")
        problems.append(Problem("sheet-kind", what, path))
    return known


def counted_kind(kind: pb.SheetKind.ValueType) -> SheetKind:
    """The kind of sheets to score by, as a comparison asks for it.

    Raises:
        DossierError: the number is no kind this version knows.
    """
    problems: list[Problem] = []
    known = sheet_kind(kind, "sheets", problems)
    if problems:
        raise DossierError(problems)
    return known


def text(value: Text) -> pb.Text:
    """A bilingual text."""
    return pb.Text(vi=value.vi, en=value.en)


def points(value: Points | None) -> pb.Points | None:
    """Exact points, or nothing."""
    return None if value is None else _points(value)


@lru_cache(maxsize=4096)
def _points(value: Points) -> pb.Points:
    return pb.Points(sum=value.sum, sheets=value.sheets, max=value.max, text=value.text)


@lru_cache(maxsize=1024)
def _basis(value: Basis) -> pb.Basis:
    return pb.Basis(stated=value.stated, why=text(value.why) if value.why else None)


def _source(position: Position | None) -> str:
    return f"{position.file}:{position.line}" if position else ""


def _edition_choice(ref: EditionRef) -> pb.EditionChoice:
    return pb.EditionChoice(
        decision=ref.decision, why=text(ref.why), reference=ref.reference, basis=_basis(ref.basis), asked=ref.asked
    )


def _finding(f: Finding) -> pb.Finding:
    return pb.Finding(
        code=f.code,
        severity=_SEVERITY[f.severity],
        text=text(f.text),
        rule=f.rule,
        values=[pb.Named(id=name, name=text(value)) for name, value in f.values.items()],
        facts=[pb.NamedValue(name=name, value=value) for name, value in f.facts],
        reference=f.reference,
        source=_source(f.position),
        basis=_basis(f.basis),
        path=f.path,
    )


def _named(labels: Mapping[str, Text]) -> list[pb.Named]:
    return [pb.Named(id=key, name=text(label)) for key, label in labels.items()]


def _council(council: Council) -> pb.CouncilReport:
    return pb.CouncilReport(
        rules=council.rules,
        name=text(council.name),
        mode=council.mode,
        members=[
            pb.Member(assessor=m.assessor, role=m.role, total=m.total, distance=m.distance, far=m.far)
            for m in council.members
        ],
        spread=council.spread,
        rounds=[pb.Round(number=r.number, total=points(r.total)) for r in council.rounds],
        others=[
            pb.OtherSheet(
                kind=_SHEET_KIND[o.kind],
                assessor=o.assessor,
                total=o.total,
                differences=[
                    pb.Difference(number=d.number, theirs=d.theirs, council=points(d.council)) for d in o.differences
                ],
            )
            for o in council.others
        ],
    )


def _line(line: Line) -> pb.Line:
    message = pb.Line()
    message.CopyFrom(
        _unchanging(line.number, line.name, line.part, line.max, line.evidence, line.reference, line.position)
    )
    if line.points is not None:
        message.points.CopyFrom(_points(line.points))
    if line.marks:
        message.lowest = min(m.points for m in line.marks)
        message.highest = max(m.points for m in line.marks)
    message.chosen.vi, message.chosen.en = line.chosen.vi, line.chosen.en
    for mark in line.marks:
        message.marks.add(assessor=mark.assessor, option=mark.option, points=mark.points, origin=_ORIGIN[mark.origin])
    message.basis.CopyFrom(_basis(line.basis))
    sentence = line_sentence(line)
    message.text.vi, message.text.en = sentence.vi, sentence.en
    return message


@lru_cache(maxsize=8192)
def _unchanging(
    number: str, name: Text, part: str, maximum: int, evidence: tuple[Text, ...], reference: str, position: Position
) -> pb.Line:
    """What a line of a criterion always says: made once, copied often."""
    return pb.Line(
        number=number,
        name=text(name),
        part=part,
        max=maximum,
        evidence=[text(e) for e in evidence],
        reference=reference,
        source=_source(position),
    )


# --- rules as data -----------------------------------------------------------------------------------------------------


def edition_to_pb(edition: Edition) -> pb.Edition:
    """An edition without its sheets."""
    return pb.Edition(
        id=edition.id,
        decision=edition.decision,
        name=text(edition.name),
        issued=edition.issued.isoformat(),
        digest=edition.digest,
        bands=[pb.Band(stars=b.stars, interval=str(b.interval), reference=b.reference) for b in edition.bands],
        levels=[
            pb.Level(
                id=v.id,
                name=text(v.name),
                recognises=v.recognises,
                forwards_to=v.forwards_to,
                reference=v.reference,
                valid_until=_iso(v.end),
                valid_from=_iso(v.start),
            )
            for v in edition.levels
        ],
        certificate_months=edition.certificate_months,
        product_sets=len(edition.sets),
    )


def product_sets_to_pb(edition: Edition) -> pb.ListProductSetsResponse:
    """The sets of an edition and the facts a dossier may state under it."""
    return pb.ListProductSetsResponse(
        edition=edition.id,
        product_sets=[product_set_to_pb(s, edition) for s in edition.sets.values()],
        facts=[
            pb.Fact(id=f.id, name=text(f.name), kind=_FACT_KIND[f.kind], choices=_named(f.choices))
            for f in edition.facts.values()
        ],
    )


def product_set_to_pb(product_set: ProductSet, edition: Edition) -> pb.ProductSet:
    """One product set without its sheet."""
    return pb.ProductSet(
        id=product_set.id,
        slug=product_set.slug,
        name=text(product_set.name),
        group=text(edition.groups[product_set.group]),
        subgroup=text(product_set.subgroup),
        agency=text(product_set.agency),
        reference=product_set.reference,
    )


def sheet_to_pb(product_set: ProductSet, edition: Edition) -> pb.ScoreSheet:
    """One whole score sheet."""
    return pb.ScoreSheet(
        edition=edition.id,
        digest=edition.digest,
        product_set=product_set_to_pb(product_set, edition),
        parts=[_part(p, edition) for p in product_set.parts],
        knock_outs=[
            pb.KnockOut(
                id=o.id,
                effect=_EFFECT[o.effect],
                name=text(o.name),
                reads=o.when.subjects(),
                reference=o.reference,
                basis=_basis(o.basis),
            )
            for o in product_set.knock_outs
        ],
        oddities=texts(product_set.oddities),
    )


def _part(part: Part, edition: Edition) -> pb.SheetPart:
    return pb.SheetPart(
        code=part.code,
        name=text(part.name),
        max=part.max,
        sections=[
            pb.SheetSection(
                number=s.number, name=text(s.name), max=s.max, criteria=[_criterion(c, edition) for c in s.criteria]
            )
            for s in part.sections
        ],
    )


def _criterion(c: Criterion, edition: Edition) -> pb.Criterion:
    group = pb.CriterionGroup(number=c.group.number, name=text(c.group.name), max=c.group.max) if c.group else None
    return pb.Criterion(
        number=c.number,
        name=text(c.name),
        max=c.max,
        options=[_option(o, c) for o in c.options],
        none_met=_option(c.none_met, c) if c.none_met else None,
        is_section=c.is_section,
        group=group,
        cases=_named(c.cases),
        only_if=pb.OnlyIf(criterion=c.only_if.criterion, at_least=c.only_if.at_least) if c.only_if else None,
        evidence=[text(edition.evidence[e]) for e in c.evidence],
        notes=texts(c.notes),
        oddities=texts(c.oddities),
        derived_from=list(dict.fromkeys(name for row in c.derive for name, _ in row.when)),
        reference=c.reference,
        source=_source(c.position),
    )


def _option(option: Option, criterion: Criterion) -> pb.Option:
    stars = [m.stars for m in criterion.minimums if m.points == option.points and option is not criterion.none_met]
    return pb.Option(
        id=option.id,
        points=option.points,
        name=text(option.name),
        minimum_for_stars=stars,
        case=option.case,
        printed=option.printed,
    )


def texts(values: Iterable[Text]) -> list[pb.Text]:
    """Several bilingual texts."""
    return [text(v) for v in values]
