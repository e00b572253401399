"""ocop sets, sheet, diff, check and schema: the rules as people and editors read them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.cli.common import (
    BAD_INPUT,
    OK,
    UsageError,
    at,
    foreign,
    plain,
    print_json,
    renderer,
    under,
    voice_of,
)
from scoring_service.cli.samples import expected_file, run_samples
from scoring_service.cli.schema import dossier_schema, rule_schema
from scoring_service.engine.engine import Engine
from scoring_service.engine.names import find_set, no_set, set_names
from scoring_service.rulebook.diff import diff_sets, predecessors
from scoring_service.rulebook.doubts import doubts
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.service.rules import product_set_to_pb, sheet_to_pb
from scoring_service.service.values import voice
from scoring_service.telling.teller import Told


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
    for problem in (under(p, folder) for e in rulebook.editions.values() for p in e.warnings):
        print(f"{problem.where}: {to.problem(problem)}")
    if args.notes:
        for where, doubt, text in (d for edition in rulebook.editions.values() for d in doubts(edition)):
            print(f"{at(where, folder)}: {to.word('doubt', doubt)}: {text[to.language]}")
    results = list(run_samples(Engine(rulebook), folder))
    if args.write_expected:
        for result in results:
            target = expected_file(result.path)
            target.parent.mkdir(exist_ok=True)
            target.write_text(result.actual, encoding="utf-8")
        print(to.sentence("EXPECTED_WRITTEN", count=len(results)))
        return OK
    changed = [r for r in results if r.difference]
    for result in changed:
        print(f"\n{result.path}\n{result.difference}")
    code = "CHECKED_SAMPLES_CHANGED" if changed else "CHECKED_SAMPLES"
    print(to.sentence(code, same=len(results) - len(changed), changed=len(changed)))
    return BAD_INPUT if changed else OK


def schema(args: argparse.Namespace) -> int:
    if args.of:
        return print_json(rule_schema(args.of, amending=args.amending), indent=2)
    return print_json(dossier_schema(load_rulebook(args.rules)), indent=2)


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
