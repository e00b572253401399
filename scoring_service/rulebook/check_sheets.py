"""What a score sheet must satisfy: sums, numbers, references, derivations that cover everything, reachable stars, limits of inference."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.facts import Fact, FactValue, Interval
from scoring_service.rulebook.model import Criterion, Edition, OnlyIf, ProductSet, Section
from scoring_service.rulebook.read_conditions import NOWHERE
from scoring_service.rulebook.reader import Reader

_MAX_CASES = 200_000


def check_sheet(product_set: ProductSet, edition: Edition, reader: Reader, *, whole: bool) -> None:
    """Note every problem of one sheet in ``reader``; of its sums only where the ``whole`` sheet could be read."""
    if whole:
        _check_sums(product_set, edition, reader)
    for criterion in product_set.criteria():
        if criterion.options:
            _check_criterion(criterion, product_set, edition, reader)
    _check_circles(product_set, reader)


def _check_sums(product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    """Printed maxima equal the sums at every level, except where a shortfall of the print is declared.

    A maximum that fits what the ones within should be, or what they are, is not told beside the one within that is wrong.
    """
    places = {c.number for c in product_set.criteria()}
    missing = {s.at: s.points for s in product_set.shortfalls}

    def compare(
        where: str,
        at: str,
        printed: int,
        within: Sequence[tuple[int, int]],
        position: Position,
        criteria: Iterable[Criterion],
    ) -> int:
        """``within``: printed and real points of each; the real points of all, to which the ``criteria`` add up."""
        places.add(at)
        short = missing.get(at, 0)
        said, found = (sum(points) + short for points in zip(*within, strict=True)) if within else (short, short)
        if printed not in (said, found):
            number, culprit = at or product_set.number, _amended(criteria, edition)
            amount = said - short
            if culprit and position.folder != edition.position.folder:
                at = product_set.number
                reader.problem(
                    "SUM_AMENDED", culprit, set=at, where=where, number=number, printed=printed, found=amount
                )
            else:
                reader.problem("SUM", position, where=where, number=number, printed=printed, found=amount)
        return found

    parts = []
    for part in product_set.parts:
        sections = []
        for section in part.sections:
            real = section.max
            if not any(c.is_section for c in section.criteria):
                rows = [(points, points) for points in _rows_of(section, compare)]
                real = compare("section", section.number, section.max, rows, section.position, section.criteria)
            sections.append((section.max, real))
        parts.append((part.max, compare("part", part.code, part.max, sections, part.position, part.criteria())))
    compare("set", "", edition.total, parts, product_set.position, product_set.criteria())
    for shortfall in product_set.shortfalls:
        if shortfall.at not in places:
            reader.problem(
                "SHORTFALL",
                shortfall.position,
                set=product_set.number,
                at=shortfall.at,
                suggestion=Suggestion.of(shortfall.at, places),
            )


def _rows_of(section: Section, compare: Callable[..., int]) -> list[int]:
    """The points of what stands in a section; its groups are compared on the way."""
    for group in dict.fromkeys(c.group for c in section.criteria if c.group):
        members = [c for c in section.criteria if c.group == group]
        compare("group", group.number, group.max, [(c.max, c.max) for c in members], group.position, members)
    return [c.max for c in section.criteria]


def _amended(criteria: Iterable[Criterion], edition: Edition) -> Position | None:
    """What of some criteria the edition's own files state, the first of the rows or else of the options."""
    found = list(criteria)
    places = [c.position for c in found] + [o.position for c in found for o in c.options]
    return next((at for at in places if at.folder == edition.position.folder), None)


