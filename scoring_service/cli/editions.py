"""Which rules a command of the workshop is about: a folder of editions or of one, and the editions among them that are meant."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring_service.cli.common import UsageError, foreign, voice_of
from scoring_service.engine.engine import Engine
from scoring_service.problems import errors
from scoring_service.rulebook.folder import is_edition
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import Teller

_NAMED = 3
"""Files with errors, of editions that are not tested themselves."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rules that are loaded, and the editions among them that are meant."""

    rules: Path
    rulebook: Rulebook
    engine: Engine
    editions: Sequence[Edition]
    to: Teller


def folder_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments by which editions are chosen."""
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    parser.add_argument("--edition", default="")


def editions_of(args: argparse.Namespace) -> Chosen:
    """The editions of the folder. One edition alone is run beside its neighbours, for dates may fall to them, where they can be read.

    Raises:
        UsageError: there is no such folder or edition.
        NodeError: the rules cannot be read.
    """
    folder, to = args.folder or args.rules, voice_of(args)
    if not folder.is_dir():
        raise UsageError(to.sentence("NO_FOLDER", folder=foreign(folder)))
    args.rules, rulebook = folder, None
    alone = is_edition(folder)
    if alone:
        try:
            rulebook = load_rulebook(folder.resolve().parent)
            args.rules = folder.parent if folder.name else folder.resolve().parent
        except NodeError as error:
            rulebook = load_rulebook(folder)  # what is wrong in itself is told as that
            values = {"folder": foreign(folder), "places": _places(error), "rules": foreign(folder.resolve().parent)}
            sys.stderr.write(f"ocop: {to.sentence('TESTED_ALONE', **values)}\n")
    rulebook = rulebook or load_rulebook(folder)
    editions = list(rulebook.editions.values())
    if alone:
        here = folder.resolve().name
        editions = [one for one in editions if one.position.folder == here]
    if args.edition:
        if args.edition not in rulebook.editions:
            raise UsageError(to.problem(rulebook.no_edition(args.edition)))
        editions = [one for one in editions if one.id == args.edition]
    return Chosen(args.rules, rulebook, Engine(rulebook), editions, to)


def _places(error: NodeError) -> tuple[str, ...]:
    """Where the first errors are, a place for each file."""
    files: dict[str, str] = {}
    for problem in errors(error.problems):
        if problem.position:
            files.setdefault(problem.position.file, f"{problem.position.file}:{problem.position.line}")
    return tuple(files.values())[:_NAMED]
