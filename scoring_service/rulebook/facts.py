"""Facts: what a dossier may state beside its sheets. A kind of fact is one class here, and nothing else tells kinds apart.

Unknown is a third value of every kind: it never scores and never clears a knock-out.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, ClassVar

from scoring_service.plaintext import meant_day, nfc, parse_day
from scoring_service.problems import Position
from scoring_service.rulebook.label import NOTHING, Label

# The words people write for yes, no and unknown, in files and rule files; upper and lower case are one.
YES = ("yes", "có", "true")
NO = ("no", "không", "false")
UNKNOWN = ("unknown", "chưa rõ", "")
PLACES = 4  # decimals that facts and ranges may have; the inference engine compares whole ten-thousandths
LARGEST = Decimal(10) ** 9
"""The largest number that a fact or a range may name."""
_LONGEST_NUMBER = 30
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_EXACT = re.compile(r"\d{1,10}(\.\d{1,4})?", re.ASCII)
# 1.250 is a thousand and more to one reader, and one and a quarter to another.
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)

FactValue = Decimal | str | dt.date


@dataclass(frozen=True, slots=True)
class Interval:
    """A range as printed: ``[25, 50)``; an open end is ``None``. The ends are what rules compare: of days their count."""

    low: Decimal | None
    high: Decimal | None
    low_closed: bool
    high_closed: bool

    def __contains__(self, value: FactValue) -> bool:
        measured = _measured(value)
        if self.low is not None and (measured < self.low or (measured == self.low and not self.low_closed)):
            return False
        return self.high is None or measured < self.high or (measured == self.high and self.high_closed)

    @property
    def ends(self) -> tuple[Decimal, ...]:
        """The ends that it has."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    def text(self, show: Callable[[Decimal], str] = str) -> str:
        """The range with its ends as ``show`` writes them; ``Fact.shown`` knows how."""
        left = "(" if self.low is None or not self.low_closed else "["
        right = ")" if self.high is None or not self.high_closed else "]"
        low, high = ("" if end is None else show(end) for end in (self.low, self.high))
        return f"{left}{low}, {high}{right}"

    def __str__(self) -> str:
        return self.text()


def _measured(value: FactValue) -> Decimal:
    """The number by which a value lies in a range: itself, or the count of days."""
    return Decimal(value.toordinal() if isinstance(value, dt.date) else value)


class FactKind:
    """What values a fact may take, how people write them, how rules name ranges of them and compare them, and how they are told."""

    id: ClassVar[str]
    """The word in rule files."""
    forms: ClassVar[tuple[str, ...]]
    """The typed values that carry it in the contract."""
    numeric: ClassVar[bool] = False
    """Whether rules name ranges of it; of the others they name words."""
    measured: ClassVar[bool] = False
    """Whether its values may have a unit."""
    bounds: ClassVar[tuple[Decimal | None, Decimal | None]] = (None, None)
    """The least and the greatest number that rules may compare; ``None`` where there is none."""
    whole: ClassVar[bool] = False
    """Whether what rules compare is a whole number always."""
    told: ClassVar[str] = ""
    """The sentence that says a value, with its unit; empty: the value alone."""

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """The value of a text as people write it in files; ``None`` when it is none."""
        raise NotImplementedError

    def parse_exact(self, text: str, fact: Fact) -> FactValue | None:
        """The value of a text as programs write it: one spelling only."""
        return self.parse(text, fact)

    def meant(self, text: str) -> str:
        """The spelling that was most likely meant by a text that is no value; empty where nothing can be told."""
        del text
        return ""

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """The number that rules compare."""
        del fact
        return _measured(value)

    def parse_end(self, text: str) -> Decimal | None:
        """The end of a range as rule files write it, as the number that rules compare."""
        return parse_decimal(text)

    def show(self, end: Decimal) -> str:
        """The end of a range as rule files write it."""
        return format(end, "f")

    def holds_any(self, interval: Interval) -> bool:
        """Whether some value can lie within the range."""
        low, high = interval.low, interval.high
        if low is None or high is None:
            return True
        if not self.whole:
            return low < high or (low == high and interval.low_closed and interval.high_closed)
        first, last = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
        return first + (first not in interval) <= last - (last not in interval)

    def meaning(self, text: str, fact: Fact) -> object:
        """The value of a stated text as it is told: a number, a day, a label, yes or no."""
        raise NotImplementedError

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Values enough to see every gap and overlap of ranges with such ends, or of words."""
        raise NotImplementedError

    def schema(self, fact: Fact) -> dict[str, Any]:
        """What JSON Schema says of a stated value."""
        raise NotImplementedError


class YesNo(FactKind):
    """Yes or no: compared as 1 and 0."""

    id, forms, told = "yes_no", ("yes_no",), "STATED_YES_NO"

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """``yes``, ``có`` or ``true``; ``no``, ``không`` or ``false``."""
        return "yes" if text in YES else "no" if text in NO else None

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """1 and 0."""
        return Decimal(value == "yes")

    def meaning(self, text: str, fact: Fact) -> object:
        """The word."""
        return text

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Both."""
        return ["no", "yes"]

    def schema(self, fact: Fact) -> dict[str, Any]:
        """A boolean, or the words."""
        return {"type": ["boolean", "string"], "enum": [True, False, *YES, *NO, *UNKNOWN[:2]]}


