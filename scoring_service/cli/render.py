"""Comparisons, problems and sheets for people at a terminal, from the same messages a service caller gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.cli.messages import bullets, decimal, number, say, starry, word_of
from scoring_service.cli.result import Result, ResultPanel
from scoring_service.cli.shown import Shown
from scoring_service.plaintext import visible
from scoring_service.problems import Weight
from scoring_service.telling.teller import Teller

_STYLES = {Weight.ERROR: "bold red", Weight.WARNING: "yellow", Weight.HINT: "blue"}
_NARROWEST = 20
"""Less of a line shows nothing, however narrow the terminal."""


class Renderer:
    """Prints to a console in one language; the messages it prints hold their words in that one."""

    def __init__(self, console: Console, to: Teller) -> None:
        self._console, self._to = console, to

    def assessment(self, result: Result, *, full: bool) -> None:
        """One result."""
        self._console.print(ResultPanel(self._to, result, full=full).panel())

    def blocks(self, blocks: Iterable[RenderableType]) -> None:
        """What is made elsewhere."""
        for block in blocks:
            self._console.print(block)

    def comparison(self, c: pb.CompareResponse, titles: Sequence[str], products: Iterable[str]) -> None:
        """Two results side by side: the difference in words, then the criteria; below, what both have in common."""
        sides = [visible(title) for title in titles]
        head = Table("", *sides, box=None, pad_edge=False)
        for name in ("by_points", "after_minimums", "recognisable"):
            stars = [getattr(a.stars, name) if a.HasField("stars") else None for a in (c.left, c.right)]
            head.add_row(self._word(name), *("–" if n is None else starry(n) for n in stars))
        head.add_row(
            self._word("total"),
            *(number(self._to, a.total, exact=False) if a.HasField("total") else "–" for a in (c.left, c.right)),
        )
        lines = Table(box=None)
        lines.add_column(self._word("criterion"))
        for heading in (*sides, self._word("difference")):
            lines.add_column(heading, justify="right")
        for line in c.lines:
            numbers = " → ".join(dict.fromkeys(filter(None, (line.left_criterion, line.right_criterion))))
            same = not (line.left.sheets and line.right.sheets) or line.left.max == line.right.max
            points = (self._points(p, of_max=not same) for p in (line.left, line.right))
            by = self._difference(line.difference) if line.HasField("difference") and same else ""
            lines.add_row(f"{numbers} {say(line.name)}", *points, by)
        blocks: list[RenderableType] = [head]
        if c.reasons:
            blocks += ["", bullets([Styled(say(reason.text)) for reason in c.reasons])]
        if c.lines:
            blocks += ["", lines]
        title = Styled(say(c.summary), "bold")
        described = (
            (
                product,
                a.edition_choice.decision,
                say(a.product_set_name),
                self._to.sentence("LEVEL", level=say(a.level_name)),
            )
            for product, a in zip(products, (c.left, c.right), strict=True)
        )
        common = " · ".join(visible(one) for one, other in zip(*described, strict=True) if one == other and one)
        self._console.print(
            Panel(Group(*blocks), title=title, subtitle=common or None, title_align="left", subtitle_align="left")
        )

    def _points(self, points: pb.Points, *, of_max: bool) -> str:
        """Points of a side; with their maximum where the other side has another, for then a difference says nothing."""
        if not points.sheets:
            return "–"
        said = number(self._to, points, exact=False)
        return f"{said}/{points.max}" if of_max else said

    def _difference(self, by: pb.Fraction) -> str:
        nothing = not by.text.strip("-0.")  # printed, but there is a difference
        exact = f"{by.numerator}/{by.denominator}" if nothing else decimal(self._to, by.text)
        said = str(by.numerator) if by.denominator == 1 else exact
        return f"+{said}" if by.numerator > 0 else said

    def problems(self, problems: Iterable[Shown], heading: str, *, strict: bool | None = None) -> None:
        """Everything wrong with an input: place, what, the line itself.

        ``strict``: of rule files, where each problem says how bad it is and the last line counts; whether warnings fail too.
        """
        listed = list(problems)
        count = self._to.sentence("PROBLEMS", count=len(listed))
        self._console.print(
            Styled(visible(heading) if strict is not None else f"{visible(heading)}: {count}", "bold red")
        )
        for problem in listed:
            where = problem.where + (f" ({problem.path})" if problem.line and problem.path else "")
            weight = f"{self._to.word('weight', problem.weight)} " if strict is not None else ""
            said = ((f"  {visible(where)}  ", "cyan"), (weight, _STYLES[problem.weight]), (problem.code, "dim"))
            self._console.print(Styled.assemble(*said), soft_wrap=True)
            self._console.print(Padding(Styled(visible(problem.text)), (0, 0, 0, 4)))
            if problem.excerpt:
                self._excerpt(problem)
        if strict is not None:
            weights = Counter(problem.weight for problem in listed)
            code = "COUNTED_STRICT" if strict and weights[Weight.WARNING] else "COUNTED"
            counts = {f"{weight}s": weights[weight] for weight in Weight}
            places = sum(problem.places for problem in listed if problem.weight is Weight.ERROR)
            more = places if places > weights[Weight.ERROR] else 0
            self._console.print(self._to.sentence(code, places=more, **counts))

    def _excerpt(self, problem: Shown) -> None:
        """The line of the file, as much of it as fits beside its number with the place in it, and a caret below."""
        margin, line = f"    {problem.line} | ", visible(problem.excerpt).replace("\t", " ")
        room, at = max(_NARROWEST, self._console.width - len(margin)), problem.column - 1
        start = 0 if len(line) <= room else max(0, min(at - room // 2, len(line) - room))
        cut = line[start : start + room]
        if start:
            cut = "…" + cut[1:]
        if start + room < len(line):
            cut = cut[:-1] + "…"
        self._console.print(Styled(margin + cut), soft_wrap=True)
        blank = " " * (cell_len(margin[:-2]) - 1)
        self._console.print(Styled(f"{blank} | {' ' * cell_len(cut[: at - start])}^", "red"), soft_wrap=True)

    def sets(self, response: pb.ListProductSetsResponse) -> None:
        """The product sets of an edition."""
        table = Table("", self._word("set"), "", box=None)
        for s in response.product_sets:
            table.add_row(s.number, say(s.name), s.id)
        self._console.print(table)

    def sheet(self, sheet: pb.ScoreSheet) -> None:
        """One whole score sheet: options, minimums, what else applies, and the knock-outs."""
        title = f"{sheet.product_set.reference} – {say(sheet.product_set.name)}"
        table = Table(title=title, title_justify="left", show_lines=True)
        for word in ("criterion", "max", "options"):
            table.add_column(self._word(word))
        for part in sheet.parts:
            table.add_row(Styled(f"{part.code} {say(part.name)}", "bold"), str(part.max), "")
            for section in part.sections:
                if not any(c.is_section for c in section.criteria):
                    table.add_row(Styled(f"{section.number} {say(section.name)}", "bold"), str(section.max), "")
                for c in section.criteria:
                    table.add_row(f"{c.number} {say(c.name)}", str(c.max), self._criterion(c))
        self._console.print(table)
        if sheet.knock_outs:
            self._console.print(Styled(self._word("knock_outs"), "bold"))
        for out in sheet.knock_outs:
            parts = (f"{self._word('part')} {code}" for code in out.parts)
            reads = ", ".join((*out.facts, *out.criteria, *parts, *([self._word("total")] if out.total else [])))
            said = f"  • {self._to.word('effect', word_of(pb.Effect, out.effect))}: {say(out.name)}"
            self._console.print(Styled.assemble(said, (f"  {reads} · {out.reference}", "dim")), soft_wrap=True)

    def _criterion(self, c: pb.SheetCriterion) -> Styled:
        options = [c.none_met, *c.options] if c.HasField("none_met") else list(c.options)
        dim = [say(label.text) for label in (*c.notes, *c.oddities, *c.readings)]
        if c.HasField("only_if"):
            dim.append(f"{self._word('only_if')} {c.only_if.criterion} (≥ {c.only_if.at_least})")
        if c.derived_from:
            dim.append(f"{self._word('derived_from')}: {', '.join(c.derived_from)}")
        points = [o.points for o in options]
        lines = [self._option(o, several=points.count(o.points) > 1) for o in options]
        return Styled.assemble("\n".join(lines), *((f"\n{text}", "dim") for text in dim))

    def _option(self, option: pb.CriterionOption, *, several: bool) -> str:
        """Points, which is what people answer; with the id where ``several`` options have these points."""
        stars = "".join(f" [{self._word('stars_for')} {'★' * n}]" for n in option.minimum_for_stars)
        label = f"{option.id} = {option.points}" if several else str(option.points)
        return f"{label}: {say(option.name)}{stars}"

    def _word(self, key: str) -> str:
        return self._to.screen(key)
