"""The thin clients: one surface, once for ordinary code and once for asyncio."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import grpc
from google.protobuf.message import Message

from ocop.dossiers import dossier_from_dict
from ocop.errors import NoEditionError, ScoringError, error_of_item, error_of_rpc
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEFAULT_TIMEOUT = 10.0
STREAM_TIMEOUT = 300.0
_SERVICE = pb.DESCRIPTOR.services_by_name["ScoringService"].full_name
# Every RPC only reads, so trying again is always safe. The service must be named in full or nothing is retried. Five attempts are the
# most that gRPC makes; with these pauses they span some four seconds, in which a service that is loading, killed or restarted is back.
_RETRY = {
    "methodConfig": [
        {
            "name": [{"service": _SERVICE}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.3s",
                "maxBackoff": "2.4s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
_OPTIONS = (
    ("grpc.service_config", json.dumps(_RETRY)),
    ("grpc.enable_retries", 1),
    # A connection that broke is tried anew at once; left to itself gRPC waits a second and more, and attempts fail meanwhile.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
    ("grpc.max_receive_message_length", 8 * 1024 * 1024),
)
MAX_PAGE = 100

_Response = TypeVar("_Response")
DossierLike = pb.Dossier | Mapping[str, Any]
Explain: TypeAlias = pb.ExplainLevel.ValueType
Languages: TypeAlias = Sequence[str]
_FULL = pb.EXPLAIN_LEVEL_FULL


@dataclass(frozen=True, slots=True)
class Scored:
    """One result of many: the dossier's own id, and an assessment or the error for this dossier."""

    id: str
    assessment: pb.Assessment | None
    error: ScoringError | None


