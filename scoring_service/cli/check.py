"""ocop check, schema and codes: whether the rules are sound, and what helps to write them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scoring_service.cli.codes import codes_page
from scoring_service.cli.common import (
    OK,
    Commands,
    Parents,
    UsageError,
    at,
    foreign,
    print_json,
    under,
    voice_of,
)
from scoring_service.cli.schema import RULE_FILES, dossier_schema, rule_schema
from scoring_service.rulebook.doubts import doubts
from scoring_service.rulebook.library import load_rulebook


def add(commands: Commands, parents: Parents) -> None:
    """The commands for those who write rules."""
    checking = commands.add_parser(
        "check", parents=[parents.common], help="check rule files; `ocop test` runs their cases"
    )
    checking.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="folder of the rule files, or of one edition"
    )
    checking.add_argument(
        "--notes", action="store_true", help="also list every oddity, shortfall and reading with its place"
    )
    checking.set_defaults(run=check)

    describing = commands.add_parser(
        "schema", parents=[parents.rules_only], help="print the JSON Schema of dossier files, or of rule files"
    )
    describing.add_argument("--of", choices=RULE_FILES, default="", help="a kind of rule file instead of dossiers")
    describing.add_argument("--amending", action="store_true", help="with --of: of an edition that amends another")
    describing.set_defaults(run=schema)

    listing = commands.add_parser("codes", help="print the page of all codes with their values")
    listing.set_defaults(run=lambda _: _codes())


def check(args: argparse.Namespace) -> int:
    folder: Path = args.folder or args.rules
    args.rules, to = folder, voice_of(args)
    if not folder.is_dir():
        raise UsageError(to.sentence("NO_FOLDER", folder=foreign(folder)))
    rulebook = load_rulebook(folder)
    for edition in rulebook.editions.values():
        criteria = [c for s in edition.sets.values() for c in s.criteria()]
        counts = {
            "sets": len(edition.sets),
            "criteria": len(criteria),
            "options": sum(len(c.options) for c in criteria),
            "minimums": sum(len(c.minimums) for c in criteria),
        }
        print(
            to.sentence(
                "CHECKED_EDITION", edition=edition.id, decision=edition.decision, digest=edition.digest, **counts
            )
        )
    for problem in (under(p, folder) for p in rulebook.warnings):
        print(f"{problem.where}: {to.problem(problem)}")
    if args.notes:
        for where, doubt, text in (d for edition in rulebook.editions.values() for d in doubts(edition)):
            print(f"{at(where, folder)}: {to.word('doubt', doubt)}: {text[to.language]}")
    print(to.sentence("CHECKED_NOW_TEST"))
    return OK


def schema(args: argparse.Namespace) -> int:
    if args.of:
        return print_json(rule_schema(args.of, amending=args.amending), indent=2)
    return print_json(dossier_schema(load_rulebook(args.rules)), indent=2)


def _codes() -> int:
    sys.stdout.write(codes_page())
    return OK
