"""YAML (a small, strict subset) and JSON as a tree in which every value knows its place in the file.

Refused, because they surprise people: anchors, aliases, merge keys, tags, several documents, repeated keys.
No implicit types: every scalar is text until the reader of the field says what it must be, so ``no`` stays
``no`` and ``1.10`` stays ``1.10``. All text is brought to Unicode form NFC here, once, wherever it enters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import yaml

from scoring_service.plaintext import nfc
from scoring_service.problems import Position, Problem
from scoring_service.rulebook import yaml_errors


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text value; numbers and dates are text too until somebody reads them as such."""

    value: str
    position: Position
    path: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    position: Position
    path: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in file order; ``keys`` holds the position of each key. ``amends``: the older mapping that this one amends."""

    entries: dict[str, Node]
    position: Position
    keys: dict[str, Position] = field(default_factory=dict)
    path: str = ""
    amends: Mapping | None = None

    def amendments(self) -> tuple[Mapping, ...]:
        """The mapping itself, the one that it amends, and so on down to the one that amends nothing."""
        return (self, *(self.amends.amendments() if self.amends else ()))


Node = Scalar | Sequence | Mapping

# libyaml when PyYAML was built with it (all published wheels are); the pure parser gives the same events.
_COMPOSED = 4000
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MAX_DEPTH = 40
_GLUED = re.compile(r"([a-z]\w*):(\S+)")
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)
_CURLY = re.compile("[\u201c\u201d\u201e](.*?)[\u201c\u201d]?")
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff0c\uff0e.,]*[\uff10-\uff19][\uff10-\uff19\uff0c\uff0e.,]*")


class _Mark(Protocol):
    """A place as the parser gives it, counted from 0 (the C and the pure parser have classes of their own)."""

    line: int
    column: int


class NodeError(Exception):
    """The text could not be read at all; ``problems`` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(p) for p in problems))
        self.problems = problems


def parse(text: str, file: str, found: list[Problem] | None = None) -> Node:
    """Parse ``text`` of ``file``: JSON when the name ends in ``.json``, else the YAML subset.

    ``found`` takes what is wrong with single entries (a repeated key, a tag), so that the rest of the file is read all the same.

    Raises:
        NodeError: with every problem that the parser could find; without ``found`` also with those of single entries.
    """
    if not file.endswith(".json"):
        return _YamlTree(text, file, found).tree()
    plain = _parse_json(text, file)
    try:
        return _YamlTree(text, file).tree()  # nearly all JSON is YAML too, and so every value gets its place
    except NodeError:
        return plain


