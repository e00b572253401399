"""Boundary cases generated from the rules: what their files should say, and how that differs from what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scoring_service.authoring.boundary_files import (
    FOLDER,
    OF_EDITION,
    BoundaryFile,
    Heading,
    Written,
    added_text,
)
from scoring_service.authoring.changes import Base, written
from scoring_service.authoring.edition_cases import edition_bases, edition_cases
from scoring_service.authoring.outcome import line_of, outcome_of
from scoring_service.authoring.sheet_cases import FULL, Planned, full_base, set_cases
from scoring_service.engine.engine import Engine
from scoring_service.problems import Position
from scoring_service.rulebook.folder import set_stem
from scoring_service.rulebook.model import Edition


class StaleKind(StrEnum):
    """How a case of a file differs from the one that the rules give."""

    MISSING = "missing"
    SURPLUS = "surplus"
    OTHER = "other"
    TEXT = "text"
    """All cases are there; headings, bases or their order differ."""


@dataclass(frozen=True, slots=True)
class StaleCase:
    """A case of a file that is not the generated one: what the file says, what results now."""

    kind: StaleKind
    case: str
    wanted: str
    now: str
    position: Position


def generate(engine: Engine, edition: Edition) -> dict[str, Written]:
    """Every file that the rules of an edition give, by its name."""
    values = {"edition": edition.id}
    found = {
        OF_EDITION: _written(
            engine, edition, Heading("BOUNDARY_TITLE", values), edition_bases(edition), edition_cases(edition)
        )
    }
    for product_set in edition.sets.values():
        title = Heading("BOUNDARY_TITLE_SET", {**values, "number": product_set.number, "name": product_set.name})
        planned = ((FULL, one) for one in set_cases(edition, product_set))
        found[f"{set_stem(product_set.number, product_set.slug)}.yaml"] = _written(
            engine, edition, title, {FULL: full_base(edition, product_set)}, planned
        )
    return found


def _written(
    engine: Engine, edition: Edition, title: Heading, bases: dict[str, Base], planned: Iterable[tuple[str, Planned]]
) -> Written:
    cases: dict[str, list[Heading | tuple[str, str]]] = {name: [] for name in bases}
    known: set[tuple[str, str]] = set()
    for name, one in planned:
        if isinstance(one, Heading):
            if cases[name] and isinstance(cases[name][-1], Heading):
                cases[name].pop()  # nothing new stood below it
            cases[name].append(one)
            continue
        changes = written(one)
        if (name, changes) in known:
            continue
        known.add((name, changes))
        cases[name].append((changes, line_of(outcome_of(engine, bases[name].changed(one), edition.id))))
    for own in cases.values():
        if own and isinstance(own[-1], Heading):
            own.pop()
    return Written(title, bases, cases)


def stale_cases(folder: Path, read: Iterable[BoundaryFile], generated: dict[str, Written]) -> Iterator[StaleCase]:
    """Where the files of an edition's folder differ from the generated ones; what people added differs from nothing."""
    known = {file.path.name: file for file in read}
    for name, should in generated.items():
        shown, file = f"{folder.name}/{FOLDER}/{name}", known.pop(name, None)
        top = Position(shown, 1, 1)
        now = should.keyed()
        lines = {line.key: line for line in file.lines if not line.added} if file else {}
        before = len(lines)
        for key, result in now.items():
            line = lines.pop(key, None)
            if line is None:
                yield StaleCase(StaleKind.MISSING, " ".join(key), "", result, top)
                before = -1
            elif line.result != result:
                yield StaleCase(StaleKind.OTHER, " ".join(key), line.result, result, line.position)
                before = -1
        for line in lines.values():
            yield StaleCase(StaleKind.SURPLUS, " ".join(line.key), line.result, "", line.position)
            before = -1
        if file and before >= 0 and file.path.read_text(encoding="utf-8") != should.text(_added(file.path)):
            yield StaleCase(StaleKind.TEXT, "", "", "", top)
    for file in known.values():
        if not all(line.added for line in file.lines):
            yield StaleCase(StaleKind.SURPLUS, "", "", "", Position(f"{folder.name}/{FOLDER}/{file.path.name}", 1, 1))


def write(folder: Path, generated: dict[str, Written]) -> list[Path]:
    """Write every file that changes; those that nothing generates go, unless people added to them."""
    room = folder / FOLDER
    room.mkdir(exist_ok=True)
    changed = []
    for name, should in generated.items():
        path = room / name
        text = should.text(_added(path))
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    for path in sorted(room.glob("*.yaml")):
        if path.name not in generated and not _added(path):
            path.unlink()
            changed.append(path)
    return changed


def _added(path: Path) -> str:
    return added_text(path.read_text(encoding="utf-8")) if path.is_file() else ""
