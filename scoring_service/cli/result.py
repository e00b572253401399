"""One result as people read it at a terminal: what was decided, why, what is missing for the next rank, and then the rest.

By default only what an official or a producer acts on. With ``full`` also every criterion, places in the rule files, exact fractions,
practice, and what is good to know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.cli.messages import (
    MINIMUMS,
    STYLE,
    bullets,
    criterion_of,
    decimal,
    headline,
    missing_for_next,
    number,
    say,
    starry,
    word_of,
)
from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.findings import (
    DerivedDiffers,
    DifferOnPapers,
    FiledTooEarly,
    FiledTooLate,
    ForwardedUp,
    HeldBack,
    HeldByDivision,
    KnockOutOpen,
    NoSheetsOfKind,
    NotApplicableAnswered,
    PointsShort,
    PrintOdd,
    RecognisableHere,
    Remark,
    StarsByPoints,
    TermExceeded,
)
from scoring_service.plaintext import visible
from scoring_service.telling.teller import Teller, Told

_DIVIDED_SAYS = (HeldBack.code,)
_REMARKS = (Remark.code, PrintOdd.code)
_OF_EACH_SHEET = (NotApplicableAnswered.code, DerivedDiffers.code)
_SHORT = frozenset(
    one.code
    for one in (
        DifferOnPapers,
        FiledTooEarly,
        FiledTooLate,
        ForwardedUp,
        HeldBack,
        PointsShort,
        RecognisableHere,
        StarsByPoints,
        TermExceeded,
    )
)
"""Of these it is enough to say that they rest on a reading."""


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
        yield Styled(headline(self._to, a), f"bold {STYLE.get(a.status, 'red')}")
        if self._of.by is not SheetKind.COUNCIL:
            kind = Told(self._to.word("sheet_kind", self._of.by).lower())
            yield Styled(self._to.sentence("BY_SHEETS", kind=kind), "yellow")
        if a.provisional and ranked:
            yield Styled(self._word("provisional"), "yellow")
        of = {severity: [f for f in a.findings if f.severity == severity] for severity in pb.Severity.values()}
        decided = of[pb.SEVERITY_DECIDING]
        told = {
            *(MINIMUMS if missing else ()),
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
            silent = (*_REMARKS, *MINIMUMS, PointsShort.code)
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
            same.setdefault((finding.code, criterion_of(finding)) if once else ("", str(place)), []).append(finding)
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
            return
        if why in said or (not self._full and (why in self._read or finding.code in _SHORT)):
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
