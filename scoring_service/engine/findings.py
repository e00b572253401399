"""Everything that can be said about a verdict: the contents page of all explanations. One type for each finding, with typed fields.

To add one: a type here, its rule in ``explain``, its sentence in each catalogue. A test names what is forgotten. A finding's code is its
name in capitals; codes and the names of fields never change their meaning.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import field as declared
from dataclasses import fields
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.mean import Mean, Rounded
from scoring_service.problems import Position
from scoring_service.records import record
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.label import STATED, Basis, Label
from scoring_service.rulebook.model import Criterion, Effect, KnockOut, Level, MinimumBy, Option, Part, Role


class Severity(StrEnum):
    """How much a finding weighs: it decided the result, it should be looked at, or it is good to know."""

    DECIDING = "deciding"
    WARNING = "warning"
    INFO = "info"


class Printed(StrEnum):
    """What of the printed sheet is meant."""

    PART = "part"
    ITEM = "item"


@record()
class Ground:
    """What a finding rests on: a rule, its paragraph of the decision and place in the files, and whether the decision says it."""

    rule: str = ""
    reference: str = ""
    position: Position | None = None
    basis: Basis = STATED


NOWHERE = Ground()


@record(kw_only=True)
class Finding:
    """What every finding carries beside its own fields.

    ``field``: the field of the dossier it speaks of; ``facts``: stated facts that were read, id and value; ``points``: means that were
    read, of a criterion, a part ("part A") or the total (""); ``key``: tells it from all others of its form, where it is the same in every dossier it is true of.
    """

    code: ClassVar[str] = ""
    own: ClassVar[tuple[str, ...]] = ()

    severity: Severity
    ground: Ground = NOWHERE
    field: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    points: tuple[tuple[str, Mean], ...] = ()
    key: tuple[object, ...] | None = declared(default=None, compare=False, repr=False)

    def values(self) -> dict[str, object]:
        """Its own fields, from which its sentence is made."""
        return {name: getattr(self, name) for name in self.own}


# --- knock-outs ------------------------------------------------------------------------------------------------------


@record(kw_only=True)
class KnockedOut(Finding):
    """A knock-out holds: the dossier or product is out.

    ``at``: the criteria whose points did it; ``sums``: the points of parts and the total that did; ``stated``: the numbers and words read.
    """

    effect: Effect
    knock_out: KnockOut
    at: tuple[Criterion, ...]
    stated: tuple[StatedFact, ...]
    sums: tuple[PointsRead, ...]


@record(kw_only=True)
class KnockOutOpen(Finding):
    """A knock-out is neither confirmed nor cleared: these facts are not stated."""

    effect: Effect
    knock_out: KnockOut
    unknown: tuple[Fact, ...]


@record(kw_only=True)
class KnockOutDivided(Finding):
    """Single sheets meet a knock-out that the council's mean does not."""

    effect: Effect
    knock_out: KnockOut
    assessors: tuple[str, ...]


@record(kw_only=True)
class FactNotRead(Finding):
    """Facts that are stated and that the rules of this product set do not read."""

    unread: tuple[Fact, ...]


@record(kw_only=True)
class GraveFactNotRead(Finding):
    """Stated facts that the rules of this product set do not read, and that knock out products of others."""

    stated: tuple[StatedFact, ...]


# --- stars -----------------------------------------------------------------------------------------------------------


@record(kw_only=True)
class StarsByPoints(Finding):
    """The band of the exact mean total."""

    total: Mean
    band: Interval
    stars: int


@record(kw_only=True)
class MinimumMissed(Finding):
    """A star minimum is not met. ``got`` is the value that was compared, ``by`` how the sheets' ticks gave it."""

    criterion: Criterion
    got: Mean | int
    by: MinimumBy | None
    stars: int
    needed: int


@record(kw_only=True)
class HeldByDivision(Finding):
    """The rank is lower only because members differ: ``by_majority`` would stand if each minimum were held against the majority."""

    after_minimums: int
    by_majority: int
    criteria: tuple[Criterion, ...]


@record(kw_only=True)
class ByAgreedSheet(Finding):
    """What the council's agreed sheet would give in the same case."""

    stars: int


