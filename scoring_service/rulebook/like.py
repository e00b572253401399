"""A product set that is ``like`` another one: that one's rows below its own, as they are in the edition that says so."""

from __future__ import annotations

from collections.abc import Container, Iterable
from collections.abc import Mapping as Entries
from dataclasses import replace

from scoring_service.problems import Suggestion
from scoring_service.rulebook.amend import in_printed_order, merge, without
from scoring_service.rulebook.nodes import Mapping, Node
from scoring_service.rulebook.rule_reader import RuleReader

_SETS = "sets/"
_ITS_OWN = ("set", "name", "like", "follows", "oddities", "reference")
"""What only a set itself is called."""


def with_their_patterns(
    trees: Entries[str, Node], named: Iterable[str], parts: Container[str], r: RuleReader
) -> dict[str, Node]:
    """The trees, of which the sets ``named`` that are like another one are whole; each row stands where the print would have it."""
    whole = dict(trees)
    for name in named:
        if name.startswith(_SETS) and name in trees:
            whole[name] = _whole(name, trees, (), parts, r)
    return whole


def _whole(name: str, trees: Entries[str, Node], chain: tuple[str, ...], parts: Container[str], r: RuleReader) -> Node:
    tree = trees[name]
    if not isinstance(tree, Mapping) or (like := tree.entries.get("like")) is None:
        return tree
    pattern = _SETS + r.string(like)
    if pattern not in trees or pattern in (*chain, name):
        known = [other.removeprefix(_SETS) for other in trees if other.startswith(_SETS)]
        slug = pattern.removeprefix(_SETS)
        r.problem("LIKE_UNKNOWN", like, slug=slug, suggestion=Suggestion.of(slug, known))
        return without(tree, "like")
    below = _as_a_pattern(_whole(pattern, trees, (*chain, name), parts, r))
    merged = merge(below, without(tree, "like"), r)
    return in_printed_order(_plain(merged), below, parts)


def _as_a_pattern(tree: Node) -> Node:
    """A set as another one takes it: without what only itself is called, and without the paragraphs that changed its rows."""
    kept = without(tree, *_ITS_OWN)
    if not isinstance(kept, Mapping):
        return Mapping({}, tree.position)
    sheet = kept.entries.get("sheet")
    if not isinstance(sheet, Mapping):
        return kept
    rows = {number: without(row, "reference") for number, row in sheet.entries.items()}
    return replace(kept, entries={**kept.entries, "sheet": replace(sheet, entries=rows)})


def _plain(tree: Node) -> Node:
    """A merged tree that amends nothing: what it took over is its own."""
    if not isinstance(tree, Mapping):
        return tree
    return replace(tree, entries={key: _plain(value) for key, value in tree.entries.items()}, amends=None)
