"""What changed between two editions beside their sheets: bands, windows, levels, councils, the calendar, facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from scoring_service.authoring.diff.change import NOTHING_THERE, Change, Quoted, Word
from scoring_service.authoring.diff.texts import by_text, listed, named, read, said
from scoring_service.problems import Position, Span
from scoring_service.rulebook.facts import Fact
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.match import text_key
from scoring_service.rulebook.model import CalendarEntry, CouncilRules, Edition, Level, Window

_Thing = TypeVar("_Thing", Level, CouncilRules, CalendarEntry, Fact)
_Fields = Mapping[str, Callable[[Any, Edition], object]]
"""What is compared of a thing, by the word for it."""


def _yes(value: bool) -> Word:  # noqa: FBT001 - one value, turned into a word
    return Word("yes_no", "yes" if value else "no")


def _word(value: str) -> object:
    return value and Word("changed_value", value)


def _day_of_year(value: tuple[int, int]) -> str:
    return f"{value[1]:02}/{value[0]:02}" if any(value) else ""


def _level_name(word: str, edition: Edition) -> object:
    return next((v.name for v in edition.levels if v.word == word), word)


_LEVEL: _Fields = {
    "word": lambda v, _: v.word,
    "start": lambda v, _: v.start,
    "end": lambda v, _: v.end,
    "recognises": lambda v, _: v.recognises,
    "forwards_to": lambda v, e: _level_name(v.forwards_to, e),
}
_COUNCIL: _Fields = {
    "level": lambda v, e: _level_name(v.level, e),
    "scorers": lambda v, _: tuple(Word("role", role) for role in v.scorers),
    "quorum": lambda v, _: v.quorum and f"{v.quorum.numerator}/{v.quorum.denominator}",
    "chair_needed": lambda v, _: _yes(v.chair_needed),
    "deputy_presides": lambda v, _: _yes(v.deputy_presides),
    "spread_limit": lambda v, _: v.spread_limit,
    "far": lambda v, _: v.far,
    "mode": lambda v, e: tuple((e.kinds.get(kind, kind), Word("mode", mode)) for kind, mode in v.mode.items()),
    "minimum_by": lambda v, _: _word(v.minimum_by),
    "decimals": lambda v, _: v.decimals,
    "meanwhile": lambda v, _: v.meanwhile,
}
_ENTRY: _Fields = {
    "kinds": lambda v, e: tuple(e.kinds.get(kind, kind) for kind in v.kinds),
    "level": lambda v, e: _level_name(v.level, e),
    "anchor": lambda v, _: _word(v.anchor),
    "term": lambda v, _: v.unit and (v.count, _word(v.unit), _word("after" if v.sign > 0 else "before")),
    "proposed_before": lambda v, _: _day_of_year(v.proposed_before),
    "decided_before": lambda v, _: _day_of_year(v.decided_before),
    "filing": lambda v, _: _word(v.filing),
    "done_by": lambda v, _: _word(v.done_by),
    "if_missed": lambda v, e: next((entry.name for entry in e.calendar if entry.id == v.if_missed), ""),
    "stays": lambda v, _: _yes(v.stays),
}
_SAID: Mapping[str, Mapping[str, Callable[[Any], Label | None]]] = {
    "level": {
        "below": lambda v: v.below,
        "after_forwarding": lambda v: v.after_forwarding,
        "reading": lambda v: read(v.basis),
    },
    "council": {"practice": lambda v: v.practice},
    "entry": {"reading": lambda v: read(v.basis)},
    "fact": {},
}
"""The texts beside a thing, by the word for each."""
_FACT: _Fields = {
    "of_kind": lambda v, _: _word(v.kind.id),
    "unit": lambda v, _: v.unit or "",
}


def edition_changes(old: Edition, new: Edition) -> Iterator[Change]:
    """Every change that is none of a set."""
    here, both = new.position, (old, new)
    if old.total != new.total:
        yield Change("CHANGED_TOTAL", {"before": old.total, "after": new.total}, here)
    yield from _bands(old, new)
    yield from _windows(old, new)
    for day in sorted({c.start or dt.date.min for c in (*old.certificates, *new.certificates)}):
        before, after = old.certificate(day).months, new.certificate(day).months
        if before != after and day == dt.date.min:
            yield Change("CHANGED_CERTIFICATE", {"before": before, "after": after}, here)
        elif before != after:
            yield Change("CHANGED_CERTIFICATE_FROM", {"day": day, "before": before, "after": after}, here)
    yield from listed("kinds", old.kinds, new.kinds, here)
    yield from named(old.kinds, new.kinds, here)
    yield from listed("groups", by_text(old.groups.values()), by_text(new.groups.values()), here, wording=True)
    levels, entries = [{v.id: v for v in e.levels} for e in both], [{v.id: v for v in e.calendar} for e in both]
    yield from _things("level", _LEVEL, levels[0], levels[1], both)
    yield from _things("council", _COUNCIL, old.councils, new.councils, both)
    yield from _things("entry", _ENTRY, entries[0], entries[1], both)
    facts = [{key: fact.name for key, fact in e.facts.items()} for e in both]
    yield from listed("facts", facts[0], facts[1], here)
    shared = [{key: e.facts[key] for key in e.facts if key in old.facts and key in new.facts} for e in both]
    yield from _things("fact", _FACT, shared[0], shared[1], both)
    for key, fact in new.facts.items():
        if key in old.facts:
            choices = listed("choices", old.facts[key].choices, fact.choices, fact.position)
            called = named(old.facts[key].choices, fact.choices, fact.position)
            yield from (change.under(fact.name) for change in (*choices, *called))
    proving = [{k: e.evidence[k] for k in sorted(e.proving.evidence) if k in e.evidence} for e in both]
    yield from listed("proving", proving[0], proving[1], here)
    yield from named(old.evidence, new.evidence, here)
    yield from listed("evidence", _told_here(old, new), _told_here(new, old), here)
    yield from _readings(old, new)


def _told_here(edition: Edition, other: Edition) -> dict[str, Label]:
    """The evidence of an edition without what the other lacks and criteria ask for, which is told of them."""
    asked = {kind for one in edition.sets.values() for c in one.criteria() for kind in c.evidence}
    return {kind: name for kind, name in edition.evidence.items() if kind in other.evidence or kind not in asked}


def _readings(old: Edition, new: Edition) -> Iterator[Change]:
    """What the edition says of itself: our readings, remarks, and why a set is missing."""
    here = new.position
    for key in dict.fromkeys((*old.readings, *new.readings)):
        yield from said("reading", old.readings.get(key), new.readings.get(key), here)
    yield from said("proving", read(old.proving.basis), read(new.proving.basis), here)
    yield from listed("remark", by_text(old.remarks), by_text(new.remarks), here, wording=True)
    for key in dict.fromkeys((*old.missing_sets, *new.missing_sets)):
        yield from said("missing", old.missing_sets.get(key), new.missing_sets.get(key), here, of=(key,))


def _bands(old: Edition, new: Edition) -> Iterator[Change]:
    had, has = ({b.stars: b for b in e.bands} for e in (old, new))
    for stars in sorted({*had, *has}, reverse=True):
        before, after = (side[stars].interval if stars in side else NOTHING_THERE for side in (had, has))
        if before != after:
            band = has.get(stars) or had[stars]
            yield Change("CHANGED_BAND", {"stars": stars, "before": before, "after": after}, band.position)
    for stars, band in has.items():
        was = read(had[stars].basis) if stars in had else None
        yield from said("reading", was, read(band.basis), band.position, stars=stars)


def _windows(old: Edition, new: Edition) -> Iterator[Change]:
    """When applications are filed and what is said of it, by kind; kinds of which the same is told stand together."""
    same: dict[tuple[str, object, object], list[str]] = {}
    for kind in dict.fromkeys((*old.kinds, *new.kinds)):
        for field, of in _WINDOW.items():
            before, after = (tuple(x for w in e.windows if kind in w.kinds and (x := of(w))) for e in (old, new))
            if _plain(before) != _plain(after):
                same.setdefault((field, before or NOTHING_THERE, after or NOTHING_THERE), []).append(kind)
    for (field, was, now), kinds in same.items():
        names = tuple({**old.kinds, **new.kinds}[kind] for kind in kinds)
        window = next((w for w in new.windows if kinds[0] in w.kinds), None)
        position = window.position if window else new.position
        values: dict[str, object] = {"kinds": names, "before": was, "after": now}
        if field == "filed":
            yield Change("CHANGED_WINDOW", values, position)
        else:
            yield Change(
                "CHANGED_WINDOW_TEXT", values | {"field": Word("changed_field", field)}, position, wording=True
            )


def _days(window: Window) -> object:
    """The days of filing, and the last one for deciding where there is one."""
    filed = Span("", window.filed_from, window.filed_until)
    return (filed, window.decided_until) if window.decided_until else filed


_WINDOW: Mapping[str, Callable[[Window], object]] = {
    "filed": _days,
    "late": lambda w: w.late and Quoted(w.late),
    "reading": lambda w: (why := read(w.basis)) and Quoted(why),
}
"""What is compared of the windows of a kind."""


def _things(
    what: str, fields: _Fields, had: Mapping[str, _Thing], has: Mapping[str, _Thing], both: tuple[Edition, Edition]
) -> Iterator[Change]:
    """Levels, councils, entries of the calendar or facts: what came, what went, and what of those that stay is another."""
    for key, thing in has.items():
        before = had.get(key)
        if before is None:
            pairs = ((Word("changed_field", name), of(thing, both[1])) for name, of in fields.items())
            told = tuple(pair for pair in pairs if _there(pair[1]) != NOTHING_THERE and pair[1] != _yes(False))
            yield Change("CHANGED_THING_ADDED", {**_named(what, thing), "fields": told}, thing.position)
        else:
            yield from _thing(fields, before, thing, both)
    yield from _said_of(what, had, has)
    for thing in (thing for key, thing in had.items() if key not in has):
        yield Change("CHANGED_THING_DROPPED", _named(what, thing), thing.position)


def _said_of(what: str, had: Mapping[str, _Thing], has: Mapping[str, _Thing]) -> Iterator[Change]:
    """The texts beside things; things of which the same is told stand together."""
    same: dict[tuple[str, Label | None, Label | None], list[_Thing]] = {}
    for key, thing in has.items():
        for field, text in _SAID[what].items():
            before = text(had[key]) if key in had else None
            same.setdefault((field, before, text(thing)), []).append(thing)
    for (field, before, after), things in same.items():
        yield from said(field, before, after, things[0].position, of=tuple(thing.name for thing in things))


def _thing(fields: _Fields, before: _Thing, thing: _Thing, both: tuple[Edition, Edition]) -> Iterator[Change]:
    if text_key(before.name) != text_key(thing.name):
        values = {"before": Quoted(before.name), "after": Quoted(thing.name)}
        yield Change("CHANGED_NAMED", values, thing.position, wording=True)
    for name, of in fields.items():
        was, now = of(before, both[0]), of(thing, both[1])
        if _plain(was) != _plain(now):
            yield _field(thing.name, name, was, now, thing.position)


def _named(what: str, thing: _Thing) -> dict[str, object]:
    return {"what": Word("changed_thing", what), "name": thing.name}


def _field(name: Label, field: str, before: object, after: object, position: Position) -> Change:
    if field == "mode" and isinstance(before, tuple) and isinstance(after, tuple):
        before, after = (
            tuple(p for p in mine if p not in theirs) for mine, theirs in ((before, after), (after, before))
        )
    said = {"before": _there(before), "after": _there(after)}
    return Change("CHANGED_FIELD", {"name": name, "field": Word("changed_field", field), **said}, position)


def _plain(value: object) -> object:
    """What a value is compared by: of a name its text."""
    if isinstance(value, Label | Quoted):
        return text_key(value if isinstance(value, Label) else value.text)
    return tuple(map(_plain, value)) if type(value) is tuple else value


def _there(value: object) -> object:
    return NOTHING_THERE if value is None or value in ("", (), 0) else value