@record(kw_only=True)
class MetByReading(Finding):
    """A star minimum is met just so, and where it stands is our reading of the print."""

    criterion: Criterion
    stars: int
    needed: int


@record(kw_only=True)
class MinimumDivided(Finding):
    """A star minimum that ``reached`` of so many sheets meet, more than half of them, and their mean does not."""

    criterion: Criterion
    reached: int
    sheets: int
    got: Mean
    stars: int
    needed: int


@record(kw_only=True)
class HeldBack(Finding):
    """Points for more stars than the minimums let stand."""

    by_points: int
    after_minimums: int
    criteria: tuple[Criterion, ...]


@record(kw_only=True)
class PointsShort(Finding):
    """The total falls short of the band of the next rank. What else is missing for it are its missed minimums."""

    stars: int
    missing: Mean
    needed: int


@record(kw_only=True)
class RecognisableHere(Finding):
    """The level may recognise the rank and issue the certificate."""

    level: Level
    stars: int
    months: int


@record(kw_only=True)
class ForwardedUp(Finding):
    """The rank is for the next level; this one approves the result and forwards it. ``then``: what may follow."""

    level: Level
    to: Level
    stars: int
    then: Label | None


@record(kw_only=True)
class RecognisedMeanwhile(Finding):
    """The council's rules let the level recognise a rank while the dossier is with the next one."""

    level: Level
    stars: int
    months: int


@record(kw_only=True)
class MinimumsStopForwarding(Finding):
    """Points for a rank of the next level, and a minimum of it is missed: read as not to be forwarded."""

    to: Level
    by_points: int
    after_minimums: int


@record(kw_only=True)
class NoRecognition(Finding):
    """No level recognises so few stars."""

    stars: int


@record(kw_only=True)
class NotOfThisLevel(Finding):
    """Another level recognises this rank."""

    level: Level
    stars: int
    what_then: Label | None


# --- sheets ----------------------------------------------------------------------------------------------------------


@record(kw_only=True)
class NoSheets(Finding):
    """There is nothing to score."""


@record(kw_only=True)
class NoSheetsOfKind(Finding):
    """There are sheets, and none of the kind that counts."""

    sheet_kind: SheetKind
    others: int


@record(kw_only=True)
class AnswersMissing(Finding):
    """A sheet leaves criteria open."""

    assessor: str
    count: int
    criteria: tuple[Criterion, ...]


@record(kw_only=True)
class NoneMet(Finding):
    """No printed option is met, and none is printed for that."""

    criterion: Criterion


@record(kw_only=True)
class Derived(Finding):
    """The stated facts name an option."""

    criterion: Criterion
    option: Option


@record(kw_only=True)
class DerivedDiffers(Finding):
    """A sheet and the stated facts name different options; the sheet counts."""

    criterion: Criterion
    assessor: str
    chosen: Option
    option: Option


@record(kw_only=True)
class PrintUnclear(Finding):
    """The print does not tell which option the stated facts mean."""

    criterion: Criterion
    stated: tuple[StatedFact, ...]
    why: Label


@record()
class StatedFact:
    """A fact with the value a dossier states."""

    fact: Fact
    value: str


@record()
class PointsRead:
    """The points of a part, or without one of the whole sheet, as a rule read them."""

    part: Part | None
    points: Mean


@record(kw_only=True)
class NotApplicable(Finding):
    """The criterion does not count because another one has too few points."""

    criterion: Criterion
    other: Criterion
    at_least: int


@record(kw_only=True)
class NotApplicableAnswered(Finding):
    """A sheet has points on a criterion that does not apply; they do not count."""

    criterion: Criterion
    assessor: str
    chosen: Option


@record(kw_only=True)
class CasesMixed(Finding):
    """One sheet assesses these criteria by different cases, of which a product is one."""

    assessor: str
    criteria: tuple[Criterion, ...]


@record(kw_only=True)
class DifferOnPapers(Finding):
    """Members chose different options where a paper shows which it is."""

    criteria: tuple[Criterion, ...]


@record(kw_only=True)
class OnOtherForm(Finding):
    """A sheet on the form of another edition is left aside."""

    assessor: str
    edition: str


