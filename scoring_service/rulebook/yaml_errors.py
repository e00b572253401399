"""What an author did where the parser of YAML gives up: a tab, a missing quote, a step of the indentation, text that needs quotes.

The parser names the place where it could not go on, which is often a line below the mistake, in words of its own that never reach a
person. The rules here look at the lines around that place for the things that people do, the most certain first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_NO_SPACE = re.compile(r"^\s*(?:- )?(?:\w[\w-]*):(?![\s/])[^\s]")
_KEY = re.compile(r"^\s*(?:- )?(?:\"[^\"]*\"|'[^']*'|[^\s\"'{\[#][^\"'{\[]*?):(?:\s|$)")
_OPENS_QUOTE = ":,[{-"
_PAIRS = {"]": "[", "}": "{"}
_STARTS_WRONG = "@`%*&!|>"
_COMMENT = re.compile(r"(?:^|\s)#")
_HARD_BLANK = "\u00a0"
_AT_MARKS = re.compile(rf"^[ {_HARD_BLANK}]*|[:,-]{_HARD_BLANK}+|{_HARD_BLANK}+$")
_WIDE_MARKS = re.compile("[\uff0c\uff1a\uff3b\uff3d\uff5b\uff5d]")
_RANGE = re.compile(r"\[[^\[\]{}()\"']{0,40}\)")
_BACK = 2
"""Lines above the place where the parser gave up that may hold the mistake."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was done: a code of the catalogues, the place counted from 1, and the values of the sentence."""

    code: str
    line: int
    column: int
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the parser gave up: the lines, the number of the one (from 1), the column, and its own reason."""

    lines: list[str]
    at: int
    column: int
    reason: str

    @property
    def line(self) -> str:
        return self.lines[self.at - 1] if self.lines else ""

    def near(self) -> Iterator[tuple[int, str]]:
        """The line and the one above it, which may hold the mistake, with their numbers."""
        for number in range(self.at, max(0, self.at - _BACK), -1):
            yield number, self.lines[number - 1]


def explain(lines: list[str], line: int, column: int, reason: str) -> Found:
    """What was done to ``lines`` where the parser gave up at a place counted from 1, with its own ``reason``."""
    here = _Place(lines, min(line, len(lines)), column, reason)
    rules = (
        _tab,
        _full_width,
        _quote,
        _no_space,
        _dash,
        _needs_quotes,
        _escape,
        _comment,
        _colon_in_text,
        _bracket,
        _no_colon,
        _mixed,
    )
    for rule in (*rules, _indentation):
        if found := rule(here):
            return found
    return Found("YAML", line, column)


def control_character(lines: list[str]) -> Found | None:
    """The first character that no text file has."""
    for number, text in enumerate(lines, 1):
        for column, char in enumerate(text, 1):
            if not char.isprintable() and char not in "\t\u00a0\ufeff\u00ad\u200b":
                return Found("YAML_CONTROL", number, column, {"character": f"U+{ord(char):04X}"})
    return None


def without_hard_blanks(text: str) -> tuple[str, Found | None]:
    """``text`` with ordinary blanks for the hard ones that stand where a blank has a meaning, and the first of these."""
    if _HARD_BLANK not in text:
        return text, None
    lines, first = text.split("\n"), None
    for number, line in enumerate(lines, 1):
        if _HARD_BLANK in line:
            plain = _AT_MARKS.sub(lambda found: found[0].replace(_HARD_BLANK, " "), line)
            if plain != line and first is None:
                first = Found("YAML_LOOKALIKE", number, line.index(_HARD_BLANK) + 1, {"kind": "blank"})
            lines[number - 1] = plain
    return "\n".join(lines), first


def comment_in_text(line: str, column: int) -> int:
    """The column (from 1) of a ``#`` that cuts off the text before it and looks like a part of it (``Mức #1``); 0 where there is none.

    ``column``: where the unquoted text before it ends, from 1.
    """
    rest = line[column - 1 :]
    at = re.match(r"\s+#(?=[^\s#])", rest)
    return column + at.end() - 1 if at else 0


def _tab(here: _Place) -> Found | None:
    for number, text in here.near():
        indent = text[: len(text) - len(text.lstrip())]
        if "\t" in indent:
            return Found("YAML_TAB", number, indent.index("\t") + 1)
    return None


def _full_width(here: _Place) -> Found | None:
    """``max：3``: marks as East Asian keyboards type them."""
    for number, text in here.near():
        if found := _WIDE_MARKS.search(_plain(text)):
            return Found("YAML_LOOKALIKE", number, found.start() + 1, {"kind": "marks"})
    return None


def _quote(here: _Place) -> Found | None:
    """A line on which a text begins with a quote that nothing closes before the next key begins."""
    number = 1
    while number <= min(here.at, len(here.lines)):
        line = here.lines[number - 1]
        opened = next(((start, line[start]) for start, end, _ in _quoted(line) if end < 0), None)
        if opened:
            start, quote = opened
            rest = range(number + 1, len(here.lines) + 1)
            closing = next((n for n in rest if quote in here.lines[n - 1]), len(here.lines) + 1)
            if closing > len(here.lines) or any(_KEY.match(text) for text in here.lines[number:closing]):
                return Found("YAML_QUOTE", number, start + 1, {"quote": quote})
            number = closing
        number += 1
    for _, end, inner in _quoted(here.line) if "expected" in here.reason else ():
        rest_of_line = here.line[end + 1 :].lstrip()
        if rest_of_line and rest_of_line[0] not in ",]}:#" and end >= 0:
            return Found("YAML_QUOTE_INSIDE", here.at, end + 1, {"text": inner})
    return None


def _no_space(here: _Place) -> Found | None:
    for number, text in here.near():
        if _NO_SPACE.match(text):
            return Found("YAML_SPACE", number, text.index(":") + 1, {"key": text.partition(":")[0].strip(" -")})
    return None


def _dash(here: _Place) -> Found | None:
    """``options: - points: 1``."""
    found = re.search(r":\s+-\s", _plain(here.line)) if "sequence entries" in here.reason else None
    return Found("YAML_DASH", here.at, found.end() - 1) if found else None


def _needs_quotes(here: _Place) -> Found | None:
    for place in (here.column - 1, here.column - 2):
        if 0 <= place < len(here.line) and here.line[place] in _STARTS_WRONG and "quoted scalar" not in here.reason:
            return Found("YAML_NEEDS_QUOTES", here.at, place + 1, {"character": here.line[place]})
    return None


def _escape(here: _Place) -> Found | None:
    return Found("YAML_ESCAPE", here.at, here.column) if "escape" in here.reason else None


def _comment(here: _Place) -> Found | None:
    """``{points: 1, text: Mức #1}``: the comment takes the bracket with it."""
    for number, text in here.near():
        blank = _blanked(text)
        found = _COMMENT.search(blank)
        if found and _open_brackets(blank[: found.start()]) and any(char in "]}" for char in blank[found.end() :]):
            return Found("YAML_HASH", number, found.end())
    return None


def _colon_in_text(here: _Place) -> Found | None:
    """``name: Mật ong: loại 1``."""
    if not any(word in here.reason for word in ("mapping values", "','", "expected key")):
        return None
    for number, text in here.near():
        pieces = re.split(r"[,{}\[\]]", _plain(text))
        crowded = next((piece for piece in pieces if len(re.findall(r":(?:\s|$)", piece)) > 1), None)
        if crowded is not None:
            last = list(re.finditer(r":(?:\s|$)", crowded))[-1].start()
            return Found("YAML_COLON_IN_TEXT", number, _plain(text).index(crowded) + last + 1)
    return None


def _bracket(here: _Place) -> Found | None:
    """A bracket that is not closed, or closed by another one. Looked for from the last line that begins with a key at the margin."""
    reasons = ("','", "flow", "document start", "node content", "expected", "block end")
    if not any(word in here.reason for word in reasons):
        return None
    margins = (n for n in range(1, here.at) if _KEY.match(here.lines[n - 1]) and not here.lines[n - 1][:1].isspace())
    start = max(margins, default=1)
    opened: list[tuple[str, int, int]] = []
    for number in range(start, here.at + 1):
        for place, char in enumerate(_plain(here.lines[number - 1]), 1):
            if char in "[{":
                opened.append((char, number, place))
            elif char in "]}":
                if not opened and number < here.at:
                    continue  # in a text without quotes it is a letter like others
                if not opened:
                    return Found("YAML_BRACKET_EXTRA", number, place, {"bracket": char})
                bracket, line, column = opened.pop()
                if bracket != _PAIRS[char]:
                    return _unclosed(here, bracket, line, column)
    return _unclosed(here, *opened[-1]) if opened else None


def _unclosed(here: _Place, bracket: str, line: int, column: int) -> Found:
    half_open = _RANGE.match(here.lines[line - 1], column - 1)
    if half_open:
        return Found("YAML_RANGE", line, column, {"text": half_open[0]})
    return Found("YAML_BRACKET", line, column, {"bracket": bracket})


def _no_colon(here: _Place) -> Found | None:
    """A line without a colon among lines that have one."""
    for number, line in here.near():
        text = _plain(line).strip()
        if text and text[0] not in "-[{]}" and ":" not in text and not text.endswith(","):
            return Found("YAML_COLON_MISSING", number, _indent(line) + 1, {"text": line.strip()})
    return None


def _mixed(here: _Place) -> Found | None:
    """A line ``- …`` among lines ``key: …`` of the same column, or the other way round."""
    text = here.line
    own = _is_item(text)
    for number in range(here.at - 1, 0, -1):
        above = here.lines[number - 1]
        if not above.strip() or above.lstrip().startswith("#") or _indent(above) > _indent(text):
            continue
        if _indent(above) == _indent(text) and text.strip() and _is_item(above) != own:
            return Found("YAML_MIXED", here.at, _indent(text) + 1, {"line": number})
        return None
    return None


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("- ") or line.strip() == "-"


def _indentation(here: _Place) -> Found | None:
    known = ("mapping values", "expected key", "block sequence entries", "'-' indicator", "block end", "document start")
    if not any(word in here.reason for word in known):
        return None
    indent = _indent(here.line)
    above = [_indent(t) for t in here.lines[: here.at - 1] if t.strip() and not t.lstrip().startswith("#")]
    previous = above[-1] if above else 0
    near = min((i for i in set(above) if i != indent), key=lambda i: (abs(i - indent), abs(i - previous)), default=0)
    return Found("YAML_INDENT", here.at, indent + 1, {"spaces": indent, "expected": near})


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _open_brackets(text: str) -> int:
    return sum((char in "[{") - (char in "]}") for char in text)


def _quoted(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end (-1 where there is none) and content of each quoted text of a line; what stands behind ``#`` is none."""
    at, before = 0, ""
    while at < len(text):
        char = text[at]
        if char == "#" and (at == 0 or text[at - 1].isspace()):
            return
        if char in "\"'" and (not before or before in _OPENS_QUOTE):
            end = _closing(text, at)
            yield at, end, text[at + 1 : end if end >= 0 else len(text)]
            if end < 0:
                return
            at, before = end + 1, char
            continue
        before = char if not char.isspace() else before
        at += 1


def _closing(text: str, start: int) -> int:
    at = start + 1
    while at < len(text):
        if text[at] == "\\" and text[start] == '"':
            at += 1
        elif text[at] == text[start]:
            if text[start] == '"' or text[at + 1 : at + 2] != "'":
                return at
            at += 1
        at += 1
    return -1


def _blanked(text: str) -> str:
    """A line with what is quoted blanked out."""
    shown = list(text)
    for start, end, _ in _quoted(text):
        last = end if end >= 0 else len(text) - 1
        shown[start : last + 1] = "_" * (last + 1 - start)
    return "".join(shown)


def _plain(text: str) -> str:
    """A line with what is quoted blanked out, and without its comment."""
    plain = _blanked(text)
    comment = _COMMENT.search(plain)
    return plain[: comment.start()] if comment else plain
