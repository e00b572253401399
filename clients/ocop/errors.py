"""What can go wrong, as one small tree; gRPC codes are mapped here and nowhere else.

ScoringError
├── InvalidDossierError    something in the dossier is wrong: ``violations`` says which fields
├── NotFoundError          no such edition or product set
├── NoEditionError         no edition judges such dates: the message says which would work
├── UnavailableError       no server, or it is still loading; worth trying again
├── TimedOutError          the deadline passed
├── OverloadedError        too large, or too many at once
└── ServerError            anything else; carries the request id for the service's log
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"
_REQUEST_ID = "x-request-id"


@dataclass(frozen=True, slots=True)
class Violation:
    """One wrong field: its path (``sheets[0].answers.1.1``), a stable code, and a sentence in English and Vietnamese."""

    field: str
    code: str
    en: str
    vi: str


class ScoringError(Exception):
    """A call that did not succeed. ``violations`` may be empty; ``request_id`` finds the call in the service's log."""

    def __init__(self, message: str, violations: Sequence[Violation] = (), request_id: str = "") -> None:
        super().__init__(message)
        self.violations = tuple(violations)
        self.request_id = request_id


class InvalidDossierError(ScoringError):
    """Something in the dossier is wrong; ``violations`` lists every place the server reported."""


class NotFoundError(ScoringError):
    """The edition or product set does not exist."""


class NoEditionError(ScoringError):
    """No edition of the criteria judges a dossier with these dates."""


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
    grpc.StatusCode.DEADLINE_EXCEEDED: TimedOutError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: OverloadedError,
}
_BY_NUMBER = {int(code.value[0]): code for code in grpc.StatusCode}


def error_of_code(number: int, message: str, violations: Sequence[Violation] = ()) -> ScoringError:
    """The error for a status code number, as an item of a stream carries it."""
    return _BY_CODE.get(_BY_NUMBER.get(number, grpc.StatusCode.UNKNOWN), ServerError)(message, violations)


def error_of_rpc(error: grpc.RpcError) -> ScoringError:
    """The error for a failed call, with the violations from its trailers."""
    code = error.code() if isinstance(error, (grpc.Call, grpc.aio.AioRpcError)) else grpc.StatusCode.UNKNOWN
    message = (error.details() if isinstance(error, (grpc.Call, grpc.aio.AioRpcError)) else None) or str(error)
    trailers = dict(error.trailing_metadata() or ()) if isinstance(error, (grpc.Call, grpc.aio.AioRpcError)) else {}
    initial = dict(error.initial_metadata() or ()) if isinstance(error, (grpc.Call, grpc.aio.AioRpcError)) else {}
    violations: list[Violation] = []
    packed = trailers.get(_DETAILS)
    if isinstance(packed, bytes):
        for detail in status_pb2.Status.FromString(packed).details:
            request = error_details_pb2.BadRequest()
            if detail.Unpack(request):
                violations += [
                    Violation(v.field, v.reason.lower().replace("_", "-"), v.description, v.localized_message.message)
                    for v in request.field_violations
                ]
    kind = _BY_CODE.get(code, ServerError)
    return kind(f"{message}", violations, str(initial.get(_REQUEST_ID, "")))
