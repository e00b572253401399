"""The log: one JSON object to a line, written by a thread of its own. A log that cannot be written never fails or delays a call.

Calls leave their events in a bounded list and go on; a few times a second the thread writes what is there. What finds the list full, or
cannot be written, is dropped, and the next line that can be written says how many.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

_WAITING = 10_000
_PAUSE_SECONDS = 0.1
_FLUSH_SECONDS = 2.0


class LogWriter:
    """Takes events from any thread and writes them from one. ``json``: objects for machines, or else lines for people at a terminal."""

    def __init__(self, to: TextIO, *, json: bool) -> None:
        self._to = to
        self._dropped = 0
        self._events: deque[MutableMapping[str, Any]] = deque()
        self._wake, self._idle = threading.Event(), threading.Event()
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
        self._processors: list[Any] = [structlog.processors.format_exc_info, renderer] if json else [renderer]
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def capture(self, _logger: object, level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        """The last processor of structlog: keep the event and be done with the call.

        Raises:
            structlog.DropEvent: always; nothing is left to do in the caller's thread.
        """
        if len(self._events) >= _WAITING:
            self._dropped += 1
            raise structlog.DropEvent
        if event.get("exc_info") is True:
            event["exc_info"] = sys.exc_info()
        event["level"], event["timestamp"] = level, time.time()
        self._idle.clear()
        self._events.append(event)
        raise structlog.DropEvent

    def flush(self, seconds: float = _FLUSH_SECONDS) -> None:
        """Wait until what was said so far is written, but no longer than this."""
        self._wake.set()
        self._idle.wait(seconds)

    def _run(self) -> None:
        while True:
            self._wake.wait(_PAUSE_SECONDS)
            self._wake.clear()
            while self._events:
                self._write(self._events.popleft())
            self._idle.set()

    def _write(self, event: MutableMapping[str, Any]) -> None:
        dropped = self._dropped
        if dropped:
            event["dropped_lines"] = dropped
        try:
            self._to.write(self._line(event))
            self._to.flush()
        except Exception:  # noqa: BLE001 - whatever is wrong with the log or a line, the next line is tried
            self._dropped += 1
        else:
            self._dropped -= dropped

    def _line(self, event: MutableMapping[str, Any]) -> str:
        moment = event["timestamp"]
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))
        event["timestamp"] = f"{whole}.{int(moment % 1 * 1e6):06d}Z"
        line: Any = event
        for processor in self._processors:
            line = processor(None, event["level"], line)
        return f"{line}\n"


_writer: LogWriter | None = None


def configure_logging(*, json: bool | None = None, to: TextIO | None = None) -> None:
    """Log to standard error, or elsewhere: JSON unless that is a terminal."""
    global _writer  # noqa: PLW0603 - a process has one log
    # gRPC's core writes lines of its own to standard error, which are no JSON; what they tell is told by ours.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    logging.getLogger("grpc").addHandler(logging.NullHandler())
    logging.getLogger("grpc").propagate = False
    out = to or sys.stderr
    _writer = LogWriter(out, json=not out.isatty() if json is None else json)
    structlog.configure(
        processors=[_writer.capture],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def flush_logging() -> None:
    """Write what is waiting, if that can be done in a moment."""
    if _writer is not None:
        _writer.flush()
