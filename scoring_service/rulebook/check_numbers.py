"""The printed numbers of a sheet: each once, none left out; and no criterion asked twice."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from scoring_service.plaintext import shorten
from scoring_service.problems import Position
from scoring_service.rulebook.forms_of_documents import LETTERS
from scoring_service.rulebook.model import ProductSet, Section
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader

_NUMBER = re.compile(r"\d+(?:\.\d+)*[^\W\d_]?\d*")
_PIECES = re.compile(r"\d+|[^\W\d_]|\W")
_Row = list[tuple[str, Position]]


def check_numbers(product_set: ProductSet, places: Places, reader: Reader, *, whole: bool) -> None:
    """Note every problem of the numbers of one sheet; holes only where the ``whole`` sheet could be read."""
    seen: dict[str, Position] = {}
    asked: dict[tuple[str, str, str], str] = {}
    for section in (s for part in product_set.parts for s in part.sections):
        for criterion in section.criteria:
            at = _place(product_set, criterion.number, criterion.position, places)
            if criterion.number in seen:
                reader.problem("NUMBER_REPEATED", at, number=criterion.number, set=product_set.number)
            seen[criterion.number] = at
            # What stands under another heading is asked of something else; across sections it is probably a slip.
            heading = criterion.group.name.vi if criterion.group else ""
            key, name = criterion.key, criterion.name.vi
            within = "" if criterion.is_section else section.number
            used = asked.setdefault((within, heading, key), criterion.number)
            called = asked.setdefault(("name", heading, name), criterion.number)
            if key and used != criterion.number:
                reader.problem("CRITERION_TWICE", at, number=criterion.number, other=used, key=key)
            elif name and called != criterion.number:
                reader.problem("CRITERION_SAME_NAME", at, number=criterion.number, other=called, name=shorten(name))
    if whole:
        kept = _kept(product_set)
        for row, heading in _rows(product_set):
            placed = [(number, _place(product_set, number, position, places)) for number, position in row]
            _check_row(placed, heading, kept, reader)


def _place(product_set: ProductSet, number: str, otherwise: Position, places: Places) -> Position:
    """The place of a row's number, where the set's own file has that row."""
    found = places.of(f"sets/{product_set.slug}", "sheet", number)
    return found if found.file == otherwise.file and abs(found.line - otherwise.line) <= 1 else otherwise


def _rows(product_set: ProductSet) -> Iterator[tuple[_Row, str]]:
    """Numbers that follow each other, with the number they stand under."""
    sections = [s for part in product_set.parts for s in part.sections]
    yield [(s.number, s.position) for s in sections], ""
    for section in sections:
        yield _beside(section), section.number
        for group in dict.fromkeys(c.group for c in section.criteria if c.group):
            members = [(c.number, c.position) for c in section.criteria if c.group == group]
            yield members, group.number


def _beside(section: Section) -> _Row:
    """What stands directly in a section: criteria and headings of groups."""
    row: dict[str, Position] = {}
    for criterion in (c for c in section.criteria if not c.is_section):
        group = criterion.group
        row.setdefault(*((group.number, group.position) if group else (criterion.number, criterion.position)))
    return list(row.items())


def _kept(product_set: ProductSet) -> frozenset[str]:
    """Every number that an oddity or a shortfall names: a hole of the print is kept, and said there by what is missing or lies around."""
    said = [*product_set.oddities, *(text for c in product_set.criteria() for text in c.oddities)]
    said += [one.reading for one in product_set.shortfalls]
    return frozenset(number for text in said for number in _NUMBER.findall(text.vi))


def _check_row(numbers: Sequence[tuple[str, Position]], heading: str, kept: frozenset[str], reader: Reader) -> None:
    """Numbers follow each other without a hole; the first one is the first there is."""
    if not numbers:
        return
    before = (_before(numbers[0][0], heading), numbers[0][1])
    for (one, _), (other, at) in itertools.pairwise([before, *numbers]):
        missing = _following(one)
        alike = _pieces(one)[:-1] == _pieces(other)[:-1]
        said = missing in kept or {one, other} <= kept
        if missing and alike and other not in (missing, one) and not said:
            reader.problem("NUMBER_HOLE", at, number=other, missing=missing)


def _before(number: str, heading: str) -> str:
    """What would stand before the first number of a row: 1.0 before 1.1, 0 before section 1; empty where nobody can say."""
    rest = number.removeprefix(heading)
    if not heading:
        return "0" if number.isdecimal() else ""
    return f"{heading}.0" if re.fullmatch(r"\.\d+", rest) else ""


def _pieces(number: str) -> list[str]:
    return _PIECES.findall(number)


def _following(number: str) -> str:
    """The next number: 1.9 → 1.10, 1d → 1đ; empty where nobody can say."""
    pieces = _pieces(number)
    if not pieces:
        return ""
    *before, last = pieces
    if last.isdecimal():
        return "".join((*before, str(int(last) + 1)))
    at = LETTERS.find(last)
    return "".join((*before, LETTERS[at + 1])) if 0 <= at < len(LETTERS) - 1 else ""
