"""Mutants of a product set: its options, derivations, minimums, conditions, maxima and knock-outs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from scoring_service.authoring.fact_values import step, value_of
from scoring_service.authoring.mutants import Mutant, Place, replaced, shifted, signed, with_set
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.label import STATED, Label
from scoring_service.rulebook.model import (
    Comparison,
    Condition,
    Criterion,
    DeriveRow,
    Edition,
    Effect,
    KnockOut,
    Minimum,
    Of,
    Op,
    Option,
    ProductSet,
    Section,
)

_BESIDE = {Op.AT_LEAST: Op.ABOVE, Op.ABOVE: Op.AT_LEAST, Op.AT_MOST: Op.BELOW, Op.BELOW: Op.AT_MOST}
_UNCLEAR = Label("?", "?")


def mutants_of_set(edition: Edition, product_set: ProductSet) -> Iterator[Mutant]:
    """All of them, in the order of the sheet."""
    for part in product_set.parts:
        for section in part.sections:
            yield from _of_section(edition, product_set, section)
            for criterion in section.criteria:
                yield from _OfCriterion(edition, product_set, criterion).all()
    yield from _of_knock_outs(edition, product_set)


def _changing(edition: Edition, product_set: ProductSet, *changed: Criterion) -> Callable[[], Edition]:
    by_number = {c.number: c for c in changed}

    def section(one: Section) -> Section:
        return replace(one, criteria=tuple(by_number.get(c.number, c) for c in one.criteria))

    def make() -> Edition:
        parts = tuple(replace(p, sections=tuple(section(s) for s in p.sections)) for p in product_set.parts)
        return with_set(edition, replace(product_set, parts=parts))

    return make


def _of_section(edition: Edition, product_set: ProductSet, section: Section) -> Iterator[Mutant]:
    first = section.criteria[0]
    slug = product_set.slug
    if not first.is_section:
        place = Place(f"{slug}/{section.number}", section.number, first.position, slug)
        for by in (1, -1):

            def make(by: int = by) -> Edition:
                parts = tuple(
                    replace(p, sections=tuple(replace(s, max=s.max + by) if s is section else s for s in p.sections))
                    for p in product_set.parts
                )
                return with_set(edition, replace(product_set, parts=parts))

            yield place.changed("max", signed(by), section.max, section.max + by, make)
    for one, other in itertools.pairwise(section.criteria):
        about = (one.number, other.number)
        place = Place(f"{slug}/{one.number}", one.number, one.position, slug, about)
        exchanged = (
            replace(one, options=other.options, none_met=other.none_met, cases=other.cases),
            replace(other, options=one.options, none_met=one.none_met, cases=one.cases),
        )
        yield place.swapped("options", one.number, other.number, _changing(edition, product_set, *exchanged))


class _OfCriterion:
    """The mutants of one criterion."""

    def __init__(self, edition: Edition, product_set: ProductSet, criterion: Criterion) -> None:
        self._edition, self._set, self._criterion = edition, product_set, criterion

    def all(self) -> Iterator[Mutant]:
        yield from self._max()
        yield from self._points()
        yield from self._ends()
        yield from self._rows()
        yield from self._words()
        yield from self._minimums()
        yield from self._only_if()

    def _place(self, mark: str, position: object = None, about: tuple[str, ...] = ()) -> Place:
        criterion, slug = self._criterion, self._set.slug
        key = "/".join(filter(None, (slug, criterion.number, mark)))
        at = " ".join(filter(None, (criterion.number, mark)))
        return Place(key, at, position or criterion.position, slug, (criterion.number, *about))  # type: ignore[arg-type]

    def _make(self, **changes: object) -> Callable[[], Edition]:
        return _changing(self._edition, self._set, replace(self._criterion, **changes))  # type: ignore[arg-type]

    def _max(self) -> Iterator[Mutant]:
        most = self._criterion.max
        for by in (1, -1):
            yield self._place("").changed("max", signed(by), most, most + by, self._make(max=most + by))

    # --- options -------------------------------------------------------------------------------------------------------

    def _points(self) -> Iterator[Mutant]:
        choices = list(self._criterion.choices())
        for option in choices:
            place = self._place(option.id, option.position)
            for by in (1, -1):
                if option.points + by >= 0:
                    changed = replace(option, points=option.points + by)
                    make = self._make(**self._with(option, changed))
                    yield place.changed("points", signed(by), option.points, changed.points, make)
            yield place.dropped("option", "", self._make(**self._without(option)))
        for one, other in itertools.pairwise(choices):
            if one.points != other.points:
                both = self._with(one, replace(one, points=other.points), other, replace(other, points=one.points))
                yield self._place("", one.position).swapped("points", one.id, other.id, self._make(**both))

    def _with(self, *pairs: Option) -> dict[str, object]:
        """The options with each first of a pair replaced by the second."""
        by = {id(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)}
        none_met = self._criterion.none_met
        return {
            "none_met": by.get(id(none_met), none_met),
            "options": tuple(by.get(id(o), o) for o in self._criterion.options),
        }

    def _without(self, option: Option) -> dict[str, object]:
        none_met = self._criterion.none_met
        return {
            "none_met": None if none_met is option else none_met,
            "options": tuple(o for o in self._criterion.options if o is not option),
        }

    # --- derivations ---------------------------------------------------------------------------------------------------

    def _ends(self) -> Iterator[Mutant]:
        """Each end moved by the smallest step, and opened or closed: in its row alone, and in all rows that meet there."""
        rows = self._criterion.derive
        for index, row in enumerate(rows):
            for name, allowed in row.when:
                if isinstance(allowed, Interval):
                    place = self._place(f"derive.{index + 1}", row.position, (name,))
                    fact = self._edition.facts[name]
                    for mark, before, after in _moved(fact, allowed):
                        changed = replaced(rows, index, _row_with(row, name, after))
                        make = self._make(derive=changed)
                        yield place.changed("edge", f".{name}.{mark}", fact.shown(before), fact.shown(after), make)
        for name, end in sorted({(n, e) for r in rows for n, a in r.when if isinstance(a, Interval) for e in a.ends}):
            yield from self._joint(name, end)

    def _joint(self, name: str, end: Decimal) -> Iterator[Mutant]:
        fact, rows = self._edition.facts[name], self._criterion.derive
        first = next(r for r in rows if any(n == name and isinstance(a, Interval) and end in a.ends for n, a in r.when))
        place = self._place("derive", first.position, (name,))
        for by in (step(fact), -step(fact)):
            if value_of(fact, end + by) is not None:
                moved = tuple(_each(r, name, partial(shifted, end=end, by=by)) for r in rows)
                before, after = fact.kind.show(end), fact.kind.show(end + by)
                yield place.changed("edge", f".{name}.{before}{signed(by)}", before, after, self._make(derive=moved))
        flipped = tuple(_each(r, name, partial(_flipped, end=end)) for r in rows)
        shown = fact.kind.show(end)
        yield place.changed("closed", f".{name}.{shown}", shown, f"({shown})", self._make(derive=flipped))

    def _rows(self) -> Iterator[Mutant]:
        rows, ids = self._criterion.derive, [o.id for o in self._criterion.choices()]
        for index, row in enumerate(rows):
            place = self._place(f"derive.{index + 1}", row.position, tuple(name for name, _ in row.when))
            for option in (o for o in ids if o != row.option):
                make = self._make(derive=replaced(rows, index, replace(row, option=option)))
                yield place.changed("option", f":{option}", row.option, option, make)
            if row.option:
                unclear = replace(row, option="", unclear=row.unclear or _UNCLEAR)
                yield place.changed("option", ":", row.option, "", self._make(derive=replaced(rows, index, unclear)))
                other = replace(row, unclear=None if row.unclear else _UNCLEAR)
                yield place.changed(
                    "unclear", "", bool(row.unclear), not row.unclear, self._make(derive=replaced(rows, index, other))
                )

    def _words(self) -> Iterator[Mutant]:
        """Each word of a row left out, and read by another row in its stead."""
        rows = self._criterion.derive
        for index, row in enumerate(rows):
            for name, allowed in row.when:
                if isinstance(allowed, Interval):
                    continue
                place = self._place(f"derive.{index + 1}", row.position, (name,))
                for word in sorted(allowed):
                    left = replaced(rows, index, _row_with(row, name, allowed - {word}))
                    yield place.dropped("word", word, self._make(derive=left))
                    for other, read in _reading(left, index, name, word):
                        changed = replaced(left, other, read)
                        yield place.changed(
                            "word", f":{word}>{other + 1}", word, f"{other + 1}", self._make(derive=changed)
                        )

    # --- minimums and conditions -----------------------------------------------------------------------------------------

    def _minimums(self) -> Iterator[Mutant]:
        minimums, ranks = self._criterion.minimums, {band.stars for band in self._edition.bands}
        for index, minimum in enumerate(minimums):
            place = self._place(f"{minimum.stars}★", minimum.position)
            for by in (1, -1):
                moved = replace(minimum, points=minimum.points + by)
                make = self._make(minimums=replaced(minimums, index, moved))
                yield place.changed("minimum_points", signed(by), minimum.points, moved.points, make)
                other = replace(minimum, stars=minimum.stars + by)
                if other.stars in ranks and all(m.stars != other.stars for m in minimums):
                    make = self._make(minimums=replaced(minimums, index, other))
                    yield place.changed("minimum_stars", signed(by), minimum.stars, other.stars, make)
            yield place.dropped("minimum", minimum.points, self._make(minimums=replaced(minimums, index)))
        recognised = sorted({stars for level in self._edition.levels for stars in level.recognises})
        for option, stars in itertools.product(self._criterion.choices(), recognised):
            added = Minimum(stars, option.points, STATED, option.position)
            fits = all((m.stars < stars) is (m.points < added.points) and m.stars != stars for m in minimums)
            if option.points and fits and all(m.points != added.points for m in minimums):
                place = self._place(option.id, option.position)
                sorted_ = tuple(sorted((*minimums, added), key=lambda one: one.stars))
                yield place.added("minimum", f"{stars}★", self._make(minimums=sorted_))

    def _only_if(self) -> Iterator[Mutant]:
        rule = self._criterion.only_if
        if rule is None:
            return
        place = self._place("", rule.position, (rule.criterion,))
        for by in (1, -1):
            at_least = rule.at_least + by
            make = self._make(only_if=replace(rule, at_least=at_least))
            yield place.changed("only_if", signed(by), rule.at_least, at_least, make)
        yield place.dropped("only_if", rule.criterion, self._make(only_if=None))


def _reading(rows: tuple[DeriveRow, ...], but: int, name: str, word: str) -> Iterator[tuple[int, DeriveRow]]:
    """The rows that read words of the fact, each with this word more; not the one that had it, and none that has it too."""
    for place, row in enumerate(rows):
        allowed = dict(row.when).get(name)
        if place != but and isinstance(allowed, frozenset) and word not in allowed:
            yield place, _row_with(row, name, allowed | {word})


def _row_with(row: DeriveRow, name: str, allowed: Interval | frozenset[str]) -> DeriveRow:
    return replace(row, when=tuple((n, allowed if n == name else a) for n, a in row.when))


def _each(row: DeriveRow, name: str, change: Callable[[Interval], Interval]) -> DeriveRow:
    when = tuple((n, change(a) if n == name and isinstance(a, Interval) else a) for n, a in row.when)
    return replace(row, when=when)


def _flipped(allowed: Interval, end: Decimal) -> Interval:
    return replace(
        allowed,
        low_closed=allowed.low_closed != (allowed.low == end),
        high_closed=allowed.high_closed != (allowed.high == end),
    )


def _moved(fact: Fact, allowed: Interval) -> Iterator[tuple[str, Interval, Interval]]:
    """A range with one end moved or opened; not to where no value of the fact lies."""
    for by in (step(fact), -step(fact)):
        if allowed.low is not None and value_of(fact, allowed.low + by) is not None:
            yield f"low{signed(by)}", allowed, replace(allowed, low=allowed.low + by)
        if allowed.high is not None and value_of(fact, allowed.high + by) is not None:
            yield f"high{signed(by)}", allowed, replace(allowed, high=allowed.high + by)
    if allowed.low is not None:
        yield "low-closed", allowed, replace(allowed, low_closed=not allowed.low_closed)
    if allowed.high is not None:
        yield "high-closed", allowed, replace(allowed, high_closed=not allowed.high_closed)


# --- knock-outs ------------------------------------------------------------------------------------------------------


def _of_knock_outs(edition: Edition, product_set: ProductSet) -> Iterator[Mutant]:
    outs = product_set.knock_outs
    for index, out in enumerate(outs):

        def make(*by: KnockOut, index: int = index) -> Callable[[], Edition]:
            return lambda: with_set(edition, replace(product_set, knock_outs=replaced(outs, index, *by)))

        slug = product_set.slug
        about = tuple(s.id for s in out.when.subjects())
        place = Place(f"{slug}/{out.id}", out.id, out.position, slug, about)
        yield place.dropped("knock_out", "", make())
        for effect in (e for e in Effect if e is not out.effect):
            yield place.changed("effect", f":{effect}", out.effect, effect, make(replace(out, effect=effect)))
        clear = not out.presumed_clear
        yield place.changed("presumed_clear", "", not clear, clear, make(replace(out, presumed_clear=clear)))
        for mark, before, after, when in _conditions(out.when, edition):
            yield place.changed("threshold", mark, before, after, make(replace(out, when=when)))


def _conditions(when: Condition, edition: Edition) -> Iterator[tuple[str, str, str, Condition]]:
    """A condition with one way dropped, one end moved or opened, or one word for another."""
    ways = when.any_of
    for place, tests in enumerate(ways):
        if len(ways) > 1:
            yield f".{place + 1}-way", _shown(tests), "", Condition(replaced(ways, place))
        for at, test in enumerate(tests):
            fact = edition.facts[test.subject.id] if test.subject.of is Of.FACT else None
            if fact is None or fact.kind.numeric:
                for changed in _ended(test, fact):
                    mark = f".{place + 1}.{at + 1}:{changed.op}{format(changed.value, 'f')}"
                    yield (
                        mark,
                        _shown((test,)),
                        _shown((changed,)),
                        Condition(replaced(ways, place, replaced(tests, at, changed))),
                    )
            elif test.op is Op.AT_LEAST:
                for by in (Decimal(1), Decimal(-1)):
                    if value_of(fact, test.value + by) is not None:
                        moved = tuple(replace(t, value=t.value + by) if t.subject == test.subject else t for t in tests)
                        words = (str(value_of(fact, test.value)), str(value_of(fact, test.value + by)))
                        yield f".{place + 1}.{at + 1}:{words[1]}", *words, Condition(replaced(ways, place, moved))


def _ended(test: Comparison, fact: Fact | None) -> Iterator[Comparison]:
    by = step(fact) if fact else Decimal(1)
    for value in (test.value + by, test.value - by):
        if value_of(fact, value) is not None if fact else value >= 0:
            yield replace(test, value=value)
    yield replace(test, op=_BESIDE[test.op])


def _shown(tests: tuple[Comparison, ...]) -> str:
    return " ".join(f"{t.subject.id} {t.op.sign} {format(t.value, 'f')}".strip() for t in tests)
