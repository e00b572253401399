"""Samples: ``samples/NAME.yaml`` is a plain dossier, ``samples/expected/NAME.yaml`` what is expected of it and why it is there."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_service.authoring.expectations import (
    Deviation,
    Expectation,
    Plain,
    observed,
    read_expectation,
    refused,
)
from scoring_service.authoring.written import said
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import Dossier
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.plaintext import shorten
from scoring_service.problems import Position, Problem, Suggestion
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.translations import is_foreign

FOLDER, EXPECTED = "samples", "expected"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample with its expectation; ``unread``: what the file has wrong where it cannot be read at all."""

    path: Path
    place: Position
    product_set: str
    dossier: Dossier
    found: tuple[Problem, ...]
    unread: tuple[Problem, ...]
    expectation: Expectation

    @property
    def id(self) -> str:
        """``samples/NAME``."""
        return f"{FOLDER}/{self.path.stem}"

    @property
    def why(self) -> str:
        """Why there is such a sample, and where it comes from."""
        return f"{self.expectation.why} ({self.expectation.source})"

    @property
    def expected(self) -> Mapping[str, Plain]:
        """The keys that the file writes."""
        return self.expectation.wanted()

    def outcome(self, engine: Engine) -> dict[str, Plain]:
        """Everything that can be expected, as it is now."""
        if self.unread:
            return refused(list(self.unread))
        return _outcome(engine, self.dossier, self.found)

    def holds(self, engine: Engine) -> bool:
        """Whether what is written still comes out."""
        return not self.differences(engine)

    def differences(self, engine: Engine) -> list[Deviation]:
        """Where what is written differs from what is now."""
        return self.expectation.differences(self.outcome(engine))


def sample_files(rules: Path) -> list[Path]:
    """Every sample dossier below a folder of rules."""
    return sorted(rules.glob(f"{FOLDER}/*.yaml")) + sorted(rules.glob(f"*/{FOLDER}/*.yaml"))


def expected_file(sample: Path) -> Path:
    """Where the expectation of a sample stands."""
    return sample.parent / EXPECTED / sample.name


def load_samples(folder: Path, edition: Edition) -> tuple[tuple[Sample, ...], list[Problem]]:
    """The samples in the folder of an edition, and everything that is wrong with their files."""
    problems: list[Problem] = []
    samples = []
    paths = sorted(folder.glob(f"{FOLDER}/*.yaml"))
    for path in paths:
        target = expected_file(path)
        name = f"{folder.name}/{FOLDER}/{EXPECTED}/{path.name}"
        if not target.is_file():
            at = Position(f"{folder.name}/{FOLDER}/{path.name}", 1, 1)
            problems.append(Problem("EXPECTATION_MISSING", {"name": path.stem}, position=at))
            continue
        expectation, wrong = read_expected(target, name)
        problems += wrong
        if expectation is not None and not wrong:
            samples.append(_sample(path, expectation, edition))
    for path in sorted(folder.glob(f"{FOLDER}/{EXPECTED}/*")):
        if path.parent.parent / path.name not in paths:
            at = Position(f"{folder.name}/{FOLDER}/{EXPECTED}/{path.name}", 1, 1)
            known = Suggestion.of(path.stem, [p.stem for p in paths])
            problems.append(Problem("SAMPLE_MISSING", {"name": path.name, "suggestion": known}, position=at))
    return tuple(samples), problems


def outcome_of_file(engine: Engine, path: Path) -> dict[str, Plain]:
    """Everything that can be expected of a dossier file, as it is now."""
    try:
        file = DossierFile(path)
    except DossierError as error:
        return refused(error.problems)
    return _outcome(engine, file.dossier, file.problems)


def first_comment(path: Path) -> str:
    """What a sample says of itself: the comment it opens with, down to an empty line of it, in the language it begins in."""
    lines = [line.removeprefix("#").strip() for line in said(path.read_text(encoding="utf-8"))]
    own = itertools.takewhile(lambda line: line and is_foreign(line) <= is_foreign(lines[0]), lines)
    return shorten(" ".join(own), _LONGEST)


_LONGEST = 1000
"""Of a comment that is kept as the reason for a sample."""


def read_expected(path: Path, name: str) -> tuple[Expectation | None, list[Problem]]:
    """The expectation in a file that messages call ``name``, and everything that is wrong with it."""
    reader = Reader()
    tree = reader.file(path, name)
    return (None if tree is None else read_expectation(tree, reader)), reader.problems


def _sample(path: Path, expectation: Expectation, edition: Edition) -> Sample:
    place = expectation.root.position
    try:
        file = DossierFile(path)
    except DossierError as error:
        unread = tuple(error.problems)
        dossier = Dossier(product_set="", application="", filed_on="", level="")
        return Sample(path, place, "", dossier, (), unread, expectation)
    found = edition.find_set(file.dossier.product_set)
    slug = found.slug if found else ""
    return Sample(path, place, slug, file.dossier, file.problems, (), expectation)


def _outcome(engine: Engine, dossier: Dossier, found: tuple[Problem, ...]) -> dict[str, Plain]:
    try:
        case = engine.admit(dossier, found=found)
    except DossierError as error:
        return refused(error.problems)
    return observed(Assessment(case, engine.decide(case)))
