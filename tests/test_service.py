"""The service as its callers meet it: real servers on free ports, real channels."""

from __future__ import annotations

import json
import random
import signal
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
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status
from ocop import dossier_from_dict
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc
from structlog.testing import capture_logs
from support import honey

from scoring_service import __version__
from scoring_service.rulebook.library import Rulebook
from scoring_service.service.server import SERVICE, PortError, ScoringServer, ServerConfig
from scoring_service.service.workers import Workers
from scoring_service.telling.catalogue import languages

Start = Callable[..., ScoringServer]


@pytest.fixture
def channel(address: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(address) as channel:
        yield channel


@pytest.fixture
def stub(channel: grpc.Channel) -> pb_grpc.ScoringServiceStub:
    return pb_grpc.ScoringServiceStub(channel)


@pytest.fixture
def dossier(rulebook: Rulebook) -> pb.Dossier:
    return dossier_from_dict(honey(rulebook.editions["2026"]))


def failure(error: pytest.ExceptionInfo[grpc.RpcError]) -> tuple[grpc.StatusCode, list[pb.Violation]]:
    """The code and every violation, from the first detail of the status."""
    status = rpc_status.from_call(error.value)
    detail = pb.ErrorDetail()
    assert status is not None
    assert status.details[0].Unpack(detail)
    assert detail.request_id == dict(error.value.trailing_metadata())["x-request-id"]
    return error.value.code(), list(detail.violations)


def _info(reason: str) -> bytes:
    """The ErrorInfo of a refusal."""
    return error_details_pb2.ErrorInfo(reason=reason, domain="ocop.scoring").SerializeToString()


def item(key: str, dossier: pb.Dossier) -> pb.ScoreStreamRequest:
    """One item of a stream."""
    request = pb.ScoreStreamRequest(dossier=dossier, wanted=pb.Wanted(explain=pb.EXPLAIN_LEVEL_NONE))
    request.dossier.id = key
    return request


def test_score_names_the_rules_that_gave_the_result(
    stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier, rulebook: Rulebook
) -> None:
    """Edition, digest and engine version stand in every answer."""
    got = stub.Score(pb.ScoreRequest(dossier=dossier)).assessment
    assert got.status == pb.ASSESSMENT_STATUS_SCORED
    assert (got.edition, got.digest, got.engine_version) == ("2026", rulebook.editions["2026"].digest, __version__)
    assert (got.total.sum, got.total.sheets, got.total.text) == (75, 1, "75.00")
    assert not got.edition_choice.asked
    assert "Điều 11" in got.edition_choice.reference


def test_the_same_request_gives_the_same_bytes(rules: Path, dossier: pb.Dossier) -> None:
    """Same digest, same bytes, also from another process: compared as they come over the wire."""
    requests = {
        "Score": pb.ScoreRequest(dossier=dossier),
        "Compare": pb.CompareRequest(
            left=dossier, right=dossier, left_sheets=pb.SHEET_KIND_COUNCIL, right_sheets=pb.SHEET_KIND_COUNCIL
        ),
        "ListEditions": pb.ListEditionsRequest(),
        "ListProductSets": pb.ListProductSetsRequest(),
        "ListFacts": pb.ListFactsRequest(languages=["en", "vi"]),
        "GetScoreSheet": pb.GetScoreSheetRequest(set="rural-tourism"),
    }
    seen: dict[str, set[bytes]] = {name: set() for name in requests}
    for _ in range(3):
        process, port = serve_process(rules)
        wait_serving(port)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            for name, request in requests.items():
                raw = channel.unary_unary(f"/{SERVICE}/{name}")
                seen[name].add(raw(request.SerializeToString(deterministic=True), timeout=10))
        process.terminate()
        process.communicate(timeout=20)
    assert {name: len(answers) for name, answers in seen.items()} == dict.fromkeys(requests, 1)


def test_an_unknown_kind_of_sheet_is_no_vote(stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier) -> None:
    """A newer client's kind must not change stars in silence."""
    dossier.sheets[0].kind = 42  # type: ignore[assignment]
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=dossier))
    code, violations = failure(error)
    assert (code, violations[0].field) == (grpc.StatusCode.INVALID_ARGUMENT, "sheets[0].kind")


