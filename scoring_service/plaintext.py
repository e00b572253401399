"""Foreign text: bounded before it is touched, brought to one Unicode form, compared as people compare names, quoted without harm."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Control, format (bidirectional overrides, zero-width), surrogate and private characters; line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Copied along from documents and chats; they show nothing and turn nothing around.
_HARMLESS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
# Letters and marks that show nothing, or a blank: fillers, joiners, selectors of a variant.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def nfc(text: str) -> str:
    """One Unicode form for comparison: ``đ`` typed in any way is the same ``đ``. Bound the text first: this is quadratic in its marks."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def unprintable(text: str) -> str:
    """The first character that could steer a terminal or turn a line around, as ``U+202E``; empty when there is none."""
    if text.isprintable():
        return ""
    found = next((c for c in text if c not in _HARMLESS and unicodedata.category(c) in _UNSEEN), "")
    return f"U+{ord(found):04X}" if found else ""


def cleaned(text: str) -> str:
    """A bounded text as it is kept: NFC, no zero-width characters, no blanks at its ends."""
    if not text.isprintable():
        text = "".join(c for c in text if c not in _HARMLESS)
    return nfc(text).strip()


def name_key(text: str) -> str:
    """What two spellings of one person's name have in common: case, kinds of blanks and unseen characters do not tell people apart."""
    plain = unicodedata.normalize("NFKC", text)
    seen = plain if plain.isprintable() else "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN)
    return " ".join(_BLANK.sub("", seen).casefold().split())


def shorten(given: str, limit: int = 60) -> str:
    """Foreign text for quoting in a message: cut when long, what cannot be seen made visible."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in given[: limit + 1])
    return clean if len(clean) <= limit else clean[:limit] + "…"


def visible(text: str) -> str:
    """Foreign text for a screen: whatever could steer a terminal or turn a line around is shown as a replacement character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def parse_day(text: str) -> dt.date | None:
    """A real day written year-month-day, such as 2026-05-22; anything else is ``None``."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
