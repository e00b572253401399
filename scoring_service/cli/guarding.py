"""The page of the docs that shows what the suites guard: its table stands between two marks and is made by a fresh run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scoring_service.authoring.mutation import By
from scoring_service.telling.teller import Teller

BEGIN, END = "<!-- ocop mutate -->", "<!-- /ocop mutate -->"
Row = tuple[str, str, Counter[By], float]
"""An edition, its digest, what noticed its mutants, and the seconds of the run."""


def page_of(page: str, rows: Sequence[Row], to: Teller) -> str:
    """The page with the table of a run; as it was without the marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return before + begin + "\n\n" + "\n".join(_table(rows, to)) + "\n\n" + end + after if begin and end else page


def _table(rows: Sequence[Row], to: Teller) -> list[str]:
    words = to.words.words["mutation"]
    columns = [words[key] for key in ("edition", "mutants", *By, "seconds", "digest")]
    lines = [f"| {' | '.join(columns)} |", "|---" + "|--:" * (len(columns) - 2) + "|---|"]
    for edition, digest, counted, seconds in rows:
        numbers = [counted.total(), *(counted[by] for by in By), round(seconds)]
        lines.append(f"| {edition} | {' | '.join(map(to.number, numbers))} | `{digest}` |")
    return lines
