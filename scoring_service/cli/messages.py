"""Small pieces of the messages in words, for the screens: points, stars, how a result ended, what is missing for the next rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.engine.findings import MinimumDivided, MinimumMissed, NotOfThisLevel, PointsShort
from scoring_service.engine.mean import misleads
from scoring_service.plaintext import visible
from scoring_service.telling.teller import Teller

MAX_STARS = 5
STYLE = {pb.ASSESSMENT_STATUS_SCORED: "green", pb.ASSESSMENT_STATUS_INCOMPLETE: "yellow"}
"""Of how it ended; all else is red."""
MINIMUMS = (MinimumMissed.code, MinimumDivided.code)


def headline(to: Teller, a: pb.Assessment) -> str:
    """How it ended: the rank where the product is ranked, else the status."""
    if a.stars.HasField("potential"):
        waits = "RANKED_MEANWHILE" if a.stars.recognisable else "RANKED_FORWARDED"
        return to.sentence(waits, stars=a.stars.potential)
    if a.HasField("stars"):
        elsewhere = any(f.code == NotOfThisLevel.code for f in a.findings)
        return to.sentence("RANKED_ELSEWHERE" if elsewhere else "RANKED", stars=a.stars.after_minimums)
    return to.word("status", word_of(pb.AssessmentStatus, a.status))


def missing_for_next(a: pb.Assessment) -> list[pb.Finding]:
    """What bars the next rank: points, and each minimum, where it fails by division in the words for that."""
    if not a.HasField("stars"):
        return []
    following = a.stars.after_minimums + 1
    found = [f for f in a.findings if f.code in (PointsShort.code, *MINIMUMS) and number_in(f, "stars") == following]
    divided = {criterion_of(f) for f in found if f.code == MinimumDivided.code}
    found = [f for f in found if f.code != MinimumMissed.code or criterion_of(f) not in divided]
    return sorted(found, key=lambda f: f.code != PointsShort.code)


def bullets(rows: Sequence[Styled]) -> Table:
    """A list whose lines hang together when they wrap."""
    grid = Table.grid(padding=(0, 1))
    for row in rows:
        grid.add_row(" •", row)
    return grid


def number(to: Teller, points: pb.Points, *, exact: bool) -> str:
    """Points for print; ``exact``: with the fraction they are, which also stands where they are printed as a whole number they are not."""
    if points.sheets == 1:
        return str(points.sum)
    said = decimal(to, points.text)
    shown = exact or misleads(points.sum, points.sheets, points.text)
    return f"{said} ({points.sum}/{points.sheets})" if shown else said


def decimal(to: Teller, text: str) -> str:
    """A printed number with the language's decimal mark."""
    return text.replace(".", to.words.decimal)


def say(text: Sequence[str]) -> str:
    """The words of a message, which hold one language."""
    return visible(text[0]) if text else ""


def starry(count: int) -> Styled:
    """Stars out of five."""
    return Styled("★" * count + "☆" * (MAX_STARS - count), "bold yellow")


def word_of(enum: Any, value: int) -> str:
    """A value of an enum as the word of its vocabulary: ASSESSMENT_STATUS_NO_QUORUM is ``no_quorum``."""
    prefix = enum.keys()[0].removesuffix("UNSPECIFIED")
    return str(enum.Name(value)).removeprefix(prefix).lower()


def number_in(finding: pb.Finding, name: str) -> int:
    return next(v.values[0].number for v in finding.values if v.id == name)


def criterion_of(finding: pb.Finding) -> str:
    return next((v.values[0].criterion for v in finding.values if v.id == "criterion"), "")
