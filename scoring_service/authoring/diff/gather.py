"""The difference of two editions as it is read: what belongs to no set, and what changed in sets, once for all sets that share it.

``difference(rulebook, old, new)`` is all of it, ``difference(rulebook, old, new, product_set)`` that of one set.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from scoring_service.authoring.diff.change import Change, Numbers, Quoted
from scoring_service.authoring.diff.edition import edition_changes
from scoring_service.authoring.diff.sets import SetPair, set_changes
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.match import alike, predecessors, same_ids, successors, text_key
from scoring_service.rulebook.model import Edition, ProductSet


@dataclass(frozen=True, slots=True)
class Shared:
    """One change and the pairs of sets it stands in, with the numbers of its criterion in each."""

    change: Change
    at: tuple[tuple[SetPair, Numbers], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed: ``edition``: in no set; ``sets``: which sets came, went or are called otherwise; ``shared``: in sets.

    ``amending``: one edition amends the other, or is another state of it; then words are changed on purpose.
    """

    old: Edition
    new: Edition
    pairs: tuple[SetPair, ...]
    edition: tuple[Change, ...]
    sets: tuple[Change, ...]
    shared: tuple[Shared, ...]
    amending: bool

    def __len__(self) -> int:
        return len(self.edition) + len(self.sets) + len(self.shared)

    def __iter__(self) -> Iterator[Change]:
        yield from (*self.edition, *self.sets, *(one.change for one in self.shared))


def difference(rulebook: Rulebook, old: Edition, new: Edition, only: ProductSet | None = None) -> Difference:
    """What changed from ``old`` to ``new``, an edition of the ``rulebook``; ``only``: in this set of the new edition.

    ``old`` may also be an older state of an edition, from another folder of rules.
    """
    by_id = same_ids(old, new, rulebook.editions)
    sets = [only] if only else list(new.sets.values())
    pairs = tuple(pair for one in sets for pair in _pairs(old, new, one, by_id=by_id))
    return Difference(
        old,
        new,
        pairs,
        () if only else tuple(edition_changes(old, new)),
        tuple(_sets(old, new, sets, whole=only is None)),
        tuple(_shared(pairs)),
        by_id,
    )


def _pairs(old: Edition, new: Edition, one: ProductSet, *, by_id: bool) -> Iterator[SetPair]:
    """A set of the newer edition with each that it continues; one that continues none, with the one that it is like.

    With that one as it is now, for what changed in both is told once, of that one.
    """
    before = predecessors(one, old)
    yield from (SetPair((old, new), was, one, by_id) for was in before)
    if before or not one.like:
        return
    if one.like in new.by_slug:
        yield SetPair((new, new), new.by_slug[one.like], one, by_id=True, like=True)
    elif one.like in old.by_slug:
        yield SetPair((old, new), old.by_slug[one.like], one, by_id, like=True)


@dataclass(slots=True)
class _Gathered:
    change: Change
    at: dict[tuple[str, str], tuple[SetPair, Numbers]] = field(default_factory=dict)


def _shared(pairs: Iterable[SetPair]) -> Iterator[Shared]:
    """Each change once, with its pairs; what stands in the same sets stands together, that of most sets first.

    A criterion that two lines of one sheet share is told of each. In what a new set differs from the one that it is like stands by itself:
    it changed nowhere.
    """
    found: dict[Hashable, _Gathered] = {}
    order: dict[tuple[str, str], int] = {}
    for place, pair in enumerate(pairs):
        sets = (pair.old.slug, pair.new.slug)
        order[sets] = place
        for change, numbers in set_changes(pair):
            key: Hashable = (change.key, sets) if pair.like else change.key
            if key in found and sets in found[key].at:
                key = (key, numbers)
            found.setdefault(key, _Gathered(change)).at[sets] = (pair, numbers)
    gathered = sorted(found.values(), key=lambda one: (-len(one.at), [order[sets] for sets in one.at]))
    yield from (Shared(one.change, tuple(one.at.values())) for one in gathered)


def _sets(old: Edition, new: Edition, sets: Iterable[ProductSet], *, whole: bool) -> Iterator[Change]:
    for one in sets:
        before = predecessors(one, old)
        if not before:
            yield Change("CHANGED_SET_ADDED", _named(one), one.position)
        elif len(before) > 1:
            values = _named(one) | {"before": tuple(_titled(was) for was in before)}
            yield Change("CHANGED_SET_MERGED", values, one.position)
        elif len(successors(before[0], old, new)) > 1 and _kept(before[0], old, new) is not one:
            values = _named(one) | {"before": _titled(before[0])}
            yield Change("CHANGED_SET_FROM", values, one.position)
        else:
            yield from _renamed(before[0], one)
    for was in old.sets.values() if whole else ():
        after = successors(was, old, new)
        if not after:
            yield Change("CHANGED_SET_DROPPED", _named(was), was.position)
        elif len(after) > 1 and not _kept(was, old, new):
            values = _named(was) | {"after": tuple(_titled(one) for one in after)}
            yield Change("CHANGED_SET_SPLIT", values, after[0].position)


def _kept(was: ProductSet, old: Edition, new: Edition) -> ProductSet | None:
    """The set that an older one still is, under the same short name; what else continues it was taken out of it."""
    one = new.by_slug.get(was.slug)
    return one if one and was in predecessors(one, old) else None


def _renamed(old: ProductSet, new: ProductSet) -> Iterator[Change]:
    values = {"before": old.number, "after": new.number, "name": new.name}
    if old.number != new.number:
        yield Change("CHANGED_SET_NUMBER", values, new.position)
    if text_key(old.name) != text_key(new.name):
        values = {"number": new.number, "before": Quoted(old.name), "after": Quoted(new.name)}
        yield Change("CHANGED_SET_NAMED", values, new.position, wording=alike(old.name, new.name))
    if old.slug != new.slug:
        values = {"number": new.number, "before": old.slug, "after": new.slug}
        yield Change("CHANGED_SET_SLUG", values, new.position)


def _named(one: ProductSet) -> dict[str, object]:
    return {"number": one.number, "name": one.name, "slug": one.slug}


def _titled(one: ProductSet) -> Label:
    return Label(f"{one.number} {one.name.vi}", f"{one.number} {one.name['en']}")
