"""The thin clients against real servers."""

from __future__ import annotations

import asyncio
import inspect
from decimal import Decimal
from typing import Any

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
    TimedOutError,
    UnavailableError,
    dossier_from_dict,
)  # fmt: skip
from ocop.scoring.v1 import scoring_pb2 as pb
from support import honey

from scoring_service.rulebook.library import Rulebook


@pytest.fixture
def data(rulebook: Rulebook) -> dict[str, Any]:
    return honey(rulebook.editions["2026"])


def test_a_dossier_as_a_dictionary_is_scored(address: str, data: dict[str, Any]) -> None:
    """The shape of a dossier file is enough; the result is typed."""
    with ScoringClient(address) as client:
        result = client.score(data)
    assert (result.status, result.stars.by_points, result.total.sum) == (pb.ASSESSMENT_STATUS_SCORED, 4, 75)


def test_both_clients_give_the_same(address: str, data: dict[str, Any]) -> None:
    """Sync and aio: the same methods, the same answers."""

    async def ask() -> tuple[Any, ...]:
        async with AsyncScoringClient(address) as client:
            many = [item async for item in client.score_many([("a", data), ("b", {**data, "product": {"set": "x"}})])]
            return (
                await client.score(data),
                await client.editions(),
                await client.product_sets(),
                await client.facts(),
                await client.score_sheet("honey"),
                many,
            )

    with ScoringClient(address) as client:
        many = list(client.score_many([("a", data), ("b", {**data, "product": {"set": "x"}})]))
        ours = (
            client.score(data),
            client.editions(),
            client.product_sets(),
            client.facts(),
            client.score_sheet("honey"),
            many,
        )
    theirs = asyncio.run(ask())
    assert ours[:5] == theirs[:5]
    assert [(i.id, i.assessment) for i in ours[5]] == [(i.id, i.assessment) for i in theirs[5]]
    assert isinstance(many[1].error, NotFoundError) and isinstance(theirs[5][1].error, NotFoundError)


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
    assert set(error.value.violations[0].texts) == {"vi"}
    assert error.value.violations[0].text
    assert len(error.value.request_id) == 32


def test_too_large_a_dossier(address: str, data: dict[str, Any]) -> None:
    """The size limit has its own exception."""
    with ScoringClient(address) as client, pytest.raises(OverloadedError):
        client.score({**data, "product": {"name": "x" * 2_000_000, "set": "honey"}})


def test_no_server(data: dict[str, Any]) -> None:
    """Nobody listens: UnavailableError, after the retries, within the deadline."""
    with ScoringClient("127.0.0.1:1", timeout=3) as client, pytest.raises((UnavailableError, TimedOutError)):
        client.score(data)


def test_a_call_has_a_deadline_by_default(address: str, data: dict[str, Any]) -> None:
    """An answer that takes too long: TimedOutError after the client's timeout."""
    with ScoringClient(address, timeout=0.001) as client, pytest.raises(TimedOutError):
        client.score_batch([data] * 100)


def test_rules_that_moved_are_told(address: str, data: dict[str, Any]) -> None:
    """A form built from other rules: no score, but the reason; the digest of the sheet itself passes."""
    with ScoringClient(address, languages=("en",)) as client:
        assert client.score(data, expected_digest=client.score_sheet("honey").digest).status
        with pytest.raises(NoEditionError) as error:
            client.score(data, expected_digest="sha256:0")
    assert [v.code for v in error.value.violations] == ["RULES_CHANGED"]
    assert "Get the score sheet again" in error.value.violations[0].text


def test_names_are_joined_from_the_sheet(address: str, data: dict[str, Any]) -> None:
    """What the sheet says of each line, asked for once, is what the service would have sent."""
    with ScoringClient(address) as client:
        joined = client.with_sheet(client.score(data))
        sent = client.score(data, explain=pb.EXPLAIN_LEVEL_SHEET)
        assert joined == sent


def test_a_sheet_of_other_rules_is_not_joined(address: str, data: dict[str, Any]) -> None:
    """An assessment kept from before the rules changed gets no names of the new ones, now or later."""
    with ScoringClient(address) as client:
        before = client.score(data)
        before.digest = "sha256:" + "0" * 64
        for _ in range(2):
            with pytest.raises(NoEditionError, match="other rules of edition 2026"):
                client.with_sheet(before)


def test_a_batch_is_scored_in_order(address: str, data: dict[str, Any]) -> None:
    """One call, results and errors in their places; more than a hundred are refused."""
    with ScoringClient(address) as client:
        got = client.score_batch([{**data, "id": "a"}, {**data, "id": "b", "product": {"set": "x"}}])
        assert [(item.id, item.error is None) for item in got] == [("a", True), ("b", False)]
        assert isinstance(got[1].error, NotFoundError)
        with pytest.raises(InvalidDossierError, match="101 dossiers"):
            client.score_batch([data] * 101)


def test_floats_are_refused() -> None:
    """They are not exact; the message says what to write."""
    with pytest.raises(TypeError, match=r"facts\.contract_share.*Decimal or text"):
        dossier_from_dict({"facts": {"contract_share": 62.5}})
    facts = dossier_from_dict({"facts": {"contract_share": Decimal("62.5"), "forged_dossier": False}}).facts
    assert (facts["contract_share"].decimal, facts["forged_dossier"].WhichOneof("value")) == ("62.5", "yes_no")


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
    assert dossier_from_dict({"facts": {"contract_share": Decimal(10).normalize()}}).facts["contract_share"].count == 10
