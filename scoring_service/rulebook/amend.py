"""Amending: the tree of an older edition's file with what a newer one states over it.

Mappings are merged key by key; lists are replaced, or amended by ``{add: [...], dropped: [...]}``; what else the newer file writes
replaces what was there, and ``dropped`` removes it. Every value keeps the file it stands in, and so the decision that states it: an item of
a list that is written again unchanged stays the older one's. A mapping that was amended says so by ``amends``, the older one.
"""

from __future__ import annotations

import re
from collections.abc import Container, Hashable
from collections.abc import Mapping as Entries
from dataclasses import replace
from types import MappingProxyType

from scoring_service.problems import Position
from scoring_service.rulebook.forms_of_sheets import FORMS, OF_USE
from scoring_service.rulebook.nodes import Mapping, Node, Scalar, Sequence
from scoring_service.rulebook.rule_reader import ADD, DROPPED, MAX_ITEMS, RuleReader

NO_KEYS: Entries[str, Position] = MappingProxyType({})
_BESIDE = frozenset({"reading", "oddities", "shortfalls", "practice", "later"})
"""What we say and no decision, and what has a paragraph of its own: a rule in which nothing else changes is not amended."""
_ONE_OF = (
    ("options", "binary", "cases"),
    ("when", "when_any"),
    ("days", "working_days", "months"),
    ("after", "before"),
)
"""Keys of which an entry has one: a decree that writes another one of them means it in its place."""
_OPTIONS, _AFTER = "options", "after"
"""An option that a decree adds says after which one it stands; else it is the last."""
_PIECES = re.compile(r"\d+|\D+")


def merge(base: Node | None, change: Node, r: RuleReader) -> Node:
    """``base`` with ``change`` over it; without a base the change itself, which then cannot drop anything."""
    if isinstance(change, Sequence):
        return _restated(base, change) if isinstance(base, Sequence) else change
    if not isinstance(change, Mapping):
        return change
    if not isinstance(base, Mapping):
        return _amended_list(base, change, r) if _amends_a_list(change) else _new(change, r)
    if _is_another(base, change):
        return _new(change, r)
    kept = {
        k: _stacked(base.entries.get(k), v) for k, v in change.entries.items() if "use" in base.entries and k in OF_USE
    }
    changed = {key: value for key, value in change.entries.items() if key not in kept}
    entries = overlaid(_without_rivals(base.entries, changed), changed, r, change.keys) | kept
    if change.entries.keys() <= _BESIDE:
        return replace(base, entries=entries, keys=base.keys | change.keys)
    if "reference" in base.entries and "reference" not in change.entries:
        r.problem("AMENDED_WITHOUT_REFERENCE", change, key=change.path.rpartition(".")[2])
    return Mapping(entries, change.position, base.keys | change.keys, change.path, amends=base)


def overlaid(
    base: Entries[str, Node], change: Entries[str, Node], r: RuleReader, keys: Entries[str, Position] = NO_KEYS
) -> dict[str, Node]:
    """The entries of ``base`` with those of ``change`` over them, each merged or dropped; ``keys``: where the changed ones stand."""
    entries = dict(base)
    for key, value in change.items():
        if not (isinstance(value, Scalar) and value.value == DROPPED):
            merged = merge(entries.get(key), value, r)
            entries[key] = _placed(merged, r) if key == _OPTIONS and key in base else merged
        elif entries.pop(key, None) is None:
            r.problem("DROPPED_UNKNOWN", keys.get(key, value.position), key=key)
    return entries


def stated_over(shared: Mapping, own: Entries[str, Node], at: Position, r: RuleReader) -> Mapping:
    """A shared criterion with what the row ``at`` a place states over it."""
    return replace(shared, entries=overlaid(_without_rivals(shared.entries, own), own, r), position=at)


def _same_words(node: Node) -> Hashable:
    """What a node says, wherever it stands."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return tuple(map(_same_words, node.items))
    return frozenset((key, _same_words(value)) for key, value in node.entries.items())


def _stacked(base: Node | None, change: Node) -> Node:
    """What a row states over a shared criterion, with what a later decree does; it is merged, and drops, where the two are put together."""
    if not isinstance(base, Mapping) or not isinstance(change, Mapping):
        return change
    both = {key: _stacked(base.entries.get(key), value) for key, value in change.entries.items()}
    return replace(change, entries={**base.entries, **both}, keys={**base.keys, **change.keys})


def _placed(options: Node, r: RuleReader) -> Node:
    """Options with each that says ``after`` which one the decree prints it in its place."""
    if not isinstance(options, Mapping) or len(options.entries) > MAX_ITEMS:  # refused where they are read
        return options
    order = list(options.entries)
    entries = dict(options.entries)
    for id_, option in options.entries.items():
        stated = option.entries.get(_AFTER) if isinstance(option, Mapping) else None
        if stated is not None:
            before = r.choice(stated, [one for one in order if one != id_])
            entries[id_] = without(option, _AFTER)
            if before:
                order.remove(id_)
                order.insert(order.index(before) + 1, id_)
    return replace(options, entries={id_: entries[id_] for id_ in order})


def _new(change: Mapping, r: RuleReader) -> Mapping:
    return replace(change, entries=overlaid({}, change.entries, r, change.keys))


def _without_rivals(base: Entries[str, Node], change: Entries[str, Node]) -> Entries[str, Node]:
    gone = {key for group in _ONE_OF if any(k in change and k not in base for k in group) for key in group}
    return {key: value for key, value in base.items() if key not in gone} if gone else base


def _restated(base: Sequence, change: Sequence) -> Sequence:
    known = {_same_words(item): item for item in base.items}
    return replace(change, items=tuple(known.get(_same_words(item), item) for item in change.items))


def _amends_a_list(change: Mapping) -> bool:
    lists = (key in (ADD, DROPPED) and isinstance(value, Sequence) for key, value in change.entries.items())
    return bool(change.entries) and all(lists)


def _amended_list(base: Node | None, change: Mapping, r: RuleReader) -> Sequence:
    """A list with items added behind it and others dropped."""
    items = {_same_words(item): item for item in (base.items if isinstance(base, Sequence) else ())}
    for item in _items(change, DROPPED):
        if items.pop(_same_words(item), None) is None:
            r.problem("DROPPED_UNKNOWN", item, key=item.value if isinstance(item, Scalar) else "…")
    for item in _items(change, ADD):
        items.setdefault(_same_words(item), item)
    return Sequence(tuple(items.values()), change.position, change.path)


def _items(change: Mapping, key: str) -> tuple[Node, ...]:
    node = change.entries.get(key)
    return node.items if isinstance(node, Sequence) else ()


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
    """Whether a row or criterion is written anew, by another ``use`` or by its name and options, so that nothing of the old one is meant to stay."""
    if "use" in change.entries:
        return "use" not in base.entries or _same_words(base.entries["use"]) != _same_words(change.entries["use"])
    return "name" in change.entries and ("use" in base.entries or any(form in change.entries for form in FORMS))
