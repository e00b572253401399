"""What changed in one product set: its head, parts, sections, criteria and knock-outs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scoring_service.authoring.diff.change import NOTHING_THERE, Change, Found, Numbers, Quoted, Word
from scoring_service.authoring.diff.conditions import Subjects
from scoring_service.authoring.diff.criteria import Pair, criterion_changes, whole_criterion
from scoring_service.authoring.diff.texts import by_text, listed, read, said
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.match import matched, text_key
from scoring_service.rulebook.model import Criterion, Edition, KnockOut, ProductSet, Section


@dataclass(frozen=True)
class SetPair:
    """A product set of an older edition and one of a newer that continues it. ``by_id``: ids mean the same in both.

    ``like``: the newer one is new, and compared with the one that it is like, of its own edition or, where that was dropped, of the older.
    """

    editions: tuple[Edition, Edition]
    old: ProductSet
    new: ProductSet
    by_id: bool
    like: bool = False

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The old criterion of each new number."""
        return matched(self.old, self.new, by_id=self.by_id)

    @cached_property
    def reads(self) -> tuple[Subjects, Subjects]:
        """What the rules of either sheet may read."""
        renumbered = {old.number: number for number, old in self.criteria.items()}
        return (
            Subjects(self.editions[0].facts, self.old.criteria(), renumbered),
            Subjects(self.editions[1].facts, self.new.criteria()),
        )


def set_changes(pair: SetPair) -> Iterator[Found]:
    """Every change, in the order of the new sheet; what was dropped comes behind what there is."""
    for change in (*_head(pair), *_parts(pair), *_sections(pair), *_print(pair)):
        yield Found(change)
    yield from _criteria(pair)
    for change in _knock_outs(pair):
        yield Found(change)


def _head(pair: SetPair) -> Iterator[Change]:
    old, new, here = pair.old, pair.new, pair.new.position
    was, now = pair.editions
    rows = (
        ("group", was.groups[old.group], now.groups[new.group], old.group == new.group),
        ("subgroup", old.subgroup, new.subgroup, old.group == new.group),
        ("agency", old.agency, new.agency, False),
    )
    for name, before, after, wording in rows:
        if text_key(before) != text_key(after):
            values: dict[str, object] = {
                "field": Word("changed_field", name),
                "before": Quoted(before),
                "after": Quoted(after),
            }
            yield Change("CHANGED_SET", values, here, wording=wording)


def _print(pair: SetPair) -> Iterator[Change]:
    """Where the print promises points that no option gives, and what else is odd about it."""
    had, has = ({short.at: short for short in one.shortfalls} for one in (pair.old, pair.new))
    for at in dict.fromkeys((*had, *has)):
        was, now = had.get(at), has.get(at)
        here = now.position if now else pair.new.position
        points = [one.points if one else NOTHING_THERE for one in (was, now)]
        if points[0] != points[1]:
            values = {"name": at, "field": Word("changed_field", "shortfall"), "before": points[0], "after": points[1]}
            yield Change("CHANGED_FIELD", values, here)
        yield from said("reading", was.reading if was else None, now.reading if now else None, here, of=(at,))
    odd = [by_text(one.oddities) for one in (pair.old, pair.new)]
    yield from listed("oddity", odd[0], odd[1], pair.new.position, wording=True)


def _parts(pair: SetPair) -> Iterator[Change]:
    before = {part.code: part for part in pair.old.parts}
    for part in pair.new.parts:
        was = before.pop(part.code, None)
        if was is None or was.max != part.max:
            values: dict[str, object] = {
                "part": part.code,
                "name": part.name,
                "before": was.max if was else 0,
                "after": part.max,
            }
            yield Change("CHANGED_PART", values, pair.new.position)
        if was and text_key(was.name) != text_key(part.name):
            values = {"part": part.code, "before": Quoted(was.name), "after": Quoted(part.name)}
            yield Change("CHANGED_PART_NAMED", values, pair.new.position, wording=True)
    for gone in before.values():
        values = {"part": gone.code, "name": gone.name, "before": gone.max, "after": 0}
        yield Change("CHANGED_PART", values, pair.new.position)


def _sections(pair: SetPair) -> Iterator[Change]:
    """Sections that are no criteria themselves, by their names; of one number with another name they are named anew."""
    before, after = (
        {s.number: s for p in one.parts for s in p.sections if not any(c.is_section for c in s.criteria)}
        for one in (pair.old, pair.new)
    )
    left = dict(before)
    for number, section in after.items():
        was = next((s for s in left.values() if text_key(s.name) == text_key(section.name)), None) or left.get(number)
        if was is None:
            values: dict[str, object] = {"number": number, "name": section.name, "max": section.max}
            yield Change("CHANGED_SECTION_ADDED", values, pair.new.position)
            continue
        del left[was.number]
        yield from _section(was, section, pair)
    for gone in left.values():
        values = {"number": gone.number, "name": gone.name, "max": gone.max}
        yield Change("CHANGED_SECTION_DROPPED", values, pair.old.position)


