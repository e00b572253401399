"""What continues what between two editions: sets, criteria of two sheets, options of two criteria."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from scoring_service.plaintext import word_key
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.model import Criterion, Edition, Option, ProductSet

_ALIKE = 0.9
"""Names that share so much are one name with a word more or less."""
_SAME_PLACE = 0.6
"""Texts of one printed place that share less are not one text in other words."""
_FEWEST = 2
"""Options that a list must have before the same list says that two criteria are one."""
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")


class Ground(StrEnum):
    """Why two options are taken for one, the surest first."""

    TEXT = "text"
    ID = "id"
    PLACE = "place"
    LIKENESS = "likeness"
    POINTS = "points"


CERTAIN = frozenset({Ground.TEXT, Ground.ID})
"""The grounds on which an answer may follow its option; another word, such as commune for district, makes another option."""


class Matched(NamedTuple):
    """The option that an older one has become, and why it is taken for it."""

    option: Option
    ground: Ground


def same_ids(one: Edition, other: Edition, editions: Mapping[str, Edition]) -> bool:
    """Whether an option's id means the same option in both: one is the other, or amends it directly or through others.

    Elsewhere ids are letters in printed order, and say nothing.
    """
    return one.id in _line(other, editions) or other.id in _line(one, editions)


def _line(edition: Edition, editions: Mapping[str, Edition]) -> Iterator[str]:
    """The edition, the one that it amends, and so on."""
    here: Edition | None = edition
    while here is not None:
        yield here.id
        here = editions.get(here.amends)


def predecessors(new: ProductSet, old: Edition) -> list[ProductSet]:
    """The sets of an older edition that ``new`` continues: those it names, or the one of the same short name."""
    named = new.follows.get(old.id, (new.slug,))
    return [old.by_slug[slug] for slug in named if slug in old.by_slug]


def successors(old: ProductSet, older: Edition, newer: Edition) -> list[ProductSet]:
    """The sets of a newer edition that continue ``old``; several where it was divided."""
    return [one for one in newer.sets.values() if old in predecessors(one, older)]


def matched(old: ProductSet, new: ProductSet, *, by_id: bool = False) -> dict[str, Criterion]:
    """The old criterion of each new number, as far as there is one. ``by_id``: ids mean the same in both.

    Of the same name; else of the same key in criteria/; else of nearly the same name; else with the very same options; else, where ids mean
    the same, of the same number. A name, key or list of options that two criteria of a sheet have tells nothing, unless the number does.
    """
    pairs: dict[str, Criterion] = {}
    before, after = list(old.criteria()), list(new.criteria())
    for same in (_by_name_and_number, _by_name, _by_key, _by_likeness, _by_options, *([_by_number] if by_id else [])):
        kept = {c.number for c in pairs.values()}
        left = [c for c in before if c.number not in kept]
        waiting = [c for c in after if c.number not in pairs]
        pairs |= {b.number: a for a, b in same(left, waiting)}
    return {c.number: pairs[c.number] for c in after if c.number in pairs}


def text_key(text: Label) -> str:
    """What two prints of one text have in common: case, blanks and where a tone is written do not tell them apart."""
    return _key(text.vi)


_key = lru_cache(maxsize=16384)(word_key)
_Pairs = Iterable[tuple[Criterion, Criterion]]
_Item = TypeVar("_Item")
_Same = str | tuple[object, ...]
"""What two things have in common; empty where that tells nothing."""


def _by_name_and_number(before: list[Criterion], after: list[Criterion]) -> _Pairs:
    return _unique(before, after, lambda c: (c.number, text_key(c.name)))


def _by_name(before: list[Criterion], after: list[Criterion]) -> _Pairs:
    return _unique(before, after, lambda c: text_key(c.name))


def _by_key(before: list[Criterion], after: list[Criterion]) -> _Pairs:
    return _unique(before, after, lambda c: c.key)


def _by_options(before: list[Criterion], after: list[Criterion]) -> _Pairs:
    def printed(criterion: Criterion) -> _Same:
        texts = tuple(text_key(o.name) for o in criterion.options if o.printed)
        return texts if len(texts) >= _FEWEST else ()

    return _unique(before, after, printed)


def _by_likeness(before: list[Criterion], after: list[Criterion]) -> _Pairs:
    near = [[a for a in after if alike(b.name, a.name)] for b in before]
    for one, found in zip(before, near, strict=True):
        if len(found) == 1 and sum(found[0] in others for others in near) == 1:
            yield one, found[0]


def _by_number(before: list[Criterion], after: list[Criterion]) -> _Pairs:
    return _unique(before, after, lambda c: (c.number, c.key))


def alike(one: Label, other: Label, so_much: float = _ALIKE) -> bool:
    """Whether two texts are one with a word more or less."""
    return _ratio(text_key(one), text_key(other)) >= so_much


@lru_cache(maxsize=65536)
def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _unique(
    before: Iterable[_Item], after: Iterable[_Item], key: Callable[[_Item], _Same]
) -> Iterator[tuple[_Item, _Item]]:
    """The pairs of one key, where it is not empty and names one thing on each side."""
    mine, theirs = _by(before, key), _by(after, key)
    for found, items in mine.items():
        others = theirs.get(found, [])
        if found and len(items) == len(others) == 1:
            yield items[0], others[0]


def _by(items: Iterable[_Item], key: Callable[[_Item], _Same]) -> dict[_Same, list[_Item]]:
    found: dict[_Same, list[_Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def matched_options(old: Criterion, new: Criterion, *, by_id: bool) -> dict[str, Matched]:
    """What each option of ``old`` has become, by its id, as far as it is still there. ``by_id``: ids mean the same in both editions.

    Then, unless another criterion was put in its place, of the same id, and nothing else. Elsewhere of the same text in the same case; else
    at the same place of a scale with the same points, in similar words; else of nearly the same text; else of the same points where no other
    option has them. Texts that name different numbers are two.
    """
    if by_id and old.key == new.key and (new.key or old.number == new.number):
        return {o.id: Matched(n, Ground.ID) for o in old.choices() for n in new.choices() if n.id == o.id}
    cases = {id(o): text_key(c.cases[o.case]) if o.case else "" for c in (old, new) for o in c.choices()}
    places = {id(o): i for c in (old, new) for i, o in enumerate(c.choices(), start=c.none_met is None)}
    scales = [[(o.points, cases[id(o)]) for o in c.options] for c in (old, new)]
    found: dict[str, Matched] = {}
    for ground in (Ground.TEXT, Ground.PLACE, Ground.LIKENESS, Ground.POINTS):
        taken = {m.option.id for m in found.values()}
        left, waiting = [o for o in old.choices() if o.id not in found], [o for o in new.choices() if o.id not in taken]
        match ground:
            case Ground.TEXT:
                pairs = _unique(left, waiting, lambda o: (cases[id(o)], text_key(o.name)))
            case Ground.PLACE if scales[0] == scales[1]:
                pairs = _unique(left, waiting, lambda o: (places[id(o)],))
            case Ground.LIKENESS:
                pairs = _near(left, waiting, lambda o: cases[id(o)])
            case Ground.POINTS:
                pairs = _unique(left, waiting, lambda o: (cases[id(o)], o.points))
            case _:
                continue
        for before, after in pairs:
            if _one_option(before, after, ground):
                sure = ground is not Ground.TEXT or _says_the_same(before, old, new)
                found[before.id] = Matched(after, ground if sure else Ground.PLACE)
    return found


def _says_the_same(option: Option, old: Criterion, new: Criterion) -> bool:
    """Whether the same text means the same in both: it answers one question and, where we supply it ("none of these"), from one list."""
    one_question = text_key(old.name) == text_key(new.name) or (old.key != "" and old.key == new.key)
    lists = [{text_key(o.name) for o in c.options if o.printed} for c in (old, new)]
    return one_question and (option.printed or lists[0] == lists[1])


def _near(before: list[Option], after: list[Option], case: Callable[[Option], str]) -> Iterator[tuple[Option, Option]]:
    near = [[a for a in after if case(a) == case(b) and alike(b.name, a.name)] for b in before]
    for one, found in zip(before, near, strict=True):
        if len(found) == 1 and sum(found[0] in others for others in near) == 1:
            yield one, found[0]


def _one_option(before: Option, after: Option, ground: Ground) -> bool:
    if ground is Ground.TEXT:
        return True
    return same_numbers(before.name, after.name) and (
        ground is not Ground.PLACE or alike(before.name, after.name, _SAME_PLACE)
    )


def same_numbers(before: Label, after: Label) -> bool:
    """Whether two texts name the same numbers: ``from 50 %`` is not ``from 60 %``, whatever points it gives."""
    return _NUMBERS.findall(before.vi) == _NUMBERS.findall(after.vi)


def held(criterion: Criterion, stars: Iterable[int]) -> Mapping[int, int]:
    """The points that each of the ``stars`` needs on a criterion, those that lower ranks need included; ranks that need none are left out.

    A minimum for 4 stars bars 5 stars as well.
    """
    needed = {rank: max((m.points for m in criterion.minimums if m.stars <= rank), default=0) for rank in stars}
    return {rank: points for rank, points in needed.items() if points}
