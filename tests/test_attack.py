"""The service under attack and under way: what once hurt it must not hurt it again. Real servers, real clients, real processes."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from conftest import ROOT
from grpc_health.v1 import health_pb2, health_pb2_grpc
from ocop import AsyncScoringClient, InvalidDossierError, ScoringClient, UnavailableError, dossier_from_dict
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc
from structlog.testing import capture_logs
from support import changed, filed, honey, sheet_by

from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Engine
from scoring_service.engine.kept import Kept
from scoring_service.rulebook.library import Rulebook
from scoring_service.service.server import SERVICE, ScoringServer

Start = Callable[..., ScoringServer]
OCOP = str(Path(sys.executable).with_name("ocop"))
MARKS = "a" + "\u0301\u0316" * 15_000


@pytest.fixture
def data(rulebook: Rulebook) -> dict[str, Any]:
    return honey(rulebook.editions["2026"])


# --- limits before work ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["answer", "number", "fact", "fact id", "assessor", "name", "set", "role", "rules", "edition"]
)
def test_a_flood_of_combining_marks_costs_nothing(engine: Engine, rulebook: Rulebook, place: str) -> None:
    """60 KB that take a second to normalise are refused by their length, wherever they stand."""
    dossier = filed("Mẫu", "honey", "first", "2026-06-01", "province", sheets=(sheet_by("A", {"1.1": "3"}),))
    flooded = {
        "answer": {"sheets": (sheet_by("A", {"1.1": MARKS}),)},
        "number": {"sheets": (sheet_by("A", {MARKS: "3"}),)},
        "fact": {"facts": {"forged_dossier": MARKS}},
        "fact id": {"facts": {MARKS: "yes"}},
        "assessor": {"sheets": (sheet_by(MARKS, {"1.1": "3"}),)},
        "role": {"sheets": (sheet_by("A", {"1.1": "3"}, role=MARKS),)},
        "name": {"product_name": MARKS},
        "set": {"product_set": MARKS},
        "rules": {"council_rules": MARKS},
        "edition": {"edition": MARKS},
    }[place]
    start = time.perf_counter()
    with pytest.raises(DossierError) as error:
        engine.admit(changed(dossier, **flooded))
    assert time.perf_counter() - start < 0.1
    assert error.value.problems[0].code in {"TOO_LONG", "ROLE_UNKNOWN"}
    assert all(len(str(problem)) < 1_000 for problem in error.value.problems)


def test_a_flood_of_unknown_numbers_and_facts_is_refused_at_once(address: str, data: dict[str, Any]) -> None:
    """19,800 numbers that are none took three seconds to look for the nearest of each; 70,000 facts were read before they were counted."""
    numbers = [{"assessor": f"T{i}", "answers": {f"x{i}.{k}": "1" for k in range(200)}} for i in range(99)]
    for wrong, code in (
        ({"sheets": numbers}, "CRITERION_UNKNOWN"),
        ({"facts": dict.fromkeys(map(str, range(70_000)), True)}, "TOO_MANY_FACTS"),
    ):
        message = dossier_from_dict(data | wrong)
        with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as error:
            start = time.perf_counter()
            pb_grpc.ScoringServiceStub(channel).Score(pb.ScoreRequest(dossier=message))
        assert time.perf_counter() - start < 0.5
        assert code.encode() in dict(error.value.trailing_metadata())["grpc-status-details-bin"]


def test_a_large_name_makes_no_large_answer(address: str, data: dict[str, Any]) -> None:
    """900 KB of a name come back as a few hundred bytes of refusal."""
    with ScoringClient(address) as client, pytest.raises(InvalidDossierError) as error:
        client.score(data | {"product": {"set": "honey", "name": "x" * 900_000}})
    assert [(v.field, v.code) for v in error.value.violations] == [("product.name", "TOO_LONG")]
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("text", ["\x1b[2J", "a\u202eb", "a\x00b", "\u2028", "\x9b31m"])
def test_what_steers_a_terminal_is_refused(address: str, data: dict[str, Any], text: str) -> None:
    """Control characters and those that reverse a line, in any text for people."""
    for wrong in ({"product": {"set": "honey", "name": text}}, {"sheets": [{**data["sheets"][0], "assessor": text}]}):
        with ScoringClient(address) as client, pytest.raises(InvalidDossierError) as error:
            client.score(data | wrong)
        assert [v.code for v in error.value.violations] == ["UNPRINTABLE"]


def test_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Raw escape codes in a dossier file, quoted in its errors, are shown and not obeyed."""
    path = tmp_path / "a.json"
    path.write_text('{"product": {"set": "hon\\u001b[2Jey", "nam\\u001b[31me": 1}, "sheets": []}', encoding="utf-8")
    done = subprocess.run([OCOP, "score", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "\x1b[2J" not in done.stderr
    assert "\x1b[31m" not in done.stderr


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("An", "an"),
        ("An", "A\u200bn"),
        ("Lê An", "Lê\u00a0An"),
        ("Lê  An", "Lê An"),
        ("Ân", "A\u0302n"),
        ("An", "An\ufe0f"),
        ("An", "A\u034fn"),
        ("An", "An\u3164"),
    ],
)
def test_nobody_votes_twice_in_disguise(engine: Engine, rulebook: Rulebook, one: str, other: str) -> None:
    """Case, zero-width and non-breaking blanks and Unicode forms do not make two people of one."""
    sheets = (sheet_by(one, {"1.1": "3"}), sheet_by(other, {"1.1": "3"}))
    with pytest.raises(DossierError) as error:
        engine.admit(filed("Mẫu", "honey", "first", "2026-06-01", "province", sheets=sheets))
    assert [p.code for p in error.value.problems] == ["ASSESSOR_REPEATED"]


