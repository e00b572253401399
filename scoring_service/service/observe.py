"""The outermost interceptor: a request id, one canonical log line per call, and no inner text to the outside."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import structlog

from scoring_service.text import shorten

REQUEST_ID = "x-request-id"
_log = structlog.get_logger("ocop.call")
_QUIET = ("/grpc.health.v1.Health/", "/grpc.reflection.")


class ObserveInterceptor(grpc.ServerInterceptor):
    """Wraps every handler. An unexpected exception leaves as INTERNAL with the request id; its text goes to the log only."""

    def intercept_service(self, continuation: Callable[..., Any], details: grpc.HandlerCallDetails) -> Any:
        """Wrap the handler of one call."""
        handler = continuation(details)
        if handler is None or details.method.startswith(_QUIET):
            return handler
        given = dict(details.invocation_metadata).get(REQUEST_ID, "")
        request_id = shorten(given) if isinstance(given, str) and given.isascii() and given else uuid.uuid4().hex
        if handler.response_streaming:
            return grpc.stream_stream_rpc_method_handler(
                _observed_stream(handler.stream_stream, details.method, request_id),
                handler.request_deserializer,
                handler.response_serializer,
            )
        return grpc.unary_unary_rpc_method_handler(
            _observed_unary(handler.unary_unary, details.method, request_id),
            handler.request_deserializer,
            handler.response_serializer,
        )


def _observed_unary(
    behaviour: Callable[[Any, grpc.ServicerContext], Any], method: str, request_id: str
) -> Callable[[Any, grpc.ServicerContext], Any]:
    def call(request: Any, context: grpc.ServicerContext) -> Any:
        with _Call(method, request_id, context):
            return behaviour(request, context)

    return call


def _observed_stream(
    behaviour: Callable[[Any, grpc.ServicerContext], Iterator[Any]], method: str, request_id: str
) -> Callable[[Any, grpc.ServicerContext], Iterator[Any]]:
    def call(requests: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        with _Call(method, request_id, context):
            yield from behaviour(requests, context)

    return call


class _Call:
    """One call from start to its log line."""

    def __init__(self, method: str, request_id: str, context: Any) -> None:  # the typed context lacks code()
        self._method, self._id, self._context = method, request_id, context

    def __enter__(self) -> None:
        self._start = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        self._context.send_initial_metadata(((REQUEST_ID, self._id),))
        remaining = self._context.time_remaining()
        if remaining is not None and remaining <= 0:
            self._context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "the deadline had passed before work began")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        code = self._context.code() or grpc.StatusCode.OK
        unexpected = isinstance(error, Exception) and self._context.code() is None
        if not self._context.is_active() and not unexpected and error is not None and code is grpc.StatusCode.OK:
            code = grpc.StatusCode.CANCELLED
        line = {
            "method": self._method,
            "request_id": self._id,
            "code": "INTERNAL" if unexpected else getattr(code, "name", str(code)),
            "ms": round((time.perf_counter() - self._start) * 1000, 3),
            "peer": self._context.peer(),
        }
        if unexpected:
            _log.error("call", **line, exc_info=error)
            self._context.abort(grpc.StatusCode.INTERNAL, f"internal error; request id {self._id}")
        _log.info("call", **line)
