"""Every doubtful place of an edition: where the print is odd, where points are short, and what is our reading."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from scoring_service.problems import Position
from scoring_service.rulebook.label import Basis, Label
from scoring_service.rulebook.model import Band, CalendarEntry, Edition, Level, ProductSet, Window


class Doubt(StrEnum):
    """What is doubtful about a place."""

    ODD = "odd"
    READING = "reading"
    SHORTFALL = "shortfall"


def doubts(edition: Edition) -> Iterator[tuple[Position, Doubt, Label]]:
    """Place, kind and text, in the order of the files."""
    for text in (*edition.readings.values(), *edition.remarks):
        yield edition.position, Doubt.READING, text
    yield from _reading(edition.position, edition.proving.basis)
    based: list[Window | Band | Level | CalendarEntry]
    based = [*edition.windows, *edition.bands, *edition.levels, *edition.calendar]
    for rule in based:
        yield from _reading(rule.position, rule.basis)
    for council in edition.councils.values():
        yield council.position, Doubt.READING, council.practice
    for product_set in edition.sets.values():
        yield from _of_set(product_set)


def _of_set(product_set: ProductSet) -> Iterator[tuple[Position, Doubt, Label]]:
    for text in product_set.oddities:
        yield product_set.position, Doubt.ODD, text
    for shortfall in product_set.shortfalls:
        yield shortfall.position, Doubt.SHORTFALL, shortfall.reading
    for out in product_set.knock_outs:
        yield from _reading(out.position, out.basis)
    for criterion in product_set.criteria():
        for text in criterion.oddities:
            yield criterion.position, Doubt.ODD, text
        for minimum in criterion.minimums:
            yield from _reading(minimum.position, minimum.basis)
        for row in criterion.derive:
            if row.unclear:
                yield row.position, Doubt.ODD, row.unclear


def _reading(position: Position, basis: Basis) -> Iterator[tuple[Position, Doubt, Label]]:
    if not basis.stated and basis.why:
        yield position, Doubt.READING, basis.why
