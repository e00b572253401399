"""Reads typed values out of nodes and keeps a list of everything that is wrong.

A read never stops at the first mistake: it notes a problem and goes on with a harmless value, so that an author
sees all mistakes of a file at once. Whoever owns the reader calls ``raise_if_any`` before using what was read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from scoring_service.rulebook.model import STATED, Basis
from scoring_service.rulebook.nodes import Mapping, Node, NodeError, Scalar, Sequence
from scoring_service.text import Position, Problem, Text, did_you_mean, enough, nfc, not_a_day, parse_day

YES = ("true", "yes", "có")
NO = ("false", "no", "không")
_LONGEST_NUMBER = 30
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


class Reader:
    """Collects problems of one set of files; ``sources`` maps a file name to its lines, for excerpts."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, list[str]] = {}
        self._said: set[tuple[str, Position, Text]] = set()

    def raise_if_any(self) -> None:
        """Raise ``NodeError`` with all problems noted so far, if there is one."""
        if self.problems:
            raise NodeError(self.problems)

    def problem(self, code: str, at: Node | Position, message: Text) -> None:
        """Note one problem at a node or position."""
        position = at if isinstance(at, Position) else at.position
        path = "" if isinstance(at, Position) else at.path
        lines = self.sources.get(position.file, [])
        excerpt = lines[position.line - 1] if 0 < position.line <= len(lines) else ""
        # A shared definition is read once per use; its mistakes are said once.
        if (code, position, message) in self._said or enough(self.problems):
            return
        self._said.add((code, position, message))
        self.problems.append(Problem(code, message, path, position, excerpt))

    def fields(self, node: Node, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, Node]:
        """The entries of a mapping; unknown and missing keys are noted, each with the nearest known word."""
        required, known = list(required), [*required, *optional]
        if not isinstance(node, Mapping):
            self._wrong_shape(node, Text("các cặp 'khóa: giá trị'", "'key: value' pairs"), known)
            return {}
        for key, position in node.keys.items():
            if key not in known:
                self.problem(
                    "key-unknown",
                    position,
                    Text(f"Không có khóa '{key}' ở đây.", f"There is no key '{key}' here.") + did_you_mean(key, known),
                )
        for key in required:
            if key not in node.entries:
                self.problem("key-missing", node, Text(f"Thiếu khóa '{key}'.", f"Key '{key}' is missing."))
        return {k: v for k, v in node.entries.items() if k in known}

    def entries(self, node: Node | None) -> dict[str, Node]:
        """The entries of a mapping with free keys (ids, numbers)."""
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self._wrong_shape(node, Text("các cặp 'khóa: giá trị'", "'key: value' pairs"))
            return {}
        return node.entries

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list."""
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self._wrong_shape(node, Text("một danh sách", "a list"))
            return ()
        return node.items

    def string(self, node: Node | None, default: str = "") -> str:
        """A text that is not empty; ``default`` when the key was absent."""
        if node is None:
            return default
        if not isinstance(node, Scalar):
            self._wrong_shape(node, Text("một giá trị chữ", "one text value"))
            return default
        if not node.value.strip():
            self.problem("value-missing", node, Text("Thiếu giá trị.", "The value is missing."))
        return node.value.strip()

    def strings(self, node: Node | None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.string(item) for item in self.items(node))

    def integer(self, node: Node | None, low: int, high: int, default: int = 0) -> int:
        """A whole number from ``low`` to ``high``."""
        if node is None:
            return default
        text = self.string(node)
        if _WHOLE.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        self.problem(
            "integer",
            node,
            Text(
                f"'{text}' không phải số nguyên từ {low} đến {high}.",
                f"'{text}' is not a whole number from {low} to {high}.",
            ),
        )
        return default

    def decimal(self, node: Node, low: Decimal, high: Decimal, places: int) -> Decimal:
        """An exact decimal with at most ``places`` digits after the point (comma accepted)."""
        text = self.string(node)
        value = parse_decimal(text)
        if value is None or not low <= value <= high or -int(value.as_tuple().exponent) > places:
            self.problem(
                "decimal",
                node,
                Text(
                    f"'{text}' không phải số từ {low} đến {high} với tối đa {places} chữ số lẻ.",
                    f"'{text}' is not a number from {low} to {high} with at most {places} decimals.",
                ),
            )
            return low
        return value

    def date(self, node: Node | None) -> dt.date | None:
        """A date written year-month-day; ``None`` when the key was absent."""
        if node is None:
            return None
        text = self.string(node)
        day = parse_day(text)
        if day is None:
            self.problem("date", node, not_a_day(text))
        return day

    def yes_no(self, node: Node | None, *, default: bool = False) -> bool:
        """Yes or no: yes/no, true/false, có/không."""
        if node is None:
            return default
        text = self.string(node).lower()
        if text not in YES + NO:
            self.problem("yes-no", node, Text(f"'{text}' phải là có hoặc không.", f"'{text}' must be yes or no."))
        return text in YES

    def choice(self, node: Node | None, known: Iterable[str], default: str = "") -> str:
        """One of the ``known`` words."""
        if node is None:
            return default
        text, words = self.string(node), list(known)
        if text not in words:
            self.problem(
                "choice",
                node,
                Text(f"Không có '{text}' ở đây.", f"'{text}' is not known here.") + did_you_mean(text, words),
            )
            return default
        return text

    def text(self, node: Node | None) -> Text:
        """A bilingual label ``{vi: ..., en: ...}``."""
        if node is None:
            return Text("", "")
        got = self.fields(node, required=("vi", "en"))
        return Text(self.string(got.get("vi")), self.string(got.get("en")))

    def optional_text(self, node: Node | None) -> Text | None:
        """A bilingual label, or ``None`` when the key is absent."""
        return None if node is None else self.text(node)

    def texts(self, node: Node | None) -> dict[str, Text]:
        """Bilingual labels by key."""
        return {key: self.text(value) for key, value in self.entries(node).items()}

    def basis(self, reading: Node | None) -> Basis:
        """Stated by the decision, unless the file gives a ``reading`` with one line why."""
        return STATED if reading is None else Basis(False, self.text(reading))

    def fraction(self, node: Node) -> Fraction:
        """A share from 0 to 1 such as ``3/4``."""
        text = self.string(node)
        top, slash, bottom = text.partition("/")
        if slash and top.isdecimal() and bottom.isdecimal() and 0 < int(top) <= int(bottom):
            return Fraction(int(top), int(bottom))
        self.problem(
            "fraction", node, Text(f"'{text}' không phải phân số như 3/4.", f"'{text}' is not a fraction such as 3/4.")
        )
        return Fraction(1)

    def points(self, node: Node) -> Fraction:
        """Points of a total, exact: ``10`` or ``7.5``."""
        return Fraction(self.decimal(node, Decimal(0), Decimal(100), 2))

    def _wrong_shape(self, node: Node, expected: Text, known: Iterable[str] = ()) -> None:
        listed = ", ".join(known)
        more = Text(f" ({listed})", f" ({listed})") if listed else Text("", "")
        got = {
            Scalar: Text("một giá trị", "one value"),
            Sequence: Text("một danh sách", "a list"),
            Mapping: Text("các cặp khóa", "key-value pairs"),
        }[type(node)]
        self.problem(
            "shape",
            node,
            Text(
                f"Ở đây cần {expected.vi}{more.vi}, nhưng gặp {got.vi}.",
                f"Expected {expected.en}{more.en} here, found {got.en}.",
            ),
        )


def parse_decimal(text: str) -> Decimal | None:
    """``text`` as an exact finite decimal, or ``None``: digits, one point or comma, an optional sign and %."""
    plain = nfc(text).strip().removesuffix("%").strip().replace(",", ".")
    if len(plain) > _LONGEST_NUMBER or not all(c in "0123456789.-" for c in plain):
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