class Number(FactKind):
    """A number from 0 with at most four decimals, exact: hectares, tonnes."""

    id, forms, numeric, measured, told = "decimal", ("decimal", "count"), True, True, "STATED_MEASURE"
    most: ClassVar[Decimal] = LARGEST
    bounds = (Decimal(0), LARGEST)

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """``2.5`` or ``2,5``. No ``1.250``, which can be read two ways: ``1250`` or ``1.25``."""
        return None if _TWO_WAYS.fullmatch(text) else self._bounded(parse_decimal(text))

    def parse_exact(self, text: str, fact: Fact) -> FactValue | None:
        """``2.5`` and nothing else."""
        return self._bounded(Decimal(text)) if _EXACT.fullmatch(text) else None

    def parse_end(self, text: str) -> Decimal | None:
        """``2.5``, and no ``1.250``."""
        return None if _TWO_WAYS.fullmatch(text) else parse_decimal(text)

    def meaning(self, text: str, fact: Fact) -> object:
        """The number."""
        return Decimal(text)

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Each end, a number between each two, and one beyond the last."""
        return list(representatives({*ends, Decimal(0)}, Decimal(0), None))

    def schema(self, fact: Fact) -> dict[str, Any]:
        """A number, or text."""
        return {"type": ["number", "string"], "minimum": 0, "maximum": int(self.most)}

    def _bounded(self, value: Decimal | None) -> Decimal | None:
        return value if value is not None and 0 <= value <= self.most and value == round(value, PLACES) else None


class Percent(Number):
    """A share from 0 to 100 with at most four decimals, exact."""

    id, measured, told, most = "percent", False, "PERCENT", Decimal(100)
    bounds = (Decimal(0), most)

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """``62.5``, ``62,5`` or ``62,5%``."""
        return self._bounded(parse_decimal(_without_sign(text)))

    def parse_end(self, text: str) -> Decimal | None:
        """``62.5`` or ``62.5%``."""
        return parse_decimal(_without_sign(text))

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Each end and a value between each two, from 0 to 100."""
        return list(representatives({*ends, Decimal(0), self.most}, Decimal(0), self.most))


