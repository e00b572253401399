"""``equivalent.yaml``: mutants that change no result, each with one line why. Keys may have ``*`` for any part of a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from scoring_service.problems import Position
from scoring_service.rulebook.folder import EQUIVALENT
from scoring_service.rulebook.forms import MapOf, Text
from scoring_service.rulebook.nodes import NodeError
from scoring_service.rulebook.rule_reader import RuleReader

EQUIVALENTS = MapOf(Text(), r"^\S{1,200}$")
"""The form of the file: keys of mutants, each with why."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One entry: the key or pattern of keys, and why such a mutant is equivalent."""

    pattern: str
    why: str
    position: Position


def read_equivalents(folder: Path) -> tuple[Explained, ...]:
    """The entries of an edition's folder; none where there is no such file.

    Raises:
        NodeError: with everything that is wrong in it.
    """
    path = folder / EQUIVALENT
    if not path.is_file():
        return ()
    reader, name = RuleReader(), f"{folder.name}/{EQUIVALENT}"
    tree = reader.file(path, name)
    if tree is None:
        raise NodeError(reader.problems)
    why = EQUIVALENTS.read(tree, reader)
    reader.raise_if_any()
    return tuple(Explained(key, why[key], node.position) for key, node in reader.entries(tree).items())


def explained(key: str, entries: Iterable[Explained]) -> Explained | None:
    """The first entry that names a mutant."""
    return next((one for one in entries if fnmatchcase(key, one.pattern)), None)


def unfounded(entries: Iterable[Explained], noticed: Mapping[str, bool]) -> list[tuple[Explained, str]]:
    """Entries that name no mutant at all (with nothing), or one that is noticed after all (with its key)."""
    found = []
    for one in entries:
        named = [key for key in noticed if fnmatchcase(key, one.pattern)]
        wrong = next((key for key in named if noticed[key]), None)
        if wrong is not None or not named:
            found.append((one, wrong or ""))
    return found