def test_a_flood_of_empty_sheets_is_refused_quickly(stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier) -> None:
    """Twenty kilobytes must not buy seconds of work."""
    dossier.sheets.extend(pb.Sheet() for _ in range(10_000))
    start = time.perf_counter()
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=dossier), timeout=10)
    assert time.perf_counter() - start < 2
    code, violations = failure(error)
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert any(v.code == "TOO_MANY_SHEETS" for v in violations)


def test_idle_reflection_streams_leave_threads_for_calls(start_server: Start, dossier: pb.Dossier) -> None:
    """Not only our own streams: whatever holds a thread shares the limit."""
    server = start_server(threads=4)
    release = threading.Event()

    def idle() -> Iterator[reflection_pb2.ServerReflectionRequest]:
        yield reflection_pb2.ServerReflectionRequest(list_services="")
        release.wait(20)

    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        streams = [reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(idle()) for _ in range(6)]
        time.sleep(0.5)
        assert (
            pb_grpc.ScoringServiceStub(channel).Score(pb.ScoreRequest(dossier=dossier), timeout=5).assessment.status
            == pb.ASSESSMENT_STATUS_SCORED
        )
        release.set()
        assert len(streams) == 6


@pytest.mark.parametrize(
    ("given", "taken"), [("req-42", True), ("a" * 128, True), ("a" * 129, False), ("a b", False), ("?", False)]
)
def test_a_request_id_is_taken_or_refused(channel: grpc.Channel, given: str, taken: bool, dossier: pb.Dossier) -> None:
    """Ids of the documented form come back in the trailers; anything else is refused and told, not replaced in silence."""
    score = pb_grpc.ScoringServiceStub(channel).Score
    if taken:
        _, call = score.with_call(pb.ScoreRequest(dossier=dossier), metadata=(("x-request-id", given),))
        assert dict(call.trailing_metadata())["x-request-id"] == given
    else:
        with pytest.raises(grpc.RpcError) as error:
            score(pb.ScoreRequest(dossier=dossier), metadata=(("x-request-id", given),))
        assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert "1 to 128" in str(error.value.details())
        assert len(dict(error.value.trailing_metadata())["x-request-id"]) == 32


@pytest.mark.parametrize(("level", "findings", "lines"), [
    (pb.EXPLAIN_LEVEL_NONE, False, False), (pb.EXPLAIN_LEVEL_FINDINGS, True, False),
    (pb.EXPLAIN_LEVEL_FULL, True, True), (pb.EXPLAIN_LEVEL_UNSPECIFIED, True, True)])  # fmt: skip
def test_the_caller_chooses_how_much_is_explained(
    stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier, level: pb.ExplainLevel.ValueType, findings: bool, lines: bool
) -> None:
    """Nothing, the findings, or every line of the sheet."""
    got = stub.Score(pb.ScoreRequest(dossier=dossier, wanted=pb.Wanted(explain=level))).assessment
    assert (bool(got.findings), bool(got.lines)) == (findings, lines)
    assert got.stars.by_points == 4


def test_every_finding_and_line_says_where_it_comes_from(
    stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier, rules: Path
) -> None:
    """Rule file and line exist, a reading says why, and nothing is left unrendered."""
    wanted = pb.Wanted(explain=pb.EXPLAIN_LEVEL_SHEET, languages=["en", "vi"])
    got = stub.Score(pb.ScoreRequest(dossier=dossier, wanted=wanted)).assessment
    places = [f.source for f in got.findings if f.HasField("source")] + [line.sheet.source for line in got.lines]
    for place in places:
        assert (rules / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1].strip()
    for item in [*got.findings, *got.lines]:
        assert item.basis.stated or len(item.basis.why) == 2
        assert len(item.text) == 2 and "{" not in "".join(item.text)
        assert item.text[0] != item.text[1]
    assert [line.criterion for line in got.lines][:3] == ["1.1", "1.2", "1.3"]


