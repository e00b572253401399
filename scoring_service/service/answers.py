"""Assessments out: as much of a result as is wanted, in the languages wanted. Names are matched, nothing is decided.

What the same criterion always says is encoded once per form and languages, and copied as bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service import __version__
from scoring_service.engine.case import Case
from scoring_service.engine.compare import SideBySide
from scoring_service.engine.engine import Assessment
from scoring_service.engine.explain import line_basis
from scoring_service.engine.findings import Finding, Severity, StatedFact
from scoring_service.engine.mean import Mean, half_up
from scoring_service.engine.prepared import Form, Mark, Origin
from scoring_service.engine.verdict import Verdict
from scoring_service.problems import Elsewhere, Position, Span, Suggestion
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.label import STATED, Basis, Label, Listed
from scoring_service.rulebook.model import Criterion, KnockOut, Level, Option
from scoring_service.service.requests import Wanted
from scoring_service.service.verdicts import MODE, ORIGIN, ROLE, SHEET_KIND, STATUS, enum_numbers, verdict_to_pb
from scoring_service.telling import report
from scoring_service.telling.teller import Teller, Told, teller

_SEVERITY = enum_numbers(pb.Severity, Severity)
_FINDINGS, _FULL, _SHEET = pb.EXPLAIN_LEVEL_FINDINGS, pb.EXPLAIN_LEVEL_FULL, pb.EXPLAIN_LEVEL_SHEET


class Voice:
    """Says one thing in each language wanted, in their order."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.tellers = [teller(language) for language in languages]

    def say(self, how: Callable[[Teller], str]) -> list[str]:
        """One text for each language; nothing where there is nothing to say."""
        return [how(to) for to in self.tellers]

    def label(self, label: Label | None) -> list[str]:
        """A label of the rule files; nothing where it is empty."""
        return [label[language] for language in self.languages] if label else []

    def basis(self, basis: Basis) -> pb.Basis:
        """Whether the decision says it."""
        return _STATED if basis is STATED else _basis(basis, self.languages)


@lru_cache
def voice(languages: tuple[str, ...]) -> Voice:
    """The voice of these languages."""
    return Voice(languages)


def assessment_to_pb(a: Assessment, wanted: Wanted) -> pb.Assessment:
    """The message of an assessment."""
    verdict, case = a.verdict, a.case
    message = pb.Assessment(
        id=case.id,
        status=STATUS[verdict.status],
        product_set=verdict.product_set,
        edition=verdict.chosen.edition,
        digest=verdict.chosen.digest,
        engine_version=__version__,
        total=points(verdict.total),
        parts=_parts(case, verdict),
        stars=_stars(verdict),
        provisional=verdict.provisional,
    )
    if wanted.explain >= _FINDINGS:
        _explain(message, a, voice(wanted.languages))
    if wanted.explain >= _SHEET:
        for told, part in zip(message.parts, case.form.product_set.parts, strict=False):
            told.name.extend(voice(wanted.languages).label(part.name))
    if wanted.explain >= _FULL:
        _lines(message, a, voice(wanted.languages), with_sheet=wanted.explain >= _SHEET)
    if wanted.verdict:
        message.verdict.CopyFrom(verdict_to_pb(case, verdict))
    return message


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


def points(mean: Mean | None) -> pb.Points | None:
    """An exact mean, or nothing."""
    return None if mean is None else _points(mean)


def fraction(value: Fraction) -> pb.Fraction:
    """Any other exact number."""
    return pb.Fraction(numerator=value.numerator, denominator=value.denominator, text=half_up(value))


def place(position: Position | None) -> pb.SourcePlace | None:
    """A place in the rule files, or nothing."""
    return None if position is None else _place(position)


def named_values(values: Mapping[str, object], say: Voice) -> list[pb.NamedValue]:
    """Typed values by their names; lists become several values, ``None`` none."""
    return [pb.NamedValue(id=name, values=_values(value, say)) for name, value in values.items()]


@lru_cache(maxsize=4096)
def _points(mean: Mean) -> pb.Points:
    return pb.Points(sum=mean.sum, sheets=mean.sheets, max=mean.max, text=mean.text)


