"""What an editor is told of expectations: made from the keys that a sample may be expected to give."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_service.authoring.expectations import BASES, HEADER, KEYS, Declared, Shape
from scoring_service.rulebook.forms import ANYTHING, OneOf, Plain, Schema, Text

_VALUE: Schema = {"type": ["string", "number", "boolean"]}
_ENTRY: Schema = {"anyOf": [_VALUE, {"type": "object", "additionalProperties": _VALUE}]}
_SHAPES: Mapping[Shape, Schema] = {
    Shape.VALUE: _VALUE,
    Shape.LIST: {"type": "array", "items": {"type": ["string", "number"]}},
    Shape.BY_ID: {"type": "object", "patternProperties": {ANYTHING: _ENTRY}, "additionalProperties": False},
}


def _keys(declared: Declared) -> Schema:
    return {
        "type": "object",
        "properties": {
            key: _SHAPES[inside] if isinstance(inside, Shape) else _keys(inside) for key, inside in declared.items()
        },
        "additionalProperties": False,
    }


def _whole() -> Schema:
    why, source, basis = HEADER
    head = {why: Text().schema(), source: Text().schema(), basis: OneOf(BASES).schema()}
    found = _keys(KEYS)
    return {
        **found,
        "properties": {**head, **found["properties"]},
        "required": list(HEADER),
        "minProperties": len(HEADER) + 1,
    }


EXPECTED = Plain(_whole())
"""A file of expectations; at least one key says what is expected."""