def _check_criterion(criterion: Criterion, product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    ids = [o.id for o in criterion.choices()]
    points = {o.points for o in criterion.choices()}
    last = -1
    for minimum in criterion.minimums:
        wrong = minimum.points not in points or minimum.points <= last
        if wrong:
            reader.problem(
                "MINIMUM", minimum.position, number=criterion.number, stars=minimum.stars, points=minimum.points
            )
        last = minimum.points
    if criterion.only_if:
        _check_only_if(criterion, criterion.only_if, product_set, reader)
    if criterion.derive and not any(allowed is NOWHERE for row in criterion.derive for _, allowed in row.when):
        _check_derive(criterion, ids, edition.facts, reader)


def _check_only_if(criterion: Criterion, rule: OnlyIf, product_set: ProductSet, reader: Reader) -> None:
    """The criterion it waits for is another one of the sheet, and can have so many points."""
    criteria = {c.number: c for c in product_set.criteria()}
    other = criteria.get(rule.criterion)
    if other is None or other is criterion:
        known = [number for number in criteria if number != criterion.number]
        meant = Suggestion.of(rule.criterion, known)
        reader.problem("ONLY_IF", rule.position, set=product_set.number, criterion=rule.criterion, suggestion=meant)
        return
    most = max((option.points for option in other.choices()), default=rule.at_least)
    if rule.at_least > most:
        at, number = rule.position, product_set.number
        reader.problem("ONLY_IF_NEVER", at, set=number, criterion=other.number, most=most, at_least=rule.at_least)


def _check_circles(product_set: ProductSet, reader: Reader) -> None:
    """Criteria that wait for each other, or for one further down that waits itself: sheets are gone through once, from the top."""
    waiting = {c.number: c.only_if for c in product_set.criteria() if c.only_if}
    order = [c.number for c in product_set.criteria()]
    for number, rule in waiting.items():
        way, at = [number], rule.position
        while way[-1] in waiting and (following := waiting[way[-1]].criterion) not in way:
            way.append(following)
        last = waiting[way[-1]].criterion if way[-1] in waiting else ""
        if last == number and len(way) > 1:
            if number == min(way, key=order.index):
                reader.problem("ONLY_IF_CIRCLE", at, set=product_set.number, way=" → ".join((*way, number)))
        elif rule.criterion in waiting and rule.criterion != number:
            other, beyond = rule.criterion, waiting[rule.criterion].criterion
            if order.index(other) > order.index(number):
                reader.problem("ONLY_IF_ORDER", at, number=number, other=other, last=beyond)
            elif order.index(other) < order.index(number):
                reader.problem("ONLY_IF_CHAIN", at, number=number, other=other, last=beyond)


def _check_derive(criterion: Criterion, option_ids: Sequence[str], facts: Mapping[str, Fact], reader: Reader) -> None:
    """Rows name known options; every possible combination of facts meets exactly one row."""
    for row in criterion.derive:
        if row.option and row.option not in option_ids:
            meant = Suggestion.of(row.option, option_ids)
            at, number = row.position, criterion.number
            reader.problem("DERIVE_OPTION", at, number=number, option=row.option, suggestion=meant)
    names = list(dict.fromkeys(name for row in criterion.derive for name, _ in row.when))
    axes = [
        _axis(facts[name], [allowed for row in criterion.derive for key, allowed in row.when if key == name])
        for name in names
    ]
    if math.prod(map(len, axes)) > _MAX_CASES:
        reader.problem("LIMIT_DERIVE", criterion.derive[0].position, number=criterion.number, limit=_MAX_CASES)
        return
    reached: set[Position] = set()
    for values in itertools.product(*axes):
        given = dict(zip(names, values, strict=True))
        rows = [row for row in criterion.derive if row.matches(given)]
        reached |= {row.position for row in rows}
        if len(rows) != 1:
            shown = tuple(f"{name} = {value}" for name, value in given.items())
            at = (rows[-1] if rows else criterion.derive[0]).position
            reader.problem("DERIVE_COVER", at, number=criterion.number, shown=shown, count=len(rows))
            return
    for row in criterion.derive:
        if row.position not in reached:
            reader.problem("DERIVE_NEVER", row.position, number=criterion.number)


def _axis(fact: Fact, allowed: Iterable[Interval | frozenset[str]]) -> list[FactValue]:
    ends = {end for a in allowed if isinstance(a, Interval) for end in a.ends}
    return fact.kind.axis(ends, fact)


def check_reachable(product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    """For each band there is a sheet that ends at exactly that many stars."""
    if sum(p.max for p in product_set.parts) != edition.total:
        return  # already reported
    for band in edition.bands:
        totals = 1  # bit n: a total of n points can be reached
        for criterion in product_set.criteria():
            least = max((m.points for m in criterion.minimums if m.stars <= band.stars), default=0)
            allowed = {o.points for o in criterion.choices() if least <= o.points <= edition.total}
            totals = reduce(operator.or_, (totals << points for points in allowed), 0)
        if not any(totals >> total & 1 and Decimal(total) in band.interval for total in range(edition.total + 1)):
            reader.problem("UNREACHABLE", product_set.position, set=product_set.number, stars=band.stars)
