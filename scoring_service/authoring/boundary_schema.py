"""What an editor is told of boundary cases: made from the fields of a dossier, and from how changes and outcomes are spelt."""

from __future__ import annotations

from scoring_service.authoring.boundary_files import ADDED, BASES, CASES, OF_BASE, REQUIRED_OF_BASE
from scoring_service.authoring.changes import CHANGES, FIELDS
from scoring_service.authoring.field_words import field_words
from scoring_service.authoring.outcome import OUTCOME
from scoring_service.engine.dossier import Holds
from scoring_service.rulebook.forms import ANYTHING, Plain, Schema

_VALUE: Schema = {"type": ["string", "number", "boolean"], "pattern": ANYTHING}
_COUNT: Schema = {"type": ["string", "integer"], "pattern": r"^\d+$", "minimum": 1}
_VALUES: Schema = {"type": "object", "additionalProperties": _VALUE}


def _field(path: str) -> Schema:
    one = FIELDS.get(path)
    of = _VALUES if one is None else _COUNT if one.of is Holds.COUNT else _VALUE
    return {**of, "description": field_words(path)}


def _named(of: Schema, pattern: str = ANYTHING) -> Schema:
    return {"type": "object", "patternProperties": {pattern: of}, "additionalProperties": False}


_BASE: Schema = {
    "type": "object",
    "properties": {path: _field(path) for path in OF_BASE},
    "required": list(REQUIRED_OF_BASE),
    "additionalProperties": False,
}
_CASES = _named(_named({"type": ["string", "number"], "pattern": OUTCOME}, CHANGES))

BOUNDARIES = Plain({
    "type": "object",
    "properties": {BASES: _named(_BASE), CASES: _CASES, ADDED: _CASES},
    "required": [BASES, CASES],
    "additionalProperties": False,
})  # fmt: skip
"""A file of boundary cases. That a case names a base of the file, no schema can say."""
