"""The same score sheets as decision graphs of zen-engine (GoRules), a decision-table engine compiled from Rust.

Conditional criteria, bands, star minimums and knock-outs are all in the graph, and its answers are compared with ours before
anything is timed. What zen is not asked for counts in its favour: it checks no input, knows one sheet only, and its context is made
ready beforehand with nothing in it that the graph does not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import zen

from bench.jdm import WHOLE, Edge, Node, Row, expressions, graph, table
from bench.ours import Outcome, subject
from scoring_service.rulebook.model import Comparison, Criterion, Edition, ProductSet

STATUS = {"reject": "rejected", "not_eligible": "not_eligible", "disqualify": "disqualified", "halt": "halted"}
"""Effect of a knock-out -> status, strongest first."""
_SIGN = {"at_least": ">=", "below": "<", "at_most": "<=", "above": ">"}


class Layout(StrEnum):
    """How answers become points; bands, star minimums and knock-outs are decision tables throughout but in ``ALL_EXPRESSIONS``.

    Tried on one machine, µs without and with trace, for a sheet of 32 criteria:

    * ``MIXED`` 47 and 95: one expression per criterion, and the kept layout: the fastest one whose decisions still are tables;
    * ``ONE_TABLE`` 56 and 142: one table with a row per option and a condition in each row, all hits collected and summed. With a
      column per criterion instead, 60 and 880, for the trace repeats every column;
    * ``TABLES`` 162 and 319: one table per criterion side by side (in a chain: 176 and 485). A node costs about 3 µs, whatever is in it;
    * ``ALL_EXPRESSIONS`` 43 and 71: one node of nested conditionals, no table at all: a floor, and nothing that a person would maintain.

    Points by lookup in a literal object instead of nested conditionals: 60 and 121 where ``MIXED`` with a column per minimum took 52
    and 118. A context as JSON bytes instead of a dict makes no difference.
    """

    MIXED = "mixed"
    ONE_TABLE = "one-table"
    TABLES = "tables"
    ALL_EXPRESSIONS = "all-expressions"


class ZenPeer:
    """One product set as a prepared decision.

    Evaluated by key through an engine with a static loader. The other way in, ``create_decision``, takes about 200 µs even for a
    graph without rules (probably a thread for every call; not traced); ``created`` measures it for whoever uses zen that way.
    """

    def __init__(self, edition: Edition, product_set: ProductSet, layout: Layout = Layout.MIXED) -> None:
        self._edition = edition
        tests = (t for out in product_set.knock_outs for tests in out.when.any_of for t in tests)
        self._facts = {name for kind, name in map(subject, tests) if kind == "fact"}
        content = _graph(edition, product_set, layout)
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {"sheet": content}}})
        self._decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(content)))

    def context(self, dossier: Mapping[str, Any]) -> dict[str, Any]:
        """What the graph reads of a dossier in the shape of a file: options as they were ticked, facts as numbers."""
        facts = {f"f_{n}": self._number(n, v) for n, v in dossier["facts"].items() if n in self._facts}
        return facts | {_answer(n): option for n, option in dossier["sheets"][0]["answers"].items()}

    def decide(self, context: dict[str, Any]) -> Any:
        """The answer alone."""
        return self._engine.evaluate("sheet", context)["result"]

    def traced(self, context: dict[str, Any]) -> Any:
        """The answer with what each node read and gave."""
        return self._engine.evaluate("sheet", context, {"trace": True})

    def created(self, context: dict[str, Any]) -> Any:
        """The answer alone, through ``create_decision``."""
        return self._decision.evaluate(context)["result"]

    def created_traced(self, context: dict[str, Any]) -> Any:
        """The answer with its trace, through ``create_decision``."""
        return self._decision.evaluate(context, {"trace": True})

    def outcome(self, context: dict[str, Any]) -> Outcome:
        """The part of the answer that is compared."""
        found = self.decide(context)
        return Outcome(*(found[name] for name in Outcome._fields))

    def _number(self, name: str, value: str) -> float:
        fact = self._edition.facts[name]
        if fact.kind.numeric:
            return float(value)
        return float(list(fact.choices).index(value) if fact.choices else value == "yes")


# --- the graph ---------------------------------------------------------------------------------------------------------


def _graph(edition: Edition, product_set: ProductSet, layout: Layout) -> dict[str, Any]:
    criteria = list(product_set.criteria())
    if layout is Layout.ALL_EXPRESSIONS:
        every = expressions("all", [*_points(criteria), *_conclusions(edition, product_set)])
        return graph([every], [("in", "all"), ("all", "out")])
    nodes, edges = _scoring(criteria, layout)
    knock_outs = [t for out in product_set.knock_outs for tests in out.when.any_of for t in tests]
    after_points = any(subject(t)[0] == "criterion" for t in knock_outs)
    nodes += [
        table(
            "bands",
            ["total"],
            "by_points",
            [({"total": f">= {b.interval.low}"}, str(b.stars)) for b in _falling(edition)],
        ),
        table("minimums", [WHOLE], "cap", _minimums(edition, criteria)),
        table(
            "knock-outs", list(dict.fromkeys(map(_column, knock_outs))) or ["total"], "status", _knock_outs(product_set)
        ),
        expressions("stars", [(n, n) for n in ("total", "by_points", "status")] + [("after_minimums", _after(""))]),
    ]
    edges += [("sum", "bands"), ("sum", "minimums"), ("in", "knock-outs"), ("sum", "stars"), ("stars", "out")]
    edges += [(decided, "stars") for decided in ("bands", "minimums", "knock-outs")]
    return graph(nodes, edges + ([("sum", "knock-outs")] if after_points else []))


def _scoring(criteria: list[Criterion], layout: Layout) -> tuple[list[Node], list[Edge]]:
    """From answers to points and their total, at a node ``sum`` that gives both."""
    if layout is Layout.MIXED:
        return [expressions("sum", [*_points(criteria), ("total", _total(criteria, "$."))])], [("in", "sum")]
    if layout is Layout.TABLES:
        tables = [_table(c, criteria) for c in criteria]
        edges = [edge for t in tables for edge in (("in", t["id"]), (t["id"], "sum"))]
        return [*tables, expressions("sum", [("total", _total(criteria))], keep=True)], edges
    # The collected list keeps printed order, for each criterion has exactly one hit.
    rows = [
        ({WHOLE: f'{_answer(c.number)} == "{o.id}"'}, f"{_condition(c, criteria)}{o.points}")
        for c in criteria
        for o in c.choices()
    ]
    pairs = [(_point(c.number), f"hits[{n}].points") for n, c in enumerate(criteria)]
    return (
        [
            table("points", [WHOLE], "points", rows, all_in="hits"),
            expressions("sum", [*pairs, ("total", "sum(map(hits, #.points))")]),
        ],
        [("in", "points"), ("points", "sum")],
    )


def _table(criterion: Criterion, criteria: list[Criterion]) -> Node:
    own, columns, rows = _answer(criterion.number), [_answer(criterion.number)], list[Row]()
    if criterion.only_if and (few := _too_few(criterion, criteria)):
        base = _answer(criterion.only_if.criterion)
        columns.append(base)
        rows.append(({base: ", ".join(f'"{option}"' for option in few)}, "0"))
    rows += [({own: f'"{o.id}"'}, str(o.points)) for o in criterion.choices()]
    return table(f"points of {criterion.number}", columns, _point(criterion.number), rows)


def _points(criteria: list[Criterion]) -> list[tuple[str, str]]:
    """One expression per criterion: its options as nested conditionals, the last one without a test."""
    pairs = []
    for c in criteria:
        *others, last = c.choices()
        value = str(last.points)
        for o in reversed(others):
            value = f'{_answer(c.number)} == "{o.id}" ? {o.points} : ({value})'
        pairs.append((_point(c.number), _condition(c, criteria) + f"({value})"))
    return pairs


def _condition(criterion: Criterion, criteria: list[Criterion]) -> str:
    """What stands before the points of a conditional criterion: without enough points on the other one it counts 0."""
    if not criterion.only_if:
        return ""
    base = _answer(criterion.only_if.criterion)
    few = ", ".join(f'"{option}"' for option in _too_few(criterion, criteria))
    return f"{base} in [{few}] ? 0 : "


def _too_few(criterion: Criterion, criteria: list[Criterion]) -> list[str]:
    rule = criterion.only_if
    return [
        o.id for c in criteria for o in c.choices() if rule and c.number == rule.criterion and o.points < rule.at_least
    ]


def _falling(edition: Edition) -> list[Any]:
    return sorted(edition.bands, key=lambda band: -band.stars)


def _minimums(edition: Edition, criteria: list[Criterion]) -> list[Row]:
    """The lowest star that is missed comes first, so that the first row to match is the one that decides."""
    missed = sorted((m.stars, _point(c.number), m.points) for c in criteria for m in c.minimums)
    rows: list[Row] = [({WHOLE: f"{points} < {least}"}, str(stars - 1)) for stars, points, least in missed]
    return [*rows, ({}, str(_falling(edition)[0].stars))]


def _knock_outs(product_set: ProductSet) -> list[Row]:
    """Strongest effect first; one column per subject."""
    rows: list[Row] = []
    for out in sorted(product_set.knock_outs, key=lambda out: list(STATUS).index(out.effect.value)):
        for tests in out.when.any_of:
            cells: dict[str, str] = {}
            for test in tests:
                before = f"{cells[_column(test)]} and " if _column(test) in cells else ""
                cells[_column(test)] = f"{before}{_SIGN[test.op.value]} {test.value}"
            rows.append((cells, f'"{STATUS[out.effect.value]}"'))
    return [*rows, ({}, '"scored"')]


def _conclusions(edition: Edition, product_set: ProductSet) -> list[tuple[str, str]]:
    """Total, stars and status as expressions behind the points of the same node."""
    criteria = list(product_set.criteria())
    by_points, status = "0", '"scored"'
    for band in reversed(_falling(edition)):
        by_points = f"$.total >= {band.interval.low} ? {band.stars} : ({by_points})"
    *rows, (_, cap) = _minimums(edition, criteria)
    for cells, gives in reversed(rows):
        cap = f"$.{cells[WHOLE]} ? {gives} : ({cap})"
    for out in sorted(product_set.knock_outs, key=lambda out: -list(STATUS).index(out.effect.value)):
        ways = (" and ".join(_test(t) for t in tests) for tests in out.when.any_of)
        status = f'({" or ".join(f"({way})" for way in ways)}) ? "{STATUS[out.effect.value]}" : ({status})'
    total = ("total", _total(criteria, "$."))
    return [total, ("by_points", by_points), ("cap", cap), ("status", status), ("after_minimums", _after("$."))]


def _total(criteria: list[Criterion], at: str = "") -> str:
    return " + ".join(at + _point(c.number) for c in criteria)


def _after(at: str) -> str:
    return f'{at}status == "scored" ? ({at}by_points < {at}cap ? {at}by_points : {at}cap) : 0'


def _test(test: Comparison) -> str:
    at = "$." if subject(test)[0] == "criterion" else ""
    return f"{at}{_column(test)} {_SIGN[test.op.value]} {test.value}"


def _column(test: Comparison) -> str:
    kind, name = subject(test)
    return f"f_{name}" if kind == "fact" else _point(name)


def _answer(number: str) -> str:
    return "a_" + number.replace(".", "_")


def _point(number: str) -> str:
    return "p_" + number.replace(".", "_")
