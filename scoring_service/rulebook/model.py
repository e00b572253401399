"""The rules as data: what every evaluator, explanation and form is made from.

Immutable; built only by ``rulebook.load``. Points are whole numbers. Each rule knows its place in the file
(``position``), its paragraph of the decision (``reference``) and whether the decision says it or we read it so (``basis``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring_service.text import Position, Text, did_you_mean, shorten


class Effect(StrEnum):
    """What a knock-out does. Four different effects, never merged; listed from the strongest."""

    REJECT = "reject"
    NOT_ELIGIBLE = "not_eligible"
    DISQUALIFY = "disqualify"
    HALT = "halt"


class FactKind(StrEnum):
    """What values a fact may take."""

    YES_NO = "yes_no"
    PERCENT = "percent"
    COUNT = "count"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Basis:
    """``stated`` by the decision, or our reading with one line ``why``."""

    stated: bool = True
    why: Text | None = None


STATED = Basis()


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


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a dossier may state. Unknown is a third value: it never scores and never clears a knock-out."""

    id: str
    name: Text
    kind: FactKind
    choices: Mapping[str, Text]
    position: Position


class Op(StrEnum):
    """Comparisons; each carries its own exact meaning for a fraction."""

    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: of a fact, of a criterion's council mean, or of the council's mean total.

    ``subject`` is ``fact:<id>``, ``criterion:<number>`` or ``total``; ``value`` is in the unit of the subject.
    Yes/no facts compare as 1 and 0, choices as the place of the word in the list.
    """

    subject: str
    op: Op
    value: Decimal

    def holds(self, value: Decimal) -> bool:
        """Whether the comparison is true of an exact ``value``."""
        match self.op:
            case Op.AT_LEAST:
                return value >= self.value
            case Op.BELOW:
                return value < self.value
            case Op.AT_MOST:
                return value <= self.value
            case Op.ABOVE:
                return value > self.value


@dataclass(frozen=True, slots=True)
class Condition:
    """Any of several lists of tests that must all hold."""

    any_of: tuple[tuple[Comparison, ...], ...]

    def subjects(self) -> tuple[str, ...]:
        """What the condition reads, each once, in order."""
        return tuple(dict.fromkeys(test.subject for tests in self.any_of for test in tests))


@dataclass(frozen=True, slots=True)
class KnockOut:
    """A way out other than points: reject, not eligible, disqualify or halt."""

    id: str
    effect: Effect
    name: Text
    when: Condition
    reference: str
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Option:
    """One printed choice of a criterion. ``printed`` is false where the sheet prints none and we supply it."""

    id: str
    points: int
    name: Text
    position: Position
    case: str = ""
    printed: bool = True


@dataclass(frozen=True, slots=True)
class DeriveRow:
    """One line of a derivation: facts within ranges (or among words) name an option, or an openly unclear place."""

    when: tuple[tuple[str, Interval | frozenset[str]], ...]
    option: str
    unclear: Text | None
    position: Position

    def matches(self, stated: Mapping[str, Decimal | str]) -> bool:
        """Whether the stated facts lie within the row; a fact not stated matches nothing."""
        for name, allowed in self.when:
            value = stated.get(name)
            if isinstance(allowed, Interval):
                if not isinstance(value, Decimal) or value not in allowed:
                    return False
            elif value not in allowed:
                return False
        return True


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """The criterion applies only when another one has at least so many points on the same sheet."""

    criterion: str
    at_least: int
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Group:
    """A printed heading over nested criteria."""

    number: str
    name: Text
    max: int


@dataclass(frozen=True, slots=True)
class Minimum:
    """A printed star beside an option: fewer points on this criterion bar that many stars."""

    stars: int
    points: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the sheet to be answered."""

    number: str
    key: str
    name: Text
    max: int
    options: tuple[Option, ...]
    none_met: Option | None
    cases: Mapping[str, Text]
    minimums: tuple[Minimum, ...]
    derive: tuple[DeriveRow, ...]
    only_if: OnlyIf | None
    evidence: tuple[str, ...]
    notes: tuple[Text, ...]
    oddities: tuple[Text, ...]
    group: Group | None
    is_section: bool
    reference: str
    position: Position

    def choices(self) -> Iterator[Option]:
        """Every option that may be answered, the one for 'nothing met' first."""
        if self.none_met:
            yield self.none_met
        yield from self.options


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section of a part."""

    number: str
    name: Text
    max: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Part A, B or C."""

    code: str
    name: Text
    max: int
    sections: tuple[Section, ...]

    def criteria(self) -> Iterator[Criterion]:
        """The criteria of the part in printed order."""
        for section in self.sections:
            yield from section.criteria


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Where the print promises points that no option gives; kept as printed. ``at`` is a criterion, section or part."""

    at: str
    points: int
    reading: Text
    position: Position


@dataclass(frozen=True, slots=True)
class ProductSet:
    """One of the sheets of an edition. ``follows``: edition id -> short names of the sets it continues, where they differ."""

    id: str
    slug: str
    name: Text
    group: str
    subgroup: Text
    agency: Text
    parts: tuple[Part, ...]
    knock_outs: tuple[KnockOut, ...]
    oddities: tuple[Text, ...]
    shortfalls: tuple[Shortfall, ...]
    follows: Mapping[str, tuple[str, ...]]
    reference: str
    position: Position

    def criteria(self) -> Iterator[Criterion]:
        """All criteria in printed order."""
        for part in self.parts:
            yield from part.criteria()


@dataclass(frozen=True, slots=True)
class Band:
    """A half-open range of the mean total that is worth so many stars."""

    stars: int
    interval: Interval
    reference: str
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Level:
    """Who may recognise which stars in which days, and where higher ones go. ``id`` is the word a dossier uses."""

    key: str
    id: str
    name: Text
    start: dt.date | None
    end: dt.date | None
    recognises: tuple[int, ...]
    forwards_to: str
    below: Text | None
    reference: str
    basis: Basis
    position: Position

    def covers(self, day: dt.date | None) -> bool:
        """Whether it is in force on ``day``; an unknown day is today's procedure, which has no end."""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


