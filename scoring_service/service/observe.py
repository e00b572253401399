"""The interceptors: a request id and one canonical log line per call, no inner text to the outside, and threads left for single calls."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import structlog
from google.protobuf.message import DecodeError

REQUEST_ID = "x-request-id"
_log = structlog.get_logger("ocop.call")
_QUIET = ("/grpc.health.v1.Health/", "/grpc.reflection.")
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
Behaviour = Callable[[Any, Any], Any]


class ObserveInterceptor(grpc.ServerInterceptor):
    """Wraps every handler of ours. An unexpected exception leaves as INTERNAL with the request id; its text goes to the log only.

    Requests are decoded here and not by gRPC, so that bytes which are no message get an answer and a log line like any other.
    """

    def intercept_service(self, continuation: Callable[..., Any], details: grpc.HandlerCallDetails) -> Any:
        """Wrap the handler of one call."""
        handler = continuation(details)
        if handler is None or details.method.startswith(_QUIET):
            return handler
        given = dict(details.invocation_metadata).get(REQUEST_ID, "")
        request_id = given if isinstance(given, str) and _PLAIN_ID.fullmatch(given) else uuid.uuid4().hex
        call = _Call(details.method, request_id, handler.request_deserializer)
        if handler.response_streaming:
            stream = call.stream(handler.stream_stream)
            return grpc.stream_stream_rpc_method_handler(stream, None, handler.response_serializer)
        return grpc.unary_unary_rpc_method_handler(call.unary(handler.unary_unary), None, handler.response_serializer)


class StreamLimitInterceptor(grpc.ServerInterceptor):
    """A stream holds a thread while it lasts, whatever it asks for; so streams together may take only some of them."""

    def __init__(self, limit: int) -> None:
        self._free = threading.BoundedSemaphore(limit)

    def intercept_service(self, continuation: Callable[..., Any], details: grpc.HandlerCallDetails) -> Any:
        """Wrap the handler of one stream; single calls pass."""
        handler = continuation(details)
        if handler is None or not handler.response_streaming:
            return handler
        if handler.request_streaming:
            limited = self._limited(handler.stream_stream)
            return grpc.stream_stream_rpc_method_handler(
                limited, handler.request_deserializer, handler.response_serializer
            )
        limited = self._limited(handler.unary_stream)
        return grpc.unary_stream_rpc_method_handler(limited, handler.request_deserializer, handler.response_serializer)

    def _limited(self, behaviour: Behaviour) -> Behaviour:
        def call(request: Any, context: Any) -> Iterator[Any]:
            if not self._free.acquire(blocking=False):
                context.abort(
                    grpc.StatusCode.RESOURCE_EXHAUSTED,
                    "too many streams at once; try again later or use fewer, longer streams",
                )
            try:
                yield from behaviour(request, context)
            finally:
                self._free.release()

        return call


class _Call:
    """One call from its first byte to its log line."""

    def __init__(self, method: str, request_id: str, decode: Callable[[bytes], Any]) -> None:
        self._method, self._id, self._decode = method, request_id, decode

    def unary(self, behaviour: Behaviour) -> Behaviour:
        def call(request: bytes, context: Any) -> Any:
            with _Line(self._method, self._id, context):
                return behaviour(self._message(request, context), context)

        return call

    def stream(self, behaviour: Behaviour) -> Behaviour:
        def call(requests: Iterator[bytes], context: Any) -> Iterator[Any]:
            with _Line(self._method, self._id, context):
                yield from behaviour((self._message(request, context) for request in requests), context)

        return call

    def _message(self, request: bytes, context: Any) -> Any:
        try:
            return self._decode(request)
        except DecodeError:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"the bytes are no request of {self._method}")
            raise


class _Line:
    """The canonical log line, whatever the end."""

    def __init__(self, method: str, request_id: str, context: Any) -> None:  # the typed context lacks code()
        self._method, self._id, self._context = method, request_id, context
        self._start = time.perf_counter()

    def __enter__(self) -> None:
        structlog.contextvars.clear_contextvars()
        self._context.send_initial_metadata(((REQUEST_ID, self._id),))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        code = self._context.code()
        gone = not self._context.is_active()
        unexpected = isinstance(error, Exception) and code is None and not gone
        name = "INTERNAL" if unexpected else "CANCELLED" if gone and code is None else getattr(code, "name", "OK")
        line = {
            "method": self._method,
            "request_id": self._id,
            "code": name,
            "ms": round((time.perf_counter() - self._start) * 1000, 3),
            "peer": self._context.peer(),
        }
        if unexpected:
            _log.error("call", **line, exc_info=error)
            self._context.abort(grpc.StatusCode.INTERNAL, f"internal error; request id {self._id}")
        _log.info("call", **line)
