"""The verdict out: one mapper from its dataclasses to the messages of the same shape, with the few exceptions named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from google.protobuf.message import Message
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.case import Case
from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.mean import Mean, half_up
from scoring_service.engine.prepared import Origin
from scoring_service.engine.verdict import VERSION, Status, Verdict, Voted
from scoring_service.problems import Position
from scoring_service.rulebook.model import Effect, Mode, Role
from scoring_service.service.values import read_points

_Word = TypeVar("_Word", bound=StrEnum)


def enum_numbers(enum: Any, words: type[_Word]) -> Mapping[_Word, Any]:
    """The number of each word in an enum of the contract: ``help_team`` → ``SHEET_KIND_HELP_TEAM``."""
    prefix = enum.keys()[0].removesuffix("UNSPECIFIED")
    return {word: enum.Value(f"{prefix}{word.name}") for word in words}


STATUS = enum_numbers(pb.AssessmentStatus, Status)
SHEET_KIND = enum_numbers(pb.SheetKind, SheetKind)
ROLE = enum_numbers(pb.CouncilRole, Role)
MODE = enum_numbers(pb.CouncilMode, Mode)
ORIGIN = enum_numbers(pb.MarkOrigin, Origin)
EFFECT = enum_numbers(pb.Effect, Effect)
_NUMBERS: Mapping[str, Mapping[Any, Any]] = {
    "AssessmentStatus": STATUS,
    "SheetKind": SHEET_KIND,
    "CouncilRole": ROLE,
    "CouncilMode": MODE,
    "MarkOrigin": ORIGIN,
    "Effect": EFFECT,
}


def verdict_to_pb(case: Case, verdict: Verdict) -> pb.Verdict:
    """The message of a verdict."""
    message = pb.Verdict(version=VERSION, fingerprint=verdict.fingerprint())
    numbers = [criterion.number for criterion in case.form.criteria]
    _fill(message, verdict, skip=("sheets", "sums", "parts"))
    for voted in verdict.sheets:
        _voted(message.sheets.add(), voted, numbers)
    for number, total in zip(numbers, verdict.sums, strict=True):
        message.sums.add(criterion=number, sum=total)
    for part, total in zip(case.form.product_set.parts, verdict.parts, strict=False):
        message.parts.add(code=part.code, sum=total)
    return message


def _voted(message: pb.VotedSheet, voted: Voted, numbers: list[str]) -> None:
    _fill(message, voted, skip=("marks",))
    for number, mark in zip(numbers, voted.marks, strict=True):
        if mark is not None:
            message.marks.add(criterion=number, option=mark.option, points=mark.points, origin=ORIGIN[mark.origin])


def _fill(message: Message, source: Any, skip: Iterable[str] = ()) -> None:
    """Every field of ``source`` into the field of the same name."""
    known = message.DESCRIPTOR.fields_by_name
    for one in fields(source):
        if one.name not in skip:
            _set(message, known[one.name], getattr(source, one.name))


def _set(message: Message, to: Any, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, tuple):
        target = getattr(message, to.name)
        for item in value:
            if to.message_type:
                _message(target.add(), item)
            else:
                target.append(_plain(item))
    elif to.message_type:
        target = getattr(message, to.name)
        target.SetInParent()
        _message(target, value)
    else:
        setattr(message, to.name, _NUMBERS[to.enum_type.name][value] if to.enum_type else _plain(value))


def _message(target: Any, value: Any) -> None:
    if isinstance(value, Position):
        target.file, target.line = value.file, value.line
    elif isinstance(value, Fraction | int):  # a mean that is whole is kept as a whole number
        target.numerator, target.denominator = value.numerator, value.denominator
        target.text = half_up(Fraction(value))
    elif isinstance(value, Mean):
        target.sum, target.sheets, target.max, target.text = value.sum, value.sheets, value.max, value.text
    elif is_dataclass(value):
        _fill(target, value)
    elif isinstance(target, pb.ReadPoints):
        target.CopyFrom(read_points(*value))
    else:  # a pair: a fact and its value
        target.fact, target.value = value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
