"""The words of an edition in other languages: ``en.yaml`` beside the rules, a list of pairs of the Vietnamese text and its translation."""

from __future__ import annotations

import re

from scoring_service.plaintext import shorten
from scoring_service.problems import Position
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.to_fill import is_mark

FILE = "en.yaml"
_WORD = re.compile(r"[^\W\d_]+")
_MARKED = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
_SEVERAL = 3
"""So many words without one Vietnamese letter are no Vietnamese text; fewer may be (``Hoa``, ``Website``)."""
PAIR = ("vi", "en")
"""The keys of one pair."""


class Translations:
    """The catalogue of one edition, with what its base has; remembers which texts were asked for and which were not found.

    A pair whose English is a mark to be filled in has none yet.
    """

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
            vi, en = reader.string(got.get("vi")), "" if is_mark(got.get("en")) else reader.string(got.get("en"))
            if own and vi and en:
                vi, en = self._in_their_languages(vi, en, node, reader)
            if vi in here:
                reader.problem("TRANSLATED_TWICE", node, text=vi, line=here[vi].line)
            elif vi:
                here[vi] = node.position
                if en or vi not in self._english:
                    self._english[vi] = (en, node.position)
        if own:
            self._own = set(here)

    @staticmethod
    def _in_their_languages(vi: str, en: str, node: Node, reader: Reader) -> tuple[str, str]:
        """The pair, the right way round where it is swapped; what is in the wrong language is noted."""
        if vi == en:
            if is_vietnamese(en) or is_foreign(vi):
                reader.problem("TRANSLATION_SAME", node, text=shorten(vi))
        elif is_vietnamese(en) and not _marked(vi):
            reader.problem("TRANSLATION_SWAPPED", node, vi=shorten(vi), en=shorten(en))
            return en, vi
        elif is_vietnamese(en):
            reader.problem("TRANSLATION_NOT_ENGLISH", node, text=shorten(en))
        return vi, en

    def english(self, text: str, at: Position) -> str:
        """The English of a text, empty where the catalogue lacks it."""
        self._asked.add(text)
        english = self._english[text][0] if text in self._english else ""
        if not english:
            self.missing.setdefault(text, at)
        return english

    def unpaired(self) -> dict[str, Position]:
        """The missing ones that the edition's own catalogue has no pair for, not even one to be filled in."""
        return {text: at for text, at in self.missing.items() if text not in self._own}

    def unused(self) -> dict[str, Position]:
        """What the edition's own catalogue translates and nobody says, with its place."""
        unused = self._own - self._asked
        return {text: at for text, (_, at) in self._english.items() if text in unused}


def is_foreign(text: str) -> bool:
    """Whether a text is certainly not Vietnamese: several words, none with a letter that only Vietnamese has."""
    return not _marked(text) and sum(1 for word in _WORD.findall(text) if len(word) > 1) >= _SEVERAL


def is_vietnamese(text: str) -> bool:
    """Whether more than half of the words have Vietnamese letters; names in an English text are fewer."""
    if text.isascii():
        return False
    words = _WORD.findall(text)
    return 2 * sum(1 for word in words if _marked(word)) > len(words)


def _marked(text: str) -> bool:
    return not text.isascii() and _MARKED.search(text) is not None