# Words of council files and of the sheets that name them.
CHAIR = "chair"
ROLES = (CHAIR, "deputy", "member", "secretary")
MODES = ("meeting", "written")


class MinimumBy(StrEnum):
    """How different ticks of a council combine for a star minimum."""

    MEAN = "mean"
    MAJORITY = "majority"
    ALL = "all"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """How a council scores: a file, because no decision prescribes it. Everything here is practice."""

    id: str
    level: str
    name: Text
    scorers: tuple[str, ...]
    quorum: Fraction | None
    chair_needed: bool
    spread_limit: Fraction | None
    far: Fraction | None
    mode: Mapping[str, str]
    minimum_by: MinimumBy
    decimals: int
    practice: Text
    position: Position


@dataclass(frozen=True, slots=True)
class Window:
    """One way into an edition: dossiers of these kinds, filed and decided within these days (both included)."""

    kinds: tuple[str, ...]
    filed_from: dt.date | None
    filed_until: dt.date | None
    decided_until: dt.date | None
    reference: str
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A term or round of the procedure.

    A term counts ``count`` ``unit`` s (days, working_days, months) from ``anchor``, forwards or backwards by ``sign``;
    a round has two days of the year (month, day), for proposing and for deciding. Empty ``kinds`` or ``level`` mean all.
    ``filing``: the day is the ``earliest`` or ``latest`` one on which such an application may be filed.
    """

    id: str
    name: Text
    kinds: tuple[str, ...]
    level: str
    filing: str
    anchor: str
    sign: int
    unit: str
    count: int
    proposed_before: tuple[int, int]
    decided_before: tuple[int, int]
    reference: str
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Edition:
    """The criteria of one decision with everything that depends on it."""

    id: str
    decision: str
    name: Text
    issued: dt.date
    windows: tuple[Window, ...]
    groups: Mapping[str, Text]
    bands: tuple[Band, ...]
    levels: tuple[Level, ...]
    councils: Mapping[str, CouncilRules]
    kinds: Mapping[str, Text]
    certificate_months: int
    certificate_reference: str
    calendar: tuple[CalendarEntry, ...]
    evidence: Mapping[str, Text]
    facts: Mapping[str, Fact]
    sets: Mapping[str, ProductSet]
    missing_sets: Mapping[str, Text]
    readings: Mapping[str, Text]
    remarks: tuple[Text, ...]
    digest: str
    annex: str
    position: Position
    by_slug: Mapping[str, ProductSet] = field(default_factory=dict)

    def find_set(self, key: str) -> ProductSet | None:
        """A product set by its number or by its name in the file system."""
        return self.sets.get(key) or self.by_slug.get(key)

    def no_set(self, asked: str) -> Text:
        """Why ``find_set`` finds nothing: the edition's own reason, or that it knows no such set."""
        return self.missing_sets.get(asked) or Text(
            f"Bộ tiêu chí {self.id} không có bộ sản phẩm '{shorten(asked)}'.",
            f"Edition {self.id} has no product set '{shorten(asked)}'.",
        ) + did_you_mean(asked, [*self.sets, *self.by_slug])

    def find_level(self, word: str, day: dt.date | None) -> Level | None:
        """The level in force on a day by the word a dossier uses."""
        return next((level for level in self.levels if level.id == word and level.covers(day)), None)


@dataclass(frozen=True, slots=True)
class EditionRef:
    """Which rules gave a result: enough to run it again."""

    id: str
    decision: str
    digest: str
    why: Text
    reference: str
    basis: Basis
    asked: bool
