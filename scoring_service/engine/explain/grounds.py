"""What the rooms of the explanation share: the weights, findings that are made once, and what a finding rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scoring_service.engine.case import Case, Seat
from scoring_service.engine.findings import Finding, Ground, Severity
from scoring_service.rulebook.label import STATED, Basis
from scoring_service.rulebook.model import Criterion

SEVERITIES = DECIDING, WARNING, INFO = tuple(Severity)


def once(case: Case, key: tuple[object, ...], make: Callable[[], Finding]) -> Finding:
    """A finding that is the same in every dossier it is true of; ``key`` tells everything it depends on beside its form."""
    kept = case.form.findings
    known: Finding | None = kept.known.get(key)
    return kept.once(key, lambda: replace(make(), key=key)) if known is None else known


def reading(case: Case, name: str) -> Basis:
    """A reading the edition declares."""
    return Basis(stated=False, why=case.edition.readings[name])


def practice(case: Case, rule: str = "") -> Ground:
    """The council file: practice, unless a decision states this rule of it."""
    rules = case.council_rules
    return Ground(f"council-{rules.id}", rules.references.get(rule, ""), rules.position, by_practice(case, rule))


def by_practice(case: Case, rule: str = "") -> Basis:
    """That the council's rules say it, or the decision that states this rule of them."""
    if rule in case.council_rules.references:
        return STATED
    return Basis(stated=False, why=case.council_rules.practice, practice=True)


def answer(seat: Seat, criterion: Criterion) -> str:
    """The field of one answer."""
    return f"sheets[{seat.index}].answers.{criterion.number}"
