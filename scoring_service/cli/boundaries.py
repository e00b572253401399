"""ocop boundaries and coverage: the cases that the rules give, and what the suite reaches of the rules."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator

from rich.table import Table

from scoring_service.authoring.boundaries import StaleCase, StaleKind, generate, stale_cases, write
from scoring_service.authoring.coverage import Coverage, Point, Reach, coverage, percent
from scoring_service.authoring.suite import edition_folder, load_suite
from scoring_service.cli.common import BAD_INPUT, OK, Commands, Parents, at, print_json, renderer, under
from scoring_service.cli.editions import Chosen, editions_of, folder_arguments
from scoring_service.cli.helping import whole
from scoring_service.plaintext import visible
from scoring_service.problems import Position
from scoring_service.rulebook.model import Edition
from scoring_service.telling.teller import Told

SHOWN = 50
_FULL = 100
_COLUMNS: dict[str, tuple[Reach, ...]] = {
    "options": (Reach.OPTION,),
    "derived": (Reach.ROW,),
    "minimums": (Reach.MET, Reach.MISSED),
    "knock_outs": (Reach.FIRED, Reach.CLEARED),
    "conditions": (Reach.APPLIES, Reach.NOT_APPLIES),
}


def add(commands: Commands, parents: Parents) -> None:
    """The commands on boundary cases and coverage."""
    bounding = commands.add_parser("boundaries", parents=[parents.common], help=parents.said("boundaries"))
    folder_arguments(bounding)
    bounding.add_argument("--write", action="store_true")
    bounding.add_argument("--details", action="store_true")
    bounding.set_defaults(run=boundaries)

    covering = commands.add_parser("coverage", parents=[parents.common], help=parents.said("coverage"))
    folder_arguments(covering)
    covering.add_argument("--floor", type=whole(parents.to, 0, _FULL), default=0, metavar="PERCENT")
    covering.add_argument("--details", action="store_true")
    covering.add_argument("--json", action="store_true")
    covering.set_defaults(run=covered)


def boundaries(args: argparse.Namespace) -> int:
    rules = editions_of(args)
    stale = 0
    for edition in rules.editions:
        folder = edition_folder(rules.rules, edition)
        generated = generate(rules.engine, edition)
        cases = sum(len(file.keyed()) for file in generated.values())
        if args.write:
            changed = write(folder, generated)
            values = {"edition": edition.id, "files": len(generated), "cases": cases, "changed": len(changed)}
            print(rules.to.sentence("BOUNDARIES_WRITTEN", **values))
            continue
        suite = load_suite(rules.rules, rules.rulebook, edition.id)
        for problem in suite.problems:
            print(f"{under(problem, rules.rules).where}: {rules.to.problem(problem)}")
        found = list(stale_cases(folder, suite.boundaries, generated))
        for line in _capped((_stale(one, rules) for one in found), len(found), rules, details=args.details):
            print(line)
        stale += len(found) + len(suite.problems)
        values = {"edition": edition.id, "files": len(generated), "cases": cases, "differ": len(found)}
        print(rules.to.sentence("BOUNDARIES_DIFFER" if found else "BOUNDARIES_FRESH", **values))
    return BAD_INPUT if stale else OK


def _stale(one: StaleCase, rules: Chosen) -> str:
    values = {"case": Told(visible(one.case)), "wanted": Told(visible(one.wanted)), "now": Told(visible(one.now))}
    code = "BOUNDARY_FILE_SURPLUS" if one.kind is StaleKind.SURPLUS and not one.case else f"BOUNDARY_{one.kind.name}"
    return f"{at(one.position, rules.rules)}: {rules.to.sentence(code, **values)}"


def _capped(lines: Iterable[str], count: int, rules: Chosen, *, details: bool) -> Iterator[str]:
    shown = count if details else SHOWN
    for _, line in zip(range(shown), lines, strict=False):
        yield line
    if count > shown:
        yield rules.to.sentence("MORE_OF_THEM", count=count - shown)


# --- coverage --------------------------------------------------------------------------------------------------------


def covered(args: argparse.Namespace) -> int:
    rules = editions_of(args)
    found = [coverage(rules.engine, load_suite(rules.rules, rules.rulebook, e.id)) for e in rules.editions]
    if args.json:
        print_json([_document(one, rules) for one in found], indent=2)
    else:
        for one in found:
            renderer(args, sys.stdout, wide=True).blocks([_table(one, rules)])
            missing = one.missing()
            lines = (f"{at(place, rules.rules)}: {_point(point, rules)}" for point, place in missing)
            for line in _capped(lines, len(missing), rules, details=args.details):
                print(line)
            reached = len(one.points) - len(missing)
            values = {"edition": one.edition.id, "reached": reached, "all": len(one.points), "percent": one.percent}
            print(rules.to.sentence("COVERED", **values))
    return BAD_INPUT if any(one.percent < args.floor for one in found) else OK


def _point(point: Point, rules: Chosen) -> str:
    return rules.to.sentence(
        "NOT_REACHED", what=point.reach, at=Told(" ".join((*filter(None, (point.slug,)), *point.at)))
    )


def _table(one: Coverage, rules: Chosen) -> Table:
    words = rules.to.words.words["coverage"]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(words["set"])
    for column in (*_COLUMNS, "all"):
        table.add_column(words[column], justify="right")
    for name, slug in _rows(one.edition, words["shared"]):
        cells = (_share(one, slug, reaches) for reaches in (*_COLUMNS.values(), None))
        table.add_row(name, *cells)
    return table


def _rows(edition: Edition, shared: str) -> Iterator[tuple[str, str]]:
    yield shared, ""
    yield from ((f"{s.number} {s.slug}", s.slug) for s in edition.sets.values())


def _share(one: Coverage, slug: str, reaches: tuple[Reach, ...] | None) -> str:
    own = [p for p in one.points if p.slug == slug and (reaches is None or p.reach in reaches)]
    reached = sum(p in one.reached for p in own)
    return f"{reached}/{len(own)} {percent(reached, len(own))}%" if own else "–"


def _document(one: Coverage, rules: Chosen) -> dict[str, object]:
    missing = one.missing()
    return {
        "edition": one.edition.id,
        "digest": one.edition.digest,
        "reached": len(one.points) - len(missing),
        "all": len(one.points),
        "percent": one.percent,
        "sets": {slug: dict(zip(("reached", "all"), one.of(slug), strict=True)) for slug in one.edition.by_slug},
        "missing": [_missing(point, place, rules) for point, place in missing],
    }


def _missing(point: Point, place: Position, rules: Chosen) -> dict[str, object]:
    return {
        "set": point.slug,
        "what": point.reach,
        "at": list(point.at),
        "where": str(place),
        "text": _point(point, rules),
    }
