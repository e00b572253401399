"""Results and sheets for people at a terminal, from the same messages a service caller gets."""

from __future__ import annotations

from collections.abc import Iterable

from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from scoring_service.engine.assessment import Status
from scoring_service.engine.sentences import KNOCK_OUTS, STATUS
from scoring_service.rulebook.model import Effect
from scoring_service.text import Problem, Text

_WORDS = {
    "by_points": Text("Theo điểm", "By points"),
    "after_minimums": Text("Sau yêu cầu tối thiểu", "After minimums"),
    "recognisable": Text("Cấp này được công nhận", "This level may recognise"),
    "potential": Text("Tiềm năng, gửi cấp trên", "Potential, forwarded"),
    "because": Text("Vì sao", "Why"),
    "meeting": Text("họp", "meeting"),
    "written": Text("lấy ý kiến bằng văn bản", "written opinion"),
    "chair": Text("chủ tịch", "chair"),
    "deputy": Text("phó chủ tịch", "deputy"),
    "member": Text("thành viên", "member"),
    "secretary": Text("thư ký", "secretary"),
    "also": Text("Ngoài ra", "Also"),
    "difference": Text("Chênh", "Difference"),
    "distance": Text("Cách TB", "From mean"),
    "spread": Text("Chênh lệch", "Spread"),
    "dates": Text("Mốc thời gian", "Dates"),
    "remarks": Text("Lưu ý về bộ tiêu chí", "About this edition"),
    "look": Text("Cần xem lại", "To look at"),
    "set": Text("Bộ", "Set"),
    "part": Text("Phần", "Part"),
    "points": Text("Điểm", "Points"),
    "max": Text("Tối đa", "Maximum"),
    "criterion": Text("Tiêu chí", "Criterion"),
    "chosen": Text("Mức được chọn", "Chosen option"),
    "total": Text("Tổng", "Total"),
    "reading": Text("cách hiểu", "our reading"),
    "provisional": Text(
        "Kết quả tạm thời: có điều kiện loại chưa được xác nhận", "Provisional: a knock-out is not confirmed either way"
    ),
    "stars_for": Text("tối thiểu", "minimum for"),
    "knock_outs": Text("Điều kiện loại", "Knock-outs"),
    "only_if": Text("chỉ áp dụng khi có điểm ở", "applies only with points on"),
    "derived_from": Text("suy ra được từ", "can be derived from"),
    "options": Text("Các mức", "Options"),
}
_STYLE = {pb.STATUS_SCORED: "green", pb.STATUS_INCOMPLETE: "yellow"}
MAX_STARS = 5


