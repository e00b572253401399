"""ocop serve and health: the service run, and asked whether it is ready."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from scoring_service.cli.common import BAD_INPUT, OK, Commands, Parents, complain, foreign
from scoring_service.service.logs import configure_logging
from scoring_service.service.server import ServerConfig, serve

_LONGEST_NOTICE = 300


def add(commands: Commands, parents: Parents) -> None:
    """The commands that run and ask a service."""
    server = commands.add_parser("serve", parents=[parents.rules_only], help="serve by gRPC")
    server.add_argument(
        "--host", default=ServerConfig.host, help="address to listen on (default: %(default)s, this machine only)"
    )
    server.add_argument(
        "--port",
        type=_whole(0, 65535),
        default=ServerConfig.port,
        help="port, 0 to 65535; 0 takes a free one (default: %(default)s)",
    )
    server.add_argument(
        "--threads",
        type=_whole(2, 256),
        default=ServerConfig.threads,
        help="worker threads, 2 to 256 (default: %(default)s)",
    )
    server.add_argument(
        "--notice-seconds",
        type=_seconds,
        default=ServerConfig.notice_seconds,
        help="wait between health off and closing, 0 to 300 (default: %(default)s)",
    )
    server.add_argument(
        "--no-reflection", action="store_true", help="do not show the contract to tools that ask for it"
    )
    server.set_defaults(run=_serve)

    health = commands.add_parser(
        "health", help="exit code 0 when the service at ADDR is ready to score, 1 when it is not"
    )
    health.add_argument("address", metavar="ADDR", help="host:port")
    health.set_defaults(run=_health)


def _whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds, for argparse."""

    def number(text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:  # noqa: PLR2004
            return int(text)
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")

    return number


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 <= value <= _LONGEST_NOTICE:  # false for nan and inf
        return value
    raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds from 0 to {_LONGEST_NOTICE}")


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
