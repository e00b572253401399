"""ocop score and ocop compare: dossiers in, results out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ocop import InvalidDossierError, NoEditionError, NotFoundError, ScoringClient, ScoringError
from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console
from rich.progress import track

from scoring_service.cli.common import BAD_INPUT, OK, UsageError, plain, print_json, renderer
from scoring_service.cli.dossier_files import DossierFile
from scoring_service.engine.assess import Engine
from scoring_service.engine.assessment import Assessment, Status
from scoring_service.engine.compare import compare
from scoring_service.engine.dossier import DossierError, SheetKind
from scoring_service.rulebook.library import ChoiceError, load_rulebook
from scoring_service.service import convert
from scoring_service.text import Problem, Text, did_you_mean

_MANY = 20


def score_files(args: argparse.Namespace) -> int:
    missing = [str(path) for path in args.files if not path.is_file()]
    if missing:
        raise UsageError("no such file: " + ", ".join(missing))
    files: Sequence[Path] = args.files
    shown = (
        track(files, "…", console=Console(stderr=True), transient=True)
        if len(files) > _MANY and sys.stderr.isatty()
        else files
    )
    results = _remote(args, shown) if args.server else _local(args, shown)
    worst = OK
    out, err = renderer(args, sys.stdout), renderer(args, sys.stderr)
    for path, result in results:
        if isinstance(result, pb.Assessment):
            if args.json:
                print_json({"file": str(path), **plain(result)})
            else:
                out.assessment(result, result.product.name or str(path), full=args.full)
            if result.status == pb.STATUS_INCOMPLETE:
                worst = BAD_INPUT
        else:
            worst = BAD_INPUT
            if args.json:
                print_json({"file": str(path), "error": {"problems": [_problem_json(p) for p in result]}})
            err.problems(result, str(path))
    return worst


def compare_files(args: argparse.Namespace) -> int:
    paths = {"left": args.left, "right": args.right or args.left}
    missing = [str(path) for path in paths.values() if not path.is_file()]
    if missing:
        raise UsageError("no such file: " + ", ".join(missing))
    engine = Engine(load_rulebook(args.rules))
    found: dict[str, Assessment] = {}
    for side, path in paths.items():
        file: DossierFile | None = None
        try:
            file = DossierFile(path)
            found[side] = engine.assess(file.dossier, SheetKind(getattr(args, f"{side}_sheets")))
        except (DossierError, ChoiceError) as error:
            problems = [file.located(p) for p in error.problems] if file else error.problems
            renderer(args, sys.stderr).problems(problems, str(path))
    if len(found) < len(paths):
        return BAD_INPUT
    left, right = found["left"], found["right"]
    response = convert.compared_to_pb(left, right, compare(left, right))
    if args.json:
        print_json(plain(response))
    else:
        renderer(args, sys.stdout).comparison(response)
    incomplete = Status.INCOMPLETE in (left.status, right.status)
    return BAD_INPUT if incomplete else OK


def _local(args: argparse.Namespace, files: Iterable[Path]) -> Iterator[tuple[Path, pb.Assessment | list[Problem]]]:
    rulebook = load_rulebook(args.rules)
    if args.edition and args.edition not in rulebook.editions:
        raise UsageError(f"there is no edition '{args.edition}'." + did_you_mean(args.edition, rulebook.editions).en)
    engine = Engine(rulebook)
    for path in files:
        file: DossierFile | None = None
        try:
            file = DossierFile(path)
            dossier = replace(file.dossier, edition=args.edition or file.dossier.edition)
            yield path, convert.assessment_to_pb(engine.assess(dossier), pb.EXPLAIN_LEVEL_FULL)
        except (DossierError, ChoiceError) as error:
            yield path, [file.located(p) for p in error.problems] if file else list(error.problems)


def _remote(args: argparse.Namespace, files: Iterable[Path]) -> Iterator[tuple[Path, pb.Assessment | list[Problem]]]:
    with ScoringClient(args.server) as client:
        for path in files:
            file: DossierFile | None = None
            try:
                file = DossierFile(path)
                dossier = replace(file.dossier, edition=args.edition or file.dossier.edition)
                yield path, client.score(convert.dossier_to_pb(dossier))
            except DossierError as error:
                yield path, list(error.problems)
            except (InvalidDossierError, NotFoundError, NoEditionError) as error:
                problems = [Problem(v.code, Text(v.vi or v.en, v.en), v.field) for v in error.violations] or [
                    Problem("server", Text(str(error), str(error)))
                ]
                yield path, [file.located(p) for p in problems] if file else problems
            except ScoringError as error:
                raise UsageError(
                    f"{args.server}: {error}" + (f" (request {error.request_id})" if error.request_id else "")
                ) from error


def _problem_json(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "path": problem.path,
        "where": problem.where,
        "message": {"vi": problem.message.vi, "en": problem.message.en},
    }