class ScoringClient:
    """Talks to a scoring service.

    Args:
        address: ``host:port``.
        timeout: seconds a call may take in all, retries included; a stream has 300.
        channel: a channel of your own (TLS, several servers); the client closes only channels it opened.
        languages: of all words in answers, in the order wanted.

    Example:
        >>> with ScoringClient("127.0.0.1:50051") as client:  # doctest: +SKIP
        ...     result = client.score({"product": {"set": "honey"}, "application": {"kind": "first", "filed_on": "2026-06-01"},
        ...                            "council": {"level": "province"}, "sheets": []})
        ...     print(result.stars.recognisable, result.summary[0])
    """

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        channel: grpc.Channel | None = None,
        languages: Languages = ("vi",),
    ) -> None:
        self._own = channel is None
        self._channel = channel or grpc.insecure_channel(address, options=_OPTIONS)
        self._stub = pb_grpc.ScoringServiceStub(self._channel)
        self._timeout = timeout
        self._languages = tuple(languages)
        self._sheets: dict[tuple[str, str], pb.ScoreSheet] = {}

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
        explain: Explain = _FULL,
        expected_digest: str = "",
        verdict: bool = False,
        timeout: float | None = None,
    ) -> pb.Assessment:
        """Score one dossier. ``expected_digest``: fail when the rules are no longer these; ``verdict``: send the whole verdict too.

        Raises:
            ScoringError: one of its kinds, see ``ocop.errors``.

        Example:
            >>> client.score(dossier).stars.after_minimums  # doctest: +SKIP
            4
        """
        wanted = _wanted(explain, self._languages, expected_digest, verdict=verdict)
        return self._call(
            self._stub.Score, pb.ScoreRequest(dossier=_message(dossier), wanted=wanted), timeout
        ).assessment

    def score_batch(
        self,
        dossiers: Iterable[DossierLike],
        *,
        explain: Explain = _FULL,
        expected_digest: str = "",
        timeout: float | None = None,
    ) -> list[Scored]:
        """Score up to 100 dossiers in one call, in order. One that cannot be scored has its error in its place.

        Raises:
            ScoringError: the call itself failed, as with too many dossiers.

        Example:
            >>> [item.error or item.assessment.status for item in client.score_batch([first, second])]  # doctest: +SKIP
            [1, 1]
        """
        request = _batch(dossiers, _wanted(explain, self._languages, expected_digest))
        return [_scored(result) for result in self._call(self._stub.ScoreBatch, request, timeout).results]

    def score_many(
        self,
        dossiers: Iterable[tuple[str, DossierLike]],
        *,
        explain: Explain = _FULL,
        expected_digest: str = "",
        timeout: float | None = None,
    ) -> Iterator[Scored]:
        """Score many dossiers over one stream, in order. One that cannot be scored yields its error; the others go on.

        Raises:
            ScoringError: the stream itself failed.
            TypeError, ValueError: a dictionary has the wrong shape; what came before it has been yielded.

        Example:
            >>> for item in client.score_many([("a", first), ("b", second)]):  # doctest: +SKIP
            ...     print(item.id, item.error or item.assessment.summary[0])
        """
        wanted = _wanted(explain, self._languages, expected_digest)
        wrong: list[Exception] = []

        def requests() -> Iterator[pb.ScoreStreamRequest]:
            try:
                for key, dossier in dossiers:
                    yield _item(key, dossier, wanted)
            except Exception as error:  # noqa: BLE001 - raised in gRPC's thread, where it would be lost
                wrong.append(error)

        try:
            limit = STREAM_TIMEOUT if timeout is None else timeout
            for response in self._stub.ScoreStream(requests(), timeout=limit):
                yield _scored(response.result)
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
            >>> client.compare(dossier, dossier, left_sheets=pb.SHEET_KIND_SELF).summary[0]  # doctest: +SKIP
            '5 sao → 4 sao.'
        """
        request = _comparison(left, right, left_sheets, right_sheets, self._languages)
        return self._call(self._stub.Compare, request, timeout)

    def editions(self, *, timeout: float | None = None) -> list[pb.Edition]:
        """The editions of the criteria, oldest first.

        Example:
            >>> [edition.id for edition in client.editions()]  # doctest: +SKIP
            ['2019', '2023', '2026']
        """
        request = pb.ListEditionsRequest(languages=self._languages, page_size=MAX_PAGE)
        found: list[pb.Edition] = []
        while True:
            page = self._call(self._stub.ListEditions, request, timeout)
            found += page.editions
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def product_sets(self, edition: str = "", *, timeout: float | None = None) -> list[pb.ProductSet]:
        """The product sets of an edition, the newest by default.

        Example:
            >>> client.product_sets("2026")[3].id  # doctest: +SKIP
            'honey'
        """
        request = pb.ListProductSetsRequest(edition=edition, languages=self._languages, page_size=MAX_PAGE)
        found: list[pb.ProductSet] = []
        while True:
            page = self._call(self._stub.ListProductSets, request, timeout)
            found += page.product_sets
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def facts(self, edition: str = "", *, timeout: float | None = None) -> list[pb.FactDefinition]:
        """The facts a dossier may state under an edition, the newest by default.

        Example:
            >>> client.facts("2026")[0].id  # doctest: +SKIP
            'forged_dossier'
        """
        request = pb.ListFactsRequest(edition=edition, languages=self._languages, page_size=MAX_PAGE)
        found: list[pb.FactDefinition] = []
        while True:
            page = self._call(self._stub.ListFacts, request, timeout)
            found += page.facts
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def score_sheet(self, product_set: str, edition: str = "", *, timeout: float | None = None) -> pb.ScoreSheet:
        """One whole score sheet, for building a form.

        Example:
            >>> client.score_sheet("honey").parts[0].max  # doctest: +SKIP
            40
        """
        request = pb.GetScoreSheetRequest(edition=edition, set=product_set, languages=self._languages)
        return self._call(self._stub.GetScoreSheet, request, timeout).sheet

    def with_sheet(self, assessment: pb.Assessment, *, timeout: float | None = None) -> pb.Assessment:
        """A full assessment with what is the same for every dossier of its set, as explain level SHEET sends it.

        That is the names of parts, and of each line name, maximum, evidence and reference. The sheet is asked for once for each digest and
        set, and kept.

        Raises:
            NoEditionError: the service has other rules by now; score the dossier again.

        Example:
            >>> client.with_sheet(client.score(dossier)).lines[0].sheet.name[0]  # doctest: +SKIP
            'Nguồn gốc sản phẩm'
        """
        key = (assessment.digest, assessment.product_set)
        if key not in self._sheets:
            sheet = self.score_sheet(assessment.product_set, assessment.edition, timeout=timeout)
            self._sheets[key] = _of_digest(sheet, assessment.digest)
        return _joined(assessment, self._sheets[key])

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
        languages: Languages = ("vi",),
    ) -> None:
        self._own = channel is None
        self._channel = channel or grpc.aio.insecure_channel(address, options=_OPTIONS)
        self._stub: Any = pb_grpc.ScoringServiceStub(self._channel)
        self._timeout = timeout
        self._languages = tuple(languages)
        self._sheets: dict[tuple[str, str], pb.ScoreSheet] = {}

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
        explain: Explain = _FULL,
        expected_digest: str = "",
        verdict: bool = False,
        timeout: float | None = None,
    ) -> pb.Assessment:
        """Score one dossier; see ``ScoringClient.score``.

        Example:
            >>> (await client.score(dossier)).stars.after_minimums  # doctest: +SKIP
            4
        """
        wanted = _wanted(explain, self._languages, expected_digest, verdict=verdict)
        request = pb.ScoreRequest(dossier=_message(dossier), wanted=wanted)
        response: pb.ScoreResponse = await self._call(self._stub.Score, request, timeout)
        return response.assessment

    async def score_batch(
        self,
        dossiers: Iterable[DossierLike],
        *,
        explain: Explain = _FULL,
        expected_digest: str = "",
        timeout: float | None = None,
    ) -> list[Scored]:
        """Score up to 100 dossiers in one call; see ``ScoringClient.score_batch``.

        Example:
            >>> [item.error for item in await client.score_batch([first, second])]  # doctest: +SKIP
            [None, None]
        """
        request = _batch(dossiers, _wanted(explain, self._languages, expected_digest))
        response: pb.ScoreBatchResponse = await self._call(self._stub.ScoreBatch, request, timeout)
        return [_scored(result) for result in response.results]

    async def score_many(
        self,
        dossiers: Iterable[tuple[str, DossierLike]] | AsyncIterable[tuple[str, DossierLike]],
        *,
        explain: Explain = _FULL,
        expected_digest: str = "",
        timeout: float | None = None,
    ) -> AsyncIterator[Scored]:
        """Score many dossiers over one stream; see ``ScoringClient.score_many``.

        Example:
            >>> async for item in client.score_many([("a", first)]):  # doctest: +SKIP
            ...     print(item.id)
        """
        wanted = _wanted(explain, self._languages, expected_digest)
        wrong: list[Exception] = []

        async def requests() -> AsyncIterator[pb.ScoreStreamRequest]:
            try:
                if isinstance(dossiers, AsyncIterable):
                    async for key, dossier in dossiers:
                        yield _item(key, dossier, wanted)
                else:
                    for key, dossier in dossiers:
                        yield _item(key, dossier, wanted)
            except Exception as error:  # noqa: BLE001 - raised in a task of gRPC's, where it would be lost
                wrong.append(error)

        try:
            limit = STREAM_TIMEOUT if timeout is None else timeout
            async for response in self._stub.ScoreStream(requests(), timeout=limit):
                yield _scored(response.result)
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
            >>> (await client.compare(left, right)).summary[0]  # doctest: +SKIP
            '5 sao → 4 sao.'
        """
        request = _comparison(left, right, left_sheets, right_sheets, self._languages)
        response: pb.CompareResponse = await self._call(self._stub.Compare, request, timeout)
        return response

    async def editions(self, *, timeout: float | None = None) -> list[pb.Edition]:
        """The editions; see ``ScoringClient.editions``.

        Example:
            >>> [edition.id for edition in await client.editions()]  # doctest: +SKIP
            ['2019', '2023', '2026']
        """
        request = pb.ListEditionsRequest(languages=self._languages, page_size=MAX_PAGE)
        found: list[pb.Edition] = []
        while True:
            page: pb.ListEditionsResponse = await self._call(self._stub.ListEditions, request, timeout)
            found += page.editions
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    async def product_sets(self, edition: str = "", *, timeout: float | None = None) -> list[pb.ProductSet]:
        """The product sets of an edition; see ``ScoringClient.product_sets``.

        Example:
            >>> (await client.product_sets('2026'))[3].id  # doctest: +SKIP
            'honey'
        """
        request = pb.ListProductSetsRequest(edition=edition, languages=self._languages, page_size=MAX_PAGE)
        found: list[pb.ProductSet] = []
        while True:
            page: pb.ListProductSetsResponse = await self._call(self._stub.ListProductSets, request, timeout)
            found += page.product_sets
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    async def facts(self, edition: str = "", *, timeout: float | None = None) -> list[pb.FactDefinition]:
        """The facts a dossier may state; see ``ScoringClient.facts``.

        Example:
            >>> (await client.facts('2026'))[0].id  # doctest: +SKIP
            'forged_dossier'
        """
        request = pb.ListFactsRequest(edition=edition, languages=self._languages, page_size=MAX_PAGE)
        found: list[pb.FactDefinition] = []
        while True:
            page: pb.ListFactsResponse = await self._call(self._stub.ListFacts, request, timeout)
            found += page.facts
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    async def score_sheet(self, product_set: str, edition: str = "", *, timeout: float | None = None) -> pb.ScoreSheet:
        """One whole score sheet; see ``ScoringClient.score_sheet``.

        Example:
            >>> (await client.score_sheet('honey')).parts[0].max  # doctest: +SKIP
            40
        """
        request = pb.GetScoreSheetRequest(edition=edition, set=product_set, languages=self._languages)
        response: pb.GetScoreSheetResponse = await self._call(self._stub.GetScoreSheet, request, timeout)
        return response.sheet

    async def with_sheet(self, assessment: pb.Assessment, *, timeout: float | None = None) -> pb.Assessment:
        """The assessment with what its sheet says of each line; see ``ScoringClient.with_sheet``.

        Example:
            >>> (await client.with_sheet(await client.score(dossier))).lines[0].sheet.name[0]  # doctest: +SKIP
            'Nguồn gốc sản phẩm'
        """
        key = (assessment.digest, assessment.product_set)
        if key not in self._sheets:
            sheet = await self.score_sheet(assessment.product_set, assessment.edition, timeout=timeout)
            self._sheets[key] = _of_digest(sheet, assessment.digest)
        return _joined(assessment, self._sheets[key])

    async def _call(self, method: Callable[..., Any], request: Message, timeout: float | None) -> Any:
        try:
            return await method(request, timeout=self._timeout if timeout is None else timeout)
        except grpc.RpcError as error:
            raise error_of_rpc(error) from None


