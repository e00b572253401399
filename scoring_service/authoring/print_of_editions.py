"""What an edition says beside its sheets, for proof-reading: windows, bands, levels, terms, councils, facts, evidence and readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring_service.authoring.print_words import PrintWords
from scoring_service.rulebook.facts import Fact
from scoring_service.rulebook.model import CalendarEntry, CouncilRules, Edition, Level, Window


def edition_text(edition: Edition) -> str:
    """All of it."""
    return "\n".join(_Print(edition).lines()).rstrip() + "\n"


class _Print:
    def __init__(self, edition: Edition) -> None:
        self._edition, self._words = edition, PrintWords(edition)

    def lines(self) -> Iterator[str]:
        it, say = self._edition, self._words
        yield f"# {it.decision}. {it.name['vi']}"
        yield ""
        yield from say.item("id", it.id)
        yield from say.item("amends", it.amends)
        yield from say.item("issued", say.day(it.issued))
        yield from say.item("annex", it.annex)
        yield from say.item("total", say.points(it.total))
        for one in it.certificates:
            since = f", {say.heading('decided_on')} {say.heading('from')} {say.day(one.start)}" if one.start else ""
            yield from say.item("certificate", f"{one.months} {say.heading('months')}{since} ({one.reference})")
        yield from self._part("kinds", (f"- {name['vi']} [{kind}]" for kind, name in it.kinds.items()))
        yield from self._part("windows", (line for one in it.windows for line in self._window("", one)))
        closes = (line for one in it.closes for line in self._window(f"{one.edition}: ", one.end))
        yield from self._part("closes", closes)
        yield from self._part("bands", self._bands())
        yield from self._part("levels", (line for one in it.levels for line in self._level(one)))
        yield from self._part("councils", (line for one in it.councils.values() for line in self._council(one)))
        yield from self._part("calendar", (line for one in it.calendar for line in self._entry(one)))
        yield from self._part("sets", self._sets())
        yield from self._part("evidence_kinds", self._evidence())
        yield from self._part("facts", (line for one in it.facts.values() for line in self._fact(one)))
        yield from self._part("readings", self._readings())
        yield from self._part("remarks", (line for one in it.remarks for line in say.wrapped(f"- {one['vi']}", "  ")))

    def _part(self, heading: str, lines: Iterable[str]) -> Iterator[str]:
        listed = list(lines)
        if listed:
            yield from ("", f"## {self._words.heading(heading)}", "", *listed)

    def _window(self, before: str, it: Window) -> Iterator[str]:
        say = self._words
        days = [
            f"{say.heading(key)} {say.day(day)}"
            for key, day in (
                ("filed_from", it.filed_from),
                ("filed_until", it.filed_until),
                ("decided_until", it.decided_until),
            )
            if day
        ]
        yield from say.wrapped(f"- {before}{say.kinds(it.kinds)}: {', '.join(days) or '–'}", "  ")
        yield from say.item("late", it.late["vi"] if it.late else "", "  ")
        yield from say.item("reference", it.reference, "  ")
        yield from say.basis(it.basis, "  ")

    def _bands(self) -> Iterator[str]:
        for band in self._edition.bands:
            yield f"    {'*' * band.stars:<6} {self._words.range(band.interval):<22} {band.reference}"
            yield from self._words.basis(band.basis, "      ")

    def _level(self, it: Level) -> Iterator[str]:
        say = self._words
        days = " ".join(
            f"{say.heading(key)} {say.day(day)}" for key, day in (("from", it.start), ("until", it.end)) if day
        )
        yield f"- {it.name['vi']} [{it.word}] {days}".rstrip() + (f" ({it.id})" if it.id != it.word else "")
        yield from say.item("recognises", " ".join("*" * stars for stars in it.recognises), "  ")
        yield from say.item("forwards_to", it.forwards_to, "  ")
        yield from say.item("after_forwarding", it.after_forwarding["vi"] if it.after_forwarding else "", "  ")
        yield from say.item("below", it.below["vi"] if it.below else "", "  ")
        yield from say.item("reference", it.reference, "  ")
        yield from say.basis(it.basis, "  ")

    def _council(self, it: CouncilRules) -> Iterator[str]:
        say = self._words
        yield from say.wrapped(f"- {it.name['vi']} [{it.id}]", "  ")
        yield from say.item("level", it.level, "  ")
        yield from say.item("scorers", ", ".join(say.word("role", role) for role in it.scorers), "  ")
        presiding = say.heading("with_deputy" if it.deputy_presides else "with_chair")
        chair = f", {presiding}" if it.chair_needed else ""
        cited = {rule: f" ({reference})" for rule, reference in it.references.items()}
        quorum = f"{it.quorum}{chair}" if it.quorum is not None else "–"
        spread = f"{it.spread_limit}" if it.spread_limit is not None else "–"
        yield from say.item("quorum", quorum + cited.get("quorum", ""), "  ")
        yield from say.item("spread", spread + cited.get("spread", ""), "  ")
        yield from say.item("far", f"{it.far}" if it.far is not None else "–", "  ")
        yield from say.item(
            "minimums", say.word("minimum_by", it.minimum_by).strip(" ()") + cited.get("minimums", ""), "  "
        )
        yield from say.item("decimals", str(it.decimals), "  ")
        yield from say.item("meanwhile", "*" * it.meanwhile or "–", "  ")
        modes = "; ".join(
            f"{self._edition.kinds[kind]['vi']}: {say.word('mode', mode)}" for kind, mode in it.mode.items()
        )
        yield from say.item("mode", modes, "  ")
        yield from say.item("practice", it.practice["vi"], "  ")

    def _entry(self, it: CalendarEntry) -> Iterator[str]:
        say = self._words
        yield from say.wrapped(f"- {it.name['vi']} [{it.id}]", "  ")
        if it.anchor:
            side = say.heading("after" if it.sign > 0 else "before")
            yield from say.item("term", f"{it.count} {say.heading(it.unit)} {side} {say.heading(it.anchor)}", "  ")
        else:
            yield from say.item("proposed_before", _month_day(it.proposed_before), "  ")
            yield from say.item("decided_before", _month_day(it.decided_before), "  ")
        yield from say.item("kinds", say.kinds(it.kinds), "  ")
        yield from say.item("level", it.level or say.heading("all"), "  ")
        yield from say.item("filing", say.heading(it.filing) if it.filing else "", "  ")
        yield from say.item("done_by", say.heading(it.done_by) if it.done_by else "", "  ")
        yield from say.item("if_missed", it.if_missed, "  ")
        yield from say.item("day_off", say.heading("stays") if it.stays else "", "  ")
        yield from say.item("reference", it.reference, "  ")
        yield from say.basis(it.basis, "  ")

    def _sets(self) -> Iterator[str]:
        it = self._edition
        for group, name in it.groups.items():
            yield f"- {name['vi']} [{group}]"
            for one in (one for one in it.sets.values() if one.group == group):
                yield from self._words.wrapped(f"  - {one.number}. {one.name['vi']} [{one.slug}]", "    ")
        for key, why in it.missing_sets.items():
            yield from self._words.wrapped(f"- {self._words.heading('missing_set')} {key}: {why['vi']}", "  ")

    def _evidence(self) -> Iterator[str]:
        it, say = self._edition, self._words
        for kind, name in it.evidence.items():
            settles = f" – {say.heading('proving')}" if kind in it.proving.evidence else ""
            yield from say.wrapped(f"- {name['vi']} [{kind}]{settles}", "  ")
        yield from say.basis(it.proving.basis)

    def _fact(self, it: Fact) -> Iterator[str]:
        unit = f" ({it.unit['vi']})" if it.unit else ""
        yield from self._words.wrapped(f"- {it.name['vi']}{unit} [{it.id}]: {self._words.heading(it.kind.id)}", "  ")
        for word, name in it.choices.items():
            yield from self._words.wrapped(f"  - {name['vi']} [{word}]", "    ")

    def _readings(self) -> Iterator[str]:
        for key, text in self._edition.readings.items():
            yield from self._words.wrapped(f"- {text['vi']} [{key}]", "  ")


def _month_day(day: tuple[int, int]) -> str:
    month, of_month = day
    return f"{of_month:02}/{month:02}"
