"""What ``assess`` answers: the structured trace from which every sentence, table and message is rendered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from scoring_service.engine.dossier import SheetKind
from scoring_service.rulebook.model import STATED, Basis, EditionRef
from scoring_service.text import Position, Text


class Status(StrEnum):
    """How an assessment ends. Only ``scored`` leads to stars."""

    SCORED = "scored"
    INCOMPLETE = "incomplete"
    REJECTED = "rejected"
    NOT_ELIGIBLE = "not_eligible"
    DISQUALIFIED = "disqualified"
    HALTED = "halted"
    NO_QUORUM = "no_quorum"
    SCORE_AGAIN = "score_again"


class Severity(StrEnum):
    """How much a finding weighs: it decided the result, it should be looked at, or it is good to know."""

    DECIDING = "deciding"
    WARNING = "warning"
    INFO = "info"


class Origin(StrEnum):
    """Who chose an option."""

    ASSESSOR = "assessor"
    DERIVED = "derived"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Points:
    """An exact council mean: ``sum`` whole points over ``sheets`` sheets, out of ``max``. Never re-add ``text``."""

    sum: int
    sheets: int
    max: int
    decimals: int = 2

    @property
    def mean(self) -> Fraction:
        """The exact mean."""
        return Fraction(self.sum, self.sheets)

    @property
    def text(self) -> str:
        """The mean for print, half up."""
        return print_fraction(self.mean, self.decimals)


def print_fraction(value: Fraction, decimals: int = 2) -> str:
    """A fraction rounded half up for print only."""
    scaled = value * 10**decimals
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return str((Decimal(whole) / 10**decimals).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Mark:
    """One assessor's choice on one criterion; ``option`` is empty where the sheet is silent."""

    assessor: str
    option: str
    points: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of the sheet: what was chosen, by whom, for how many points."""

    number: str
    name: Text
    part: str
    points: Points | None
    max: int
    marks: tuple[Mark, ...]
    chosen: Text
    evidence: tuple[Text, ...]
    reference: str
    position: Position
    basis: Basis = STATED


@dataclass(frozen=True, slots=True)
class PartTotal:
    """The subtotal of one part."""

    code: str
    name: Text
    points: Points


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason inside an assessment: a rule that fired or something to look at. ``code`` and ``values`` are the data, ``text`` the sentence."""

    code: str
    severity: Severity
    text: Text
    rule: str = ""
    values: Mapping[str, Text] = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    position: Position | None = None
    basis: Basis = STATED
    path: str = ""


@dataclass(frozen=True, slots=True)
class Stars:
    """Three lines that never merge; 0 means no star on that line."""

    by_points: int = 0
    after_minimums: int = 0
    recognisable: int = 0
    forward_to: str = ""
    potential: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One counted sheet of the council. ``distance`` from the mean is for print; ``far`` was decided exactly."""

    assessor: str
    role: str
    total: int
    distance: str
    far: bool


@dataclass(frozen=True, slots=True)
class Round:
    """An earlier round, kept for the record."""

    number: int
    total: Points | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion on which another sheet differs from the council."""

    number: str
    theirs: int
    council: Points


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet that does not count: self-assessment, help team, commune report."""

    kind: SheetKind
    assessor: str
    total: int | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Council:
    """How the council stood: members with whole sheets, spread of their totals, earlier rounds, sheets that do not count."""

    rules: str
    name: Text
    mode: str
    members: tuple[Member, ...]
    spread: int
    rounds: tuple[Round, ...]
    others: tuple[OtherSheet, ...]


@dataclass(frozen=True, slots=True)
class DateNote:
    """A day that matters for this dossier."""

    id: str
    name: Text
    day: dt.date
    reference: str
    position: Position
    basis: Basis = STATED


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result for one dossier. ``provisional``: a knock-out was neither confirmed nor cleared."""

    status: Status
    product_name: str
    product_code: str
    product_set: str
    product_set_name: Text
    edition: EditionRef
    level: str
    level_name: Text
    total: Points | None
    parts: tuple[PartTotal, ...]
    stars: Stars
    provisional: bool
    council: Council
    dates: tuple[DateNote, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    summary: Text
    engine_version: str