# --- the council -----------------------------------------------------------------------------------------------------


@record(kw_only=True)
class SpreadTooWide(Finding):
    """The members' totals lie too far apart."""

    spread: int
    limit: Fraction
    high_assessor: str
    high: int
    low_assessor: str
    low: int


@record(kw_only=True)
class FarFromMean(Finding):
    """One member lies far from the mean."""

    assessor: str
    total: int
    distance: Rounded
    far: Fraction


@record(kw_only=True)
class NoQuorum(Finding):
    """Too few sat, or nobody among them who may preside."""

    present: int
    members: int
    chair: bool
    needed: int
    share: Fraction
    chair_needed: bool
    deputy_presides: bool


@record(kw_only=True)
class QuorumUnknown(Finding):
    """The size of the council is not stated."""


@record(kw_only=True)
class FewerSheets(Finding):
    """The last round, which counts, has fewer sheets than the one before."""

    now: int
    before: int


@record(kw_only=True)
class NoAgreedSheet(Finding):
    """Minimums are held against the agreed sheet, and this round has none; the mean was taken."""


@record(kw_only=True)
class AgreedSheetOpen(Finding):
    """Minimums are held against the agreed sheet, which leaves these criteria open; their mean was taken and misses a minimum."""

    criteria: tuple[Criterion, ...]


@record(kw_only=True)
class RoleDoesNotScore(Finding):
    """A sheet of somebody whose sheet does not count by the council's rules."""

    assessor: str
    role: Role


@record(kw_only=True)
class OtherSheetDiffers(Finding):
    """A sheet that does not count differs from the council."""

    sheet_kind: SheetKind
    assessor: str
    criteria: tuple[Criterion, ...]


# --- the edition -----------------------------------------------------------------------------------------------------


@record(kw_only=True)
class SetByNumber(Finding):
    """The product set was named by a number, whose meaning depends on the edition: which set it was taken for."""

    number: str
    product_set: Label
    edition: str


@record(kw_only=True)
class FiledTooEarly(Finding):
    """The dossier was filed before the first day for it."""

    filed: dt.date
    day: dt.date


@record(kw_only=True)
class FiledTooLate(Finding):
    """The dossier was filed after the last day for it."""

    filed: dt.date
    day: dt.date


@record(kw_only=True)
class TermExceeded(Finding):
    """What had to be done in a term was done after its last day."""

    term: Label
    done: dt.date
    day: dt.date


@record(kw_only=True)
class RoundExceeded(Finding):
    """Decided on or after the day before which the round that the proposal was in time for is decided."""

    term: Label
    done: dt.date
    day: dt.date


@record(kw_only=True)
class DecidedLate(Finding):
    """Decided after the last day for dossiers of a replaced edition. ``then``: what may follow."""

    decided: dt.date
    until: dt.date
    then: Label | None


@record(kw_only=True)
class ExpiryNotStated(Finding):
    """A renewal without the day on which its certificate expires: its filing window cannot be checked."""


@record(kw_only=True)
class PowersOfFilingDay(Finding):
    """No day of decision is stated, and who may recognise what has changed over time: taken as on the day of filing."""

    level: Level
    filed: dt.date


@record(kw_only=True)
class PrintShort(Finding):
    """The print promises points that no option gives. ``at``: the code of a part, or the number of an item."""

    of: Printed
    at: str
    missing: int


@record(kw_only=True)
class PrintOdd(Finding):
    """An oddity of the print that concerns the whole sheet, and how it was kept."""

    text: Label


@record(kw_only=True)
class Remark(Finding):
    """What the edition wants said in every explanation."""

    text: Label


def types() -> Iterator[type[Finding]]:
    """Every type of finding, in the order of this page."""
    # Not by ``__subclasses__``: a class with slots is made twice, and the first one may still be about.
    yield from [one for one in globals().values() if isinstance(one, type) and issubclass(one, Finding)][1:]


_BASE = {f.name for f in fields(Finding)}
for _one in types():
    _one.code = re.sub(r"(?<!^)(?=[A-Z])", "_", _one.__name__).upper()
    _one.own = tuple(f.name for f in fields(_one) if f.name not in _BASE)
del _one