def test_nobody_votes_without_a_name_beside_others(engine: Engine) -> None:
    """One sheet may speak for a council; of several each names its person."""
    nameless = sheet_by("", {"1.1": "3"})
    dossier = filed("Mẫu", "honey", "first", "2026-06-01", "province", sheets=(nameless,))
    assert engine.admit(dossier)
    with pytest.raises(DossierError) as error:
        engine.admit(changed(dossier, sheets=(nameless, nameless)))
    assert [(p.code, p.path) for p in error.value.problems] == [("ASSESSOR_MISSING", "sheets[0].assessor")]


def test_twelve_mistakes_take_one_run(engine: Engine) -> None:
    """Shape, dates, council, facts and answers are told together; a wrong number on nine sheets is told once."""
    sheets = tuple(sheet_by(f"T{i}", {"1.1": "9", "9.9": "1"}) for i in range(9))
    dossier = filed(
        "Mẫu\x07", "hony", "frist", "1/6/2026", "provinc", expires_on="2026-02-30", mode="video", members=3, council_rules="x",
        facts={"forged": "yes", "contract_months": "nine"}, sheets=(*sheets, sheet_by("T0", {"1.1": "3"}, role="chiar", edition="2062")),
    )  # fmt: skip
    with pytest.raises(DossierError) as error:
        engine.admit(dossier)
    codes = sorted(p.code for p in error.value.problems)
    assert codes == sorted([
        "UNPRINTABLE", "SET_UNKNOWN", "APPLICATION_UNKNOWN", "DATE", "DATE_FORM", "LEVEL_UNKNOWN", "MODE_UNKNOWN", "COUNCIL_RULES_UNKNOWN", "FACT_UNKNOWN",
        "FACT_COUNT", "ROLE_UNKNOWN", "EDITION_UNKNOWN", "OPTION_UNKNOWN", "CRITERION_UNKNOWN", "MEMBERS_TOO_FEW",
    ])  # fmt: skip


# --- nothing missing becomes a vote ----------------------------------------------------------------------------------


def test_the_zero_of_an_enum_is_no_vote(address: str, data: dict[str, Any]) -> None:
    """A kind that is missing or misspelt arrives as 0 from many languages; so does a role. Neither may become a council's vote."""
    message = dossier_from_dict(data)
    for field, code in (("kind", "SHEET_KIND_UNKNOWN"), ("role", "ROLE_UNKNOWN")):
        for number in (0, 42):
            wrong = pb.Dossier()
            wrong.CopyFrom(message)
            setattr(wrong.sheets[0], field, number)
            with ScoringClient(address) as client, pytest.raises(InvalidDossierError) as error:
                client.score(wrong)
            assert [(v.field, v.code) for v in error.value.violations] == [(f"sheets[0].{field}", code)]
            assert error.value.violations[0].known


