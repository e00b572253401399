"""The shape of a dossier: every place that names nothing known or fits no type, all at once, each with its field path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from scoring_service.engine.dossier import Dossier, SheetKind
from scoring_service.engine.points import Answering, FactValues
from scoring_service.rulebook.model import MODES, ROLES, Edition, Fact, FactKind
from scoring_service.rulebook.read_conditions import PLACES
from scoring_service.rulebook.reader import NO, YES, parse_decimal
from scoring_service.text import Problem, Text, did_you_mean, enough, nfc, shorten

UNKNOWN = ("unknown", "chưa rõ", "")
_LIMIT = Decimal(10) ** 9
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def check_dates(dossier: Dossier, problems: list[Problem]) -> None:
    """Days within reach of the calendar, and a decision not before its filing."""
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
    if dossier.decided_on and dossier.filed_on and dossier.decided_on < dossier.filed_on:
        what = Text(
            f"Ngày quyết định {dossier.decided_on} trước ngày nộp {dossier.filed_on}.",
            f"Decided on {dossier.decided_on}, before the filing on {dossier.filed_on}.",
        )
        problems.append(Problem("dates-order", what, "council.decided_on"))


def check_council(dossier: Dossier, editions: Mapping[str, Edition], problems: list[Problem]) -> None:
    """Size, mode, roles and forms: a misspelt role must not quietly lose a vote."""
    if dossier.mode and dossier.mode not in MODES:
        problems.append(_unknown("mode-unknown", dossier.mode, MODES, "council.mode"))
    sitting = len({s.assessor or i for i, s in enumerate(dossier.sheets) if s.kind is SheetKind.COUNCIL})
    if dossier.members is not None and not max(1, sitting) <= dossier.members:
        what = Text(
            f"Hội đồng có {dossier.members} thành viên nhưng có phiếu của {sitting} người.",
            f"The council has {dossier.members} members, but there are sheets of {sitting}.",
        )
        problems.append(Problem("members", what, "council.members"))
    for index, sheet in enumerate(dossier.sheets):
        if enough(problems):
            return
        if sheet.role and sheet.role not in ROLES:
            problems.append(_unknown("role-unknown", sheet.role, ROLES, f"sheets[{index}].role"))
        # With a single edition loaded the names of the others are not known.
        if sheet.edition and sheet.edition not in editions and len(editions) > 1:
            problems.append(_unknown("edition-unknown", sheet.edition, editions, f"sheets[{index}].edition"))
        if sheet.round < 1:
            what = Text("Lần chấm đếm từ 1.", "Rounds count from 1.")
            problems.append(Problem("round", what, f"sheets[{index}].round"))


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
