"""The lines of an answer, one for each criterion, as encoded pieces of an ``Assessment``.

Where all sheets that count are marked alike, a line is one of few and kept whole; elsewhere it is joined from kept parts around its mean
and its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.case import Case
from scoring_service.engine.explain import line_basis
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Form, Mark
from scoring_service.engine.verdict import Verdict
from scoring_service.service.pieces import Pieces, framed
from scoring_service.service.values import Voice, place, points
from scoring_service.service.verdicts import ORIGIN
from scoring_service.telling import report

_LINES, _MARKS = pb.Assessment.LINES_FIELD_NUMBER, pb.Line.MARKS_FIELD_NUMBER
Marks = tuple[tuple[int, Mark], ...]
"""The marks of one criterion, each with the place of its sheet in the dossier."""
_USUAL = frozenset(tuple(range(first, first + count)) for first in range(4) for count in range(1, 16))
"""The sheets that count mostly stand together at the beginning of their dossier; lines of others are not kept."""


def lines(case: Case, verdict: Verdict, say: Voice, kept: Pieces, *, with_sheet: bool) -> list[bytes]:
    """Every line in printed order. ``with_sheet``: with what the printed sheet says of the criterion."""
    made = _Lines(case, say, kept, with_sheet=with_sheet)
    seats, sheets = tuple([one.sheet for one in verdict.sheets]), [one.marks for one in verdict.sheets]
    agreed = _agreed(sheets) or [None] * len(verdict.sums)
    alike = kept.lines(with_sheet, seats, case.council_rules.decimals) if seats in _USUAL else None
    # Each mark of a form is one object, which lives as long as what is kept for the form.
    found: list[Any] = [alike.known.get(id(mark)) for mark in agreed] if alike else [None] * len(agreed)
    for at, mark in enumerate(agreed) if None in found else ():
        if found[at] is None:
            marks = tuple([(seat, own) for seat, one in zip(seats, sheets, strict=True) if (own := one[at])])
            make = partial(made.line, at, marks, verdict.sums[at])
            found[at] = alike.once(id(mark), make) if alike and mark else make()
    return found


def _agreed(sheets: Sequence[Sequence[Mark | None]]) -> Sequence[Mark | None]:
    """The mark of each criterion that all sheets have, ``None`` where they differ or are silent."""
    if len(sheets) == 1:
        return sheets[0]
    return [column[0] if len(set(map(id, column))) == 1 else None for column in zip(*sheets, strict=True)]


class _Lines:
    """Makes the lines of one case."""

    def __init__(self, case: Case, say: Voice, kept: Pieces, *, with_sheet: bool) -> None:
        self._case, self._form, self._say, self._with_sheet = case, case.form, say, with_sheet
        self._told = [report.lines_of(to, case.form) for to in say.tellers]
        self._parts, self._marks = kept.lines(with_sheet), kept.marks

    def line(self, at: int, marks: Marks, total: int | None) -> bytes:
        """The line of a criterion; without a ``total`` where a sheet leaves it open."""
        if total is None:
            return self._joined(at, marks, None, [told.open(at) for told in self._told])
        if len(marks) == 1:
            return self._joined(at, marks, total, [told.single(at, marks[0][1]) for told in self._told])
        mean, own = self._mean(at, total), tuple(mark for _, mark in marks)
        return self._joined(at, marks, total, [told.several(at, mean, own) for told in self._told])

    def _joined(self, at: int, marks: Marks, total: int | None, text: list[str]) -> bytes:
        own, unmet, parts = [mark.points for _, mark in marks], self._form.unmet[at], self._parts
        none_met = bool(unmet) and unmet in [mark.option for _, mark in marks]
        static = parts.once((at, none_met), lambda: self._static(at, tuple(mark for _, mark in marks)))
        told = pb.Line(text=text, points=None if total is None else points(self._mean(at, total)))
        if own:
            told.lowest, told.highest = min(own), max(own)
        # Each mark of a form is one object, which lives as long as what is kept for the form.
        known = self._marks.known
        each = [known.get((s, id(m))) or self._marks.once((s, id(m)), partial(_mark, s, m)) for s, m in marks]
        return framed(_LINES, b"".join((static, told.SerializeToString(), *each)))

    def _mean(self, at: int, total: int) -> Mean:
        case = self._case
        return Mean(total, len(case.seating.counted), self._form.criteria[at].max, case.council_rules.decimals)

    def _static(self, at: int, marks: tuple[Mark, ...]) -> bytes:
        """What a line says of its criterion, whatever the points are."""
        criterion = self._form.criteria[at]
        line = pb.Line(criterion=criterion.number, basis=self._say.basis(line_basis(self._case, criterion, marks)))
        if self._with_sheet:
            line.sheet.CopyFrom(_sheet(self._form, at, self._say))
        return line.SerializeToString()


def _mark(sheet: int, mark: Mark) -> bytes:
    told = pb.LineMark(sheet=sheet, option=mark.option, points=mark.points, origin=ORIGIN[mark.origin])
    return framed(_MARKS, told.SerializeToString())


def _sheet(form: Form, at: int, say: Voice) -> pb.LineSheet:
    """What the printed sheet says of a criterion."""
    criterion, evidence = form.criteria[at], form.edition.evidence
    parts = zip(form.product_set.parts, form.parts, strict=True)
    return pb.LineSheet(
        name=say.label(criterion.name),
        part=next(part.code for part, (start, end) in parts if start <= at < end),
        max=criterion.max,
        evidence=[pb.Label(text=say.label(evidence[e])) for e in criterion.evidence],
        reference=criterion.reference,
        source=place(criterion.position),
    )
