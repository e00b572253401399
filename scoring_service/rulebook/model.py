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
from typing import NamedTuple

from scoring_service.problems import Position, Problem
from scoring_service.rulebook.facts import Fact, FactValue, Interval
from scoring_service.rulebook.label import Basis, Label

FROM_CERTIFICATE = "certificate_end"
"""The anchor of a term that counts from the day on which the certificate ends that a dossier earns; every other is a day of the dossier."""
CERTIFICATE_END = "certificate-end"
"""That day itself among the days of a result: no entry of the calendar, and every edition has it."""
LARGEST_TOTAL = 1000
"""The most points that a sheet may have: a limit of the engine, which infers the stars of every whole point beforehand."""


class Effect(StrEnum):
    """What a knock-out does. Four different effects, never merged; listed from the strongest."""

    REJECT = "reject"
    NOT_ELIGIBLE = "not_eligible"
    DISQUALIFY = "disqualify"
    HALT = "halt"


class Op(StrEnum):
    """Comparisons; each carries its own exact meaning for a fraction."""

    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    ABOVE = "above"

    @property
    def sign(self) -> str:
        """As it is written between two numbers."""
        return {"at_least": "≥", "below": "<", "at_most": "≤", "above": ">"}[self.value]


class Of(StrEnum):
    """What kind of thing a rule reads."""

    FACT = "fact"
    CRITERION = "criterion"
    PART = "part"
    MINIMUM = "minimum"
    TOTAL = "total"
    REACHED = "reached"
    CAP = "cap"
    AWARDED = "awarded"
    LEVEL = "level"