def test_all_wrong_fields_come_back_at_once(stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier) -> None:
    """INVALID_ARGUMENT with the path of each, in English and Vietnamese."""
    dossier.sheets[0].answers["1.1"] = "7"
    dossier.sheets[0].answers["99"] = "1"
    dossier.facts["local_labor_share"].decimal = "50"
    dossier.facts["contract_share"].decimal = "a lot"
    dossier.council.level = "provincial"
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=dossier))
    code, violations = failure(error)
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    by_field = {v.field: v for v in violations}
    assert set(by_field) == {
        "sheets[0].answers.1.1",
        "sheets[0].answers.99",
        "facts.local_labor_share",
        "facts.contract_share",
        "council.level",
    }
    assert (
        "Did you mean 'local_labour_share' (Share of workers from the commune)?"
        in by_field["facts.local_labor_share"].text[1]
    )
    assert (
        "Ý bạn là 'local_labour_share' (Tỷ lệ lao động là người trong xã)?"
        in by_field["facts.local_labor_share"].text[0]
    )
    assert by_field["facts.local_labor_share"].suggestion == "local_labour_share"
    assert "Options: 0, 1, 2, 3" in by_field["sheets[0].answers.1.1"].text[1]


def test_an_empty_request_says_what_is_needed(stub: pb_grpc.ScoringServiceStub) -> None:
    """Nothing given: every needed field is named."""
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest())
    code, violations = failure(error)
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert {v.field for v in violations} == {"product.set", "application.kind", "application.filed_on", "council.level"}


@pytest.mark.parametrize(("change", "code", "field"), [
    ({"product": {"set": "hony"}}, grpc.StatusCode.NOT_FOUND, "product.set"),
    ({"edition": "2031"}, grpc.StatusCode.NOT_FOUND, "edition"),
    ({"application": {"kind": "first", "filed_on": "2010-01-01"}}, grpc.StatusCode.FAILED_PRECONDITION, "application.filed_on"),
    ({"application": {"kind": "first", "filed_on": "2026-02-30"}}, grpc.StatusCode.INVALID_ARGUMENT, "application.filed_on"),
    ({"application": {"kind": "first"}}, grpc.StatusCode.INVALID_ARGUMENT, "application.filed_on"),
    ({"application": {"kind": "frist", "filed_on": "2026-06-01"}}, grpc.StatusCode.INVALID_ARGUMENT, "application.kind"),
])  # fmt: skip
def test_each_kind_of_mistake_has_its_code(
    stub: pb_grpc.ScoringServiceStub, rulebook: Rulebook, change: dict[str, Any], code: grpc.StatusCode, field: str
) -> None:
    """NOT_FOUND, FAILED_PRECONDITION and INVALID_ARGUMENT, each with the field."""
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=dossier_from_dict(honey(rulebook.editions["2026"], **change))))
    got, violations = failure(error)
    assert (got, violations[0].field) == (code, field)


def test_a_stream_keeps_order_and_ids_and_survives_bad_items(
    stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier
) -> None:
    """Item errors stand inside the response; the items around them are scored."""
    bad = pb.Dossier()
    bad.CopyFrom(dossier)
    bad.product.set = "nowhere"
    items = [item(f"n{i}", bad if i % 3 == 1 else dossier) for i in range(20)]
    got = list(stub.ScoreStream(iter(items)))
    got = [response.result for response in got]
    assert [r.id for r in got] == [f"n{i}" for i in range(20)]
    assert [r.WhichOneof("result") for r in got] == ["error" if i % 3 == 1 else "assessment" for i in range(20)]
    assert got[1].error.code == grpc.StatusCode.NOT_FOUND.value[0]
    assert got[1].error.detail.violations[0].field == "product.set"


