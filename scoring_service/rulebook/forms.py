"""How the values of rule files are written. One declaration reads a file and describes it to an editor, so that both say the same.

A form reads a node into a value, or notes a problem and goes on with its ``empty`` value; ``schema`` is the same as JSON Schema
(draft 2020-12). Every form is bounded: texts by ``MAX_TEXT`` characters, lists and mappings by ``MAX_ITEMS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from scoring_service.problems import Position
from scoring_service.rulebook import nodes
from scoring_service.rulebook.facts import NO, YES
from scoring_service.rulebook.label import NOTHING, STATED, Basis
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.rule_reader import ADD, DROPPED, MAX_ITEMS, MAX_TEXT, RuleReader

Schema = dict[str, Any]
_SCALAR = ["string", "number"]  # an editor would offer true and false for every text, which nobody means
ANYTHING = r"\S"
_LISTED = 200


class Entry(dict[str, Any]):
    """What was read of one mapping: a value for every key that its form declares, and where it stands."""

    def __init__(self, node: Node, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.node = node

    @property
    def position(self) -> Position:
        """The place of the mapping."""
        return self.node.position

    @property
    def amends(self) -> bool:
        """Whether it amends an older mapping."""
        return isinstance(self.node, nodes.Mapping) and self.node.amends is not None

    def at(self, key: str) -> Node:
        """The node of a key, or the whole where it is absent."""
        return self.node.entries.get(key, self.node) if isinstance(self.node, nodes.Mapping) else self.node

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return isinstance(self.node, nodes.Mapping) and key in self.node.entries


class Form(Protocol):
    """One way of writing a value."""

    @property
    def empty(self) -> Any:
        """The harmless value where nothing, or nothing readable, is written."""

    def read(self, node: Node, r: RuleReader) -> Any:
        """The value, with every problem noted in ``r``."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text:
    """A short text that is no words for readers: an id, a reference to another entry."""

    empty: str = ""

    def read(self, node: Node, r: RuleReader) -> str:
        """The text without spaces around it."""
        return r.string(node)

    def schema(self) -> Schema:
        """Text, or a number, with something in it: rule files have no types of their own."""
        return {"type": _SCALAR, "minLength": 1, "maxLength": MAX_TEXT, "pattern": ANYTHING}


@dataclass(frozen=True, slots=True)
class Words(Text):
    """Words for readers, in Vietnamese; the catalogue beside the rules has them in other languages."""

    empty: Any = NOTHING

    def read(self, node: Node, r: RuleReader) -> Any:
        """A ``Label``."""
        return r.label(node)


@dataclass(frozen=True, slots=True)
class Reading(Words):
    """Why we read it so: what carries it is not stated by the decision."""

    empty: Any = STATED

    def read(self, node: Node, r: RuleReader) -> Any:
        """A ``Basis``."""
        return Basis(False, r.label(node))


@dataclass(frozen=True, slots=True)
class Reference(Text):
    """A paragraph of the decision of the file that it stands in."""

    def read(self, node: Node, r: RuleReader) -> str:
        """With the decision in front."""
        return r.cite(node)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``low`` to ``high``; ``ours``: nobody but the software ends there."""

    low: int
    high: int
    empty: int = 0
    ours: bool = True

    def read(self, node: Node, r: RuleReader) -> int:
        """The number."""
        return r.integer(node, self.low, self.high, self.empty, ours=self.ours)

    def schema(self) -> Schema:
        """A number, or the same as text."""
        few = self.high - self.low < _LISTED
        digits = "|".join(map(str, range(self.low, self.high + 1))) if few else rf"\d{{1,{len(str(self.high))}}}"
        return {"type": ["integer", "string"], "minimum": self.low, "maximum": self.high, "pattern": f"^({digits})$"}


RANK = Whole(1, 5, ours=False)
"""Stars: the programme has five."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    empty: bool = False

    def read(self, node: Node, r: RuleReader) -> bool:
        """True for yes."""
        return r.yes_no(node)

    def schema(self) -> Schema:
        """The words, or a boolean."""
        return {"enum": [True, False, *YES, *NO]}


@dataclass(frozen=True, slots=True)
class Day:
    """A day: year-month-day."""

    empty: None = None

    def read(self, node: Node, r: RuleReader) -> Any:
        """A date, or ``None``."""
        return r.date(node)

    def schema(self) -> Schema:
        """Text of that form."""
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


