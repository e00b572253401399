"""The forms of documents/, of ``document:`` in edition.yaml, and of the words in other languages."""

from __future__ import annotations

from scoring_service.rulebook.forms import Day, Form, Keys, ListOf, OneOf, Plain, Schema, Text, YesNo
from scoring_service.rulebook.rule_reader import MAX_ITEMS
from scoring_service.rulebook.translations import PAIR

KINDS = ("decision", "decree", "circular", "resolution", "law", "code")
LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The points of a clause in their order (``điểm a, b, c, d, đ …``)."""
MOST = 999
"""Of clauses, forms or sets in one document."""
ARTICLE_NUMBER = r"^[1-9]\d{0,2}[a-zđ]?$"
POINT = r"^[a-zđ]\d?$"
_POINTS: Schema = {"type": ["string", "integer"], "pattern": f"^[{LETTERS}0]$", "minimum": 0, "maximum": 0}
_LISTED: Schema = {"type": "array", "items": {"type": "string", "pattern": POINT}}
_COUNT: Schema = {"type": ["integer", "string"], "minimum": 0, "maximum": MOST, "pattern": r"^\d{1,3}$"}
_NUMBERS: Schema = {"anyOf": [_COUNT, {"type": "array", "items": {"type": ["string", "integer"]}}]}


def _named(pattern: str, of: Schema) -> Schema:
    return {
        "type": "object",
        "patternProperties": {pattern: of},
        "additionalProperties": False,
        "maxProperties": MAX_ITEMS,
    }


_CLAUSES: Schema = {"anyOf": [_COUNT, _POINTS, _LISTED, _named(ARTICLE_NUMBER, {"anyOf": [_POINTS, _LISTED]})]}
_ANNEX: Schema = {
    "type": "object",
    "properties": {"clauses": _CLAUSES, "sets": _NUMBERS, "forms": _NUMBERS},
    "additionalProperties": False,
}
_STATED: dict[str, Form] = {
    "also": ListOf(Text()),
    "title": Text(),
    "until": Day(),
    "amends": ListOf(Text()),
    "replaces": ListOf(Text()),
    "complete": YesNo(empty=True),
    "articles": Plain(_named(ARTICLE_NUMBER, _CLAUSES)),
    "annexes": Plain({"anyOf": [ListOf(Text()).schema(), _named(r"\S", _ANNEX)]}),
}

DOCUMENT = Keys({"number": Text(), "kind": OneOf(KINDS), "issued": Day(), "effective": Day()}, _STATED)
BLOCK = Keys({"effective": Day()}, _STATED)
"""What an edition says of its own decree, whose number and day of issue it has already."""

PAIRS = ListOf(Keys(dict.fromkeys(PAIR, Text())))
"""The words of an edition in another language."""
