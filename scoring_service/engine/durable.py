"""The one place that touches durable_rules.

Why the extension module is driven directly and not through ``durable.engine.Host``: a Host starts two timer threads that
race with callers (crashes under threads), swallows exceptions of actions, and costs two to four times as much per run. What is kept from the
library is what it is good at: the compiled Rete net and forward chaining over facts.

Rules of engagement, each against a known crash or trap:

* a net belongs to one run at a time, and after a run that failed to none;
* facts only (an event would fire a single rule), whole numbers only, one constant session id, state deleted after each run;
* a catch-all rule of lowest priority, because deleting the state after an unmatched fact crashes the process;
* property names are compared by a 32-bit hash only, so two names with one hash are refused.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import weakref
from collections import OrderedDict
from fractions import Fraction
from typing import Any

from scoring_service.engine.inference import Conclusion, Facts, Program, Value
from scoring_service.rulebook.facts import PLACES
from scoring_service.rulebook.model import Comparison, Op, Subject

# Facts are compared as whole numbers of 1/10,000; no fact and no range is finer.
SCALE: int = 10**PLACES
_SID = "1"
_CATCH_ALL = "~"
# Nets take some 100 KiB each. Three editions have 77 product sets; runs last microseconds, so that few ever overlap.
_PROGRAMS, _IDLE_NETS = 100, 2
_FLOOR_OPS = (Op.AT_LEAST, Op.BELOW)
_SYMBOL = {Op.AT_LEAST: "$gte", Op.BELOW: "$lt", Op.AT_MOST: "$lte", Op.ABOVE: "$gt"}


def _extension() -> Any:
    """Import the C extension; lazily bound, because it names a symbol that newer Pythons dropped and only its unused store needs."""
    flags = sys.getdlopenflags()
    sys.setdlopenflags(flags | os.RTLD_LAZY)
    try:
        import durable_rules_engine  # noqa: PLC0415 - only under these flags
    except ImportError as error:
        raise ImportError(
            "durable_rules is not installed or its C extension was not built: install a C compiler and the Python headers, "
            "then 'pip install durable-rules' (Python 3.11 or 3.12)"
        ) from error
    finally:
        sys.setdlopenflags(flags)
    return durable_rules_engine


_engine = _extension()


def fire(program: Program, facts: Facts, /) -> tuple[Conclusion, ...]:
    """Run ``program`` over ``facts`` and return the conclusions of the rules that fired, in program order.

    Thread-safe: a run has its net for itself.

    Raises:
        RuntimeError: the engine did not handle the facts.
        ValueError: the program does not fit the engine.
    """
    net = _nets.take(program)
    fired = net.fire(facts)
    _nets.give_back(program, net)
    return fired


class _Net:
    """One compiled program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._fields: dict[tuple[Subject, bool], str] = {}
        rules: dict[str, Any] = {}
        self._rule_of: dict[str, int] = {}
        for index, rule in enumerate(program.rules):
            for tests in rule.when.any_of:
                name = f"r{len(rules)}"
                self._rule_of[name] = index
                rules[name] = {"all": [{"m": {"$and": [{"k": 1}, *(self._clause(test) for test in tests)]}}]}
        rules[_CATCH_ALL] = {"all": [{"m": {"k": 1}}], "pri": 9}
        self._refuse_hash_collisions()
        self._read: dict[Subject, list[tuple[bool, str]]] = {}
        for (subject, floor), name in self._fields.items():
            self._read.setdefault(subject, []).append((floor, name))
        self._handle = _engine.create_ruleset(program.name, json.dumps(rules))
        weakref.finalize(self, _engine.delete_ruleset, self._handle).atexit = False

    def _clause(self, test: Comparison) -> dict[str, dict[str, int]]:
        # A mean m and a whole number k of ten-thousandths: m >= k is floor(m) >= k, m <= k is ceil(m) <= k. So whole numbers decide exactly.
        floor = test.op in _FLOOR_OPS
        name = self._fields.setdefault((test.subject, floor), f"f{len(self._fields)}")
        return {_SYMBOL[test.op]: {name: _scaled(test.value, floor=floor)}}

    def _refuse_hash_collisions(self) -> None:
        seen: dict[int, str] = {}
        for name in ("id", "sid", "k", "$s", *self._fields.values()):
            other = seen.setdefault(_fnv1a(name), name)
            if other != name:
                raise ValueError(f"property names {other!r} and {name!r} share one hash in durable_rules")

    def fire(self, facts: Facts) -> tuple[Conclusion, ...]:
        said = [
            f',"{name}":{_scaled(value, floor=floor)}'
            for subject, value in facts.items()
            for floor, name in self._read.get(subject, ())
        ]
        code, state = _engine.assert_fact(self._handle, f'{{"id":"1","sid":"{_SID}","k":1{"".join(said)}}}')
        if code != 0:
            raise RuntimeError(f"durable_rules did not handle the facts of {self._program.name} (code {code})")
        fired: set[int] = set()
        caught = False
        try:
            started = _engine.start_action_for_state(self._handle, state)
            result: str | None = started[1] if started else None
            while result:
                # {"<rule>": {"m": {...}}}: the rule's name is all that is wanted of it.
                name = result[2 : result.index('"', 2)]
                if name == _CATCH_ALL:
                    caught = True
                else:
                    fired.add(self._rule_of[name])
                result = _engine.complete_and_start_action(self._handle, state)
        finally:
            _engine.delete_state(self._handle, _SID)
        if not caught:
            raise RuntimeError(f"durable_rules stopped early on {self._program.name}")
        return tuple(self._program.rules[index].then for index in sorted(fired))


class _Nets:
    """Idle nets by program, the program used last at the end. Old ones go when newer programs fill the list."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: OrderedDict[int, tuple[Program, list[_Net]]] = OrderedDict()

    def take(self, program: Program) -> _Net:
        """A net that nobody uses."""
        with self._lock:
            known = self._idle.get(id(program))
            if known is not None and known[1]:
                return known[1].pop()
        return _Net(program)

    def give_back(self, program: Program, net: _Net) -> None:
        """Keep the net for the next run, if there is room for it."""
        # Keyed by identity: a program is built once per rulebook, and holding it here keeps its id from being used again.
        with self._lock:
            idle = self._idle.setdefault(id(program), (program, []))[1]
            self._idle.move_to_end(id(program))
            if len(idle) < _IDLE_NETS:
                idle.append(net)
            if len(self._idle) > _PROGRAMS:
                self._idle.popitem(last=False)


_nets = _Nets()


def _scaled(value: Value, *, floor: bool) -> int:
    """``value`` in 1/10,000; a mean that is finer is brought down (or up) to the ten-thousandth that decides the same."""
    if isinstance(value, int):
        return value * SCALE
    if isinstance(value, Fraction):
        scaled = value.numerator * SCALE
        return scaled // value.denominator if floor else -(-scaled // value.denominator)
    exact = value * SCALE
    if exact != exact.to_integral_value():
        raise ValueError(f"{value} has more than 4 decimals")
    return int(exact)


def _fnv1a(text: str) -> int:
    hashed = 2166136261
    for byte in text.encode():
        hashed = ((hashed ^ byte) * 16777619) & 0xFFFFFFFF
    return hashed
