"""The schema of dossier files, for editors: made from the declaration of a dossier's fields, and from the rules for what they list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

from scoring_service.dossier_files import names_of
from scoring_service.engine.dossier import (
    DOSSIER_FIELDS,
    MAX_ANSWERS,
    MAX_FACTS,
    MAX_SHEETS,
    SHEET_FIELDS,
    Field,
    Holds,
)
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.facts import Fact
from scoring_service.rulebook.forms import Form, amended
from scoring_service.rulebook.forms_of_editions import COUNCIL, EDITION
from scoring_service.rulebook.forms_of_sheets import CRITERIA, FACTS, KNOCK_OUTS, SET
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.library import Rulebook
from scoring_service.telling.catalogue import languages
from scoring_service.telling.teller import teller

_BETWEEN = " | "
SCHEMA_FILE = "schema/dossier.schema.json"
"""Where the schema of dossier files is kept, within the folder of the rules."""
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
RULE_FILES: Mapping[str, Form] = {
    "edition": EDITION,
    "facts": FACTS,
    "knock-outs": KNOCK_OUTS,
    "criteria": CRITERIA,
    "set": SET,
    "council": COUNCIL,
}
"""The kinds of rule files with the forms that read them."""


def rule_schema(kind: str, *, amending: bool) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of a kind of rule file, of an edition that amends another if ``amending``."""
    found = RULE_FILES[kind].schema()
    return {"$schema": _DRAFT, **(amended(found) if amending else found)}


def stale_schema(rulebook: Rulebook, folder: Path) -> list[Problem]:
    """That the schema of dossier files kept beside the rules in ``folder`` is no longer what they make."""
    kept = folder / SCHEMA_FILE
    if not kept.is_file():
        return []
    try:
        fresh = json.loads(kept.read_text(encoding="utf-8")) == dossier_schema(rulebook)
    except ValueError:
        fresh = False
    return [] if fresh else [Problem("SCHEMA_STALE", {"file": str(kept)}, position=Position(SCHEMA_FILE, 1, 1))]


def dossier_schema(rulebook: Rulebook) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of a dossier file."""
    editions = list(rulebook.editions.values())
    known: dict[str, dict[str, Any]] = {
        "application.kind": _listed({k: v for e in editions for k, v in e.kinds.items()}),
        "council.level": _listed({v.word: v.name for e in editions for v in e.levels}),
        "council.rules": {"enum": list(dict.fromkeys(c for e in editions for c in e.councils))},
        "edition": {"enum": [e.id for e in editions]},
        "product.set": {
            "anyOf": [
                {"type": "integer"},
                *({"const": s.slug, "description": _said(s.name)} for s in editions[-1].sets.values()),
                {"type": "string"},
            ]
        },
    }
    facts = {f.id: _fact(f) for e in editions for f in e.facts.values()}
    groups: dict[str, Any] = {}
    for group in dict.fromkeys(f.path.rpartition(".")[0] for f in DOSSIER_FIELDS):
        groups[group] = _fields([f for f in DOSSIER_FIELDS if f.path.rpartition(".")[0] == group], known)
    sheet = _fields(SHEET_FIELDS, known)
    sheet["properties"]["answers"] = {
        "type": "object",
        "description": _of("answers"),
        "maxProperties": MAX_ANSWERS,
        "additionalProperties": {"type": ["integer", "string"]},
    }
    sheet["required"] = ["answers"]
    top = groups.pop("")
    top["properties"] |= groups
    top["properties"]["facts"] = {
        **_object(facts, ()),
        "description": _of("facts"),
        "maxProperties": MAX_FACTS,
    }
    top["properties"]["sheets"] = {
        "type": "array",
        "description": _of("sheets"),
        "maxItems": MAX_SHEETS,
        "items": sheet,
    }
    top["properties"]["note"] = {"type": "string", "description": _of("note")}
    top["required"] = ["product", "application", "council"]
    return {
        "$schema": _DRAFT,
        "title": _of("dossier"),
        **top,
    }


def _fields(declared: Iterable[Field], known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    declared = list(declared)
    return _object(
        {f.key: {**_field(f, known), "description": _describe(f, known)} for f in declared},
        [f.key for f in declared if f.required],
    )


def _field(one: Field, known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    if one.path in known:
        return {k: v for k, v in known[one.path].items() if k != "description"}
    if one.of is Holds.COUNT:
        return {"type": "integer", "minimum": 1, "maximum": one.limit}
    if one.of is Holds.CLOSED:
        return {"enum": list(dict.fromkeys((*map(str, one.words), *names_of(one))))}
    if one.of is Holds.DAY:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {"type": "string", "maxLength": one.limit}


def _describe(one: Field, known: Mapping[str, dict[str, Any]]) -> str:
    listed = known.get(one.path, {}).get("description", "")
    return _of(one.path) + (f" ({listed})" if listed else "")


def _listed(labels: Mapping[str, Label]) -> dict[str, Any]:
    """Ids first, and then their names, which mean the same; an editor ticks neither as wrong."""
    return {
        "enum": list(dict.fromkeys((*labels, *_names(labels)))),
        "description": "; ".join(f"{k}: {_said(v)}" for k, v in labels.items()),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    found = fact.kind.schema(fact)
    if fact.choices:
        found["enum"] = list(dict.fromkeys((*found["enum"], *_names(fact.choices))))
    return {**found, "description": _said(fact.name)}


def _names(labels: Mapping[str, Label]) -> Iterator[str]:
    return (name for label in labels.values() for name in astuple(label))


def _object(properties: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _of(path: str) -> str:
    """What a field means, in every language there is."""
    return _BETWEEN.join(teller(language).word("fields", path) for language in languages())


def _said(label: Label) -> str:
    return _BETWEEN.join(label[language] for language in languages())
