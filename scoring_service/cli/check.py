"""ocop check and codes: whether the rules are sound, and which codes there are."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from scoring_service.authoring.schema_files import FOLDER as SCHEMAS
from scoring_service.authoring.schema_files import stale_schemas
from scoring_service.cli import sarif
from scoring_service.cli.codes import codes_page
from scoring_service.cli.common import (
    BAD_INPUT,
    OK,
    Commands,
    Parents,
    UsageError,
    at,
    foreign,
    print_json,
    renderer,
    under,
    voice_of,
)
from scoring_service.cli.samples import expected_file, run_samples
from scoring_service.cli.shown import Shown, in_order, told
from scoring_service.engine.engine import Engine
from scoring_service.problems import Position, Problem, Weight
from scoring_service.rulebook.doubts import doubts
from scoring_service.rulebook.library import Rulebook, load_rulebook, load_surroundings
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import Teller


def add(commands: Commands, parents: Parents) -> None:
    """The commands for those who write rules."""
    checking = commands.add_parser("check", parents=[parents.common], help="check rule files and score their samples")
    checking.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="folder of the rule files, or of one edition"
    )
    checking.add_argument(
        "--write-expected",
        action="store_true",
        help="write the expected results of the samples anew; review them as a diff",
    )
    checking.add_argument(
        "--notes", action="store_true", help="also list every oddity, shortfall and reading with its place"
    )
    checking.add_argument("--strict", action="store_true", help="fail on warnings too")
    checking.add_argument(
        "--format",
        choices=("text", "json", "sarif"),
        default="text",
        help="for people, for programs, or SARIF 2.1.0 for code review (default: text)",
    )
    checking.set_defaults(run=check)

    listing = commands.add_parser("codes", help="print the page of all codes with their values")
    listing.set_defaults(run=lambda _: _codes())


def check(args: argparse.Namespace) -> int:
    """Everything that is wrong with the rule files, and the counts of those that are sound."""
    folder: Path = args.folder or args.rules
    args.rules, to = folder, voice_of(args)
    if not folder.is_dir():
        raise UsageError(to.sentence("NO_FOLDER", folder=foreign(folder)))
    rulebook, problems = _read(folder)
    shown = told((under(p, folder) for p in problems), to)
    weights = Counter(p.weight for p in shown)
    failed = bool(weights[Weight.ERROR] or (args.strict and weights[Weight.WARNING]))
    if args.format == "text":
        failed |= _tell(args, rulebook, shown, to)
    else:
        print_json(sarif.log(shown, to) if args.format == "sarif" else _document(shown, weights), indent=2)
    return BAD_INPUT if failed else OK


def _read(folder: Path) -> tuple[Rulebook | None, Sequence[Problem]]:
    try:
        rulebook = load_rulebook(folder)
    except NodeError as error:
        return None, error.problems
    return rulebook, (*rulebook.warnings, *_stale(folder, rulebook))


def _tell(args: argparse.Namespace, rulebook: Rulebook | None, shown: list[Shown], to: Teller) -> bool:
    """For people: what there is where all is sound, the samples, and last what is wrong; whether a sample changed."""
    changed = rulebook is not None and _tell_editions(args, rulebook, to)
    if shown:
        ordered = in_order(shown)
        renderer(args, sys.stderr).problems(ordered, to.screen("rule_files"), strict=args.strict)
        sys.stderr.write(to.sentence("EXPLAIN_HINT", named=ordered[0].code) + "\n")
    return changed


def _document(shown: list[Shown], weights: Counter[Weight]) -> dict[str, object]:
    """For programs: every problem with its place, lines and columns counted from 1, and how many there are of each weight."""
    return {"problems": [p.placed() for p in shown], "counts": {weight.value: weights[weight] for weight in Weight}}


def _tell_editions(args: argparse.Namespace, rulebook: Rulebook, to: Teller) -> bool:
    """Counts of each edition, doubtful places on request, and the samples; whether one of these has changed."""
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
    if args.notes:
        for where, doubt, text in (d for edition in rulebook.editions.values() for d in doubts(edition)):
            print(f"{at(where, args.rules)}: {to.word('doubt', doubt)}: {text[to.language]}")
    results = list(run_samples(Engine(load_surroundings(args.rules, rulebook)), args.rules))
    if args.write_expected:
        for result in results:
            target = expected_file(result.path)
            target.parent.mkdir(exist_ok=True)
            target.write_text(result.actual, encoding="utf-8")
        print(to.sentence("EXPECTED_WRITTEN", count=len(results)))
        return False
    changed = [r for r in results if r.difference]
    for result in changed:
        print(f"\n{result.path}\n{result.difference}")
    code = "CHECKED_SAMPLES_CHANGED" if changed else "CHECKED_SAMPLES"
    print(to.sentence(code, same=len(results) - len(changed), changed=len(changed)))
    return bool(changed)


def _stale(folder: Path, rulebook: Rulebook) -> list[Problem]:
    return [
        Problem("SCHEMA_STALE", {"file": name}, position=Position(f"{SCHEMAS}/{name}", 1, 1))
        for name in stale_schemas(folder, rulebook)
    ]


def _codes() -> int:
    sys.stdout.write(codes_page())
    return OK