def test_streams_may_not_take_all_threads(start_server: Start, dossier: pb.Dossier) -> None:
    """Idle streams hold half of the threads at most; one more is told so, and single calls still get through."""
    server = start_server(threads=4)
    release = threading.Event()

    def idle() -> Iterator[pb.ScoreStreamRequest]:
        yield item("first", dossier)
        release.wait(20)

    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = pb_grpc.ScoringServiceStub(channel)
        streams = [stub.ScoreStream(idle()) for _ in range(2)]
        for stream in streams:
            assert next(stream).result.id == "first"
        with pytest.raises(grpc.RpcError) as error:
            next(stub.ScoreStream(idle()))
        assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert stub.Score(pb.ScoreRequest(dossier=dossier), timeout=5).assessment.status == pb.ASSESSMENT_STATUS_SCORED
        release.set()


def test_the_criteria_are_data_for_forms(stub: pb_grpc.ScoringServiceStub) -> None:
    """Editions, product sets with facts, and a whole sheet; the newest edition by default."""
    editions = stub.ListEditions(pb.ListEditionsRequest()).editions
    assert editions[-1].id == "2026"
    assert [(b.stars, b.interval) for b in editions[-1].bands] == [
        (5, "[90, 100]"),
        (4, "[70, 90)"),
        (3, "[50, 70)"),
        (2, "[30, 50)"),
        (1, "[0, 30)"),
    ]
    sets = stub.ListProductSets(pb.ListProductSetsRequest())
    assert sets.edition == "2026"
    assert len(sets.product_sets) == 26
    assert {f.kind for f in stub.ListFacts(pb.ListFactsRequest()).facts} == {
        pb.FACT_KIND_YES_NO,
        pb.FACT_KIND_PERCENT,
        pb.FACT_KIND_COUNT,
        pb.FACT_KIND_CHOICE,
    }
    sheet = stub.GetScoreSheet(pb.GetScoreSheetRequest(set="honey")).sheet
    assert [(p.code, p.max) for p in sheet.parts] == [("A", 40), ("B", 25), ("C", 35)]
    with pytest.raises(grpc.RpcError) as error:
        stub.GetScoreSheet(pb.GetScoreSheetRequest(set="honney"))
    assert error.value.code() is grpc.StatusCode.NOT_FOUND
    assert "honey" in str(error.value.details())


def test_pages_make_the_list_and_fit_no_other(stub: pb_grpc.ScoringServiceStub, rulebook: Rulebook) -> None:
    """Ten at a time, in order, nothing twice; a token of another list or edition is refused."""
    wanted, found = pb.ListProductSetsRequest(edition="2026", page_size=10), []
    while True:
        got = stub.ListProductSets(wanted)
        found += [one.id for one in got.product_sets]
        if not got.next_page_token:
            break
        wanted.page_token = got.next_page_token
    assert found == [one.slug for one in rulebook.editions["2026"].sets.values()]
    elsewhere = pb.ListProductSetsRequest(edition="2023", page_token=wanted.page_token)
    for ask in (
        lambda: stub.ListProductSets(elsewhere),
        lambda: stub.ListFacts(pb.ListFactsRequest(edition="2026", page_token=wanted.page_token)),
        lambda: stub.ListEditions(pb.ListEditionsRequest(page_token="1")),
    ):
        with pytest.raises(grpc.RpcError) as error:
            ask()
        assert [(v.field, v.code) for v in failure(error)[1]] == [("page_token", "PAGE_TOKEN")]


def test_health_says_not_serving_until_rules_are_loaded(
    start_server: Start, rulebook: Rulebook, dossier: pb.Dossier
) -> None:
    """Before: NOT_SERVING and UNAVAILABLE. After: SERVING, under both names."""
    server = start_server(load=False)
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        health, stub = health_pb2_grpc.HealthStub(channel), pb_grpc.ScoringServiceStub(channel)
        for name in ("", SERVICE):
            assert (
                health.Check(health_pb2.HealthCheckRequest(service=name)).status
                == health_pb2.HealthCheckResponse.NOT_SERVING
            )
        with pytest.raises(grpc.RpcError) as error:
            stub.Score(pb.ScoreRequest(dossier=dossier))
        assert error.value.code() is grpc.StatusCode.UNAVAILABLE
        server.load(rulebook)
        for name in ("", SERVICE):
            assert (
                health.Check(health_pb2.HealthCheckRequest(service=name)).status
                == health_pb2.HealthCheckResponse.SERVING
            )
        assert stub.Score(pb.ScoreRequest(dossier=dossier)).assessment.status == pb.ASSESSMENT_STATUS_SCORED