@lru_cache(maxsize=16384)
def _place(position: Position) -> pb.SourcePlace:
    return pb.SourcePlace(file=position.file, line=position.line)


_STATED = pb.Basis(stated=True)


@lru_cache(maxsize=4096)
def _basis(basis: Basis, languages: tuple[str, ...]) -> pb.Basis:
    if basis.stated:
        return _STATED
    return pb.Basis(why=[text for text in (to.basis(basis) for to in voice(languages).tellers) if text])


# --- the result ------------------------------------------------------------------------------------------------------


def _parts(case: Case, verdict: Verdict) -> Iterable[pb.PartPoints]:
    sheets, decimals = len(verdict.sheets), case.council.decimals
    for part, total in zip(case.form.product_set.parts, verdict.parts, strict=False):
        yield pb.PartPoints(code=part.code, points=_points(Mean(total, sheets, part.max, decimals)))


def _stars(verdict: Verdict) -> pb.Stars | None:
    stars = verdict.stars
    if stars is None:
        return None
    return pb.Stars(
        by_points=verdict.by_points,
        after_minimums=stars.after_minimums,
        recognisable=stars.recognisable,
        forward_to=stars.forward_to,
        potential=stars.potential or None,
    )


# --- why -------------------------------------------------------------------------------------------------------------


def _explain(message: pb.Assessment, a: Assessment, say: Voice) -> None:
    case = a.case
    message.languages.extend(say.languages)
    told: list[dict[int, str]] = [{} for _ in say.tellers]
    known, encoded = _findings_of(case.form, say), []
    for finding in a.findings:
        data, texts = known.encoded(finding)
        encoded.append(data)
        for said, text in zip(told, texts, strict=True):
            said[id(finding)] = text
    message.MergeFromString(b"".join(encoded))
    message.summary.extend(report.summary(to, a, said) for to, said in zip(say.tellers, told, strict=True))
    message.council.CopyFrom(_council(a, say))
    for one in a.verdict.days:
        words = [report.day(to, case, one) for to in say.tellers]
        message.dates.add(
            id=one.id,
            name=[w.name for w in words],
            day=one.day.isoformat(),
            reference=words[0].reference,
            source=_place(one.position),
            basis=say.basis(words[0].basis),
        )
    message.edition_choice.CopyFrom(_choice(case, say))
    message.level = case.level.word
    message.level_name.extend(say.label(case.level.name))
    message.product_set_name.extend(say.label(case.form.product_set.name))


def _choice(case: Case, say: Voice) -> pb.EditionChoice:
    window = case.choice.window
    asked = Basis(stated=False, code="ASKED_BY_CALLER")
    return pb.EditionChoice(
        decision=case.edition.decision,
        why=say.say(lambda to: report.edition_why(to, case)),
        reference=window.reference if window else "",
        basis=say.basis(window.basis if window else asked),
        asked=window is None,
    )


class _FindingBytes:
    """The findings of one form in some languages, encoded as they stand inside an ``Assessment``, with their sentences.

    What rests on rules and points alone is said of many dossiers in the same words, and encoded once; what names somebody, never.
    """

    def __init__(self, say: Voice) -> None:
        self._say = say
        self._known: dict[tuple[object, ...], tuple[bytes, list[str]]] = {}

    def encoded(self, finding: Finding) -> tuple[bytes, list[str]]:
        """Its bytes, and its sentence in each language."""
        if finding.facts or "assessor" in finding.own or "high_assessor" in finding.own:
            return self._encode(finding)
        ground = finding.ground
        rests_on = (ground.rule, ground.reference, ground.basis.stated, ground.basis.code, id(ground.basis.why))
        values = map(_key, finding.values().values())
        key = (finding.code, finding.severity, finding.field, finding.points, *rests_on, *values)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[key] = self._encode(finding)
        return known

    def _encode(self, finding: Finding) -> tuple[bytes, list[str]]:
        texts = [to.finding(finding) for to in self._say.tellers]
        return pb.Assessment(findings=[_finding(finding, texts, self._say)]).SerializeToString(), texts


