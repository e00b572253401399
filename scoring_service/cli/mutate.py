"""ocop mutate: which slips of the pen in the rules the checker and the suite would notice, and which nobody would."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from scoring_service.authoring.equivalents import read_equivalents
from scoring_service.authoring.mutants import Mutant
from scoring_service.authoring.mutation import Bench, By, all_mutants, sampled
from scoring_service.authoring.mutation_run import Ran, run
from scoring_service.authoring.suite import edition_folder, load_suite
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
    write_file,
)
from scoring_service.cli.editions import Chosen, editions_of, folder_arguments
from scoring_service.cli.guarding import page_of
from scoring_service.cli.helping import whole
from scoring_service.plaintext import visible
from scoring_service.rulebook.model import Edition
from scoring_service.telling.teller import Told

SHOWN = 50
_MOST = 999_999


def add(commands: Commands, parents: Parents) -> None:
    """The command on mutants."""
    mutating = commands.add_parser("mutate", parents=[parents.common], help=parents.said("mutate"))
    folder_arguments(mutating)
    mutating.add_argument("--set", default="", dest="product_set")
    mutating.add_argument("--sample", type=whole(parents.to, 0, _MOST), default=0, metavar="N")
    mutating.add_argument("--seed", type=whole(parents.to, 0, _MOST), default=1, metavar="S")
    mutating.add_argument("--jobs", type=whole(parents.to, 0, _MOST), default=0, metavar="N")
    mutating.add_argument("--resume", type=Path, metavar="FILE")
    mutating.add_argument("--details", action="store_true")
    mutating.add_argument("--page", type=Path, nargs="+", default=[], metavar="FILE")
    mutating.add_argument("--json", action="store_true")
    mutating.set_defaults(run=mutate)


@dataclass(frozen=True, slots=True)
class Figures:
    """A run with the time it took."""

    ran: Ran
    seconds: float


def mutate(args: argparse.Namespace) -> int:
    rules = editions_of(args)
    if args.page and (args.sample or args.product_set or args.edition):
        raise UsageError(rules.to.sentence("PAGE_OF_ALL"))
    for file in args.page:
        if not file.is_file():
            raise UsageError(rules.to.sentence("NO_PAGE", file=foreign(file)))
    found = [_run(args, rules, edition) for edition in rules.editions]
    if args.json:
        print_json([_document(one, rules) for one in found], indent=2)
    else:
        renderer(args, sys.stdout, wide=True).blocks([_table(found, rules)])
        for one in found:
            for line in _lines(one.ran, rules, details=args.details):
                print(line)
    rows = [(one.ran.edition.id, one.ran.edition.digest, one.ran.count(), one.seconds) for one in found]
    for file in args.page:
        write_file(file, page_of(file.read_text(encoding="utf-8"), rows), rules.to)
    return BAD_INPUT if any(one.ran.survivors() or one.ran.unfounded for one in found) else OK


def _run(args: argparse.Namespace, rules: Chosen, edition: Edition) -> Figures:
    start = time.perf_counter()
    suite = load_suite(rules.rules, rules.rulebook, edition.id)
    entries = read_equivalents(edition_folder(rules.rules, edition))
    bench = Bench(rules.engine, suite, entries)
    failing = bench.failing()
    if failing or suite.problems:
        raise UsageError(rules.to.sentence("SUITE_FAILS", edition=edition.id, count=len(failing) + len(suite.problems)))
    everything = all_mutants(edition)
    picked: Sequence[Mutant] = everything
    if args.product_set:
        if args.product_set not in edition.by_slug:
            raise UsageError(rules.to.sentence("NO_SET_TO_MUTATE", edition=edition.id, given=args.product_set))
        picked = [mutant for mutant in picked if mutant.slug == args.product_set]
    if args.sample:
        picked = sampled(picked, args.sample, args.seed)
    kept = args.resume.with_name(f"{args.resume.name}.{edition.id}") if args.resume else None
    if kept and not kept.is_file():
        write_file(kept, "", rules.to)
    with _Bar(args, edition, len(picked)) as told:
        ran = run(bench, everything, picked, entries, jobs=args.jobs, kept=kept, told=told)
    return Figures(ran, time.perf_counter() - start)


class _Bar:
    """A bar on the terminal, and nothing where the output goes elsewhere."""

    def __init__(self, args: argparse.Namespace, edition: Edition, count: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        self._bar = Progress(*columns, console=console, transient=True, disable=args.json or not console.is_terminal)
        self._task = self._bar.add_task(edition.id, total=count)

    def __enter__(self) -> Callable[[int], None]:
        self._bar.start()
        return lambda more: self._bar.advance(self._task, more)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _table(found: Sequence[Figures], rules: Chosen) -> Table:
    words = rules.to.words.words["mutation"]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(words["edition"])
    for column in ("mutants", *By):
        table.add_column(words[column], justify="right")
    for one in found:
        counted = one.ran.count()
        cells = (rules.to.number(n) for n in (len(one.ran.fates), *(counted[by] for by in By)))
        table.add_row(one.ran.edition.id, *cells)
    return table


def _sentence(mutant: Mutant, rules: Chosen) -> str:
    """What a mutant changes."""
    return rules.to.sentence(mutant.code, set=mutant.slug or "–", **mutant.values)


def _lines(ran: Ran, rules: Chosen, *, details: bool) -> Iterator[str]:
    survivors = ran.survivors()
    shown = len(survivors) if details else SHOWN
    for mutant, fate in survivors[:shown]:
        yield f"{at(mutant.position, rules.rules)}: {_sentence(mutant, rules)} [{mutant.key}]"
        if fate.what:
            yield f"    {rules.to.sentence('SURVIVOR_CASE', case=Told(visible(fate.what)))}"
    if len(survivors) > shown:
        yield rules.to.sentence("MORE_OF_THEM", count=len(survivors) - shown)
    for mutant, _ in ran.noticed(By.PRINTED) if details else ():
        said = Told(_sentence(mutant, rules))
        yield f"{at(mutant.position, rules.rules)}: {rules.to.sentence('PRINTED_ALONE', change=said)} [{mutant.key}]"
    for entry, key in ran.unfounded:
        code = "EXPLAINED_NOTICED" if key else "EXPLAINED_NOTHING"
        values = {"pattern": Told(visible(entry.pattern)), "key": Told(visible(key))}
        yield f"{at(entry.position, rules.rules)}: {rules.to.sentence(code, **values)}"


def _document(one: Figures, rules: Chosen) -> dict[str, object]:
    ran, counted = one.ran, one.ran.count()
    return {
        "edition": ran.edition.id,
        "digest": ran.edition.digest,
        "mutants": len(ran.fates),
        **{str(by): counted[by] for by in By},
        "seconds": round(one.seconds, 1),
        "survivors": [_mutant(mutant, rules) | {"case": fate.what} for mutant, fate in ran.survivors()],
        "printed_alone": [_mutant(mutant, rules) for mutant, _ in ran.noticed(By.PRINTED)],
        "unfounded": [{"pattern": e.pattern, "noticed": key, "where": str(e.position)} for e, key in ran.unfounded],
    }


def _mutant(mutant: Mutant, rules: Chosen) -> dict[str, object]:
    return {"key": mutant.key, "where": str(mutant.position), "text": _sentence(mutant, rules)}
