"""What belongs to an edition folder: a file under another name or in another place would be left out without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scoring_service.problems import Position, Problem, Suggestion
from scoring_service.rulebook.translations import FILE as ENGLISH

EDITION_FILE, FACTS, KNOCK_OUTS, CRITERIA = "edition.yaml", "facts.yaml", "knock-outs.yaml", "criteria"
SINGLE_FILES = (EDITION_FILE, FACTS, KNOCK_OUTS)
SETS, SAMPLES, DOCUMENTS = "sets", "samples", "documents"
FOLDERS = (CRITERIA, SETS, "councils")

EQUIVALENT = "equivalent.yaml"
"""Explained mutants: for the workshop of authors, no part of what decides results."""
OTHER_FILES = (ENGLISH, EQUIVALENT)
_OTHER_ROOMS = (SAMPLES, "boundaries", "printed")
OTHER_FOLDERS = (*_OTHER_ROOMS, f"{SAMPLES}/expected")
BESIDE_EDITIONS = ("schema", DOCUMENTS)
"""Folders of the rules that are no editions."""
_SUFFIX = ".yaml"
_IGNORED = re.compile(r"\..*|.*~|.*\.(md|swp|bak|orig|rej)|Thumbs\.db|desktop\.ini", re.IGNORECASE)
_SET_FILE = re.compile(r"\d{1,3}[a-z]?-([a-z0-9][a-z0-9-]*)\.yaml")
_YAML = re.compile(r"(.+?)\.ya?ml(\.txt)?", re.IGNORECASE)


def is_edition(folder: Path) -> bool:
    """Whether a folder is that of one edition."""
    return (folder / EDITION_FILE).is_file()


def set_stem(number: str, slug: str) -> str:
    """How the files of a set are called: ``04-honey``."""
    return f"{number.zfill(2)}-{slug}"


def strangers(folder: Path) -> Iterator[Problem]:
    """Files and folders of an edition folder that nothing reads, or that hide each other."""
    yield from _sets_by_name(folder)
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


def without_samples(folder: Path) -> Iterator[Problem]:
    """An edition that no sample guards."""
    if not any((folder / SAMPLES).glob("*.yaml")):
        yield Problem("NO_SAMPLES", {"folder": SAMPLES}, position=Position(f"{folder.name}/{EDITION_FILE}", 1, 1))


def _sets_by_name(folder: Path) -> Iterator[Problem]:
    """Sets whose file is not called by number and short name, or by the short name of another one, which would hide it."""
    seen: dict[str, str] = {}
    for path in sorted((folder / SETS).glob(f"*{_SUFFIX}")):
        name = f"{folder.name}/{SETS}/{path.name}"
        named = _SET_FILE.fullmatch(path.name)
        if _IGNORED.fullmatch(path.name):
            continue
        if named is None:
            yield Problem("SET_FILE_NAME", {"name": path.name}, position=Position(name, 1, 1))
        elif named[1] in seen:
            values = {"slug": named[1], "at": seen[named[1]]}
            yield Problem("SET_SLUG_REPEATED", values, position=Position(name, 1, 1))
        else:
            seen[named[1]] = name


def lost_files(rules: Path) -> Iterator[Problem]:
    """What lies beside the editions and nothing reads: folders that look like an edition and have no edition file, files of rules."""
    yield from _lost_editions(rules)
    for path in sorted(p for p in rules.iterdir() if p.is_file() and _YAML.fullmatch(p.name)):
        yield Problem("FILE_BESIDE_EDITIONS", {"name": path.name}, position=Position(path.name, 1, 1))
    for path in sorted((rules / DOCUMENTS).glob("*")):
        name = f"{DOCUMENTS}/{path.name}"
        yaml = _YAML.fullmatch(path.name)
        if yaml and path.name != yaml[1] + _SUFFIX:
            yield Problem("FILE_SUFFIX", {"right": yaml[1] + _SUFFIX}, position=Position(name, 1, 1))
        elif path.is_dir() or (not yaml and not _IGNORED.fullmatch(path.name)):
            yield Problem("FILE_UNKNOWN", {"name": name, "suggestion": Suggestion()}, position=Position(name, 1, 1))


def _lost_editions(rules: Path) -> Iterator[Problem]:
    for path in sorted(p for p in rules.iterdir() if p.is_dir() and p.name not in BESIDE_EDITIONS):
        if not path.name.startswith(".") and not is_edition(path):
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
