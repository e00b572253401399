"""Wiring: limits, health, reflection, loading and the orderly end."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

from scoring_service.engine.engine import Engine
from scoring_service.problems import Problem
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.service.calls import Calls, Limits
from scoring_service.service.health import SERVICE_NAME, Health
from scoring_service.service.logs import flush_logging
from scoring_service.service.servicer import ScoringServicer

SERVICE = pb.DESCRIPTOR.services_by_name["ScoringService"].full_name
MIB = 1024 * 1024
_LAST_MOMENT, _LAST_SECONDS = 0.2, 5.0
"""For what came between the last look and the end, which is refused in words; and until nothing at all is waited for."""
_SWITCH_SECONDS = 0.001
_LOOK_SECONDS = 0.5
_log = structlog.get_logger("ocop.server")
_REASONS = {
    errno.EADDRINUSE: "PORT_IN_USE",
    errno.EACCES: "PORT_FORBIDDEN",
    errno.EADDRNOTAVAIL: "HOST_ELSEWHERE",
}


@dataclass(frozen=True)
class ServerConfig:
    """How to serve. ``port`` 0 takes a free one. Threads do the work; streams may hold half of them.

    ``waiting``: calls that may wait for a thread; ``patience_seconds``: how long a call's message may take to come once a thread waits for
    it; ``drain_seconds``: how long running calls may take to end; ``notice_seconds``: how long
    health says NOT_SERVING before new calls are refused.
    """

    host: str = "127.0.0.1"
    port: int = 50051
    threads: int = 16
    waiting: int = 256
    patience_seconds: float = 20.0
    max_request_bytes: int = MIB
    max_response_bytes: int = 4 * MIB
    drain_seconds: float = 10.0
    notice_seconds: float = 0.0
    reflection: bool = True


class PortError(Exception):
    """The address cannot be bound; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class ScoringServer:
    """A server on its port: answers health at once, scores after ``load``, drains on ``stop``."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._servicer = ScoringServicer()
        self._health = Health("", SERVICE)
        self._calls = Calls(
            Limits(
                threads=config.threads,
                waiting=config.waiting,
                patience=config.patience_seconds,
                streams=max(1, config.threads // 2),
                request_bytes=config.max_request_bytes,
                response_bytes=config.max_response_bytes,
            )
        )
        self._server = grpc.server(
            self._calls.workers,
            interceptors=[self._calls],
            options=(
                ("grpc.so_reuseport", 0),  # a second server on the port must fail, not share it in silence
                # More than we take, so that what is too large reaches us and can be told by name.
                ("grpc.max_receive_message_length", 4 * config.max_request_bytes),
                ("grpc.max_send_message_length", config.max_response_bytes),
            ),
        )
        pb_grpc.add_ScoringServiceServicer_to_server(self._servicer, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if config.reflection:
            reflection.enable_server_reflection((SERVICE, SERVICE_NAME, reflection.SERVICE_NAME), self._server)
        address = f"[{config.host}]:{config.port}" if ":" in config.host else f"{config.host}:{config.port}"
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise PortError(_why_not(config.host, config.port, address)) from error

    def start(self) -> None:
        """Listen; health says NOT_SERVING and scoring UNAVAILABLE until ``load``."""
        self._server.start()

    def load(self, rulebook: Rulebook) -> None:
        """Serve by these rules from now on."""
        self._servicer.engine = Engine(rulebook)
        # What was loaded stays, and need not be looked through each time memory is tidied.
        gc.collect()
        gc.freeze()
        self._health.set(health_pb2.HealthCheckResponse.SERVING)

    def stop(self) -> None:
        """Health off, a moment for balancers to notice, no new calls, accepted ones end."""
        self._health.set(health_pb2.HealthCheckResponse.NOT_SERVING)
        time.sleep(self._config.notice_seconds)
        self._calls.drain(self._config.drain_seconds)
        self._server.stop(_LAST_MOMENT).wait(_LAST_SECONDS)
        self._calls.close()


def _why_not(host: str, port: int, address: str) -> Problem:
    """Why the address cannot be bound, as the operating system tells it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.bind((host, port))
    except OSError as error:
        told = {"address": address, "reason": error.strerror or str(error)}
        return Problem(_REASONS.get(error.errno or 0, "PORT_FAILED"), told)
    return Problem("PORT_IN_USE", {"address": address})  # free again by now


def serve(config: ServerConfig, rules: Path) -> None:
    """Serve until SIGTERM or SIGINT, then drain.

    Raises:
        PortError: the address cannot be bound.
        NodeError: the rule files are wrong; the server has stopped.
    """
    # Health must get its turn among threads that score: they hand over five times as often as Python makes them.
    sys.setswitchinterval(_SWITCH_SECONDS)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: _log.info("hangup ignored"))
    server = ScoringServer(config)
    server.start()
    _log.info("listening", host=config.host, port=server.port)
    try:
        gc.disable()  # next to nothing of what is made while rules are loaded can go
        rulebook = load_rulebook(rules)
        server.load(rulebook)
        gc.enable()
        _log.info("serving", port=server.port, editions={e.id: e.digest for e in rulebook.editions.values()})
        while not ending.wait(_LOOK_SECONDS):
            pass  # a signal that reaches another thread is seen only when this one wakes
        _log.info("draining")
    finally:
        server.stop()
        _log.info("stopped")
        flush_logging()
