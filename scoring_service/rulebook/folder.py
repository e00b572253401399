"""What belongs to an edition folder: a file under another name or in another place would be left out without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scoring_service.problems import Position, Problem, Suggestion
from scoring_service.rulebook.translations import FILE as ENGLISH

EDITION_FILE, FACTS, KNOCK_OUTS, CRITERIA = "edition.yaml", "facts.yaml", "knock-outs.yaml", "criteria"
SINGLE_FILES = (EDITION_FILE, FACTS, KNOCK_OUTS)
FOLDERS = (CRITERIA, "sets", "councils")

EQUIVALENT = "equivalent.yaml"
"""Explained mutants: for the workshop of authors, no part of what decides results."""
OTHER_FILES = (ENGLISH, EQUIVALENT)
_OTHER_ROOMS = ("samples", "boundaries", "printed")
OTHER_FOLDERS = (*_OTHER_ROOMS, "samples/expected")
BESIDE_EDITIONS = ("schema", "documents")
"""Folders of the rules that are no editions."""
_SUFFIX = ".yaml"
_IGNORED = re.compile(r"\..*|.*~|.*\.(md|swp|bak|orig|rej)|Thumbs\.db|desktop\.ini", re.IGNORECASE)
_YAML = re.compile(r"(.+?)\.ya?ml(\.txt)?", re.IGNORECASE)


def strangers(folder: Path) -> Iterator[Problem]:
    """Files and folders of an edition folder that nothing reads."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(_IGNORED.fullmatch(part) for part in Path(name).parts) or _inside_stranger(name):
            continue
        if path.is_dir():
            if name not in (*FOLDERS, *OTHER_FOLDERS):
                yield _strange_folder(folder, path, name)
        elif problem := _strange_file(name):
            code, values = problem
            yield Problem(code, values, position=Position(f"{folder.name}/{name}", 1, 1))


def lost_editions(rules: Path) -> Iterator[Problem]:
    """Folders beside the editions that look like one and have no edition file."""
    for path in sorted(p for p in rules.iterdir() if p.is_dir() and p.name not in BESIDE_EDITIONS):
        if not path.name.startswith(".") and not (path / EDITION_FILE).is_file():
            meant = sorted(p.name for p in path.iterdir() if _YAML.fullmatch(p.name) or p.name in FOLDERS)
            if meant:
                position = Position(path.name, 1, 1)
                values = {"folder": path.name, "file": EDITION_FILE, "suggestion": Suggestion.of(EDITION_FILE, meant)}
                yield Problem("EDITION_FILE_MISSING", values, position=position)


def _inside_stranger(name: str) -> bool:
    parts = Path(name).parts
    known = (*FOLDERS, *OTHER_FOLDERS)
    return any("/".join(parts[:n]) not in known for n in range(1, len(parts)))


def _strange_folder(folder: Path, path: Path, name: str) -> Problem:
    position = Position(f"{folder.name}/{name}", 1, 1)
    holds = sum(1 for p in path.rglob("*") if _YAML.fullmatch(p.name))
    code = "FOLDER_UNKNOWN" if holds else "FILE_UNKNOWN"
    meant = Suggestion.of(path.name.lower(), (*FOLDERS, *_OTHER_ROOMS))
    values: dict[str, object] = {"suggestion": meant}
    return Problem(code, values | ({"files": holds} if holds else {"name": name}), position=position)


def _strange_file(name: str) -> tuple[str, dict[str, object]] | None:
    here, _, file = name.rpartition("/")
    yaml = _YAML.fullmatch(file)
    right = yaml[1] + _SUFFIX if yaml else ""
    if here in (*FOLDERS, *OTHER_FOLDERS):
        known = bool(right)
    elif not here:
        known = right in (*SINGLE_FILES, *OTHER_FILES)
        if yaml and not known:
            meant = Suggestion.of(right, (*SINGLE_FILES, *OTHER_FILES))
            return "FILE_MISPLACED", {"suggestion": meant}
    else:
        known = False
    if not known:
        return "FILE_UNKNOWN", {"name": name, "suggestion": Suggestion()}
    return None if file == right else ("FILE_SUFFIX", {"right": right})