def test_unknown_numbers_are_refused_everywhere(address: str, data: dict[str, Any]) -> None:
    """The explain level, the mode, the sheets of a comparison: one rule."""
    message = dossier_from_dict(data)
    with grpc.insecure_channel(address) as channel:
        stub = pb_grpc.ScoringServiceStub(channel)
        modal = pb.Dossier()
        modal.CopyFrom(message)
        modal.council.mode = 9  # type: ignore[assignment]
        for call in (
            lambda: stub.Score(pb.ScoreRequest(dossier=message, wanted=pb.Wanted(explain=7))),  # type: ignore[arg-type]
            lambda: stub.Score(pb.ScoreRequest(dossier=message, wanted=pb.Wanted(languages=["fr"]))),
            lambda: stub.Score(pb.ScoreRequest(dossier=modal)),
            lambda: stub.Compare(pb.CompareRequest(left=message, right=message, left_sheets=pb.SHEET_KIND_COUNCIL)),
        ):
            with pytest.raises(grpc.RpcError) as error:
                call()
            assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


# --- retries against the real server ---------------------------------------------------------------------------------


def test_retries_survive_a_server_that_is_loading(
    start_server: Start, rulebook: Rulebook, data: dict[str, Any]
) -> None:
    """Refused twice and more while the rules load, answered once they are there: counted in the server's own log, for both clients."""
    for ask in (_ask, _ask_aio):
        server = start_server(load=False)
        threading.Timer(1.2, server.load, (rulebook,)).start()
        with capture_logs() as lines:
            assert ask(f"127.0.0.1:{server.port}", data).status == pb.ASSESSMENT_STATUS_SCORED
        codes = [line["code"] for line in lines if line["event"] == "call"]
        assert codes[-1] == "OK"
        assert codes[:-1] == ["UNAVAILABLE"] * (len(codes) - 1)
        assert 2 <= len(codes) - 1 <= 4


def test_retries_end(start_server: Start, data: dict[str, Any]) -> None:
    """Five attempts in all, then UnavailableError."""
    server = start_server(load=False)
    with capture_logs() as lines, pytest.raises(UnavailableError):
        _ask(f"127.0.0.1:{server.port}", data)
    assert [line["code"] for line in lines if line["event"] == "call"] == ["UNAVAILABLE"] * 5


