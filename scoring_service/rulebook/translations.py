"""The words of an edition in other languages: ``en.yaml`` beside the rules, a list of pairs of the Vietnamese text and its translation."""

from __future__ import annotations

from scoring_service.problems import Position
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.reader import Reader

FILE = "en.yaml"
PAIR = ("vi", "en")
"""The keys of one pair."""


class Translations:
    """The catalogue of one edition, with what its base has; remembers which texts were asked for and which were not found."""

    def __init__(self) -> None:
        self._english: dict[str, tuple[str, Position]] = {}
        self._own: set[str] = set()
        self._asked: set[str] = set()
        self.missing: dict[str, Position] = {}

    def add(self, tree: Node, reader: Reader, *, own: bool) -> None:
        """The pairs of one file; ``own``: of the edition itself, not of one that it amends."""
        here: dict[str, Position] = {}
        for node in reader.items(tree):
            got = reader.fields(node, required=PAIR)
            vi, en = reader.string(got.get("vi")), reader.string(got.get("en"))
            if vi in here:
                reader.problem("TRANSLATED_TWICE", node, text=vi, line=here[vi].line)
            elif vi:
                here[vi] = node.position
                self._english[vi] = (en, node.position)
        if own:
            self._own = set(here)

    def english(self, text: str, at: Position) -> str:
        """The English of a text, empty where the catalogue lacks it."""
        self._asked.add(text)
        if text not in self._english:
            self.missing.setdefault(text, at)
            return ""
        return self._english[text][0]

    def unused(self) -> dict[str, Position]:
        """What the edition's own catalogue translates and nobody says, with its place."""
        return {text: self._english[text][1] for text in self._english if text in self._own - self._asked}
