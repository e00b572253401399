"""The verdict: what was decided, without a word. Ids, whole numbers, exact fractions, rules and their places.

This is what is replayed, searched and compared, so it has one canonical form: the same case and the same rules give the same bytes on
every machine. It is the machine's conclusion and not the official decision, which is the chairman's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Mark
from scoring_service.problems import Position
from scoring_service.records import record
from scoring_service.rulebook.model import Effect, MinimumBy, Mode, Of, Role, Subject

VERSION = 1
"""Of the canonical form. It changes when a field changes its meaning or goes; a new field that may be absent keeps it."""


class Status(StrEnum):
    """How an assessment ends. Only ``scored`` leads to stars."""

    SCORED = "scored"
    INCOMPLETE = "incomplete"
    REJECTED = "rejected"
    NOT_ELIGIBLE = "not_eligible"
    DISQUALIFIED = "disqualified"
    HALTED = "halted"
    NO_QUORUM = "no_quorum"
    SCORE_AGAIN = "score_again"


@record()
class Chosen:
    """Which rules judged and why: the window that admits the dossier by its dates, or nothing but the caller's wish (``asked``)."""

    edition: str
    digest: str
    window: Position | None
    asked: bool


@record()
class Voted:
    """One sheet that counts: its place in the dossier and its marks in printed order, ``None`` where it is silent."""

    sheet: int
    role: Role
    total: int | None
    marks: tuple[Mark | None, ...]


@record()
class Out:
    """A knock-out that holds, with the values it read: facts as stated, points as means. ``index``: its place in the set's list.

    ``points`` name what was read as ``points_key`` has it.
    """

    index: int
    rule: str
    effect: Effect
    position: Position
    facts: tuple[tuple[str, str], ...]
    points: tuple[tuple[str, Mean], ...]


@record()
class Open:
    """A knock-out that cannot be told yet, and the facts it waits for."""

    index: int
    rule: str
    effect: Effect
    position: Position
    facts: tuple[str, ...]


@record()
class Divided:
    """A knock-out that single sheets meet and the council's mean does not; ``sheets`` are places in the dossier."""

    index: int
    rule: str
    position: Position
    sheets: tuple[int, ...]


@record()
class Missed:
    """A star minimum not met: the value compared (``got``), how the sheets' ticks gave it, and the council's mean beside it."""

    criterion: str
    stars: int
    needed: int
    got: int | Fraction
    by: MinimumBy
    mean: Mean
    position: Position


@record()
class Derivation:
    """What stated facts say of a criterion: an option, or openly nothing where the print has a gap or an overlap."""

    criterion: str
    option: str
    unclear: bool
    facts: tuple[str, ...]
    position: Position


@record()
class Stars:
    """The lines after the first, which never merge; 0 is no star. Only a dossier that is scored has them."""

    after_minimums: int
    recognisable: int
    forward_to: str
    potential: int


@record()
class Quorum:
    """Who sat and who had to; ``enough`` is false when the council could not decide."""

    present: int
    members: int
    needed: int
    chair: bool
    enough: bool


@record()
class Round:
    """An earlier round, kept for the record; no total where one of its sheets is not whole."""

    number: int
    total: Mean | None


@record()
class SheetDifference:
    """One criterion on which a sheet that does not count differs from the council."""

    criterion: str
    theirs: int
    council: Mean


@record()
class OtherSheet:
    """A sheet that does not count beside the council; no total where it is not whole."""

    sheet: int
    kind: SheetKind
    total: int | None
    differences: tuple[SheetDifference, ...]


@record()
class Council:
    """How the council stood. ``spread`` and ``far`` (places of sheets far from the mean) once all its sheets are whole."""

    rules: str
    mode: Mode
    minimum_by: MinimumBy
    spread: int | None
    spread_passes: bool
    far: tuple[int, ...]
    quorum: Quorum | None
    silent: tuple[int, ...]
    rounds: tuple[Round, ...]
    others: tuple[OtherSheet, ...]


@record()
class Day:
    """A day that matters: of a term or round of the edition's calendar, or the end of the certificate."""

    id: str
    day: dt.date
    moved_to: dt.date | None
    """The next working day, where a term ends on a day off."""
    missed: bool
    """What had to be done in its time was not: the dossier was filed too early or too late, proposed or decided too late."""
    position: Position


@record()
class Verdict:
    """The decision on one case.

    ``sums`` hold the points of each criterion over all sheets that count, in printed order, ``None`` while a sheet lacks it; ``parts``
    and ``total`` stand once all are there; ``by_points`` are the stars of the total alone.
    """

    status: Status
    product_set: str
    application: str
    level: str
    chosen: Chosen
    sheets: tuple[Voted, ...]
    sums: tuple[int | None, ...]
    parts: tuple[int, ...]
    total: Mean | None
    by_points: int | None
    stars: Stars | None
    outs: tuple[Out, ...]
    open: tuple[Open, ...]
    divided: tuple[Divided, ...]
    missed: tuple[Missed, ...]
    derived: tuple[Derivation, ...]
    council: Council
    days: tuple[Day, ...]

    @property
    def provisional(self) -> bool:
        """Whether a knock-out is neither confirmed nor cleared and could still undo the result."""
        return bool(self.open) and not self.outs

    def canonical(self) -> bytes:
        """The one serialisation: JSON with sorted keys and no blanks, fractions as ``"n/d"``, days year-month-day, UTF-8."""
        plain = {"version": VERSION, **_plain(self)}
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def fingerprint(self) -> str:
        """SHA-256 of the canonical form."""
        return "sha256:" + hashlib.sha256(self.canonical()).hexdigest()


_PART = "part "


def points_key(subject: Subject) -> str:
    """What points were read of: a criterion by its number, a part as ``part A``, the total as nothing."""
    return _PART + subject.id if subject.of is Of.PART else subject.id


def points_of(key: str) -> Subject:
    """The subject of such a key."""
    if key.startswith(_PART):
        return Subject(Of.PART, key.removeprefix(_PART))
    return Subject(Of.CRITERION if key else Of.TOTAL, key)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Position):
        return str(value)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
