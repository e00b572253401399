"""Encoded messages as pieces of others.

Those of one kind, joined byte by byte, are one message with the fields of all of them. So what is the same in every answer is encoded
once, and an answer is put together by joining.
"""

from __future__ import annotations

from scoring_service.engine.kept import Kept
from scoring_service.engine.prepared import Form
from scoring_service.service.values import Voice

_EMBEDDED = 2
_LOW, _MORE = 0x7F, 0x80


class Pieces:
    """What was encoded for one form in some languages, by what it is."""

    def __init__(self) -> None:
        self.points, self.named, self.marks, self.findings, self.rest = Kept(), Kept(), Kept(), Kept(), Kept()
        self._lines: dict[tuple[object, ...], Kept] = {}

    def lines(self, *of: object) -> Kept:
        """Lines, or their parts, that share what ``of`` tells."""
        found = self._lines.get(of)
        return found if found is not None else self._lines.setdefault(of, Kept())


def kept_pieces(form: Form, say: Voice) -> Pieces:
    """The pieces of a form in these languages; they go when the rules do."""
    return form.kept("pieces").once(say.languages, Pieces)


def framed(number: int, data: bytes) -> bytes:
    """An encoded message as field ``number`` of another one."""
    return _varint(number << 3 | _EMBEDDED) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    """A whole number as protobuf writes it: seven bits to a byte, lowest first, with the high bit set where more follow."""
    if value <= _LOW:
        return bytes((value,))
    out = bytearray()
    while value > _LOW:
        out.append(value & _LOW | _MORE)
        value >>= 7
    out.append(value)
    return bytes(out)