class Renderer:
    """Prints to a console in one language (``vi`` or ``en``)."""

    def __init__(self, console: Console, language: str) -> None:
        self._console, self._language = console, language

    def assessment(self, a: pb.Assessment, heading: str, *, full: bool) -> None:
        """One result: stars, subtotals, reasons, and the whole sheet when ``full``."""
        status = STATUS[Status(pb.Status.Name(a.status).removeprefix("STATUS_").lower())]
        headline = self._pick(status.vi, status.en)
        blocks: list[RenderableType] = [Styled(headline, f"bold {_STYLE.get(a.status, 'red')}")]
        if a.HasField("total"):
            blocks += [self._stars(a), "", self._parts(a)]
        if len(a.council.members) > 1:
            blocks += ["", self._members(a.council)]
        if a.provisional:
            blocks.append(Styled("\n" + self._word("provisional"), "yellow"))
        blocks.append(Styled("\n" + self._say(a.edition_choice.why), "yellow" if a.edition_choice.asked else "dim"))
        blocks += self._findings(a, pb.SEVERITY_DECIDING, "because")
        blocks += self._findings(a, pb.SEVERITY_WARNING, "look")
        blocks += self._findings(a, pb.SEVERITY_INFO, "remarks", only="remark")
        if a.dates:
            blocks += [Styled("\n" + self._word("dates"), "bold"), self._dates(a.dates)]
        if full:
            blocks += self._findings(a, pb.SEVERITY_INFO, "also", skip=("remark", "minimum"))
            blocks += ["", self._lines(a.lines)]
        subtitle = f"{a.edition_choice.decision} · {self._word('set')} {a.product.set} {self._say(a.product_set_name)}"
        self._console.print(
            Panel(
                Group(*blocks),
                title=Styled(heading, "bold"),
                subtitle=subtitle,
                title_align="left",
                subtitle_align="left",
            )
        )

    def comparison(self, c: pb.CompareResponse) -> None:
        """Two results side by side: the difference in words, then the criteria."""
        head = Table(box=None, pad_edge=False)
        for heading in ("", *(f"{a.product.name} · {a.edition} · {a.level}" for a in (c.left, c.right))):
            head.add_column(heading)
        for name in ("by_points", "after_minimums", "recognisable"):
            stars = [getattr(a.stars, name) for a in (c.left, c.right)]
            head.add_row(self._word(name), *(Styled("★" * n + "☆" * (MAX_STARS - n), "bold yellow") for n in stars))
        head.add_row(
            self._word("total"), *(self._number(a.total) if a.HasField("total") else "–" for a in (c.left, c.right))
        )
        lines = Table(box=None)
        for heading, justify in (("criterion", False), ("points", True), ("points", True), ("difference", True)):
            lines.add_column(self._word(heading), justify="right" if justify else "left")
        for line in c.lines:
            numbers = " → ".join(dict.fromkeys(filter(None, (line.left_number, line.right_number))))
            sides = (self._number(p) if p.sheets else "–" for p in (line.left, line.right))
            lines.add_row(f"{numbers} {self._say(line.name)}", *sides, self._decimal(line.difference))
        reasons = [Padding(f"• {self._say(reason)}", (0, 0, 0, 1)) for reason in c.reasons]
        blocks: list[RenderableType] = [head, "", *reasons]
        if c.lines:
            blocks += ["", lines]
        title = Styled(self._say(c.summary), "bold")
        self._console.print(Panel(Group(*blocks), title=title, title_align="left"))

    def problems(self, problems: Iterable[Problem], heading: str) -> None:
        """Everything wrong with an input: place, what, the line itself."""
        listed = list(problems)
        self._console.print(
            Styled(
                f"{heading}: {len(listed)} " + ("lỗi | problems" if len(listed) > 1 else "lỗi | problem"), "bold red"
            )
        )
        for problem in listed:
            where = problem.where + (f" ({problem.path})" if problem.position and problem.path else "")
            self._console.print(Styled.assemble((f"  {where}  ", "cyan"), (problem.code, "dim")), soft_wrap=True)
            self._console.print(Padding(Styled(problem.message.vi), (0, 0, 0, 4)))
            self._console.print(Padding(Styled(problem.message.en, "dim"), (0, 0, 0, 4)))
            if problem.position and problem.excerpt:
                number = str(problem.position.line)
                text = problem.excerpt[:160]
                self._console.print(Styled(f"    {number} | {text}"), soft_wrap=True)
                self._console.print(
                    Styled(f"    {' ' * len(number)} | {' ' * (min(problem.position.column, 160) - 1)}^", "red"),
                    soft_wrap=True,
                )

    def sets(self, response: pb.ListProductSetsResponse) -> None:
        """The product sets of an edition."""
        table = Table("", self._word("set"), "", box=None)
        for s in response.product_sets:
            table.add_row(s.id, self._say(s.name), s.slug)
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
            effect = KNOCK_OUTS[Effect(pb.Effect.Name(out.effect).removeprefix("EFFECT_").lower())]
            reads = ", ".join(r.partition(":")[2] for r in out.reads)
            said = f"  • {self._pick(effect.vi, effect.en)}: {self._say(out.name)}"
            self._console.print(Styled.assemble(said, (f"  {reads} · {out.reference}", "dim")), soft_wrap=True)

    def _criterion(self, c: pb.Criterion) -> Styled:
        options = [c.none_met, *c.options] if c.HasField("none_met") else list(c.options)
        dim = [self._say(t) for t in (*c.notes, *c.oddities)]
        if c.HasField("only_if"):
            dim.append(f"{self._word('only_if')} {c.only_if.criterion} (≥ {c.only_if.at_least})")
        if c.derived_from:
            dim.append(f"{self._word('derived_from')}: {', '.join(c.derived_from)}")
        return Styled.assemble("\n".join(self._option(o) for o in options), *((f"\n{text}", "dim") for text in dim))

    def _option(self, option: pb.Option) -> str:
        stars = "".join(f" [{self._word('stars_for')} {'★' * n}]" for n in option.minimum_for_stars)
        label = option.id if option.id == str(option.points) else f"{option.id} = {option.points}"
        return f"{label}: {self._say(option.name)}{stars}"

    def _findings(
        self, a: pb.Assessment, severity: pb.Severity.ValueType, word: str, only: str = "", skip: tuple[str, ...] = ()
    ) -> list[RenderableType]:
        rows: list[RenderableType] = []
        for finding in a.findings:
            if finding.severity != severity or only not in ("", finding.code) or finding.code in skip:
                continue
            said, why = self._say(finding.text), self._say(finding.basis.why)
            reading = "" if finding.basis.stated or why in said else f"{self._word('reading')}: {why}"
            where = "; ".join(filter(None, (finding.reference, finding.source, reading)))
            rows.append(
                Padding(
                    Styled.assemble("• ", said, (f"\n  {where}" if where else "", "dim")),
                    (0, 0, 0, 1),
                )
            )
        return [Styled("\n" + self._word(word), "bold"), *rows] if rows else []

    def _stars(self, a: pb.Assessment) -> Table:
        """The three lines; one that did not come to stars shows only what the points alone would give."""
        grid = Table.grid(padding=(0, 2))
        for name in ("by_points", "after_minimums", "recognisable", "potential"):
            count = getattr(a.stars, name)
            if name == "by_points" or (a.status == pb.STATUS_SCORED and (count or name != "potential")):
                stars = Styled("★" * count + "☆" * (MAX_STARS - count), "bold yellow")
                grid.add_row(self._word(name), stars, str(count or "–"))
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
        mode = self._word(council.mode)
        table.add_column(f"{self._say(council.name)} · {mode}")
        table.add_column(self._word("total"), justify="right")
        table.add_column(self._word("distance"), justify="right")
        for member in council.members:
            style = "yellow" if member.far else ""
            table.add_row(
                f"{member.assessor} ({member.role})", str(member.total), self._decimal(member.distance), style=style
            )
        table.add_row(self._word("spread"), str(council.spread), "")
        return table

    def _dates(self, dates: Iterable[pb.DateNote]) -> Table:
        table = Table.grid(padding=(0, 2))
        for note in dates:
            table.add_row(f" {note.day}", self._say(note.name), Styled(note.reference, "dim"))
        return table

    def _lines(self, lines: Iterable[pb.Line]) -> Table:
        table = Table(box=None)
        for word in ("criterion", "points", "max", "chosen"):
            table.add_column(self._word(word), justify="right" if word in ("points", "max") else "left")
        for line in lines:
            got = self._number(line.points) if line.HasField("points") else "–"
            table.add_row(f"{line.number} {self._say(line.name)}", got, str(line.max), self._say(line.chosen))
        return table

    def _number(self, points: pb.Points) -> str:
        if points.sheets == 1:
            return str(points.sum)
        return f"{self._decimal(points.text)} ({points.sum}/{points.sheets})"

    def _decimal(self, text: str) -> str:
        return text.replace(".", ",") if self._language == "vi" else text

    def _word(self, key: str) -> str:
        return self._pick(_WORDS[key].vi, _WORDS[key].en)

    def _say(self, text: pb.Text) -> str:
        return self._pick(text.vi, text.en)

    def _pick(self, vi: str, en: str) -> str:
        return vi if self._language == "vi" else en
