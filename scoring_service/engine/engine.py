"""The core: one dossier in, one assessment out. Same input, same output, on every machine, for ever.

``admit`` → ``decide`` → ``explain``; ``telling`` puts it into words, at the edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scoring_service.engine import durable
from scoring_service.engine.admit import admit
from scoring_service.engine.case import Case
from scoring_service.engine.decide import decide
from scoring_service.engine.dossier import Dossier, SheetKind
from scoring_service.engine.explain import explain
from scoring_service.engine.findings import Finding
from scoring_service.engine.inference import Fire
from scoring_service.engine.prepared import Rules
from scoring_service.engine.verdict import Verdict
from scoring_service.problems import Problem
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.model import Edition, ProductSet


class Assessment:
    """The result for one dossier: its case, the verdict on it, and the reasons once somebody asks for them."""

    __slots__ = ("_findings", "case", "verdict")

    def __init__(self, case: Case, verdict: Verdict) -> None:
        self.case, self.verdict = case, verdict
        self._findings: tuple[Finding, ...] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why, what decided first."""
        if self._findings is None:
            self._findings = explain(self.case, self.verdict)
        return self._findings


class Engine:
    """A rulebook made ready to assess. Immutable after construction; safe to share between threads.

    ``fire`` is the inference engine; it runs once for the later stages of each edition here, and once for each dossier that has
    something to infer. ``rules``: where the rulebook is prepared already.
    """

    def __init__(self, rulebook: Rulebook, fire: Fire = durable.fire, rules: Rules | None = None) -> None:
        self.rulebook = rulebook
        self._fire = fire
        self.rules = rules or Rules.of(rulebook, fire)

    def with_edition(self, edition: Edition, product_set: ProductSet | None = None) -> Engine:
        """An engine with one edition changed, for a trial of the change. ``product_set``: the set that alone changed in it."""
        book = replace(self.rulebook, editions={**self.rulebook.editions, edition.id: edition})
        return Engine(book, self._fire, self.rules.with_edition(book, edition, product_set, self._fire))

    def admit(self, dossier: Dossier, counting: SheetKind = SheetKind.COUNCIL, found: Iterable[Problem] = ()) -> Case:
        """The case of a dossier, by its council's sheets or by another kind of sheet for comparison.

        Raises:
            DossierError: something in the dossier is wrong; every place is listed, with those ``found`` before.
        """
        return admit(dossier, self.rules, counting, found)

    def decide(self, case: Case) -> Verdict:
        """The verdict on a case."""
        return decide(case, self._fire)

    def assess(self, dossier: Dossier, counting: SheetKind = SheetKind.COUNCIL) -> Assessment:
        """Admit and decide. Raises as ``admit``."""
        case = self.admit(dossier, counting)
        return Assessment(case, self.decide(case))
