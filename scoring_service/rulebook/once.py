"""Tells what is wrong with a shared rule once, not in every set that uses it."""

from __future__ import annotations

from scoring_service.problems import Position
from scoring_service.rulebook.reader import Reader


def once(reader: Reader, code: str, at: Position) -> bool:
    """Whether a problem of this kind was not noted at this place yet."""
    return not any(p.code == code and p.position == at for p in reader.problems)
