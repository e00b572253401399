"""The shape of a dossier: every place that names nothing known or fits no type, all at once, each with its field path."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from scoring_service.engine.dossier import Dossier, Sheet, SheetKind
from scoring_service.engine.points import Answering, FactValues
from scoring_service.rulebook.model import CHAIR, MODES, ROLES, Edition, Fact, FactKind
from scoring_service.rulebook.read_conditions import PLACES
from scoring_service.rulebook.reader import NO, YES, parse_decimal
from scoring_service.text import Problem, Text, did_you_mean, enough, nfc, shorten

UNKNOWN = ("unknown", "chưa rõ", "")
# The public holidays of Vietnam are known for these years.
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2090, 12, 31)
MAX_SHEETS = 99
_WHOLE = 100  # per cent
_COUNT = re.compile(r"\d{1,9}", re.ASCII)


def check_dates(dossier: Dossier, problems: list[Problem]) -> None:
    """Days within reach of the calendar, and in an order that can be: filed, proposed, complete, decided."""
    days = {
        "application.filed_on": dossier.filed_on,
        "application.proposed_on": dossier.proposed_on,
        "application.complete_on": dossier.complete_on,
        "application.expires_on": dossier.expires_on,
        "council.decided_on": dossier.decided_on,
    }
    for path, day in days.items():
        if day and not _FIRST_DAY <= day <= _LAST_DAY:
            what = Text(
                f"Ngày {day} nằm ngoài khoảng {_FIRST_DAY} đến {_LAST_DAY}.",
                f"{day} lies outside {_FIRST_DAY} to {_LAST_DAY}.",
            )
            problems.append(Problem("date-range", what, path))
    known = [(path, day) for path, day in days.items() if day and path != "application.expires_on"]
    for (_, before), (path, after) in itertools.pairwise(known):
        if after < before:
            what = Text(
                f"Ngày {after} trước ngày {before} của bước trước.", f"{after} lies before {before} of the step before."
            )
            problems.append(Problem("dates-order", what, path))


def check_council(dossier: Dossier, editions: Mapping[str, Edition], problems: list[Problem]) -> None:
    """Size, mode, roles, rounds and forms. A misspelt role must not lose a vote in silence, and nobody votes twice."""
    if dossier.mode and dossier.mode not in MODES:
        problems.append(_unknown("mode-unknown", dossier.mode, MODES, "council.mode"))
    if len(dossier.sheets) > MAX_SHEETS:
        what = Text(
            f"Hồ sơ có {len(dossier.sheets)} phiếu; tối đa {MAX_SHEETS}.",
            f"The dossier has {len(dossier.sheets)} sheets; at most {MAX_SHEETS} are taken.",
        )
        problems.append(Problem("too-many-sheets", what, "sheets"))
        return
    _check_size(dossier, problems)
    seen: dict[tuple[object, ...], int] = {}
    for index, sheet in enumerate(dossier.sheets):
        if sheet.role and sheet.role not in ROLES:
            problems.append(_unknown("role-unknown", sheet.role, ROLES, f"sheets[{index}].role"))
        # With a single edition loaded the names of the others are not known.
        if sheet.edition and sheet.edition not in editions and len(editions) > 1:
            problems.append(_unknown("edition-unknown", sheet.edition, editions, f"sheets[{index}].edition"))
        if not 1 <= sheet.round <= MAX_SHEETS:
            what = Text(f"Lần chấm là số từ 1 đến {MAX_SHEETS}.", f"Rounds are numbers from 1 to {MAX_SHEETS}.")
            problems.append(Problem("round", what, f"sheets[{index}].round"))
        for who, path in (
            (nfc(sheet.assessor).strip(), "assessor"),
            (sheet.role if sheet.role == CHAIR else "", "role"),
        ):
            other = seen.setdefault((path, who, sheet.kind, sheet.round, sheet.edition), index)
            if who and other != index:
                what = Text(
                    f"'{shorten(who)}' đã có phiếu ở sheets[{other}] trong cùng lần chấm; mỗi người một phiếu, mỗi hội đồng một chủ tịch.",
                    f"'{shorten(who)}' has a sheet at sheets[{other}] in the same round; one sheet a person, one chair a council.",
                )
                problems.append(Problem("sheet-repeated", what, f"sheets[{index}].{path}"))


def _check_size(dossier: Dossier, problems: list[Problem]) -> None:
    rounds: dict[tuple[int, str], int] = {}
    for sheet in dossier.sheets:
        if sheet.kind is SheetKind.COUNCIL:
            rounds[sheet.round, sheet.edition] = rounds.get((sheet.round, sheet.edition), 0) + 1
    sitting = max(rounds.values(), default=0)
    if dossier.members is not None and not max(1, sitting) <= dossier.members <= MAX_SHEETS:
        what = Text(
            f"Số thành viên {dossier.members} phải từ {max(1, sitting)} (số phiếu đã có) đến {MAX_SHEETS}.",
            f"The size {dossier.members} must be from {max(1, sitting)} (the sheets there are) to {MAX_SHEETS}.",
        )
        problems.append(Problem("members", what, "council.members"))


def _unknown(code: str, given: str, known: Iterable[str], path: str) -> Problem:
    what = Text(f"Không có '{shorten(given)}' ở đây.", f"'{shorten(given)}' is not known here.")
    return Problem(code, what + did_you_mean(given, known), path)


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
    if fact.kind is FactKind.COUNT:
        return (
            Decimal(text) if _COUNT.fullmatch(text) else None
        )  # no "1.000": a point means decimals here, thousands elsewhere
    value = parse_decimal(text)
    return value if value is not None and 0 <= value <= _WHOLE and value == round(value, PLACES) else None


def _expected(fact: Fact, raw: str) -> Text:
    wanted = {
        FactKind.YES_NO: Text("có hoặc không (yes/no)", "yes or no"),
        FactKind.PERCENT: Text(
            "phần trăm từ 0 đến 100, tối đa 4 chữ số lẻ", "a percentage from 0 to 100 with at most 4 decimals"
        ),
        FactKind.COUNT: Text("số nguyên từ 0, chỉ gồm chữ số", "a whole number from 0, digits only"),
        FactKind.CHOICE: Text("một trong: " + ", ".join(fact.choices), "one of: " + ", ".join(fact.choices)),
    }[fact.kind]
    return Text(
        f"'{shorten(raw)}' không dùng được cho '{fact.name.vi}': cần {wanted.vi}, hoặc 'unknown' khi chưa rõ.",
        f"'{shorten(raw)}' does not fit '{fact.name.en}': expected {wanted.en}, or 'unknown'.",
    )


def check_answers(
    dossier: Dossier,
    edition: Edition,
    answering: Answering,
    others: Mapping[str, frozenset[str]],
    problems: list[Problem],
) -> None:
    """Note every answer that names no criterion or no option of the set; forms of other editions are left alone.

    ``others``: the criterion numbers of the same product set in the other editions, by edition.
    """
    for index, sheet in enumerate(dossier.sheets):
        if sheet.edition not in ("", edition.id):
            continue
        form = _other_form(sheet, answering, others)
        if form:
            what = Text(
                f'Phiếu này lập theo mẫu của bộ tiêu chí {form}, còn hồ sơ xét theo {edition.id}. Ghi edition: "{form}" cho phiếu, '
                f"hoặc chấm lại theo mẫu {edition.id}.",
                f'This sheet is on the form of edition {form}, but {edition.id} judges the dossier. Write edition: "{form}" on the sheet, '
                f"or score again on the form of {edition.id}.",
            )
            problems.append(Problem("other-form", what, f"sheets[{index}].answers"))
            continue
        numbers: set[str] = set()
        for number, answer in sorted(sheet.answers.items()):
            if enough(problems):
                return
            plain = nfc(number).strip()
            if plain in numbers:
                what = Text(f"Tiêu chí {plain} được trả lời hai lần.", f"Criterion {plain} is answered twice.")
                problems.append(Problem("answer-repeated", what, f"sheets[{index}].answers.{shorten(number)}"))
                continue
            numbers.add(plain)
            known = answering.options.get(plain)
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


def _other_form(sheet: Sheet, answering: Answering, others: Mapping[str, frozenset[str]]) -> str:
    """The edition on whose form a sheet was plainly filled by mistake: all its numbers are there, few are here."""
    numbers = {nfc(number).strip() for number in sheet.answers}
    if sheet.edition or 2 * len(numbers & answering.criteria.keys()) >= len(numbers):
        return ""
    return next((edition for edition, known in others.items() if numbers <= known), "")


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
