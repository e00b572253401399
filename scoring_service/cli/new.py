"""ocop new: files of a new edition, product set or shared criterion from the nearest ones, samples ported to a new edition, pairs for words without English."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from scoring_service.authoring.new import Given, Made, Maker, NewError
from scoring_service.authoring.port import Route, port_samples
from scoring_service.authoring.samples import FOLDER as SAMPLES
from scoring_service.cli.common import OK, Commands, Parents, UsageError, foreign, voice_of
from scoring_service.engine.engine import Engine
from scoring_service.plaintext import visible
from scoring_service.rulebook.files import editions_in
from scoring_service.rulebook.folder import is_edition
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.to_fill import BEGIN, END
from scoring_service.telling.teller import Teller, Told

_LISTED = 12
"""Up to so many files are named."""


def add(commands: Commands, parents: Parents) -> None:
    """The command with one word behind it for each thing that can be new."""
    making = commands.add_parser("new", help=parents.said("new"))
    things = making.add_subparsers(dest="thing", required=True, metavar="THING")

    edition = things.add_parser("edition", parents=[parents.common], help=parents.said("new edition"))
    edition.add_argument("id", metavar="ID")
    edition.add_argument("--from", dest="older", default="", metavar="EDITION")
    how = edition.add_mutually_exclusive_group()
    how.add_argument("--amends", action="store_true")
    how.add_argument("--whole", action="store_true")
    edition.add_argument("--decision", default="", metavar="NUMBER")
    edition.add_argument("--issued", default="", metavar="DAY")
    edition.set_defaults(run=_edition)

    product_set = things.add_parser("set", parents=[parents.common], help=parents.said("new set"))
    product_set.add_argument("edition", metavar="EDITION")
    product_set.add_argument("slug", metavar="SLUG")
    product_set.add_argument("--like", default="", metavar="SLUG")
    product_set.add_argument("--number", default="", metavar="N")
    product_set.add_argument("--name", default="", metavar="NAME")
    product_set.set_defaults(run=_product_set)

    criterion = things.add_parser("criterion", parents=[parents.common], help=parents.said("new criterion"))
    criterion.add_argument("edition", metavar="EDITION")
    criterion.add_argument("key", metavar="KEY")
    criterion.add_argument("--like", default="", metavar="KEY")
    criterion.set_defaults(run=_criterion)

    samples = things.add_parser("samples", parents=[parents.common], help=parents.said("new samples"))
    samples.add_argument("edition", metavar="EDITION")
    samples.add_argument("--from", dest="older", default="", metavar="EDITION")
    samples.set_defaults(run=_samples)

    words = things.add_parser("words", parents=[parents.common], help=parents.said("new words"))
    words.add_argument("edition", metavar="EDITION")
    words.set_defaults(run=_words)


def _edition(args: argparse.Namespace) -> int:
    to, rules = voice_of(args), _root(args.rules)
    given = Given(args.id, args.older, args.decision, args.issued)
    made = _made(args, lambda maker: maker.edition(given, whole=args.whole))
    _tell(made, rules, to)
    if not args.whole:
        print(to.sentence("NEW_NEXT_EDITION", edition=args.id))
    print(to.sentence("NEW_NEXT_SAMPLES", older=made.older, edition=args.id))
    return OK


def _product_set(args: argparse.Namespace) -> int:
    to = voice_of(args)
    made = _made(
        args,
        lambda maker: maker.product_set(args.edition, args.slug, like=args.like, number=args.number, name=args.name),
    )
    _tell(made, _root(args.rules), to)
    print(to.sentence("NEW_NEXT_SET"))
    return OK


def _criterion(args: argparse.Namespace) -> int:
    to = voice_of(args)
    made = _made(args, lambda maker: maker.criterion(args.edition, args.key, like=args.like))
    _tell(made, _root(args.rules), to)
    print(to.sentence("NEW_NEXT_CRITERION", key=args.key))
    return OK


def _samples(args: argparse.Namespace) -> int:
    to, rules = voice_of(args), _root(args.rules)
    rulebook = load_rulebook(rules)
    newer = rulebook.editions[_known(rulebook, args.edition, to)]
    before = rulebook.before(newer) or newer
    older = rulebook.editions[_known(rulebook, args.older, to)] if args.older else before
    folders = editions_in(rules)
    ported = port_samples(Engine(rulebook), Route(older, newer, folders[older.id], folders[newer.id]), to)
    target = folders[newer.id] / SAMPLES
    made = Made({target / name: text for name, text in ported.texts.items()})
    made.write()
    _tell(made, rules, to)
    print(to.sentence("NEW_PORTED", count=len(made.files), older=older.id, edition=newer.id, days=ported.days))
    if ported.left:
        print(to.sentence("NEW_LEFT", count=len(ported.left)))
    for name, why in ported.left.items():
        print(f"  {foreign(name)}: {visible(why)}")
    if ported.unstated:
        facts = Told("; ".join(f"{fact.id} ({fact.name[to.language]})" for fact in ported.unstated))
        print(to.sentence("NEW_UNSTATED", edition=newer.id, facts=facts))
    if made.files:
        print(to.sentence("NEW_NEXT_ACCEPT"))
    return OK


def _words(args: argparse.Namespace) -> int:
    to = voice_of(args)
    made = _made(args, lambda maker: maker.words(args.edition))
    for path, text in (*made.files.items(), *made.added.items()):
        values = {"count": text.count(BEGIN), "file": foreign(path), "mark": foreign(f"{BEGIN} …{END}")}
        print(to.sentence("NEW_WORDS", **values))
    if not (made.files or made.added):
        print(to.sentence("NEW_NO_WORDS", edition=args.edition))
    return OK


def _known(rulebook: Rulebook, edition: str, to: Teller) -> str:
    if edition not in rulebook.editions:
        raise UsageError(to.problem(rulebook.no_edition(edition)))
    return edition


def _made(args: argparse.Namespace, make: Callable[[Maker], Made]) -> Made:
    """What ``make`` makes, written."""
    to = voice_of(args)
    try:
        made = make(Maker(_root(args.rules), to))
        made.write()
    except NewError as error:
        raise UsageError(to.problem(error.problem)) from error
    return made


def _root(rules: Path) -> Path:
    """The folder of all editions, also where one of them was named."""
    return rules.resolve().parent if is_edition(rules) else rules


def _tell(made: Made, rules: Path, to: Teller) -> None:
    """What was made, and how much of it is to be filled in."""
    if len(made.files) > _LISTED:
        at = Path(os.path.commonpath(made.files))
        print(to.sentence("NEW_MADE_MANY", folder=foreign(at), count=len(made.files)))
    else:
        for path in made.files:
            print(to.sentence("NEW_MADE", file=foreign(path)))
    for path, line in made.added.items():
        print(to.sentence("NEW_ADDED", file=foreign(path), line=foreign(line.strip())))
    count = sum(text.count(BEGIN) for text in (*made.files.values(), *made.added.values()))
    if count:
        print(to.sentence("NEW_FILL", count=count, mark=foreign(f"{BEGIN} …{END}"), folder=foreign(rules)))