def test_calls_survive_a_kill_and_a_restart(rules: Path, data: dict[str, Any]) -> None:
    """kill -9 under calls, and a new process on the same port: every call is answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process, got, stop = _serve(rules, port), list[int](), threading.Event()

    def ask() -> None:
        with ScoringClient(f"127.0.0.1:{port}", timeout=15) as client:
            while not stop.is_set():
                got.append(client.score(data, explain=pb.EXPLAIN_LEVEL_NONE).status)

    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            ask()
        except BaseException as error:  # noqa: BLE001 - reported below
            failed.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = len(got)
        process = _serve(rules, port)
        time.sleep(1.5)
        stop.set()
        for thread in threads:
            thread.join(20)
        assert not failed
        assert 0 < before < len(got)
        assert set(got) == {pb.ASSESSMENT_STATUS_SCORED}
    finally:
        stop.set()
        process.kill()
        process.communicate()


# --- the log ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", ["full pipe", "closed pipe", "/dev/full"])
def test_a_log_that_cannot_be_written_fails_no_call(rules: Path, data: dict[str, Any], log: str) -> None:
    """Nobody reads it, the reader is gone, the disk is full: 500 calls are answered, and SIGTERM still ends the service with 0."""
    reader, writer = os.pipe()
    if log == "/dev/full":
        target = os.open(log, os.O_WRONLY)
    else:
        os.set_blocking(writer, False)
        try:
            while log == "full pipe":
                os.write(writer, b"x" * 4096)
        except BlockingIOError:
            pass
        os.set_blocking(writer, True)
        target = writer
    if log == "closed pipe":
        os.close(reader)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([OCOP, "serve", "--rules", str(rules), "--port", str(port)], stderr=target)
    os.close(target)
    try:
        with ScoringClient(f"127.0.0.1:{port}") as client:
            for _ in range(500):
                assert client.score(data, explain=pb.EXPLAIN_LEVEL_NONE).status == pb.ASSESSMENT_STATUS_SCORED
        process.terminate()
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()


# --- draining --------------------------------------------------------------------------------------------------------


def test_no_accepted_call_is_dropped_while_draining(start_server: Start, data: dict[str, Any]) -> None:
    """64 calls in work and waiting when the service ends: every one of them is answered."""
    server = start_server(threads=2, waiting=256)
    batch = pb.ScoreBatchRequest(
        dossiers=[dossier_from_dict(data)] * 20, wanted=pb.Wanted(explain=pb.EXPLAIN_LEVEL_SHEET)
    )
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, capture_logs() as lines:
        stub = pb_grpc.ScoringServiceStub(channel)
        calls = [stub.ScoreBatch.future(batch, timeout=60) for _ in range(64)]
        while not any(line["event"] == "call" for line in lines):
            time.sleep(0.01)
        server.stop()
        codes = [call.code() for call in calls]
    accepted = [line for line in lines if line["event"] == "call" and line["code"] == "OK"]
    assert codes.count(grpc.StatusCode.OK) == len(accepted)
    assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE}
    assert codes.count(grpc.StatusCode.OK) > 3


def test_callers_who_do_not_tire_do_not_hold_the_end(start_server: Start, data: dict[str, Any]) -> None:
    """Who is refused because the service ends, and calls again at once, is no reason to wait: it once took the whole term."""
    server, ended, codes = start_server(), threading.Event(), set()
    message = pb.ScoreRequest(dossier=dossier_from_dict(data))

    def call() -> None:
        options = (("grpc.use_local_subchannel_pool", 1),)
        with grpc.insecure_channel(f"127.0.0.1:{server.port}", options=options) as channel:
            while not ended.is_set():
                try:
                    pb_grpc.ScoringServiceStub(channel).Score(message, timeout=5)
                except grpc.RpcError as error:
                    codes.add(error.code())  # type: ignore[attr-defined]

    callers = [threading.Thread(target=call) for _ in range(12)]
    for caller in callers:
        caller.start()
    time.sleep(0.5)
    start = time.perf_counter()
    server.stop()
    took = time.perf_counter() - start
    ended.set()
    for caller in callers:
        caller.join()
    assert took < 3
    assert grpc.StatusCode.UNAVAILABLE in codes


def test_an_idle_stream_and_a_watch_do_not_hold_the_end(start_server: Start, data: dict[str, Any]) -> None:
    """Neither is worth the whole term of ten seconds."""
    server = start_server()
    release = threading.Event()

    def idle() -> Iterator[pb.ScoreStreamRequest]:
        yield pb.ScoreStreamRequest(dossier=dossier_from_dict(data))
        release.wait(20)

    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stream = pb_grpc.ScoringServiceStub(channel).ScoreStream(idle())
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert next(stream).result.assessment.status
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        start = time.perf_counter()
        server.stop()
        assert time.perf_counter() - start < 3
        release.set()


# --- health and reflection -------------------------------------------------------------------------------------------


def test_undecodable_bytes_to_health_and_reflection(rules: Path, data: dict[str, Any]) -> None:
    """Answered, logged, and SIGTERM still ends the service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = _serve(rules, port)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
        reflect = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        for _ in range(4):
            for call in (
                lambda: check(b"\xff\xff\xff", timeout=5),
                lambda: next(watch(b"\xff\xff\xff", timeout=5)),
                lambda: next(reflect(iter([b"\xff\xff\xff"]), timeout=5)),
            ):
                with pytest.raises(grpc.RpcError) as error:
                    call()
                assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert pb_grpc.ScoringServiceStub(channel).Score(pb.ScoreRequest(dossier=dossier_from_dict(data)), timeout=5)
    process.terminate()
    _, log = process.communicate(timeout=10)
    assert process.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    assert sum(line.get("code") == "INVALID_ARGUMENT" for line in lines) >= 8