def _message(dossier: DossierLike) -> pb.Dossier:
    return dossier if isinstance(dossier, pb.Dossier) else dossier_from_dict(dossier)


def _wanted(explain: Explain, languages: Languages, expected_digest: str, *, verdict: bool = False) -> pb.Wanted:
    return pb.Wanted(explain=explain, languages=languages, expected_digest=expected_digest, verdict=verdict)


def _batch(dossiers: Iterable[DossierLike], wanted: pb.Wanted) -> pb.ScoreBatchRequest:
    return pb.ScoreBatchRequest(dossiers=[_message(dossier) for dossier in dossiers], wanted=wanted)


def _item(key: str, dossier: DossierLike, wanted: pb.Wanted) -> pb.ScoreStreamRequest:
    item = pb.ScoreStreamRequest(dossier=_message(dossier), wanted=wanted)
    item.dossier.id = str(key)
    return item


def _comparison(
    left: DossierLike,
    right: DossierLike,
    left_sheets: pb.SheetKind.ValueType,
    right_sheets: pb.SheetKind.ValueType,
    languages: Languages,
) -> pb.CompareRequest:
    return pb.CompareRequest(
        left=_message(left),
        right=_message(right),
        left_sheets=left_sheets,
        right_sheets=right_sheets,
        languages=languages,
    )


