"""Dossiers as dictionaries, in the shape of a dossier file, into the message of the contract."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from ocop.scoring.v1 import scoring_pb2 as pb

_YES = ("yes", "có", "true")
_NO = ("no", "không", "false")
_UNKNOWN = ("unknown", "chưa rõ", "")
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,10})(?:[.,](\d+))?\s*%?", re.ASCII)
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def dossier_from_dict(data: Mapping[str, Any]) -> pb.Dossier:
    """A ``Dossier`` message from the shape of a dossier file.

    A ``note`` is for people and is not sent. Dates may be ``date`` or text, facts ``bool``, ``int``, ``Decimal``, ``date`` or text, answers ``int`` or text.
    A sheet without ``kind`` is a council's, one without ``role`` a member's, as in files.

    Raises:
        TypeError: a ``float`` (floats are not exact; write ``Decimal("62.5")`` or ``"62.5"``) or a part of the wrong shape.
        ValueError: an unknown field.

    Example:
        >>> dossier = dossier_from_dict({
        ...     "product": {"name": "Mật ong rừng", "set": "honey"},
        ...     "application": {"kind": "first", "filed_on": "2026-06-01"},
        ...     "council": {"level": "province"},
        ...     "facts": {"forged_dossier": False, "local_labour_share": Decimal("62.5")},
        ...     "sheets": [{"assessor": "An", "answers": {"1.1": 3}}],
        ... })
        >>> dossier.facts["local_labour_share"].decimal, dossier.sheets[0].answers["1.1"]
        ('62.5', '3')
    """
    given = _mapping(data, "dossier")
    _known(given, (*(f.name for f in pb.Dossier.DESCRIPTOR.fields), "note"), "")
    message = pb.Dossier(id=_plain(given.get("id", ""), "id"), edition=_plain(given.get("edition", ""), "edition"))
    for name, value in _mapping(given.get("facts"), "facts").items():
        message.facts[str(name)].CopyFrom(fact_value(value, f"facts.{name}"))
    for part, target in (
        ("product", message.product),
        ("application", message.application),
        ("council", message.council),
    ):
        values = _mapping(given.get(part), part)
        _known(values, [f.name for f in target.DESCRIPTOR.fields], part)
        for name, value in values.items():
            _set(target, name, value, f"{part}.{name}")
    for index, sheet in enumerate(given.get("sheets") or ()):
        path = f"sheets[{index}]"
        values = _mapping(sheet, path)
        _known(values, [f.name for f in pb.Sheet.DESCRIPTOR.fields], path)
        added = message.sheets.add(
            kind=pb.SHEET_KIND_COUNCIL,
            role=pb.COUNCIL_ROLE_MEMBER,
            answers=_answers(values.get("answers"), f"{path}.answers"),
        )
        for name, value in values.items():
            if name != "answers":
                _set(added, name, value, f"{path}.{name}")
    return message


def fact_value(value: object, path: str = "") -> pb.FactValue:
    """A stated fact as the typed value it looks like.

    ``True`` or "yes", 14, ``Decimal("62.5")`` or "62,5%", a ``date`` or "2026-05-22", a word, ``None`` or "unknown".
    A text such as "1.250", a thousand and more to one reader and one and a quarter to another, is sent as it is: the service, which
    knows the fact, takes it as a percentage and refuses it as a measure, as it does in files.

    Raises:
        TypeError: a ``float`` or something that is no value.
    """
    if isinstance(value, bool):
        return pb.FactValue(yes_no=value)
    text = "unknown" if value is None else _plain(value, path)
    plain = text.strip().lower()
    if plain in _UNKNOWN:
        return pb.FactValue(unknown=pb.FactUnknown())
    if plain in _YES or plain in _NO:
        return pb.FactValue(yes_no=plain in _YES)
    if _DAY.fullmatch(plain):
        return pb.FactValue(date=plain)
    if isinstance(value, str) and _TWO_WAYS.fullmatch(plain):
        return pb.FactValue(choice=text)
    return _amount(plain) or pb.FactValue(choice=text)


def _amount(plain: str) -> pb.FactValue | None:
    number = _DECIMAL.fullmatch(plain)
    if _COUNT.fullmatch(plain):
        return pb.FactValue(count=int(plain))
    return pb.FactValue(decimal=f"{number[1]}.{number[2]}" if number[2] else number[1]) if number else None


def _answers(value: object, path: str) -> dict[str, str]:
    """Answers by criterion number, which is text: as a number, 1.10 would be 1.1."""
    answers: dict[str, str] = {}
    numbered: Mapping[Any, Any] = _mapping(value, path)
    for number, answer in numbered.items():
        if not isinstance(number, (str, int)) or isinstance(number, bool):
            raise TypeError(f'{path}: criterion number {number!r} must be text, such as "1.1"')
        if str(number) in answers:
            raise ValueError(f"{path}: criterion {number} is answered twice")
        answers[str(number)] = _plain(answer, f"{path}.{number}")
    return answers


def _set(target: Message, name: str, value: object, path: str) -> None:
    """Set a text, whole-number or enum field."""
    field = target.DESCRIPTOR.fields_by_name[name]
    if field.enum_type is not None:
        setattr(target, name, _number(field.enum_type, value, path))
    elif field.type == FieldDescriptor.TYPE_INT32:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{path}: expected a whole number, found {type(value).__name__}")
        setattr(target, name, value)
    else:
        setattr(target, name, _plain(value, path))


def _number(enum: Any, value: object, path: str) -> int:
    """The number of a word of an enum: ``help_team`` is SHEET_KIND_HELP_TEAM."""
    first, *others = enum.values
    prefix = first.name.removesuffix("UNSPECIFIED")
    words = {one.name.removeprefix(prefix).lower(): one.number for one in others}
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{path}: {value!r} is not known; known: {', '.join(words)}")
    return int(words[value])


def _plain(value: object, path: str) -> str:
    if isinstance(value, float):
        raise TypeError(f"{path}: {value!r} is a float, which is not exact; pass Decimal or text")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (str, int, dt.date)):
        return str(value)
    raise TypeError(f"{path}: expected text or a number, found {type(value).__name__}")


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"{path}: expected key-value pairs, found {type(value).__name__}")
    return value


def _known(values: Mapping[str, Any], names: Any, path: str) -> None:
    known = list(names)
    unknown = [str(k) for k in values if k not in known]
    if unknown:
        raise ValueError(f"{path or 'dossier'}: unknown field {', '.join(unknown)}; known here: {', '.join(known)}")