def test_reflection_lists_the_service(channel: grpc.Channel) -> None:
    """Tools can discover the contract."""
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    answer = next(reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(iter([request])))
    assert SERVICE in {s.name for s in answer.list_services_response.service}


def test_a_second_server_on_the_port_fails(start_server: Start) -> None:
    """It must not share the port in silence."""
    server = start_server()
    with pytest.raises(PortError, match="PORT_IN_USE"):
        ScoringServer(ServerConfig(port=server.port))


def test_five_megabytes_are_refused_and_the_server_lives(stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier) -> None:
    """RESOURCE_EXHAUSTED, then business as usual."""
    big = pb.Dossier()
    big.CopyFrom(dossier)
    big.product.name = "x" * 2_000_000
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=big))
    assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert stub.Score(pb.ScoreRequest(dossier=dossier)).assessment.status == pb.ASSESSMENT_STATUS_SCORED


def test_a_flood_of_wrong_fields_fits_into_trailers(stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier) -> None:
    """Thousands of answers are refused before they are read; a hundred mistakes are told as far as trailers reach, and how many are not."""
    flood = pb.Dossier()
    flood.CopyFrom(dossier)
    for index in range(5_000):
        flood.sheets[0].answers[f"nonsense-{index}"] = "z" * 50
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=flood), timeout=1)
    assert [v.code for v in failure(error)[1]] == ["TOO_MANY_ANSWERS"]
    for index in range(120):
        dossier.sheets[0].answers[f"nonsense-{index}"] = "z" * 50
    with pytest.raises(grpc.RpcError) as error:
        stub.Score(pb.ScoreRequest(dossier=dossier), timeout=10)
    code, violations = failure(error)
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    detail = pb.ErrorDetail()
    rpc_status.from_call(error.value).details[0].Unpack(detail)
    assert len(violations) + detail.left_out == 101
    assert len(violations) > 5


def test_nonsense_bytes_do_not_hurt(
    channel: grpc.Channel, stub: pb_grpc.ScoringServiceStub, dossier: pb.Dossier
) -> None:
    """Bytes that are no message, and messages full of nonsense: errors only, and the server lives."""
    raw = channel.unary_unary(f"/{SERVICE}/Score", request_serializer=lambda b: b, response_deserializer=lambda b: b)
    rng = random.Random(3)
    for _ in range(100):
        with pytest.raises(grpc.RpcError) as broken_bytes:
            raw(b"\xff" + rng.randbytes(rng.randrange(1, 400)), timeout=5)
        assert broken_bytes.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert dict(broken_bytes.value.trailing_metadata())["x-request-id"]
    for text in ("\x00", "đ" * 1000, "💥", "{name}", "../../etc/passwd", "-0", "1e9", "NaN", "٣"):
        broken = pb.Dossier()
        broken.CopyFrom(dossier)
        broken.facts[text].choice = broken.facts["contract_share"].decimal = text
        broken.sheets.add(assessor=text, answers={text: text, "1.1": text})
        with pytest.raises(grpc.RpcError) as error:
            stub.Score(pb.ScoreRequest(dossier=broken), timeout=5)
        assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert stub.Score(pb.ScoreRequest(dossier=dossier)).assessment.status == pb.ASSESSMENT_STATUS_SCORED


