"""A product set as its decision prints it: options with their points and asterisks, headings, notes, and what decides without points.

Text that people proof-read against the decision and review in git: Markdown, lines of readable length, one thing to a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from scoring_service.authoring.print_words import PrintWords
from scoring_service.rulebook.model import Criterion, Edition, KnockOut, Minimum, Option, Part, ProductSet, Section


def sheet_text(edition: Edition, product_set: ProductSet) -> str:
    """The sheet of a set."""
    return "\n".join(_Sheet(edition, product_set).lines()).rstrip() + "\n"


class _Sheet:
    def __init__(self, edition: Edition, product_set: ProductSet) -> None:
        self._edition, self._set = edition, product_set
        self._words = PrintWords(edition)

    def lines(self) -> Iterator[str]:
        it, say = self._set, self._words
        yield f"# {say.heading('set')} {it.number}. {it.name['vi']}"
        yield ""
        group = " – ".join(filter(None, (self._edition.groups[it.group]["vi"], it.subgroup["vi"])))
        yield from say.item("reference", it.reference)
        yield from say.item("id", it.slug)
        yield from say.item("group", f"{group} [{it.group}]")
        yield from say.item("agency", it.agency["vi"])
        for older, slugs in it.follows.items():
            yield from say.item("follows", f"{older}: {', '.join(slugs)}")
        yield from say.item("total", say.points(sum(part.max for part in it.parts)))
        for text in it.oddities:
            yield from say.item("oddity", text["vi"])
        for short in it.shortfalls:
            yield from say.item("shortfall", f"{short.at}: {say.points(short.points)}. {short.reading['vi']}")
        if it.knock_outs:
            yield from ("", f"## {say.heading('knock_outs')}")
        for out in it.knock_outs:
            yield ""
            yield from self._knock_out(out)
        for part in it.parts:
            yield from self._part(part)

    def _knock_out(self, out: KnockOut) -> Iterator[str]:
        say = self._words
        yield from say.wrapped(f"- {say.word('effect', out.effect)}: {out.name['vi']} [{out.id}]", "  ")
        for tests in out.when.any_of:
            yield from say.item("when", say.tests(tests, self._set), "  ")
        if out.presumed_clear:
            yield from say.item("unstated", say.heading("presumed_clear"), "  ")
        yield from say.item("reference", out.reference, "  ")
        yield from say.basis(out.basis, "  ")

    def _part(self, part: Part) -> Iterator[str]:
        yield from ("", f"## {part.code}. {part.name['vi']} ({self._words.points(part.max)})")
        for section in part.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[str]:
        if not any(criterion.is_section for criterion in section.criteria):
            yield from ("", f"### {section.number}. {section.name['vi']} ({self._words.points(section.max)})")
        for group, criteria in groupby(section.criteria, key=lambda criterion: criterion.group):
            if group:
                yield from ("", f"#### {group.number}. {group.name['vi']} ({self._words.points(group.max)})")
            for criterion in criteria:
                yield ""
                yield from self._criterion(criterion)

    def _criterion(self, it: Criterion) -> Iterator[str]:
        say = self._words
        marks = "### " if it.is_section else "##### " if it.group else "#### "
        yield f"{marks}{it.number}. {it.name['vi']} ({say.points(it.max)})"
        yield ""
        if it.none_met:
            yield from self._option(it, it.none_met)
        for case, options in groupby(it.options, key=lambda option: option.case):
            if case:
                yield from say.wrapped(f"    {say.heading('case')} {case}: {it.cases[case]['vi']}", " " * 8)
            for option in options:
                yield from self._option(it, option)
        below = list(self._below(it))
        if below:
            yield from ("", *below)

    def _option(self, criterion: Criterion, it: Option) -> Iterator[str]:
        """``    c     3  *****  Công nghệ tiên tiến``: its id, points, asterisks and text."""
        stars = [m.stars for m in criterion.minimums if m.points == it.points and it is not criterion.none_met]
        text = it.name["vi"] if it.printed else f"({self._words.heading('unprinted')}) {it.name['vi']}"
        asterisks = " ".join("*" * count for count in stars)
        head = f"    {it.id:<4} {it.points:>2}  {asterisks:<6} "
        yield from self._words.wrapped(head + text, " " * len(head))

    def _below(self, it: Criterion) -> Iterator[str]:
        """What the rules say of a criterion, and what else the sheet says of it."""
        say = self._words
        if it.only_if:
            yield from say.item("only_if", f"{it.only_if.criterion} ≥ {say.points(it.only_if.at_least)}")
            yield from say.basis(it.only_if.basis, "  ")
        if it.derive:
            yield f"- {say.heading('derive')}:"
        for row in it.derive:
            yield from say.wrapped(f"  - {say.derivation(row)}", "    ")
        for minimum in it.minimums:
            yield from self._reading(minimum)
        yield from say.item("evidence", "; ".join(self._edition.evidence[one]["vi"] for one in it.evidence))
        yield from (line for note in it.notes for line in say.item("note", note["vi"]))
        yield from (line for oddity in it.oddities for line in say.item("oddity", oddity["vi"]))
        yield from say.item("shared", it.key if it.key != it.number else "")
        printed = self._set.reference.rpartition("; ")[2]  # behind it stands what changed the head of the sheet
        own = f"{printed}, {say.heading('criterion')} {it.number}"
        yield from say.item("reference", it.reference if it.reference != own else "")

    def _reading(self, minimum: Minimum) -> Iterator[str]:
        """An asterisk that is not printed so."""
        if minimum.basis.stated:
            return
        yield from self._words.item("minimum", f"{'*' * minimum.stars} ≥ {self._words.points(minimum.points)}")
        yield from self._words.basis(minimum.basis, "  ")
