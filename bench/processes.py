"""What only a fresh process shows: time until it serves, and resident memory."""

from __future__ import annotations

import itertools
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
from ocop import dossier_from_dict
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

from bench import ROOT, RULES, ours
from bench.dossiers_at_random import dossiers

THREADS = 8
_WARM = 2_000


def start_seconds(times: int) -> float:
    """From the start of ``ocop serve`` until it says that it serves, median."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        with _server():
            found.append(time.perf_counter() - start)
    return statistics.median(found)


def memory_mib() -> int:
    """Resident memory of a fresh process after one dossier decided and told on each of eight threads."""
    command = [sys.executable, "-m", "bench.processes"]
    return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)  # noqa: S603


def memory_over_calls(calls: int) -> tuple[int, int]:
    """Resident memory of a live server once warm, and again after so many calls of Score."""
    requests = [pb.ScoreRequest(dossier=dossier_from_dict(dossier)) for _, dossier in dossiers(5, 8)]
    with _server() as (pid, port), grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = pb_grpc.ScoringServiceStub(channel)
        endless = itertools.cycle(requests)
        for request in itertools.islice(endless, _WARM):
            stub.Score(request)
        before = resident_mib(pid)
        for request in itertools.islice(endless, calls):
            stub.Score(request)
        return before, resident_mib(pid)


def resident_mib(pid: int | str = "self") -> int:
    """Resident memory of a process."""
    return int(Path(f"/proc/{pid}/status").read_text(encoding="ascii").split("VmRSS:")[1].split()[0]) // 1024


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """A server in a process of its own, once it serves: process and port."""
    command = [str(Path(sys.executable).with_name("ocop")), "serve", "--port", "0", "--rules", str(RULES)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        log = process.stderr or ()
        said = next((e for e in map(json.loads, log) if e["event"] == "serving"), None)
        if said is None:
            raise RuntimeError("the server ended before it served")
        # Somebody has to read on, or the server stands still once the pipe is full.
        reader = threading.Thread(target=lambda: [None for _ in log])
        reader.start()
        try:
            yield process.pid, said["port"]
        finally:
            process.terminate()
            reader.join()


def _eight_threads() -> None:
    cases = [ours.prepare(dossier) for _, dossier in itertools.islice(dossiers(6, 1), THREADS)]
    together = threading.Barrier(THREADS)

    def work(case: ours.Case) -> None:
        together.wait()
        ours.decide(case)
        ours.told(case)
        together.wait()

    threads = [threading.Thread(target=work, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(resident_mib())


if __name__ == "__main__":
    _eight_threads()
