"""Changes in words: each in one sentence, and conditions as an office reads them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring_service.authoring.diff.change import NOTHING_THERE, AnyOf, Change, Numbers, Quoted, Test, Word
from scoring_service.authoring.diff.gather import Shared
from scoring_service.problems import Span
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.label import Label
from scoring_service.telling.teller import Teller, Told


def told(to: Teller, change: Change) -> str:
    """One change in one sentence, without the criterion it stands under."""
    return to.sentence(change.code, **{name: _said(to, value) for name, value in change.values.items()})


def title(to: Teller, shared: Shared) -> str:
    """The criterion of a change: its number where it is the same in all sets, before and after, and its name."""
    heading = shared.change.heading
    if heading is None:
        return ""
    name = heading[to.language]
    numbers = {numbers for _, numbers in shared.at}
    if len(numbers) != 1:
        return name
    return f"{between(numbers.pop())} {name}"


def between(numbers: Numbers) -> str:
    """``3.1 → 2.4``; one number where nothing changed, or where there is but one."""
    return " → ".join(dict.fromkeys(filter(None, numbers)))


def _said(to: Teller, value: object) -> object:
    """A value as a sentence takes it: what the teller does not know is told here."""
    said = ""
    match value:
        case Quoted():
            said = to.sentence("CHANGED_QUOTED", text=value.text)
        case Word():
            said = to.word(value.group, value.word)
        case AnyOf():
            said = to.sentence("CHANGED_OR").join(_way(to, way) for way in value.ways)
        case Span():
            said = _span(to, value)
        case Interval():
            said = value.text(to.number)
        case (Span() as filed, dt.date() as decided):
            said = to.sentence("CHANGED_SPAN_DECIDED", filed=Told(_span(to, filed)), decided=decided)
        case tuple():
            said = _several(to, value)
        case _:
            return value
    return Told(said)


def _several(to: Teller, values: tuple[object, ...]) -> str:
    said = [to.say(_said(to, value)) for value in values]
    match values:
        case (Word("changed_field"), Word("yes_no", "yes")):
            return said[0]
        # 15 working days before; renewal in writing; a field and its value
        case (int(), Word(), Word()) | (Label(), Word()) | (Word("changed_field"), _):
            return " ".join(said)
        case ((Word("changed_field"), _), *_):
            return "; ".join(said)
        case _:
            return ("; " if any(isinstance(value, Label) for value in values) else ", ").join(said)


def _span(to: Teller, span: Span) -> str:
    code = "CHANGED_SPAN" + ("_FROM" if span.first else "") + ("_UNTIL" if span.last else "")
    return to.sentence(code, first=span.first, last=span.last)


def _way(to: Teller, way: Iterable[Test]) -> str:
    """Tests of one subject stand together: ``share ≥ 25%, < 50%``."""
    said = []
    for _, group in itertools.groupby(way, key=lambda test: (test.of, test.id)):
        tests = list(group)
        name = to.say(_said(to, tests[0].name))
        values = ", ".join(_test(to, test) for test in tests)
        said.append(f"{name}: {values}" if tests[0].op is None else f"{name} {values}")
    return to.sentence("CHANGED_AND").join(said)


def _test(to: Teller, test: Test) -> str:
    if test.op is None:
        return to.say(_said(to, test.said))
    return f"{test.op.sign} {_measure(to, test)}"


def _measure(to: Teller, test: Test) -> str:
    value = Decimal(test.value)
    if not isinstance(test.name, Fact):
        return to.number(value)
    fact = test.name
    if fact.kind.id == "date":
        return to.day(dt.date.fromordinal(int(value)))
    return to.sentence(fact.kind.told, value=value, unit=fact.unit).rstrip()


def plain(change: Change) -> dict[str, Any]:
    """The values of a change as JSON has them: numbers, and texts in both languages."""
    return {name: _plain(value) for name, value in change.values.items()}


def _plain(value: object) -> Any:
    plain_: Any = value
    match value:
        case Quoted():
            plain_ = _plain(value.text)
        case Label():
            plain_ = {"vi": value.vi, "en": value["en"]}
        case Word():
            plain_ = None if value == NOTHING_THERE else value.word
        case AnyOf():
            plain_ = [[_plain_test(test) for test in way] for way in value.ways]
        case Span():
            plain_ = {"from": _plain(value.first), "until": _plain(value.last)}
        case tuple():
            plain_ = [_plain(item) for item in value]
        case dt.date():
            plain_ = value.isoformat()
        case Decimal() | Interval() | Fraction():
            plain_ = str(value)
    return plain_


def _plain_test(test: Test) -> dict[str, str]:
    return {test.of: test.id, "op": test.op or "is", "value": str(test.value)}
