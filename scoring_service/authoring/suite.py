"""The suite of an edition: every case beside its rules, samples and boundary cases alike.

``load_suite(rules, rulebook, "2026").cases`` are its cases. ``case.outcome(engine)`` is the same mapping from engines that judge the same;
``case.holds(engine)`` says whether what is expected still comes out, which is what a run of the suite notices.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scoring_service.authoring.boundary_files import FOLDER as BOUNDARIES
from scoring_service.authoring.boundary_files import BoundaryFile, Line, read_boundaries
from scoring_service.authoring.expectations import ERROR, Deviation, DeviationKind
from scoring_service.authoring.outcome import outcome_of
from scoring_service.authoring.samples import FOLDER as SAMPLES
from scoring_service.authoring.samples import Sample, load_samples
from scoring_service.engine.dossier import Dossier
from scoring_service.engine.engine import Engine
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.folder import is_edition
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.nodes import NodeError


class Case(Protocol):
    """One dossier and what is expected of it."""

    @property
    def id(self) -> str:
        """Unique in the edition: ``samples/edge-70``, ``boundaries/04-honey/full 1.1=b``."""

    @property
    def place(self) -> Position:
        """Where the expectation stands."""

    @property
    def product_set(self) -> str:
        """The short name of the set, as far as the dossier names one of the edition."""

    @property
    def dossier(self) -> Dossier:
        """What is scored."""

    @property
    def expected(self) -> Mapping[str, object]:
        """What is written down, maybe not all that an outcome has."""

    @property
    def why(self) -> str:
        """Why there is such a case, and where it comes from; nothing where it was generated."""

    def outcome(self, engine: Engine) -> Mapping[str, object]:
        """All that can be expected of the dossier, as it is now; equal from engines that judge the same."""

    def holds(self, engine: Engine) -> bool:
        """Whether the outcome is the expected one."""

    def differences(self, engine: Engine) -> list[Deviation]:
        """Where the outcome is another than expected."""


@dataclass(frozen=True, slots=True)
class BoundaryCase:
    """A line of a file of boundary cases."""

    edition: str
    file: BoundaryFile
    line: Line

    @property
    def id(self) -> str:
        """File, base and changes."""
        return f"{BOUNDARIES}/{self.file.path.stem}/{self.line.base} {self.line.changes}"

    @property
    def place(self) -> Position:
        """The line."""
        return self.line.position

    @property
    def product_set(self) -> str:
        """The set of the file."""
        return self.file.product_set

    @property
    def dossier(self) -> Dossier:
        """The base with the changes of the line."""
        return self.line.dossier

    @property
    def expected(self) -> Mapping[str, str]:
        """The result of the line."""
        return self.line.expected

    def outcome(self, engine: Engine) -> Mapping[str, str]:
        """What results now."""
        return outcome_of(engine, self.dossier, self.edition)

    @property
    def why(self) -> str:
        """Nothing: the line says what it is."""
        return ""

    def holds(self, engine: Engine) -> bool:
        """Whether it is the result of the line."""
        return self.outcome(engine) == self.expected

    def differences(self, engine: Engine) -> list[Deviation]:
        """Where the result is another than the line says."""
        wanted, now = self.expected, self.outcome(engine)
        return [
            Deviation((key,), _kind(key, wanted, now), wanted.get(key, ""), now.get(key, ""), self.place)
            for key in dict.fromkeys((*wanted, *now))
            if wanted.get(key) != now.get(key)
        ]


def _kind(key: str, wanted: Mapping[str, str], now: Mapping[str, str]) -> DeviationKind:
    if key not in now:
        return DeviationKind.ABSENT
    return DeviationKind.OTHER if key in wanted else DeviationKind.CAME


def cases_in(file: BoundaryFile, edition: str) -> Iterator[BoundaryCase]:
    """The cases of one file, in its order."""
    return (BoundaryCase(edition, file, line) for line in file.lines)


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of an edition; ``problems``: files that cannot be read, samples without expectation and the like."""

    edition: Edition
    folder: Path
    samples: tuple[Sample, ...]
    boundaries: tuple[BoundaryFile, ...]
    problems: tuple[Problem, ...]

    @property
    def cases(self) -> list[Case]:
        """All cases, samples first."""
        return [*self.samples, *self.boundary_cases()]

    def tried(self) -> set[str]:
        """The sets, by number or short name, that a case scores; one whose dossier is refused scores nothing."""
        return sets_of(self.samples) | {file.product_set for file in self.boundaries}

    def boundary_cases(self) -> Iterator[BoundaryCase]:
        """The boundary cases in the order of their files."""
        for file in self.boundaries:
            yield from cases_in(file, self.edition.id)


def sets_of(samples: Iterable[Sample]) -> set[str]:
    """The sets that samples score."""
    return {sample.product_set for sample in samples if ERROR not in sample.expected}


def gaps(edition: Edition, tried: Container[str]) -> list[Problem]:
    """The sets of an edition that no case scores, or that there is no case at all."""
    untried = [one for one in edition.sets.values() if one.slug not in tried and one.number not in tried]
    if untried and len(untried) == len(edition.sets):
        return [Problem("SUITE_EMPTY", {"edition": edition.id, "folder": SAMPLES}, position=edition.position)]
    return [
        Problem("SET_UNCOVERED", {"number": one.number, "name": one.name, "slug": one.slug}, position=one.position)
        for one in untried
    ]


def load_suite(rules: Path, rulebook: Rulebook, edition: str) -> Suite:
    """The suite of a loaded edition. ``rules``: the folder of all editions, or of this one."""
    found = rulebook.editions[edition]
    folder = edition_folder(rules, found)
    samples, problems = load_samples(folder, found)
    boundaries = []
    for path in boundary_paths(folder):
        try:
            boundaries.append(read_boundary_file(path))
        except NodeError as error:
            problems += error.problems
    return Suite(found, folder, samples, tuple(boundaries), tuple(problems))


def boundary_paths(folder: Path) -> list[Path]:
    """The files of boundary cases in the folder of an edition."""
    return sorted(folder.glob(f"{BOUNDARIES}/*.yaml"))


def read_boundary_file(path: Path) -> BoundaryFile:
    """One of them, by the name that places in rules have.

    Raises:
        NodeError: with everything that is wrong in it.
    """
    return read_boundaries(path, f"{path.parents[1].name}/{BOUNDARIES}/{path.name}")


def edition_folder(rules: Path, edition: Edition) -> Path:
    """The folder of an edition: its positions begin with the folder's name."""
    if is_edition(rules):
        return rules
    return rules / edition.position.folder
