"""The ``ocop`` command.

Exit codes: 0 every dossier has a result (or the rules are sound); 1 a dossier or a rule file is wrong, or a dossier is incomplete;
2 the command was called wrongly: unknown option, missing file, no server at the address, port in use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from scoring_service import __version__
from scoring_service.cli import rules, score
from scoring_service.cli.common import BAD_INPUT, OK, USAGE, UsageError, renderer, under
from scoring_service.engine.dossier import SheetKind
from scoring_service.rulebook.nodes import NodeError
from scoring_service.service.server import PortError, ServerConfig, configure_logging, serve

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # What gRPC would print of its own on a taken port or a lost connection is said better below.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except NodeError as error:
        renderer(args, sys.stderr).problems((under(p, args.rules) for p in error.problems), "Tệp luật | Rule files")
        return BAD_INPUT
    except (UsageError, PortError) as error:
        sys.stderr.write(f"ocop: {error}\n")
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
        choices=("vi", "en"),
        default=os.environ.get("OCOP_LANG", "vi"),
        help="language of tables and sentences (default: vi)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    _add_scoring(commands, common)
    _add_rules(commands, common, rules_only)
    _add_serving(commands, rules_only)
    return parser


def _add_scoring(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    scoring = commands.add_parser("score", parents=[common], help="score dossier files")
    scoring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="dossier, YAML or JSON")
    scoring.add_argument(
        "--json", action="store_true", help="one JSON document per dossier and line, the message Assessment"
    )
    scoring.add_argument("--full", action="store_true", help="also show every criterion")
    scoring.add_argument("--edition", default="", help="score under this edition whatever the dates say (what-if)")
    scoring.add_argument("--server", metavar="ADDR", help="score at a running service instead of here")
    scoring.set_defaults(run=score.score_files)

    compared = commands.add_parser(
        "compare", parents=[common], help="two results for one product side by side: where and why they differ"
    )
    compared.add_argument("left", type=Path, metavar="A", help="dossier, YAML or JSON")
    compared.add_argument("right", type=Path, nargs="?", metavar="B", help="the other dossier (default: A itself)")
    kinds = [kind.value for kind in SheetKind if kind is not SheetKind.AGREED]
    for side in ("left", "right"):
        text = f"kind of sheets to score the {side} one by (default: council)"
        compared.add_argument(f"--{side}", dest=f"{side}_sheets", choices=kinds, default="council", help=text)
    compared.add_argument("--json", action="store_true", help="one JSON document, the message CompareResponse")
    compared.set_defaults(run=score.compare_files)

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

    schema = commands.add_parser("schema", parents=[rules_only], help="print the JSON Schema of dossier files")
    schema.set_defaults(run=rules.schema)


def _add_serving(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], rules_only: argparse.ArgumentParser
) -> None:
    server = commands.add_parser("serve", parents=[rules_only], help="serve by gRPC")
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


def _default_rules() -> Path:
    named = os.environ.get("OCOP_RULES")
    beside = Path(__file__).resolve().parents[2] / "rules"
    return Path(named) if named else Path("rules") if Path("rules").is_dir() else beside


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
