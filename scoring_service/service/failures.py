"""One table from what can go wrong to what a caller is told: gRPC code, message, and every wrong field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.problems import Problem, Suggestion
from scoring_service.service.values import named_values, voice
from scoring_service.telling.catalogue import languages
from scoring_service.telling.teller import teller

REQUEST_ID = "x-request-id"
DOMAIN = "ocop.scoring"
_DETAILS = "grpc-status-details-bin"
# Details travel in trailers, which break beyond 8 KiB; both lists of violations together stop well before.
_MAX_DETAIL_BYTES, _MAX_BAD_REQUEST_BYTES = 3_000, 1_500
_LONGEST_MESSAGE = 500
_CODES = {
    "EDITION_UNKNOWN": grpc.StatusCode.NOT_FOUND,
    "SET_UNKNOWN": grpc.StatusCode.NOT_FOUND,
    "SET_MISSING": grpc.StatusCode.NOT_FOUND,
    "NO_EDITION": grpc.StatusCode.FAILED_PRECONDITION,
    "RULES_CHANGED": grpc.StatusCode.FAILED_PRECONDITION,
    "SERVICE_UNKNOWN": grpc.StatusCode.NOT_FOUND,
    "LOADING": grpc.StatusCode.UNAVAILABLE,
    "ENDING": grpc.StatusCode.UNAVAILABLE,
    "CALLS_WAITING": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "STREAMS_OPEN": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "WATCHES_OPEN": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "REQUEST_TOO_LARGE": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "ANSWER_TOO_LARGE": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "INTERNAL": grpc.StatusCode.INTERNAL,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What the caller is told."""

    code: grpc.StatusCode
    problems: Sequence[Problem]
    languages: tuple[str, ...] = ()

    @classmethod
    def of(cls, problems: Iterable[Problem], asked: tuple[str, ...] = ()) -> Failure:
        """The failure for these problems: what all of them agree on, or else that the request is wrong."""
        listed = tuple(problems)
        codes = {_CODES.get(p.code, grpc.StatusCode.INVALID_ARGUMENT) for p in listed}
        code = codes.pop() if len(codes) == 1 else grpc.StatusCode.INVALID_ARGUMENT
        return cls(code, listed, asked or languages())

    @property
    def message(self) -> str:
        """One line in English: the first problem, and how many more there are."""
        first, more = self.problems[0], len(self.problems) - 1
        said = teller("en").problem(first)
        head = f"{first.path}: {said}" if first.path else said
        return head[:_LONGEST_MESSAGE] + (f" (and {more} more)" if more else "")


def abort(context: grpc.ServicerContext, failure: Failure, request_id: str) -> NoReturn:
    """End the call with everything that is wrong in its details, cut so that trailers fit."""
    status = status_pb2.Status(code=failure.code.value[0], message=failure.message)
    for detail in (
        detail_to_pb(failure, request_id, _MAX_DETAIL_BYTES),
        error_details_pb2.ErrorInfo(reason=failure.problems[0].code, domain=DOMAIN),
        error_details_pb2.RequestInfo(request_id=request_id),
        _bad_request(failure),
    ):
        _pack(status, detail)
    context.set_trailing_metadata(((_DETAILS, status.SerializeToString()), (REQUEST_ID, request_id)))
    context.abort(failure.code, status.message)
    raise AssertionError("abort raises")


def item_error(failure: Failure, request_id: str) -> pb.ItemError:
    """The same failure in the place of one of many results."""
    return pb.ItemError(
        code=failure.code.value[0], message=failure.message, detail=detail_to_pb(failure, request_id, 1 << 20)
    )


def detail_to_pb(failure: Failure, request_id: str, limit: int) -> pb.ErrorDetail:
    """Every wrong place, as far as ``limit`` bytes reach."""
    say = voice(failure.languages)
    detail = pb.ErrorDetail(request_id=request_id, languages=failure.languages)
    size = detail.ByteSize()
    for index, problem in enumerate(failure.problems):
        meant = next((v for v in problem.values.values() if isinstance(v, Suggestion)), Suggestion())
        violation = pb.Violation(
            field=problem.path,
            code=problem.code,
            text=[to.problem(problem) for to in say.tellers],
            suggestion=meant.nearest,
            known=meant.known,
            values=named_values({k: v for k, v in problem.values.items() if not isinstance(v, Suggestion)}, say),
        )
        size += violation.ByteSize() + 4
        if size > limit:
            detail.left_out = len(failure.problems) - index
            break
        detail.violations.append(violation)
    return detail


def _bad_request(failure: Failure) -> error_details_pb2.BadRequest:
    """The same for readers of google.rpc: field, code and English sentence."""
    to, bad = teller("en"), error_details_pb2.BadRequest()
    for problem in failure.problems:
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=problem.path, description=to.problem(problem), reason=problem.code
        )
        if bad.ByteSize() + violation.ByteSize() > _MAX_BAD_REQUEST_BYTES:
            break
        bad.field_violations.append(violation)
    return bad


def _pack(status: status_pb2.Status, detail: Message) -> None:
    status.details.add().Pack(detail)
