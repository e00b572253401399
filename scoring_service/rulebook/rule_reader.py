"""Reads values out of the nodes of rule files: a ``Reader`` that knows the catalogue of words and which decision a file states."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scoring_service.problems import Position
from scoring_service.rulebook.citations import begins_with_a_document, speaks_of_an_article
from scoring_service.rulebook.label import NOTHING, Label
from scoring_service.rulebook.model import Citation
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.to_fill import is_mark
from scoring_service.rulebook.translations import Translations

MAX_TEXT = 2000
MAX_ITEMS = 1000
DROPPED, ADD = "dropped", "add"
"""``dropped`` in the place of an entry, in a file of an edition that amends another: the decree drops it. A list is amended by both."""


class RuleReader(Reader):
    """Collects the problems of one edition. ``decisions``: folder of a file -> the decision that its files state.

    ``cited``: every reference that was read, and every text that speaks of an article.
    """

    def __init__(self) -> None:
        super().__init__()
        self.translations = Translations()
        self.decisions: dict[str, str] = {}
        self.cited: list[Citation] = []

    def label(self, node: Node) -> Label:
        """A text for readers with its translation."""
        text = self.string(node)
        if is_mark(node):
            return NOTHING
        if len(text) > MAX_TEXT:
            self.problem("TEXT_LONG", node, length=len(text), limit=MAX_TEXT)
            return NOTHING
        of = ""
        if speaks_of_an_article(text):
            decision = self.decision_of(node.position)
            self.cited.append(Citation(f"{decision}, {text}", node.position, prose=True))
            of = "" if decision in text or decision == next(iter(self.decisions.values()), "") else decision
        return Label(text, self.translations.english(text, node.position), of) if text else NOTHING

    def decision_of(self, position: Position) -> str:
        """The decision that the file of a place states."""
        return self.decisions.get(position.folder, "")

    def is_older(self, one: Position, other: Position) -> bool:
        """Whether one place stands in an edition that the other one's amends."""
        chain = list(self.decisions)  # from the newest on
        here, there = one.folder, other.folder
        return here in chain and there in chain and chain.index(here) > chain.index(there)

    def cite(self, node: Node) -> str:
        """A paragraph, with the decision of the file that names it in front, unless it begins with the number of a document."""
        text = self.string(node)
        cited = text if begins_with_a_document(text) else f"{self.decision_of(node.position)}, {text}"
        self.cited.append(Citation(cited, node.position))
        return cited

    def listed(self, node: Node) -> tuple[Node, ...]:
        """The items of a list; none where there are more than anybody means."""
        items = self.items(node)
        return items if self._few(node, len(items)) else ()

    def _few(self, node: Node | None, count: int) -> bool:
        if node is not None and count > MAX_ITEMS:
            self.problem("TOO_MANY_ITEMS", node, count=count, limit=MAX_ITEMS)
            return False
        return True

    def keyed(self, node: Node | None, pattern: str) -> Mapping[str, Node]:
        """The entries of a mapping whose keys are free but spelt by ``pattern``."""
        entries = self.entries(node)
        if not self._few(node, len(entries)):
            return {}
        for key, value in entries.items():
            if not re.search(pattern, key):
                self.problem("KEY_SPELLING", value, key=key)
        return entries
