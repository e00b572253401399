"""Every doubtful place of an edition: where the print is odd, where points are short, and what is our reading."""

from __future__ import annotations

from collections.abc import Iterator

from scoring_service.rulebook.model import Band, Basis, CalendarEntry, Edition, Level, ProductSet, Window
from scoring_service.text import Position, Text

_ODD = Text("bản in: ", "print: ")
_READING = Text("cách hiểu: ", "our reading: ")
_SHORT = Text("thiếu điểm: ", "shortfall: ")


def notes(edition: Edition) -> Iterator[tuple[Position, Text]]:
    """Place and sentence, in the order of the files."""
    for text in (*edition.readings.values(), *edition.remarks):
        yield edition.position, _READING + text
    based: list[Window | Band | Level | CalendarEntry]
    based = [*edition.windows, *edition.bands, *edition.levels, *edition.calendar]
    for rule in based:
        yield from _reading(rule.position, rule.basis)
    for council in edition.councils.values():
        yield council.position, _READING + council.practice
    for product_set in edition.sets.values():
        yield from _set_notes(product_set)


def _set_notes(product_set: ProductSet) -> Iterator[tuple[Position, Text]]:
    for text in product_set.oddities:
        yield product_set.position, _ODD + text
    for shortfall in product_set.shortfalls:
        yield shortfall.position, _SHORT + shortfall.reading
    for out in product_set.knock_outs:
        yield from _reading(out.position, out.basis)
    for criterion in product_set.criteria():
        for text in criterion.oddities:
            yield criterion.position, _ODD + text
        for minimum in criterion.minimums:
            yield from _reading(criterion.position, minimum.basis)
        for row in criterion.derive:
            if row.unclear:
                yield row.position, _ODD + row.unclear


def _reading(position: Position, basis: Basis) -> Iterator[tuple[Position, Text]]:
    if not basis.stated and basis.why:
        yield position, _READING + basis.why
