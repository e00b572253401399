"""What changed in one criterion: place, options, minimums, derivation, condition, evidence, cases, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scoring_service.authoring.diff.change import NOTHING_THERE, AnyOf, Change, Quoted, Word, quoted
from scoring_service.authoring.diff.conditions import Subjects
from scoring_service.authoring.diff.texts import by_text, listed, read, said
from scoring_service.problems import Position
from scoring_service.rulebook.label import NOTHING, Label
from scoring_service.rulebook.match import Matched, alike, held, matched_options, same_numbers, text_key
from scoring_service.rulebook.model import Criterion, DeriveRow, Edition, Option, Section


@dataclass(frozen=True, slots=True)
class Pair:
    """A criterion before and after: the editions, the sections it stands in, and what its rules may read on either sheet."""

    editions: tuple[Edition, Edition]
    old: Criterion
    new: Criterion
    sections: tuple[Section, Section]
    reads: tuple[Subjects, Subjects]
    by_id: bool


def criterion_changes(pair: Pair) -> Iterator[Change]:
    """Every change of a criterion that both sheets have."""
    became = matched_options(pair.old, pair.new, by_id=pair.by_id)
    rooms = (_place(pair), _options(pair, became), _minimums(pair), _derivation(pair, became), _rest(pair))
    for change in (change for room in rooms for change in room):
        yield change.under(pair.new.name)


def whole_criterion(pair: Pair) -> Iterator[Change]:
    """All that a criterion says for itself, as changes of one that said nothing; ``pair``: the criterion on both sides."""
    nothing = replace(
        pair.new,
        options=(),
        none_met=None,
        cases={},
        minimums=(),
        derive=(),
        only_if=None,
        evidence=(),
        notes=(),
        oddities=(),
    )
    return criterion_changes(replace(pair, old=nothing))


def _place(pair: Pair) -> Iterator[Change]:
    old, new, here = pair.old, pair.new, pair.new.position
    if text_key(old.name) != text_key(new.name):
        yield Change("CHANGED_RENAMED", {"before": Quoted(old.name)}, here, wording=alike(old.name, new.name))
    before, after = pair.sections
    # A section of the same number has another name: that is told once, of the section.
    if not new.is_section and before.number != after.number and not alike(before.name, after.name):
        values = {"before": before.name, "after": after.name, "old": old.number, "new": new.number}
        yield Change("CHANGED_MOVED", values, here)
    elif old.number != new.number:
        yield Change("CHANGED_NUMBER", {"old": old.number, "new": new.number}, here)
    if old.max != new.max:
        yield Change("CHANGED_MAX", {"before": old.max, "after": new.max}, here)


def _options(pair: Pair, became: Mapping[str, Matched]) -> Iterator[Change]:
    origins = {became[o.id].option.id: o for o in pair.old.choices() if o.id in became}
    for option in pair.new.choices():
        before = origins.get(option.id)
        if before is None:
            if option.printed:
                values = {"id": option.id, "option": Quoted(option.name), "points": option.points}
                yield Change("CHANGED_OPTION_ADDED", values, option.position)
            continue
        if text_key(before.name) != text_key(option.name):
            yield _worded(before, option)
        if before.points != option.points:
            values = {"id": option.id, "before": before.points, "after": option.points, "option": Quoted(option.name)}
            yield Change("CHANGED_OPTION_POINTS", values, option.position)
    for option in pair.old.choices():
        if option.id not in became and option.printed:
            values = {"id": option.id, "option": Quoted(option.name), "points": option.points}
            yield Change("CHANGED_OPTION_DROPPED", values, option.position)


def _worded(before: Option, after: Option) -> Change:
    texts = [Quoted(one.name) if one.printed else NOTHING_THERE for one in (before, after)]
    values = {"id": after.id, "points": after.points, "before": texts[0], "after": texts[1]}
    wording = same_numbers(before.name, after.name) and alike(before.name, after.name)
    return Change("CHANGED_OPTION_WORDED", values, after.position, wording=wording)


def _minimums(pair: Pair) -> Iterator[Change]:
    """What each rank really needs, before and after; ranks to which the same happened stand together."""
    ranks = sorted({b.stars for edition in pair.editions for b in edition.bands})
    needed, needs = (held(c, ranks) for c in (pair.old, pair.new))
    moved: dict[tuple[int, int], list[int]] = {}
    for rank in ranks:
        moved.setdefault((needed.get(rank, 0), needs.get(rank, 0)), []).append(rank)
    for (before, after), stars in moved.items():
        if before == after:
            continue
        code = (
            "CHANGED_MINIMUM" if before and after else "CHANGED_MINIMUM_ADDED" if after else "CHANGED_MINIMUM_DROPPED"
        )
        values: dict[str, object] = {"stars": tuple(stars), "before": before, "after": after}
        yield Change(code, values, _of_minimum(pair.new, stars))


def _of_minimum(criterion: Criterion, stars: Iterable[int]) -> Position:
    """Where the star is that bars the first of these ranks; the criterion where there is none."""
    first = min(stars)
    found = [m for m in criterion.minimums if m.stars <= first]
    return max(found, key=lambda m: m.points).position if found else criterion.position


def _derivation(pair: Pair, became: Mapping[str, Matched]) -> Iterator[Change]:
    """Rows of the same facts within the same ranges are compared; what remains of one outcome on both sides has a new range."""
    facts = [_read(c, edition) for c, edition in zip((pair.old, pair.new), pair.editions, strict=True)]
    if facts[0].keys().isdisjoint(facts[1]):
        if facts[0] or facts[1]:
            names = [tuple(one.values()) or NOTHING_THERE for one in facts]
            yield Change("CHANGED_DERIVED_FROM", {"before": names[0], "after": names[1]}, pair.new.position)
        return
    before = {pair.reads[0].row(row): _outcome(row, pair.old, became) for row in pair.old.derive}
    after = {pair.reads[1].row(row): _outcome(row, pair.new) for row in pair.new.derive}
    for when, now in after.items():
        was = before.get(when)
        if was and was.option != now.option:
            values = {"when": when, "before": was.said, "after": now.said}
            yield Change("CHANGED_DERIVED", values, now.position)
        if was:
            yield from _explained(when, was, now)
    gone = {when: outcome for when, outcome in before.items() if when not in after}
    come = {when: outcome for when, outcome in after.items() if when not in before}
    yield from _rows(gone, come)


def _rows(gone: Mapping[AnyOf, _Outcome], come: Mapping[AnyOf, _Outcome]) -> Iterator[Change]:
    """Rows that one side alone has: those of one outcome have another range, the others came and went."""
    remaining = dict(come)
    for when, outcome in gone.items():
        like = next((w for w, o in remaining.items() if o.option == outcome.option and _facts(w) == _facts(when)), None)
        if like is None:
            yield Change("CHANGED_DERIVED_DROPPED", {"when": when, "option": outcome.said}, outcome.position)
        else:
            now = remaining.pop(like)
            values = {"option": outcome.said, "before": when, "after": like}
            yield Change("CHANGED_DERIVED_RANGE", values, now.position)
            yield from _explained(like, outcome, now)
    for when, outcome in remaining.items():
        yield Change("CHANGED_DERIVED_ADDED", {"when": when, "option": outcome.said}, outcome.position)
        yield from _explained(when, None, outcome)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a row leads to: the option's id in the newer edition, or none where it stays open; how it is told."""

    option: str
    said: object
    unclear: Label | None
    position: Position


