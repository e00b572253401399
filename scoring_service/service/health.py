"""grpc.health.v1, without holding any lock while something is sent.

grpcio-health-checking sends while it holds the lock that the end of a watch needs too, in the thread that serves every call: one watch
that ends while another begins can stop the whole server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from scoring_service.problems import Problem
from scoring_service.service.calls import request_id
from scoring_service.service.failures import Failure, abort

SERVICE_NAME = "grpc.health.v1.Health"
Status = health_pb2.HealthCheckResponse.ServingStatus


class Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc] # generated without types
    """The status of the service under each of its names."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._status: int = health_pb2.HealthCheckResponse.NOT_SERVING
        self._lock = threading.Lock()
        self._watches: set[_Watch] = set()

    def set(self, status: int) -> None:
        """Change the status and tell everybody who watches."""
        with self._lock:
            self._status = status
            watching = list(self._watches)
        for watch in watching:
            watch.tell()

    def status(self, name: str) -> int | None:
        """The status under a name, ``None`` for a name there is not."""
        return self._status if name in self._names else None

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - the name is the contract's
        """The status now."""
        status = self.status(request.service)
        if status is None:
            abort(context, Failure.of([Problem("SERVICE_UNKNOWN")]), request_id())
        return health_pb2.HealthCheckResponse(status=status)

    def Watch(  # noqa: N802 - the name is the contract's
        self, request: Any, context: grpc.ServicerContext, send: Callable[[Any], None] | None = None
    ) -> None:
        """The status now and whenever it changes. Called without blocking: ``send`` answers, from any thread."""
        assert send is not None
        watch = _Watch(self, request.service, send)
        with self._lock:
            self._watches.add(watch)
        if not context.add_callback(lambda: self._forget(watch)):
            self._forget(watch)
        watch.tell()

    def _forget(self, watch: _Watch) -> None:
        with self._lock:
            self._watches.discard(watch)


class _Watch:
    """One watch; what it sends last is the newest status."""

    def __init__(self, health: Health, name: str, send: Callable[[Any], None]) -> None:
        self._health, self._name, self._send = health, name, send
        self._turn = threading.Lock()

    def tell(self) -> None:
        """Send the status as it is now."""
        with self._turn:
            status = self._health.status(self._name)
            unknown = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
            self._send(health_pb2.HealthCheckResponse(status=unknown if status is None else status))
