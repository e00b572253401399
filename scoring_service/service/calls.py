"""What every call goes through: its id, its place in the queue, its bytes, its log line, and its end when the service ends.

One interceptor for all services. Nothing is sent before the handler has its answer, for whatever is sent first commits a call, and a
committed call is not tried again by its client.
"""

from __future__ import annotations

import contextvars
import itertools
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, Self

import grpc
import structlog
from google.protobuf.message import DecodeError

from scoring_service.problems import Problem
from scoring_service.service.failures import REQUEST_ID, Failure, abort
from scoring_service.service.workers import Workers, heard

_FORM = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
_OWN = "/ocop."
_HEALTH, _REFLECTION = "/grpc.health.", "/grpc.reflection."
_MOST_WATCHES = 256
_TICK = 0.02
_IDLE_SECONDS = 1.0
_SHORT_PATIENCE, _PATIENCE_TICK = 2.0, 0.5
_PROCESS, _ids = os.urandom(8).hex(), itertools.count()
"""An id that the caller does not give: which process, and its how many-th."""
_log = structlog.get_logger("ocop.call")
_current: contextvars.ContextVar[_Call] = contextvars.ContextVar("call")
Behaviour = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what callers may ask for at once.

    ``waiting`` counts calls that no thread has taken up yet; ``patience``: seconds that one may take to send its message after that.
    """

    threads: int
    waiting: int
    patience: float
    streams: int
    request_bytes: int
    response_bytes: int


def request_id() -> str:
    """The id of the call in work."""
    return _current.get().id


def note(**values: object) -> None:
    """Add to the log line of the call in work."""
    _current.get().line.update(values)


class Calls(grpc.ServerInterceptor):
    """Wraps every handler. ``workers`` score; health, watches, reflection and refusals have threads of their own."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.workers = Workers(limits.threads, "score", limits.patience)
        self._refusing = Workers(2, "refuse", limits.patience)
        self._probing = Workers(2, "probe", _SHORT_PATIENCE)
        self._reflecting = Workers(2, "reflect", _SHORT_PATIENCE)
        self._watching = Workers(1, "watch", _SHORT_PATIENCE)
        self._pools = (self.workers, self._refusing, self._probing, self._reflecting, self._watching)
        self._closed = threading.Event()
        threading.Thread(target=self._give_up, name="patience", daemon=True).start()
        self._lock = threading.Lock()
        self._working = 0
        self._watches = 0
        self._methods: dict[str, _Method] = {}
        self._streams: set[_Call] = set()
        self._draining = False

    def intercept_service(self, continuation: Callable[..., Any], details: grpc.HandlerCallDetails) -> Any:
        """The wrapped handler of the method, which was made at its first call. An unknown method is left to gRPC."""
        name = details.method
        method = self._methods.get(name)
        if method is None:
            handler = continuation(details)
            if handler is None:
                return None
            method = self._methods[name] = _Method(self, name, handler, self._pool(name))
        refusal = self._refusal() if method.own else None
        return method.handler if refusal is None else method.wrapped(self._refusing, refusal)

    def drain(self, seconds: float) -> None:
        """Let every accepted call end. New ones are told UNAVAILABLE; a stream ends once no item came for a second, or with the term.

        Returns as soon as nothing is in work, at the latest after ``seconds``.
        """
        self._draining = True
        until, quiet = time.monotonic() + seconds, 0
        while quiet < 2 and time.monotonic() < until:  # noqa: PLR2004 - a call may lie between the queue and its thread
            time.sleep(_TICK)
            quiet = 0 if self._busy() else quiet + 1
            self.workers.give_up(_IDLE_SECONDS)
            idle = time.monotonic() - _IDLE_SECONDS
            for stream in [s for s in list(self._streams) if s.heard < idle]:
                stream.context.cancel()

    def close(self) -> None:
        """Give the threads back."""
        self._closed.set()
        for pool in self._pools:
            pool.close()

    def _give_up(self) -> None:
        """Now and then, let go of callers who began a call and never said what they want."""
        while not self._closed.wait(_PATIENCE_TICK):
            for pool in self._pools:
                pool.give_up(pool.patience)

    def _busy(self) -> bool:
        return self._working > 0 or self.workers.waiting() > 0

    def _refusal(self) -> Problem | None:
        if self._draining:
            return Problem("ENDING")
        if self.workers.waiting() >= self.limits.waiting:
            return Problem("CALLS_WAITING", {"limit": self.limits.waiting})
        return None

    def _pool(self, method: str) -> Workers:
        if method.endswith("/Watch"):
            return self._watching  # many that begin at once must not stand before a probe
        if method.startswith(_HEALTH):
            return self._probing  # nor may those who are refused
        return self._reflecting if method.startswith(_REFLECTION) else self.workers

    def begin(self, call: _Call) -> None:
        """A thread has taken the call up."""
        with self._lock:
            self._working += call.accepted

    def open_stream(self, call: _Call) -> None:
        """A stream holds a thread while it lasts, whatever it asks for; so streams together may take only some of them."""
        with self._lock:
            fits = len(self._streams) < self.limits.streams
            if fits:
                self._streams.add(call)
        if not fits:
            call.refuse(Problem("STREAMS_OPEN", {"limit": self.limits.streams}))

    def end(self, call: _Call) -> None:
        """The call is over."""
        with self._lock:
            self._working -= call.accepted
            self._streams.discard(call)

    def watch(self, context: grpc.ServicerContext) -> bool:
        """Whether one more health watch fits; it gives its place back when it ends."""
        with self._lock:
            if self._watches >= _MOST_WATCHES:
                return False
            self._watches += 1

        def over() -> None:
            with self._lock:
                self._watches -= 1

        if not context.add_callback(over):  # the caller has gone already
            over()
        return True