def test_health_answers_under_load(start_server: Start, rulebook: Rulebook, data: dict[str, Any]) -> None:
    """256 heavy calls in flight, 300 silent watches: every probe is answered within a second, and streams still open."""
    server = start_server()
    rng = random.Random(1)
    sheets = [{**data["sheets"][0], "assessor": f"T{i}"} for i in range(99)]
    rng.shuffle(sheets)
    request = pb.ScoreRequest(dossier=dossier_from_dict(data | {"sheets": sheets}))
    with (
        grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel,
        grpc.insecure_channel(f"127.0.0.1:{server.port}", options=(("grpc.use_local_subchannel_pool", 1),)) as other,
    ):
        watches = [health_pb2_grpc.HealthStub(other).Watch(health_pb2.HealthCheckRequest()) for _ in range(300)]
        stub = pb_grpc.ScoringServiceStub(channel)
        calls = [stub.Score.future(request, timeout=120) for _ in range(200)]
        for _ in range(20):
            answer = health_pb2_grpc.HealthStub(other).Check(health_pb2.HealthCheckRequest(), timeout=1)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING
            time.sleep(0.05)
        item = pb.ScoreStreamRequest(dossier=dossier_from_dict(data))
        assert next(pb_grpc.ScoringServiceStub(other).ScoreStream(iter([item]), timeout=60)).result.assessment.status
        for call in calls:
            call.cancel()
        assert len(watches) == 300


def test_watches_that_end_while_others_begin_stop_nothing(start_server: Start, data: dict[str, Any]) -> None:
    """Once a watch that ended waited for one that was sending, in the thread that serves every call."""
    server = start_server()
    for _ in range(5):
        with grpc.insecure_channel(
            f"127.0.0.1:{server.port}", options=(("grpc.use_local_subchannel_pool", 1),)
        ) as channel:
            watches = [health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest()) for _ in range(150)]
            for watch in watches[::2]:
                watch.cancel()
    assert _ask(f"127.0.0.1:{server.port}", data).status == pb.ASSESSMENT_STATUS_SCORED
    start = time.perf_counter()
    server.stop()
    assert time.perf_counter() - start < 3


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_watches_of_callers_who_are_gone_give_their_places_back(start_server: Start) -> None:
    """One caller who began and left 7,500 watches took all places there are, until the service was started anew."""
    server = start_server()
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for n in range(600):
            watch = stub.Watch(health_pb2.HealthCheckRequest())
            time.sleep(n % 4 * 0.0004)
            watch.cancel()
        until = time.monotonic() + 5
        while server._calls._watches and time.monotonic() < until:
            time.sleep(0.05)
    assert server._calls._watches == 0


def test_a_call_whose_message_never_comes_keeps_no_thread(start_server: Start, data: dict[str, Any]) -> None:
    """Headers without a message, to every thread that scores and every one that answers probes: both are there again soon."""
    server = start_server(threads=2, patience_seconds=1.0)
    never = threading.Event()
    with (
        grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel,
        ScoringClient(f"127.0.0.1:{server.port}") as client,
    ):
        silent = [
            channel.stream_unary(method).future(iter(never.wait, None))
            for method in (f"/{SERVICE}/Score", "/grpc.health.v1.Health/Check")
            for _ in range(4)
        ]
        time.sleep(0.2)
        start = time.perf_counter()
        assert client.score(data, timeout=8).status == pb.ASSESSMENT_STATUS_SCORED
        assert (
            health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=8).status
            == health_pb2.HealthCheckResponse.SERVING
        )
        assert time.perf_counter() - start < 7
        assert {call.code() for call in silent} == {grpc.StatusCode.CANCELLED}
        never.set()