def _key(value: object) -> object:
    """What tells one value from another: rules by identity, for they live as long as their form; all else by what it is."""
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    return id(value) if isinstance(value, _RULES) else value


_RULES = (Criterion, Option, KnockOut, Level, Fact, Interval, Label)
_MOST_KNOWN = 2_000
_finding_bytes: dict[tuple[str, ...], WeakKeyDictionary[Form, _FindingBytes]] = {}


def _findings_of(form: Form, say: Voice) -> _FindingBytes:
    known = _finding_bytes.setdefault(say.languages, WeakKeyDictionary())
    found = known.get(form)
    if found is None:
        found = known[form] = _FindingBytes(say)
    return found


def _finding(finding: Finding, text: list[str], say: Voice) -> pb.Finding:
    return pb.Finding(
        code=finding.code,
        severity=_SEVERITY[finding.severity],
        text=text,
        rule=finding.ground.rule,
        values=[pb.NamedValue(id=name, values=_values(getattr(finding, name), say)) for name in finding.own],
        facts=[pb.ReadFact(fact=fact, value=value) for fact, value in finding.facts],
        points=[pb.ReadPoints(criterion=number, points=_points(mean)) for number, mean in finding.points],
        reference=finding.ground.reference,
        source=place(finding.ground.position),
        basis=say.basis(finding.ground.basis),
        field=finding.field,
    )


def _values(value: object, say: Voice) -> list[pb.Value]:
    if value is None:
        return []
    if isinstance(value, tuple):
        return [one for item in value for one in _values(item, say)]
    if isinstance(value, Label):
        return [pb.Value(label=pb.Label(text=say.label(value)))]
    if isinstance(value, Enum):
        return [pb.Value(word=str(value.value))]
    return [_VALUES[type(value)](value)]


_VALUES: Mapping[type, Callable[[Any], pb.Value]] = {
    bool: lambda v: pb.Value(yes_no=v),
    int: lambda v: pb.Value(number=v),
    str: lambda v: pb.Value(text=v),
    Told: lambda v: pb.Value(text=v),
    Mean: lambda v: pb.Value(points=_points(v)),
    Fraction: lambda v: pb.Value(fraction=fraction(v)),
    Decimal: lambda v: pb.Value(text=format(v, "f")),
    dt.date: lambda v: pb.Value(day=v.isoformat()),
    Interval: lambda v: pb.Value(text=str(v)),
    Criterion: lambda v: pb.Value(criterion=v.number),
    Option: lambda v: pb.Value(option=v.id),
    Listed: lambda v: pb.Value(option=v.id),
    Fact: lambda v: pb.Value(fact=v.id),
    StatedFact: lambda v: pb.Value(fact=v.fact.id),
    KnockOut: lambda v: pb.Value(knock_out=v.id),
    Level: lambda v: pb.Value(level=v.word),
    Position: lambda v: pb.Value(text=str(v)),
    Suggestion: lambda v: pb.Value(text=v.nearest),
    Elsewhere: lambda v: pb.Value(number=v.count),
    Span: lambda v: pb.Value(text=f"{v.first or ''}..{v.last or ''}"),
}


def _council(a: Assessment, say: Voice) -> pb.CouncilReport:
    case, verdict, council = a.case, a.verdict, a.verdict.council
    message = pb.CouncilReport(
        rules=council.rules,
        name=say.label(case.council.name),
        mode=MODE[council.mode],
        spread=council.spread,
        rounds=[pb.EarlierRound(number=r.number, total=points(r.total)) for r in council.rounds],
    )
    if verdict.total is not None:
        for seat, voted in zip(case.seating.counted, verdict.sheets, strict=True):
            total = voted.total or 0
            message.members.add(
                sheet=voted.sheet,
                assessor=seat.name,
                role=ROLE[voted.role],
                total=total,
                distance=fraction(abs(total - verdict.total.exact)),
                far=voted.sheet in council.far,
            )
    names = {seat.index: seat.name for seat in case.seating.others}
    for other in council.others:
        message.others.add(
            sheet=other.sheet,
            kind=SHEET_KIND[other.kind],
            assessor=names[other.sheet],
            total=other.total,
            differences=[
                pb.SheetDifference(criterion=d.criterion, theirs=d.theirs, council=_points(d.council))
                for d in other.differences
            ],
        )
    return message