class Subject(NamedTuple):
    """One thing that a rule reads: a fact by its id, or the council's mean of a criterion by its number, a part by its code, or in all.

    ``minimum`` is the value of a criterion as its star minimums see it (the council file says how ticks combine). The other kinds
    are conclusions that a later stage reads: stars reached by points, the cap that minimums set, stars awarded, the level.
    """

    of: Of
    id: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison; ``value`` is in the unit of the subject. Facts compare as ``Fact.comparable`` says."""

    subject: Subject
    op: Op
    value: Decimal

    def holds(self, value: Decimal | Fraction) -> bool:
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

    def subjects(self) -> tuple[Subject, ...]:
        """What the condition reads, each once, in order."""
        return tuple(dict.fromkeys(test.subject for tests in self.any_of for test in tests))


@dataclass(frozen=True, slots=True)
class KnockOut:
    """A way out other than points: reject, not eligible, disqualify or halt.

    ``presumed_clear``: as long as nothing is stated it is read as cleared.
    """

    id: str
    effect: Effect
    name: Label
    when: Condition
    presumed_clear: bool
    reference: str
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Option:
    """One printed choice of a criterion. ``printed`` is false where the sheet prints none and we supply it."""

    id: str
    points: int
    name: Label
    position: Position
    case: str = ""
    printed: bool = True


@dataclass(frozen=True, slots=True)
class DeriveRow:
    """One line of a derivation: facts within ranges (or among words) name an option, or an openly unclear place."""

    when: tuple[tuple[str, Interval | frozenset[str]], ...]
    option: str
    unclear: Label | None
    position: Position

    def matches(self, stated: Mapping[str, FactValue]) -> bool:
        """Whether the stated facts lie within the row; a fact not stated matches nothing."""
        for name, allowed in self.when:
            value = stated.get(name)
            if value is None or value not in allowed:
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
    name: Label
    max: int
    position: Position


@dataclass(frozen=True, slots=True)
class Minimum:
    """A printed star beside an option: fewer points on this criterion bar that many stars."""

    stars: int
    points: int
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the sheet to be answered."""

    number: str
    key: str
    name: Label
    max: int
    options: tuple[Option, ...]
    none_met: Option | None
    cases: Mapping[str, Label]
    minimums: tuple[Minimum, ...]
    derive: tuple[DeriveRow, ...]
    only_if: OnlyIf | None
    evidence: tuple[str, ...]
    notes: tuple[Label, ...]
    oddities: tuple[Label, ...]
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
    name: Label
    max: int
    criteria: tuple[Criterion, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Part:
    """Part A, B or C."""

    code: str
    name: Label
    max: int
    sections: tuple[Section, ...]
    position: Position

    def criteria(self) -> Iterator[Criterion]:
        """The criteria of the part in printed order."""
        for section in self.sections:
            yield from section.criteria


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Where the print promises points that no option gives; kept as printed. ``at`` is a criterion, section or part."""

    at: str
    points: int
    reading: Label
    position: Position


@dataclass(frozen=True, slots=True)
class ProductSet:
    """One of the sheets of an edition. ``slug``, its short name, is its id in every edition; numbers change meaning between editions.

    ``like``: the short name of the set that it is written as like, if any. ``follows``: edition id -> short names of the sets it
    continues, where they differ.
    """

    number: str
    slug: str
    name: Label
    group: str
    subgroup: Label
    agency: Label
    parts: tuple[Part, ...]
    knock_outs: tuple[KnockOut, ...]
    oddities: tuple[Label, ...]
    shortfalls: tuple[Shortfall, ...]
    like: str
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
    """Who may recognise which stars in which days, and where higher ones go.

    ``id`` is unique in the edition; ``word`` is what a dossier writes, and names one level on any one day. ``below``: what follows where
    the rank is not this level's to recognise; ``after_forwarding``: what may follow where the dossier went up.
    """

    id: str
    word: str
    name: Label
    start: dt.date | None
    end: dt.date | None
    recognises: tuple[int, ...]
    forwards_to: str
    below: Label | None
    after_forwarding: Label | None
    reference: str
    basis: Basis
    position: Position

    def covers(self, day: dt.date | None) -> bool:
        """Whether it is in force on ``day``; an unknown day is today's procedure, which has no end."""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Role(StrEnum):
    """A scorer's place in the council."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"


class Mode(StrEnum):
    """How a council judged."""

    MEETING = "meeting"
    WRITTEN = "written"


class MinimumBy(StrEnum):
    """How different ticks of a council combine for a star minimum."""

    MEAN = "mean"
    MAJORITY = "majority"
    ALL = "all"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """How a council scores: a file, because decisions hardly prescribe it. Everything here is practice but what ``references`` cite.

    ``deputy_presides``: a deputy is enough where the chair is needed. ``meanwhile``: the rank the level recognises while a dossier is with
    the next one; 0 where it waits. ``references``: of ``quorum``,
    ``spread`` and ``minimums``, where a decision states them.
    """

    id: str
    level: str
    name: Label
    scorers: tuple[Role, ...]
    quorum: Fraction | None
    chair_needed: bool
    deputy_presides: bool
    spread_limit: Fraction | None
    far: Fraction | None
    mode: Mapping[str, Mode]
    minimum_by: MinimumBy
    decimals: int
    meanwhile: int
    practice: Label
    references: Mapping[str, str]
    position: Position


@dataclass(frozen=True, slots=True)
class Window:
    """One way into an edition: dossiers of these kinds, filed and decided within these days (both included).

    ``late``: what may follow where one is decided after them.
    """

    kinds: tuple[str, ...]
    filed_from: dt.date | None
    filed_until: dt.date | None
    decided_until: dt.date | None
    late: Label | None
    reference: str
    basis: Basis
    position: Position


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of an older edition's windows, as this edition's decision states it: ``end`` is one without a first day.

    Where ``end`` names no kinds it closes those of all.
    """

    edition: str
    end: Window


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A term or round of the procedure.

    A term counts ``count`` ``unit`` s (days, working_days, months) from ``anchor``, forwards or backwards by ``sign``;
    a round has two days of the year (month, day), for proposing and for deciding. Empty ``kinds`` or ``level`` mean all.
    ``filing``: the day is the ``earliest`` or ``latest`` one on which such an application may be filed; ``done_by``: the day of the dossier
    that ends the term; ``if_missed``: it begins only where the entry of that id was missed; ``stays``: it is no day by which somebody
    acts, so a day off does not move it.
    """

    id: str
    name: Label
    kinds: tuple[str, ...]
    level: str
    filing: str
    done_by: str
    if_missed: str
    stays: bool
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
class Certificate:
    """How many ``months`` a certificate lasts that is granted by a decision of the day ``start`` or later; ``None``: of any day."""

    start: dt.date | None
    months: int
    reference: str
    position: Position


class Citation(NamedTuple):
    """What a rule file cites, with its place: a reference, or ``prose`` that speaks of an article; both with their decision in front."""

    text: str
    position: Position
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Proving:
    """The kinds of evidence that settle a criterion: a certificate is there or it is not, whoever looks at it."""

    evidence: frozenset[str]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Edition:
    """The criteria of one decision with everything that depends on it.

    ``amends``: id of the edition whose rules hold where this one states none, empty where it states all. ``total``: points of a sheet.
    ``certificates``: the first without a day, the others by theirs.
    ``cited``: every reference that its files write, and every text of theirs that speaks of an article. ``warnings``: what is worth mending in its files and changes no result.
    """

    id: str
    amends: str
    decision: str
    name: Label
    issued: dt.date
    windows: tuple[Window, ...]
    closes: tuple[Closing, ...]
    groups: Mapping[str, Label]
    bands: tuple[Band, ...]
    levels: tuple[Level, ...]
    councils: Mapping[str, CouncilRules]
    kinds: Mapping[str, Label]
    total: int
    certificates: tuple[Certificate, ...]
    calendar: tuple[CalendarEntry, ...]
    evidence: Mapping[str, Label]
    proving: Proving
    facts: Mapping[str, Fact]
    sets: Mapping[str, ProductSet]
    missing_sets: Mapping[str, Label]
    readings: Mapping[str, Label]
    remarks: tuple[Label, ...]
    digest: str
    annex: str
    position: Position
    cited: tuple[Citation, ...] = ()
    warnings: tuple[Problem, ...] = ()
    by_slug: Mapping[str, ProductSet] = field(default_factory=dict)

    def find_set(self, key: str) -> ProductSet | None:
        """A product set by its number or by its name in the file system."""
        return self.sets.get(key) or self.by_slug.get(key)

    def certificate(self, day: dt.date | None) -> Certificate:
        """The certificate that a decision of this day grants."""
        granted = [one for one in self.certificates if one.start is None or (day and one.start <= day)]
        return granted[-1]

    def find_level(self, word: str, day: dt.date | None) -> Level | None:
        """The level in force on a day by the word a dossier uses."""
        return next((level for level in self.levels if level.word == word and level.covers(day)), None)