@dataclass(frozen=True, slots=True)
class Custom:
    """What a rule of its own reads: a range, a day of the year, a share. ``by`` reads it, ``pattern`` is its spelling."""

    by: Callable[[RuleReader, Node], Any]
    pattern: str
    empty: Any = None

    def read(self, node: Node, r: RuleReader) -> Any:
        """What ``by`` makes of it."""
        return self.by(r, node)

    def schema(self) -> Schema:
        """Text, or a number, of that spelling."""
        return {"type": ["string", "number"], "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed list of words."""

    words: tuple[str, ...]
    empty: str = ""

    def read(self, node: Node, r: RuleReader) -> str:
        """The word."""
        return r.choice(node, self.words, self.empty)

    def schema(self) -> Schema:
        """The list."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Plain:
    """Read later, by who knows the words it uses; ``described`` is what an editor is told."""

    described: Schema
    empty: Node | None = None

    def read(self, node: Node, r: RuleReader) -> Node:  # noqa: ARG002 - every form is read with the reader
        """The node itself."""
        return node

    def schema(self) -> Schema:
        """As declared."""
        return self.described


NAMED = Plain(Text().schema())
"""The name of an entry that stands elsewhere, read by who knows what there is."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    of: Form
    least: int = 0
    empty: tuple[Any, ...] = ()

    def read(self, node: Node, r: RuleReader) -> tuple[Any, ...]:
        """The values in order."""
        items = r.listed(node)
        if len(items) < self.least:
            r.problem("LIST_SHORT", node, least=self.least)
        return tuple(self.of.read(item, r) for item in items)

    def schema(self) -> Schema:
        """An array."""
        return {
            "type": "array",
            "items": self.of.schema(),
            "minItems": self.least,
            "maxItems": MAX_ITEMS,
        }


@dataclass(frozen=True, slots=True)
class MapOf:
    """Free keys (ids, numbers), each with a value of one form."""

    of: Form
    keys: str = r"^\S.{0,79}$"
    empty: Mapping[str, Any] | None = field(default_factory=dict)

    def read(self, node: Node, r: RuleReader) -> dict[str, Any]:
        """The values by key, in the order of the file."""
        return {key: self.of.read(value, r) for key, value in r.keyed(node, self.keys).items()}

    def schema(self) -> Schema:
        """An object."""
        return {
            "type": "object",
            "patternProperties": {self.keys: self.of.schema()},
            "additionalProperties": False,
            "maxProperties": MAX_ITEMS,
        }


@dataclass(frozen=True, slots=True)
class Keys:
    """Named keys: some required, the others optional; of ``one_of`` just one, which who uses the entry sees to.

    ``amending``: keys that only an amendment has, where they are read and taken away (``amend``).
    """

    required: Mapping[str, Form]
    optional: Mapping[str, Form] = field(default_factory=dict)
    empty: Any = None
    one_of: tuple[str, ...] = ()
    amending: Mapping[str, Form] = field(default_factory=dict)

    def read(self, node: Node, r: RuleReader) -> Entry:
        """A value for every declared key; the empty one where it is absent."""
        node = r.spelt(node, self.forms()) if isinstance(node, nodes.Mapping) else node
        got = r.fields(node, required=self.required, optional=self.optional)
        return Entry(node, {k: form.read(got[k], r) if k in got else form.empty for k, form in self.forms().items()})

    def forms(self) -> dict[str, Form]:
        """Every key with its form."""
        return {**self.required, **self.optional}

    def schema(self) -> Schema:
        """An object."""
        return {
            "type": "object",
            "properties": {key: form.schema() for key, form in self.forms().items()},
            "required": list(self.required),
            "additionalProperties": False,
            **({"oneOf": [{"required": [key]} for key in self.one_of]} if self.one_of else {}),
            **({AMENDING: {key: form.schema() for key, form in self.amending.items()}} if self.amending else {}),
        }


@dataclass(frozen=True, slots=True)
class Either:
    """A short form, or the long one with named keys; ``key`` is the one that the short form stands for."""

    short: Form
    key: str
    long: Keys
    empty: Any = None

    def read(self, node: Node, r: RuleReader) -> Entry:
        """Always as the long form gives it."""
        if isinstance(node, nodes.Mapping):
            return self.long.read(node, r)
        absent = {k: form.empty for k, form in self.long.forms().items()}
        return Entry(node, {**absent, self.key: self.short.read(node, r)})

    def schema(self) -> Schema:
        """Either of them."""
        return {"anyOf": [self.short.schema(), self.long.schema()]}


AMENDING = "amending"
"""Of a schema, before it is written: the keys that only an amendment has."""


def amended(schema: Schema) -> Schema:
    """The schema of what amends something older: nothing is required there, any entry may be dropped, and a list may be amended."""
    if schema.get("type") == "array":
        some = {"type": "array", "items": schema["items"], "minItems": 1, "maxItems": MAX_ITEMS}
        changes = {
            "type": "object",
            "properties": {ADD: some, DROPPED: some},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [{k: v for k, v in schema.items() if k != "minItems"}, changes]}
    found = {k: v for k, v in schema.items() if k not in ("required", "minItems", "oneOf", AMENDING)}
    if AMENDING in schema:
        found["properties"] = {**found["properties"], **schema[AMENDING]}
    for inside in ("properties", "patternProperties"):
        if inside in found:
            found[inside] = {k: {"anyOf": [amended(v), {"const": DROPPED}]} for k, v in found[inside].items()}
    if "anyOf" in found:
        found["anyOf"] = [amended(one) for one in found["anyOf"]]
    return found
