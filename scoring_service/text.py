"""Words for people: bilingual text, and problems that say what is wrong, where, and what to do."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in Vietnamese and English."""

    vi: str
    en: str

    def format(self, **values: object) -> Text:
        """Fill ``{name}`` places in both languages; a ``Text`` value is filled in its own language."""
        return Text(
            self.vi.format(**{k: v.vi if isinstance(v, Text) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )

    def __add__(self, other: Text) -> Text:
        return Text(self.vi + other.vi, self.en + other.en)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: path as the reader would type it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    ``path`` is the field path (``sheets[0].answers.1.1``), ``position`` the place in a file where known,
    ``excerpt`` that line of the file. ``code`` is stable and never translated.
    """

    code: str
    message: Text
    path: str = ""
    position: Position | None = None
    excerpt: str = ""

    @property
    def where(self) -> str:
        """The most precise place known, for the head of a message."""
        return str(self.position) if self.position else self.path


MAX_PROBLEMS = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def nfc(text: str) -> str:
    """One Unicode form for comparison: ``đ`` typed in any way is the same ``đ``."""
    return unicodedata.normalize("NFC", text)


def parse_day(text: str) -> dt.date | None:
    """A real day written year-month-day, such as 2026-05-22; anything else is ``None``."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def not_a_day(text: str) -> Text:
    """What is wrong with such a text."""
    shown = shorten(text)
    return Text(
        f"'{shown}' không phải ngày có thật viết theo năm-tháng-ngày, ví dụ 2026-05-22.",
        f"'{shown}' is not a real date written year-month-day, such as 2026-05-22.",
    )


_FEW = 12


def enough(problems: list[Problem]) -> bool:
    """True once so many problems are noted that more would help nobody; the last one then says so."""
    if len(problems) < MAX_PROBLEMS:
        return False
    if problems[-1].code != "too-many":
        problems.append(
            Problem(
                "too-many",
                Text(
                    f"Còn lỗi khác; chỉ liệt kê {MAX_PROBLEMS} lỗi đầu.",
                    f"There is more; only the first {MAX_PROBLEMS} are listed.",
                ),
            )
        )
    return True


def shorten(given: str, limit: int = 60) -> str:
    """Foreign text for quoting in a message: cut when long, control characters made visible."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in given[: limit + 1])
    return clean if len(clean) <= limit else clean[:limit] + "…"


def did_you_mean(given: str, known: Iterable[str]) -> Text:
    """A closing sentence with the nearest known word, or with all of them when they are few."""
    words = list(known)
    near = difflib.get_close_matches(given[:100], words, n=1, cutoff=0.6)
    if near:
        return Text(f" Ý bạn là '{near[0]}'?", f" Did you mean '{near[0]}'?")
    if 0 < len(words) <= _FEW:
        listed = ", ".join(words)
        return Text(f" Có thể dùng: {listed}.", f" Known here: {listed}.")
    return Text("", "")