def _explained(when: AnyOf, before: _Outcome | None, after: _Outcome) -> Iterator[Change]:
    """What is said of a row that stays open or is our reading."""
    was = before.unclear if before else None
    if text_key(was or NOTHING) != text_key(after.unclear or NOTHING):
        values = {"when": when, "before": quoted(was), "after": quoted(after.unclear)}
        yield Change("CHANGED_DERIVED_WORDED", values, after.position, wording=True)


def _outcome(row: DeriveRow, criterion: Criterion, became: Mapping[str, Matched] | None = None) -> _Outcome:
    option = next((o for o in criterion.choices() if o.id == row.option), None)
    now = option.id if option else ""
    if option and became is not None:
        now = became[option.id].option.id if option.id in became else f"- {option.id}"
    told: object = Quoted(option.name) if option else Word("changed_value", "open")
    return _Outcome(now, told, row.unclear, row.position)


def _read(criterion: Criterion, edition: Edition) -> dict[str, Label]:
    """The facts of a derivation with their names."""
    return {name: edition.facts[name].name for row in criterion.derive for name, _ in row.when}


def _facts(when: AnyOf) -> list[tuple[str, str]]:
    return list(dict.fromkeys((test.of, test.id) for way in when.ways for test in way))


def _rest(pair: Pair) -> Iterator[Change]:
    old, new, here = pair.old, pair.new, pair.new.position
    needed, needs = (_needs(c, reads) for c, reads in zip((old, new), pair.reads, strict=True))
    if needed.keys() != needs.keys():
        place = new.only_if.position if new.only_if else here
        for code, one in (("CHANGED_ONLY_IF_DROPPED", needed), ("CHANGED_ONLY_IF_ADDED", needs)):
            yield from (Change(code, {"of": of, "points": points}, place) for (_, points), of in one.items())
    evidence = [_evidence(c, edition) for c, edition in zip((old, new), pair.editions, strict=True)]
    yield from listed("evidence", evidence[0], evidence[1], here)
    yield from listed("case", by_text(old.cases.values()), by_text(new.cases.values()), here)
    yield from listed("note", by_text(old.notes), by_text(new.notes), here, wording=True)
    yield from listed("oddity", by_text(old.oddities), by_text(new.oddities), here, wording=True)
    yield from _readings(pair)


def _readings(pair: Pair) -> Iterator[Change]:
    """Our readings of minimums and of the condition; what the edition says of all conditions is told once, of the edition."""
    was, now = ({m.stars: m for m in c.minimums} for c in (pair.old, pair.new))
    for stars, minimum in now.items():
        before = read(was[stars].basis) if stars in was else None
        yield from said("reading", before, read(minimum.basis), minimum.position, stars=stars)
    if pair.new.only_if:
        had, has = (
            None if why == edition.readings.get("only_if") else why
            for why, edition in zip((_why(pair.old), _why(pair.new)), pair.editions, strict=True)
        )
        yield from said("only_if", had, has, pair.new.only_if.position)


def _why(criterion: Criterion) -> Label | None:
    return read(criterion.only_if.basis) if criterion.only_if else None


def _needs(criterion: Criterion, reads: Subjects) -> dict[tuple[str, int], Label]:
    """The criterion that this one needs, by its number in the newer edition and its points, with its name."""
    rule = criterion.only_if
    return {(reads.number(rule.criterion), rule.at_least): reads.named(rule.criterion).name} if rule else {}


def _evidence(criterion: Criterion, edition: Edition) -> dict[str, Label]:
    return {key: edition.evidence.get(key, Label(key, key)) for key in criterion.evidence}
