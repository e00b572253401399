"""What is prepared once per product set, so that one dossier costs look-ups only: answers, conditions, and what its rules read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from scoring_service.engine.dossier import Stated
from scoring_service.engine.inference import (
    AWARDED,
    CAP,
    MINIMUM,
    REACHED,
    TOTAL,
    Awarded,
    BandReached,
    FallsShort,
    Fire,
    Forwarded,
    Program,
    Recognised,
    Value,
    award_program,
    band_program,
    knock_out_program,
    level,
    minimum_program,
    recognition_program,
)
from scoring_service.engine.kept import Kept
from scoring_service.engine.names import Names, kind_names, level_names, set_names
from scoring_service.rulebook.facts import Fact, FactValue
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.model import Comparison, Criterion, Edition, Of, Op, Option, Part, ProductSet, Subject


class Origin(StrEnum):
    """Who chose an option."""

    ASSESSOR = "assessor"
    DERIVED = "derived"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Mark:
    """One sheet's choice on one criterion: the option's id and points. ``option`` is empty where the criterion does not apply.

    Every mark of a case belongs to its ``Form``, one object for each choice there is.
    """

    option: str
    points: int
    origin: Origin


Reach = tuple[tuple[Decimal, Decimal], ...]
"""Closed ranges of a value in which some rule could hold; outside of all of them no rule is interested."""
_ENDLESS = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Conditional:
    """A criterion that counts only where another one has points; both by their places on the sheet."""

    place: int
    base: int
    at_least: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The star minimums of one criterion, and the highest of them in points."""

    place: int
    criterion: Criterion
    highest: int