class Count(FactKind):
    """A whole number from 0. No ``1.000``: a point means decimals here and thousands elsewhere."""

    id, forms, numeric, measured, whole = "count", ("count", "decimal"), True, True, True
    told = "STATED_MEASURE"
    bounds = (Decimal(0), LARGEST)

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """Digits only."""
        return Decimal(text) if _WHOLE.fullmatch(text) else None

    def parse_end(self, text: str) -> Decimal | None:
        """Digits only."""
        return Decimal(text) if _WHOLE.fullmatch(text) else None

    def meaning(self, text: str, fact: Fact) -> object:
        """The number."""
        return Decimal(text)

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Each end, a number between each two, and one beyond the last."""
        values = representatives({*ends, Decimal(0)}, Decimal(0), None)
        return [v for v in values if v == v.to_integral_value()]

    def schema(self, fact: Fact) -> dict[str, Any]:
        """A whole number, or text."""
        return {"type": ["integer", "string"], "minimum": 0}


_ANY_DAY = dt.date(2000, 1, 1)


class Day(FactKind):
    """A civil day, written year-month-day: compared by the count of days."""

    id, forms, numeric, whole = "date", ("date",), True, True

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """``2026-05-22`` and nothing else."""
        return parse_day(text)

    def meant(self, text: str) -> str:
        """``22/5/2026`` is a day, the day first."""
        day = meant_day(text)
        return day.isoformat() if day else ""

    def parse_end(self, text: str) -> Decimal | None:
        """``2026-05-22``."""
        day = parse_day(text)
        return _measured(day) if day else None

    def show(self, end: Decimal) -> str:
        """``2026-05-22``."""
        return dt.date.fromordinal(int(end)).isoformat()

    def meaning(self, text: str, fact: Fact) -> object:
        """The day."""
        return dt.date.fromisoformat(text)

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Each end, and the days before and after it."""
        days = sorted({int(end) + by for end in ends for by in (-1, 0, 1)})
        return [dt.date.fromordinal(day) for day in days if 1 <= day <= dt.date.max.toordinal()] or [_ANY_DAY]

    def schema(self, fact: Fact) -> dict[str, Any]:
        """Text of that form."""
        return {"type": "string", "pattern": rf"^(\d{{4}}-\d{{2}}-\d{{2}}|{'|'.join(UNKNOWN[:2])})$"}


class Choice(FactKind):
    """One of the words the fact lists; their order means something, as rules compare places in it."""

    id, forms = "choice", ("choice",)

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """A word of the list."""
        return text if text in fact.choices else None

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """The word's place in the list."""
        return Decimal(list(fact.choices).index(str(value)))

    def meaning(self, text: str, fact: Fact) -> object:
        """What the word is called."""
        return fact.choices[text]

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """All words."""
        return list(fact.choices)

    def schema(self, fact: Fact) -> dict[str, Any]:
        """The words."""
        return {"enum": [*fact.choices, *UNKNOWN[:2]]}


KINDS: Mapping[str, FactKind] = {kind.id: kind for kind in (YesNo(), Percent(), Number(), Count(), Day(), Choice())}
POINTS: FactKind = KINDS["decimal"]
"""How ranges of points are written: they are numbers like others."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a dossier may state."""

    id: str
    name: Label
    kind: FactKind
    choices: Mapping[str, Label]
    position: Position
    unit: Label = NOTHING
    """What its numbers count, such as hectares; empty where the name says it."""

    def parse(self, text: str, form: str = "") -> FactValue | None:
        """A stated value, or ``None``. ``form`` is the typed value of the contract it came in; empty: text as people write it."""
        if not form or (
            form == "choice" and _TWO_WAYS.fullmatch(text.strip())
        ):  # so do clients send what they cannot tell
            return self.kind.parse(nfc(text).strip().lower(), self)
        return self.kind.parse_exact(text, self) if form in self.kind.forms else None

    def comparable(self, value: FactValue) -> Decimal:
        """A stated value as the number that rules compare."""
        return self.kind.comparable(value, self)

    def meaning(self, text: str) -> object:
        """A stated value as it is told: a number, a day, a label, yes or no."""
        return self.kind.meaning(text, self)

    def shown(self, interval: Interval) -> str:
        """A range of its values as rule files write it: ``[2026-01-01, )``."""
        return interval.text(self.kind.show)


def _without_sign(text: str) -> str:
    return text.strip().removesuffix("%")


def parse_decimal(text: str) -> Decimal | None:
    """``text`` as an exact finite decimal, or ``None``: digits, one point or comma, an optional sign."""
    plain = text.strip().replace(",", ".")
    if len(plain) > _LONGEST_NUMBER or not all(c in "0123456789.-" for c in plain):
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def representatives(ends: Iterable[Decimal], low: Decimal, high: Decimal | None) -> Iterator[Decimal]:
    """Each end, a value between each two, and one beyond the last: enough to see every gap and overlap of ranges."""
    inside = sorted({e for e in ends if e >= low and (high is None or e <= high)})
    for here, following in itertools.pairwise(inside):
        yield here
        middle = (here + following) / 2
        yield middle.to_integral_value() if following - here > 1 else middle
    yield inside[-1]
    if high is None:
        yield inside[-1] + 1