def _section(old: Section, new: Section, pair: SetPair) -> Iterator[Change]:
    here = pair.new.position
    if text_key(old.name) != text_key(new.name):
        values: dict[str, object] = {"number": new.number, "before": Quoted(old.name), "after": Quoted(new.name)}
        yield Change("CHANGED_SECTION_NAMED", values, here, wording=True)
    if old.number != new.number:
        yield Change("CHANGED_SECTION_NUMBER", {"name": new.name, "before": old.number, "after": new.number}, here)
    if old.max != new.max:
        values = {"number": new.number, "name": new.name, "before": old.max, "after": new.max}
        yield Change("CHANGED_SECTION", values, here)


def _criteria(pair: SetPair) -> Iterator[Found]:
    sections = [
        {c.number: s for p in one.parts for s in p.sections for c in s.criteria} for one in (pair.old, pair.new)
    ]
    for criterion in pair.new.criteria():
        was = pair.criteria.get(criterion.number)
        if was is None:
            yield from _added(criterion, sections[1][criterion.number], pair)
            continue
        both = sections[0][was.number], sections[1][criterion.number]
        one = Pair(pair.editions, was, criterion, both, pair.reads, pair.by_id)
        for change in criterion_changes(one):
            yield Found(change, Numbers(was.number, criterion.number))
    kept = {c.number for c in pair.criteria.values()}
    for dropped in (c for c in pair.old.criteria() if c.number not in kept):
        yield Found(_whole("CHANGED_DROPPED", dropped), Numbers(dropped.number, ""))


def _added(criterion: Criterion, section: Section, pair: SetPair) -> Iterator[Found]:
    """A criterion that is new; what it says is told where one edition amends the other, and the new sheet is not read as a whole."""
    numbers = Numbers("", criterion.number)
    yield Found(_whole("CHANGED_ADDED", criterion), numbers)
    if pair.by_id:
        one = Pair(pair.editions, criterion, criterion, (section, section), pair.reads, pair.by_id)
        yield from (Found(change, numbers) for change in whole_criterion(one))


def _whole(code: str, criterion: Criterion) -> Change:
    return Change(code, {"name": criterion.name, "max": criterion.max}, criterion.position)


def _knock_outs(pair: SetPair) -> Iterator[Change]:
    had, has = ({out.id: out for out in one.knock_outs} for one in (pair.old, pair.new))
    for key, out in has.items():
        if key in had:
            yield from _knock_out(had[key], out, pair)
        else:
            when = pair.reads[1].condition(out.when)
            values: dict[str, object] = {"name": Quoted(out.name), "effect": Word("effect", out.effect), "when": when}
            yield Change("CHANGED_KNOCK_OUT_ADDED", values, out.position)
        was = read(had[key].basis) if key in had else None
        yield from said("reading", was, read(out.basis), out.position, of=(Quoted(out.name),))
    for gone in (out for key, out in had.items() if key not in has):
        values = {"name": Quoted(gone.name), "effect": Word("effect", gone.effect)}
        yield Change("CHANGED_KNOCK_OUT_DROPPED", values, gone.position)


def _knock_out(old: KnockOut, new: KnockOut, pair: SetPair) -> Iterator[Change]:
    name: Label = new.name
    if old.effect is not new.effect:
        values: dict[str, object] = {
            "name": Quoted(name),
            "before": Word("effect", old.effect),
            "after": Word("effect", new.effect),
        }
        yield Change("CHANGED_KNOCK_OUT_EFFECT", values, new.position)
    before, after = pair.reads[0].condition(old.when), pair.reads[1].condition(new.when)
    if before != after:
        yield Change("CHANGED_KNOCK_OUT_WHEN", {"name": Quoted(name), "before": before, "after": after}, new.position)
    if old.presumed_clear != new.presumed_clear:
        code = "CHANGED_KNOCK_OUT_PRESUMED" if new.presumed_clear else "CHANGED_KNOCK_OUT_ASKED"
        yield Change(code, {"name": Quoted(name)}, new.position)
    if text_key(old.name) != text_key(new.name):
        values = {"before": Quoted(old.name), "after": Quoted(name)}
        yield Change("CHANGED_KNOCK_OUT_NAMED", values, new.position, wording=True)
