"""How printed sheets say things: headings, ranges, conditions and readings, in Vietnamese, each line of readable length."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal

from scoring_service.rulebook.facts import POINTS, Fact, FactKind, Interval
from scoring_service.rulebook.label import Basis
from scoring_service.rulebook.model import Comparison, DeriveRow, Edition, Of, Op, ProductSet, Subject
from scoring_service.telling.catalogue import DEFAULT_LANGUAGE
from scoring_service.telling.teller import Told, teller

WIDTH = 120
_PERCENT = "percent"
_DATE = "date"


class PrintWords:
    """The words of an edition's prints."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._to = teller(DEFAULT_LANGUAGE)

    # --- lines

    def wrapped(self, line: str, indent: str) -> list[str]:
        """A line, and where it is too long its rest below ``indent``."""
        return textwrap.wrap(
            line,
            WIDTH,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
            replace_whitespace=False,
        ) or [line]

    def item(self, heading: str, text: str, indent: str = "") -> list[str]:
        """``- Căn cứ: …``; nothing where there is no text."""
        return self.wrapped(f"{indent}- {self.heading(heading)}: {text}", f"{indent}  ") if text else []

    def basis(self, basis: Basis, indent: str = "") -> list[str]:
        """Why it is our reading, or that it is the council's practice; nothing where the decision says it."""
        text = self._to.basis(basis)
        return [] if basis.stated else self.item("practice" if basis.practice else "reading", text or "–", indent)

    # --- words

    def heading(self, key: str) -> str:
        """A heading of the print."""
        return self._to.word("print", key)

    def word(self, group: str, value: object) -> str:
        """A word of a closed vocabulary."""
        return self._to.word(group, value)

    def points(self, points: int) -> str:
        """``3 điểm``."""
        return self._to.sentence("POINTS_PRINTED", points=points)

    def day(self, day: dt.date) -> str:
        """``22/05/2026``."""
        return self._to.day(day)

    def kinds(self, kinds: Iterable[str]) -> str:
        """Kinds of application by name; all where none is named."""
        return ", ".join(self._edition.kinds[kind]["vi"] for kind in kinds) or self.heading("all")

    # --- ranges and conditions

    def range(self, interval: Interval, kind: FactKind = POINTS, unit: str = "") -> str:
        """``từ 25% đến dưới 50%``; one value as ``đúng 75%``."""
        low, high = interval.low, interval.high
        if low is not None and low == high:
            return self._to.sentence("RANGE_EXACTLY", it=self._end(low, kind, unit))
        codes = {
            "RANGE_LOW" if interval.low_closed else "RANGE_ABOVE": low,
            "RANGE_HIGH" if interval.high_closed else "RANGE_AND_BELOW" if low is not None else "RANGE_BELOW": high,
        }
        if high is None and interval.low_closed:
            codes = {"RANGE_UP": low}
        ends = ((code, end) for code, end in codes.items() if end is not None)
        return " ".join(self._to.sentence(code, it=self._end(end, kind, unit)) for code, end in ends)

    def _end(self, end: Decimal, kind: FactKind, unit: str) -> Told:
        if kind.id == _DATE:
            return Told(self.day(dt.date.fromordinal(int(end))))
        number = self._to.number(end)
        return Told(f"{number}%" if kind.id == _PERCENT else f"{number} {unit}".rstrip())

    def derivation(self, row: DeriveRow) -> str:
        """``Tỷ lệ … từ 25% đến dưới 50% → a``; an unclear place says why."""
        when = "; ".join(f"{self._edition.facts[fact].name['vi']}: {self._allowed(fact, ok)}" for fact, ok in row.when)
        outcome = row.option or "?"
        return f"{when} → {outcome}" + (f" ({self.heading('unclear')}: {row.unclear['vi']})" if row.unclear else "")

    def _allowed(self, fact_id: str, allowed: Interval | frozenset[str]) -> str:
        fact = self._edition.facts[fact_id]
        if isinstance(allowed, Interval):
            return self.range(allowed, fact.kind, fact.unit["vi"])
        return self._either(self.value(fact, word) for word in fact.kind.axis((), fact) if word in allowed)

    def value(self, fact: Fact, word: object) -> str:
        """A word of a fact as it is told."""
        return fact.choices[str(word)]["vi"] if fact.choices else self.word("yes_no", word)

    def tests(self, tests: Sequence[Comparison], product_set: ProductSet) -> str:
        """Comparisons that must all hold: each subject with the range they leave it."""
        by_subject: dict[Subject, list[Comparison]] = {}
        for test in tests:
            by_subject.setdefault(test.subject, []).append(test)
        return "; ".join(f"{self._subject(s, product_set)}: {self._of(s, of)}" for s, of in by_subject.items())

    def _of(self, subject: Subject, tests: Sequence[Comparison]) -> str:
        interval = _interval(tests)
        if subject.of is not Of.FACT:
            return self.range(interval)
        fact = self._edition.facts[subject.id]
        if fact.kind.numeric:
            return self.range(interval, fact.kind, fact.unit["vi"])
        words = (word for word in fact.kind.axis((), fact) if fact.comparable(word) in interval)
        return self._either(self.value(fact, word) for word in words)

    def _either(self, words: Iterable[str]) -> str:
        return f" {self.heading('or')} ".join(words)

    def _subject(self, subject: Subject, product_set: ProductSet) -> str:
        if subject.of is Of.FACT:
            return self._edition.facts[subject.id].name["vi"]
        names = {one.number: one.name["vi"] for one in product_set.criteria()} | {
            p.code: p.name["vi"] for p in product_set.parts
        }
        return " ".join(filter(None, (self.heading(subject.of), subject.id, names.get(subject.id, ""))))


def _interval(tests: Sequence[Comparison]) -> Interval:
    """What comparisons of one subject leave open."""
    low = next((t for t in tests if t.op in (Op.AT_LEAST, Op.ABOVE)), None)
    high = next((t for t in tests if t.op in (Op.AT_MOST, Op.BELOW)), None)
    return Interval(
        low.value if low else None,
        high.value if high else None,
        low_closed=low is not None and low.op is Op.AT_LEAST,
        high_closed=high is not None and high.op is Op.AT_MOST,
    )
