"""YAML (a small, strict subset) and JSON as a tree in which every value knows its place in the file.

Refused, because they surprise people: anchors, aliases, merge keys, tags, several documents, repeated keys.
No implicit types: every scalar is text until the reader of the field says what it must be, so ``no`` stays
``no`` and ``1.10`` stays ``1.10``. All text is brought to Unicode form NFC here, once, wherever it enters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from scoring_service.plaintext import nfc
from scoring_service.problems import Position, Problem


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
    """Keys in file order; ``keys`` holds the position of each key. ``amends``: the place of the older mapping that this one amends."""

    entries: dict[str, Node]
    position: Position
    keys: dict[str, Position] = field(default_factory=dict)
    path: str = ""
    amends: Position | None = None


Node = Scalar | Sequence | Mapping

# libyaml when PyYAML was built with it (all published wheels are); the pure parser gives the same events.
_COMPOSED = 4000
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MAX_DEPTH = 40


class _Mark(Protocol):
    """A place as the parser gives it, counted from 0 (the C and the pure parser have classes of their own)."""

    line: int
    column: int


class NodeError(Exception):
    """The text could not be read at all; ``problems`` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(p) for p in problems))
        self.problems = problems


def parse(text: str, file: str) -> Node:
    """Parse ``text`` of ``file``: JSON when the name ends in ``.json``, else the YAML subset.

    Raises:
        NodeError: with every problem that the parser could find.
    """
    if not file.endswith(".json"):
        return _YamlTree(text, file).tree()
    plain = _parse_json(text, file)
    try:
        return _YamlTree(text, file).tree()  # nearly all JSON is YAML too, and so every value gets its place
    except NodeError:
        return plain


class _YamlTree:
    def __init__(self, text: str, file: str) -> None:
        self._text, self._file, self._lines = text, file, text.splitlines()
        self._problems: list[Problem] = []

    def tree(self) -> Node:
        try:
            events = yaml.parse(self._text, Loader=_LOADER)
            node = self._document(iter(events))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._problem("YAML", mark, reason=str(error.problem))
        except RecursionError:
            self._problem("YAML_DEPTH", None)
        except yaml.YAMLError as error:
            self._problem("YAML_PARSER", None, reason=" ".join(str(error).split()))
        if self._problems:
            raise NodeError(self._problems)
        return node

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
        if getattr(event, "anchor", None):
            self._problem("YAML_ANCHOR", event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return Scalar("", position, path)
        if getattr(event, "tag", None) not in (None, "!"):
            self._problem("YAML_TAG", event.start_mark, tag=event.tag)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self._node(event, events, f"{path}[{len(items)}]", depth + 1))
            return Sequence(tuple(items), position, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, position, path, depth)
        # What is longer is no word of any rule or dossier, and composing it could take minutes.
        text = nfc(event.value) if len(event.value) <= _COMPOSED else event.value
        return Scalar(text, position, path)

    def _mapping(self, events: Iterator[Any], position: Position, path: str, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key_node = self._node(event, events, path, depth + 1)
            key = key_node.value if isinstance(key_node, Scalar) else ""
            value = self._node(next(events), events, f"{path}.{key}" if path else key, depth + 1)
            if not isinstance(key_node, Scalar):
                self._problem("KEY_NOT_TEXT", event.start_mark)
            elif key in entries:
                self._problem("KEY_REPEATED", event.start_mark, key=key, line=keys[key].line)
            else:
                entries[key], keys[key] = value, key_node.position
        return Mapping(entries, position, keys, path)

    def _at(self, mark: _Mark | None) -> Position:
        return Position(self._file, mark.line + 1, mark.column + 1) if mark else Position(self._file, 1, 1)

    def _problem(self, code: str, mark: _Mark | None, **values: object) -> None:
        position = self._at(mark)
        excerpt = self._lines[position.line - 1] if position.line <= len(self._lines) else ""
        self._problems.append(Problem(code, values, position=position, excerpt=excerpt))


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
        raise NodeError(
            [Problem("JSON", {"reason": error.msg}, position=Position(file, error.lineno, error.colno))]
        ) from error
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
