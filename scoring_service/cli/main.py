"""The ``ocop`` command.

Exit codes: 0 every dossier has a result (or the rules are sound); 1 a dossier or a rule file is wrong, or a dossier is incomplete;
2 the command was called wrongly: unknown option, missing file, no server at the address, port in use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from scoring_service import __version__
from scoring_service.cli import rules, score
from scoring_service.cli.codes import codes_page
from scoring_service.cli.common import BAD_INPUT, OK, USAGE, UsageError, foreign, renderer, under, voice_of
from scoring_service.cli.schema import RULE_FILES
from scoring_service.cli.shown import told
from scoring_service.engine.dossier import SheetKind
from scoring_service.rulebook.nodes import NodeError
from scoring_service.service.logs import configure_logging
from scoring_service.service.server import PortError, ServerConfig, serve
from scoring_service.telling.catalogue import DEFAULT_LANGUAGE, languages
from scoring_service.telling.teller import Teller, teller

INTERRUPTED = 130
_LANGUAGE = "OCOP_LANG"
_LONGEST_NOTICE = 300


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # What gRPC would print of its own on a taken port or a lost connection is said better here.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except NodeError as error:
        to = voice_of(args)
        problems = told((under(p, args.rules) for p in error.problems), to)
        renderer(args, sys.stderr).problems(problems, to.screen("rule_files"))
        return BAD_INPUT
    except UsageError as error:
        sys.stderr.write(f"ocop: {error}\n")
        return USAGE
    except PortError as error:
        problem = error.problem
        _complain(lambda to: to.problem(problem))
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ocop",
        description="Score OCOP dossiers by rule files, with reasons.",
        epilog=__doc__ and __doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    language = _default_language()
    parser.set_defaults(lang=language)
    parser.add_argument("--version", action="version", version=f"ocop {__version__}")
    rules_only = argparse.ArgumentParser(add_help=False)
    rules_only.add_argument(
        "--rules",
        type=Path,
        default=_default_rules(),
        help="folder of the rule files (default: $OCOP_RULES, or ./rules)",
    )
    common = argparse.ArgumentParser(add_help=False, parents=[rules_only])
    common.add_argument(
        "--lang",
        choices=languages(),
        default=language,
        help="language of tables and sentences (default: $OCOP_LANG, or vi)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    _add_scoring(commands, common)
    _add_rules(commands, common, rules_only)
    _add_serving(commands, rules_only)
    return parser


def _add_scoring(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    kinds = [kind.value for kind in SheetKind if kind is not SheetKind.AGREED]
    scoring = commands.add_parser("score", parents=[common], help="score dossier files")
    scoring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="dossier, YAML or JSON")
    scoring.add_argument(
        "--json", action="store_true", help="one JSON document per dossier and line, the message Assessment"
    )
    scoring.add_argument(
        "--verdict", action="store_true", help="only the verdict of each, in its canonical form, one to a line"
    )
    scoring.add_argument(
        "--details", action="store_true", help="of many files also show each result, before the table of the round"
    )
    scoring.add_argument(
        "--full",
        action="store_true",
        help="show each result with every criterion, places in the rule files, exact fractions and practice",
    )
    scoring.add_argument(
        "--sheets",
        choices=kinds,
        default=SheetKind.COUNCIL.value,
        help="a trial by the sheets of another kind, such as self: what a self-assessment would give (default: council)",
    )
    scoring.add_argument("--edition", default="", help="score under this edition whatever the dates say (what-if)")
    scoring.add_argument("--server", metavar="ADDR", help="score at a running service instead of here")
    scoring.set_defaults(run=score.score_files)

    compared = commands.add_parser(
        "compare", parents=[common], help="two results for one product side by side: where and why they differ"
    )
    compared.add_argument("left", type=Path, metavar="A", help="dossier, YAML or JSON")
    compared.add_argument("right", type=Path, nargs="?", metavar="B", help="the other dossier (default: A itself)")
    for side in ("left", "right"):
        compared.add_argument(
            f"--{side}",
            dest=f"{side}_sheets",
            choices=kinds,
            default="council",
            help=f"kind of sheets to score the {side} one by (default: council)",
        )
    compared.add_argument("--json", action="store_true", help="one JSON document, the message CompareResponse")
    compared.set_defaults(run=score.compare_files)

    converted = commands.add_parser(
        "convert", parents=[common], help="a dossier file as a Score request in protobuf JSON, or back"
    )
    converted.add_argument("file", type=Path, metavar="FILE", help="dossier, YAML or JSON; with --back a request")
    converted.add_argument("--back", action="store_true", help="a request in protobuf JSON as a dossier file in JSON")
    converted.set_defaults(run=score.convert_file)

    diff = commands.add_parser("diff", parents=[common], help="what moved between two editions of a product set")
    diff.add_argument("--from", required=True, dest="old", metavar="EDITION", help="the older edition")
    diff.add_argument("--to", required=True, dest="new", metavar="EDITION", help="the newer edition")
    diff.add_argument("--set", required=True, dest="product_set", help="number or short name in the newer edition")
    diff.add_argument("--json", action="store_true", help="one JSON document")
    diff.set_defaults(run=rules.diff)


def _add_rules(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    rules_only: argparse.ArgumentParser,
) -> None:
    sets = commands.add_parser("sets", parents=[common], help="list the product sets of an edition")
    sets.add_argument("--edition", default="", help="edition id (default: the newest)")
    sets.add_argument("--json", action="store_true", help="one JSON document")
    sets.set_defaults(run=rules.sets)

    sheet = commands.add_parser("sheet", parents=[common], help="show one score sheet")
    sheet.add_argument("--edition", default="", help="edition id (default: the newest)")
    sheet.add_argument("--set", required=True, dest="product_set", help="number or short name of the product set")
    sheet.add_argument("--json", action="store_true", help="one JSON document")
    sheet.set_defaults(run=rules.sheet)

    check = commands.add_parser("check", parents=[common], help="check rule files and score their samples")
    check.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="folder of the rule files, or of one edition"
    )
    check.add_argument(
        "--write-expected",
        action="store_true",
        help="write the expected results of the samples anew; review them as a diff",
    )
    check.add_argument(
        "--notes", action="store_true", help="also list every oddity, shortfall and reading with its place"
    )
    check.set_defaults(run=rules.check)

    schema = commands.add_parser(
        "schema", parents=[rules_only], help="print the JSON Schema of dossier files, or of rule files"
    )
    schema.add_argument("--of", choices=RULE_FILES, default="", help="a kind of rule file instead of dossiers")
    schema.add_argument("--amending", action="store_true", help="with --of: of an edition that amends another")
    schema.set_defaults(run=rules.schema)

    codes = commands.add_parser("codes", help="print the page of all codes with their values")
    codes.set_defaults(run=lambda _: _codes())


def _add_serving(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], rules_only: argparse.ArgumentParser
) -> None:
    server = commands.add_parser("serve", parents=[rules_only], help="serve by gRPC")
    server.add_argument(
        "--host", default=ServerConfig.host, help="address to listen on (default: %(default)s, this machine only)"
    )
    server.add_argument(
        "--port",
        type=_whole(0, 65535),
        default=ServerConfig.port,
        help="port, 0 to 65535; 0 takes a free one (default: %(default)s)",
    )
    server.add_argument(
        "--threads",
        type=_whole(2, 256),
        default=ServerConfig.threads,
        help="worker threads, 2 to 256 (default: %(default)s)",
    )
    server.add_argument(
        "--notice-seconds",
        type=_seconds,
        default=ServerConfig.notice_seconds,
        help="wait between health off and closing, 0 to 300 (default: %(default)s)",
    )
    server.add_argument(
        "--no-reflection", action="store_true", help="do not show the contract to tools that ask for it"
    )
    server.set_defaults(run=_serve)

    health = commands.add_parser(
        "health", help="exit code 0 when the service at ADDR is ready to score, 1 when it is not"
    )
    health.add_argument("address", metavar="ADDR", help="host:port")
    health.set_defaults(run=_health)


def _whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds, for argparse."""

    def number(text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:  # noqa: PLR2004
            return int(text)
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")

    return number


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if 0 <= value <= _LONGEST_NOTICE:  # false for nan and inf
        return value
    raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds from 0 to {_LONGEST_NOTICE}")


def _default_language() -> str:
    """The language named by the environment, if there is one of that name."""
    named = os.environ.get(_LANGUAGE) or DEFAULT_LANGUAGE
    if named in languages():
        return named
    _complain(lambda to: to.sentence("LANGUAGE_NAMED", given=named, known=languages()))
    raise SystemExit(USAGE)


def _complain(say: Callable[[Teller], str]) -> None:
    """A line in the language that the environment names; where it names none that we have nobody knows who reads, and each has its line."""
    named = os.environ.get(_LANGUAGE, "")
    for language in (named,) if named in languages() else languages():
        sys.stderr.write(f"ocop: {say(teller(language))}\n")


def _default_rules() -> Path:
    named = os.environ.get("OCOP_RULES")
    beside = Path(__file__).resolve().parents[2] / "rules"
    return Path(named) if named else Path("rules") if Path("rules").is_dir() else beside


def _serve(args: argparse.Namespace) -> int:
    configure_logging()
    serve(
        ServerConfig(
            host=args.host,
            port=args.port,
            threads=args.threads,
            notice_seconds=args.notice_seconds,
            reflection=not args.no_reflection,
        ),
        args.rules,
    )
    return OK


def _codes() -> int:
    sys.stdout.write(codes_page())
    return OK


def _health(args: argparse.Namespace) -> int:
    with grpc.insecure_channel(args.address) as channel:
        try:
            answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=2)
        except grpc.RpcError as error:
            call: Any = error  # what a call raises is the call itself
            details = foreign(f"{call.code().name}: {call.details()}")
            _complain(lambda to: to.sentence("SERVER_SILENT", server=foreign(args.address), details=details))
            return BAD_INPUT
    if answer.status == health_pb2.HealthCheckResponse.SERVING:
        return OK
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    _complain(lambda to: to.sentence("SERVER_NOT_READY", server=foreign(args.address), status=status))
    return BAD_INPUT
