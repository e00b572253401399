"""The table of a round: many results, one to a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.cli.messages import STYLE, criterion_of, headline, missing_for_next, number, say
from scoring_service.cli.result import Result
from scoring_service.engine.findings import PointsShort
from scoring_service.plaintext import visible
from scoring_service.telling.report import next_rank
from scoring_service.telling.teller import Teller, Told

_COUNTS = (pb.ASSESSMENT_STATUS_NO_QUORUM, pb.ASSESSMENT_STATUS_SCORE_AGAIN)
"""Not ranked, and yet the points were counted in full."""
_FILE, _PRODUCT, _LAST = 22, 24, 1000


class RoundTable:
    """The results of many dossiers, one to a line, in the order given."""

    def __init__(self, to: Teller) -> None:
        self._to, self._ended = to, Counter[tuple[int, str]]()
        self._table = Table(box=None, pad_edge=False, expand=True)
        self._table.add_column(to.screen("file"), no_wrap=True, width=_FILE)
        self._table.add_column(to.screen("product"), no_wrap=True, width=_PRODUCT)
        for word in ("total", "spread_short"):
            self._table.add_column(to.screen(word), justify="right", no_wrap=True, min_width=len(to.screen(word)))
        self._table.add_column(to.screen("stars"), no_wrap=True, min_width=len("5 / 5 / 5"))
        self._table.add_column("!", justify="right", no_wrap=True, min_width=1)
        self._table.add_column(to.screen("result"), no_wrap=True, ratio=1)

    def add(self, result: Result) -> None:
        """A result."""
        a, to, stars = result.message, self._to, result.message.stars
        status, ranked = headline(to, a), a.HasField("stars")
        self._ended[-stars.after_minimums if ranked else a.status, status] += 1
        counts = ranked or a.status in _COUNTS
        warnings = sum(f.severity == pb.SEVERITY_WARNING for f in a.findings)
        ranks = (stars.by_points, stars.after_minimums, stars.recognisable) if ranked else ()
        self._table.add_row(
            visible(result.file),
            visible(result.heading) + (" *" if a.provisional and ranked else ""),
            number(to, a.total, exact=False) if a.HasField("total") and counts else "–",
            str(a.council.spread) if len(a.council.members) > 1 and counts else "–",
            " / ".join(str(rank or "–") for rank in ranks) or "–",
            str(warnings or ""),
            Styled(self._lacks(a) or status) if ranked else self._said(status, _reason(a), STYLE.get(a.status, "red")),
        )

    def add_wrong(self, file: str, problems: int, first: str) -> None:
        """A file that could not be scored."""
        self._ended[_LAST, self._to.screen("wrong")] += 1
        said = self._to.sentence("PROBLEMS", count=problems)
        self._table.add_row(visible(file), "–", "–", "–", "–", "", self._said(said, visible(first), "red"))

    def blocks(self) -> Iterator[RenderableType]:
        """The table, and how many ended how, the highest rank first."""
        yield self._table
        counts = "; ".join(f"{word}: {count}" for (_, word), count in sorted(self._ended.items()))
        yield Styled(f"\n{self._to.screen('round')}: {counts}", "bold")
        yield Styled(self._to.screen("round_notes"), "dim")

    def _said(self, status: str, reason: str, style: str) -> Styled:
        """How it ended and why; a reason often begins with how it ended."""
        head = "" if reason.startswith(status) else f"{status}. " if reason else status
        return Styled.assemble((head, style), (reason, "" if head else style))

    def _lacks(self, a: pb.Assessment) -> str:
        """What a ranked product lacks for the next rank, in short; a forwarded one says where it is."""
        if a.stars.HasField("potential"):
            return ""
        missing = missing_for_next(a)
        points = [
            v.values[0].points for f in missing if f.code == PointsShort.code for v in f.values if v.id == "missing"
        ]
        short = Told(number(self._to, points[0], exact=False)) if points else None
        return next_rank(
            self._to, a.stars.after_minimums + 1, short, filter(None, map(criterion_of, missing)), "ROUND_LACKS"
        )


def _reason(a: pb.Assessment) -> str:
    """What decided first."""
    return next((say(f.text) for f in a.findings if f.severity == pb.SEVERITY_DECIDING), "")