@dataclass(frozen=True, slots=True)
class Span:
    """The criteria whose points a rule reads together, by their places: the first and the end; ``max``: the most they can have.

    ``part``: where they are a part of the sheet.
    """

    start: int
    end: int
    max: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way into a knock-out: its tests on facts, and those on points."""

    facts: tuple[tuple[str, Comparison], ...]
    points: tuple[Comparison, ...]

    @classmethod
    def of(cls, tests: tuple[Comparison, ...]) -> Way:
        """The way of these tests."""
        facts = tuple((t.subject.id, t) for t in tests if t.subject.of is Of.FACT)
        return cls(facts, tuple(t for t in tests if t.subject.of is not Of.FACT))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A product set made ready. Places count criteria in printed order from 0."""

    edition: Edition
    product_set: ProductSet
    criteria: tuple[Criterion, ...]
    places: Mapping[str, int]
    """The place of each number."""
    parts: tuple[tuple[int, int], ...]
    """First place and end of each part."""
    max: int
    """Points of the whole sheet."""
    spans: Mapping[Subject, Span]
    """What of the sheet makes up the points that knock-outs read."""

    options: Mapping[str, Mapping[str, Option]]
    """Number → id → option."""
    answers: Mapping[str, tuple[int, Mapping[str, Mark]]]
    """Number → its place, and what may be answered → the mark it makes."""
    ambiguous: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Number → points → the ids that points do not tell apart."""
    unmet: tuple[str, ...]
    """The option of each place that says nothing is met and is not printed, or empty."""

    conditional: tuple[Conditional, ...]
    not_applicable: tuple[Mark, ...]
    """The mark of each place where it does not apply."""
    noted: frozenset[int]
    """The identities of the marks of which every explanation has something to say: nothing is met, or it does not apply."""
    derivable: tuple[tuple[int, frozenset[str]], ...]
    """Place of each criterion that can be derived, and the facts it takes."""
    derive_from: frozenset[str]
    """All of these facts."""
    derived: Mapping[tuple[str, str], Mark]
    """Number and option → the derived mark."""
    floors: tuple[Floor, ...]
    """The criteria with star minimums."""
    read_floors: tuple[Floor, ...]
    """Those of them that are not printed as they are read."""
    cased: tuple[tuple[int, ...], ...]
    """Criteria that are assessed by one of several cases, the same in all of a group: their first case has one name."""
    proven: tuple[int, ...]
    """The criteria that papers settle."""

    knock_outs: Program
    readings: tuple[tuple[int, Subject, Reach], ...]
    """The criteria that knock-outs read: place, subject, reach."""
    sums_read: tuple[tuple[Subject, Reach], ...]
    """The parts that knock-outs read, and the total."""
    on_points: frozenset[int]
    """The knock-outs that read points, by their places in the list."""
    reads: frozenset[str]
    """The facts without which some knock-out cannot be told."""
    numbers: tuple[tuple[Fact, Subject, Reach], ...]
    """The facts that knock-outs read and that are numbers."""
    in_reach: tuple[tuple[str, FactValue, Subject, Decimal], ...]
    """Of the others each value within reach: fact, value, subject, and what is compared."""
    ways: tuple[tuple[Way, ...], ...]
    """For each knock-out its ways in."""
    heeds: frozenset[str]
    """All facts that can change anything here."""
    grave_words: frozenset[tuple[str, FactValue]]
    """All other facts with the values that would knock out a product of another set."""
    grave_numbers: Mapping[str, tuple[tuple[Comparison, ...], ...]]
    """Those of them that are numbers, and how they would."""

    findings: Kept = field(default_factory=Kept)
    """The findings that are the same in every dossier they are true of."""
    _kept: dict[object, Kept] = field(default_factory=dict)

    def kept(self, purpose: object) -> Kept:
        """What is made once of this product set for some purpose, such as lines in a language. It goes when the rules do."""
        found = self._kept.get(purpose)
        return found if found is not None else self._kept.setdefault(purpose, Kept())

    @classmethod
    def of(cls, edition: Edition, product_set: ProductSet) -> Form:
        """Prepare one product set."""
        criteria = tuple(product_set.criteria())
        places = {c.number: i for i, c in enumerate(criteria)}
        reach = _reach(product_set)
        read = [(edition.facts[s.id], s, ranges) for s, ranges in reach.items() if s.of is Of.FACT]
        answers, ambiguous = {}, {}
        for criterion in criteria:
            answers[criterion.number], ambiguous[criterion.number] = _answers(criterion)
        derive_from = frozenset(name for c in criteria for row in c.derive for name, _ in row.when)
        floors = tuple(
            Floor(place, c, max(m.points for m in c.minimums)) for place, c in enumerate(criteria) if c.minimums
        )
        not_applicable = tuple(Mark("", 0, Origin.NOT_APPLICABLE) for _ in criteria)
        unmet = [answers[c.number][c.none_met.id] for c in criteria if c.none_met]
        parts, end = [], 0
        for part in product_set.parts:
            start, end = end, end + sum(1 for _ in part.criteria())
            parts.append((start, end))
        return cls(
            edition=edition,
            product_set=product_set,
            criteria=criteria,
            places=places,
            max=sum(part.max for part in product_set.parts),
            options={c.number: {o.id: o for o in c.choices()} for c in criteria},
            answers={number: (places[number], choices) for number, choices in answers.items()},
            ambiguous=ambiguous,
            parts=tuple(parts),
            conditional=tuple(
                Conditional(places[c.number], places[c.only_if.criterion], c.only_if.at_least)
                for c in criteria
                if c.only_if
            ),
            unmet=tuple(c.none_met.id if c.none_met else "" for c in criteria),
            derivable=tuple(
                (places[c.number], frozenset(name for row in c.derive for name, _ in row.when))
                for c in criteria
                if c.derive
            ),
            derive_from=derive_from,
            derived={
                (c.number, o.id): Mark(o.id, o.points, Origin.DERIVED)
                for c in criteria
                if c.derive
                for o in c.choices()
            },
            not_applicable=not_applicable,
            noted=frozenset(map(id, (*not_applicable, *unmet))),
            floors=floors,
            read_floors=tuple(f for f in floors if any(not m.basis.stated for m in f.criterion.minimums)),
            knock_outs=knock_out_program(edition, product_set),
            readings=tuple((places[s.id], s, ranges) for s, ranges in reach.items() if s.of is Of.CRITERION),
            sums_read=tuple((s, ranges) for s, ranges in reach.items() if s.of in (Of.PART, Of.TOTAL)),
            spans=_spans(product_set, criteria, parts, places),
            reads=frozenset(
                subject.id
                for out in product_set.knock_outs
                if not out.presumed_clear
                for subject in out.when.subjects()
                if subject.of is Of.FACT
            ),
            heeds=(heeds := derive_from | {subject.id for _, subject, _ in read}),
            grave_words=frozenset(_grave_words(edition, heeds)),
            grave_numbers=_grave_numbers(edition, heeds),
            cased=_cased(criteria),
            proven=tuple(
                place for place, c in enumerate(criteria) if not edition.proving.evidence.isdisjoint(c.evidence)
            ),
            numbers=tuple(one for one in read if one[0].kind.numeric),
            in_reach=tuple(
                (fact.id, value, subject, compared)
                for fact, subject, ranges in read
                if not fact.kind.numeric
                for value in fact.kind.axis((), fact)
                if within(compared := fact.comparable(value), ranges)
            ),
            ways=tuple(tuple(Way.of(tests) for tests in out.when.any_of) for out in product_set.knock_outs),
            on_points=frozenset(
                index
                for index, out in enumerate(product_set.knock_outs)
                if any(subject.of is not Of.FACT for subject in out.when.subjects())
            ),
        )


def _spans(
    product_set: ProductSet, criteria: tuple[Criterion, ...], parts: list[tuple[int, int]], places: Mapping[str, int]
) -> dict[Subject, Span]:
    subjects = (s for out in product_set.knock_outs for s in out.when.subjects() if s.of is not Of.FACT)
    found = {}
    for subject in subjects:
        if subject.of is Of.CRITERION:
            place = places[subject.id]
            found[subject] = Span(place, place + 1, criteria[place].max, None)
        elif subject.of is Of.PART:
            at = next(i for i, part in enumerate(product_set.parts) if part.code == subject.id)
            part = product_set.parts[at]
            found[subject] = Span(*parts[at], part.max, part)
        else:
            found[subject] = Span(0, len(places), sum(part.max for part in product_set.parts), None)
    return found


def within(value: Value, ranges: Reach) -> bool:
    """Whether some rule could be interested in the value."""
    for low, high in ranges:  # noqa: SIM110 - several times as fast as any(), and asked for every fact of every dossier
        if low <= value <= high:
            return True
    return False


def _answers(criterion: Criterion) -> tuple[dict[str, Mark], dict[str, tuple[str, ...]]]:
    marks = {o.id: Mark(o.id, o.points, Origin.ASSESSOR) for o in criterion.choices()}
    by_points: dict[str, list[str]] = {}
    for option in criterion.choices():
        by_points.setdefault(str(option.points), []).append(option.id)
    alone = {points: marks[ids[0]] for points, ids in by_points.items() if len(ids) == 1}
    return alone | marks, {points: tuple(ids) for points, ids in by_points.items() if len(ids) > 1}


def _cased(criteria: tuple[Criterion, ...]) -> tuple[tuple[int, ...], ...]:
    groups: dict[str, list[int]] = {}
    for place, criterion in enumerate(criteria):
        if criterion.cases:
            groups.setdefault(next(iter(criterion.cases.values())).vi, []).append(place)
    return tuple(tuple(places) for places in groups.values() if len(places) > 1)


def _grave(edition: Edition, heeds: frozenset[str]) -> Iterator[tuple[Fact, tuple[Comparison, ...]]]:
    """The ways in which a fact alone knocks out a product of any set of the edition, for facts that are not heeded here."""
    for tests in (way for s in edition.sets.values() for out in s.knock_outs for way in out.when.any_of):
        subjects = {test.subject for test in tests}
        if len(subjects) == 1 and (subject := subjects.pop()).of is Of.FACT and subject.id not in heeds:
            yield edition.facts[subject.id], tests


def _grave_words(edition: Edition, heeds: frozenset[str]) -> Iterator[tuple[str, FactValue]]:
    for fact, tests in _grave(edition, heeds):
        for value in () if fact.kind.numeric else fact.kind.axis((), fact):
            if all(test.holds(fact.comparable(value)) for test in tests):
                yield fact.id, value


def _grave_numbers(edition: Edition, heeds: frozenset[str]) -> dict[str, tuple[tuple[Comparison, ...], ...]]:
    found: dict[str, dict[tuple[Comparison, ...], None]] = {}
    for fact, tests in _grave(edition, heeds):
        if fact.kind.numeric:
            found.setdefault(fact.id, {})[tests] = None
    return {fact: tuple(ways) for fact, ways in found.items()}


def _reach(product_set: ProductSet) -> dict[Subject, Reach]:
    """For each subject of the knock-outs: of each way in, the values that meet all its tests on that subject.

    An open end is widened to the closed one, which at worst hands the inference a value it will not use.
    """
    found: dict[Subject, list[tuple[Decimal, Decimal]]] = {}
    for out in product_set.knock_outs:
        for tests in out.when.any_of:
            for subject in dict.fromkeys(t.subject for t in tests):
                own = [t for t in tests if t.subject == subject]
                low = max((t.value for t in own if t.op in (Op.AT_LEAST, Op.ABOVE)), default=-_ENDLESS)
                high = min((t.value for t in own if t.op in (Op.AT_MOST, Op.BELOW)), default=_ENDLESS)
                found.setdefault(subject, []).append((low, high))
    return {subject: tuple(ranges) for subject, ranges in found.items()}


@dataclass(frozen=True, slots=True)
class Ladder:
    """The later stages of an edition, inferred once for all there is: few whole numbers in, few out.

    ``by_points[p]``: stars of a mean of p whole points and more, under p + 1; ``short[p]``: the minimums that so many whole points of a
    criterion fall short of, none where the list ends; ``after[(stars by points, cap)]``: stars after minimums;
    ``at[(level, stars)]``: the highest rank the level may recognise, and the level it forwards to.
    """

    top: int
    lowest: int
    by_points: tuple[int, ...]
    short: tuple[frozenset[int], ...]
    after: Mapping[tuple[int, int], int]
    at: Mapping[tuple[str, int], tuple[int, str]]

    @classmethod
    def of(cls, edition: Edition, fire: Fire) -> Ladder:
        """Infer every rung. The ends of bands and the minimums are whole points, so the whole part of a mean decides."""
        bands, minimums = band_program(edition), minimum_program(edition)
        award, recognition = award_program(edition), recognition_program(edition)
        top = max(b.stars for b in edition.bands)
        highest = int(max(b.interval.high or 0 for b in edition.bands))
        reached = [fire(bands, {TOTAL: points}) for points in range(highest + 1)]
        least = max((rule.then.needed for rule in minimums.rules if isinstance(rule.then, FallsShort)), default=0)
        short = [fire(minimums, {MINIMUM: points}) for points in range(least)]
        ranks = range(top + 1)
        after = {(r, c): fire(award, {REACHED: r, CAP: c}) for r in ranks for c in ranks}
        at = {(v.id, s): fire(recognition, {level(v.id): 1, AWARDED: s}) for v in edition.levels for s in ranks}
        return cls(
            top=top,
            lowest=min(stars for v in edition.levels for stars in v.recognises),
            by_points=tuple(max(c.stars for c in hit if isinstance(c, BandReached)) for hit in reached),
            short=tuple(frozenset(c.needed for c in hit if isinstance(c, FallsShort)) for hit in short),
            after={key: max((c.stars for c in hit if isinstance(c, Awarded)), default=0) for key, hit in after.items()},
            at={
                key: (
                    max((c.stars for c in hit if isinstance(c, Recognised)), default=0),
                    next((c.level for c in hit if isinstance(c, Forwarded)), ""),
                )
                for key, hit in at.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """A rulebook with everything that is prepared for it."""

    book: Rulebook
    forms: Mapping[tuple[str, str], Form]
    ladders: Mapping[str, Ladder]
    stated: Mapping[str, Mapping[tuple[str, object], FactValue]]
    """For each edition: a fact and its value as the contract carries it → the value, where the fact has a list of them."""
    kinds: Names
    levels: Mapping[str, Names]
    sets: Mapping[str, Names]
    choices: Mapping[tuple[str, str], Names]
    """For each edition and fact that is one of several words: their names."""
    settings: Kept = field(default_factory=Kept)

    @classmethod
    def of(cls, book: Rulebook, fire: Fire) -> Rules:
        """Prepare a rulebook."""
        editions = book.editions.values()
        return cls(
            book=book,
            forms={(e.id, s.slug): Form.of(e, s) for e in editions for s in e.sets.values()},
            ladders={e.id: Ladder.of(e, fire) for e in editions},
            stated={e.id: _stated(e) for e in editions},
            kinds=kind_names(editions),
            levels={e.id: level_names(e) for e in editions},
            sets={e.id: set_names(e) for e in editions},
            choices={
                (e.id, fact.id): Names(fact.choices.items())
                for e in editions
                for fact in e.facts.values()
                if fact.choices
            },
        )

    def with_edition(self, book: Rulebook, edition: Edition, product_set: ProductSet | None, fire: Fire) -> Rules:
        """These rules with one edition changed, and only what the change touches prepared anew.

        ``product_set``: the set that alone changed; without it all but the sets changed. Facts and names stay as they were.
        """
        forms, ladders = self.forms, self.ladders
        if product_set is not None:
            forms = {**forms, (edition.id, product_set.slug): Form.of(edition, product_set)}
        if product_set is None or minimum_program(edition) != minimum_program(self.book.editions[edition.id]):
            ladders = {**ladders, edition.id: Ladder.of(edition, fire)}
        return replace(self, book=book, forms=forms, ladders=ladders, settings=Kept())

    def other_forms(self, form: Form) -> dict[str, Form]:
        """The forms of the same product set in the other editions, by edition."""
        slug = form.product_set.slug
        found = {e.id: e.by_slug.get(slug) for e in self.book.editions.values() if e is not form.edition}
        return {edition: self.forms[edition, s.slug] for edition, s in found.items() if s}


def _stated(edition: Edition) -> dict[tuple[str, object], FactValue]:
    """Every value of the facts that have a list of them, as the contract carries it."""
    return {
        (fact.id, Stated(str(value), form)): value
        for fact in edition.facts.values()
        if not fact.kind.numeric
        for value in fact.kind.axis((), fact)
        for form in fact.kind.forms
    }
