"""A product set that is ``like`` another one: that one's rows below its own, as they are in the edition that says so.

The whole set still names the other one, for whoever compares the two; an edition that amends it does not make it whole again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from collections.abc import Mapping as Entries
from dataclasses import replace

from scoring_service.problems import Suggestion
from scoring_service.rulebook.amend import in_printed_order, merge, without
from scoring_service.rulebook.nodes import Mapping, Node
from scoring_service.rulebook.rule_reader import RuleReader

_SETS, _LONGEST = "sets/", 20
"""Their room among the trees; and so many sets may be like one another in a row."""
_ITS_OWN = ("set", "name", "like", "follows", "oddities", "reference")
"""What only a set itself is called."""


def with_their_patterns(
    trees: Entries[str, Node], named: Iterable[str], folder: str, parts: Container[str], r: RuleReader
) -> dict[str, Node]:
    """The trees, of which the sets ``named`` whose file in the ``folder`` says what they are like are whole.

    Each row stands where the print would have it.
    """
    patterns = _Patterns(trees, folder, parts, r)
    return {**trees, **{name: patterns.whole(name) for name in named if name.startswith(_SETS) and name in trees}}


class _Patterns:
    """Sets made whole, each once."""

    def __init__(self, trees: Entries[str, Node], folder: str, parts: Container[str], r: RuleReader) -> None:
        self._trees, self._folder, self._parts, self._reader = trees, folder, parts, r
        self._whole: dict[str, Node] = {}

    def whole(self, name: str, chain: tuple[str, ...] = ()) -> Node:
        """The set with the rows of the one that it is like; ``chain``: those that are like it."""
        if name not in self._whole:
            self._whole[name] = self._made_whole(name, (*chain, name))
        return self._whole[name]

    def _made_whole(self, name: str, chain: tuple[str, ...]) -> Node:
        tree, r = self._trees[name], self._reader
        if not isinstance(tree, Mapping) or (like := tree.entries.get("like")) is None:
            return tree
        if like.position.folder != self._folder:  # an older edition said so, and made it whole
            return tree
        pattern = _SETS + r.string(like)
        if pattern not in self._trees or pattern in chain or len(chain) > _LONGEST:
            known = [other.removeprefix(_SETS) for other in self._trees if other.startswith(_SETS)]
            slug = pattern.removeprefix(_SETS)
            r.problem("LIKE_UNKNOWN", like, slug=slug, suggestion=Suggestion.of(slug, known))
            return without(tree, "like")
        below = _as_a_pattern(self.whole(pattern, chain))
        merged = in_printed_order(_plain(merge(below, without(tree, "like"), r)), below, self._parts)
        return replace(merged, entries={**merged.entries, "like": like}) if isinstance(merged, Mapping) else merged


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
