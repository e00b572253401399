"""What a producer files and a council answers, before any rule is applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scoring_service.text import Problem


class SheetKind(StrEnum):
    """Whose sheet it is. Only the council's count; the others are compared with it."""

    COUNCIL = "council"
    AGREED = "agreed"
    SELF = "self"
    HELP_TEAM = "help_team"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One score sheet. ``answers``: criterion number -> option id, or its points when they name one option.

    ``role`` is the scorer's place in the council (chair, member, secretary ...), empty for a member; ``round`` counts from 1;
    ``edition`` is the edition whose form was filled, empty for the one that judges.
    """

    assessor: str
    answers: Mapping[str, str]
    kind: SheetKind = SheetKind.COUNCIL
    role: str = ""
    round: int = 1
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One product's application with the sheets of its council.

    ``product_set`` is the set's number or file name; ``kind`` an application kind of the edition (first, upgrade, renewal);
    ``level`` who decides (province, central); ``facts`` fact id -> value as text (``yes``, ``62.5``, a word; ``unknown`` is allowed);
    ``edition`` is empty unless the caller wants one edition whatever the dates say. ``council_rules`` names a council file, the
    one of the level when empty; ``members`` is the size of the council, ``None`` when not stated.
    """

    product_name: str
    product_set: str
    kind: str
    filed_on: dt.date | None
    level: str
    decided_on: dt.date | None = None
    product_code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()
    edition: str = ""
    council_rules: str = ""
    members: int | None = None
    mode: str = ""
    proposed_on: dt.date | None = None
    complete_on: dt.date | None = None
    expires_on: dt.date | None = None


class DossierError(Exception):
    """The dossier cannot be judged as it stands; ``problems`` lists everything wrong, each with its field path."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.message.en}" for p in problems))
        self.problems = problems


class UnknownSetError(DossierError):
    """The edition has no such product set."""
