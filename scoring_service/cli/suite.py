"""ocop test and printed: the cases beside the rules run and accepted, and the sheets as the decision prints them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from scoring_service.authoring.accept import Wanted, accept, names_of
from scoring_service.authoring.boundary_files import FOLDER as BOUNDARIES
from scoring_service.authoring.expectations import Deviation
from scoring_service.authoring.junit import junit
from scoring_service.authoring.printed import printed_cases
from scoring_service.authoring.suite import edition_folder
from scoring_service.authoring.trial import Trial, Tried, run_suite
from scoring_service.cli.common import (
    BAD_INPUT,
    OK,
    Commands,
    Parents,
    UsageError,
    at,
    print_json,
    under,
    write_file,
)
from scoring_service.cli.editions import Chosen, editions_of, folder_arguments
from scoring_service.cli.helping import whole
from scoring_service.plaintext import visible
from scoring_service.problems import Problem, Suggestion
from scoring_service.telling.teller import Told

SHOWN = 20
_MOST_JOBS = 999


def add(commands: Commands, parents: Parents) -> None:
    """The commands that guard the rules."""
    testing = commands.add_parser("test", parents=[parents.common], help=parents.said("test"))
    folder_arguments(testing)
    testing.add_argument("--filter", default="", metavar="TEXT")
    accepting = testing.add_mutually_exclusive_group()
    accepting.add_argument("--accept", nargs="+", default=[], metavar="NAME")
    accepting.add_argument("--accept-all", action="store_true")
    testing.add_argument("--junit", type=Path, metavar="FILE")
    testing.add_argument("--jobs", type=whole(parents.to, 0, _MOST_JOBS), default=0, metavar="N")
    testing.add_argument("--details", action="store_true")
    testing.add_argument("--json", action="store_true")
    testing.set_defaults(run=test)

    printing = commands.add_parser("printed", parents=[parents.common], help=parents.said("printed"))
    folder_arguments(printing)
    printing.add_argument("--write", action="store_true")
    printing.set_defaults(run=printed)


def test(args: argparse.Namespace) -> int:
    start = time.perf_counter()
    chosen = editions_of(args)
    if args.accept or args.accept_all:
        return _accept(chosen, Wanted(tuple(args.accept), args.filter))
    trial = run_suite(chosen.rules, chosen.engine, chosen.editions, args.filter, args.jobs)
    seconds = time.perf_counter() - start
    if args.filter and not (trial.cases or trial.problems):
        raise UsageError(_nothing(chosen, "NO_CASE_LIKE", args.filter))
    told = _Words(chosen)
    if args.junit:
        write_file(args.junit, junit(trial, told.case, told.problem), chosen.to)
    if args.json:
        print_json(_document(trial, told, seconds), indent=2)
    else:
        for line in _lines(trial, told, len(trial.failed) if args.details else SHOWN):
            print(line)
        print(told.summary(trial, seconds))
    return BAD_INPUT if trial.failed or trial.problems else OK


def printed(args: argparse.Namespace) -> int:
    chosen = editions_of(args)
    told = _Words(chosen)
    cases = [
        case for edition in chosen.editions for case in printed_cases(edition, edition_folder(chosen.rules, edition))
    ]
    moved = [(case, found) for case in cases if (found := case.differences())]
    for case, found in moved:
        if not args.write or case.file.is_file():  # what is new is not listed, only counted
            print("".join(f"{told.placed(one)}\n" for one in found), end="")
        if args.write:
            case.write()
    code = "PRINTED_WRITTEN" if args.write else "PRINTED_STALE" if moved else "PRINTED_FRESH"
    values = {"count": len(moved) if args.write else len(cases), "moved": len(moved)}
    print(chosen.to.sentence(code, **values))
    return BAD_INPUT if moved and not args.write else OK


# --- which cases --------------------------------------------------------------------------------------------------------


def _nothing(chosen: Chosen, code: str, given: str) -> str:
    """That no case has such a name, with the nearest."""
    names = [
        name for name in names_of(chosen.rules, chosen.editions) if f"/{BOUNDARIES}/" not in name
    ]  # those are too many
    near = Suggestion.of(
        given, dict.fromkeys(name.rpartition("/")[2] for name in names), also=dict(zip(names, names, strict=True))
    )
    return chosen.to.sentence(code, given=given, suggestion=near)


def _accept(chosen: Chosen, wanted: Wanted) -> int:
    known = list(names_of(chosen.rules, chosen.editions)) if wanted.names else []
    for given in wanted.names:
        if not any(name in Wanted((given,)) for name in known):
            raise UsageError(_nothing(chosen, "NO_CASE_NAMED", given))
    done, problems = accept(chosen.rules, chosen.engine, chosen.editions, wanted)
    told = _Words(chosen)
    for one in done:
        print(f"{one.name} → {one.file}")
        print("".join(f"    {told.difference(moved)}\n" for moved in one.moved), end="")
    for problem in problems:
        print(told.problem(problem))
    print(chosen.to.sentence("ACCEPTED", count=len(done)))
    return BAD_INPUT if problems else OK


# --- in words -------------------------------------------------------------------------------------------------------------


class _Words:
    """Differences and problems as lines."""

    def __init__(self, chosen: Chosen) -> None:
        self._to, self._rules = chosen.to, chosen.rules

    def difference(self, one: Deviation) -> str:
        """``tổng điểm: mong đợi 70, nay 71``."""
        names = self._to.words.words["expected"]
        key = Told(" › ".join(names.get(key, visible(key)) for key in one.keys))
        values = {"key": key, "wanted": Told(visible(one.wanted)), "now": Told(visible(one.now))}
        return self._to.sentence(f"DIFFERS_{one.kind.name}", **values)

    def placed(self, one: Deviation) -> str:
        """A difference behind its place."""
        return f"{at(one.position, self._rules)}: {self.difference(one)}"

    def case(self, case: Tried) -> str:
        """All that differs in a case."""
        return "\n".join(map(self.placed, case.differences))

    def problem(self, problem: Problem) -> str:
        """A problem of the suite behind its place."""
        shown = under(problem, self._rules)
        return f"{shown.where}: {self._to.problem(shown)}"

    def summary(self, trial: Trial, seconds: float) -> str:
        """How many cases there were, and how many failed."""
        took = Told(f"{seconds:.1f}".replace(".", self._to.words.decimal))
        values = {
            "cases": len(trial.cases),
            "failed": len(trial.failed),
            "problems": len(trial.problems),
            "seconds": took,
        }
        return self._to.sentence("TESTED_BADLY" if trial.failed or trial.problems else "TESTED", **values)

    def more(self, count: int) -> str:
        """That so many further cases fail."""
        return self._to.sentence("TESTED_MORE", count=count)


def _lines(trial: Trial, told: _Words, shown: int) -> Iterator[str]:
    for case in trial.failed[:shown]:
        yield f"{case.name}" + (f" – {visible(case.why)}" if case.why else "")
        yield from (f"  {told.placed(one)}" for one in case.differences)
        yield ""
    if len(trial.failed) > shown:
        yield told.more(len(trial.failed) - shown)
    yield from map(told.problem, trial.problems)


def _document(trial: Trial, told: _Words, seconds: float) -> dict[str, object]:
    return {
        "cases": len(trial.cases),
        "failed": [
            {
                "case": case.name,
                "where": str(case.place),
                "why": case.why,
                "differences": list(_differences(case, told)),
            }
            for case in trial.failed
        ],
        "problems": [{"code": one.code, "where": one.where, "text": told.problem(one)} for one in trial.problems],
        "seconds": round(seconds, 3),
    }


def _differences(case: Tried, told: _Words) -> Iterable[dict[str, object]]:
    for one in case.differences:
        yield {
            "keys": list(one.keys),
            "change": str(one.kind),
            "wanted": one.wanted,
            "now": one.now,
            "where": str(one.position),
            "text": told.difference(one),
        }
