"""What a sample may be expected to give: the declared keys, what an engine gives under them, and how the two differ.

Only the keys that a file writes are compared. Under a key with keys of its own the same holds; a list is compared whole, and where ``[]``
or ``{}`` is written nothing may stand.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring_service.authoring.written import quoted
from scoring_service.engine.engine import Assessment
from scoring_service.engine.findings import Finding, Remark, Severity
from scoring_service.engine.verdict import Council, Day, Verdict
from scoring_service.problems import Position, Problem
from scoring_service.rulebook.model import Criterion
from scoring_service.rulebook.nodes import Mapping as Pairs
from scoring_service.rulebook.nodes import Node, Scalar
from scoring_service.rulebook.reader import Reader

Plain = str | list[str] | dict[str, "Plain"]
"""What is compared: texts, lists of texts, and both by key."""


class Shape(StrEnum):
    """What stands under a key that has no declared keys of its own."""

    VALUE = "value"
    LIST = "list"
    BY_ID = "by_id"
    """Values by ids of the rules, or values with declared keys."""


Declared = Mapping[str, "Shape | Declared"]

HEADER = ("why", "source", "basis")
BASES = ("computed", "outside")
ERROR, DATES, DAY = "error", "dates", "day"
FINDINGS: Mapping[Severity, str] = {
    Severity.DECIDING: "because",
    Severity.WARNING: "look_at",
    Severity.INFO: "also",
}
KEYS: Declared = {
    ERROR: Shape.LIST,
    "status": Shape.VALUE,
    "edition": Shape.VALUE,
    "total": {"sum": Shape.VALUE, "sheets": Shape.VALUE, "text": Shape.VALUE},
    "parts": Shape.BY_ID,
    "stars": {"by_points": Shape.VALUE, "after_minimums": Shape.VALUE, "recognisable": Shape.VALUE},
    "forwarded": {"to": Shape.VALUE, "potential": Shape.VALUE},
    "what_if": Shape.VALUE,
    "provisional": Shape.VALUE,
    **dict.fromkeys(FINDINGS.values(), Shape.LIST),
    DATES: Shape.BY_ID,
    "council": {
        "rules": Shape.VALUE,
        "mode": Shape.VALUE,
        "minimums": Shape.VALUE,
        "quorum": dict.fromkeys(("present", "members", "needed", "chair", "enough"), Shape.VALUE),
        "spread": Shape.VALUE,
        "spread_passes": Shape.VALUE,
        "far": Shape.LIST,
        "silent": Shape.LIST,
        "counted": Shape.LIST,
        "earlier": Shape.BY_ID,
    },
}
"""Every key that may be expected, and what stands under it."""

_OF_A_DAY: Declared = dict.fromkeys((DAY, "moved_to", "missed"), Shape.VALUE)
# Remarks stand in every result of an edition and would only make the files long.
_SILENT = (Remark,)
_TOTAL, _NO = ("total",), "no"
_QUOTED = ("edition", "text")
"""What other readers of YAML would take for a number."""
_WIDTH = 120


class DeviationKind(StrEnum):
    """How one thing differs from what is expected."""

    OTHER = "other"
    ABSENT = "absent"
    CAME = "came"
    WENT = "went"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as expected: its key from outside in, what was expected, what is now."""

    keys: tuple[str, ...]
    kind: DeviationKind
    wanted: str
    now: str
    position: Position


# --- what an engine gives ------------------------------------------------------------------------------------------------


def refused(problems: list[Problem]) -> dict[str, Plain]:
    """Of a dossier that is not admitted: each problem by its code and place."""
    return {ERROR: sorted({f"{p.code} {p.path}".strip() for p in problems})}


def observed(assessment: Assessment) -> dict[str, Plain]:
    """Everything that can be expected of a dossier that is admitted, as it is now."""
    verdict = assessment.verdict
    found: dict[str, Plain] = {"status": str(verdict.status), "edition": verdict.chosen.edition}
    total, stars = verdict.total, verdict.stars
    if total:
        found["total"] = {"sum": str(total.sum), "sheets": str(total.sheets), "text": total.text}
        parts = zip(assessment.case.form.product_set.parts, verdict.parts, strict=True)
        found["parts"] = {part.code: str(points) for part, points in parts}
    if stars:
        found["stars"] = {
            "by_points": str(verdict.by_points),
            "after_minimums": str(stars.after_minimums),
            "recognisable": str(stars.recognisable),
        }
        if stars.potential:
            found["forwarded"] = {"to": stars.forward_to, "potential": str(stars.potential)}
    found["what_if"], found["provisional"] = _yes_no(verdict.chosen.asked), _yes_no(verdict.provisional)
    for severity, key in FINDINGS.items():
        listed = (f for f in assessment.findings if f.severity is severity and not isinstance(f, _SILENT))
        found[key] = [_short(f) for f in listed]
    found[DATES] = {day.id: _day(day) for day in verdict.days}
    found["council"] = _council(verdict, verdict.council)
    return found


