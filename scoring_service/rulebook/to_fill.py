"""The mark of what an author has still to write: ``"<điền: ngày ban hành>"`` in the place of any value of a rule file.

``ocop new`` leaves it where nobody but the author can know, and a file that has one is refused with just that. In the catalogue of another
language it stands for a translation that there is not yet, and refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scoring_service.rulebook.nodes import Mapping, Node, Scalar

BEGIN, END = "<điền", ">"
_MARK = re.compile(rf"{BEGIN}\s*(?::\s*(.*?))?\s*{END}", re.DOTALL)


def mark(what: str) -> str:
    """The mark for something that ``what`` describes."""
    return f"{BEGIN}: {what}{END}"


def is_mark(node: object) -> bool:
    """Whether a node is such a mark."""
    return (
        isinstance(node, Scalar) and node.value.lstrip().startswith(BEGIN) and bool(_MARK.fullmatch(node.value.strip()))
    )


def wanted(node: Scalar) -> str:
    """What a mark asks for: in its words, or the key that it stands at."""
    found = _MARK.fullmatch(node.value.strip())
    return " ".join((found[1] if found and found[1] else node.path.rpartition(".")[2]).split())


def marks(node: Node) -> Iterator[Scalar]:
    """Every mark in a tree, in the order of the file."""
    if isinstance(node, Scalar):
        if is_mark(node):
            yield node
        return
    for inside in node.entries.values() if isinstance(node, Mapping) else node.items:
        yield from marks(inside)
