"""ocop schema: what editors are told of dossiers and rule files."""

from __future__ import annotations

import argparse

from scoring_service.authoring.dossier_schema import dossier_schema
from scoring_service.authoring.rule_schemas import RULE_FILES, rule_schema
from scoring_service.authoring.schema_files import write_schemas
from scoring_service.cli.common import OK, Commands, Parents, print_json
from scoring_service.rulebook.library import load_rulebook


def add(commands: Commands, parents: Parents) -> None:
    """The command."""
    describing = commands.add_parser("schema", parents=[parents.rules_only], help=parents.said("schema"))
    describing.add_argument("--of", choices=RULE_FILES, default="")
    describing.add_argument("--amending", action="store_true")
    describing.add_argument("--write", action="store_true")
    describing.set_defaults(run=schema)


def schema(args: argparse.Namespace) -> int:
    if args.of:
        return print_json(rule_schema(args.of, amending=args.amending), indent=2)
    rulebook = load_rulebook(args.rules)
    if not args.write:
        return print_json(dossier_schema(rulebook), indent=2)
    for path in write_schemas(args.rules, rulebook):
        print(path)
    return OK
