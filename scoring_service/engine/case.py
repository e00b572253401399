"""One dossier on its way through the engine: what is known about it, and the findings collected so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from scoring_service.engine.assessment import Finding, Severity
from scoring_service.engine.dossier import Dossier, Sheet
from scoring_service.engine.inference import Program
from scoring_service.engine.points import Answering, FactValues
from scoring_service.engine.sentences import FINDINGS
from scoring_service.rulebook.library import EditionChoice
from scoring_service.rulebook.model import STATED, Basis, CouncilRules, Criterion, Edition, Level, ProductSet
from scoring_service.text import Position, Text


class Sourced(Protocol):
    """Any rule: it stands in a paragraph of a decision and on a line of a file."""

    @property
    def reference(self) -> str: ...
    @property
    def position(self) -> Position: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is prepared once per product set.

    ``unprinted``: criteria whose options the sheet does not print; ``read_points``: the subjects of the rules that are points of
    a criterion, each with its number.
    """

    answering: Answering
    numbers: frozenset[str]
    judging: Program
    part_of: Mapping[str, str]
    evidence_of: Mapping[str, tuple[Text, ...]]
    unprinted: frozenset[str]
    read_points: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A sheet with its place in the dossier, its answers in one Unicode form."""

    index: int
    sheet: Sheet

    @property
    def name(self) -> str:
        """Who scored, or the sheet's number."""
        return self.sheet.assessor or f"#{self.index + 1}"


@dataclass(frozen=True, slots=True)
class Seating:
    """The sheets of a dossier sorted: those that count, the agreed one, and those to compare or to keep."""

    counted: tuple[Seat, ...]
    agreed: Seat | None
    others: tuple[Seat, ...]
    earlier: tuple[Seat, ...]
    silent: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier with the rules chosen for it."""

    dossier: Dossier
    choice: EditionChoice
    product_set: ProductSet
    level: Level
    council: CouncilRules
    seating: Seating
    plan: Plan
    facts: FactValues
    findings: list[Finding] = field(default_factory=list)

    @property
    def edition(self) -> Edition:
        """The edition that judges."""
        return self.choice.edition

    def reading(self, name: str) -> Basis:
        """A reading the edition declares, as the basis of a finding."""
        return Basis(stated=False, why=self.edition.readings[name])

    def note(
        self,
        code: str,
        severity: Severity,
        at: Sourced | None = None,
        *,
        position: Position | None = None,
        basis: Basis = STATED,
        rule: str = "",
        facts: tuple[tuple[str, str], ...] = (),
        path: str = "",
        **values: Any,
    ) -> None:
        """Add a finding. ``at`` is the rule it rests on; a criterion also lends its number and name to the sentence.

        ``values`` (``str`` or ``Text``) fill the sentence and are kept as data.
        """
        if isinstance(at, Criterion):
            values |= {"number": at.number, "name": at.name}
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                text=FINDINGS[code].format(**values),
                rule=rule,
                values={k: v if isinstance(v, Text) else Text(v, v) for k, v in values.items()},
                facts=facts,
                reference=at.reference if at else "",
                position=position or (at.position if at else None),
                basis=basis,
                path=path,
            )
        )
