"""Amending: the tree of an older edition's file with what a newer one states over it.

Mappings are merged key by key; what else the newer file writes replaces what was there, and ``dropped`` removes it. Every value keeps
the file it stands in, and so the decision that states it. A mapping that was amended says so by ``amends``, the place of the older one.
"""

from __future__ import annotations

import re
from collections.abc import Container
from collections.abc import Mapping as Entries
from dataclasses import replace
from types import MappingProxyType

from scoring_service.problems import Position
from scoring_service.rulebook.nodes import Mapping, Node, Scalar
from scoring_service.rulebook.rule_reader import DROPPED, RuleReader

NO_KEYS: Entries[str, Position] = MappingProxyType({})
_PIECES = re.compile(r"\d+|\D+")


def merge(base: Node | None, change: Node, r: RuleReader) -> Node:
    """``base`` with ``change`` over it; without a base the change itself."""
    if not isinstance(base, Mapping) or not isinstance(change, Mapping):
        return change
    if _is_another(base, change):
        return replace(change, amends=base.position)
    if "reference" in base.entries and "reference" not in change.entries:
        r.problem("AMENDED_WITHOUT_REFERENCE", change, key=change.path.rpartition(".")[2])
    entries = overlaid(base.entries, change.entries, r, change.keys)
    return Mapping(entries, change.position, base.keys | change.keys, change.path, amends=base.position)


def overlaid(
    base: Entries[str, Node], change: Entries[str, Node], r: RuleReader, keys: Entries[str, Position] = NO_KEYS
) -> dict[str, Node]:
    """The entries of ``base`` with those of ``change`` over them, each merged or dropped; ``keys``: where the changed ones stand."""
    entries = dict(base)
    for key, value in change.items():
        if not (isinstance(value, Scalar) and value.value == DROPPED):
            entries[key] = merge(entries.get(key), value, r)
        elif entries.pop(key, None) is None:
            r.problem("DROPPED_UNKNOWN", keys.get(key, value.position), key=key)
    return entries


def in_printed_order(product_set: Node, base: Node | None, parts: Container[str]) -> Node:
    """A set with each row that its ``base`` lacks where the print would have it: behind the last row of a smaller number."""
    sheet, older = _sheet(product_set), _sheet(base)
    if not isinstance(product_set, Mapping) or sheet is None or older is None:
        return product_set
    rows = [number for number in sheet.entries if number in older.entries]
    for number in (n for n in sheet.entries if n not in older.entries):
        smaller = [i for i, row in enumerate(rows) if row not in parts and natural(row) < natural(number)]
        rows.insert(smaller[-1] + 1 if smaller else 0, number)
    ordered = replace(sheet, entries={number: sheet.entries[number] for number in rows})
    return replace(product_set, entries={**product_set.entries, "sheet": ordered})


def _sheet(product_set: Node | None) -> Mapping | None:
    sheet = product_set.entries.get("sheet") if isinstance(product_set, Mapping) else None
    return sheet if isinstance(sheet, Mapping) else None


def natural(number: str) -> tuple[tuple[int, str], ...]:
    """Printed numbers in the order of the print: 1.2 before 1.10, 6a before 6a1; what is no number behind all that are."""
    return tuple((int(piece), "") if piece.isdecimal() else (1 << 30, piece) for piece in _PIECES.findall(number))


def without(node: Node, *keys: str) -> Node:
    """A mapping without some of its keys."""
    if not isinstance(node, Mapping):
        return node
    return replace(node, entries={k: v for k, v in node.entries.items() if k not in keys})


def _is_another(base: Mapping, change: Mapping) -> bool:
    """Whether a row of a sheet names or defines another criterion, so that nothing of the old row is meant to stay."""
    return "use" in change.entries or ("use" in base.entries and "name" in change.entries)
