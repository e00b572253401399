"""The RPCs: message in, core call, message out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import grpc
from ocop.scoring.v1 import scoring_pb2 as pb
from ocop.scoring.v1 import scoring_pb2_grpc as pb_grpc

from scoring_service.engine.admit import DossierError
from scoring_service.engine.compare import compare
from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.names import Names, find_set, no_set
from scoring_service.plaintext import shorten
from scoring_service.problems import Problem, Problems
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.service import requests, rules
from scoring_service.service.answers import assessment_bytes, compared_to_pb
from scoring_service.service.calls import note, request_id
from scoring_service.service.failures import Failure, abort, item_error
from scoring_service.service.pieces import framed
from scoring_service.service.requests import MAX_TOKEN, Wanted
from scoring_service.service.values import Voice, voice

MAX_BATCH = 100


class ScoringServicer(pb_grpc.ScoringServiceServicer):
    """Serves one engine at a time; ``engine`` is ``None`` until rules are loaded, and may be swapped by one assignment."""

    def __init__(self) -> None:
        self.engine: Engine | None = None

    def Score(self, request: pb.ScoreRequest, context: grpc.ServicerContext) -> bytes:  # type: ignore[override]
        """Score one dossier. The answer is encoded already, as those of the other scoring calls are."""
        engine, problems = self._ready(context), Problems()
        wanted = requests.wanted_from_pb(request.wanted, problems)
        try:
            assessment = _assess(engine, request.dossier, wanted, problems)
        except DossierError as error:
            abort(context, Failure.of(error.problems, _asked(request.wanted, wanted)), request_id())
        verdict = assessment.verdict
        note(
            edition=verdict.chosen.edition,
            set=verdict.product_set,
            status=verdict.status.value,
            stars=verdict.stars.after_minimums if verdict.stars else None,
        )
        return framed(pb.ScoreResponse.ASSESSMENT_FIELD_NUMBER, assessment_bytes(assessment, wanted))

    def ScoreBatch(self, request: pb.ScoreBatchRequest, context: grpc.ServicerContext) -> bytes:  # type: ignore[override]
        """Score up to ``MAX_BATCH`` dossiers; a bad one has its error in its place."""
        engine, problems = self._ready(context), Problems()
        wanted = requests.wanted_from_pb(request.wanted, problems)
        if len(request.dossiers) > MAX_BATCH:
            problems.add("TOO_MANY_DOSSIERS", "dossiers", given=len(request.dossiers), limit=MAX_BATCH)
        if len(problems):
            abort(context, Failure.of(problems), request_id())
        results = [_result(engine, dossier, wanted, request_id()) for dossier in request.dossiers]
        _count(len(results), sum(failed for _, failed in results))
        return b"".join(framed(pb.ScoreBatchResponse.RESULTS_FIELD_NUMBER, encoded) for encoded, _ in results)

    def ScoreStream(  # type: ignore[override]
        self, request_iterator: Iterator[pb.ScoreStreamRequest], context: grpc.ServicerContext
    ) -> Iterator[bytes]:
        """Score dossiers as they come, in order; a bad one answers with its error and the stream goes on."""
        engine = self._ready(context)
        done = failed = 0
        try:
            for item in request_iterator:
                if not context.is_active():
                    return
                problems = Problems()
                wanted = requests.wanted_from_pb(item.wanted, problems)
                result, wrong = _result(engine, item.dossier, wanted, request_id(), problems)
                failed += wrong
                yield framed(pb.ScoreStreamResponse.RESULT_FIELD_NUMBER, result)
                done += 1
        finally:
            _count(done, failed)

    def Compare(self, request: pb.CompareRequest, context: grpc.ServicerContext) -> pb.CompareResponse:
        """Score both sides and say where and why they differ."""
        engine, problems = self._ready(context), Problems()
        languages = requests.languages_from_pb(request.languages, "languages", problems)
        sides = (("left", request.left, request.left_sheets), ("right", request.right, request.right_sheets))
        found = []
        for side, message, number in sides:
            kind = requests.counted_kind(number, f"{side}_sheets", problems)
            try:
                found.append(engine.assess(requests.dossier_from_pb(message), kind))
            except DossierError as error:
                for problem in error.problems:
                    problems.note(replace(problem, path=f"{side}.{problem.path}".rstrip(".")))
        if len(problems):
            abort(context, Failure.of(problems, languages if request.languages else ()), request_id())
        left, right = found
        return compared_to_pb(compare(left, right), languages)

    def ListEditions(self, request: pb.ListEditionsRequest, context: grpc.ServicerContext) -> pb.ListEditionsResponse:
        """All editions, oldest first."""
        editions, problems = list(self._ready(context).rulebook.editions.values()), Problems()
        say = _voice(request.languages, problems)
        items, token = rules.page(" ".join(e.digest for e in editions), editions, request, problems)
        self._refuse(problems, context)
        return pb.ListEditionsResponse(editions=[rules.edition_to_pb(e, say) for e in items], next_page_token=token)

    def ListProductSets(
        self, request: pb.ListProductSetsRequest, context: grpc.ServicerContext
    ) -> pb.ListProductSetsResponse:
        """The product sets of one edition."""
        problems = Problems()
        say = _voice(request.languages, problems)
        edition = self._edition(request.edition, problems, context)
        sets = list(edition.sets.values()) if edition else []
        items, token = rules.page(f"sets {edition and edition.digest}", sets, request, problems)
        self._refuse(problems, context)
        assert edition is not None
        return pb.ListProductSetsResponse(
            edition=edition.id,
            product_sets=[rules.product_set_to_pb(s, edition, say) for s in items],
            next_page_token=token,
        )

    def ListFacts(self, request: pb.ListFactsRequest, context: grpc.ServicerContext) -> pb.ListFactsResponse:
        """The facts that a dossier may state."""
        problems = Problems()
        say = _voice(request.languages, problems)
        edition = self._edition(request.edition, problems, context)
        facts = rules.facts_to_pb(edition, say) if edition else []
        items, token = rules.page(f"facts {edition and edition.digest}", facts, request, problems)
        self._refuse(problems, context)
        return pb.ListFactsResponse(edition=edition.id if edition else "", facts=items, next_page_token=token)

    def GetScoreSheet(
        self, request: pb.GetScoreSheetRequest, context: grpc.ServicerContext
    ) -> pb.GetScoreSheetResponse:
        """One score sheet."""
        problems = Problems()
        say = _voice(request.languages, problems)
        edition = self._edition(request.edition, problems, context)
        if not request.set:
            problems.add("MISSING", "set", field="set", of="product.set")
        names = self._ready(context).rules.sets
        found = _product_set(edition, request.set, problems, names[edition.id]) if edition and request.set else None
        self._refuse(problems, context)
        assert edition is not None and found is not None  # noqa: PT018 - refused otherwise
        return pb.GetScoreSheetResponse(sheet=rules.sheet_to_pb(found, edition, say))

    def _ready(self, context: grpc.ServicerContext) -> Engine:
        if self.engine is None:
            abort(context, Failure.of([Problem("LOADING")]), request_id())
        assert self.engine is not None
        return self.engine

    def _edition(self, asked: str, problems: Problems, context: grpc.ServicerContext) -> Edition | None:
        rulebook = self._ready(context).rulebook
        if not asked:
            return list(rulebook.editions.values())[-1]
        found = rulebook.editions.get(asked)
        if found is None:
            problems.note(rulebook.no_edition(asked))
        return found

    def _refuse(self, problems: Problems, context: grpc.ServicerContext) -> None:
        if len(problems):
            abort(context, Failure.of(problems), request_id())


def _assess(engine: Engine, message: pb.Dossier, wanted: Wanted, problems: Problems) -> Assessment:
    case = engine.admit(requests.dossier_from_pb(message), SheetKind.COUNCIL, problems)
    if wanted.digest and wanted.digest != case.edition.digest:
        changed = {
            "edition": case.edition.id,
            "digest": case.edition.digest,
            "expected": shorten(wanted.digest, MAX_TOKEN),
        }
        raise DossierError([Problem("RULES_CHANGED", changed, "wanted.expected_digest")])
    return Assessment(case, engine.decide(case))


def _result(
    engine: Engine, message: pb.Dossier, wanted: Wanted, request_id: str, problems: Problems | None = None
) -> tuple[bytes, bool]:
    """One of many results, encoded, and whether it is an error."""
    id_ = shorten(message.id, MAX_TOKEN)
    try:
        found = _assess(engine, message, wanted, problems or Problems())
    except DossierError as error:
        failure = Failure.of(error.problems, wanted.languages)
        return pb.ScoreResult(id=id_, error=item_error(failure, request_id)).SerializeToString(), True
    encoded = framed(pb.ScoreResult.ASSESSMENT_FIELD_NUMBER, assessment_bytes(found, wanted))
    return pb.ScoreResult(id=id_).SerializeToString() + encoded if id_ else encoded, False


def _asked(message: pb.Wanted, wanted: Wanted) -> tuple[str, ...]:
    """Errors come in the languages asked for, and in all of them to who asked for none."""
    return wanted.languages if message.languages else ()


def _voice(asked: Sequence[str], problems: Problems) -> Voice:
    return voice(requests.languages_from_pb(asked, "languages", problems))


def _product_set(edition: Edition, asked: str, problems: Problems, names: Names) -> ProductSet | None:
    found = find_set(edition, asked, names)
    if found is None:
        problems.note(no_set(edition, asked, "set", names))
    return found


def _count(items: int, failed: int) -> None:
    note(items=items, failed_items=failed)
