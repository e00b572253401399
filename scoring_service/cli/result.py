"""One result as people read it at a terminal: what was decided, why, what is missing for the next rank, and then the rest.

By default only what an official or a producer acts on. With ``full`` also every criterion, places in the rule files, exact fractions,
practice, and what is good to know.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.findings import (
    DerivedDiffers,
    ForwardedUp,
    HeldBack,
    HeldByDivision,
    KnockOutOpen,
    MinimumDivided,
    MinimumMissed,
    NoSheetsOfKind,
    NotApplicableAnswered,
    NotOfThisLevel,
    PointsShort,
    PrintOdd,
    RecognisableHere,
    Remark,
    StarsByPoints,
)
from scoring_service.plaintext import visible
from scoring_service.telling.report import next_rank
from scoring_service.telling.teller import Teller, Told

MAX_STARS = 5
_STYLE = {pb.ASSESSMENT_STATUS_SCORED: "green", pb.ASSESSMENT_STATUS_INCOMPLETE: "yellow"}
_MINIMUMS = (MinimumMissed.code, MinimumDivided.code)
_DIVIDED_SAYS = (HeldBack.code,)
_REMARKS = (Remark.code, PrintOdd.code)
_OF_EACH_SHEET = (NotApplicableAnswered.code, DerivedDiffers.code)
_SHORT = (StarsByPoints.code, HeldBack.code, RecognisableHere.code, ForwardedUp.code, PointsShort.code)
"""Of these it is enough to say that they rest on a reading."""
_COUNTS = (pb.ASSESSMENT_STATUS_NO_QUORUM, pb.ASSESSMENT_STATUS_SCORE_AGAIN)
"""Not ranked, and yet the points were counted in full."""
_FILE, _PRODUCT, _LAST = 22, 24, 1000


@dataclass(frozen=True, slots=True)
class Result:
    """An assessment with what does not stand in it: how to head it, its file, the day of the decision, and whose sheets were counted."""

    message: pb.Assessment
    heading: str
    file: str = ""
    decided_on: dt.date | None = None
    by: SheetKind = SheetKind.COUNCIL


class ResultPanel:
    """One result in one language; the messages hold their words in that one."""

    def __init__(self, to: Teller, result: Result, *, full: bool) -> None:
        self._to, self._a, self._full, self._of = to, result.message, full, result
        self._read: set[str] = set()  # a reading is told once

    def panel(self) -> Panel:
        """Everything, in a frame."""
        a = self._a
        subtitle = f"{a.edition_choice.decision} · {say(a.product_set_name)} · {self._level()}"
        return Panel(
            Group(*self._blocks()),
            title=Styled(visible(self._of.heading), "bold"),
            subtitle=subtitle,
            title_align="left",
            subtitle_align="left",
        )

    def _blocks(self) -> Iterator[RenderableType]:
        a = self._a
        ranked, missing = a.HasField("stars"), missing_for_next(a)
        yield Styled(headline(self._to, a), f"bold {_STYLE.get(a.status, 'red')}")
        if self._of.by is not SheetKind.COUNCIL:
            kind = Told(self._to.word("sheet_kind", self._of.by).lower())
            yield Styled(self._to.sentence("BY_SHEETS", kind=kind), "yellow")
        if a.provisional and ranked:
            yield Styled(self._word("provisional"), "yellow")
        of = {severity: [f for f in a.findings if f.severity == severity] for severity in pb.Severity.values()}
        decided = of[pb.SEVERITY_DECIDING]
        told = {
            *(_MINIMUMS if missing else ()),
            *(_DIVIDED_SAYS if any(f.code == HeldByDivision.code for f in decided) else ()),
        }
        yield from self._findings("because", [f for f in decided if f.code not in told])
        if any(f.code == NoSheetsOfKind.code for f in decided) and self._of.by is SheetKind.COUNCIL:
            yield Styled(self._to.sentence("NO_COUNCIL_HINT"), "dim")
        if missing:
            stars = self._to.sentence("NEXT_RANK", stars=a.stars.after_minimums + 1)
            yield from self._findings(stars, missing, plainly=True)
        if ranked:
            yield from ("", self._stars())
        if a.HasField("total") and (ranked or self._full):
            yield from ("", self._parts())
        if len(a.council.members) > 1:
            yield from ("", self._members())
        yield from self._findings("look", of[pb.SEVERITY_WARNING])
        remarks = _REMARKS if self._full else (Remark.code,)
        yield from self._findings("remarks", [f for f in of[pb.SEVERITY_INFO] if f.code in remarks])
        yield from self._dates()
        yield Styled("\n" + say(a.edition_choice.why), "yellow" if a.edition_choice.asked else "dim")
        if self._full:
            silent = (*_REMARKS, *_MINIMUMS, PointsShort.code)
            yield from self._findings("also", [f for f in of[pb.SEVERITY_INFO] if f.code not in silent])
            yield from self._lines()

    def _findings(
        self, word: str, findings: Iterable[pb.Finding], *, plainly: bool = False
    ) -> Iterator[RenderableType]:
        """Findings below a heading; nothing where there are none. ``plainly``: the heading is a sentence, and no ground is given."""
        rows = [self._finding(f, others, plainly=plainly and not self._full) for f, others in self._gathered(findings)]
        if rows:
            yield Styled("\n" + (word if plainly else self._word(word)), "bold")
            yield bullets(rows)

    def _gathered(self, findings: Iterable[pb.Finding]) -> Iterator[tuple[pb.Finding, int]]:
        """Each finding, and on how many more sheets the same is true of the same criterion; with ``full`` each on its own."""
        same: dict[tuple[str, str], list[pb.Finding]] = {}
        for place, finding in enumerate(findings):
            once = not self._full and finding.code in _OF_EACH_SHEET
            same.setdefault((finding.code, _criterion(finding)) if once else ("", str(place)), []).append(finding)
        for first, *others in same.values():
            yield first, len(others)

    def _finding(self, finding: pb.Finding, others: int, *, plainly: bool) -> Styled:
        """The sentence, and below it what it rests on."""
        said = say(finding.text)
        if others:
            said = self._to.sentence("SAME_ON_OTHERS", text=Told(said), count=others)
        where = "; ".join(filter(None, self._ground(finding, plainly=plainly)))
        return Styled.assemble(said, (f"\n{where}" if where else "", "dim"))

    def _ground(self, finding: pb.Finding, *, plainly: bool) -> Iterator[str]:
        if plainly and (finding.basis.stated or finding.basis.practice):
            return
        if finding.code == KnockOutOpen.code and not self._full:
            return  # there may be many, and their sentence says enough
        if not plainly:
            yield finding.reference
        if self._full and finding.HasField("source"):
            yield f"{finding.source.file}:{finding.source.line}"
        why, said = say(finding.basis.why), say(finding.text)
        if finding.basis.stated or finding.code in _REMARKS:
            return
        if finding.basis.practice and not self._full:
            yield self._word("practice")
        elif why in said or (not self._full and (why in self._read or finding.code in _SHORT)):
            yield self._word("reading")
        else:
            self._read.add(why)
            yield f"{self._word('practice' if finding.basis.practice else 'reading')}: {why}"

    def _stars(self) -> Table:
        """The three lines, and the potential where there is one."""
        stars, grid = self._a.stars, Table.grid(padding=(0, 2))
        lines = [
            (self._word("by_points"), stars.by_points),
            (self._word("after_minimums"), stars.after_minimums),
            (self._to.sentence("LEVEL_LINE", level=self._level()), stars.recognisable),
        ]
        if stars.HasField("potential"):
            lines.append((self._word("potential"), stars.potential))
        for name, count in lines:
            grid.add_row(name, starry(count), str(count or "–"))
        return grid

    def _parts(self) -> Table:
        a, table = self._a, Table(box=None, pad_edge=False)
        for word in ("part", "points", "max"):
            table.add_column(self._word(word), justify="left" if word == "part" else "right")
        for part in a.parts:
            name = f"{part.code} {say(part.name)}"
            table.add_row(name, number(self._to, part.points, exact=self._full), str(part.points.max))
        total = number(self._to, a.total, exact=self._full)
        table.add_row(Styled(self._word("total"), "bold"), Styled(total, "bold"), str(a.total.max))
        return table

    def _members(self) -> Table:
        council, table = self._a.council, Table(box=None, pad_edge=False)
        mode = self._to.word("mode", word_of(pb.CouncilMode, council.mode))
        table.add_column(f"{say(council.name)} · {mode}")
        table.add_column(self._word("total"), justify="right")
        table.add_column(self._word("distance"), justify="right")
        for member in council.members:
            role = self._to.word("role", word_of(pb.CouncilRole, member.role))
            distance = decimal(self._to, member.distance.text)
            name = visible(member.assessor)
            # Many sheets name the role already: "Chủ tịch hội đồng (chủ tịch hội đồng)" says nothing.
            who = name if name.casefold().startswith(role.casefold()) else f"{name} ({role})"
            table.add_row(who, str(member.total), distance, style="yellow" if member.far else "")
        table.add_row(self._word("spread"), str(council.spread), "")
        return table

    def _dates(self) -> Iterator[RenderableType]:
        """The days to come; those before the decision are past."""
        past = self._of.decided_on if self._of.decided_on and not self._full else dt.date.min
        grid = Table.grid(padding=(0, 2))
        for note in self._a.dates:
            day = dt.date.fromisoformat(note.day)
            if day >= past:
                grid.add_row(f" {self._to.day(day)}", say(note.name), Styled(note.reference, "dim"))
        if grid.row_count:
            yield Styled("\n" + self._word("dates"), "bold")
            yield grid

    def _lines(self) -> Iterator[RenderableType]:
        """The sentence of each criterion below the heading of its part; yellow where a sheet leaves it open."""
        for part, of_part in groupby(self._a.lines, key=lambda line: line.sheet.part):
            yield Styled(f"\n{self._word('part')} {part}", "bold")
            yield bullets([Styled(say(line.text), "" if line.HasField("points") else "yellow") for line in of_part])

    def _level(self) -> str:
        return self._to.sentence("LEVEL", level=say(self._a.level_name))

    def _word(self, key: str) -> str:
        return self._to.screen(key)


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
            Styled(self._lacks(a) or status) if ranked else self._said(status, _reason(a), _STYLE.get(a.status, "red")),
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
            self._to, a.stars.after_minimums + 1, short, filter(None, map(_criterion, missing)), "ROUND_LACKS"
        )


def _reason(a: pb.Assessment) -> str:
    """What decided first."""
    return next((say(f.text) for f in a.findings if f.severity == pb.SEVERITY_DECIDING), "")


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
    found = [f for f in a.findings if f.code in (PointsShort.code, *_MINIMUMS) and _number(f, "stars") == following]
    divided = {_criterion(f) for f in found if f.code == MinimumDivided.code}
    found = [f for f in found if f.code != MinimumMissed.code or _criterion(f) not in divided]
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
    rounded = points.sum % points.sheets and not points.text.partition(".")[2].strip("0")
    return f"{said} ({points.sum}/{points.sheets})" if exact or rounded else said


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


def _number(finding: pb.Finding, name: str) -> int:
    return next(v.values[0].number for v in finding.values if v.id == name)


def _criterion(finding: pb.Finding) -> str:
    return next((v.values[0].criterion for v in finding.values if v.id == "criterion"), "")
