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

from scoring_service import __version__
from scoring_service.cli import (
    boundaries,
    carry,
    check,
    diff,
    explaining,
    mutate,
    new,
    rules,
    schema,
    score,
    serving,
    suite,
    watch,
)
from scoring_service.cli.common import (
    BAD_INPUT,
    INTERRUPTED,
    LANGUAGE,
    OK,
    USAGE,
    Parents,
    UsageError,
    complain,
    renderer,
    under,
    voice_of,
)
from scoring_service.cli.helping import Parser, described, spoken
from scoring_service.cli.shown import in_order, told
from scoring_service.problems import errors
from scoring_service.rulebook.nodes import NodeError
from scoring_service.service.server import PortError
from scoring_service.telling.catalogue import DEFAULT_LANGUAGE, languages
from scoring_service.telling.teller import Teller, teller


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # What gRPC would print of its own on a taken port or a lost connection is said better here.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    to = teller(_language(argv))
    with spoken(to):
        args = _parser(to).parse_args(argv)
    try:
        code: int = args.run(args)
    except NodeError as error:
        to = voice_of(args)
        problems = in_order(told((under(p, args.rules) for p in errors(error.problems)), to))
        renderer(args, sys.stderr).problems(problems, to.screen("rule_files"))
        return BAD_INPUT
    except UsageError as error:
        sys.stderr.write(f"ocop: {error}\n")
        return USAGE
    except PortError as error:
        problem = error.problem
        complain(lambda to: to.problem(problem))
        return USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _parser(to: Teller) -> argparse.ArgumentParser:
    of_language = Parser(to=to, add_help=False)
    of_language.add_argument("--lang", choices=languages(), default=to.language)
    parser = Parser(
        to=to,
        prog="ocop",
        parents=[of_language],
        description=described(to, "ocop"),
        epilog=described(to, "exit_codes"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(main=main)  # a command that runs others does so by ``main``
    parser.add_argument("--version", action="version", version=f"ocop {__version__}", help=described(to, "version"))
    rules_only = Parser(to=to, add_help=False)
    rules_only.add_argument("--rules", type=Path, default=_default_rules())
    common = Parser(to=to, add_help=False, parents=[rules_only, of_language])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    parents = Parents(common, rules_only, to)
    for part in (score, rules, diff, carry, check, explaining, suite, boundaries, mutate, new, schema, watch, serving):
        part.add(commands, parents)
    return parser


def _language(argv: Sequence[str] | None) -> str:
    """The language asked for, wherever the call says it: its own help is in that language too."""
    asking = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    asking.add_argument("--lang", default="")
    try:
        named: str = asking.parse_known_args(argv)[0].lang
    except argparse.ArgumentError:  # said where the whole call is read
        named = ""
    return named if named in languages() else _default_language()


def _default_language() -> str:
    """The language named by the environment, if there is one of that name."""
    named = os.environ.get(LANGUAGE) or DEFAULT_LANGUAGE
    if named in languages():
        return named
    complain(lambda to: to.sentence("LANGUAGE_NAMED", given=named, known=languages()))
    raise SystemExit(USAGE)


def _default_rules() -> Path:
    named = os.environ.get("OCOP_RULES")
    beside = Path(__file__).resolve().parents[2] / "rules"
    return Path(named) if named else Path("rules") if Path("rules").is_dir() else beside
