"""A run of the suite: every case of some editions beside their rules, with how long each took, and what is wrong with the suite itself.

The files of cases are shared out over processes; each reads and runs its own, for reading costs as much as running.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from scoring_service.authoring.expectations import Deviation
from scoring_service.authoring.forked import shared_out
from scoring_service.authoring.printed import printed_cases
from scoring_service.authoring.samples import load_samples
from scoring_service.authoring.suite import (
    boundary_paths,
    cases_in,
    edition_folder,
    gaps,
    read_boundary_file,
    sets_of,
)
from scoring_service.engine.engine import Engine
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.nodes import NodeError

PAYS_FROM = 20_000
"""So many lines of cases take longer (2 s) than sharing them out saves; one process runs 11,000 cases in 1.4 s."""


class Triable(Protocol):
    """What is run: a case, or a printed sheet."""

    @property
    def id(self) -> str:
        """Unique in the edition."""

    @property
    def place(self) -> Position:
        """Where the expectation stands."""

    @property
    def why(self) -> str:
        """Why there is such a case."""

    def differences(self, engine: Engine) -> list[Deviation]:
        """Where it is another than expected."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One case that was run; it holds where nothing differs."""

    edition: str
    id: str
    place: Position
    why: str
    seconds: float
    differences: tuple[Deviation, ...]

    @property
    def name(self) -> str:
        """Unique in the rules: ``2026/samples/edge-70``."""
        return f"{self.edition}/{self.id}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a run: the cases, and the ``problems`` of the suite (files that cannot be read, sets that no case scores)."""

    cases: tuple[Tried, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> list[Tried]:
        """The cases that do not hold."""
        return [case for case in self.cases if case.differences]


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process does at a time: the samples of an edition, its printed sheets, or one file of boundary cases."""

    edition: str
    folder: Path
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What came of a share, with the sets that its cases score."""

    edition: str
    cases: tuple[Tried, ...]
    problems: tuple[Problem, ...]
    sets: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Run:
    """What the processes share from before they part."""

    engine: Engine
    wanted: str


def run_suite(rules: Path, engine: Engine, editions: Sequence[Edition], wanted: str = "", jobs: int = 0) -> Trial:
    """Run the cases of editions whose name has ``wanted`` in it, in as many processes as ``jobs``, or as pay.

    What no case scores is a problem only where all were run.
    """
    shares = [share for edition in editions for share in _shares(edition, edition_folder(rules, edition))]
    run = _Run(engine, wanted.casefold())
    parts = list(shared_out(partial(_part, run), shares, jobs or _worth(shares)))
    problems = [problem for part in parts for problem in part.problems]
    if not wanted:
        for edition in editions:
            tried = set[str]().union(*(part.sets for part in parts if part.edition == edition.id))
            problems += gaps(edition, tried)
    return Trial(tuple(case for part in parts for case in part.cases), tuple(problems))


def _shares(edition: Edition, folder: Path) -> Iterator[_Share]:
    yield _Share(edition.id, folder)
    for path in boundary_paths(folder):
        yield _Share(edition.id, folder, path)


def _worth(shares: Iterable[_Share]) -> int:
    """How many processes pay: all cores once there is much to read."""
    lines = sum(share.file.read_bytes().count(b"\n") for share in shares if share.file)
    return os.cpu_count() or 1 if lines >= PAYS_FROM else 1


def _part(run: _Run, share: _Share) -> _Part:
    edition = run.engine.rulebook.editions[share.edition]
    if share.file:
        try:
            file = read_boundary_file(share.file)
        except NodeError as error:
            return _Part(edition.id, (), tuple(error.problems), frozenset())
        return _Part(
            edition.id, tuple(_tried(run, edition.id, cases_in(file, edition.id))), (), frozenset({file.product_set})
        )
    samples, problems = load_samples(share.folder, edition)
    printed = printed_cases(edition, share.folder)
    if not any(case.file.is_file() for case in printed):
        problems, printed = [*problems, Problem("NOT_PRINTED", {"edition": edition.id}, position=edition.position)], []
    tried = (*_tried(run, edition.id, samples), *_tried(run, edition.id, printed))
    return _Part(edition.id, tried, tuple(problems), frozenset(sets_of(samples)))


def _tried(run: _Run, edition: str, cases: Iterable[Triable]) -> Iterator[Tried]:
    for case in cases:
        if run.wanted in f"{edition}/{case.id}".casefold():
            start = time.perf_counter()
            differences = tuple(case.differences(run.engine))
            yield Tried(edition, case.id, case.place, case.why, time.perf_counter() - start, differences)
