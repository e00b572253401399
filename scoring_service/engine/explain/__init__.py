"""The reasons: a case and its verdict in, findings out. Called only when somebody asks why. One room for each step of the decision."""

from __future__ import annotations

from scoring_service.engine.case import Case
from scoring_service.engine.explain.council import of_council
from scoring_service.engine.explain.edition import of_edition
from scoring_service.engine.explain.grounds import SEVERITIES, reading
from scoring_service.engine.explain.knock_outs import of_knock_outs
from scoring_service.engine.explain.sheets import of_sheets
from scoring_service.engine.explain.stars import of_stars
from scoring_service.engine.findings import Finding
from scoring_service.engine.prepared import Mark
from scoring_service.engine.verdict import Status, Verdict
from scoring_service.rulebook.label import STATED, Basis
from scoring_service.rulebook.model import Criterion

__all__ = ["explain", "line_basis"]


def explain(case: Case, verdict: Verdict) -> tuple[Finding, ...]:
    """Every finding, what decided first; those of one weight in the order of the steps."""
    found = [*of_sheets(case, verdict), *of_council(case, verdict), *of_knock_outs(case, verdict)]
    if verdict.status is Status.SCORED:
        found += of_stars(case, verdict)
    found += of_edition(case, verdict)
    return tuple([one for severity in SEVERITIES for one in found if one.severity is severity])


def line_basis(case: Case, criterion: Criterion, marks: tuple[Mark, ...]) -> Basis:
    """Whether the print gives the options of a criterion, and the chosen one among them."""
    if not all(option.printed for option in criterion.options):
        return reading(case, "binary")
    if criterion.none_met and any(mark.option == criterion.none_met.id for mark in marks):
        return reading(case, "none_met")
    return STATED
