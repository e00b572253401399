"""From answers to points: one sheet against one product set, by lookup. No rule of law is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring_service.engine.assessment import Mark, Origin
from scoring_service.engine.dossier import Sheet
from scoring_service.rulebook.model import Criterion, DeriveRow, Option, ProductSet

FactValues = Mapping[str, Decimal | str]


@dataclass(frozen=True, slots=True)
class Answering:
    """A product set prepared for lookup: option by what an answer may say, and the options that points alone do not tell apart."""

    criteria: Mapping[str, Criterion]
    options: Mapping[str, Mapping[str, Option]]
    ambiguous: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, product_set: ProductSet) -> Answering:
        criteria, options, ambiguous = {}, {}, {}
        for criterion in product_set.criteria():
            by_answer = {o.id: o for o in criterion.choices()}
            by_points: dict[str, list[Option]] = {}
            for option in criterion.choices():
                by_points.setdefault(str(option.points), []).append(option)
            for points, same in by_points.items():
                if len(same) == 1:
                    by_answer.setdefault(points, same[0])
            criteria[criterion.number] = criterion
            options[criterion.number] = by_answer
            ambiguous[criterion.number] = {
                p: tuple(o.id for o in same) for p, same in by_points.items() if len(same) > 1
            }
        return cls(criteria, options, ambiguous)


def derivation(criterion: Criterion, facts: FactValues) -> DeriveRow | None:
    """The one row that the stated facts name, or ``None`` when they do not reach."""
    return next((row for row in criterion.derive if row.matches(facts)), None)


def mark_sheet(sheet: Sheet, answering: Answering, derived: Mapping[str, Option]) -> dict[str, Mark]:
    """Every criterion of one sheet (its answers in normal form) that has an answer: the assessor's, or else the derived one.

    A criterion whose condition fails counts 0 and needs no answer; a criterion absent from the result is missing.
    """
    marks: dict[str, Mark] = {}
    conditional = []
    for number, criterion in answering.criteria.items():
        if criterion.only_if:
            conditional.append(criterion)
        elif mark := _mark(sheet, number, answering, derived):
            marks[number] = mark
    for criterion in conditional:
        rule = criterion.only_if
        base = marks.get(rule.criterion) if rule else None
        if rule and base and base.points < rule.at_least:
            marks[criterion.number] = Mark(sheet.assessor, "", 0, Origin.NOT_APPLICABLE)
        elif mark := _mark(sheet, criterion.number, answering, derived):
            marks[criterion.number] = mark
    return marks


def _mark(sheet: Sheet, number: str, answering: Answering, derived: Mapping[str, Option]) -> Mark | None:
    answer = sheet.answers.get(number)
    if answer is not None:
        option = answering.options[number][answer]
        return Mark(sheet.assessor, option.id, option.points, Origin.ASSESSOR)
    found = derived.get(number)
    return Mark(sheet.assessor, found.id, found.points, Origin.DERIVED) if found else None
