"""One table from what can go wrong to what a caller is told: gRPC code, message, and every wrong field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.dossier import DossierError, UnknownSetError
from scoring_service.rulebook.library import ChoiceError
from scoring_service.service.convert import text
from scoring_service.text import Problem

# Details travel in trailers, which break beyond 8 KiB; violations stop well before.
_MAX_DETAIL_BYTES = 4_500
_CHOICE_CODES = {"edition-unknown": grpc.StatusCode.NOT_FOUND, "filed-on-missing": grpc.StatusCode.INVALID_ARGUMENT}


@dataclass(frozen=True, slots=True)
class Failure:
    """What the caller is told."""

    code: grpc.StatusCode
    message: str
    problems: Sequence[Problem]


def failure_of(error: DossierError | ChoiceError) -> Failure:
    """The failure for an error of the core."""
    if isinstance(error, UnknownSetError):
        code = grpc.StatusCode.NOT_FOUND
    elif isinstance(error, ChoiceError):
        code = _CHOICE_CODES.get(error.problems[0].code, grpc.StatusCode.FAILED_PRECONDITION)
    else:
        code = grpc.StatusCode.INVALID_ARGUMENT
    first, more = error.problems[0], len(error.problems) - 1
    message = f"{first.path}: {first.message.en}" if first.path else first.message.en
    return Failure(code, message + (f" (and {more} more)" if more else ""), error.problems)


def abort(context: grpc.ServicerContext, failure: Failure) -> NoReturn:
    """End the call with google.rpc.BadRequest details, capped so that trailers fit."""
    details = error_details_pb2.BadRequest()
    for index, problem in enumerate(failure.problems):
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=problem.path,
            description=problem.message.en,
            reason=problem.code.upper().replace("-", "_"),
            localized_message=error_details_pb2.LocalizedMessage(locale="vi", message=problem.message.vi),
        )
        if details.ByteSize() + violation.ByteSize() > _MAX_DETAIL_BYTES:
            left = len(failure.problems) - index
            details.field_violations.add(
                field="", reason="TOO_MANY", description=f"{left} more problems are not listed; mend these first."
            )
            break
        details.field_violations.append(violation)
    packed = any_pb2.Any()
    packed.Pack(details)
    number = code_pb2.Code.Value(failure.code.name)
    context.abort_with_status(
        rpc_status.to_status(status_pb2.Status(code=number, message=failure.message[:1000], details=[packed]))
    )
    raise AssertionError("abort_with_status raises")


def item_error(failure: Failure) -> pb.ItemError:
    """The same failure inside a stream."""
    return pb.ItemError(
        code=int(failure.code.value[0]),
        message=failure.message,
        violations=[
            pb.FieldViolation(field=p.path, code=p.code, description=text(p.message)) for p in failure.problems
        ],
    )
