"""The forms of criteria/, sets/, knock-outs.yaml and facts.yaml."""

from __future__ import annotations

from scoring_service.rulebook.facts import KINDS, NO, YES
from scoring_service.rulebook.forms import (
    NAMED,
    RANK,
    Either,
    Form,
    Keys,
    ListOf,
    MapOf,
    OneOf,
    Plain,
    Reading,
    Reference,
    Schema,
    Text,
    Whole,
    Words,
    YesNo,
    amended,
)
from scoring_service.rulebook.model import LARGEST_TOTAL, Effect
from scoring_service.rulebook.rule_reader import MAX_ITEMS

MOST_POINTS = LARGEST_TOTAL
ID = r"^(?!\d+$)[a-z0-9][a-z0-9-]{0,39}$"
"""Ids of options and cases: small letters, digits and hyphens, and no bare number, which would be points."""
NAME = r"^[a-z0-9][a-z0-9_-]{0,79}$"
LONGEST_NUMBER = 12
NUMBER = rf"^\S{{1,{LONGEST_NUMBER}}}$"
RANGE = r"^\s*[\[(]\s*[^,\s]*\s*,\s*[^,\s]*\s*[\])]\s*$"
_WORD = r"[a-z0-9][a-z0-9_-]{0,79}|" + "|".join((*YES, *NO))
_VALUE: Schema = {
    "type": ["string", "boolean", "array"],
    "pattern": f"{RANGE}|^({_WORD})$",
    "items": {"type": "string", "pattern": f"^({_WORD})$"},
    "minItems": 1,
}
"""A range, a word, or a list of words."""
_OF_POINTS = rf"^(total|(criterion|part) \S{{1,{LONGEST_NUMBER}}})$"
_TESTS: Schema = {
    "type": "object",
    "minProperties": 1,
    "patternProperties": {NAME: _VALUE, _OF_POINTS: {"type": "string", "pattern": RANGE}},
    "additionalProperties": False,
}

_STARS = Either(RANK, "rank", Keys({"rank": RANK, "reading": Reading()}))
_OPTION = Keys({"points": Whole(0, MOST_POINTS), "text": Words()}, {"stars": _STARS}, amending={"after": Text()})
OPTIONS = MapOf(_OPTION, ID)
_BINARY = Either(Whole(1, MOST_POINTS), "points", Keys({"points": Whole(1, MOST_POINTS)}, {"stars": _STARS}))
_DERIVE_ROW = Plain({
    "type": "object",
    "properties": {"option": {"type": ["string", "integer"]}, "unclear": {"type": "string", "minLength": 1}},
    "anyOf": [{"required": ["option"]}, {"required": ["unclear"]}],
    "patternProperties": {rf"^(?!(option|unclear|total)$){NAME[1:]}": _VALUE},
    "additionalProperties": False,
})  # fmt: skip
_ONLY_IF = Keys({"criterion": Text(), "at_least": Whole(1, MOST_POINTS)}, {"reading": Reading(empty=None)})

DEFINITION: dict[str, Form] = {
    "options": OPTIONS,
    "binary": _BINARY,
    "cases": MapOf(Keys({"name": Words(), "options": OPTIONS}), ID),
    "only_if": _ONLY_IF,
    "evidence": ListOf(NAMED),
    "notes": ListOf(Words()),
    "derive": ListOf(_DERIVE_ROW),
    "oddities": ListOf(Words()),
    "reference": Reference(),
}
BESIDE = ("notes", "oddities", "reference")
"""Of a definition, what a row that uses a shared criterion says beside it."""
OF_USE = tuple(key for key in DEFINITION if key not in BESIDE)
"""And what it states over it, for its own set alone."""
FORMS = ("options", "binary", "cases")
"""The three ways of writing what a criterion is worth; each criterion has one."""
CRITERION = Keys({"name": Words()}, DEFINITION, one_of=FORMS)
CRITERIA = MapOf(CRITERION, NAME)

_KNOCK_OUTS = ListOf(Either(Text(), "use", Keys({"use": Text(), "reading": Reading()})))
_ROW: dict[str, Form] = {
    "max": Whole(0, MOST_POINTS, -1),
    "stars": MapOf(_STARS, NAME, empty=None),  # absent is not the same as empty
    "knock_outs": _KNOCK_OUTS,
}
PART_ROW = Keys({"max": Whole(0, MOST_POINTS)})
SECTION_ROW = Keys({"section": NAMED, "max": Whole(0, MOST_POINTS)}, {"reference": Reference()})
GROUP_ROW = Keys({"group": Words(), "max": Whole(0, MOST_POINTS)}, {"reference": Reference()})
USE_ROW = Keys({"use": Text()}, {
    **_ROW,
    **{key: DEFINITION[key] for key in BESIDE},
    **{key: Plain(amended(DEFINITION[key].schema())) for key in OF_USE},
})  # fmt: skip
OWN_ROW = Keys({"name": Words()}, {**_ROW, **DEFINITION}, one_of=FORMS)
SHEET = Plain({
    "type": "object",
    "patternProperties": {NUMBER: {"anyOf": [row.schema() for row in (USE_ROW, OWN_ROW, SECTION_ROW, GROUP_ROW, PART_ROW)]}},
    "additionalProperties": False,
    "maxProperties": MAX_ITEMS,
})  # fmt: skip
"""The rows by number; which of the five a row is, is told by its keys and by the parts that the edition has."""

SHORTFALL = Keys({"points": Whole(1, MOST_POINTS), "reading": Words()})
_SET_HEAD: dict[str, Form] = {
    "set": Text(),
    "name": Words(),
    "group": NAMED,
    "sheet": SHEET,
}
SET = Keys(_SET_HEAD, {
    "like": Text(),
    "subgroup": Words(),
    "agency": ListOf(NAMED),
    "knock_outs": _KNOCK_OUTS,
    "oddities": ListOf(Words()),
    "shortfalls": MapOf(SHORTFALL, NUMBER),
    "follows": MapOf(ListOf(Text())),
    "reference": Reference(),
})  # fmt: skip

KNOCK_OUT = Keys({"effect": OneOf(tuple(e.value for e in Effect), Effect.HALT.value), "name": Words()}, {
    "when": Plain(_TESTS),
    "when_any": ListOf(Plain(_TESTS), 1),
    "reading": Reading(),
    "reference": Reference(),
    "presumed_clear": YesNo(),
    "all_sets": YesNo(),
    "except": ListOf(NAMED),
}, one_of=("when", "when_any"))  # fmt: skip
BUNDLE = ListOf(Text(), 1)
KNOCK_OUTS = MapOf(Either(BUNDLE, "", KNOCK_OUT), NAME)

FACT = Keys({"kind": OneOf(tuple(KINDS)), "name": Words()}, {"choices": MapOf(Words(), NAME), "unit": Words()})
FACTS = MapOf(FACT, NAME)
