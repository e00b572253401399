"""What an amending decree seems to change and the older edition does not have: a misspelt name would become an entry of its own.

An entry that is new says what it is called; one that does not was meant for an older one, and is left out once it is told.
"""

from __future__ import annotations

from collections.abc import Mapping as Entries
from dataclasses import replace

from scoring_service.problems import Suggestion
from scoring_service.rulebook.folder import CRITERIA, EDITION_FILE, FACTS, KNOCK_OUTS
from scoring_service.rulebook.nodes import Mapping, Node
from scoring_service.rulebook.rule_reader import RuleReader

_NAMED = ("name",)
_OF_NEW = {FACTS: _NAMED, KNOCK_OUTS: _NAMED, CRITERIA: _NAMED, "calendar": _NAMED, "levels": _NAMED}
"""File, or key of a file -> keys of which one stands in every new entry."""
_OF_A_ROW = ("use", "name", "section", "group")
_OF_A_SET = ("set",)


def without_unmatched(base: Entries[str, Node], change: Entries[str, Node], r: RuleReader) -> dict[str, Node]:
    """The trees of the newer edition, without what amends nothing; that is noted."""
    found: dict[str, Node] = {}
    for name, tree in change.items():
        room, _, short = name.partition("/")
        if short and name not in base:
            known = [other.partition("/")[2] for other in base if other.startswith(f"{room}/")]
            of_new = _OF_A_SET if room == "sets" else _NAMED
            if _is_new(tree, of_new):
                found[name] = tree
            else:
                needed = of_new[0]
                r.problem(
                    "AMENDS_NOTHING", tree, key=short, needed=needed, suggestion=Suggestion.of(short, known, few=0)
                )
        elif room == "sets":
            found[name] = _within(base[name], tree, "sheet", _OF_A_ROW, r)
        elif name == EDITION_FILE:
            sifted = _within(base.get(name), tree, "calendar", _OF_NEW["calendar"], r)
            found[name] = _within(base.get(name), sifted, "levels", _OF_NEW["levels"], r)
        else:
            found[name] = _entries(base.get(name), tree, _OF_NEW[name], r) if name in _OF_NEW else tree
    return found


def _within(base: Node | None, tree: Node, key: str, of_new: tuple[str, ...], r: RuleReader) -> Node:
    """The tree with the entries of one of its keys sifted."""
    if not isinstance(tree, Mapping) or key not in tree.entries:
        return tree
    older = base.entries.get(key) if isinstance(base, Mapping) else None
    return replace(tree, entries={**tree.entries, key: _entries(older, tree.entries[key], of_new, r)})


def _entries(base: Node | None, change: Node, of_new: tuple[str, ...], r: RuleReader) -> Node:
    if not isinstance(change, Mapping) or not isinstance(base, Mapping):
        return change
    lost = [key for key, one in change.entries.items() if key not in base.entries and not _is_new(one, of_new)]
    for key in lost:
        at = change.keys.get(key, change.entries[key].position)
        r.problem("AMENDS_NOTHING", at, key=key, needed=of_new[0], suggestion=Suggestion.of(key, base.entries))
    return replace(change, entries={key: one for key, one in change.entries.items() if key not in lost})


def _is_new(entry: Node, of_new: tuple[str, ...]) -> bool:
    """Whether an entry stands for itself; what is no mapping, or a part of a sheet, is judged where it is read."""
    return (
        not isinstance(entry, Mapping) or set(entry.entries) == {"max"} or any(key in entry.entries for key in of_new)
    )
