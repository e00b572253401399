"""ocop sets and sheet: the rules as people read them."""

from __future__ import annotations

import argparse
import sys

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.cli.common import (
    OK,
    Commands,
    Parents,
    UsageError,
    plain,
    print_json,
    renderer,
    voice_of,
)
from scoring_service.engine.names import find_set, no_set, set_names
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.service.rules import product_set_to_pb, sheet_to_pb
from scoring_service.service.values import voice


def add(commands: Commands, parents: Parents) -> None:
    """The commands that show rules."""
    listing = commands.add_parser("sets", parents=[parents.common], help=parents.said("sets"))
    listing.add_argument("--edition", default="")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=sets)

    showing = commands.add_parser("sheet", parents=[parents.common], help=parents.said("sheet"))
    showing.add_argument("--edition", default="")
    showing.add_argument("--set", required=True, dest="product_set")
    showing.add_argument("--json", action="store_true")
    showing.set_defaults(run=sheet)


def sets(args: argparse.Namespace) -> int:
    edition, say = edition_of(args, load_rulebook(args.rules), args.edition), voice((voice_of(args).language,))
    response = pb.ListProductSetsResponse(
        edition=edition.id, product_sets=[product_set_to_pb(s, edition, say) for s in edition.sets.values()]
    )
    if args.json:
        return print_json(plain(response))
    renderer(args, sys.stdout).sets(response)
    return OK


def sheet(args: argparse.Namespace) -> int:
    edition = edition_of(args, load_rulebook(args.rules), args.edition)
    found = product_set_of(args, edition, args.product_set)
    sheet = sheet_to_pb(found, edition, voice((voice_of(args).language,)))
    if args.json:
        return print_json(plain(sheet))
    renderer(args, sys.stdout).sheet(sheet)
    return OK


def product_set_of(args: argparse.Namespace, edition: Edition, asked: str) -> ProductSet:
    """The product set asked for by number, short name or name.

    Raises:
        UsageError: the edition has none of that name.
    """
    names = set_names(edition)
    found = find_set(edition, asked, names)
    if found is None:
        raise UsageError(voice_of(args).problem(no_set(edition, asked, "set", names)))
    return found


def edition_of(args: argparse.Namespace, rulebook: Rulebook, asked: str) -> Edition:
    """The edition asked for, or the newest.

    Raises:
        UsageError: there is none of that name.
    """
    if asked and asked not in rulebook.editions:
        raise UsageError(voice_of(args).problem(rulebook.no_edition(asked)))
    return rulebook.editions[asked] if asked else list(rulebook.editions.values())[-1]
