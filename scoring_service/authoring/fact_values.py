"""Values of facts that show where a rule begins and ends: both sides of an edge, one within a range, and how a file writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from scoring_service.rulebook.facts import LARGEST, PLACES, Fact, FactValue, Interval

Allowed = Interval | frozenset[str]
_FINEST = Decimal(1).scaleb(-PLACES)
_TWO_WAYS = re.compile(r"\d+\.\d{3}")


def step(fact: Fact) -> Decimal:
    """The smallest difference of two values of the fact, as rules compare them."""
    return Decimal(1) if fact.kind.whole else _FINEST


def beside(fact: Fact, end: Decimal) -> Iterator[FactValue]:
    """The values just below an end of a range, at it, and just above, as far as the fact can have them."""
    by = step(fact)
    for number in (end - by, end, end + by):
        value = value_of(fact, number)
        if value is not None:
            yield value


def value_of(fact: Fact, number: Decimal) -> FactValue | None:
    """The value that compares as ``number``; ``None`` where the fact cannot have it."""
    if not fact.kind.numeric:
        return next((word for word in fact.kind.axis((), fact) if fact.comparable(word) == number), None)
    if fact.kind.id == "date":
        return dt.date.fromordinal(int(number)) if number >= 1 else None
    return fact.parse(text_of(number)) if 0 <= number <= LARGEST else None


def within(fact: Fact, allowed: Allowed) -> FactValue | None:
    """A value of the fact that is allowed, plainly inside where there is one."""
    if isinstance(allowed, frozenset):
        return next((word for word in fact.kind.axis((), fact) if word in allowed), None)
    inside = [value for value in fact.kind.axis(allowed.ends, fact) if value in allowed]
    plain = [value for value in inside if fact.comparable(value) not in allowed.ends]
    return next(iter((*plain, *inside)), None)


def around(fact: Fact, allowed: Allowed) -> Iterator[FactValue]:
    """Every value at which a test of what is allowed may turn: words, or the last outside and the first inside at each end."""
    if isinstance(allowed, frozenset):
        yield from (word for word in fact.kind.axis((), fact) if word in allowed)
        return
    by = step(fact)
    sides = ((allowed.low, allowed.low_closed, -by), (allowed.high, allowed.high_closed, by))
    for end, closed, outwards in sides:
        for number in () if end is None else (end, end + (outwards if closed else -outwards)):
            value = value_of(fact, number)
            if value is not None:
                yield value


def text_of(value: FactValue) -> str:
    """A value as a file writes it, in no way that can be read as another number."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    text = format(value.normalize(), "f")
    return text + "0" if _TWO_WAYS.fullmatch(text) else text
