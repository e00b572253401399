"""Facts: what a dossier may state beside its sheets. A kind of fact is one class here, and nothing else tells kinds apart.

Unknown is a third value of every kind: it never scores and never clears a knock-out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from scoring_service.plaintext import nfc
from scoring_service.problems import Position
from scoring_service.rulebook.label import Label

# The words people write for yes, no and unknown, in files and rule files; upper and lower case are one.
YES = ("yes", "có", "true")
NO = ("no", "không", "false")
UNKNOWN = ("unknown", "chưa rõ", "")
PLACES = 4  # decimals that facts and ranges may have; the inference engine compares whole ten-thousandths
_LONGEST_NUMBER = 30
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_EXACT = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)

FactValue = Decimal | str


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of numbers as printed: ``[25, 50)``; an open end is ``None``."""

    low: Decimal | None
    high: Decimal | None
    low_closed: bool
    high_closed: bool

    def __contains__(self, value: Decimal) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.low_closed)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_closed)

    def __str__(self) -> str:
        left = "(" if self.low is None or not self.low_closed else "["
        right = ")" if self.high is None or not self.high_closed else "]"
        return f"{left}{'' if self.low is None else self.low}, {'' if self.high is None else self.high}{right}"


class FactKind:
    """What values a fact may take, how people write them, and how rules compare them."""

    id: ClassVar[str]
    """The word in rule files."""
    forms: ClassVar[tuple[str, ...]]
    """The typed values that carry it in the contract."""
    numeric: ClassVar[bool] = False

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """The value of a text as people write it in files; ``None`` when it is none."""
        raise NotImplementedError

    def parse_exact(self, text: str, fact: Fact) -> FactValue | None:
        """The value of a text as programs write it: one spelling only."""
        return self.parse(text, fact)

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """The number that rules compare."""
        raise NotImplementedError

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Values enough to see every gap and overlap of ranges with such ends, or of words."""
        raise NotImplementedError

    def schema(self, fact: Fact) -> dict[str, Any]:
        """What JSON Schema says of a stated value."""
        raise NotImplementedError


class YesNo(FactKind):
    """Yes or no: compared as 1 and 0."""

    id, forms = "yes_no", ("yes_no",)

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """``yes``, ``có`` or ``true``; ``no``, ``không`` or ``false``."""
        return "yes" if text in YES else "no" if text in NO else None

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """1 and 0."""
        return Decimal(value == "yes")

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Both."""
        return ["no", "yes"]

    def schema(self, fact: Fact) -> dict[str, Any]:
        """A boolean, or the words."""
        return {"type": ["boolean", "string"], "enum": [True, False, *YES, *NO, *UNKNOWN[:2]]}


class Percent(FactKind):
    """A share from 0 to 100 with at most four decimals, exact."""

    id, forms, numeric = "percent", ("decimal", "count"), True

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """``62.5``, ``62,5`` or ``62,5%``."""
        value = parse_decimal(text)
        inside = value is not None and 0 <= value <= 100  # noqa: PLR2004 - per cent
        return value if inside and value == round(value, PLACES) else None  # type: ignore[arg-type]

    def parse_exact(self, text: str, fact: Fact) -> FactValue | None:
        """``62.5`` and nothing else."""
        value = Decimal(text) if _EXACT.fullmatch(text) else None
        return value if value is not None and value <= 100 else None  # noqa: PLR2004 - per cent

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """Itself."""
        return Decimal(value)

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Each end and a value between each two, from 0 to 100."""
        low, high = Decimal(0), Decimal(100)
        return list(representatives({*ends, low, high}, low, high))

    def schema(self, fact: Fact) -> dict[str, Any]:
        """A number, or text."""
        return {"type": ["number", "string"], "minimum": 0, "maximum": 100}


class Count(FactKind):
    """A whole number from 0. No ``1.000``: a point means decimals here and thousands elsewhere."""

    id, forms, numeric = "count", ("count", "decimal"), True

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """Digits only."""
        return Decimal(text) if _WHOLE.fullmatch(text) else None

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """Itself."""
        return Decimal(value)

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """Each end, a number between each two, and one beyond the last."""
        values = representatives({*ends, Decimal(0)}, Decimal(0), None)
        return [v for v in values if v == v.to_integral_value()]

    def schema(self, fact: Fact) -> dict[str, Any]:
        """A whole number, or text."""
        return {"type": ["integer", "string"], "minimum": 0}


class Choice(FactKind):
    """One of the words the fact lists; their order means something, as rules compare places in it."""

    id, forms = "choice", ("choice",)

    def parse(self, text: str, fact: Fact) -> FactValue | None:
        """A word of the list."""
        return text if text in fact.choices else None

    def comparable(self, value: FactValue, fact: Fact) -> Decimal:
        """The word's place in the list."""
        return Decimal(list(fact.choices).index(str(value)))

    def axis(self, ends: Iterable[Decimal], fact: Fact) -> list[FactValue]:
        """All words."""
        return list(fact.choices)

    def schema(self, fact: Fact) -> dict[str, Any]:
        """The words."""
        return {"enum": [*fact.choices, *UNKNOWN[:2]]}


KINDS: Mapping[str, FactKind] = {kind.id: kind for kind in (YesNo(), Percent(), Count(), Choice())}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a dossier may state."""

    id: str
    name: Label
    kind: FactKind
    choices: Mapping[str, Label]
    position: Position

    def parse(self, text: str, form: str = "") -> FactValue | None:
        """A stated value, or ``None``. ``form`` is the typed value of the contract it came in; empty: text as people write it."""
        if not form:
            return self.kind.parse(nfc(text).strip().lower(), self)
        return self.kind.parse_exact(text, self) if form in self.kind.forms else None

    def comparable(self, value: FactValue) -> Decimal:
        """A stated value as the number that rules compare."""
        return self.kind.comparable(value, self)


def parse_decimal(text: str) -> Decimal | None:
    """``text`` as an exact finite decimal, or ``None``: digits, one point or comma, an optional sign and %."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
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
