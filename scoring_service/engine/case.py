"""A dossier that was admitted: everything parsed once, every name resolved, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_service.engine.dates import Calendar, Days
from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.prepared import Form, Ladder, Mark
from scoring_service.records import record
from scoring_service.rulebook.facts import FactValue
from scoring_service.rulebook.library import EditionChoice
from scoring_service.rulebook.model import Certificate, CouncilRules, Edition, Level, Mode, Role


@record()
class Seat:
    """A sheet as it was read: its place in the dossier, who filled it, and one mark for each criterion, ``None`` where it is silent."""

    index: int
    assessor: str
    kind: SheetKind
    role: Role
    round: int
    marks: tuple[Mark | None, ...]

    @property
    def name(self) -> str:
        """Who scored, or the sheet's number."""
        return self.assessor or f"#{self.index + 1}"


@record()
class Seating:
    """The sheets sorted: those that count, the agreed one, those to compare, those of earlier rounds, those present without a vote."""

    counted: tuple[Seat, ...]
    agreed: Seat | None
    others: tuple[Seat, ...]
    earlier: tuple[Seat, ...]
    silent: tuple[Seat, ...]
    counting: SheetKind = SheetKind.COUNCIL
    """The kind of the sheets that count."""


@record()
class OtherForm:
    """A sheet on the form of another edition, which is left aside."""

    index: int
    name: str
    edition: str


@record()
class Case:
    """A dossier with the rules chosen for it. ``by_number``: the set was named by a number alone, whose meaning depends on the edition."""

    id: str
    product_name: str
    product_code: str
    application: str
    by_number: bool
    days: Days
    choice: EditionChoice
    form: Form
    ladder: Ladder
    level: Level
    council_rules: CouncilRules
    mode: Mode
    calendar: Calendar
    members: int | None
    facts: Mapping[str, FactValue]
    seating: Seating
    other_forms: tuple[OtherForm, ...]

    @property
    def edition(self) -> Edition:
        """The edition that judges."""
        return self.choice.edition

    @property
    def certificate(self) -> Certificate:
        """The certificate that is granted where the level recognises the rank."""
        return self.edition.certificate(self.days.decided_on or self.days.filed_on)