class _YamlTree:
    def __init__(self, text: str, file: str, found: list[Problem] | None = None) -> None:
        self._file, self._lines = file, text.splitlines()
        self._problems: list[Problem] = []
        self._of_entries = self._problems if found is None else found
        self._of_rules = found is not None  # people who fill in dossiers write as they like where it cannot be misread
        self._text, blank = yaml_errors.without_hard_blanks(text) if self._of_rules else (text, None)
        if blank:
            self._add(blank, self._of_entries)

    def tree(self) -> Node:
        try:
            events = yaml.parse(self._text, Loader=_LOADER)
            node = self._document(iter(events))
        except yaml.MarkedYAMLError as error:
            self._explained(error)
        except RecursionError:
            self._problem("YAML_DEPTH", None)
        except yaml.YAMLError:
            self._add(yaml_errors.control_character(self._lines) or yaml_errors.Found("YAML", 1, 1), self._problems)
        if self._problems:
            raise NodeError(self._problems)
        return node

    def _explained(self, error: yaml.MarkedYAMLError) -> None:
        at = self._at(error.problem_mark or error.context_mark)
        reason = " ".join(filter(None, (error.context, error.problem)))
        if any(p.position and p.position.line == at.line for p in self._problems):
            return  # the line has its message
        found = yaml_errors.explain(self._text.splitlines(), at.line, at.column, reason)
        self._of_entries[:] = [p for p in self._of_entries if p.position and p.position.line != found.line]
        self._add(found, self._problems)

    def _document(self, events: Iterator[Any]) -> Node:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self._problem("YAML_DOCUMENTS", event.start_mark)
                    break
                node = self._node(next(events), events, "", 0)
        if node is None:
            self._problem("EMPTY", None)
            return Scalar("", Position(self._file, 1, 1))
        return node

    def _node(self, event: Any, events: Iterator[Any], path: str, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise RecursionError
        position = self._at(event.start_mark)
        if getattr(event, "anchor", None) and not any(p.code == "YAML_ANCHOR" for p in self._problems):
            self._problem("YAML_ANCHOR", event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return Scalar("", position, path)
        if getattr(event, "tag", None) not in (None, "!"):
            self._entry("YAML_TAG", position, path, tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._node(event, events, f"{path}[{len(items)}]", depth + 1))
            return Sequence(tuple(items), position, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, position, path, depth)
        # What is longer is no word of any rule or dossier, and composing it could take minutes.
        text = nfc(event.value) if len(event.value) <= _COMPOSED else event.value
        if self._of_rules and event.implicit[0]:
            text = self._typed(text, event, position, path)
        return Scalar(text, position, path)

    def _typed(self, text: str, event: Any, position: Position, path: str) -> str:
        """An unquoted text, as it would be if typed here: Word's quotes and full-width digits are noted, and read as what was meant."""
        if curly := _CURLY.fullmatch(text):  # what a comma cut off has no closing one
            self._entry("YAML_LOOKALIKE", position, path, kind="quotes")
            return curly[1]
        if _FULL_WIDTH.fullmatch(text):
            self._entry("YAML_LOOKALIKE", position, path, kind="digits")
            return unicodedata.normalize("NFKC", text)
        end = event.end_mark
        line = self._lines[end.line] if end.line < len(self._lines) else ""
        if column := yaml_errors.comment_in_text(line, end.column + 1):
            self._entry("HASH_IN_TEXT", Position(self._file, end.line + 1, column), path, text=text)
        return text

    def _mapping(self, events: Iterator[Any], position: Position, path: str, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        repeated: list[tuple[str, Node, Position]] = []
        last: Any = None
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key_node = self._node(event, events, path, depth + 1)
            key = key_node.value if isinstance(key_node, Scalar) else ""
            key_event, event = event, next(events)
            value = self._node(event, events, f"{path}.{key}" if path else key, depth + 1)
            if not isinstance(key_node, Scalar):
                self._entry("KEY_NOT_TEXT", key_node.position, path)
            elif _split_number(last, key_event, event):
                whole = next(reversed(entries))
                entries[whole] = Scalar(f"{last.value},{key}", entries[whole].position, entries[whole].path)
            elif (glued := _GLUED.fullmatch(key)) and isinstance(value, Scalar) and not value.value:
                self._entry("YAML_SPACE", key_node.position, path, key=glued[1])
                entries[glued[1]], keys[glued[1]] = Scalar(glued[2], key_node.position, path), key_node.position
            elif key in entries:
                repeated.append((key, value, key_node.position))
                if _is_empty(entries[key]):
                    entries[key] = value
            else:
                entries[key], keys[key] = value, key_node.position
            last = event
        self._tell_repeated(repeated, keys)
        return Mapping(entries, position, keys, path)

    def _tell_repeated(self, repeated: list[tuple[str, Node, Position]], keys: dict[str, Position]) -> None:
        """One key that stands twice, or the keys of a whole entry whose own name is missing."""
        if not repeated:
            return
        key, value, at = repeated[0]
        if len(repeated) == 1:
            self._entry("KEY_REPEATED", at, value.path, key=key, line=keys[key].line)
        else:
            names = tuple(name for name, _, _ in repeated)
            self._entry("KEYS_REPEATED", at, value.path, keys=names, line=keys[key].line)

    def _at(self, mark: _Mark | None) -> Position:
        return Position(self._file, mark.line + 1, mark.column + 1) if mark else Position(self._file, 1, 1)

    def _problem(self, code: str, mark: _Mark | None, **values: object) -> None:
        self._note(Problem(code, values, position=self._at(mark)), self._problems)

    def _entry(self, code: str, position: Position, path: str, **values: object) -> None:
        self._note(Problem(code, values, path, position), self._of_entries)

    def _add(self, found: yaml_errors.Found, to: list[Problem]) -> None:
        self._note(Problem(found.code, found.values, position=Position(self._file, found.line, found.column)), to)

    def _note(self, problem: Problem, to: list[Problem]) -> None:
        at = problem.position
        excerpt = self._lines[at.line - 1] if at and at.line <= len(self._lines) else ""
        to.append(replace(problem, excerpt=excerpt))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.value


def _split_number(before: Any, key: Any, value: Any) -> bool:
    """Whether ``{limit: 7,5}`` was taken for a limit of 7 and a key 5 with nothing: a number with a decimal comma, kept as written."""
    scalars = (before, key, value)
    if not all(isinstance(event, yaml.ScalarEvent) and event.implicit[0] for event in scalars) or value.value:
        return False
    touching = before.end_mark.line == key.start_mark.line and before.end_mark.column + 1 == key.start_mark.column
    return touching and bool(_DIGITS.fullmatch(before.value) and _DIGITS.fullmatch(key.value))


def _parse_json(text: str, file: str) -> Node:
    start = Position(file, 1, 1)
    repeated: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        seen: dict[str, object] = {}
        for key, value in items:
            if key in seen:
                repeated.append(key)
            seen[key] = value
        return seen

    try:
        data = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise NodeError([Problem("JSON", {}, position=Position(file, error.lineno, error.colno))]) from error
    except RecursionError as error:
        raise NodeError([Problem("JSON_DEPTH", {}, position=start)]) from error
    if repeated:
        raise NodeError([Problem("KEY_REPEATED_JSON", {"key": key}, position=start) for key in repeated])
    return _plain_to_node(data, start, "", 0)


def _plain_to_node(data: object, position: Position, path: str, depth: int) -> Node:
    if depth > _MAX_DEPTH:
        raise NodeError([Problem("JSON_DEPTH", {}, position=position)])
    if isinstance(data, dict):
        entries = {
            nfc(k): _plain_to_node(v, position, f"{path}.{k}" if path else k, depth + 1) for k, v in data.items()
        }
        return Mapping(entries, position, dict.fromkeys(entries, position), path)
    if isinstance(data, list):
        items = (_plain_to_node(v, position, f"{path}[{i}]", depth + 1) for i, v in enumerate(data))
        return Sequence(tuple(items), position, path)
    if isinstance(data, bool):
        return Scalar("true" if data else "false", position, path)
    return Scalar("" if data is None else nfc(_readable(str(data))), position, path)


def _readable(text: str) -> str:
    """Lone surrogates, which JSON can write and nothing can print, made visible."""
    return text.encode("utf-8", "replace").decode("utf-8")
