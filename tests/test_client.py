"""The thin clients against real servers."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from concurrent import futures
from decimal import Decimal
from typing import Any

import grpc
import ocop
import pytest
from ocop import (
    AsyncScoringClient,
    InvalidDossierError,
    NoEditionError,
    NotFoundError,
    OverloadedError,
    ScoringClient,
    ScoringError,
    ServerError,
    TimedOutError,
    UnavailableError,
    dossier_from_dict,
)  # fmt: skip
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc
from support import honey

from scoring_service.rulebook.library import Rulebook


@pytest.fixture
def data(rulebook: Rulebook) -> dict[str, Any]:
    return honey(rulebook.editions["2026"])


def test_a_dossier_as_a_dictionary_is_scored(address: str, data: dict[str, Any]) -> None:
    """The shape of a dossier file is enough; the result is typed."""
    with ScoringClient(address) as client:
        result = client.score(data)
    assert (result.status, result.stars.by_points, result.total.sum) == (pb.STATUS_SCORED, 4, 75)


def test_both_clients_give_the_same(address: str, data: dict[str, Any]) -> None:
    """Sync and aio: the same methods, the same answers."""

    async def ask() -> tuple[Any, ...]:
        async with AsyncScoringClient(address) as client:
            many = [item async for item in client.score_many([("a", data), ("b", {**data, "product": {"set": "x"}})])]
            return (
                await client.score(data),
                await client.editions(),
                await client.product_sets(),
                await client.score_sheet("honey"),
                many,
            )

    with ScoringClient(address) as client:
        many = list(client.score_many([("a", data), ("b", {**data, "product": {"set": "x"}})]))
        ours = (client.score(data), client.editions(), client.product_sets(), client.score_sheet("honey"), many)
    theirs = asyncio.run(ask())
    assert ours[:4] == theirs[:4]
    assert [(i.id, i.assessment) for i in ours[4]] == [(i.id, i.assessment) for i in theirs[4]]
    assert isinstance(many[1].error, NotFoundError) and isinstance(theirs[4][1].error, NotFoundError)


def test_the_two_clients_have_one_surface() -> None:
    """Every public method of one is in the other, with the same parameters, and has an example."""
    public = [n for n in vars(ScoringClient) if not n.startswith("_")]
    assert public == [n for n in vars(AsyncScoringClient) if not n.startswith("_")]
    for name in public:
        one, other = getattr(ScoringClient, name), getattr(AsyncScoringClient, name)
        assert list(inspect.signature(one).parameters) == list(inspect.signature(other).parameters)
        assert name == "close" or ">>>" in (one.__doc__ or "")
        assert name == "close" or ">>>" in (other.__doc__ or "")


def test_what_is_exported_is_what_is_promised() -> None:
    """The shop window."""
    assert sorted(ocop.__all__) == ocop.__all__
    assert all(hasattr(ocop, name) for name in ocop.__all__)


@pytest.mark.parametrize(("change", "kind", "field"), [
    ({"product": {"set": "hony"}}, NotFoundError, "product.set"),
    ({"facts": {"forged": True}}, InvalidDossierError, "facts.forged"),
    ({"application": {"kind": "first", "filed_on": "2001-01-01"}}, NoEditionError, "application.filed_on"),
])  # fmt: skip
def test_errors_are_a_small_tree_with_fields(
    address: str, data: dict[str, Any], change: dict[str, Any], kind: type[ScoringError], field: str
) -> None:
    """gRPC codes become exceptions; each carries the wrong fields in both languages and the request id."""
    with ScoringClient(address) as client, pytest.raises(kind) as error:
        client.score({**data, **change})
    assert [v.field for v in error.value.violations] == [field]
    assert error.value.violations[0].vi and error.value.violations[0].en
    assert len(error.value.request_id) == 32


def test_too_large_a_dossier(address: str, data: dict[str, Any]) -> None:
    """The size limit has its own exception."""
    with ScoringClient(address) as client, pytest.raises(OverloadedError):
        client.score({**data, "product": {"name": "x" * 5_000_000, "set": "honey"}})


def test_no_server(data: dict[str, Any]) -> None:
    """Nobody listens: UnavailableError, after the retries, within the deadline."""
    with ScoringClient("127.0.0.1:1", timeout=3) as client, pytest.raises((UnavailableError, TimedOutError)):
        client.score(data)


class Stub(pb_grpc.ScoringServiceServicer):
    """A real server that fails so many times before it answers."""

    def __init__(self, failures: int, code: grpc.StatusCode, delay: float = 0) -> None:
        self.calls, self.failures, self.code, self.delay = 0, failures, code, delay

    def Score(self, request: pb.ScoreRequest, context: grpc.ServicerContext) -> pb.ScoreResponse:
        self.calls += 1
        threading.Event().wait(self.delay)
        if self.calls <= self.failures:
            context.abort(self.code, "not now")
        return pb.ScoreResponse(assessment=pb.Assessment(edition="2026"))


@pytest.fixture
def failing() -> Any:
    servers: list[grpc.Server] = []

    def start(stub: Stub) -> str:
        server = grpc.server(futures.ThreadPoolExecutor(4))
        pb_grpc.add_ScoringServiceServicer_to_server(stub, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield start
    for server in servers:
        server.stop(0).wait()


def test_retries_really_happen(failing: Callable[[Stub], str], data: dict[str, Any]) -> None:
    """Two UNAVAILABLE, then an answer: three attempts counted at the server, in both clients."""
    for ask in (_ask, _ask_aio):
        stub = Stub(2, grpc.StatusCode.UNAVAILABLE)
        assert ask(failing(stub), data).edition == "2026"
        assert stub.calls == 3


def test_retries_end(failing: Callable[[Stub], str], data: dict[str, Any]) -> None:
    """Four attempts in all, then UnavailableError."""
    stub = Stub(99, grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(UnavailableError):
        _ask(failing(stub), data)
    assert stub.calls == 4


def test_what_is_wrong_is_not_tried_again(failing: Callable[[Stub], str], data: dict[str, Any]) -> None:
    """An error of the service is final."""
    stub = Stub(1, grpc.StatusCode.INTERNAL)
    with pytest.raises(ServerError):
        _ask(failing(stub), data)
    assert stub.calls == 1


def test_a_call_has_a_deadline_by_default(failing: Callable[[Stub], str], data: dict[str, Any]) -> None:
    """A slow server: TimedOutError after the client's timeout."""
    with (
        ScoringClient(failing(Stub(0, grpc.StatusCode.OK, delay=5)), timeout=0.3) as client,
        pytest.raises(TimedOutError),
    ):
        client.score(data)


