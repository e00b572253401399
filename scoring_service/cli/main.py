"""The ``ocop`` command.

Exit codes: 0 every dossier has a result (or the rules are sound); 1 a dossier or a rule file is wrong, or a dossier is incomplete;
2 the command was called wrongly: unknown option, missing file, no server at the address, port in use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from ocop import InvalidDossierError, NoEditionError, NotFoundError, ScoringClient, ScoringError
from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console
from rich.progress import track

from scoring_service import __version__
from scoring_service.cli.dossier_files import DossierFile
from scoring_service.cli.render import Renderer
from scoring_service.cli.samples import expected_file, run_samples
from scoring_service.cli.schema import dossier_schema
from scoring_service.engine.assess import Engine
from scoring_service.engine.dossier import DossierError
from scoring_service.rulebook.library import ChoiceError, Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.nodes import NodeError
from scoring_service.service import convert
from scoring_service.service.server import PortError, ServerConfig, configure_logging, serve
from scoring_service.text import Problem, Text, did_you_mean

OK, BAD_INPUT, USAGE = 0, 1, 2
_MANY = 20
_PIPED_WIDTH = 110


class UsageError(Exception):
    """The command cannot run as it was called."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except NodeError as error:
        _renderer(args, sys.stderr).problems((_under(p, args.rules) for p in error.problems), "Tệp luật | Rule files")
        return BAD_INPUT
    except (UsageError, PortError) as error:
        sys.stderr.write(f"ocop: {error}\n")
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ocop",
        description="Score OCOP dossiers by rule files, with reasons.",
        epilog=__doc__ and __doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"ocop {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--rules",
        type=Path,
        default=_default_rules(),
        help="folder of the rule files (default: $OCOP_RULES, or ./rules)",
    )
    common.add_argument(
        "--lang",
        choices=("vi", "en"),
        default=os.environ.get("OCOP_LANG", "vi"),
        help="language of tables and sentences (default: vi)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    score = commands.add_parser("score", parents=[common], help="score dossier files")
    score.add_argument("files", nargs="+", type=Path, metavar="FILE", help="dossier, YAML or JSON")
    score.add_argument(
        "--json", action="store_true", help="one JSON document per dossier and line, the message Assessment"
    )
    score.add_argument("--full", action="store_true", help="also show every criterion")
    score.add_argument("--edition", default="", help="score under this edition whatever the dates say (what-if)")
    score.add_argument("--server", metavar="ADDR", help="score at a running service instead of here")
    score.set_defaults(run=_score)

    sets = commands.add_parser("sets", parents=[common], help="list the product sets of an edition")
    sets.add_argument("--edition", default="", help="edition id (default: the newest)")
    sets.add_argument("--json", action="store_true", help="one JSON document")
    sets.set_defaults(run=_sets)

    sheet = commands.add_parser("sheet", parents=[common], help="show one score sheet")
    sheet.add_argument("--edition", default="", help="edition id (default: the newest)")
    sheet.add_argument("--set", required=True, dest="product_set", help="number or short name of the product set")
    sheet.add_argument("--json", action="store_true", help="one JSON document")
    sheet.set_defaults(run=_sheet)

    check = commands.add_parser("check", parents=[common], help="check rule files and score their samples")
    check.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="folder of the rule files, or of one edition"
    )
    check.add_argument(
        "--write-expected",
        action="store_true",
        help="write the expected results of the samples anew; review them as a diff",
    )
    check.set_defaults(run=_check)

    server = commands.add_parser("serve", parents=[common], help="serve by gRPC")
    server.add_argument(
        "--host", default=ServerConfig.host, help="address to listen on (default: %(default)s, this machine only)"
    )
    server.add_argument(
        "--port", type=int, default=ServerConfig.port, help="port; 0 takes a free one (default: %(default)s)"
    )
    server.add_argument(
        "--threads", type=int, default=ServerConfig.threads, help="worker threads (default: %(default)s)"
    )
    server.add_argument(
        "--notice-seconds",
        type=float,
        default=ServerConfig.notice_seconds,
        help="wait between health off and closing (default: %(default)s)",
    )
    server.set_defaults(run=_serve)

    health = commands.add_parser(
        "health", help="exit code 0 when the service at ADDR is ready to score, 1 when it is not"
    )
    health.add_argument("address", metavar="ADDR", help="host:port")
    health.set_defaults(run=_health)

    schema = commands.add_parser("schema", parents=[common], help="print the JSON Schema of dossier files")
    schema.set_defaults(run=lambda args: _print_json(dossier_schema(load_rulebook(args.rules)), indent=2))
    return parser


def _default_rules() -> Path:
    named = os.environ.get("OCOP_RULES")
    beside = Path(__file__).resolve().parents[2] / "rules"
    return Path(named) if named else Path("rules") if Path("rules").is_dir() else beside


