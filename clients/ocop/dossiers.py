"""Dossiers as plain dictionaries, the shape of a dossier file, into messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from ocop.scoring.v1 import scoring_pb2 as pb


def dossier_from_dict(data: Mapping[str, Any]) -> pb.Dossier:
    """A ``Dossier`` message from the shape of a dossier file.

    A ``note`` is for people and is not sent. Dates may be ``date`` or text, facts ``bool``, ``int``, ``Decimal`` or text, answers ``int`` or text.

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
        >>> dossier.facts["local_labour_share"], dossier.sheets[0].answers["1.1"]
        ('62.5', '3')
    """
    _known(data, ("product", "application", "council", "facts", "sheets", "edition", "note"), "")
    message = pb.Dossier(
        facts={str(k): _plain(v, f"facts.{k}") for k, v in _mapping(data.get("facts"), "facts").items()},
        edition=_plain(data.get("edition", ""), "edition"),
    )
    for part, target in (
        ("product", message.product),
        ("application", message.application),
        ("council", message.council),
    ):
        values = _mapping(data.get(part), part)
        _known(values, [f.name for f in target.DESCRIPTOR.fields], part)
        for name, value in values.items():
            _set(target, name, value, f"{part}.{name}")
    for index, sheet in enumerate(data.get("sheets") or ()):
        path = f"sheets[{index}]"
        values = _mapping(sheet, path)
        _known(values, [f.name for f in pb.Sheet.DESCRIPTOR.fields], path)
        answers = _answers(values.get("answers"), f"{path}.answers")
        added = message.sheets.add(answers=answers)
        for name, value in values.items():
            if name == "kind":
                added.kind = _sheet_kind(value, f"{path}.kind")
            elif name != "answers":
                _set(added, name, value, f"{path}.{name}")
    return message


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
    """Set a text or whole-number field."""
    if target.DESCRIPTOR.fields_by_name[name].type == FieldDescriptor.TYPE_INT32:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{path}: expected a whole number, found {type(value).__name__}")
        setattr(target, name, value)
    else:
        setattr(target, name, _plain(value, path))


def _sheet_kind(value: object, path: str) -> pb.SheetKind.ValueType:
    kinds = {name.removeprefix("SHEET_KIND_").lower(): number for name, number in pb.SheetKind.items()}
    if not isinstance(value, str) or value not in kinds:
        raise ValueError(f"{path}: {value!r} is no kind of sheet; known: {', '.join(list(kinds)[1:])}")
    return kinds[value]


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
    unknown = [str(k) for k in values if k not in names]
    if unknown:
        raise ValueError(f"{path or 'dossier'}: unknown field {', '.join(unknown)}; known here: {', '.join(names)}")
