"""Score and ScoreStream against an empty RPC that carries the same messages, in the same process and in turn."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from ocop import dossier_from_dict
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

from bench import ours
from bench.dossiers_at_random import dossiers
from bench.rounds import Pass, Times, in_turn

CALLERS = 8
LEVELS = {name.removeprefix("EXPLAIN_LEVEL_").lower(): value for name, value in pb.ExplainLevel.items() if value}


class Empty(pb_grpc.ScoringServiceServicer):  # the other calls are not asked for
    """The baseline: the same requests in, the same responses out in the order of the requests, nothing done."""

    def __init__(self) -> None:
        self.answers: Iterator[pb.ScoreResponse] = iter(())
        self.items: Sequence[pb.ScoreStreamResponse] = ()

    def Score(self, request: pb.ScoreRequest, context: grpc.ServicerContext) -> pb.ScoreResponse:  # noqa: ARG002
        """Answer at once."""
        return next(self.answers)

    def ScoreStream(
        self,
        request_iterator: Iterator[pb.ScoreStreamRequest],
        context: grpc.ServicerContext,  # noqa: ARG002
    ) -> Iterator[pb.ScoreStreamResponse]:
        """Answer each at once."""
        for _, item in zip(request_iterator, self.items, strict=False):
            yield item


@dataclass(frozen=True)
class Wire:
    """What one size of council costs on the wire: times by level and call, and the bytes of an answer."""

    times: Mapping[str, Times]
    sizes: Mapping[str, int]


def measure(each: int, rounds: int, sheets: int = 1) -> Wire:
    """Unary calls and streams of the same dossiers at every level, ours and the empty service in turn."""
    messages = [dossier_from_dict(dossier) for _, dossier in dossiers(4, each, sheets)]
    servicer = Empty()  # type: ignore[abstract]
    times, sizes = {}, {}
    with ours.serving() as address, _serving(servicer) as beside, _stub(address) as mine, _stub(beside) as empty:
        for level, value in LEVELS.items():
            requests = [pb.ScoreRequest(dossier=m, wanted=pb.Wanted(explain=value)) for m in messages]
            items = [pb.ScoreStreamRequest(dossier=m, wanted=pb.Wanted(explain=value)) for m in messages]
            answers = [mine.Score(request) for request in requests]
            sizes[level] = round(statistics.median(answer.ByteSize() for answer in answers))
            servicer.items = list(mine.ScoreStream(iter(items)))
            passes: dict[str, Pass] = {}
            for name, stub in (("ours", mine), ("empty", empty)):
                passes[f"score {name}"] = lambda stub=stub: _each(stub, requests, answers, servicer)  # type: ignore[misc]  # noqa: B023
                passes[f"crowd {name}"] = lambda stub=stub: _crowd(stub, requests, answers, servicer)  # type: ignore[misc]  # noqa: B023
                passes[f"stream {name}"] = lambda stub=stub: sum(1 for _ in stub.ScoreStream(iter(items)))  # type: ignore[misc]  # noqa: B023
            times[level] = in_turn(passes, len(messages), rounds)
    return Wire(times, sizes)


def _each(stub: Any, requests: Sequence[pb.ScoreRequest], answers: Sequence[pb.ScoreResponse], servicer: Empty) -> None:
    servicer.answers = iter(answers)
    for request in requests:
        stub.Score(request)


def _crowd(
    stub: Any, requests: Sequence[pb.ScoreRequest], answers: Sequence[pb.ScoreResponse], servicer: Empty
) -> None:
    """The same calls by several callers at once, who leave no thread asleep; a lone one also waits for threads to wake up."""
    servicer.answers = iter(answers)
    with futures.ThreadPoolExecutor(CALLERS) as callers:
        for _ in callers.map(stub.Score, requests):
            pass


@contextmanager
def _stub(address: str) -> Iterator[Any]:
    with grpc.insecure_channel(address) as channel:
        yield pb_grpc.ScoringServiceStub(channel)


@contextmanager
def _serving(servicer: Empty) -> Iterator[str]:
    server = grpc.server(futures.ThreadPoolExecutor(16), options=(("grpc.so_reuseport", 0),))
    pb_grpc.add_ScoringServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(0).wait()