def _ask(address: str, data: dict[str, Any]) -> pb.Assessment:
    with ScoringClient(address) as client:
        return client.score(data)


def _ask_aio(address: str, data: dict[str, Any]) -> pb.Assessment:
    async def ask() -> pb.Assessment:
        async with AsyncScoringClient(address) as client:
            return await client.score(data)

    return asyncio.run(ask())


def test_floats_are_refused() -> None:
    """They are not exact; the message says what to write."""
    with pytest.raises(TypeError, match=r"facts\.contract_share.*Decimal or text"):
        dossier_from_dict({"facts": {"contract_share": 62.5}})
    assert (
        dossier_from_dict({"facts": {"contract_share": Decimal("62.5"), "forged_dossier": False}}).facts[
            "contract_share"
        ]
        == "62.5"
    )


@pytest.mark.parametrize(("data", "message"), [
    ({"sheet": []}, "unknown field sheet"), ({"product": {"nam": "x"}}, "product: unknown field nam"), ({"product": "honey"}, "product: expected key-value pairs"),
    ({"sheets": [{"answers": {"1.1": None}}]}, r"sheets\[0\].answers.1.1: expected text or a number")])  # fmt: skip
def test_a_misshapen_dictionary_is_said_before_anything_is_sent(data: dict[str, Any], message: str) -> None:
    """The place and what is known there."""
    with pytest.raises((TypeError, ValueError), match=message):
        dossier_from_dict(data)


def test_a_misshapen_dictionary_in_a_stream_is_not_lost(address: str, data: dict[str, Any]) -> None:
    """What came before it is yielded, then the mistake is raised as it is, in both clients."""
    items = [("a", data), ("b", {"nope": 1}), ("c", data)]
    seen = []
    with ScoringClient(address) as client, pytest.raises(ValueError, match="unknown field nope"):
        for item in client.score_many(items):
            seen.append(item.id)
    assert seen == ["a"]

    async def ask() -> list[str]:
        found = []
        async with AsyncScoringClient(address) as client:
            with pytest.raises(ValueError, match="unknown field nope"):
                async for item in client.score_many(items):
                    found.append(item.id)
        return found

    assert asyncio.run(ask()) == ["a"]


def test_numbers_of_criteria_are_text() -> None:
    """1.10 as a number would be 1.1; 7 and "7" are one criterion."""
    with pytest.raises(TypeError, match="must be text"):
        dossier_from_dict({"sheets": [{"answers": {1.1: 1}}]})
    with pytest.raises(ValueError, match="answered twice"):
        dossier_from_dict({"sheets": [{"answers": {7: 1, "7": 3}}]})
    assert dossier_from_dict({"facts": {"contract_share": Decimal(10).normalize()}}).facts["contract_share"] == "10"
