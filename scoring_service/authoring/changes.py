"""Dossiers written as a base and a few changes: how a boundary case is said in one line.

A change is ``name=value``; several are parted by blanks. The name is the number of a criterion, the id of a fact, the path of a
dossier field (``council.level``) or of a sheet field (``sheets.role``); ``-`` leaves it out. ``a|b|a`` makes one sheet for each value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring_service.engine.dossier import DOSSIER_FIELDS, SHEET_FIELDS, Dossier, Field, Holds, Sheet

ABSENT, BETWEEN, NOTHING_CHANGED = "-", "|", "base"
SHEET = "sheets."
PRODUCT_SET, EDITION = "product.set", "edition"
KIND, FILED, DECIDED = "application.kind", "application.filed_on", "council.decided_on"
LEVEL, RULES, MEMBERS, MODE = "council.level", "council.rules", "council.members", "council.mode"
ROLE, SHEET_KIND = "sheets.role", "sheets.kind"
FIELDS: Mapping[str, Field] = {one.path: one for one in DOSSIER_FIELDS}
SHEETS: Mapping[str, Field] = {SHEET + one.path: one for one in SHEET_FIELDS if one.name != "assessor"}

_NAME = rf"(\d[^\s=]*|[^\s=.]+|{'|'.join(map(re.escape, (*FIELDS, *SHEETS)))})"
CHANGES = rf"^({NOTHING_CHANGED}|{_NAME}=\S+(\s+{_NAME}=\S+)*)$"
"""How a line of changes is spelt."""

Changes = Mapping[str, str]
"""Name → value, as they are written."""


@dataclass(frozen=True, slots=True)
class Base:
    """A dossier that cases change: its fields by path, its facts, and the answers of its one sheet."""

    fields: Mapping[str, str]
    facts: Mapping[str, str]
    answers: Mapping[str, str]

    def changed(self, changes: Changes) -> Dossier:
        """The dossier with these changes.

        Raises:
            ValueError: a name that names nothing, or lists of different length; the message is the name.
        """
        facts, values, sheets = dict(self.facts), dict(self.fields), _Sheets(self.answers)
        for name, value in changes.items():
            if name[:1].isdigit() or name in SHEETS:
                sheets.change(name, value)
            elif name in FIELDS:
                _put(values, name, value)
            elif "." not in name:
                _put(facts, name, value)
            else:
                raise ValueError(name)
        typed = {FIELDS[path].name: _typed(FIELDS[path], value) for path, value in values.items()}
        return Dossier(**typed, facts=facts, sheets=sheets.made())


@dataclass(slots=True)
class _Sheets:
    """The sheets of a case while its changes are read."""

    base: Mapping[str, str]
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    count: int = 1

    def change(self, name: str, value: str) -> None:
        each = tuple(value.split(BETWEEN))
        if len(each) > 1:
            if self.count not in (1, len(each)):
                raise ValueError(name)
            self.count = len(each)
        self.changed[name] = each

    def made(self) -> tuple[Sheet, ...]:
        return tuple(self._sheet(index) for index in range(self.count))

    def _sheet(self, index: int) -> Sheet:
        answers, values = dict(self.base), {}
        for name, each in self.changed.items():
            value = each[index if len(each) > 1 else 0]
            if name not in SHEETS:
                _put(answers, name, value)
            elif value != ABSENT:
                values[SHEETS[name].name] = _typed(SHEETS[name], value)
        return Sheet(assessor=f"#{index + 1}", answers=answers, **values)


def read_changes(text: str) -> dict[str, str]:
    """The changes of a line.

    Raises:
        ValueError: a word that is no change, or one that is said twice; the message is that word.
    """
    changes: dict[str, str] = {}
    for word in text.split() if text != NOTHING_CHANGED else ():
        name, equals, value = word.partition("=")
        if not (name and equals and value) or name in changes:
            raise ValueError(word)
        changes[name] = value
    return changes


def written(changes: Changes) -> str:
    """Changes as a line."""
    return " ".join(f"{name}={value}" for name, value in changes.items()) or NOTHING_CHANGED


def _put(into: dict[str, str], name: str, value: str) -> None:
    if value == ABSENT:
        into.pop(name, None)
    else:
        into[name] = value


def _typed(one: Field, value: str) -> Any:
    return int(value) if one.of is Holds.COUNT else value
