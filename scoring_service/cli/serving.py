"""ocop serve and health: the service run, and asked whether it is ready."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from scoring_service.cli.common import BAD_INPUT, OK, Commands, Parents, complain, foreign
from scoring_service.cli.helping import whole
from scoring_service.service.logs import configure_logging
from scoring_service.service.server import ServerConfig, serve
from scoring_service.telling.teller import Teller

_LONGEST_NOTICE = 300


def add(commands: Commands, parents: Parents) -> None:
    """The commands that run and ask a service."""
    server = commands.add_parser("serve", parents=[parents.rules_only], help=parents.said("serve"))
    server.add_argument("--host", default=ServerConfig.host)
    server.add_argument("--port", type=whole(parents.to, 0, 65535), default=ServerConfig.port)
    server.add_argument("--threads", type=whole(parents.to, 2, 256), default=ServerConfig.threads)
    server.add_argument("--notice-seconds", type=_seconds(parents.to), default=ServerConfig.notice_seconds)
    server.add_argument("--no-reflection", action="store_true")
    server.set_defaults(run=_serve)

    health = commands.add_parser("health", help=parents.said("health"))
    health.add_argument("address", metavar="ADDR")
    health.set_defaults(run=_health)


def _seconds(to: Teller) -> Callable[[str], float]:
    """Reads a number of seconds, for an argument."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if 0 <= value <= _LONGEST_NOTICE:  # false for nan and inf
            return value
        raise argparse.ArgumentTypeError(to.sentence("NOT_SECONDS", text=text, high=_LONGEST_NOTICE))

    return number


def _serve(args: argparse.Namespace) -> int:
    configure_logging()
    serve(
        ServerConfig(
            host=args.host,
            port=args.port,
            threads=args.threads,
            notice_seconds=args.notice_seconds,
            reflection=not args.no_reflection,
        ),
        args.rules,
    )
    return OK


def _health(args: argparse.Namespace) -> int:
    with grpc.insecure_channel(args.address) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.RpcError as error:
            call: Any = error  # what a call raises is the call itself
            details = foreign(f"{call.code().name}: {call.details()}")
            complain(lambda to: to.sentence("SERVER_SILENT", server=foreign(args.address), details=details))
            return BAD_INPUT
    if answer.status == health_pb2.HealthCheckResponse.SERVING:
        return OK
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    complain(lambda to: to.sentence("SERVER_NOT_READY", server=foreign(args.address), status=status))
    return BAD_INPUT
