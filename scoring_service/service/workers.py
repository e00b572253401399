"""The threads that score."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import structlog

_log = structlog.get_logger("ocop.workers")


class Workers:
    """So many threads, which take up calls in the order they came.

    What gRPC asks of a thread pool and no more. An executor makes a future of every call, with a lock and a condition, and nobody reads it;
    nor can it tell how many calls wait.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._calls: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, call: Callable[..., object], /, *args: Any) -> None:
        """Have a thread make this call."""
        self._calls.put((call, args))

    def waiting(self) -> int:
        """How many calls no thread has taken up."""
        return self._calls.qsize()

    def close(self) -> None:
        """Let each thread end after what was submitted so far."""
        for _ in self._threads:
            self._calls.put(None)

    def _work(self) -> None:
        while (taken := self._calls.get()) is not None:
            call, args = taken
            try:
                call(*args)
            except BaseException:  # noqa: BLE001
                # gRPC answers the caller whatever happens; this thread is needed for the next one.
                _log.error("call ended badly", exc_info=True)
            del taken, call, args  # or what the last call held would stay until the next one comes
