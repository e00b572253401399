"""ocop watch: rules are checked and tested again whenever a file is saved."""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from scoring_service.cli.common import INTERRUPTED, OK, Commands, Parents, UsageError, foreign, voice_of
from scoring_service.telling.teller import Teller

STEPS = ("check", "test")
"""The commands of one round, as far as there are such; a step that fails ends it."""
_QUIET, _TICK = 200, 300  # milliseconds: saves nearer to each other are one; between looks at the keyboard
_NAMED = 5
_CLEAR = "\033[2J\033[3J\033[H"


def add(commands: Commands, parents: Parents) -> None:
    """The command."""
    watching = commands.add_parser("watch", parents=[parents.common], help=parents.said("watch"))
    watching.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    watching.set_defaults(run=lambda args: watch(args, [step for step in STEPS if step in commands.choices]))


def watch(args: argparse.Namespace, steps: Iterable[str]) -> int:
    """Rounds until Ctrl-C, which is how it is meant to end; ``args.main`` runs the commands of a round."""
    folder, to = args.folder or args.rules, voice_of(args)
    if not folder.is_dir():
        raise UsageError(to.sentence("NO_FOLDER", folder=foreign(folder)))
    calls = [[step, "--lang", to.language, str(folder)] for step in steps]
    try:
        for saved in _saves(folder, to):
            if sys.stdout.isatty():
                print(_CLEAR, end="")
            print(_heading(saved, folder, to), flush=True)
            start = time.perf_counter()
            code = next((code for code in map(args.main, calls) if code), OK)
            if code == INTERRUPTED:
                break
            seconds = f"{time.perf_counter() - start:.1f}"
            end = "WATCH_SOUND" if code == OK else "WATCH_WRONG"
            print(to.sentence(end, time=_now(), seconds=foreign(seconds.replace(".", to.words.decimal))), flush=True)
    except KeyboardInterrupt:
        pass
    print(to.sentence("WATCH_END"), flush=True)
    return OK


def _saves(folder: Path, to: Teller) -> Iterator[list[Path]]:
    """At once nothing, and then what was saved, each time that something was; saves during a round are not lost."""
    try:
        library = importlib.import_module("watchfiles")  # for authors only: who serves has no need of it
    except ImportError as error:
        raise UsageError(to.sentence("WATCH_NEEDS")) from error
    first = True
    for changes in library.watch(folder, step=_QUIET, rust_timeout=_TICK, yield_on_timeout=True):
        if changes or first:
            yield sorted({Path(path) for _, path in changes})
        first = False


def _heading(saved: list[Path], folder: Path, to: Teller) -> str:
    if not saved:
        return to.sentence("WATCH_BEGIN", time=_now(), folder=foreign(folder))
    names = [foreign(os.path.relpath(path, folder)) for path in saved[:_NAMED]]
    code = "WATCH_SAVED" if len(saved) <= _NAMED else "WATCH_SAVED_MORE"
    return to.sentence(code, time=_now(), files=tuple(names), count=len(saved) - _NAMED)


def _now() -> str:
    return dt.datetime.now().astimezone().strftime("%H:%M:%S")