def _short(finding: Finding) -> str:
    """A finding in a few words: code, rule or criterion, place in the dossier."""
    criterion = getattr(finding, "criterion", None)
    rule = finding.ground.rule or (criterion.number if isinstance(criterion, Criterion) else "")
    return " ".join(dict.fromkeys(filter(None, (finding.code, rule, finding.field))))


def _day(day: Day) -> Plain:
    moved: dict[str, Plain] = {"moved_to": day.moved_to.isoformat()} if day.moved_to else {}
    return {DAY: day.day.isoformat(), **moved, "missed": _yes_no(day.missed)}


def _council(verdict: Verdict, council: Council) -> Plain:
    found: dict[str, Plain] = {
        "rules": council.rules,
        "mode": str(council.mode),
        "minimums": str(council.minimum_by),
    }
    if quorum := council.quorum:
        found["quorum"] = {
            "present": str(quorum.present),
            "members": str(quorum.members),
            "needed": str(quorum.needed),
            "chair": _yes_no(quorum.chair),
            "enough": _yes_no(quorum.enough),
        }
    if council.spread is not None:
        found["spread"] = str(council.spread)
    return found | {
        "spread_passes": _yes_no(council.spread_passes),
        "far": _places(council.far),
        "silent": _places(council.silent),
        "counted": _places(tuple(sheet.sheet for sheet in verdict.sheets)),
        "earlier": {str(one.number): str(one.total.exact) if one.total else "" for one in council.rounds},
    }


def _places(places: tuple[int, ...]) -> list[str]:
    return [f"sheets[{place}]" for place in places]


def _yes_no(value: bool) -> str:  # noqa: FBT001 - a value, not a switch
    return "yes" if value else _NO


# --- what a file expects ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a file expects: why there is such a case, where it comes from, and the keys it writes."""

    why: str
    source: str
    basis: str
    root: Pairs

    def wanted(self) -> dict[str, Plain]:
        """What is expected, as plain data."""
        return {key: _plain(node) for key, node in self.root.entries.items() if key in KEYS}

    def differences(self, now: Mapping[str, Plain]) -> list[Deviation]:
        """Where what is written differs from what is now. That a dossier is refused, or no longer, is all there is to say of it."""
        written = {key: node for key, node in self.root.entries.items() if key in KEYS}
        if (ERROR in now) != (ERROR in written):
            at = written.get(ERROR, self.root).position
            problems, wanted = now.get(ERROR, []), _plain(written[ERROR]) if ERROR in written else []
            return [
                *(Deviation((ERROR,), DeviationKind.CAME, "", one, at) for one in problems),
                *(Deviation((ERROR,), DeviationKind.WENT, str(one), "", at) for one in wanted),
            ]
        return [one for key, node in written.items() for one in _differences(node, now.get(key), (key,))]


def read_expectation(node: Node, reader: Reader) -> Expectation | None:
    """The expectation of a file; what is wrong with it is noted, each with its place and the nearest word."""
    got = reader.fields(node, required=HEADER, optional=KEYS)
    why, source = reader.string(got.get("why")), reader.string(got.get("source"))
    basis = reader.choice(got.get("basis"), BASES, BASES[0])
    for key, value in got.items():
        if key in KEYS:
            _check(value, KEYS[key], reader)
    if isinstance(node, Pairs) and not reader.problems and not set(got) - set(HEADER):
        reader.problem("NOTHING_EXPECTED", node, keys=tuple(KEYS))
    return Expectation(why, source, basis, node) if isinstance(node, Pairs) else None


def _check(node: Node, shape: Shape | Declared, reader: Reader) -> None:
    if shape is Shape.VALUE:
        reader.string(node)
    elif shape is Shape.LIST:
        reader.strings(node)
    elif shape is Shape.BY_ID:
        for value in reader.entries(node).values():
            if isinstance(value, Scalar):
                reader.string(value)
            else:
                _check(value, _OF_A_DAY, reader)
    else:
        assert isinstance(shape, Mapping)
        for key, value in reader.fields(node, optional=shape).items():
            _check(value, shape[key], reader)


def _plain(node: Node) -> Plain:
    if isinstance(node, Scalar):
        return node.value.strip()
    if isinstance(node, Pairs):
        return {key: _plain(value) for key, value in node.entries.items()}
    return [item.value.strip() for item in node.items if isinstance(item, Scalar)]


def _differences(node: Node, now: Plain | None, keys: tuple[str, ...]) -> Iterator[Deviation]:
    wanted = _plain(node)
    if isinstance(wanted, str) and isinstance(now, dict):
        now = now.get(DAY, "")  # a day may be written alone
    if isinstance(wanted, list) and isinstance(now, list):
        yield from _listed(wanted, now, keys, node.position)
    elif isinstance(node, Pairs) and isinstance(now, dict) and wanted and keys != _TOTAL:
        for key, value in node.entries.items():
            yield from _differences(value, now.get(key), (*keys, key))
    elif _other(wanted, now):
        kind = DeviationKind.ABSENT if not now else DeviationKind.OTHER if wanted else DeviationKind.CAME
        yield Deviation(keys, kind, _written(wanted), _written(now or ""), node.position)