def test_an_unexpected_exception_leaves_without_its_text(start_server: Start, dossier: pb.Dossier) -> None:
    """INTERNAL and the request id to the caller; the text goes to the log."""
    server = start_server()
    server._servicer.engine = object()  # type: ignore[assignment]
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, pytest.raises(grpc.RpcError) as error:
        pb_grpc.ScoringServiceStub(channel).Score(
            pb.ScoreRequest(dossier=dossier), metadata=(("x-request-id", "req-42"),)
        )
    assert error.value.code() is grpc.StatusCode.INTERNAL
    assert "req-42" in str(error.value.details())
    assert "attribute" not in str(error.value.details())
    assert dict(error.value.trailing_metadata())["x-request-id"] == "req-42"


def test_every_refusal_has_its_code_and_both_languages(start_server: Start, dossier: pb.Dossier) -> None:
    """Whatever is refused, and wherever: the details hold an ErrorDetail first, with one violation in all languages."""
    request, service = pb.ScoreRequest(dossier=dossier), f"/{SERVICE}/Score"
    broken = start_server()
    broken._servicer.engine = object()  # type: ignore[assignment]
    servers = {
        "LOADING": start_server(load=False),
        "REQUEST_TOO_LARGE": start_server(max_request_bytes=400),
        "ANSWER_TOO_LARGE": start_server(max_response_bytes=200),
        "INTERNAL": broken,
    }
    well = start_server()
    refusals = {
        name: (lambda at: pb_grpc.ScoringServiceStub(at).Score(request), one) for name, one in servers.items()
    } | {
        "NOT_A_REQUEST": (lambda at: at.unary_unary(service)(b"\xff"), well),
        "REQUEST_ID_FORM": (lambda at: at.unary_unary(service)(b"", metadata=(("x-request-id", "no id"),)), well),
        "SERVICE_UNKNOWN": (
            lambda at: health_pb2_grpc.HealthStub(at).Check(health_pb2.HealthCheckRequest(service="?")),
            well,
        ),
    }
    for name, (call, server) in refusals.items():
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as at, pytest.raises(grpc.RpcError) as error:
            call(at)
        code, violations = failure(error)
        assert code not in {grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN}, name
        assert [v.code for v in violations] == [name]
        assert len(set(violations[0].text)) == len(languages()), name


def test_too_many_calls_at_once_are_told_so(start_server: Start, dossier: pb.Dossier) -> None:
    """Back-pressure: beyond the limit a call is refused at once with RESOURCE_EXHAUSTED, its id and a log line, instead of waiting for ever."""
    server = start_server(threads=2, waiting=4)
    big = pb.ScoreBatchRequest(dossiers=[dossier] * 100, wanted=pb.Wanted(explain=pb.EXPLAIN_LEVEL_SHEET))
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, capture_logs() as lines:
        stub = pb_grpc.ScoringServiceStub(channel)
        calls = [stub.ScoreBatch.future(big, timeout=60) for _ in range(40)]
        codes = [call.code() for call in calls]
        assert set(codes) == {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}
        refused = [call for call in calls if call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED]
        ids = {dict(call.trailing_metadata())["x-request-id"] for call in refused}
        assert {rpc_status.from_call(call).details[1].value for call in refused} == {_info("CALLS_WAITING")}
    assert ids == {line["request_id"] for line in lines if line["code"] == "RESOURCE_EXHAUSTED"}


def test_a_deadline_is_honoured(start_server: Start, dossier: pb.Dossier) -> None:
    """A stream stops at its deadline although the client would go on."""
    server = start_server()

    def endless() -> Iterator[pb.ScoreStreamRequest]:
        while True:
            yield item("a", dossier)
            time.sleep(0.01)

    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        start = time.perf_counter()
        with pytest.raises(grpc.RpcError) as error:
            for _ in pb_grpc.ScoringServiceStub(channel).ScoreStream(endless(), timeout=0.5):
                pass
        assert error.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert time.perf_counter() - start < 5


def serve_process(rules: Path, *more: str) -> tuple[subprocess.Popen[str], int]:
    """`ocop serve` as a process of its own on a free port, which it names in its log."""
    command = [str(Path(sys.executable).parent / "ocop"), "serve", "--rules", str(rules), "--port", "0", *more]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    listening = json.loads(process.stderr.readline())
    assert listening["event"] == "listening"
    return process, listening["port"]


