"""The pages of the docs that show what the suites guard: the table stands between two marks and is made by a fresh run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from scoring_service.authoring.mutation import By
from scoring_service.telling.teller import Teller, teller

_TABLE = re.compile(r"(<!-- mutants: (\w+) -->\n).*?(<!-- /mutants -->)", re.DOTALL)
Row = tuple[str, str, Counter[By], float]
"""An edition, its digest, what noticed its mutants, and the seconds of the run."""


def page_of(page: str, rows: Sequence[Row]) -> str:
    """The page with the table of a run, in the language that its first mark names."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{_table(rows, teller(found[2]))}\n\n{found[3]}", page)


def _table(rows: Sequence[Row], to: Teller) -> str:
    words = to.words.words["mutation"]
    columns = [words[key] for key in ("edition", "mutants", *By, "seconds", "digest")]
    lines = [f"| {' | '.join(columns)} |", "|---" + "|--:" * (len(columns) - 2) + "|---|"]
    for edition, digest, counted, seconds in rows:
        numbers = [counted.total(), *(counted[by] for by in By), round(seconds)]
        lines.append(f"| {edition} | {' | '.join(map(to.number, numbers))} | `{digest}` |")
    return "\n".join(lines)