def _other(wanted: Plain, now: Plain | None) -> bool:
    """Whether they differ; nothing is nothing, whatever its kind, and of a mapping only what is wanted counts."""
    if isinstance(wanted, dict) and isinstance(now, dict) and wanted:
        return any(now.get(key) != value for key, value in wanted.items())
    return bool(wanted or now) and wanted != now


def _listed(wanted: list[str], now: list[str], keys: tuple[str, ...], position: Position) -> Iterator[Deviation]:
    lost, new = (Counter(wanted) - Counter(now)).elements(), (Counter(now) - Counter(wanted)).elements()
    yield from (Deviation(keys, DeviationKind.WENT, one, "", position) for one in lost)
    yield from (Deviation(keys, DeviationKind.CAME, "", one, position) for one in new)
    if sorted(wanted) == sorted(now) and wanted != now:
        yield Deviation(keys, DeviationKind.ORDER, _written(wanted), _written(now), position)


def _written(plain: Plain) -> str:
    """A value in one line; a total as ``70``, or ``154/2 = 77.00`` of several sheets."""
    if isinstance(plain, str):
        return plain
    if isinstance(plain, list):
        return ", ".join(plain)
    if {"sum", "sheets", "text"} <= set(plain):
        return str(plain["sum"]) if plain["sheets"] == "1" else f"{plain['sum']}/{plain['sheets']} = {plain['text']}"
    return ", ".join(f"{key} {_written(value)}" for key, value in plain.items())


# --- writing -------------------------------------------------------------------------------------------------------------


def expectation_text(header: Mapping[str, str], now: Mapping[str, Plain]) -> str:
    """A file that expects all of ``now``, in the order of the declared keys."""
    lines = [_folded(key, value) for key, value in header.items()]
    for key in (key for key in KEYS if key in now):
        value = now[key]
        if isinstance(value, dict) and value and key in (DATES, "council"):
            lines += [f"{key}:"] + [f"  {_pair(sub, one)}" for sub, one in value.items()]
        elif isinstance(value, list) and value:
            lines += [f"{key}:"] + [f"  - {_line(one)}" for one in value]
        else:
            lines.append(_pair(key, value))
    return "\n".join(lines) + "\n"


def merged(written: Mapping[str, Plain], now: Mapping[str, Plain]) -> dict[str, Plain]:
    """``now`` cut down to the keys that are ``written``; with another status everything that is usually expected comes along."""
    keys = set(written)
    if written.keys() & {ERROR, "status"} and written.get("status") != now.get("status"):
        keys |= set(USUAL) | {ERROR}
    wanted = ((key, value) for key, value in now.items() if key in keys and (key in written or value != _NO))
    return {key: _cut(written.get(key), value) for key, value in wanted}


def usual(now: Mapping[str, Plain]) -> dict[str, Plain]:
    """What is expected of a new case: how it ends and why."""
    return {key: value for key, value in now.items() if key in USUAL and value != _NO}


USUAL = (
    ERROR,
    "status",
    "edition",
    "total",
    "parts",
    "stars",
    "forwarded",
    "what_if",
    "provisional",
    *FINDINGS.values(),
)


def _cut(written: Plain | None, now: Plain) -> Plain:
    if isinstance(written, str) and isinstance(now, dict):
        return now.get(DAY, "")
    if not isinstance(written, dict) or not isinstance(now, dict) or not written:
        return now
    return {key: _cut(written[key], value) for key, value in now.items() if key in written}


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(_pair(key, one) for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(one) for one in value) + "]"
    return _text(value)


def _pair(key: str, value: Plain) -> str:
    return f"{_text(key)}: {quoted(value) if key in _QUOTED and isinstance(value, str) else _flow(value)}"


def _folded(key: str, value: str) -> str:
    """A long text over several lines, which YAML reads as one."""
    if len(value) + len(key) <= _WIDTH:
        return _pair(key, value)
    return f"{key}: " + "\n  ".join(
        textwrap.wrap(quoted(value), _WIDTH, break_long_words=False, break_on_hyphens=False)
    )


def _text(text: str) -> str:
    """A text within brackets: bare where that is safe."""
    return quoted(text) if set(text) & _BRACKETED else _line(text)


def _line(text: str) -> str:
    """A text that is the rest of its line: bare where that is safe."""
    safe = text[:1].isalnum() and text[-1:] != ":" and ": " not in text and " #" not in text
    return text if safe else quoted(text)


_BRACKETED = set(",[]{}\"'")
