"""From answers to points: one sheet against one product set, by lookup. No rule of law is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring_service.engine.assessment import Mark, Origin
from scoring_service.engine.dossier import Dossier, Sheet
from scoring_service.rulebook.check import row_matches
from scoring_service.rulebook.model import Criterion, DeriveRow, Edition, Fact, FactKind, Option, ProductSet
from scoring_service.rulebook.nodes import nfc
from scoring_service.rulebook.read_conditions import PLACES
from scoring_service.rulebook.reader import NO, YES, parse_decimal
from scoring_service.text import Problem, Text, did_you_mean, enough, shorten

UNKNOWN = ("unknown", "chưa rõ", "")
_LIMIT = Decimal(10) ** 9
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


def read_facts(facts: Mapping[str, str], edition: Edition, problems: list[Problem]) -> FactValues:
    """Stated facts as exact values: yes/no and words as text, numbers as decimals. Unknown ones are left out."""
    values: dict[str, Decimal | str] = {}
    for name, raw in sorted(facts.items()):  # a message keeps no order of its own
        if enough(problems):
            break
        text = nfc(raw).strip().lower()
        fact = edition.facts.get(nfc(name))
        if fact is None:
            problems.append(
                Problem(
                    "fact-unknown",
                    Text(
                        f"Bộ tiêu chí {edition.id} không có dữ kiện '{shorten(name)}'.",
                        f"Edition {edition.id} has no fact '{shorten(name)}'.",
                    )
                    + did_you_mean(name, edition.facts),
                    f"facts.{shorten(name)}",
                )
            )
        elif text not in UNKNOWN:
            value = _fact_value(fact, text)
            if value is None:
                problems.append(Problem("fact-value", _expected(fact, raw), f"facts.{fact.id}"))
            else:
                values[fact.id] = value
    return values


def _fact_value(fact: Fact, text: str) -> Decimal | str | None:
    if fact.kind is FactKind.YES_NO:
        return "yes" if text in YES else "no" if text in NO else None
    if fact.kind is FactKind.CHOICE:
        return text if text in fact.choices else None
    value = parse_decimal(text)
    if value is None or value < 0 or value > (100 if fact.kind is FactKind.PERCENT else _LIMIT):
        return None
    places = PLACES if fact.kind is FactKind.PERCENT else 0
    return value if value == round(value, places) else None


def _expected(fact: Fact, raw: str) -> Text:
    wanted = {
        FactKind.YES_NO: Text("có hoặc không (yes/no)", "yes or no"),
        FactKind.PERCENT: Text(
            "phần trăm từ 0 đến 100, tối đa 4 chữ số lẻ", "a percentage from 0 to 100 with at most 4 decimals"
        ),
        FactKind.COUNT: Text("số nguyên từ 0", "a whole number from 0"),
        FactKind.CHOICE: Text("một trong: " + ", ".join(fact.choices), "one of: " + ", ".join(fact.choices)),
    }[fact.kind]
    return Text(
        f"'{shorten(raw)}' không dùng được cho '{fact.name.vi}': cần {wanted.vi}, hoặc 'unknown' khi chưa rõ.",
        f"'{shorten(raw)}' does not fit '{fact.name.en}': expected {wanted.en}, or 'unknown'.",
    )


def check_answers(dossier: Dossier, edition: Edition, answering: Answering, problems: list[Problem]) -> None:
    """Note every answer that names no criterion or no option of the set; forms of other editions are left alone."""
    for index, sheet in enumerate(dossier.sheets):
        if sheet.edition not in ("", edition.id):
            continue
        for number, answer in sorted(sheet.answers.items()):
            if enough(problems):
                return
            known = answering.options.get(nfc(number).strip())
            if known is not None and nfc(answer).strip() in known:
                continue
            path = f"sheets[{index}].answers.{shorten(number)}"
            if known is None:
                problems.append(
                    Problem(
                        "criterion-unknown",
                        Text(
                            f"Phiếu của bộ này không có tiêu chí '{shorten(number)}'.",
                            f"This product set has no criterion '{shorten(number)}'.",
                        )
                        + did_you_mean(number, answering.criteria),
                        path,
                    )
                )
            else:
                problems.append(Problem(*_unknown_option(answering, nfc(number).strip(), nfc(answer).strip()), path))


def _unknown_option(answering: Answering, number: str, answer: str) -> tuple[str, Text]:
    criterion = answering.criteria[number]
    same = answering.ambiguous[number].get(answer)
    if same:
        names = {o.id: o for o in criterion.options}
        listed_vi = "; ".join(f"{i} = {names[i].name.vi}" for i in same if i in names)
        listed_en = "; ".join(f"{i} = {names[i].name.en}" for i in same if i in names)
        return "answer-ambiguous", Text(
            f"Tiêu chí {number}: {answer} điểm có ở nhiều mức; hãy ghi mã mức: {listed_vi}.",
            f"Criterion {number}: several options give {answer} points; write the option id: {listed_en}.",
        )
    offered = ", ".join(o.id for o in criterion.choices())
    return "option-unknown", Text(
        f"Tiêu chí {number} ({criterion.name.vi}) không có mức '{shorten(answer)}'. Các mức: {offered}.",
        f"Criterion {number} ({criterion.name.en}) has no option '{shorten(answer)}'. Options: {offered}.",
    )


def derivation(criterion: Criterion, facts: FactValues) -> DeriveRow | None:
    """The one row that the stated facts name, or ``None`` when they do not reach."""
    return next((row for row in criterion.derive if row_matches(row, facts)), None)


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