def wait_serving(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for _ in range(200):
            try:
                if health.Check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING:
                    return
            except grpc.RpcError:
                pass
            time.sleep(0.1)
    pytest.fail("the server did not come up")


def test_sigterm_drains(rules: Path, dossier: pb.Dossier) -> None:
    """A running stream ends well, the process exits with 0, and each call left one JSON line."""
    process, port = serve_process(rules)
    wait_serving(port)
    going, release = threading.Event(), threading.Event()

    def items() -> Iterator[pb.ScoreStreamRequest]:
        yield item("before", dossier)
        release.wait(20)
        yield item("after", dossier)

    seen = []
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:

        def consume() -> None:
            for response in pb_grpc.ScoringServiceStub(channel).ScoreStream(items()):
                seen.append(response.result.id)
                going.set()

        thread = threading.Thread(target=consume)
        thread.start()
        assert going.wait(20)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        release.set()
        thread.join(20)
    _, log = process.communicate(timeout=20)
    assert seen == ["before", "after"]
    assert process.returncode == 0
    lines = [line for line in log.splitlines() if '"event": "call"' in line]
    assert len(lines) == 1
    assert '"items": 2' in lines[0] and '"code": "OK"' in lines[0] and '"request_id"' in lines[0]


def test_a_killed_client_leaves_the_server_alive(rules: Path, dossier: pb.Dossier) -> None:
    """A connection that dies in the middle of a stream costs nothing."""
    process, port = serve_process(rules)
    try:
        wait_serving(port)
        script = (
            "import grpc, os, sys\n"
            "from ocop.scoring.v1 import scoring_pb2 as pb, scoring_pb2_grpc as g\n"
            "def items():\n"
            "    yield pb.ScoreStreamRequest()\n"
            "    os.kill(os.getpid(), 9)\n"
            f"list(g.ScoringServiceStub(grpc.insecure_channel('127.0.0.1:{port}')).ScoreStream(items()))\n")  # fmt: skip
        for _ in range(3):
            assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = pb_grpc.ScoringServiceStub(channel)
            assert (
                stub.Score(pb.ScoreRequest(dossier=dossier), timeout=5).assessment.status == pb.ASSESSMENT_STATUS_SCORED
            )
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_serve_with_broken_rules_says_what_and_exits(tmp_path: Path) -> None:
    """Exit code 1 and the mistake with its place; nothing half-loaded is served."""
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "edition.yaml").write_text("edition: [}", encoding="utf-8")
    process, _ = serve_process(tmp_path)
    _, log = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "edition.yaml:1" in log


@pytest.mark.parametrize("sent", ["convert", "server"])
def test_a_word_that_no_message_can_carry_is_told(tmp_path: Path, address: str, sent: str) -> None:
    """A misspelt word of a closed list does not vanish on its way through a message."""
    text = (ROOT / "rules/2026/samples/chu-noodles-4-stars.yaml").read_text(encoding="utf-8")
    file = tmp_path / "dossier.yaml"
    file.write_text(text.replace("level: province", "mode: email, level: province", 1), encoding="utf-8")
    args = ["convert", str(file)] if sent == "convert" else ["score", str(file), "--server", address]
    command = [str(Path(sys.executable).with_name("ocop")), *args, "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "'email' is no way for a council to judge" in done.stdout + done.stderr


def test_a_worker_outlives_a_call_that_ends_badly() -> None:
    """Nothing a call does takes away the thread that the next one needs; close lets waiting calls be made."""
    workers, done, held = Workers(1, "tried", 5.0), threading.Event(), threading.Event()
    with capture_logs() as lines:
        workers.submit(held.wait, 10)
        workers.submit(sys.exit, 1)
        workers.submit(done.set)
        assert workers.waiting() >= 2
        workers.close()
        held.set()
        assert done.wait(10)
    assert [line["log_level"] for line in lines] == ["error"]
