"""What can go wrong, as one small tree; gRPC codes are mapped here and nowhere else.

ScoringError
├── InvalidDossierError    something in the dossier is wrong: ``violations`` says which fields
├── NotFoundError          no such edition or product set
├── NoEditionError         no edition judges such dates, or the rules have changed: the message says what would work
├── UnavailableError       no server, or it is still loading; worth trying again
├── TimedOutError          the deadline passed
├── OverloadedError        too large, or too many at once
└── ServerError            anything else; carries the request id for the service's log
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
from google.rpc import status_pb2

from ocop.scoring.v1 import scoring_pb2 as pb

_DETAILS = "grpc-status-details-bin"
_REQUEST_ID = "x-request-id"


@dataclass(frozen=True, slots=True)
class Violation:
    """One wrong field: its path (``sheets[0].answers.1.1``), a stable code, and a sentence by language.

    ``suggestion`` is the nearest known word where one is near, ``known`` all of them where they are few.
    """

    field: str
    code: str
    texts: Mapping[str, str]
    suggestion: str = ""
    known: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence in the first language there is."""
        return next(iter(self.texts.values()), "")


class ScoringError(Exception):
    """A call that did not succeed.

    ``violations`` may be empty, ``left_out`` says how many more there are, ``request_id`` finds the call in the service's log.
    """

    def __init__(
        self, message: str, violations: Sequence[Violation] = (), request_id: str = "", left_out: int = 0
    ) -> None:
        super().__init__(message)
        self.violations = tuple(violations)
        self.request_id = request_id
        self.left_out = left_out


class InvalidDossierError(ScoringError):
    """Something in the dossier is wrong; ``violations`` lists every place the server reported."""


class NotFoundError(ScoringError):
    """The edition or product set does not exist."""


class NoEditionError(ScoringError):
    """No edition of the criteria judges a dossier with these dates, or its rules are no longer those the caller expected."""


class UnavailableError(ScoringError):
    """The server cannot be reached or is not ready, also after retries."""


class TimedOutError(ScoringError):
    """The deadline passed before the answer came."""


class OverloadedError(ScoringError):
    """The message is too large, or the server has too many calls at once."""


class ServerError(ScoringError):
    """The service failed; quote ``request_id`` to its operators."""


_BY_CODE: dict[grpc.StatusCode, type[ScoringError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidDossierError,
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.FAILED_PRECONDITION: NoEditionError,
    grpc.StatusCode.UNAVAILABLE: UnavailableError,
    grpc.StatusCode.CANCELLED: UnavailableError,  # of a stream that was open when the service ended
    grpc.StatusCode.DEADLINE_EXCEEDED: TimedOutError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: OverloadedError,
}
_BY_NUMBER = {int(code.value[0]): code for code in grpc.StatusCode}


def error_of_item(item: pb.ItemError) -> ScoringError:
    """The error of one of many results."""
    kind = _BY_CODE.get(_BY_NUMBER.get(item.code, grpc.StatusCode.UNKNOWN), ServerError)
    return kind(item.message, _violations(item.detail), item.detail.request_id, item.detail.left_out)


def error_of_rpc(error: grpc.RpcError) -> ScoringError:
    """The error for a failed call, with the details from its trailers."""
    if not isinstance(error, (grpc.Call, grpc.aio.AioRpcError)):
        return ServerError(str(error))
    trailers = dict(error.trailing_metadata() or ())
    detail, packed = pb.ErrorDetail(), trailers.get(_DETAILS)
    if isinstance(packed, bytes):
        any(found.Unpack(detail) for found in status_pb2.Status.FromString(packed).details)
    kind = _BY_CODE.get(error.code(), ServerError)
    request_id = detail.request_id or str(trailers.get(_REQUEST_ID, ""))
    return kind(error.details() or str(error), _violations(detail), request_id, detail.left_out)


def _violations(detail: pb.ErrorDetail) -> list[Violation]:
    return [
        Violation(v.field, v.code, dict(zip(detail.languages, v.text, strict=False)), v.suggestion, tuple(v.known))
        for v in detail.violations
    ]
