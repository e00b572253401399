"""A dossier as it was filed: text and whole numbers, nothing judged yet.

Its fields are declared here and nowhere else: the reader of files, the schema for editors, the mapping to the contract and the
documentation are made from ``DOSSIER_FIELDS``, ``SHEET_FIELDS`` and the limits below. Lengths count characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from scoring_service.records import record
from scoring_service.rulebook.model import Mode, Role

MAX_SHEETS = 99
MAX_FACTS = 200
MAX_ANSWERS = 200
MAX_ID = 80
"""Of the name of a fact or the number of a criterion."""
MAX_VALUE = 80
"""Of a fact's value or an answer."""


class SheetKind(StrEnum):
    """Whose sheet it is. Only the council's count; the others are compared with it."""

    COUNCIL = "council"
    AGREED = "agreed"
    SELF = "self"
    HELP_TEAM = "help_team"
    COMMUNE = "commune"


class Holds(StrEnum):
    """What a field holds."""

    TEXT = "text"
    """Free text for people."""
    WORD = "word"
    """An id that the rules know."""
    DAY = "day"
    """A civil day of Vietnam, year-month-day."""
    COUNT = "count"
    """A whole number from 1."""
    CLOSED = "closed"
    """One of a closed list of words, an enum of the contract."""


@record()
class Field:
    """One declared field: its ``path`` in files and messages, its attribute here, what it holds and its bound."""

    path: str
    name: str
    of: Holds
    limit: int
    required: bool
    words: tuple[str, ...]
    default: Any

    @property
    def key(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


def _declared(
    of: Holds,
    path: str,
    limit: int = 0,
    *,
    required: bool = False,
    words: type[StrEnum] | None = None,
    default: Any = "",
) -> Any:
    known = tuple(word.value for word in words) if words else ()
    limit = limit or max((len(word) for word in known), default=0)
    return field(
        default=default, metadata={"path": path, "of": of, "limit": limit, "required": required, "words": known}
    )


_text, _word = partial(_declared, Holds.TEXT), partial(_declared, Holds.WORD)
_day = partial(_declared, Holds.DAY, limit=40)  # a day is ten characters long; what is longer may still name one
_count = partial(_declared, Holds.COUNT, default=None)
_closed = partial(_declared, Holds.CLOSED)


class Stated(NamedTuple):
    """A fact's value as the contract carries it: its text, and the typed form it came in."""

    text: str
    form: str


@record(kw_only=True)
class Sheet:
    """One score sheet. ``answers``: criterion number -> option id, or its points when they name one option.

    ``round`` counts from 1; ``edition`` is the edition whose form was filled, empty for the one that judges.
    """

    assessor: str = _text("assessor", 120)
    kind: str = _closed("kind", words=SheetKind, default=SheetKind.COUNCIL)
    role: str = _closed("role", words=Role, default=Role.MEMBER)
    round: int | None = _count("round", limit=MAX_SHEETS)
    edition: str = _word("edition", 40)
    answers: Mapping[str, str] = field(default_factory=dict)


@record(kw_only=True)
class Dossier:
    """One product's application with the sheets of its council.

    ``facts``: fact id -> text as people write it, or a typed value; ``edition``: one edition whatever the dates say (what-if).
    """

    id: str = _text("id", 128)
    edition: str = _word("edition", 40)
    product_name: str = _text("product.name", 200)
    product_code: str = _text("product.code", 40)
    product_set: str = _word("product.set", 200, required=True)
    application: str = _word("application.kind", 40, required=True)
    filed_on: str = _day("application.filed_on", required=True)
    proposed_on: str = _day("application.proposed_on")
    complete_on: str = _day("application.complete_on")
    expires_on: str = _day("application.expires_on")
    level: str = _word("council.level", 40, required=True)
    decided_on: str = _day("council.decided_on")
    council_rules: str = _word("council.rules", 80)
    members: int | None = _count("council.members", limit=MAX_SHEETS)
    mode: str = _closed("council.mode", words=Mode)
    facts: Mapping[str, str | Stated] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()


def _fields(of: type) -> tuple[Field, ...]:
    return tuple(Field(name=f.name, default=f.default, **f.metadata) for f in fields(of) if f.metadata)


DOSSIER_FIELDS = _fields(Dossier)
SHEET_FIELDS = _fields(Sheet)
