"""What is expected brought up to what is now, case by case, as an author asks for it: only what a case writes is written anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_service.authoring.boundary_files import BoundaryFile
from scoring_service.authoring.expectations import (
    BASES,
    ERROR,
    HEADER,
    Deviation,
    Plain,
    expectation_text,
    merged,
    usual,
)
from scoring_service.authoring.outcome import REFUSED, line_of
from scoring_service.authoring.printed import printed_cases
from scoring_service.authoring.samples import (
    EXPECTED,
    FOLDER,
    expected_file,
    first_comment,
    outcome_of_file,
    read_expected,
)
from scoring_service.authoring.suite import boundary_paths, cases_in, edition_folder, read_boundary_file
from scoring_service.authoring.written import opening
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.findings import Severity
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.nodes import NodeError

REFUSABLE = "bad-"
"""How the name of a sample begins whose dossier is wrong on purpose."""
_OF_DOSSIERS = "docs/vi/dossier.md"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One expectation that was written: the case, its file, and what moved; nothing moved where it is new."""

    name: str
    file: Path
    moved: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are accepted: those named, in full or by their last part, or all; with ``text`` in their name."""

    names: tuple[str, ...] = ()
    text: str = ""

    def __contains__(self, name: object) -> bool:
        named = not self.names or any(name == one or str(name).endswith(f"/{one}") for one in self.names)
        return named and self.text.casefold() in str(name).casefold()


def names_of(rules: Path, editions: Iterable[Edition]) -> Iterator[str]:
    """What can be accepted: ``2026/samples/edge-70``, also samples that have no expectation yet."""
    for edition in editions:
        folder = edition_folder(rules, edition)
        yield from (f"{edition.id}/{FOLDER}/{path.stem}" for path in sorted(folder.glob(f"{FOLDER}/*.yaml")))
        yield from (f"{edition.id}/{case.id}" for file in _boundaries(folder) for case in cases_in(file, edition.id))
        yield from (f"{edition.id}/{case.id}" for case in printed_cases(edition, folder))


def accept(
    rules: Path, engine: Engine, editions: Iterable[Edition], wanted: Wanted
) -> tuple[list[Accepted], list[Problem]]:
    """Write the expectations of the ``wanted`` cases that differ; what was written, and what cannot be."""
    done: list[Accepted] = []
    problems: list[Problem] = []
    for edition in editions:
        folder = edition_folder(rules, edition)
        tried = [*_samples(engine, edition, folder, wanted), *_lines(engine, edition, folder, wanted)]
        done += [one for one in tried if isinstance(one, Accepted)]
        problems += [one for one in tried if isinstance(one, Problem)]
        for printed in printed_cases(edition, folder):
            name = f"{edition.id}/{printed.id}"
            if name in wanted and (moved := tuple(printed.differences(engine))):
                printed.write()
                done.append(Accepted(name, printed.file, moved))
    return done, problems


def _samples(engine: Engine, edition: Edition, folder: Path, wanted: Wanted) -> Iterator[Accepted | Problem]:
    for path in sorted(folder.glob(f"{FOLDER}/*.yaml")):
        name = f"{edition.id}/{FOLDER}/{path.stem}"
        if name in wanted:
            yield from _sample(engine, edition, path, name)


def _sample(engine: Engine, edition: Edition, path: Path, name: str) -> Iterator[Accepted | Problem]:
    target = expected_file(path)
    shown = f"{path.parents[1].name}/{FOLDER}/{EXPECTED}/{path.name}"
    expectation, wrong = read_expected(target, shown) if target.is_file() else (None, [])
    if wrong:
        yield from wrong
        return
    now = outcome_of_file(engine, path)
    moved = tuple(expectation.differences(now)) if expectation else ()
    if expectation and not moved:
        return
    if ERROR in now and not path.name.startswith(REFUSABLE) and not (expectation and ERROR in expectation.wanted()):
        values = {"name": path.stem, "prefix": REFUSABLE, "codes": tuple(now[ERROR])}
        yield Problem(
            "REFUSED_NOT_ACCEPTED", values, position=Position(f"{path.parents[1].name}/{FOLDER}/{path.name}", 1, 1)
        )
        return
    if expectation:
        header = (expectation.why, expectation.source, expectation.basis)
        expects: Mapping[str, Plain] = merged(expectation.wanted(), now)
    else:
        header = (first_comment(path) or path.stem, _source(engine, edition, path), BASES[0])
        expects = merged(_before(engine, edition, path), now) | usual(now)
    target.parent.mkdir(exist_ok=True)
    comment = "".join(f"{line}\n" for line in opening(target.read_text(encoding="utf-8"))) if expectation else ""
    target.write_text(comment + expectation_text(dict(zip(HEADER, header, strict=True)), expects), encoding="utf-8")
    yield Accepted(name, target, moved)


def _before(engine: Engine, edition: Edition, path: Path) -> Mapping[str, Plain]:
    """What the edition before expects of its sample of the same name: a port guards no less than that one did."""
    older = engine.rulebook.before(edition)
    if older is None:
        return {}
    name = f"{older.position.file.partition('/')[0]}/{FOLDER}/{EXPECTED}/{path.name}"
    file = path.parents[2] / name
    expectation = read_expected(file, name)[0] if file.is_file() else None
    return expectation.wanted() if expectation else {}


def _source(engine: Engine, edition: Edition, path: Path) -> str:
    """Where a new case comes from, until its author says it better: the paragraph that decides it, or the print of its set.

    Of a dossier that is refused, how dossiers are written.
    """
    try:
        file = DossierFile(path)
    except DossierError:
        return _OF_DOSSIERS
    try:
        case = engine.admit(file.dossier, found=file.problems)
    except DossierError:
        found = edition.find_set(file.dossier.product_set)
        return found.reference if found else _OF_DOSSIERS
    deciding = (one for one in Assessment(case, engine.decide(case)).findings if one.severity is Severity.DECIDING)
    cited = (one.ground.reference for one in deciding if one.ground.reference)
    return next(cited, case.form.product_set.reference)


def _lines(engine: Engine, edition: Edition, folder: Path, wanted: Wanted) -> Iterator[Accepted | Problem]:
    """Boundary cases: the result at the end of a line."""
    for file in _boundaries(folder):
        text = file.path.read_text(encoding="utf-8").splitlines()
        done = []
        for case in cases_in(file, edition.id):
            name = f"{edition.id}/{case.id}"
            if name not in wanted or case.holds(engine):
                continue
            now = case.outcome(engine)
            if now["status"] == REFUSED != case.expected["status"]:
                values = {"name": case.line.changes, "prefix": REFUSABLE, "codes": (now["problems"],)}
                yield Problem("REFUSED_NOT_ACCEPTED", values, position=case.place)
                continue
            moved = tuple(case.differences(engine))
            row, column = case.place.line - 1, case.place.column - 1
            text[row] = text[row][:column] + line_of(now)
            done.append(Accepted(name, file.path, moved))
        if done:
            file.path.write_text("\n".join(text) + "\n", encoding="utf-8")
        yield from done


def _boundaries(folder: Path) -> Iterator[BoundaryFile]:
    for path in boundary_paths(folder):
        try:
            yield read_boundary_file(path)
        except NodeError:
            continue  # the run of the suite says what is wrong with it
