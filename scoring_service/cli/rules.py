"""ocop sets, sheet and diff: the rules as people read them."""

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
from scoring_service.rulebook.diff import diff_sets, predecessors
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.service.rules import product_set_to_pb, sheet_to_pb
from scoring_service.service.values import voice
from scoring_service.telling.teller import Told


def add(commands: Commands, parents: Parents) -> None:
    """The commands that show rules."""
    listing = commands.add_parser("sets", parents=[parents.common], help="list the product sets of an edition")
    listing.add_argument("--edition", default="", help="edition id (default: the newest)")
    listing.add_argument("--json", action="store_true", help="one JSON document")
    listing.set_defaults(run=sets)

    showing = commands.add_parser("sheet", parents=[parents.common], help="show one score sheet")
    showing.add_argument("--edition", default="", help="edition id (default: the newest)")
    showing.add_argument("--set", required=True, dest="product_set", help="number or short name of the product set")
    showing.add_argument("--json", action="store_true", help="one JSON document")
    showing.set_defaults(run=sheet)

    comparing = commands.add_parser(
        "diff", parents=[parents.common], help="what moved between two editions of a product set"
    )
    comparing.add_argument("--from", required=True, dest="old", metavar="EDITION", help="the older edition")
    comparing.add_argument("--to", required=True, dest="new", metavar="EDITION", help="the newer edition")
    comparing.add_argument("--set", required=True, dest="product_set", help="number or short name in the newer edition")
    comparing.add_argument("--json", action="store_true", help="one JSON document")
    comparing.set_defaults(run=diff)


def sets(args: argparse.Namespace) -> int:
    edition, say = _edition(args, load_rulebook(args.rules), args.edition), voice((voice_of(args).language,))
    response = pb.ListProductSetsResponse(
        edition=edition.id, product_sets=[product_set_to_pb(s, edition, say) for s in edition.sets.values()]
    )
    if args.json:
        return print_json(plain(response))
    renderer(args, sys.stdout).sets(response)
    return OK


def sheet(args: argparse.Namespace) -> int:
    edition = _edition(args, load_rulebook(args.rules), args.edition)
    found = _product_set(args, edition, args.product_set)
    sheet = sheet_to_pb(found, edition, voice((voice_of(args).language,)))
    if args.json:
        return print_json(plain(sheet))
    renderer(args, sys.stdout).sheet(sheet)
    return OK


def diff(args: argparse.Namespace) -> int:
    rulebook = load_rulebook(args.rules)
    old, new = _edition(args, rulebook, args.old), _edition(args, rulebook, args.new)
    product_set, to = _product_set(args, new, args.product_set), voice_of(args)
    before = predecessors(product_set, old)
    if not before:
        missing = old.missing_sets.get(product_set.slug) or old.missing_sets.get(product_set.number)
        raise UsageError(
            missing[to.language]
            if missing
            else to.sentence("NO_PREDECESSOR", old=old.id, new=Told(f"{new.id}/{product_set.slug}"))
        )
    document = []
    for one in before:
        changes = diff_sets(one, product_set)
        document.append({
            "from": {"edition": old.id, "set": one.slug, "number": one.number},
            "to": {"edition": new.id, "set": product_set.slug, "number": product_set.number},
            "changes": [{"code": c.code, "old": c.old, "new": c.new, "text": to.sentence(c.code, **c.values)} for c in changes],
        })  # fmt: skip
        if not args.json:
            print(f"{old.id}/{one.slug} → {new.id}/{product_set.slug}: {len(changes)}")
            print("".join(f"  • {to.sentence(c.code, **c.values)}\n" for c in changes), end="")
    return print_json(document) if args.json else OK


def _product_set(args: argparse.Namespace, edition: Edition, asked: str) -> ProductSet:
    names = set_names(edition)
    found = find_set(edition, asked, names)
    if found is None:
        raise UsageError(voice_of(args).problem(no_set(edition, asked, "set", names)))
    return found


def _edition(args: argparse.Namespace, rulebook: Rulebook, asked: str) -> Edition:
    if asked and asked not in rulebook.editions:
        raise UsageError(voice_of(args).problem(rulebook.no_edition(asked)))
    return rulebook.editions[asked] if asked else list(rulebook.editions.values())[-1]