# --- lines -----------------------------------------------------------------------------------------------------------


class _LineBytes:
    """The lines of one form in some languages, encoded as they stand inside an ``Assessment``."""

    def __init__(self, form: Form, say: Voice, *, with_sheet: bool) -> None:
        self._form, self._say, self._with_sheet = form, say, with_sheet
        self._told = [report.lines_of(to, form) for to in say.tellers]
        self._single: dict[tuple[int, int, str, Origin], bytes] = {}

    def single(self, case: Case, place_: int, sheet: int, mark: Mark) -> bytes:
        """The line of a criterion on the only sheet."""
        key = (place_, sheet, mark.option, mark.origin)
        known = self._single.get(key)
        if known is None:
            line = self._line(case, place_, ((sheet, mark),), mark.points)
            line.text.extend(told.single(place_, mark) for told in self._told)
            known = self._single[key] = pb.Assessment(lines=[line]).SerializeToString()
        return known

    def several(self, case: Case, place_: int, marks: tuple[tuple[int, Mark], ...], total: int | None) -> bytes:
        """The line of a criterion on several sheets, or on a sheet that leaves it open."""
        line = self._line(case, place_, marks, total)
        if total is None:
            line.text.extend(told.open(place_) for told in self._told)
        else:
            mean, own = self._mean(case, place_, total), tuple(mark for _, mark in marks)
            line.text.extend(told.several(place_, mean, own) for told in self._told)
        return pb.Assessment(lines=[line]).SerializeToString()

    def _mean(self, case: Case, place_: int, total: int) -> Mean:
        return Mean(total, len(case.seating.counted), self._form.criteria[place_].max, case.council.decimals)

    def _line(self, case: Case, place_: int, marks: tuple[tuple[int, Mark], ...], total: int | None) -> pb.Line:
        criterion, only = self._form.criteria[place_], tuple(mark for _, mark in marks)
        line = pb.Line(
            criterion=criterion.number,
            points=None if total is None else _points(self._mean(case, place_, total)),
            marks=[
                pb.LineMark(sheet=sheet, option=mark.option, points=mark.points, origin=ORIGIN[mark.origin])
                for sheet, mark in marks
            ],
            basis=self._say.basis(line_basis(case, criterion, only)),
        )
        if only:
            line.lowest, line.highest = min(m.points for m in only), max(m.points for m in only)
        if self._with_sheet:
            line.sheet.CopyFrom(self._sheet(criterion, place_))
        return line

    def _sheet(self, criterion: Criterion, place_: int) -> pb.LineSheet:
        evidence = self._form.edition.evidence
        parts = zip(self._form.product_set.parts, self._form.parts, strict=True)
        return pb.LineSheet(
            name=self._say.label(criterion.name),
            part=next(part.code for part, (start, end) in parts if start <= place_ < end),
            max=criterion.max,
            evidence=[pb.Label(text=self._say.label(evidence[e])) for e in criterion.evidence],
            reference=criterion.reference,
            source=_place(criterion.position),
        )


_line_bytes: dict[tuple[tuple[str, ...], bool], WeakKeyDictionary[Form, _LineBytes]] = {}


def _lines(message: pb.Assessment, a: Assessment, say: Voice, *, with_sheet: bool) -> None:
    case, verdict = a.case, a.verdict
    known = _line_bytes.setdefault((say.languages, with_sheet), WeakKeyDictionary())
    lines = known.get(case.form)
    if lines is None:
        lines = known[case.form] = _LineBytes(case.form, say, with_sheet=with_sheet)
    if len(verdict.sheets) == 1:
        only = verdict.sheets[0]
        encoded = [
            lines.single(case, i, only.sheet, mark) if mark is not None else lines.several(case, i, (), None)
            for i, mark in enumerate(only.marks)
        ]
    else:
        encoded = [
            lines.several(case, i, tuple((v.sheet, mark) for v in verdict.sheets if (mark := v.marks[i])), total)
            for i, total in enumerate(verdict.sums)
        ]
    message.MergeFromString(b"".join(encoded))
