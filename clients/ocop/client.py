"""The thin clients: one surface, once for ordinary code and once for asyncio."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
from google.protobuf.message import Message

from ocop.dossiers import dossier_from_dict
from ocop.errors import ScoringError, Violation, error_of_code, error_of_rpc
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEFAULT_TIMEOUT = 10.0
STREAM_TIMEOUT = 300.0
_SERVICE = pb.DESCRIPTOR.services_by_name["ScoringService"].full_name
# Every RPC only reads, so trying again is always safe. The service must be named in full or nothing is retried.
_RETRY = {
    "methodConfig": [
        {
            "name": [{"service": _SERVICE}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
_OPTIONS = (
    ("grpc.service_config", json.dumps(_RETRY)),
    ("grpc.enable_retries", 1),
    ("grpc.max_receive_message_length", 8 * 1024 * 1024),
)

_Response = TypeVar("_Response")
DossierLike = pb.Dossier | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """One result of many: the id given, and an assessment or the error for this dossier."""

    id: str
    assessment: pb.Assessment | None
    error: ScoringError | None


class ScoringClient:
    """Talks to a scoring service.

    Args:
        address: ``host:port``.
        timeout: seconds a call may take in all, retries included; a stream has 300.
        channel: a channel of your own (TLS, several servers); the client closes only channels it opened.

    Example:
        >>> with ScoringClient("127.0.0.1:50051") as client:  # doctest: +SKIP
        ...     result = client.score({"product": {"set": "honey"}, "application": {"kind": "first", "filed_on": "2026-06-01"},
        ...                            "council": {"level": "province"}, "sheets": []})
        ...     print(result.stars.recognisable, result.summary.vi)
    """

    def __init__(
        self, address: str = DEFAULT_ADDRESS, *, timeout: float = DEFAULT_TIMEOUT, channel: grpc.Channel | None = None
    ) -> None:
        self._own = channel is None
        self._channel = channel or grpc.insecure_channel(address, options=_OPTIONS)
        self._stub = pb_grpc.ScoringServiceStub(self._channel)
        self._timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._own:
            self._channel.close()

    def score(
        self,
        dossier: DossierLike,
        *,
        explain: pb.ExplainLevel.ValueType = pb.EXPLAIN_LEVEL_FULL,
        timeout: float | None = None,
    ) -> pb.Assessment:
        """Score one dossier.

        Raises:
            ScoringError: one of its kinds, see ``ocop.errors``.

        Example:
            >>> client.score(dossier).stars.after_minimums  # doctest: +SKIP
            4
        """
        return self._call(
            self._stub.Score, pb.ScoreRequest(dossier=_message(dossier), explain=explain), timeout
        ).assessment

    def score_many(
        self,
        dossiers: Iterable[tuple[str, DossierLike]],
        *,
        explain: pb.ExplainLevel.ValueType = pb.EXPLAIN_LEVEL_FULL,
        timeout: float | None = None,
    ) -> Iterator[Scored]:
        """Score many dossiers over one stream, in order. One that cannot be scored yields its error; the others go on.

        Raises:
            ScoringError: the stream itself failed.
            TypeError, ValueError: a dictionary has the wrong shape; what came before it has been yielded.

        Example:
            >>> for item in client.score_many([("a", first), ("b", second)]):  # doctest: +SKIP
            ...     print(item.id, item.error or item.assessment.summary.vi)
        """
        wrong: list[Exception] = []

        def requests() -> Iterator[pb.ScoreStreamRequest]:
            try:
                for key, dossier in dossiers:
                    yield _item(key, dossier, explain)
            except Exception as error:  # noqa: BLE001 - raised in gRPC's thread, where it would be lost
                wrong.append(error)

        try:
            limit = STREAM_TIMEOUT if timeout is None else timeout
            for response in self._stub.ScoreStream(requests(), timeout=limit):
                yield _scored(response)
        except grpc.RpcError as error:
            raise error_of_rpc(error) from None
        if wrong:
            raise wrong[0]

    def compare(
        self,
        left: DossierLike,
        right: DossierLike,
        *,
        left_sheets: pb.SheetKind.ValueType = pb.SHEET_KIND_COUNCIL,
        right_sheets: pb.SheetKind.ValueType = pb.SHEET_KIND_COUNCIL,
        timeout: float | None = None,
    ) -> pb.CompareResponse:
        """Where and why two results for one product differ: self and council, district and province, old and new edition.

        Raises:
            ScoringError: as for ``score``; field paths start with ``left.`` or ``right.``.

        Example:
            >>> client.compare(dossier, dossier, left_sheets=pb.SHEET_KIND_SELF).summary.vi  # doctest: +SKIP
            '5 sao → 4 sao.'
        """
        request = pb.CompareRequest(
            left=_message(left), right=_message(right), left_sheets=left_sheets, right_sheets=right_sheets
        )
        return self._call(self._stub.Compare, request, timeout)

    def editions(self, *, timeout: float | None = None) -> list[pb.Edition]:
        """The editions of the criteria, oldest first.

        Example:
            >>> [edition.id for edition in client.editions()]  # doctest: +SKIP
            ['2026']
        """
        return list(self._call(self._stub.ListEditions, pb.ListEditionsRequest(), timeout).editions)

    def product_sets(self, edition: str = "", *, timeout: float | None = None) -> pb.ListProductSetsResponse:
        """The product sets of an edition (the newest by default) and the facts a dossier may state.

        Example:
            >>> client.product_sets("2026").product_sets[3].slug  # doctest: +SKIP
            'honey'
        """
        return self._call(self._stub.ListProductSets, pb.ListProductSetsRequest(edition=edition), timeout)

    def score_sheet(self, product_set: str, edition: str = "", *, timeout: float | None = None) -> pb.ScoreSheet:
        """One whole score sheet, for building a form.

        Example:
            >>> client.score_sheet("honey").parts[0].max  # doctest: +SKIP
            40
        """
        return self._call(
            self._stub.GetScoreSheet, pb.GetScoreSheetRequest(edition=edition, set=product_set), timeout
        ).sheet

    def _call(self, method: Callable[..., _Response], request: Message, timeout: float | None) -> _Response:
        try:
            return method(request, timeout=self._timeout if timeout is None else timeout)
        except grpc.RpcError as error:
            raise error_of_rpc(error) from None


class AsyncScoringClient:
    """``ScoringClient`` for asyncio: the same methods, awaited.

    Example:
        >>> async with AsyncScoringClient("127.0.0.1:50051") as client:  # doctest: +SKIP
        ...     result = await client.score(dossier)
    """

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        channel: grpc.aio.Channel | None = None,
    ) -> None:
        self._own = channel is None
        self._channel = channel or grpc.aio.insecure_channel(address, options=_OPTIONS)
        self._stub: Any = pb_grpc.ScoringServiceStub(self._channel)
        self._timeout = timeout

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        if self._own:
            await self._channel.close()

    async def score(
        self,
        dossier: DossierLike,
        *,
        explain: pb.ExplainLevel.ValueType = pb.EXPLAIN_LEVEL_FULL,
        timeout: float | None = None,
    ) -> pb.Assessment:
        """Score one dossier; see ``ScoringClient.score``.

        Example:
            >>> (await client.score(dossier)).stars.after_minimums  # doctest: +SKIP
            4
        """
        response: pb.ScoreResponse = await self._call(
            self._stub.Score, pb.ScoreRequest(dossier=_message(dossier), explain=explain), timeout
        )
        return response.assessment

    async def score_many(
        self,
        dossiers: Iterable[tuple[str, DossierLike]] | AsyncIterable[tuple[str, DossierLike]],
        *,
        explain: pb.ExplainLevel.ValueType = pb.EXPLAIN_LEVEL_FULL,
        timeout: float | None = None,
    ) -> AsyncIterator[Scored]:
        """Score many dossiers over one stream; see ``ScoringClient.score_many``.

        Example:
            >>> async for item in client.score_many([("a", first)]):  # doctest: +SKIP
            ...     print(item.id)
        """
        wrong: list[Exception] = []

        async def requests() -> AsyncIterator[pb.ScoreStreamRequest]:
            try:
                if isinstance(dossiers, AsyncIterable):
                    async for key, dossier in dossiers:
                        yield _item(key, dossier, explain)
                else:
                    for key, dossier in dossiers:
                        yield _item(key, dossier, explain)
            except Exception as error:  # noqa: BLE001 - raised in a task of gRPC's, where it would be lost
                wrong.append(error)

        try:
            limit = STREAM_TIMEOUT if timeout is None else timeout
            async for response in self._stub.ScoreStream(requests(), timeout=limit):
                yield _scored(response)
        except grpc.RpcError as error:
            raise error_of_rpc(error) from None
        if wrong:
            raise wrong[0]

    async def compare(
        self,
        left: DossierLike,
        right: DossierLike,
        *,
        left_sheets: pb.SheetKind.ValueType = pb.SHEET_KIND_COUNCIL,
        right_sheets: pb.SheetKind.ValueType = pb.SHEET_KIND_COUNCIL,
        timeout: float | None = None,
    ) -> pb.CompareResponse:
        """Where and why two results for one product differ; see ``ScoringClient.compare``.

        Example:
            >>> (await client.compare(left, right)).summary.vi  # doctest: +SKIP
            '5 sao → 4 sao.'
        """
        request = pb.CompareRequest(
            left=_message(left), right=_message(right), left_sheets=left_sheets, right_sheets=right_sheets
        )
        response: pb.CompareResponse = await self._call(self._stub.Compare, request, timeout)
        return response

    async def editions(self, *, timeout: float | None = None) -> list[pb.Edition]:
        """The editions; see ``ScoringClient.editions``.

        Example:
            >>> [edition.id for edition in await client.editions()]  # doctest: +SKIP
            ['2026']
        """
        response: pb.ListEditionsResponse = await self._call(self._stub.ListEditions, pb.ListEditionsRequest(), timeout)
        return list(response.editions)

    async def product_sets(self, edition: str = "", *, timeout: float | None = None) -> pb.ListProductSetsResponse:
        """The product sets; see ``ScoringClient.product_sets``.

        Example:
            >>> (await client.product_sets("2026")).product_sets[3].slug  # doctest: +SKIP
            'honey'
        """
        response: pb.ListProductSetsResponse = await self._call(
            self._stub.ListProductSets, pb.ListProductSetsRequest(edition=edition), timeout
        )
        return response

    async def score_sheet(self, product_set: str, edition: str = "", *, timeout: float | None = None) -> pb.ScoreSheet:
        """One score sheet; see ``ScoringClient.score_sheet``.

        Example:
            >>> (await client.score_sheet("honey")).parts[0].max  # doctest: +SKIP
            40
        """
        response: pb.GetScoreSheetResponse = await self._call(
            self._stub.GetScoreSheet, pb.GetScoreSheetRequest(edition=edition, set=product_set), timeout
        )
        return response.sheet

    async def _call(self, method: Callable[..., Any], request: Message, timeout: float | None) -> Any:
        try:
            return await method(request, timeout=self._timeout if timeout is None else timeout)
        except grpc.RpcError as error:
            raise error_of_rpc(error) from None


def _message(dossier: DossierLike) -> pb.Dossier:
    return dossier if isinstance(dossier, pb.Dossier) else dossier_from_dict(dossier)


def _item(key: str, dossier: DossierLike, explain: pb.ExplainLevel.ValueType) -> pb.ScoreStreamRequest:
    return pb.ScoreStreamRequest(id=str(key), dossier=_message(dossier), explain=explain)


def _scored(response: pb.ScoreStreamResponse) -> Scored:
    if response.WhichOneof("result") == "error":
        failed = response.error
        violations = [Violation(v.field, v.code, v.description.en, v.description.vi) for v in failed.violations]
        return Scored(response.id, None, error_of_code(failed.code, failed.message, violations))
    return Scored(response.id, response.assessment, None)
