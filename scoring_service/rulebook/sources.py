"""Which paragraph states a rule: the line of the print, and the decrees that changed it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scoring_service.problems import Position
from scoring_service.rulebook import nodes
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.model import Criterion
from scoring_service.rulebook.rule_reader import RuleReader

_NUMBERED = ", tiêu chí "


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a sheet is printed: the ``number`` of its set, how it is cited, and a place in the folder of the decision that prints it."""

    number: str
    where: str
    origin: Position

    def row(self, number: str) -> str:
        """How a row of the sheet is cited."""
        return self.where + _NUMBERED + number


def since(r: RuleReader, *entries: Entry) -> dict[str, str]:
    """The paragraphs that amended some mappings since they were printed, the last first, each with the folder that states it."""
    found: dict[str, str] = {}
    for got in entries:
        amended = got.node.amendments() if isinstance(got.node, nodes.Mapping) else ()
        for stated in (one.entries["reference"] for one in amended if "reference" in one.entries):
            found.setdefault(r.cite(stated), stated.position.folder)
    return found


def of_criterion(r: RuleReader, printed: Printed, number: str, row: Entry, body: Entry) -> str:
    """How a criterion is cited: its line of the print behind what changed it since; one that the print does not have by what added it."""
    for got, before in ((row, printed.origin), (body, row.position)):
        if not got["reference"] and (got.amends or r.is_older(before, got.position)):
            r.problem("AMENDED_WITHOUT_REFERENCE", got.node, key=number)
    paragraphs = since(r, row, body)
    by_its_own = row["reference"] and not row.amends and not r.is_older(row.position, printed.origin)
    if by_its_own:  # a row that the print does not have, or of which a new set says by itself where it stands
        return "; ".join(f"{one}, bộ {printed.number}{_NUMBERED}{number}" for one in paragraphs)
    return "; ".join((*paragraphs, printed.row(number)))


def together(criteria: Iterable[Criterion]) -> str:
    """How several criteria are cited: each paragraph once, lines of one print by their numbers."""
    found: dict[str, list[str]] = {}
    for criterion in criteria:
        for part in criterion.reference.split("; "):
            where, _, number = part.partition(_NUMBERED)
            found.setdefault(where, []).extend([number] if number else [])
    return "; ".join(where + (_NUMBERED + ", ".join(numbers) if numbers else "") for where, numbers in found.items())