def test_what_is_too_large_is_named(start_server: Start, data: dict[str, Any]) -> None:
    """A request over the limit, and the item of a stream that is; an answer over the limit is no OK in the log."""
    server = start_server(max_request_bytes=20_000, max_response_bytes=40_000)
    small = pb.ScoreStreamRequest(dossier=dossier_from_dict(data))
    large = pb.ScoreStreamRequest(dossier=dossier_from_dict(data | {"edition": "x" * 30_000}))
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, capture_logs() as lines:
        stub = pb_grpc.ScoringServiceStub(channel)
        with pytest.raises(grpc.RpcError) as error:
            stub.Score(pb.ScoreRequest(dossier=large.dossier))
        assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "20,000" in str(error.value.details())
        seen = []
        with pytest.raises(grpc.RpcError) as error:
            for response in stub.ScoreStream(iter([small, small, large, small])):
                seen.append(response.result.assessment.status)
        assert len(seen) == 2
        assert str(error.value.details()).startswith("items[2]: ")  # a path of a field, as everywhere
        with pytest.raises(grpc.RpcError) as error:
            stub.ScoreBatch(
                pb.ScoreBatchRequest(dossiers=[small.dossier] * 8, wanted=pb.Wanted(explain=pb.EXPLAIN_LEVEL_SHEET))
            )
        assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert {line["code"] for line in lines if line["event"] == "call"} == {"RESOURCE_EXHAUSTED"}


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("args", "says"), [
    (("--port", "70000"), "65535"), (("--port", "-1"), "65535"), (("--port", "x"), "65535"), (("--threads", "0"), "từ 2 đến"), (("--threads", "1e9"), "từ 2 đến"),
    (("--notice-seconds", "nan"), "seconds"), (("--notice-seconds", "inf"), "seconds"), (("--notice-seconds", "-1"), "seconds"),
    (("--host", "203.0.113.7", "--port", "0"), "not one of this machine"), (("--host", "nowhere.invalid"), "cannot listen"),
])  # fmt: skip
def test_serve_is_told_what_is_wrong_with_its_options(args: tuple[str, ...], says: str) -> None:
    """Exit code 2 and one clear line; never a traceback, never another port."""
    done = subprocess.run([OCOP, "serve", *args], capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told_as_such(start_server: Start) -> None:
    """And not as a matter of rights."""
    done = subprocess.run(
        [OCOP, "serve", "--port", str(start_server().port)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "another program uses the port" in done.stderr


def test_a_language_that_is_none_is_told(tmp_path: Path) -> None:
    """OCOP_LANG=fr is no way to get English."""
    done = subprocess.run(
        [OCOP, "sets"], env={**os.environ, "OCOP_LANG": "fr"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "known: vi, en" in done.stderr


def test_health_says_why_not(start_server: Start) -> None:
    """Not ready, or nobody there."""
    server = start_server(load=False)
    for address, says in ((f"127.0.0.1:{server.port}", "NOT_SERVING"), ("127.0.0.1:1", "does not answer")):
        done = subprocess.run([OCOP, "health", address], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert says in done.stderr


def test_a_hangup_does_not_kill(rules: Path) -> None:
    """A terminal that goes away takes no service along."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = _serve(rules, port)
    process.send_signal(signal.SIGHUP)
    with ScoringClient(f"127.0.0.1:{port}") as client:
        assert client.editions()
    process.terminate()
    assert process.wait(15) == 0
    process.communicate()


def test_a_signal_to_any_thread_ends_the_service(rules: Path) -> None:
    """The system may hand SIGTERM to a thread that does not run Python's handlers."""
    tgkill = getattr(ctypes.CDLL(None), "tgkill", None)
    if tgkill is None:
        pytest.skip("this C library has no tgkill")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _serve(rules, port) as process:
        others = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
        assert tgkill(process.pid, max(others), signal.SIGTERM) == 0
        assert process.wait(10) == 0
        process.communicate()


def _serve(rules: Path, port: int) -> subprocess.Popen[str]:
    """`ocop serve` as a process of its own, ready to score."""
    process = subprocess.Popen(
        [OCOP, "serve", "--rules", str(rules), "--port", str(port)], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    with ScoringClient(f"127.0.0.1:{port}", timeout=20) as client:
        for _ in range(4):
            try:
                client.editions()
                break
            except UnavailableError:
                continue
    return process


def _ask(address: str, data: dict[str, Any]) -> pb.Assessment:
    with ScoringClient(address) as client:
        return client.score(data)


def _ask_aio(address: str, data: dict[str, Any]) -> pb.Assessment:
    async def ask() -> pb.Assessment:
        async with AsyncScoringClient(address) as client:
            return await client.score(data)

    return asyncio.run(ask())


def test_what_is_kept_is_bounded_over_all_forms() -> None:
    """Ever new findings of ever other product sets: what is kept for speed is begun anew before it grows, and stays right."""
    stores = [Kept() for _ in range(100)]
    most = 0
    for number in range(100_000):
        store = stores[number % 100]
        assert store.once(number, lambda number=number: number * 2) == number * 2  # type: ignore[misc]
        assert store.once(number, lambda: -1) == number * 2
        if number % 1_000 == 0:
            most = max(most, sum(len(one.known) for one in stores))
    assert 10_000 < most <= 40_000
