"""Nodes and edges of zen-engine's JSON decision model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Node = dict[str, Any]
Edge = tuple[str, str]
Row = tuple[Mapping[str, str], str]
"""Cells by column, a column not named matching anything; and what the row gives."""

WHOLE = "*"
"""The column whose cells are whole conditions, where others test one field."""


def table(
    name: str, columns: Sequence[str], output: str, rows: Iterable[Row], *, all_in: str = "", keep: bool = False
) -> Node:
    """A decision table of one output. The first row that matches wins, or all of them are listed at ``all_in``."""
    inputs = [{"id": f"i{n}", "name": c} | ({} if c == WHOLE else {"field": c}) for n, c in enumerate(columns)]
    content = {
        "hitPolicy": "collect" if all_in else "first",
        "inputs": inputs,
        "outputs": [{"id": "o", "name": output, "field": output}],
        "rules": [
            {"_id": f"r{n}", "o": gives} | {f"i{k}": cells.get(c, "") for k, c in enumerate(columns)}
            for n, (cells, gives) in enumerate(rows)
        ],
        "outputPath": all_in or None,
    }
    return _node(name, "decisionTableNode", content, keep=keep)


def expressions(name: str, pairs: Iterable[tuple[str, str]], *, keep: bool = False) -> Node:
    """Named expressions, computed in order; ``$.other`` reads an earlier one."""
    content = {"expressions": [{"id": f"e{n}", "key": key, "value": value} for n, (key, value) in enumerate(pairs)]}
    return _node(name, "expressionNode", content, keep=keep)


def graph(nodes: Iterable[Node], edges: Iterable[Edge]) -> dict[str, Any]:
    """A decision from ``in`` to ``out``."""
    ends = [{"id": end, "name": end, "type": f"{end}putNode"} for end in ("in", "out")]
    joined = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in edges]
    return {"nodes": [*ends, *nodes], "edges": joined}


def _node(name: str, kind: str, content: dict[str, Any], *, keep: bool) -> Node:
    """``keep``: what came in goes on beside what was found."""
    content |= {"passThrough": keep, "inputField": None, "executionMode": "single"}
    return {"id": name, "name": name, "type": kind, "content": {"outputPath": None} | content}
