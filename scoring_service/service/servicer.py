"""The RPCs: message in, core call, message out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import grpc
import structlog
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

from scoring_service.engine.assess import Engine
from scoring_service.engine.compare import compare
from scoring_service.engine.dossier import DossierError
from scoring_service.rulebook.library import ChoiceError
from scoring_service.rulebook.model import Edition
from scoring_service.service import convert
from scoring_service.service.failures import Failure, abort, failure_of, item_error
from scoring_service.text import Problem, Text


class ScoringServicer(pb_grpc.ScoringServiceServicer):
    """Serves one engine at a time; ``engine`` is ``None`` until rules are loaded, and may be swapped by one assignment."""

    def __init__(self) -> None:
        self.engine: Engine | None = None

    def Score(self, request: pb.ScoreRequest, context: grpc.ServicerContext) -> pb.ScoreResponse:
        """Score one dossier."""
        try:
            assessment = _score(self._ready(context), request.dossier, request.explain)
        except (DossierError, ChoiceError) as error:
            abort(context, failure_of(error))
        structlog.contextvars.bind_contextvars(
            edition=assessment.edition,
            set=assessment.product.set,
            status=pb.Status.Name(assessment.status),
            stars=assessment.stars.after_minimums,
        )
        return pb.ScoreResponse(assessment=assessment)

    def ScoreStream(
        self, request_iterator: Iterator[pb.ScoreStreamRequest], context: grpc.ServicerContext
    ) -> Iterator[pb.ScoreStreamResponse]:
        """Score dossiers as they come, in order; a bad one answers with its error and the stream goes on."""
        engine = self._ready(context)
        done = failed = 0
        try:
            for item in request_iterator:
                if not context.is_active():
                    return
                try:
                    yield pb.ScoreStreamResponse(id=item.id, assessment=_score(engine, item.dossier, item.explain))
                except (DossierError, ChoiceError) as error:
                    failed += 1
                    yield pb.ScoreStreamResponse(id=item.id, error=item_error(failure_of(error)))
                done += 1
        finally:
            structlog.contextvars.bind_contextvars(items=done, failed_items=failed)

    def Compare(self, request: pb.CompareRequest, context: grpc.ServicerContext) -> pb.CompareResponse:
        """Score both sides and say where and why they differ."""
        engine = self._ready(context)
        sides = {"left": (request.left, request.left_sheets), "right": (request.right, request.right_sheets)}
        assessments, failures = {}, []
        for side, (message, number) in sides.items():
            try:
                kind = convert.counted_kind(number)
                assessments[side] = engine.assess(convert.dossier_from_pb(message), kind)
            except (DossierError, ChoiceError) as error:
                failures.append((side, failure_of(error)))
        if failures:
            found = [replace(p, path=f"{side}.{p.path}".rstrip(".")) for side, f in failures for p in f.problems]
            abort(context, Failure(failures[0][1].code, f"{failures[0][0]}: {failures[0][1].message}", found))
        left, right = assessments["left"], assessments["right"]
        return convert.compared_to_pb(left, right, compare(left, right))

    def ListEditions(self, request: pb.ListEditionsRequest, context: grpc.ServicerContext) -> pb.ListEditionsResponse:  # noqa: ARG002
        """All editions, oldest first."""
        return pb.ListEditionsResponse(
            editions=[convert.edition_to_pb(e) for e in self._ready(context).rulebook.editions.values()]
        )

    def ListProductSets(
        self, request: pb.ListProductSetsRequest, context: grpc.ServicerContext
    ) -> pb.ListProductSetsResponse:
        """The product sets of one edition."""
        return convert.product_sets_to_pb(self._edition(request.edition, context))

    def GetScoreSheet(
        self, request: pb.GetScoreSheetRequest, context: grpc.ServicerContext
    ) -> pb.GetScoreSheetResponse:
        """One score sheet."""
        edition = self._edition(request.edition, context)
        if not request.set:
            missing = Problem("missing", Text("Thiếu 'set'.", "'set' is missing."), "set")
            abort(context, Failure(grpc.StatusCode.INVALID_ARGUMENT, missing.message.en, [missing]))
        found = edition.find_set(request.set)
        if found is None:
            why = edition.no_set(request.set)
            abort(context, Failure(grpc.StatusCode.NOT_FOUND, why.en, [Problem("set-unknown", why, "set")]))
        return pb.GetScoreSheetResponse(sheet=convert.sheet_to_pb(found, edition))

    def _ready(self, context: grpc.ServicerContext) -> Engine:
        if self.engine is None:
            abort(context, Failure(grpc.StatusCode.UNAVAILABLE, "rules are still loading; try again in a moment", ()))
        return self.engine

    def _edition(self, asked: str, context: grpc.ServicerContext) -> Edition:
        rulebook = self._ready(context).rulebook
        editions = rulebook.editions
        if not asked:
            return list(editions.values())[-1]
        if asked not in editions:
            why = rulebook.no_edition(asked)
            abort(context, Failure(grpc.StatusCode.NOT_FOUND, why.en, [Problem("edition-unknown", why, "edition")]))
        return editions[asked]


def _score(engine: Engine, dossier: pb.Dossier, explain: pb.ExplainLevel.ValueType) -> pb.Assessment:
    return convert.assessment_to_pb(engine.assess(convert.dossier_from_pb(dossier)), explain)
