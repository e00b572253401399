"""Single values out: exact points, places, labels, whatever a finding or a problem names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.findings import PointsRead, StatedFact
from scoring_service.engine.mean import Mean, Rounded
from scoring_service.engine.verdict import points_of
from scoring_service.problems import Elsewhere, Position, Span, Suggestion
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.label import STATED, Basis, Label, Listed
from scoring_service.rulebook.model import Criterion, KnockOut, Level, Of, Option
from scoring_service.telling.teller import Teller, Told, teller


class Voice:
    """Says one thing in each language wanted, in their order."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.tellers = [teller(language) for language in languages]

    def say(self, how: Callable[[Teller], str]) -> list[str]:
        """One text for each language; nothing where there is nothing to say."""
        return [how(to) for to in self.tellers]

    def label(self, label: Label | None) -> list[str]:
        """A label of the rule files; nothing where it is empty."""
        return [label[language] for language in self.languages] if label else []

    def basis(self, basis: Basis) -> pb.Basis:
        """Whether the decision says it."""
        return _STATED if basis is STATED else _basis(basis, self.languages)


@lru_cache
def voice(languages: tuple[str, ...]) -> Voice:
    """The voice of these languages."""
    return Voice(languages)


def points(mean: Mean | None) -> pb.Points | None:
    """An exact mean, or nothing."""
    return None if mean is None else _points(mean)


def fraction(value: Fraction, decimals: int = 2) -> pb.Fraction:
    """Any other exact number."""
    return pb.Fraction(numerator=value.numerator, denominator=value.denominator, text=Rounded(value, decimals).text)


def read_points(key: str, mean: Mean) -> pb.ReadPoints:
    """A mean that a rule read, and of what."""
    subject = points_of(key)
    of = {"part" if subject.of is Of.PART else "criterion": subject.id}
    return pb.ReadPoints(**of, points=_points(mean))


def place(position: Position | None) -> pb.SourcePlace | None:
    """A place in the rule files, or nothing."""
    return None if position is None else _place(position)


def named_values(values: Mapping[str, object], say: Voice) -> list[pb.NamedValue]:
    """Typed values by their names; lists become several values, ``None`` none."""
    return [pb.NamedValue(id=name, values=_values(value, say)) for name, value in values.items()]


@lru_cache(maxsize=4096)
def _points(mean: Mean) -> pb.Points:
    return pb.Points(sum=mean.sum, sheets=mean.sheets, max=mean.max, text=mean.text)


@lru_cache(maxsize=16384)
def _place(position: Position) -> pb.SourcePlace:
    return pb.SourcePlace(file=position.file, line=position.line)


_STATED = pb.Basis(stated=True)


@lru_cache(maxsize=4096)
def _basis(basis: Basis, languages: tuple[str, ...]) -> pb.Basis:
    if basis.stated:
        return _STATED
    why = [text for text in (to.basis(basis) for to in voice(languages).tellers) if text]
    return pb.Basis(why=why, practice=basis.practice)


def _values(value: object, say: Voice) -> list[pb.Value]:
    if value is None:
        return []
    if isinstance(value, tuple):
        return [one for item in value for one in _values(item, say)]
    if isinstance(value, Label):
        return [pb.Value(label=pb.Label(text=say.label(value)))]
    if isinstance(value, Enum):
        return [pb.Value(word=str(value.value))]
    return [_VALUES[type(value)](value)]


def _range(interval: Interval) -> pb.Range:
    return pb.Range(
        low=None if interval.low is None else format(interval.low, "f"),
        high=None if interval.high is None else format(interval.high, "f"),
        low_included=interval.low_closed,
        high_included=interval.high_closed,
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


_VALUES: Mapping[type, Callable[[Any], pb.Value]] = {
    bool: lambda v: pb.Value(yes_no=v),
    int: lambda v: pb.Value(number=v),
    str: lambda v: pb.Value(text=v),
    Told: lambda v: pb.Value(text=v),
    Mean: lambda v: pb.Value(points=_points(v)),
    Fraction: lambda v: pb.Value(fraction=fraction(v)),
    Rounded: lambda v: pb.Value(fraction=fraction(v.exact, v.decimals)),
    Decimal: lambda v: pb.Value(text=format(v, "f")),
    dt.date: lambda v: pb.Value(day=v.isoformat()),
    Interval: lambda v: pb.Value(range=_range(v)),
    Criterion: lambda v: pb.Value(criterion=v.number),
    Option: lambda v: pb.Value(option=v.id),
    Listed: lambda v: pb.Value(option=v.id),
    Fact: lambda v: pb.Value(fact=v.id),
    StatedFact: lambda v: pb.Value(stated=pb.ReadFact(fact=v.fact.id, value=v.value)),
    PointsRead: lambda v: pb.Value(read=pb.ReadPoints(part=v.part.code if v.part else "", points=_points(v.points))),
    KnockOut: lambda v: pb.Value(knock_out=v.id),
    Level: lambda v: pb.Value(level=v.word),
    Position: lambda v: pb.Value(text=str(v)),
    Suggestion: lambda v: pb.Value(text=v.nearest),
    Elsewhere: lambda v: pb.Value(number=v.count),
    Span: lambda v: pb.Value(days=pb.DaySpan(first=_iso(v.first), last=_iso(v.last))),
}
