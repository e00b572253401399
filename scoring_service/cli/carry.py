"""ocop carry: dossier files of an older edition, rewritten for another one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scoring_service.authoring.carry import Carried, Wanted, carry
from scoring_service.authoring.dossier_text import rewritten
from scoring_service.cli.common import BAD_INPUT, OK, Commands, Parents, UsageError, foreign, renderer, voice_of
from scoring_service.cli.rules import edition_of, product_set_of
from scoring_service.cli.shown import told
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.match import CERTAIN, Ground
from scoring_service.rulebook.model import Edition
from scoring_service.telling.teller import Teller


def add(commands: Commands, parents: Parents) -> None:
    """The command."""
    parser = commands.add_parser("carry", parents=[parents.common], help=parents.said("carry"))
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--to", required=True, dest="new", metavar="EDITION")
    parser.add_argument("--from", default="", dest="old", metavar="EDITION")
    parser.add_argument("--set", default="", dest="product_set")
    parser.add_argument("--same-place", action="store_true")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--out", type=Path, metavar="DIR")
    where.add_argument("--write", action="store_true")
    parser.set_defaults(run=carry_files)


def carry_files(args: argparse.Namespace) -> int:
    """``ocop carry``: 0 where everything was carried, 1 where something was left out or a file is wrong."""
    to = voice_of(args)
    _need_room(args, to)
    rulebook = load_rulebook(args.rules)
    edition = edition_of(args, rulebook, args.new)
    wanted = Wanted(
        product_set_of(args, edition, args.product_set) if args.product_set else None,
        edition_of(args, rulebook, args.old).id if args.old else "",
        CERTAIN | {Ground.PLACE} if args.same_place else CERTAIN,
    )
    engine, err, worst = Engine(rulebook), renderer(args, sys.stderr), OK
    for path in args.files:
        try:
            file = DossierFile(path)
            problems = file.located(file.problems)
        except DossierError as error:
            problems = error.problems
        if problems:
            err.problems(told(problems, to), str(path))
            worst = BAD_INPUT
            continue
        carried = carry(file.dossier, engine.rules, edition, wanted)
        if carried.left:
            err.problems(told(file.located(carried.left), to), str(path))
            worst = BAD_INPUT
        if carried.product_set is None:  # nothing was carried: once the set is named, all else can be told
            continue
        if carried.open:
            sys.stderr.write(f"{foreign(path)}: {to.sentence('CARRIED_OPEN', criteria=carried.open)}\n")
        if carried.left and args.write:  # what was left out would be lost
            sys.stderr.write(f"{to.sentence('CARRY_NOT_WRITTEN', file=foreign(path))}\n")
        else:
            _put(args, path, rewritten(path, carried.dossier, _remarks(to, path, carried, edition)))
    return worst


def _remarks(to: Teller, path: Path, carried: Carried, edition: Edition) -> list[str]:
    """What stands on top of the new file: where it comes from, and what has to be filled in."""
    file, old, new = foreign(path.name), carried.source.id, edition.id
    remarks = [to.sentence("CARRIED_FROM", file=file, old=old, new=new)]
    if carried.left:
        remarks.append(to.sentence("CARRIED_LEFT", count=len(carried.left)))
    if carried.open:
        remarks.append(to.sentence("CARRIED_OPEN", criteria=carried.open))
    return remarks


def _need_room(args: argparse.Namespace, to: Teller) -> None:
    missing = [str(path) for path in args.files if not path.is_file()]
    if missing:
        raise UsageError(to.sentence("NO_FILES", files=foreign(", ".join(missing))))
    if len(args.files) > 1 and not (args.out or args.write):
        raise UsageError(to.sentence("CARRY_WHERE"))
    if args.write and any(path.suffix == ".json" for path in args.files):
        raise UsageError(to.sentence("CARRY_JSON"))
    if args.out:
        targets = [_target(args.out, path) for path in args.files]
        there = [str(t) for t in dict.fromkeys(targets) if t.exists() or targets.count(t) > 1]
        if there:
            raise UsageError(to.sentence("CARRY_THERE", files=foreign(", ".join(there))))


def _target(folder: Path, path: Path) -> Path:
    """A dossier in JSON becomes one in YAML."""
    return folder / (path.name if path.suffix != ".json" else f"{path.stem}.yaml")


def _put(args: argparse.Namespace, path: Path, text: str) -> None:
    if args.write or args.out:
        target = path if args.write else _target(args.out, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        print(target)
    else:
        print(text, end="")
