"""ocop sets, sheet, diff, check and schema: the rules as people and editors read them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scoring_service.cli.common import BAD_INPUT, OK, UsageError, at, plain, print_json, renderer
from scoring_service.cli.samples import expected_file, run_samples
from scoring_service.cli.schema import dossier_schema
from scoring_service.engine.assess import Engine
from scoring_service.rulebook.diff import diff_sets, predecessors
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.rulebook.notes import notes
from scoring_service.service import convert
from scoring_service.text import did_you_mean


def sets(args: argparse.Namespace) -> int:
    response = convert.product_sets_to_pb(_edition(load_rulebook(args.rules), args.edition))
    if args.json:
        return print_json(plain(response))
    renderer(args, sys.stdout).sets(response)
    return OK


def sheet(args: argparse.Namespace) -> int:
    edition = _edition(load_rulebook(args.rules), args.edition)
    found = _product_set(edition, args.product_set)
    sheet = convert.sheet_to_pb(found, edition)
    if args.json:
        return print_json(plain(sheet))
    renderer(args, sys.stdout).sheet(sheet)
    return OK


def diff(args: argparse.Namespace) -> int:
    rulebook = load_rulebook(args.rules)
    old, new = _edition(rulebook, args.old), _edition(rulebook, args.new)
    product_set = _product_set(new, args.product_set)
    before = predecessors(product_set, old)
    if not before:
        missing = old.missing_sets.get(product_set.slug) or old.missing_sets.get(product_set.id)
        raise UsageError(
            missing.en if missing else f"edition {old.id} has no set that {new.id}/{product_set.slug} continues"
        )
    document = []
    for one in before:
        changes = diff_sets(one, product_set)
        document.append({
            "from": {"edition": old.id, "set": one.id, "slug": one.slug},
            "to": {"edition": new.id, "set": product_set.id, "slug": product_set.slug},
            "changes": [{"code": c.code, "old": c.old, "new": c.new, "text": {"vi": c.text.vi, "en": c.text.en}} for c in changes],
        })  # fmt: skip
        if not args.json:
            print(f"{old.id}/{one.slug} → {new.id}/{product_set.slug}: {len(changes)}")
            print("".join(f"  • {c.text.vi if args.lang == 'vi' else c.text.en}\n" for c in changes), end="")
    return print_json(document) if args.json else OK


def check(args: argparse.Namespace) -> int:
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
    if args.notes:
        for where, note in (n for edition in rulebook.editions.values() for n in notes(edition)):
            print(f"{at(where, folder)}: {note.vi if args.lang == 'vi' else note.en}")
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


def schema(args: argparse.Namespace) -> int:
    return print_json(dossier_schema(load_rulebook(args.rules)), indent=2)


def _product_set(edition: Edition, asked: str) -> ProductSet:
    found = edition.find_set(asked)
    if found is None:
        why = edition.missing_sets.get(asked)
        near = did_you_mean(asked, [*edition.sets, *edition.by_slug]).en
        raise UsageError(why.en if why else f"edition {edition.id} has no product set '{asked}'." + near)
    return found


def _edition(rulebook: Rulebook, asked: str) -> Edition:
    if asked and asked not in rulebook.editions:
        raise UsageError(f"there is no edition '{asked}'." + did_you_mean(asked, rulebook.editions).en)
    return rulebook.editions[asked] if asked else list(rulebook.editions.values())[-1]
