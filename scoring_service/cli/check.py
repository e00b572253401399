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
from scoring_service.cli.shown import Shown, in_order, told
from scoring_service.problems import Position, Problem, Weight, errors
from scoring_service.rulebook.doubts import doubts
from scoring_service.rulebook.folder import is_edition
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import Teller


def add(commands: Commands, parents: Parents) -> None:
    """The commands for those who write rules."""
    checking = commands.add_parser("check", parents=[parents.common], help=parents.said("check"))
    checking.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    checking.add_argument("--notes", action="store_true")
    checking.add_argument("--strict", action="store_true")
    checking.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    checking.set_defaults(run=check)

    listing = commands.add_parser("codes", help=parents.said("codes"))
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
        _tell(args, rulebook, shown, to)
    else:
        print_json(sarif.log(shown, to) if args.format == "sarif" else _document(shown, weights), indent=2)
    return BAD_INPUT if failed else OK


def _read(folder: Path) -> tuple[Rulebook | None, Sequence[Problem]]:
    """The rules and what is wrong with them; one edition alone is held against those beside it too, for what concerns itself."""
    try:
        rulebook = load_rulebook(folder)
    except NodeError as error:
        return None, error.problems
    problems = (
        *rulebook.warnings,
        *_stale(folder, rulebook),
        *(_beside(folder, rulebook) if is_edition(folder) else ()),
    )
    return None if errors(problems) else rulebook, problems


def _beside(folder: Path, rulebook: Rulebook) -> list[Problem]:
    """What is wrong between an edition and those beside it, as far as they can be read."""
    try:
        found = load_rulebook(folder.resolve().parent).warnings
    except NodeError as error:
        found = tuple(error.problems)
    known, here = {(p.code, p.position) for p in rulebook.warnings}, folder.resolve().name
    own = [p for p in found if p.position and p.position.folder == here]
    return [p for p in own if (p.code, p.position) not in known]


def _tell(args: argparse.Namespace, rulebook: Rulebook | None, shown: list[Shown], to: Teller) -> None:
    """For people: what there is where all is sound, and last what is wrong."""
    if rulebook:
        _tell_editions(args, rulebook, to)
    if shown:
        ordered = in_order(shown)
        renderer(args, sys.stderr).problems(ordered, to.screen("rule_files"), strict=args.strict)
        sys.stderr.write(to.sentence("EXPLAIN_HINT", named=ordered[0].code) + "\n")


def _document(shown: list[Shown], weights: Counter[Weight]) -> dict[str, object]:
    """For programs: every problem with its place, lines and columns counted from 1, and how many there are of each weight."""
    return {"problems": [p.placed() for p in shown], "counts": {weight.value: weights[weight] for weight in Weight}}


def _tell_editions(args: argparse.Namespace, rulebook: Rulebook, to: Teller) -> None:
    """Counts of each edition, and its doubtful places on request."""
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
    print(to.sentence("CHECKED_NOW_TEST"))


def _stale(folder: Path, rulebook: Rulebook) -> list[Problem]:
    return [
        Problem("SCHEMA_STALE", {"file": name}, position=Position(f"{SCHEMAS}/{name}", 1, 1))
        for name in stale_schemas(folder, rulebook)
    ]


def _codes() -> int:
    sys.stdout.write(codes_page())
    return OK
