"""Trees of rule files back into text, in the style of the house: one line where it fits, quotes around words."""

from __future__ import annotations

import itertools
import json
import re
import textwrap
from collections.abc import Iterator, Mapping

from scoring_service.rulebook import nodes
from scoring_service.rulebook.nodes import Node, Scalar

_WIDTH, _STEP = 110, 2
_FOR_EDITORS = "# yaml-language-server:"
_BARE = re.compile(r"[a-z][a-z0-9_-]*|0|[1-9]\d{0,3}|\d{4}-\d{2}-\d{2}")
_MEANS_SOMETHING = {"null", "on", "off", "y", "n"}


def quoted(text: str) -> str:
    """A text in quotes, as YAML reads it."""
    return json.dumps(text, ensure_ascii=False)


def scalar(text: str) -> str:
    """A value: bare where nobody can misread it."""
    return text if _BARE.fullmatch(text) and text not in _MEANS_SOMETHING else quoted(text)


def folded(key: str, text: str, width: int = _WIDTH) -> str:
    """A key and a text in quotes, over several lines where it is long, which YAML reads as one."""
    line = f"{key}: {quoted(text)}"
    if len(line) <= width or "  " in text:  # blanks in a row would not outlive a break between them
        return line
    pad = " " * (len(key) - len(key.lstrip(" -")) + _STEP)
    return f"\n{pad}".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))


def opening(text: str) -> list[str]:
    """The lines of comment that a text opens with."""
    return list(itertools.takewhile(lambda line: line.startswith("#"), text.splitlines()))


def said(text: str) -> list[str]:
    """Those of them that are for readers, and not for the editor."""
    return [line for line in opening(text) if not line.startswith(_FOR_EDITORS)]


def for_editors(text: str) -> list[str]:
    """The others, by which an editor finds the schema."""
    return [line for line in opening(text) if line.startswith(_FOR_EDITORS)]


def block(entries: Mapping[str, Node], depth: int = 0) -> Iterator[str]:
    """The lines of a mapping."""
    pad = " " * depth
    for key, node in entries.items():
        head = f"{pad}{scalar(key)}:"
        line = f"{head} {_flow(node)}"
        if isinstance(node, Scalar) or (len(line) <= _WIDTH and not _deep(node)) or _empty(node):
            yield line
            continue
        yield head
        if isinstance(node, nodes.Mapping):
            yield from block(node.entries, depth + _STEP)
        else:
            yield from (f"{pad}  - {_flow(item)}" for item in node.items)


def _flow(node: Node) -> str:
    if isinstance(node, Scalar):
        return scalar(node.value)
    if isinstance(node, nodes.Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(value)}" for key, value in node.entries.items()) + "}"
    return "[" + ", ".join(map(_flow, node.items)) + "]"


def _deep(node: Node) -> bool:
    """Whether it holds mappings itself, which are better seen one below the other."""
    inside = (
        node.entries.values()
        if isinstance(node, nodes.Mapping)
        else node.items
        if isinstance(node, nodes.Sequence)
        else ()
    )
    return any(isinstance(one, nodes.Mapping) for one in inside)


def _empty(node: Node) -> bool:
    return not (node.entries if isinstance(node, nodes.Mapping) else isinstance(node, Scalar) or node.items)
