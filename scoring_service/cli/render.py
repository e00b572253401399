"""Results and sheets for people at a terminal, from the same messages a service caller gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.engine.findings import MinimumMissed, Remark
from scoring_service.plaintext import visible
from scoring_service.telling.teller import Teller

if TYPE_CHECKING:
    from scoring_service.cli.common import Shown

_STYLE = {pb.ASSESSMENT_STATUS_SCORED: "green", pb.ASSESSMENT_STATUS_INCOMPLETE: "yellow"}
# Remarks have their own heading; minimums of stars that the total does not reach would only make the list long.
_NOT_ALSO = frozenset({Remark.code, MinimumMissed.code})
MAX_STARS = 5
_BEFORE, _WIDEST = 80, 160


class Renderer:
    """Prints to a console in one language; the messages it prints hold their words in that one."""

    def __init__(self, console: Console, to: Teller) -> None:
        self._console, self._to = console, to

    def assessment(self, a: pb.Assessment, heading: str, *, full: bool) -> None:
        """One result: stars, subtotals, reasons, and the whole sheet when ``full``."""
        headline = self._to.word("status", _word(pb.AssessmentStatus, a.status))
        blocks: list[RenderableType] = [Styled(headline, f"bold {_STYLE.get(a.status, 'red')}")]
        if a.HasField("stars"):
            blocks += [self._stars(a.stars), ""]
        if a.HasField("total"):
            blocks.append(self._parts(a))
        if len(a.council.members) > 1:
            blocks += ["", self._members(a.council)]
        if a.provisional:
            blocks.append(Styled("\n" + self._word("provisional"), "yellow"))
        blocks.append(Styled("\n" + self._say(a.edition_choice.why), "yellow" if a.edition_choice.asked else "dim"))
        weighing = {severity: [f for f in a.findings if f.severity == severity] for severity in pb.Severity.values()}
        good_to_know = weighing[pb.SEVERITY_INFO]
        blocks += self._findings("because", weighing[pb.SEVERITY_DECIDING])
        blocks += self._findings("look", weighing[pb.SEVERITY_WARNING])
        blocks += self._findings("remarks", [f for f in good_to_know if f.code == Remark.code])
        if a.dates:
            blocks += [Styled("\n" + self._word("dates"), "bold"), self._dates(a.dates)]
        if full:
            blocks += self._findings("also", [f for f in good_to_know if f.code not in _NOT_ALSO])
            blocks += self._lines(a.lines)
        subtitle = f"{a.edition_choice.decision} · {self._say(a.product_set_name)}"
        self._console.print(
            Panel(
                Group(*blocks),
                title=Styled(visible(heading), "bold"),
                subtitle=subtitle,
                title_align="left",
                subtitle_align="left",
            )
        )

    def comparison(self, c: pb.CompareResponse, names: Sequence[str]) -> None:
        """Two results side by side: the difference in words, then the criteria."""
        head = Table(box=None, pad_edge=False)
        for heading in (
            "",
            *(
                f"{visible(name)} · {a.edition} · {self._say(a.level_name)}"
                for name, a in zip(names, (c.left, c.right), strict=True)
            ),
        ):
            head.add_column(heading)
        for name in ("by_points", "after_minimums", "recognisable"):
            stars = [getattr(a.stars, name) if a.HasField("stars") else None for a in (c.left, c.right)]
            head.add_row(self._word(name), *("–" if n is None else _starry(n) for n in stars))
        head.add_row(
            self._word("total"), *(self._number(a.total) if a.HasField("total") else "–" for a in (c.left, c.right))
        )
        lines = Table(box=None)
        for heading, justify in (("criterion", False), ("points", True), ("points", True), ("difference", True)):
            lines.add_column(self._word(heading), justify="right" if justify else "left")
        for line in c.lines:
            numbers = " → ".join(dict.fromkeys(filter(None, (line.left_criterion, line.right_criterion))))
            sides = (self._number(p) if p.sheets else "–" for p in (line.left, line.right))
            lines.add_row(
                f"{numbers} {self._say(line.name)}",
                *sides,
                self._decimal(line.difference.text) if line.HasField("difference") else "",
            )
        reasons = [Padding(f"• {self._say(reason.text)}", (0, 0, 0, 1)) for reason in c.reasons]
        blocks: list[RenderableType] = [head, "", *reasons]
        if c.lines:
            blocks += ["", lines]
        title = Styled(self._say(c.summary), "bold")
        self._console.print(Panel(Group(*blocks), title=title, title_align="left"))

    def problems(self, problems: Iterable[Shown], heading: str) -> None:
        """Everything wrong with an input: place, what, the line itself."""
        listed = list(problems)
        count = self._to.sentence("PROBLEMS", count=len(listed))
        self._console.print(Styled(f"{visible(heading)}: {count}", "bold red"))
        for problem in listed:
            where = problem.where + (f" ({problem.path})" if problem.line and problem.path else "")
            self._console.print(
                Styled.assemble((f"  {visible(where)}  ", "cyan"), (problem.code, "dim")), soft_wrap=True
            )
            self._console.print(Padding(Styled(visible(problem.text)), (0, 0, 0, 4)))
            if problem.excerpt:
                self._excerpt(problem)

    def _excerpt(self, problem: Shown) -> None:
        """The line of the file, as much of it as is needed to see the place, and a caret below."""
        number = str(problem.line)
        start = max(0, problem.column - _BEFORE)
        cut = visible(problem.excerpt[start : start + _WIDEST])
        more = "…" if start else ""
        self._console.print(Styled(f"    {number} | {more}{cut}"), soft_wrap=True)
        blank = " " * (len(number) + len(more) + problem.column - start - 1)
        self._console.print(Styled(f"    {blank[: len(number)]} | {blank[len(number) :]}^", "red"), soft_wrap=True)

    def sets(self, response: pb.ListProductSetsResponse) -> None:
        """The product sets of an edition."""
        table = Table("", self._word("set"), "", box=None)
        for s in response.product_sets:
            table.add_row(s.number, self._say(s.name), s.id)
        self._console.print(table)

    def sheet(self, sheet: pb.ScoreSheet) -> None:
        """One whole score sheet: options, minimums, what else applies, and the knock-outs."""
        title = f"{sheet.product_set.reference} – {self._say(sheet.product_set.name)}"
        table = Table(title=title, title_justify="left", show_lines=True)
        for word in ("criterion", "max", "options"):
            table.add_column(self._word(word))
        for part in sheet.parts:
            table.add_row(Styled(f"{part.code} {self._say(part.name)}", "bold"), str(part.max), "")
            for section in part.sections:
                if not any(c.is_section for c in section.criteria):
                    table.add_row(Styled(f"{section.number} {self._say(section.name)}", "bold"), str(section.max), "")
                for c in section.criteria:
                    table.add_row(f"{c.number} {self._say(c.name)}", str(c.max), self._criterion(c))
        self._console.print(table)
        if sheet.knock_outs:
            self._console.print(Styled(self._word("knock_outs"), "bold"))
        for out in sheet.knock_outs:
            reads = ", ".join((*out.facts, *out.criteria))
            said = f"  • {self._to.word('effect', _word(pb.Effect, out.effect))}: {self._say(out.name)}"
            self._console.print(Styled.assemble(said, (f"  {reads} · {out.reference}", "dim")), soft_wrap=True)

    def _criterion(self, c: pb.SheetCriterion) -> Styled:
        options = [c.none_met, *c.options] if c.HasField("none_met") else list(c.options)
        dim = [self._say(label.text) for label in (*c.notes, *c.oddities)]
        if c.HasField("only_if"):
            dim.append(f"{self._word('only_if')} {c.only_if.criterion} (≥ {c.only_if.at_least})")
        if c.derived_from:
            dim.append(f"{self._word('derived_from')}: {', '.join(c.derived_from)}")
        return Styled.assemble("\n".join(self._option(o) for o in options), *((f"\n{text}", "dim") for text in dim))

    def _option(self, option: pb.CriterionOption) -> str:
        stars = "".join(f" [{self._word('stars_for')} {'★' * n}]" for n in option.minimum_for_stars)
        label = option.id if option.id == str(option.points) else f"{option.id} = {option.points}"
        return f"{label}: {self._say(option.name)}{stars}"

    def _findings(self, word: str, findings: Iterable[pb.Finding]) -> list[RenderableType]:
        """Findings below a heading; nothing where there are none."""
        rows: list[RenderableType] = []
        for finding in findings:
            said, why = self._say(finding.text), self._say(finding.basis.why)
            reading = "" if finding.basis.stated or why in said else f"{self._word('reading')}: {why}"
            source = f"{finding.source.file}:{finding.source.line}" if finding.HasField("source") else ""
            where = "; ".join(filter(None, (finding.reference, source, reading)))
            rows.append(
                Padding(
                    Styled.assemble("• ", said, (f"\n  {where}" if where else "", "dim")),
                    (0, 0, 0, 1),
                )
            )
        return [Styled("\n" + self._word(word), "bold"), *rows] if rows else []

    def _stars(self, stars: pb.Stars) -> Table:
        """The three lines, and the potential where there is one."""
        grid = Table.grid(padding=(0, 2))
        for name in ("by_points", "after_minimums", "recognisable", "potential"):
            if stars.HasField(name):
                count = getattr(stars, name)
                grid.add_row(self._word(name), _starry(count), str(count or "–"))
        return grid

    def _parts(self, a: pb.Assessment) -> Table:
        table = Table(box=None, pad_edge=False)
        for word in ("part", "points", "max"):
            table.add_column(self._word(word), justify="left" if word == "part" else "right")
        for part in a.parts:
            table.add_row(f"{part.code} {self._say(part.name)}", self._number(part.points), str(part.points.max))
        bold = (Styled(text, "bold") for text in (self._word("total"), self._number(a.total)))
        table.add_row(*bold, str(a.total.max))
        return table

    def _members(self, council: pb.CouncilReport) -> Table:
        table = Table(box=None, pad_edge=False)
        mode = self._to.word("mode", _word(pb.CouncilMode, council.mode))
        table.add_column(f"{self._say(council.name)} · {mode}")
        table.add_column(self._word("total"), justify="right")
        table.add_column(self._word("distance"), justify="right")
        for member in council.members:
            style = "yellow" if member.far else ""
            table.add_row(
                f"{visible(member.assessor)} ({self._to.word('role', _word(pb.CouncilRole, member.role))})",
                str(member.total),
                self._decimal(member.distance.text),
                style=style,
            )
        table.add_row(self._word("spread"), str(council.spread), "")
        return table

    def _dates(self, dates: Iterable[pb.DateNote]) -> Table:
        table = Table.grid(padding=(0, 2))
        for note in dates:
            day = self._to.day(dt.date.fromisoformat(note.day))
            table.add_row(f" {day}", self._say(note.name), Styled(note.reference, "dim"))
        return table

    def _lines(self, lines: Iterable[pb.Line]) -> Iterator[RenderableType]:
        """The sentence of each criterion below the heading of its part; yellow where a sheet leaves it open."""
        for part, of_part in groupby(lines, key=lambda line: line.sheet.part):
            yield Styled(f"\n{self._word('part')} {part}", "bold")
            grid = Table.grid(padding=(0, 1))
            for line in of_part:
                grid.add_row(" •", self._say(line.text), style="" if line.HasField("points") else "yellow")
            yield grid

    def _number(self, points: pb.Points) -> str:
        if points.sheets == 1:
            return str(points.sum)
        return f"{self._decimal(points.text)} ({points.sum}/{points.sheets})"

    def _decimal(self, text: str) -> str:
        return text.replace(".", self._to.words.decimal)

    def _word(self, key: str) -> str:
        return self._to.screen(key)

    def _say(self, text: Sequence[str]) -> str:
        """The words of a message, which hold one language."""
        return visible(text[0]) if text else ""


def _word(enum: Any, number: int) -> str:
    """A value of an enum as the word of its vocabulary: ASSESSMENT_STATUS_NO_QUORUM is ``no_quorum``."""
    prefix = enum.keys()[0].removesuffix("UNSPECIFIED")
    return str(enum.Name(number)).removeprefix(prefix).lower()


def _starry(count: int) -> Styled:
    return Styled("★" * count + "☆" * (MAX_STARS - count), "bold yellow")
