"""The boundary cases of a product set: every option, every row of a derivation from both sides, every way into a knock-out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal

from scoring_service.authoring.boundary_files import Heading
from scoring_service.authoring.changes import ABSENT, BETWEEN, EDITION, FILED, KIND, LEVEL, PRODUCT_SET, Base, Changes
from scoring_service.authoring.fact_values import around, beside, text_of, within
from scoring_service.authoring.losses import Losses
from scoring_service.rulebook.facts import Fact, FactValue, Interval
from scoring_service.rulebook.model import (
    Comparison,
    Criterion,
    DeriveRow,
    Edition,
    KnockOut,
    Level,
    Of,
    Option,
    ProductSet,
    Subject,
)

FULL = "full"
"""The base of every set: the best option everywhere, and no knock-out that could hold."""
Planned = Heading | Changes


def full_base(edition: Edition, product_set: ProductSet) -> Base:
    """A dossier with the most points, judged where the highest rank is recognised, with every fact that clears a knock-out."""
    filed = first_day(edition)
    fields = {
        EDITION: edition.id,
        PRODUCT_SET: product_set.slug,
        KIND: next(iter(edition.kinds)),
        FILED: filed.isoformat(),
        LEVEL: _last_level(edition, filed).word,
    }
    answers = {c.number: best(c).id for c in product_set.criteria()}
    return Base(fields, {k: text_of(v) for k, v in clear_facts(edition, product_set).items()}, answers)


def first_day(edition: Edition) -> dt.date:
    """The first day on which dossiers could be filed."""
    return next((window.filed_from for window in edition.windows if window.filed_from), edition.issued)


def _last_level(edition: Edition, day: dt.date) -> Level:
    """A level in force on a day from which nothing goes up, or the last one there is."""
    there = [level for level in edition.levels if level.covers(day)]
    return next((level for level in there if not level.forwards_to), (there or list(edition.levels))[-1])


def best(criterion: Criterion) -> Option:
    """The option with the most points, the first of several."""
    return max(criterion.choices(), key=lambda option: option.points)


def clear_facts(edition: Edition, product_set: ProductSet) -> dict[str, FactValue]:
    """Of every fact that a knock-out waits for, a value at which none holds by it alone."""
    waited = [
        s.id for out in product_set.knock_outs if not out.presumed_clear for s in out.when.subjects() if s.of is Of.FACT
    ]
    ways = [tests for out in product_set.knock_outs for tests in out.when.any_of]
    found: dict[str, FactValue] = {}
    for name in dict.fromkeys(waited):
        fact, subject = edition.facts[name], Subject(Of.FACT, name)
        own = [[t for t in tests if t.subject == subject] for tests in ways]
        ends = [t.value for tests in own for t in tests]
        for value in fact.kind.axis(ends, fact)[::-1]:
            compared = fact.comparable(value)
            if not any(tests and all(t.holds(compared) for t in tests) for tests in own):
                found[name] = value
                break
    return found


def set_cases(edition: Edition, product_set: ProductSet) -> Iterator[Planned]:
    """Every case of a set, as changes of its full base, with headings between."""
    yield Heading("BOUNDARY_FULL")
    yield {}
    for criterion in product_set.criteria():
        yield Heading("BOUNDARY_CRITERION", {"criterion": criterion})
        top = best(criterion).id
        for option in criterion.choices():
            if option.id != top:
                yield {criterion.number: option.id}
        yield from ({criterion.number: ABSENT, **facts} for facts in _derived(criterion, edition.facts))
    if product_set.knock_outs:
        yield Heading("BOUNDARY_KNOCK_OUTS")
        for out in product_set.knock_outs:
            yield from knock_out_cases(out, edition, product_set)


# --- derivations -----------------------------------------------------------------------------------------------------


def _derived(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[dict[str, str]]:
    """Facts within each row and at both sides of each of its ends; what a row does not read is not stated."""
    for row in criterion.derive:
        inside = _inside(row, facts)
        if inside is None:
            continue
        if not any(isinstance(allowed, Interval) for _, allowed in row.when):
            yield inside
        for name, allowed in row.when:
            for value in around(facts[name], allowed):
                changed = {**inside, name: text_of(value)}
                yield _completed(changed, criterion, facts)


def _inside(row: DeriveRow, facts: Mapping[str, Fact]) -> dict[str, str] | None:
    found = {}
    for name, allowed in row.when:
        value = within(facts[name], allowed)
        if value is None:
            return None
        found[name] = text_of(value)
    return found


def _completed(stated: dict[str, str], criterion: Criterion, facts: Mapping[str, Fact]) -> dict[str, str]:
    """Stated facts with those that another row needs to take them; as they are where one takes them already."""
    values = {name: facts[name].parse(text) for name, text in stated.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if any(row.matches(known) for row in criterion.derive):
        return stated
    for row in criterion.derive:
        if all(value in allowed for name, allowed in row.when if (value := known.get(name)) is not None):
            missing = {n: within(facts[n], allowed) for n, allowed in row.when if n not in known}
            return stated | {n: text_of(v) for n, v in missing.items() if v is not None}
    return stated


# --- knock-outs ------------------------------------------------------------------------------------------------------


def knock_out_cases(out: KnockOut, edition: Edition, product_set: ProductSet) -> Iterator[Changes]:
    """Each way in taken, left at each of its ends, and with each of its facts unknown."""
    losses = Losses(product_set)
    for tests in out.when.any_of:
        subjects = list(dict.fromkeys(t.subject for t in tests))
        taken = {s: _met(s, tests, edition, losses) for s in subjects}
        if any(changes is None for changes in taken.values()):
            continue
        whole: dict[str, str] = {k: v for changes in taken.values() if changes for k, v in changes.items()}
        yield whole
        for subject in subjects:
            if subject.of is Of.FACT and not out.presumed_clear:
                yield {**whole, subject.id: ABSENT}
            for changes in _turning(subject, tests, edition, losses):
                yield {**whole, **changes}
            if subject.of is Of.CRITERION:
                yield {**whole, subject.id: _divided(whole[subject.id], subject, losses)}


def _divided(meets: str, subject: Subject, losses: Losses) -> str:
    """Sheets that meet a test beside one that does not, so many that their mean is just over nothing."""
    points = next(p for p in losses.possible(subject) if p > 0)
    other = losses.with_points(subject, points)[subject.id]
    return BETWEEN.join([*[meets] * max(1, points - 1), other])


def _met(subject: Subject, tests: tuple[Comparison, ...], edition: Edition, losses: Losses) -> Changes | None:
    """Changes that meet every test on a subject."""
    own = [t for t in tests if t.subject == subject]
    if subject.of is Of.FACT:
        fact = edition.facts[subject.id]
        values = (*(v for t in own for v in beside(fact, t.value)), *fact.kind.axis([t.value for t in own], fact))
        met = (v for v in values if all(t.holds(fact.comparable(v)) for t in own))
        return next(({subject.id: text_of(v)} for v in met), None)
    points = (p for p in losses.possible(subject) if all(t.holds(Decimal(p)) for t in own))
    return next((losses.with_points(subject, p) for p in points), None)


def _turning(subject: Subject, tests: tuple[Comparison, ...], edition: Edition, losses: Losses) -> Iterator[Changes]:
    """Changes that bring a subject to both sides of every end."""
    for test in tests:
        if test.subject != subject:
            continue
        if subject.of is Of.FACT:
            fact = edition.facts[subject.id]
            for value in beside(fact, test.value):
                yield {subject.id: text_of(value)}
        else:
            possible = losses.possible(subject)
            at = [p for p in possible if p == test.value]
            for points in (*at, *_nearest(possible, test.value)):
                yield losses.with_points(subject, points)


def _nearest(possible: list[int], end: Decimal) -> list[int]:
    below, above = [p for p in possible if p < end], [p for p in possible if p > end]
    return [*below[-1:], *above[:1]]
