"""Work shared out over processes. They are forked, and inherit what they work on: rules need not be read again, closures not be sent."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")
_work: Callable[[Any], Any]


def shared_out(work: Callable[[_T], _R], items: Sequence[_T], processes: int) -> Iterator[_R]:
    """What ``work`` makes of each item, in their order; in this process where one is enough, or none can be forked."""
    if min(processes, len(items)) <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, items)
        return
    global _work  # noqa: PLW0603 - set before the fork, read after it
    _work = work
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(min(processes, len(items)), mp_context=fork) as pool:
        yield from pool.map(_one, items)


def _one(item: Any) -> Any:
    return _work(item)
