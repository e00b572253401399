"""Encoded messages as pieces of others.

Those of one kind, joined byte by byte, are one message with the fields of all of them. So what is the same in every answer is encoded
once, and an answer is put together by joining.
"""

from __future__ import annotations

_EMBEDDED = 2
_LOW, _MORE = 0x7F, 0x80


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
