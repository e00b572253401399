"""`make bench`: Score and ScoreStream against an empty RPC that carries the same messages, in the same run; the engine alone; start-up and memory.

Ratios are what counts: absolute times belong to one machine on one day.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from random import Random
from typing import Any

import grpc

sys.path.insert(0, str(Path(__file__).parent))
from dossiers import whole_sheet
from ocop import dossier_from_dict
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc
from support import clean_facts

from scoring_service.engine.assess import Engine
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.service.convert import assessment_to_pb, dossier_from_pb
from scoring_service.service.server import ScoringServer, ServerConfig, configure_logging

RULES = Path(__file__).resolve().parents[1] / "rules"
ROUNDS, CALLS = 7, 300


class Empty(pb_grpc.ScoringServiceServicer):
    """The baseline: the same request in, the same response out, nothing done."""

    def __init__(self, answer: pb.Assessment) -> None:
        self._answer = answer

    def Score(self, request: pb.ScoreRequest, context: grpc.ServicerContext) -> pb.ScoreResponse:
        """Answer at once."""
        return pb.ScoreResponse(assessment=self._answer)

    def ScoreStream(
        self, request_iterator: Iterator[pb.ScoreStreamRequest], context: grpc.ServicerContext
    ) -> Iterator[pb.ScoreStreamResponse]:
        """Answer each at once."""
        for item in request_iterator:
            yield pb.ScoreStreamResponse(id=item.id, assessment=self._answer)


def main() -> None:
    """Measure and print."""
    configure_logging(json=True, to=Path(os.devnull).open("w"))  # written as in production, and read by nobody
    rulebook = load_rulebook(RULES)
    engine = Engine(rulebook)
    print(f"Python {sys.version.split()[0]}; {ROUNDS} rounds of {CALLS} calls each, in turn; medians\n")
    for sheets in (1, 7):
        message = dossier(rulebook, sheets)
        core = dossier_from_pb(message)
        alone = rate(lambda: engine.assess(core))
        whole = rate(lambda: assessment_to_pb(engine.assess(dossier_from_pb(message)), pb.EXPLAIN_LEVEL_FULL))
        print(
            f"{sheets} sheet(s): engine alone {alone:8,.0f} dossiers/s; with messages in and out, full explanation {whole:8,.0f}/s"
        )
        for explain in (pb.EXPLAIN_LEVEL_FULL, pb.EXPLAIN_LEVEL_NONE):
            over_the_wire(rulebook, engine, message, explain, sheets)
    start_up()


def dossier(rulebook: Rulebook, sheets: int) -> pb.Dossier:
    """A clean honey dossier of so many sheets."""
    edition = rulebook.editions["2026"]
    answers = whole_sheet(Random(7), edition.sets["4"], 75)
    return dossier_from_dict({
        "product": {"name": "Mật ong (mẫu)", "set": "honey"}, "application": {"kind": "first", "filed_on": "2026-06-01"}, "council": {"level": "province"},
        "facts": clean_facts(edition), "sheets": [{"assessor": f"Thành viên {i + 1}", "answers": answers} for i in range(sheets)]})  # fmt: skip


def rate(call: Callable[[], object]) -> float:
    """Calls per second, median of rounds."""
    rates = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call()
        rates.append(CALLS / (time.perf_counter() - start))
    return statistics.median(rates)


def over_the_wire(
    rulebook: Rulebook, engine: Engine, message: pb.Dossier, explain: pb.ExplainLevel.ValueType, sheets: int
) -> None:
    """Ours and the empty service in turn, round by round, so that a drift of the machine hits both."""
    ours = ScoringServer(ServerConfig(port=0))
    ours.start()
    ours.load(rulebook)
    empty = grpc.server(futures.ThreadPoolExecutor(16), options=(("grpc.so_reuseport", 0),))
    pb_grpc.add_ScoringServiceServicer_to_server(
        Empty(assessment_to_pb(engine.assess(dossier_from_pb(message)), explain)), empty
    )
    port = empty.add_insecure_port("127.0.0.1:0")
    empty.start()
    unary: dict[str, list[float]] = {"ours": [], "empty": []}
    stream: dict[str, list[float]] = {"ours": [], "empty": []}
    with grpc.insecure_channel(f"127.0.0.1:{ours.port}") as a, grpc.insecure_channel(f"127.0.0.1:{port}") as b:
        stubs: dict[str, Any] = {"ours": pb_grpc.ScoringServiceStub(a), "empty": pb_grpc.ScoringServiceStub(b)}
        request = pb.ScoreRequest(dossier=message, explain=explain)
        for _ in range(ROUNDS):
            for name, stub in stubs.items():
                start = time.perf_counter()
                for _ in range(CALLS):
                    stub.Score(request)
                unary[name].append((time.perf_counter() - start) / CALLS)
                start = time.perf_counter()
                items = (pb.ScoreStreamRequest(id=str(i), dossier=message, explain=explain) for i in range(CALLS))
                assert sum(1 for _ in stub.ScoreStream(items)) == CALLS
                stream[name].append((time.perf_counter() - start) / CALLS)
    ours.stop()
    empty.stop(0).wait()
    level = pb.ExplainLevel.Name(explain).removeprefix("EXPLAIN_LEVEL_").lower()
    for what, times in (("Score", unary), ("ScoreStream", stream)):
        ratio = statistics.median(o / e for o, e in zip(times["ours"], times["empty"], strict=True))
        mine, base = (statistics.median(times[n]) * 1e6 for n in ("ours", "empty"))
        print(
            f"  {what:<12} explain {level:<5} {mine:7,.0f} µs against {base:6,.0f} µs of the empty RPC: ratio {ratio:4.1f}  ({sheets} sheet(s))"
        )


def start_up() -> None:
    """A fresh process: until the rules are loaded, and its resident memory with one dossier scored on each of 8 threads."""
    script = (
        "import time, threading; t = time.perf_counter()\n"
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from scoring_service.rulebook.library import load_rulebook\n"
        "from scoring_service.engine.assess import Engine\n"
        "imported = time.perf_counter() - t\n"
        "engine = Engine(load_rulebook(Path(sys.argv[1])))\n"
        "ready = time.perf_counter() - t\n"
        "from bench import dossier; from scoring_service.service.convert import dossier_from_pb\n"
        "d = dossier_from_pb(dossier(engine.rulebook, 1))\n"
        "ts = [threading.Thread(target=lambda: engine.assess(d)) for _ in range(8)]; [x.start() for x in ts]; [x.join() for x in ts]\n"
        "rss = int(open('/proc/self/status').read().split('VmRSS:')[1].split()[0]) // 1024\n"
        "print(f'start-up: imports {imported:.2f} s, all editions ready after {ready:.2f} s; resident {rss} MiB')\n"
    )
    print(
        subprocess.run(
            [sys.executable, "-c", script, str(RULES), str(Path(__file__).parent)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )


if __name__ == "__main__":
    main()
