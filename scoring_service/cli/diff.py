"""ocop diff: what changed between two editions, and what that means for dossiers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path

from rich.table import Table

from scoring_service.authoring.diff.change import Change
from scoring_service.authoring.diff.gather import Difference, Shared, difference
from scoring_service.authoring.diff.sets import SetPair
from scoring_service.authoring.diff.telling import between, plain, title, told
from scoring_service.authoring.effect import Effect, effect, outcome, why
from scoring_service.cli.common import OK, Commands, Parents, UsageError, at, foreign, print_json, renderer, voice_of
from scoring_service.cli.rules import edition_of, product_set_of
from scoring_service.cli.shown import told as problems_told
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Engine
from scoring_service.plaintext import visible
from scoring_service.problems import Position
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.match import predecessors
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.telling.teller import Teller, Told

_NUMBER = "CHANGED_NUMBER"
_DOSSIERS = (".yaml", ".yml", ".json")


def add(commands: Commands, parents: Parents) -> None:
    """The command."""
    parser = commands.add_parser("diff", parents=[parents.common], help=parents.said("diff"))
    parser.add_argument("--from", required=True, dest="old", metavar="EDITION")
    parser.add_argument("--to", required=True, dest="new", metavar="EDITION")
    parser.add_argument("--set", default="", dest="product_set")
    parser.add_argument("--wording", action="store_true")
    parser.add_argument("--places", action="store_true")
    parser.add_argument("--dossiers", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--old-rules", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=diff)


def diff(args: argparse.Namespace) -> int:
    """``ocop diff``."""
    rulebook = load_rulebook(args.rules)
    before = load_rulebook(args.old_rules) if args.old_rules else rulebook
    old, new = edition_of(args, before, args.old), edition_of(args, rulebook, args.new)
    only = product_set_of(args, new, args.product_set) if args.product_set else None
    found, to = difference(rulebook, old, new, only), voice_of(args)
    effects = {}
    if args.dossiers:
        engine = Engine(rulebook)
        engines = (engine if before is rulebook else Engine(before), engine)
        effects = dict(_effects(args, engines, old, new))
    if args.json:
        return print_json(_document(found, to, args.rules) | _of_dossiers(to, effects))
    for line in _Page(to, found, args).lines(_why_new(old, only, to)):
        print(line)
    if effects:
        _show(args, to, effects, (old, new))
    return OK


def _why_new(old: Edition, only: ProductSet | None, to: Teller) -> str:
    """Why the one set asked for has nothing before it, where the older edition says it; else empty."""
    if only is None or predecessors(only, old):
        return ""
    missing = old.missing_sets.get(only.slug) or old.missing_sets.get(only.number)
    return missing[to.language] if missing else ""


class _Page:
    """A difference as lines of text."""

    def __init__(self, to: Teller, found: Difference, args: argparse.Namespace) -> None:
        self._to, self._found = to, found
        self._wording, self._rules = args.wording, args.rules
        self._places: bool = args.places
        self._sets = tuple(dict.fromkeys(pair.new.slug for pair in found.pairs if not pair.like))

    def lines(self, why_new: str) -> Iterator[str]:
        """Everything, the widest first; what was left out is counted at the end."""
        found, to = self._found, self._to
        yield to.sentence("DIFF_TITLE", old=found.old.decision, new=found.new.decision)
        if not len(found):
            yield to.sentence("DIFF_NOTHING")
        yield from self._block(to.sentence("DIFF_EDITION"), found.edition)
        yield from self._block(to.sentence("DIFF_SETS"), found.sets)
        yield from [f"  {why_new}"] if why_new else []
        for at_, group in groupby(found.shared, key=lambda one: tuple(pair for pair, _ in one.at)):
            yield from self._group(at_, [one for one in group if self._shown(one.change)])
        left_out = sum(not self._shown(change) for change in found)
        if left_out:
            yield ""
            yield to.sentence("DIFF_WORDING", count=left_out)

    def _shown(self, change: Change) -> bool:
        return self._wording or self._found.amending or not change.wording

    def _block(self, heading: str, changes: Iterable[Change]) -> Iterator[str]:
        shown = [change for change in changes if self._shown(change)]
        if shown:
            yield from ("", heading)
        for change in shown:
            name = f"{change.heading[self._to.language]}: " if change.heading else ""
            yield f"  • {name}{told(self._to, change)}{self._place(change.position)}"

    def _group(self, pairs: Sequence[SetPair], shared: Sequence[Shared]) -> Iterator[str]:
        """What changed in these sets: what belongs to no criterion, then one criterion after the other."""
        if not shared:
            return
        yield from ("", self._heading(pairs))
        numbers = [one for one in shared if one.change.code == _NUMBER]
        under: dict[str, list[str]] = {}
        for one in (one for one in shared if one.change.code != _NUMBER):
            numbered = {between(n) for _, n in one.at} if one.change.heading is None else set()
            number = f"{numbered.pop()}: " if len(numbered) == 1 and any(numbered) else ""
            said = f"{number}{told(self._to, one.change)}{self._place(one.change.position)}"
            under.setdefault(title(self._to, one), []).append(said)
        yield from (f"  • {said}" for said in under.pop("", []))
        if numbers:
            listed = Told("; ".join(title(self._to, one) for one in numbers))
            yield f"  • {self._to.sentence('DIFF_NUMBERS', numbers=listed)}"
        for heading, lines in under.items():
            yield f"  {heading}"
            yield from (f"    • {said}" for said in lines)

    def _heading(self, pairs: Sequence[SetPair]) -> str:
        to = self._to
        here = {pair.new.slug: pair.new for pair in pairs}
        if len(pairs) == 1:
            (pair,) = pairs
            code = "DIFF_ONE_SET" if pair.old.slug == pair.new.slug else "DIFF_ONE_SET_FROM"
            values = {"number": pair.new.number, "name": pair.new.name, "before": pair.old.number}
            return to.sentence("DIFF_NEW_SET_LIKE" if pair.like else code, **values, slug=pair.old.slug)
        rest = [slug for slug in self._sets if slug not in here]
        if not rest:
            return to.sentence("DIFF_ALL_SETS", count=len(here))
        if 2 * len(rest) < len(here):
            missing = (self._found.new.by_slug[slug] for slug in rest)
            return to.sentence("DIFF_ALL_SETS_BUT", count=len(here), sets=_listed(missing))
        return to.sentence("DIFF_SOME_SETS", count=len(here), sets=_listed(here.values()))

    def _place(self, position: Position) -> str:
        if not self._places:
            return ""
        place = at(position, self._rules)
        return f"  [{place.file}:{place.line}]"


def _listed(sets: Iterable[ProductSet]) -> Told:
    return Told(", ".join(f"{one.number} {one.slug}" for one in sets))


def _document(found: Difference, to: Teller, rules: Path) -> dict[str, object]:
    """The difference as JSON: each change once, with its values, its sentence, and the sets it stands in."""
    return {
        "from": found.old.id,
        "to": found.new.id,
        "edition": [_change(change, to, rules) for change in found.edition],
        "sets": [_change(change, to, rules) for change in found.sets],
        "in_sets": [
            _change(one.change, to, rules)
            | {
                "at": [
                    {
                        "from": pair.old.slug,
                        "to": pair.new.slug,
                        "old": numbers.old,
                        "new": numbers.new,
                        "like": pair.like,
                    }
                    for pair, numbers in one.at
                ]
            }
            for one in found.shared
        ],
    }


def _change(change: Change, to: Teller, rules: Path) -> dict[str, object]:
    place = at(change.position, rules)
    return {
        "code": change.code,
        "text": told(to, change),
        "wording": change.wording,
        "criterion": change.heading[to.language] if change.heading else "",
        "place": f"{place.file}:{place.line}",
        "values": plain(change),
    }


# --- dossiers --------------------------------------------------------------------------------------------------------


def _effects(
    args: argparse.Namespace, engines: tuple[Engine, Engine], old: Edition, new: Edition
) -> Iterator[tuple[Path, Effect]]:
    """The effect on each dossier; a file that cannot be read at all is told and left out."""
    to, err = voice_of(args), renderer(args, sys.stderr)
    missing = [str(path) for path in args.dossiers if not path.exists()]
    if missing:
        raise UsageError(to.sentence("NO_FILES", files=foreign(", ".join(missing))))
    inside = (
        sorted(p for p in path.iterdir() if p.suffix in _DOSSIERS) if path.is_dir() else [path]
        for path in args.dossiers
    )
    for path in chain.from_iterable(inside):
        try:
            yield path, effect(engines, DossierFile(path), old, new)
        except DossierError as error:
            err.problems(problems_told(error.problems, to), str(path))


def _show(
    args: argparse.Namespace, to: Teller, effects: Mapping[Path, Effect], editions: tuple[Edition, Edition]
) -> None:
    table = Table(title=to.sentence("EFFECT_TITLE"), title_justify="left", show_lines=True)
    table.add_column(to.screen("file"), overflow="fold", ratio=2)
    for edition in editions:
        table.add_column(edition.id, overflow="fold", ratio=1)
    table.add_column(to.screen("because"), overflow="fold", ratio=5)
    for path, one in effects.items():
        reasons = [visible(text) for text in why(to, one)] or [to.sentence("EFFECT_SAME")]
        outcomes = (outcome(to, side) for side in (one.before, one.after))
        table.add_row(visible(path.name), *outcomes, "\n".join(reasons))
    moved = sum(one.moved for one in effects.values())
    counted = to.sentence("EFFECT_COUNT", count=len(effects), moved=moved)
    renderer(args, sys.stdout, wide=True).blocks(["", table, counted])


def _of_dossiers(to: Teller, effects: Mapping[Path, Effect]) -> dict[str, object]:
    if not effects:
        return {}
    return {
        "dossiers": [
            {
                "file": str(path),
                "before": outcome(to, one.before),
                "after": outcome(to, one.after),
                "moved": one.moved,
                "why": list(why(to, one)),
            }
            for path, one in effects.items()
        ]
    }
