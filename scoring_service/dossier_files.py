"""Dossier files (YAML or JSON) in: the dossier in one, what its form has wrong, and where each field stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import DOSSIER_FIELDS, MAX_VALUE, SHEET_FIELDS, Dossier, Field, Holds, Sheet
from scoring_service.plaintext import word_key
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.nodes import Mapping, Node, NodeError, Sequence, parse
from scoring_service.rulebook.reader import Reader
from scoring_service.telling.catalogue import called

MAX_BYTES = 1024 * 1024
_GROUPS = tuple(dict.fromkeys(group for f in DOSSIER_FIELDS if (group := f.path.rpartition(".")[0])))
_NOT_FIELDS = ("facts", "sheets", "note")
_VOCABULARIES = {"kind": "sheet_kind", "role": "role", "mode": "mode"}
_OF_KEY = ("CRITERION_UNKNOWN", "FACT_UNKNOWN", "ANSWER_REPEATED")


class DossierFile:
    """One file: the ``dossier`` in it, the ``problems`` of its form, and where each field stands.

    Raises:
        DossierError: the file cannot be read at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = Reader()
        text = self._text()
        self._lines = self._reader.sources[str(path)] = text.splitlines()
        try:
            self._root = parse(text, str(path))
        except NodeError as error:
            raise DossierError(error.problems) from error
        self.dossier = self._dossier()
        self.problems = tuple(self._reader.problems)

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems in the order of the file, each with the line its field path stands on."""
        found = [self._located(problem) for problem in problems]
        return sorted(found, key=lambda p: (p.position.line, p.position.column) if p.position else (0, 0))

    def _text(self) -> str:
        try:
            size = self.path.stat().st_size
            if size > MAX_BYTES:
                raise DossierError([self._problem("FILE_TOO_LARGE", length=size, limit=MAX_BYTES)])
            return self.path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise DossierError([self._problem("FILE_UNREADABLE", reason=error.strerror or "")]) from error
        except UnicodeDecodeError as error:
            raise DossierError([self._problem("ENCODING")]) from error

    def _problem(self, code: str, **values: object) -> Problem:
        return Problem(code, values, position=Position(str(self.path), 1, 1))

    def _located(self, problem: Problem) -> Problem:
        if problem.position or not problem.path:
            return problem
        position = _place(self._root, problem.path, of_key=problem.code in _OF_KEY)
        excerpt = self._lines[position.line - 1] if position.line <= len(self._lines) else ""
        return replace(problem, position=position, excerpt=excerpt)

    def _dossier(self) -> Dossier:
        r = self._reader
        top = [f.path for f in DOSSIER_FIELDS if "." not in f.path]
        root = r.fields(self._root, optional=(*_GROUPS, *top, *_NOT_FIELDS))
        values: dict[str, Any] = {}
        for group in ("", *_GROUPS):
            own = [f for f in DOSSIER_FIELDS if f.path.rpartition(".")[0] == group]
            if not group:
                values |= self._values(own, root)
            elif group in root:
                values |= self._values(own, r.fields(root[group], optional=[f.key for f in own]))
        return Dossier(
            **values,
            facts={name: r.string(node) for name, node in r.entries(root.get("facts")).items()},
            sheets=tuple(self._sheet(node) for node in r.items(root.get("sheets"))),
        )

    def _sheet(self, node: Node) -> Sheet:
        r = self._reader
        before = len(r.problems)
        got = r.fields(node, optional=(*(f.key for f in SHEET_FIELDS), "answers"))
        r.problems[before:] = [replace(p, path=p.path or node.path) for p in r.problems[before:]]
        answers = {number: r.string(answer) for number, answer in r.entries(got.get("answers")).items()}
        return Sheet(**self._values(SHEET_FIELDS, got), answers=answers)

    def _values(self, declared: Iterable[Field], got: dict[str, Node]) -> dict[str, Any]:
        """The declared fields that the file has; the others keep their default."""
        return {f.name: self._value(f, got[f.key]) for f in declared if f.key in got}

    def _value(self, one: Field, node: Node) -> str | int | None:
        if one.of is Holds.COUNT:
            return self._reader.integer(node, 1, one.limit) or None
        text = self._reader.string(node)
        return closed_word(one, text) if one.of is Holds.CLOSED and text not in one.words else text


def names_of(one: Field) -> dict[str, str]:
    """What the words of a closed list are called, each name with its word. Files are written by people, who do not write ids."""
    return called(_VOCABULARIES[one.name])


def closed_word(one: Field, text: str) -> str:
    """The word of a closed list that has this name; what names none stays as it is, to be told."""
    return _keys(one).get(word_key(text), text) if len(text) <= MAX_VALUE else text


@lru_cache
def _keys(one: Field) -> dict[str, str]:
    names = {word_key(name): word for name, word in names_of(one).items()}
    return names | {word_key(word): word for word in one.words}


def _place(node: Node, path: str, *, of_key: bool) -> Position:
    """Where a field path stands: its value, or its key when that is what is wrong; the nearest one above if it is absent."""
    head, _, number = path.partition(".answers.")
    parts = [*head.replace("[", ".[").split("."), *(("answers", number) if number else ())]
    position = node.position
    for part in parts:
        if isinstance(node, Sequence) and part.startswith("[") and int(part[1:-1]) < len(node.items):
            node = node.items[int(part[1:-1])]
            position = node.position
        elif isinstance(node, Mapping) and part in node.entries:
            position = node.keys[part] if of_key and part == parts[-1] else node.entries[part].position
            node = node.entries[part]
    return position
