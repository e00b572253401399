"""The log: one JSON object to a line, written by a thread of its own. A log that cannot be written never fails or delays a call.

Calls leave their events in a bounded list and go on; a few times a second the thread writes what is there. What finds the list full, or
cannot be written, is dropped, and the next line that can be written says how many.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_WAITING = 10_000
_PAUSE_SECONDS = 0.1
_TOGETHER = 100
_FLUSH_SECONDS = 2.0
_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode


class LogWriter:
    """What structlog hands its events to, from any thread; it writes them from one.

    ``as_json``: objects for machines, or else lines for people at a terminal.
    """

    def __init__(self, to: TextIO, *, as_json: bool) -> None:
        self._to = to
        self._dropped = 0
        self._events: deque[MutableMapping[str, Any]] = deque()
        self._wake, self._idle = threading.Event(), threading.Event()
        self._render = _as_json if as_json else structlog.dev.ConsoleRenderer()
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def info(self, **event: Any) -> None:
        """Keep an event."""
        self._keep("info", event)

    def warning(self, **event: Any) -> None:
        """Keep an event that somebody should look at."""
        self._keep("warning", event)

    def error(self, **event: Any) -> None:
        """Keep an event that should never have been."""
        self._keep("error", event)

    def _keep(self, level: str, event: dict[str, Any]) -> None:
        if len(self._events) >= _WAITING:
            self._dropped += 1
            return
        if event.get("exc_info") is True:
            event["exc_info"] = sys.exc_info()
        event["level"], event["timestamp"] = level, time.time()
        if self._idle.is_set():
            self._idle.clear()
        self._events.append(event)

    def flush(self, seconds: float = _FLUSH_SECONDS) -> None:
        """Wait until what was said so far is written, but no longer than this."""
        self._wake.set()
        self._idle.wait(seconds)

    def _run(self) -> None:
        while True:
            self._wake.wait(_PAUSE_SECONDS)
            self._wake.clear()
            while self._events:
                self._write([self._events.popleft() for _ in range(min(len(self._events), _TOGETHER))])
            self._idle.set()

    def _write(self, events: list[MutableMapping[str, Any]]) -> None:
        dropped = self._dropped
        if dropped:
            events[0]["dropped_lines"] = dropped
        try:
            self._to.write("".join(self._line(event) for event in events))
            self._to.flush()
        except Exception:  # noqa: BLE001 - whatever is wrong with the log or a line, the next lines are tried
            self._dropped += len(events)
        else:
            self._dropped -= dropped

    def _line(self, event: MutableMapping[str, Any]) -> str:
        moment = event["timestamp"]
        event["timestamp"] = dt.datetime.fromtimestamp(moment, dt.UTC).isoformat().replace("+00:00", "Z")
        if "exc_info" in event:
            event = structlog.processors.format_exc_info(None, "", event)
        return f"{self._render(None, event['level'], event)}\n"


def _as_json(_logger: object, _level: str, event: MutableMapping[str, Any]) -> str:
    return _encode(event)


_writer: LogWriter | None = None


def configure_logging(*, as_json: bool | None = None, to: TextIO | None = None) -> None:
    """Log to standard error, or elsewhere: JSON unless that is a terminal."""
    global _writer  # noqa: PLW0603 - a process has one log
    # gRPC's core writes lines of its own to standard error, which are no JSON; what they tell is told by ours.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    logging.getLogger("grpc").addHandler(logging.NullHandler())
    logging.getLogger("grpc").propagate = False
    out = to or sys.stderr
    _writer = LogWriter(out, as_json=not out.isatty() if as_json is None else as_json)
    structlog.configure(
        processors=[],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _writer,
        cache_logger_on_first_use=True,
    )


def flush_logging() -> None:
    """Write what is waiting, if that can be done in a moment."""
    if _writer is not None:
        _writer.flush()
