"""Foreign text: bounded before it is touched, brought to one Unicode form, compared as people compare names, quoted without harm."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Three numbers with whatever stands around them, the day first or the year first.
_DAY_FIRST = re.compile(r"\D*(?P<d>\d{1,2})\D+(?P<m>\d{1,2})\D+(?P<y>\d{4})\D*", re.ASCII)
_YEAR_FIRST = re.compile(r"\D*(?P<y>\d{4})\D+(?P<m>\d{1,2})\D+(?P<d>\d{1,2})\D*", re.ASCII)
# Control, format (bidirectional overrides, zero-width), surrogate and private characters; line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Copied along from documents and chats; they show nothing and turn nothing around.
_HARMLESS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
# The marks of the tones of Vietnamese: they are written above one vowel or the next, and the word is the same.
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile("[\\w\u0300-\u036f]+")
_MARKS = re.compile("[\u0300-\u036f]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_AROUND = re.compile(r"^[\W_]+|(?<![\W_])[\W_]+$")
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


def word_key(text: str) -> str:
    """What two spellings of one word or name have in common: case, blanks, dashes, what stands around it, and where a tone is written.

    ``Ủy viên`` and ``uỷ  viên.`` are one. The key is for comparison only.
    """
    plain = _DASHES.sub("-", _AROUND.sub("", name_key(text)))
    return _WORD.sub(_tones_last, unicodedata.normalize("NFD", plain))


def _tones_last(word: re.Match[str]) -> str:
    return _TONES.sub("", word[0]) + "".join(_TONES.findall(word[0]))


def words_of(key: str) -> str:
    """The words of a key without what stands between them, each with a blank on both sides."""
    return f" {' '.join(_WORD.findall(key))} "


def bare_words(key: str) -> str:
    """The words of a key without marks and without what stands between them, each with a blank on both sides; for guesses only."""
    return f" {' '.join(_WORD.findall(_MARKS.sub('', key).replace('đ', 'd')))} "


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


def meant_day(text: str) -> dt.date | None:
    """The real day that a text most likely names when it is not written year-month-day: ``12/8/2026`` is in August, as Vietnam writes it."""
    found = _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    try:
        return dt.date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        return None
