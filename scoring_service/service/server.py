"""Wiring: limits, interceptor, health, reflection, loading and the orderly end."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

from scoring_service.engine.assess import Engine
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.service.observe import ObserveInterceptor, StreamLimitInterceptor
from scoring_service.service.servicer import ScoringServicer

SERVICE = pb.DESCRIPTOR.services_by_name["ScoringService"].full_name
MIB = 1024 * 1024
_log = structlog.get_logger("ocop.server")


@dataclass(frozen=True)
class ServerConfig:
    """How to serve. ``port`` 0 takes a free one. Threads do the work; streams may hold half of them."""

    host: str = "127.0.0.1"
    port: int = 50051
    threads: int = 16
    max_concurrent: int = 256
    max_request_bytes: int = MIB
    max_response_bytes: int = 4 * MIB
    drain_seconds: float = 10.0
    notice_seconds: float = 0.0


class PortError(Exception):
    """The address cannot be bound: in use, or not of this machine."""


class ScoringServer:
    """A server on its port: answers health at once, scores after ``load``, drains on ``stop``."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._servicer = ScoringServicer()
        self._health = health.HealthServicer()
        self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._server = grpc.server(
            futures.ThreadPoolExecutor(config.threads, thread_name_prefix="score"),
            interceptors=[ObserveInterceptor(), StreamLimitInterceptor(max(1, config.threads // 2))],
            maximum_concurrent_rpcs=config.max_concurrent,
            options=(
                ("grpc.so_reuseport", 0),  # a second server on the port must fail, not share it in silence
                ("grpc.max_receive_message_length", config.max_request_bytes),
                ("grpc.max_send_message_length", config.max_response_bytes),
            ),
        )
        pb_grpc.add_ScoringServiceServicer_to_server(self._servicer, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection((SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server)
        address = f"[{config.host}]:{config.port}" if ":" in config.host else f"{config.host}:{config.port}"
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise PortError(
                f"cannot listen on {address}: another program uses the port, or the address is not of this machine"
            ) from error

    def start(self) -> None:
        """Listen; health says NOT_SERVING and scoring UNAVAILABLE until ``load``."""
        self._server.start()

    def load(self, rulebook: Rulebook) -> None:
        """Serve by these rules from now on."""
        self._servicer.engine = Engine(rulebook)
        self._set_health(health_pb2.HealthCheckResponse.SERVING)

    def stop(self) -> None:
        """Health off, a moment for balancers to notice, no new calls, running ones end."""
        self._health.enter_graceful_shutdown()
        time.sleep(self._config.notice_seconds)
        self._server.stop(self._config.drain_seconds).wait()

    def _set_health(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in ("", SERVICE):
            self._health.set(name, status)


def configure_logging(*, json: bool | None = None, to: TextIO | None = None) -> None:
    """Log lines to standard error, or elsewhere: JSON unless that is a terminal."""
    out = to or sys.stderr
    as_json = not out.isatty() if json is None else json
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if as_json else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(out),
    )


def serve(config: ServerConfig, rules: Path) -> None:
    """Serve until SIGTERM or SIGINT, then drain.

    Raises:
        PortError: the port is taken.
        NodeError: the rule files are wrong; the server has stopped.
    """
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    server = ScoringServer(config)
    server.start()
    _log.info("listening", host=config.host, port=server.port)
    try:
        rulebook = load_rulebook(rules)
        server.load(rulebook)
        _log.info("serving", port=server.port, editions={e.id: e.digest for e in rulebook.editions.values()})
        ending.wait()
        _log.info("draining")
    finally:
        server.stop()
    _log.info("stopped")
