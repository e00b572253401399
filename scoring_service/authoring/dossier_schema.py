"""The schema of dossier files, for editors: made from the declaration of a dossier's fields, and from the rules for what they list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scoring_service.authoring.field_words import BETWEEN, field_words
from scoring_service.authoring.rule_schemas import DRAFT
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
from scoring_service.rulebook.facts import Fact
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.library import Rulebook
from scoring_service.telling.catalogue import languages


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
        "description": field_words("answers"),
        "maxProperties": MAX_ANSWERS,
        "additionalProperties": {"type": ["integer", "string"]},
    }
    sheet["required"] = ["answers"]
    top = groups.pop("")
    top["properties"] |= groups
    top["properties"]["facts"] = {
        **_object(facts, ()),
        "description": field_words("facts"),
        "maxProperties": MAX_FACTS,
    }
    top["properties"]["sheets"] = {
        "type": "array",
        "description": field_words("sheets"),
        "maxItems": MAX_SHEETS,
        "items": sheet,
    }
    top["properties"]["note"] = {"type": "string", "description": field_words("note")}
    top["required"] = ["product", "application", "council"]
    return {
        "$schema": DRAFT,
        "title": field_words("dossier"),
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
    return field_words(one.path) + (f" ({listed})" if listed else "")


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
    return (name for label in labels.values() for name in label.written)


def _object(properties: dict[str, Any], required: Iterable[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _said(label: Label) -> str:
    return BETWEEN.join(label[language] for language in languages())
