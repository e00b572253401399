"""Reads typed values out of nodes and keeps a list of everything that is wrong.

A read never stops at the first mistake: it notes a problem and goes on with a harmless value, so that an author
sees all mistakes of a file at once. Whoever owns the reader calls ``raise_if_any`` before using what was read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from scoring_service.plaintext import meant_day, parse_day
from scoring_service.problems import Position, Problem, Suggestion, Weight, errors
from scoring_service.rulebook.encoding import EncodingError, decoded
from scoring_service.rulebook.facts import NO, YES, parse_decimal
from scoring_service.rulebook.nodes import Mapping, Node, NodeError, Scalar, Sequence, parse
from scoring_service.rulebook.to_fill import BEGIN, is_mark, marks, wanted

MAX_BYTES = 1024 * 1024
"""Of one rule file."""
_MOST = 2000
"""Problems that are kept; a person is told far fewer, see ``causes``."""

_SPOILS_LINE = ("YAML_LOOKALIKE", "YAML_SPACE")
"""Mistakes of spelling after which nothing else about their line is worth saying."""
_MOST_KEYS = 40
"""Of any mapping of a rule file or dossier with named keys; all of them are listed where none is near."""
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_DIGITS = re.compile(r"\d{1,40}", re.ASCII)


class Reader:
    """Collects problems of one set of files.

    ``sources`` maps a file name to its lines, for excerpts; ``silent`` holds codes that would not be true, because a file they depend
    on could not be read, ``unread`` the names of such files.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, list[str]] = {}
        self.silent: set[str] = set()
        self.unread: set[str] = set()
        self.failures = 0
        """How often something could not be read as it stands: what grew it is not judged any further."""
        self._said: set[tuple[str, Position, str]] = set()
        self._spoilt: set[tuple[str, int]] = set()

    def raise_if_any(self) -> None:
        """Raise ``NodeError`` with all problems noted so far, if there is an error among them."""
        if errors(self.problems):
            raise NodeError([problem for problem in self.problems if problem.weight is not Weight.HINT])

    def problem(self, code: str, at: Node | Position, /, **values: object) -> None:
        """Note one problem at a node or position; what is still to be written is wrong in no other way."""
        if is_mark(at) and code != "TO_FILL_IN":
            self.failures += 1
            return
        position = at if isinstance(at, Position) else at.position
        path = "" if isinstance(at, Position) else at.path
        lines = self.sources.get(position.file, [])
        excerpt = lines[position.line - 1] if 0 < position.line <= len(lines) else ""
        problem = Problem(code, values, path, position, excerpt)
        self.failures += problem.weight is Weight.ERROR
        # A shared definition is read once per use; its mistakes are said once.
        said = (code, position, repr(values))
        if said in self._said or code in self.silent or position.file in self.unread:
            return
        if (position.file, position.line) not in self._spoilt:
            self._said.add(said)
            self.note(problem)

    def note(self, problem: Problem) -> None:
        """Note a problem that is whole already, unless there are enough."""
        self.failures += problem.weight is Weight.ERROR
        if len(self.problems) < _MOST:
            self.problems.append(problem)

    def text(self, path: Path, shown: str) -> str | None:
        """The text of a file that messages call ``shown``, at most ``MAX_BYTES``; ``None`` where it cannot be read, which is noted."""
        at = Position(shown, 1, 1)
        try:
            if (size := path.stat().st_size) > MAX_BYTES:
                self.problem("FILE_TOO_LARGE", at, length=size, limit=MAX_BYTES)
                return None
            text = decoded(path.read_bytes())
        except OSError as error:
            self.problem("FILE_UNREADABLE", at, reason=error.strerror)
            return None
        except EncodingError as error:
            self.problem("ENCODING_LIKELY", Position(shown, error.line, 1), likely=error.likely)
            return None
        self.sources[shown] = text.splitlines()
        return text

    def tree(self, text: str | None, shown: str, *, unfilled: bool = False) -> Node | None:
        """What a text says; ``None`` where it cannot be parsed, which is noted, or was not read. ``unfilled``: it may have marks."""
        found: list[Problem] = []
        try:
            tree = None if text is None else parse(text, shown, found)
        except NodeError as error:
            tree, found = None, [*found, *error.problems]
        for problem in found:
            self.note(problem)
            if problem.code in _SPOILS_LINE and problem.position:
                self._spoilt.add((problem.position.file, problem.position.line))
        for one in marks(tree) if tree and text and BEGIN in text and not unfilled else ():
            self.problem("TO_FILL_IN", one, what=wanted(one))
        return tree

    def file(self, path: Path, shown: str, *, unfilled: bool = False) -> Node | None:
        """What a file says; ``None`` where it cannot be read or parsed, which is noted. ``unfilled``: it may have marks."""
        return self.tree(self.text(path, shown), shown, unfilled=unfilled)

    def fields(self, node: Node, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, Node]:
        """The entries of a mapping; unknown and missing keys are noted, each with the nearest known word."""
        required, known = list(required), [*required, *optional]
        if not isinstance(node, Mapping):
            self._wrong_shape(node, "pairs", known)
            return {}
        node = self.spelt(node, known)
        for key in required:
            if key not in node.entries:
                self.problem("KEY_MISSING", node, key=key)
        return {k: v for k, v in node.entries.items() if k in known}

    def spelt(self, node: Mapping, known: Iterable[str]) -> Mapping:
        """The mapping with its misspelt keys as they were meant; those, and keys that mean nothing, are noted."""
        words = list(known)
        unknown = [key for key in node.entries if key not in words]
        if not unknown:
            return node
        meant: dict[str, str] = {}
        for key in unknown:
            suggestion = Suggestion.of(key, words, few=_MOST_KEYS)
            if key in node.keys:
                self.problem("KEY_UNKNOWN", node.keys[key], key=key, suggestion=suggestion)
            if (
                suggestion.nearest
                and suggestion.nearest not in node.entries
                and suggestion.nearest not in meant.values()
            ):
                meant[key] = suggestion.nearest
        kept = [key for key in node.entries if key in words or key in meant]
        return replace(
            node,
            entries={meant.get(key, key): node.entries[key] for key in kept},
            keys={meant.get(key, key): node.keys[key] for key in kept if key in node.keys},
        )

    def entries(self, node: Node | None) -> dict[str, Node]:
        """The entries of a mapping with free keys (ids, numbers)."""
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self._wrong_shape(node, "pairs")
            return {}
        return node.entries

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list."""
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self._wrong_shape(node, "list")
            return ()
        return node.items

    def string(self, node: Node | None, default: str = "") -> str:
        """A text that is not empty; ``default`` when the key was absent."""
        if node is None:
            return default
        if not isinstance(node, Scalar):
            self._wrong_shape(node, "value")
            return default
        if not node.value.strip():
            self.problem("VALUE_MISSING", node)
        return node.value.strip()

    def strings(self, node: Node | None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.string(item) for item in self.items(node))

    def integer(self, node: Node | None, low: int, high: int, default: int = 0, *, ours: bool = True) -> int:
        """A whole number from ``low`` to ``high``; ``ours``: that it ends there is a limit of the software, which is said."""
        if node is None:
            return default
        text = self.string(node)
        if _WHOLE.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        beyond = ours and bool(_DIGITS.fullmatch(text)) and not int(text) <= high
        self.problem("INTEGER", node, text=text, low=low, high=high, beyond=beyond)
        return default

    def decimal(self, node: Node, low: Decimal, high: Decimal, places: int) -> Decimal:
        """An exact decimal with at most ``places`` digits after the point (comma accepted)."""
        text = self.string(node)
        value = parse_decimal(text)
        if value is None or not low <= value <= high or -int(value.as_tuple().exponent) > places:
            beyond = value is not None and value >= low
            self.problem("DECIMAL", node, text=text, low=low, high=high, places=places, beyond=beyond)
            return low
        return value

    def date(self, node: Node | None) -> dt.date | None:
        """A date written year-month-day; ``None`` when the key was absent."""
        if node is None:
            return None
        text = self.string(node)
        day = parse_day(text)
        if day is None and (meant := meant_day(text)):
            self.problem("DATE_FORM", node, given=text, suggestion=Suggestion(meant.isoformat()))
        elif day is None:
            self.problem("DATE", node, given=text)
        return day

    def yes_no(self, node: Node | None, *, default: bool = False) -> bool:
        """Yes or no: yes/no, true/false, có/không."""
        if node is None:
            return default
        text = self.string(node).lower()
        if text not in YES + NO:
            self.problem("YES_NO", node, text=text)
        return text in YES

    def choice(self, node: Node | None, known: Iterable[str], default: str = "") -> str:
        """One of the ``known`` words."""
        if node is None:
            return default
        text, words = self.string(node), list(known)
        if not text:
            return default
        if text not in words and (words or not self.unread):
            key = node.path.rpartition(".")[2].partition("[")[0]
            self.problem("CHOICE", node, text=text, of=key, suggestion=Suggestion.of(text, words))
        return text if text in words else default

    def fraction(self, node: Node) -> Fraction:
        """A share from 0 to 1 such as ``3/4``."""
        text = self.string(node)
        top, slash, bottom = text.partition("/")
        if slash and top.isdecimal() and bottom.isdecimal() and 0 < int(top) <= int(bottom):
            return Fraction(int(top), int(bottom))
        self.problem("FRACTION", node, text=text)
        return Fraction(1)

    def points(self, node: Node) -> Fraction:
        """Points of a total, exact: ``10`` or ``7.5``."""
        return Fraction(self.decimal(node, Decimal(0), Decimal(100), 2))

    def _wrong_shape(self, node: Node, expected: str, known: Iterable[str] = ()) -> None:
        got = {Scalar: "value", Sequence: "list", Mapping: "pairs"}[type(node)]
        self.problem("SHAPE", node, expected=expected, got=got, keys=Suggestion(known=tuple(known)))
