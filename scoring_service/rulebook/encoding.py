"""The text of a rule file: UTF-8, or a guess at what it was saved as instead."""

from __future__ import annotations

import codecs
import unicodedata

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Letters that TCVN3 fonts (.VnTime) keep where Windows-1258 has other things: ă â đ ê ô ơ ư and the vowels with a tone.
_TCVN3 = frozenset(range(0xA8, 0xAF)) | frozenset(range(0xB5, 0xBF))
_ENOUGH = 0.4
_ASCII = 0x80


class EncodingError(Exception):
    """Bytes that are not UTF-8: probably in the encoding ``likely``, as seen first on ``line``."""

    def __init__(self, likely: str, line: int) -> None:
        super().__init__(likely)
        self.likely, self.line = likely, line


def decoded(data: bytes) -> str:
    """The text with one kind of line ends and without a byte order mark.

    Raises:
        EncodingError: it is not UTF-8.
    """
    if data.startswith(_UTF_16) or b"\0" in data:
        raise EncodingError("UTF-16", 1)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise EncodingError(_likely(data), data[: error.start].count(b"\n") + 1) from error


def _likely(data: bytes) -> str:
    high = [byte for byte in data if byte >= _ASCII]
    if sum(byte in _TCVN3 for byte in high) / len(high) >= _ENOUGH:
        return "TCVN3 (.VnTime)"
    text = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    vietnamese = sum(char in "đĐơƠưƯăĂ" or "\u1ea0" <= char <= "\u1ef9" for char in text)
    return "Windows-1258" if vietnamese else "Windows-1252"