# --- score -------------------------------------------------------------------------------------------------------------


def _score(args: argparse.Namespace) -> int:
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
    out, err = _renderer(args, sys.stdout), _renderer(args, sys.stderr)
    for path, result in results:
        if isinstance(result, pb.Assessment):
            if args.json:
                _print_json({"file": str(path), **_plain(result)})
            else:
                out.assessment(result, result.product.name or str(path), full=args.full)
            if result.status == pb.STATUS_INCOMPLETE:
                worst = BAD_INPUT
        else:
            worst = BAD_INPUT
            if args.json:
                _print_json({"file": str(path), "error": {"problems": [_problem_json(p) for p in result]}})
            err.problems(result, str(path))
    return worst


def _local(args: argparse.Namespace, files: Iterable[Path]) -> Iterator[tuple[Path, pb.Assessment | list[Problem]]]:
    engine = Engine(load_rulebook(args.rules))
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


# --- the rules ---------------------------------------------------------------------------------------------------------


def _sets(args: argparse.Namespace) -> int:
    response = convert.product_sets_to_pb(_edition(load_rulebook(args.rules), args.edition))
    if args.json:
        return _print_json(_plain(response))
    _renderer(args, sys.stdout).sets(response)
    return OK


def _sheet(args: argparse.Namespace) -> int:
    edition = _edition(load_rulebook(args.rules), args.edition)
    found = edition.find_set(args.product_set)
    if found is None:
        why = edition.missing_sets.get(args.product_set)
        raise UsageError(
            why.en
            if why
            else f"edition {edition.id} has no product set '{args.product_set}'."
            + did_you_mean(args.product_set, [*edition.sets, *edition.by_slug]).en
        )
    sheet = convert.sheet_to_pb(found, edition)
    if args.json:
        return _print_json(_plain(sheet))
    _renderer(args, sys.stdout).sheet(sheet)
    return OK


def _edition(rulebook: Rulebook, asked: str) -> Edition:
    if asked and asked not in rulebook.editions:
        raise UsageError(f"there is no edition '{asked}'." + did_you_mean(asked, rulebook.editions).en)
    return rulebook.editions[asked] if asked else list(rulebook.editions.values())[-1]


def _check(args: argparse.Namespace) -> int:
    folder: Path = args.folder or args.rules
    args.rules = folder
    if not folder.is_dir():
        raise UsageError(f"no such folder: {folder}")
    rulebook = load_rulebook(folder)
    for edition in rulebook.editions.values():
        criteria = [c for s in edition.sets.values() for c in s.criteria()]
        print(
            f"{edition.id}: {edition.decision}, {len(edition.sets)} sets, {len(criteria)} criteria, {sum(len(c.options) for c in criteria)} options, "
            f"{sum(len(c.minimums) for c in criteria)} star minimums, {edition.digest}"
        )
    results = list(run_samples(Engine(rulebook), folder))
    if args.write_expected:
        for result in results:
            target = expected_file(result.path)
            target.parent.mkdir(exist_ok=True)
            target.write_text(result.actual, encoding="utf-8")
        print(f"{len(results)} expected results written; review them with git diff")
        return OK
    changed = [r for r in results if r.difference]
    for result in changed:
        print(f"\n{result.path}\n{result.difference}")
    print(
        f"samples: {len(results) - len(changed)} as expected, {len(changed)} changed"
        + (" (accept with --write-expected)" if changed else "")
    )
    return BAD_INPUT if changed else OK


def _serve(args: argparse.Namespace) -> int:
    configure_logging()
    serve(
        ServerConfig(host=args.host, port=args.port, threads=args.threads, notice_seconds=args.notice_seconds),
        args.rules,
    )
    return OK


def _health(args: argparse.Namespace) -> int:
    with grpc.insecure_channel(args.address) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.RpcError:
            return BAD_INPUT
    return OK if answer.status == health_pb2.HealthCheckResponse.SERVING else BAD_INPUT


# --- output ------------------------------------------------------------------------------------------------------------


def _renderer(args: argparse.Namespace, to: TextIO) -> Renderer:
    return Renderer(Console(file=to, width=None if to.isatty() else _PIPED_WIDTH, highlight=False), args.lang)


def _plain(message: Message) -> dict[str, object]:
    return MessageToDict(message, always_print_fields_with_no_presence=True)


def _print_json(document: object, indent: int | None = None) -> int:
    print(json.dumps(document, ensure_ascii=False, indent=indent))
    return OK


def _under(problem: Problem, rules: Path) -> Problem:
    """The problem with a path that can be clicked: rule positions are relative to the folder of all editions."""
    if problem.position is None or Path(problem.position.file).exists():
        return problem
    root = rules.parent if (rules / "edition.yaml").is_file() else rules
    return replace(problem, position=replace(problem.position, file=str(root / problem.position.file)))
