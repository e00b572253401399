"""Mutation: of every mutant of an edition, what notices it. ``Bench.tried`` is the whole of it; all else is bookkeeping."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoring_service.authoring.boundary_files import Heading
from scoring_service.authoring.changes import Base, written
from scoring_service.authoring.edition_cases import edition_bases, edition_cases
from scoring_service.authoring.equivalents import Explained, explained
from scoring_service.authoring.mutants import Mutant
from scoring_service.authoring.mutants_of_editions import mutants_of_edition
from scoring_service.authoring.mutants_of_sets import mutants_of_set
from scoring_service.authoring.outcome import outcome_of
from scoring_service.authoring.print_of_editions import edition_text
from scoring_service.authoring.print_of_sets import sheet_text
from scoring_service.authoring.sheet_cases import FULL, Planned, full_base, set_cases
from scoring_service.authoring.suite import Case, Suite
from scoring_service.engine.engine import Engine
from scoring_service.problems import Problem, errors
from scoring_service.rulebook.check import SheetChecks, check_edition
from scoring_service.rulebook.check_editions import check_editions
from scoring_service.rulebook.files import read_files
from scoring_service.rulebook.model import Criterion, Edition, ProductSet
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.rule_reader import RuleReader


class By(StrEnum):
    """What notices a mutant."""

    CHECK = "check"
    CASE = "case"
    EQUIVALENT = "equivalent"
    """Nothing, and the edition's folder explains why nothing can."""
    PRINTED = "printed"
    """Nothing but its printed sheet, which shows every rule and so notices every change of one."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant. ``what``: the case or problem that noticed it, or for a survivor a case that would, if one is found."""

    key: str
    by: By
    what: str = ""


def all_mutants(edition: Edition) -> list[Mutant]:
    """Every mutant of an edition, shared rules first."""
    return [*mutants_of_edition(edition), *(m for s in edition.sets.values() for m in mutants_of_set(edition, s))]


def sampled(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of them, the same for the same seed, in their order."""
    chosen = random.Random(seed).sample(range(len(mutants)), min(count, len(mutants)))  # noqa: S311 - a sample, no secret
    return [mutants[place] for place in sorted(chosen)]


class Bench:
    """An edition with its suite, ready to try mutants on."""

    def __init__(self, engine: Engine, suite: Suite, entries: Sequence[Explained] = ()) -> None:
        self.engine, self.suite, self.edition, self._entries = engine, suite, suite.edition, entries
        self._files = read_files(suite.folder, RuleReader())
        self._sheets: dict[str, str] = {}
        self._of_set: dict[str, list[Case]] = {}
        self._naming: dict[tuple[str, str], list[Case]] = {}
        self._shared: list[Case] = []
        for case in suite.cases:
            self._of_set.setdefault(case.product_set, []).append(case)
            if case.id.startswith("boundaries/edition/"):
                self._shared.append(case)
            for word in case.id.split()[1:]:
                self._naming.setdefault((case.product_set, word.partition("=")[0]), []).append(case)

    def failing(self) -> list[Case]:
        """Cases that do not hold on the rules as they are: nothing can be learnt of mutants before they do."""
        return [case for case in self.suite.cases if not case.holds(self.engine)]

    def tried(self, mutant: Mutant) -> Fate:
        """What notices one mutant: the checker first, then the cases that speak of it, then all that could."""
        edition = mutant.make()
        product_set = edition.by_slug[mutant.slug] if mutant.slug else None
        refused = self._refused(edition, product_set)
        if refused:
            return Fate(mutant.key, By.CHECK, refused)
        engine = self.engine.with_edition(edition, product_set)
        for case in self._likely(mutant):
            if not case.holds(engine):
                return Fate(mutant.key, By.CASE, case.id)
        entry = explained(mutant.key, self._entries)
        if entry:
            return Fate(mutant.key, By.EQUIVALENT, entry.pattern)
        if _printed(edition, mutant.slug) != self._sheet(mutant.slug):
            return Fate(mutant.key, By.PRINTED)
        return Fate(mutant.key, By.NOTHING, self.suggested(mutant))

    def _refused(self, edition: Edition, product_set: ProductSet | None) -> str:
        """The code of the first error that a check of the rules finds."""
        reader = Reader()
        if product_set is None:
            check_edition(edition, self._files, reader)
            found = [*reader.problems, *check_editions({**self.engine.rulebook.editions, edition.id: edition})]
        else:
            SheetChecks(edition, Places(self._files), reader).check(product_set)
            found = [*reader.problems, *(Problem("MAX_DIFFERS") for _ in _beyond(product_set))]
        return next((problem.code for problem in errors(found)), "")

    def _likely(self, mutant: Mutant) -> Iterator[Case]:
        """Cases in the order in which they may notice a mutant, each once."""
        seen: set[int] = set()
        named = [c for name in mutant.about for c in self._naming.get((mutant.slug, name), ())]
        rest = self._of_set.get(mutant.slug, []) if mutant.slug else [*self._shared, *self.suite.cases]
        for case in (*named, *rest):
            if id(case) not in seen:
                seen.add(id(case))
                yield case

    def _sheet(self, slug: str) -> str:
        if slug not in self._sheets:
            self._sheets[slug] = _printed(self.edition, slug)
        return self._sheets[slug]

    def suggested(self, mutant: Mutant) -> str:
        """A case that tells a mutant from the rules, out of all that either of them would give; empty where there is none."""
        edition = mutant.make()
        engine = self.engine.with_edition(edition, edition.by_slug[mutant.slug] if mutant.slug else None)
        bases = _bases(self.edition, mutant.slug)
        for name, changes in (*_space(self.edition, mutant.slug), *_space(edition, mutant.slug)):
            if isinstance(changes, Heading):
                continue
            dossier = bases[name].changed(changes)
            if outcome_of(engine, dossier, edition.id) != outcome_of(self.engine, dossier, edition.id):
                return f"{name} {written(changes)}"
        return ""


def _printed(edition: Edition, slug: str) -> str:
    """The printed sheet of a set, or of what all share where none is named."""
    return sheet_text(edition, edition.by_slug[slug]) if slug else edition_text(edition)


def _bases(edition: Edition, slug: str) -> dict[str, Base]:
    return {FULL: full_base(edition, edition.by_slug[slug])} if slug else edition_bases(edition)


def _space(edition: Edition, slug: str) -> Iterator[tuple[str, Planned]]:
    if slug:
        return ((FULL, one) for one in set_cases(edition, edition.by_slug[slug]))
    return edition_cases(edition)


def _beyond(product_set: ProductSet) -> Iterator[Criterion]:
    """Criteria whose best option is not worth what is printed, which the reader refuses as it adds them up."""
    missing = {s.at: s.points for s in product_set.shortfalls}
    for criterion in product_set.criteria():
        if max((o.points for o in criterion.choices()), default=0) + missing.get(criterion.number, 0) != criterion.max:
            yield criterion
