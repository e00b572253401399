"""What moved between two editions of a product set: criteria added, dropped, re-pointed, minimums changed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring_service.rulebook.model import Criterion, Edition, ProductSet


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that moved: its code, and the values its sentence needs. ``old`` and ``new`` are criterion numbers, empty where there is none."""

    code: str
    old: str
    new: str
    values: Mapping[str, object]


def predecessors(new: ProductSet, old: Edition) -> list[ProductSet]:
    """The sets of an older edition that ``new`` continues: those it names, or the one of the same short name."""
    named = new.follows.get(old.id, (new.slug,))
    return [old.by_slug[slug] for slug in named if slug in old.by_slug]


def diff_sets(old: ProductSet, new: ProductSet) -> list[Change]:
    """Every change from ``old`` to ``new``, in the order of the new sheet. Criteria are matched by name, then by key."""
    changes = []
    for part in new.parts:
        before = next((p.max for p in old.parts if p.code == part.code), 0)
        if before != part.max:
            changes.append(_change("CHANGED_PART", name=part.name, before=str(before), after=str(part.max)))
    pairs = matched(old, new)
    for criterion in new.criteria():
        before_it = pairs.get(criterion.number)
        if before_it:
            changes += _criterion_changes(before_it, criterion)
        else:
            changes.append(_change("CHANGED_ADDED", new=criterion.number, name=criterion.name, max=str(criterion.max)))
    kept = {c.number for c in pairs.values()}
    for dropped in (c for c in old.criteria() if c.number not in kept):
        changes.append(_change("CHANGED_DROPPED", old=dropped.number, name=dropped.name, max=str(dropped.max)))
    had, has = ({o.id: o.name for o in s.knock_outs} for s in (old, new))
    changes += [_change("CHANGED_KNOCK_OUT_ADDED", name=name) for key, name in has.items() if key not in had]
    changes += [_change("CHANGED_KNOCK_OUT_DROPPED", name=name) for key, name in had.items() if key not in has]
    return changes


def matched(old: ProductSet, new: ProductSet) -> dict[str, Criterion]:
    """The old criterion of each new number: of the same name, or else defined under the same key in criteria/."""
    left = list(old.criteria())
    pairs: dict[str, Criterion] = {}
    for same in (_same_name, _same_key):
        for criterion in new.criteria():
            found = None if criterion.number in pairs else next((c for c in left if same(c, criterion)), None)
            if found:
                pairs[criterion.number] = found
                left.remove(found)
    return pairs


def _same_name(old: Criterion, new: Criterion) -> bool:
    return old.name.vi.casefold() == new.name.vi.casefold()


def _same_key(old: Criterion, new: Criterion) -> bool:
    return old.key != "" and old.key == new.key


def _criterion_changes(old: Criterion, new: Criterion) -> list[Change]:
    changes = []
    both: dict[str, object] = {"old": old.number, "new": new.number, "name": new.name}
    if not _same_name(old, new):
        changes.append(_change("CHANGED_RENAMED", before=old.name, **both))
    before, after = (", ".join(str(o.points) for o in c.options) for c in (old, new))
    if before != after:
        changes.append(_change("CHANGED_POINTS", before=before, after=after, **both))
    had, has = ({m.stars: m.points for m in c.minimums} for c in (old, new))
    for stars in sorted({*had, *has}):
        was, now = had.get(stars), has.get(stars)
        if was == now:
            continue
        code = (
            "CHANGED_MINIMUM_ADDED"
            if was is None
            else "CHANGED_MINIMUM_DROPPED"
            if now is None
            else "CHANGED_MINIMUM_CHANGED"
        )
        changes.append(_change(code, stars=str(stars), before=str(was), after=str(now), **both))
    return changes


def _change(code: str, **values: object) -> Change:
    old, new = (str(values.get(side, "")) for side in ("old", "new"))
    return Change(code, old, new, values)