class _Method:
    """One method: its handler, wrapped once for all its calls."""

    def __init__(self, calls: Calls, name: str, handler: Any, pool: Workers) -> None:
        self.calls, self.name, self.own = calls, name, name.startswith(_OWN)
        self._inner = handler
        self.handler = self.wrapped(pool)

    def wrapped(self, pool: Workers, refusal: Problem | None = None) -> Any:
        """The handler to call instead, on the threads of ``pool``; with a ``refusal`` it only says that."""
        inner = self._inner
        if inner.response_streaming and inner.request_streaming:
            return grpc.stream_stream_rpc_method_handler(_on(pool, self._stream(inner.stream_stream, refusal)))
        if inner.response_streaming:
            watching = _on(pool, self._watch(inner.unary_stream))
            watching.experimental_non_blocking = True  # type: ignore[attr-defined]
            return grpc.unary_stream_rpc_method_handler(watching, None, inner.response_serializer)
        return grpc.unary_unary_rpc_method_handler(_on(pool, self._unary(inner.unary_unary, refusal)))

    def _unary(self, behaviour: Behaviour, refusal: Problem | None) -> Behaviour:
        def answer(request: bytes, context: Any) -> bytes:
            with _Call(self, context, accepted=self.own and refusal is None) as call:
                call.check(refusal)
                return self._encoded(call, behaviour(self._message(call, request), context))

        return answer

    def _stream(self, behaviour: Behaviour, refusal: Problem | None) -> Behaviour:
        def answer(requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
            with _Call(self, context, accepted=self.own and refusal is None) as call:
                call.check(refusal)
                if self.own:
                    self.calls.open_stream(call)
                for response in behaviour(self._items(call, requests), context):
                    yield self._encoded(call, response)

        return answer

    def _watch(self, behaviour: Behaviour) -> Behaviour:
        """A watch holds no thread while it waits."""

        def answer(request: bytes, context: Any, send: Callable[[Any], None]) -> Any:
            with _Call(self, context) as call:
                message = self._message(call, request)
                if not self.calls.watch(context):
                    call.refuse(Problem("WATCHES_OPEN", {"limit": _MOST_WATCHES}))
            return behaviour(message, context, send)

        return answer

    def _items(self, call: _Call, requests: Iterator[bytes]) -> Iterator[Any]:
        for index, request in enumerate(requests):
            call.heard = time.monotonic()
            yield self._message(call, request, index)

    def _message(self, call: _Call, request: bytes, item: int | None = None) -> Any:
        """The message of a call, or the one at this place of its stream."""
        limit = self.calls.limits.request_bytes
        if len(request) > limit:
            call.refuse(Problem("REQUEST_TOO_LARGE", {"length": len(request), "limit": limit}, _at(item)))
        try:
            return self._inner.request_deserializer(request)
        except DecodeError:
            call.refuse(Problem("NOT_A_REQUEST", {"method": self.name}, _at(item)))

    def _encoded(self, call: _Call, response: Any) -> bytes:
        # The answers that come most often are put together encoded.
        data: bytes = response if isinstance(response, bytes) else self._inner.response_serializer(response)
        limit = self.calls.limits.response_bytes
        if len(data) > limit:
            call.refuse(Problem("ANSWER_TOO_LARGE", {"length": len(data), "limit": limit}))
        return data


class _Call:
    """One call from the moment a thread takes it up to its log line, which it has whatever its end.

    Health and reflection have a line only when they fail. ``accepted``: the end of the service waits for it.
    """

    def __init__(
        self, method: _Method, context: Any, *, accepted: bool = False
    ) -> None:  # the typed context lacks code()
        heard()
        self.method, self.context, self.accepted = method, context, accepted
        self.line: dict[str, object] = {}
        self.heard = self._start = time.monotonic()
        self._given = next((value for key, value in context.invocation_metadata() if key == REQUEST_ID), None)
        valid = isinstance(self._given, str) and _FORM.fullmatch(self._given)
        self.id: str = self._given if valid else f"{_PROCESS}{next(_ids):016x}"  # type: ignore[assignment]

    def __enter__(self) -> Self:
        context = self.context
        _current.set(self)
        self._peer = context.peer()  # gone once the caller is
        context.set_trailing_metadata(((REQUEST_ID, self.id),))
        self.method.calls.begin(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        method, context = self.method, self.context
        method.calls.end(self)
        code = context.code()
        gone = not context.is_active()
        unexpected = isinstance(error, Exception) and code is None and not gone
        name = "INTERNAL" if unexpected else "CANCELLED" if gone and code is None else getattr(code, "name", "OK")
        if method.own or name != "OK":
            _log.log(
                40 if unexpected else 20,
                "call",
                method=method.name,
                request_id=self.id,
                code=name,
                ms=round((time.monotonic() - self._start) * 1000, 3),
                peer=self._peer,
                **self.line,
                **({"exc_info": error} if unexpected else {}),
            )
        if unexpected:
            self.refuse(Problem("INTERNAL", {"request_id": self.id}))

    def refuse(self, problem: Problem) -> NoReturn:
        """End the call with what is wrong."""
        abort(self.context, Failure.of([problem]), self.id)

    def check(self, refusal: Problem | None) -> None:
        """Refuse what the service cannot take now, and an id of the caller that could not stand in a line."""
        if refusal is not None:
            self.refuse(refusal)
        if self._given is not None and self.id != self._given:
            self.refuse(Problem("REQUEST_ID_FORM", {"name": REQUEST_ID}))


def _at(item: int | None) -> str:
    return "" if item is None else f"items[{item}]"


def _on(pool: Workers, behaviour: Behaviour) -> Behaviour:
    """The behaviour, to be run by this pool."""
    behaviour.experimental_thread_pool = pool  # type: ignore[attr-defined]
    return behaviour
