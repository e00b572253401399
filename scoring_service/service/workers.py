"""The threads that take up calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import structlog

_log = structlog.get_logger("ocop.workers")
_silent: dict[int, tuple[Workers, float, tuple[Any, ...]]] = {}
"""By thread, the call it has taken up and since when, as long as its message has not come."""


def heard() -> None:
    """The message of the call that this thread has taken up is there."""
    _silent.pop(threading.get_ident(), None)


class Workers(ThreadPoolExecutor):
    """So many threads, which take up calls in the order they came.

    gRPC takes no other class beside its first pool, but an executor makes a future of every call, with a lock and a condition, and nobody
    reads it; it cannot tell how many calls wait; and as gRPC waits for a call's message in its thread, a caller who sends none would keep
    the thread for ever. So nothing of the executor is used.
    """

    def __init__(self, threads: int, name: str, patience: float) -> None:
        super().__init__(threads)
        self._name, self.patience = name, patience
        self._calls: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]] | None] = SimpleQueue()
        self._own = [threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(threads)]
        for thread in self._own:
            thread.start()

    def submit(self, call: Callable[..., object], /, *args: Any) -> None:  # type: ignore[override]
        """Have a thread make this call."""
        self._calls.put((call, args))

    def waiting(self) -> int:
        """How many calls no thread has taken up."""
        return self._calls.qsize()

    def give_up(self, seconds: float) -> None:
        """Cancel each call whose message did not come for so long after a thread took it up."""
        late = time.monotonic() - seconds
        for _, since, args in [one for one in list(_silent.values()) if one[0] is self and one[1] < late]:
            for event in [a for a in args if hasattr(a, "call_details")]:
                event.call.cancel()
                _log.info("given up", threads=self._name, seconds=round(time.monotonic() - since, 3))

    def close(self) -> None:
        """Let each thread end after what was submitted so far."""
        for _ in self._own:
            self._calls.put(None)

    def _work(self) -> None:
        me = threading.get_ident()
        while (taken := self._calls.get()) is not None:
            call, args = taken
            _silent[me] = (self, time.monotonic(), args)
            try:
                call(*args)
            except BaseException:  # noqa: BLE001
                # gRPC answers the caller whatever happens; this thread is needed for the next one.
                _log.error("call broke", exc_info=True)
            _silent.pop(me, None)
            del taken, call, args  # or what the last call held would stay until the next one comes
