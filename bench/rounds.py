"""Things timed in turn, round by round, so that a drift of the machine hits all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")
Pass = Callable[[], object]
"""Runs one thing over all its inputs, once."""


class Times:
    """Seconds of each pass in each round."""

    def __init__(self, seconds: Mapping[str, list[float]], calls: int) -> None:
        self._seconds, self._calls = seconds, calls
        self.names = tuple(seconds)

    def micros(self, name: str) -> float:
        """Median microseconds of one call."""
        return statistics.median(self._seconds[name]) / self._calls * 1e6

    def ratio(self, name: str, to: str) -> float:
        """Median over rounds of how much longer ``name`` took than ``to`` in the same round."""
        return statistics.median(a / b for a, b in zip(self._seconds[name], self._seconds[to], strict=True))


def in_turn(passes: Mapping[str, Pass], calls: int, rounds: int) -> Times:
    """Time ``passes``, each of so many calls; a first round only warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in passes}
    for number in range(rounds + 1):
        for name, run in passes.items():
            start = time.perf_counter()
            run()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return Times(seconds, calls)


def over(call: Callable[[T], object], inputs: Iterable[T]) -> Pass:
    """A pass that calls ``call`` with each of ``inputs``."""
    ready = list(inputs)

    def run() -> None:
        for one in ready:
            call(one)

    return run