def _scored(result: pb.ScoreResult) -> Scored:
    if result.WhichOneof("result") == "error":
        return Scored(result.id, None, error_of_item(result.error))
    return Scored(result.id, result.assessment, None)


def _of_digest(sheet: pb.ScoreSheet, digest: str) -> pb.ScoreSheet:
    """The sheet, which is of these rules."""
    if sheet.digest != digest:
        raise NoEditionError(
            f"the service has other rules of edition {sheet.edition} by now ({sheet.digest}) than the assessment ({digest}); "
            "score the dossier again"
        )
    return sheet


def _joined(assessment: pb.Assessment, sheet: pb.ScoreSheet) -> pb.Assessment:
    """The assessment with the sheet's words on its parts and lines, as explain level SHEET sends them."""
    whole = pb.Assessment()
    whole.CopyFrom(assessment)
    names = {part.code: part.name for part in sheet.parts}
    for part in whole.parts:
        part.name[:] = names[part.code]
    known = {c.number: (part.code, c) for part in sheet.parts for section in part.sections for c in section.criteria}
    for line in whole.lines:
        code, criterion = known[line.criterion]
        line.sheet.CopyFrom(
            pb.LineSheet(
                name=criterion.name,
                part=code,
                max=criterion.max,
                evidence=criterion.evidence,
                reference=criterion.reference,
                source=criterion.source,
            )
        )
    return whole
