"""What a score sheet must satisfy: sums, numbers, references, derivations that cover everything, reachable stars, limits of inference."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.facts import Fact, FactValue, Interval
from scoring_service.rulebook.model import Criterion, Edition, Of, ProductSet
from scoring_service.rulebook.reader import Reader

# durable_rules: 64 matches of one message end in error 303, the 17th conjunct in error 304. One place is kept for the catch-all.
MAX_RULES = 60
MAX_CONJUNCTS = 15


def check_sheet(product_set: ProductSet, edition: Edition, reader: Reader, *, sums: bool) -> None:
    """Note every problem of one sheet in ``reader``; without ``sums`` where parts of it could not be read."""
    if sums:
        _check_sums(product_set, edition, reader)
    _check_numbers(product_set, reader)
    for criterion in product_set.criteria():
        if criterion.options:
            _check_criterion(criterion, product_set, edition, reader)
    _check_knock_outs(product_set, reader)
    if sums:
        _check_reachable(product_set, edition, reader)


def _check_sums(product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    """Printed maxima equal the sums at every level, except where a shortfall of the print is declared."""
    places = {c.number for c in product_set.criteria()}
    missing = {s.at: s.points for s in product_set.shortfalls}

    def compare(where: str, at: str, printed: int, found: int, position: Position) -> None:
        places.add(at)
        if printed != found + missing.get(at, 0):
            reader.problem("SUM", position, where=where, number=at or product_set.number, printed=printed, found=found)

    for part in product_set.parts:
        for section in part.sections:
            at = section.criteria[0].position if section.criteria else product_set.position
            if not any(c.is_section for c in section.criteria):
                total = sum(c.max for c in section.criteria)
                compare("section", section.number, section.max, total, at)
            for group in dict.fromkeys(c.group for c in section.criteria if c.group):
                members = [c for c in section.criteria if c.group == group]
                compare("group", group.number, group.max, sum(c.max for c in members), members[0].position)
        compare("part", part.code, part.max, sum(s.max for s in part.sections), product_set.position)
    compare("set", "", edition.total, sum(p.max for p in product_set.parts), product_set.position)
    for shortfall in product_set.shortfalls:
        if shortfall.at not in places:
            reader.problem(
                "SHORTFALL",
                shortfall.position,
                set=product_set.number,
                at=shortfall.at,
                suggestion=Suggestion.of(shortfall.at, places),
            )


def _check_numbers(product_set: ProductSet, reader: Reader) -> None:
    seen: set[str] = set()
    for part in product_set.parts:
        for section in part.sections:
            for criterion in section.criteria:
                if criterion.number in seen:
                    reader.problem(
                        "NUMBER_REPEATED", criterion.position, number=criterion.number, set=product_set.number
                    )
                seen.add(criterion.number)


def _check_criterion(criterion: Criterion, product_set: ProductSet, edition: Edition, reader: Reader) -> None:
    ids = [o.id for o in criterion.choices()]
    points = {o.points for o in criterion.choices()}
    last = -1
    for minimum in criterion.minimums:
        if (
            minimum.points not in points
            or minimum.points <= last
            or minimum.stars not in {b.stars for b in edition.bands}
        ):
            reader.problem(
                "MINIMUM", minimum.position, number=criterion.number, stars=minimum.stars, points=minimum.points
            )
        last = minimum.points
    if criterion.only_if:
        other = next((c for c in product_set.criteria() if c.number == criterion.only_if.criterion), None)
        if other is None or other.number == criterion.number:
            reader.problem(
                "ONLY_IF", criterion.only_if.position, set=product_set.number, criterion=criterion.only_if.criterion
            )
    if criterion.derive:
        _check_derive(criterion, ids, edition.facts, reader)


def _check_derive(criterion: Criterion, option_ids: Sequence[str], facts: Mapping[str, Fact], reader: Reader) -> None:
    """Rows name known options; every possible combination of facts meets exactly one row."""
    for row in criterion.derive:
        if row.option and row.option not in option_ids:
            reader.problem(
                "DERIVE_OPTION",
                row.position,
                number=criterion.number,
                option=row.option,
                suggestion=Suggestion.of(row.option, option_ids),
            )
    names = list(dict.fromkeys(name for row in criterion.derive for name, _ in row.when))
    axes = [
        _axis(facts[name], [allowed for row in criterion.derive for key, allowed in row.when if key == name])
        for name in names
    ]
    for values in itertools.product(*axes):
        given = dict(zip(names, values, strict=True))
        rows = [row for row in criterion.derive if row.matches(given)]
        if len(rows) != 1:
            shown = tuple(f"{name} = {value}" for name, value in given.items())
            at = (rows[-1] if rows else criterion.derive[0]).position
            reader.problem("DERIVE_COVER", at, number=criterion.number, shown=shown, count=len(rows))
            return


def _axis(fact: Fact, allowed: Iterable[Interval | frozenset[str]]) -> list[FactValue]:
    ends = {end for a in allowed if isinstance(a, Interval) for end in (a.low, a.high) if end is not None}
    return fact.kind.axis(ends, fact)


def _check_knock_outs(product_set: ProductSet, reader: Reader) -> None:
    numbers = dict.fromkeys(c.number for c in product_set.criteria())
    parts = dict.fromkeys(part.code for part in product_set.parts)
    for out in product_set.knock_outs:
        for test in (t for tests in out.when.any_of for t in tests):
            of, name = test.subject
            if of is Of.CRITERION and name not in numbers:
                reader.problem(
                    "KNOCK_OUT_CRITERION",
                    out.position,
                    set=product_set.number,
                    name=name,
                    knock_out=out.id,
                    suggestion=Suggestion.of(name, numbers),
                )
            if of is Of.PART and name not in parts:
                reader.problem(
                    "KNOCK_OUT_PART",
                    out.position,
                    set=product_set.number,
                    name=name,
                    knock_out=out.id,
                    suggestion=Suggestion.of(name, parts),
                )
        if any(len(tests) > MAX_CONJUNCTS for tests in out.when.any_of):
            reader.problem("LIMIT_CONJUNCTS", out.position, knock_out=out.id, limit=MAX_CONJUNCTS)
    rules = sum(len(out.when.any_of) for out in product_set.knock_outs)
    if rules > MAX_RULES:
        reader.problem("LIMIT_RULES", product_set.position, set=product_set.number, rules=rules, limit=MAX_RULES)


def _check_reachable(product_set: ProductSet, edition: Edition, reader: Reader) -> None:
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
