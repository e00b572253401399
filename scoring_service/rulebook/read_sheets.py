"""Reads criteria/, knock-outs.yaml and sets/: what makes the score sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring_service.problems import Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.label import MET, NONE_OF_THESE, NOT_MET, NOTHING, STATED, Basis, Label
from scoring_service.rulebook.model import (
    Condition,
    Criterion,
    DeriveRow,
    Effect,
    Group,
    KnockOut,
    Minimum,
    OnlyIf,
    Option,
    Part,
    ProductSet,
    Section,
    Shortfall,
)
from scoring_service.rulebook.nodes import Node, Scalar
from scoring_service.rulebook.read_conditions import ConditionReader
from scoring_service.rulebook.reader import Reader

NONE_MET = "0"
_MOST = 100
_STARS = ("1", "2", "3", "4", "5")
_DEFINITION = ("name", "options", "binary", "cases", "only_if", "evidence", "notes", "derive", "oddities")
_USE = ("minimum", "knock_outs", "oddities", "notes")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the sheets of an edition refer to: how they are cited, and the words the edition declares."""

    decision: str
    annex: str
    parts: Mapping[str, Label]
    groups: Mapping[str, Label]
    evidence: Mapping[str, Label]
    readings: Mapping[str, Label]


@dataclass
class _Sheet:
    """One product set while it is read."""

    where: str
    shortfalls: tuple[Shortfall, ...]
    outs: list[KnockOut] = field(default_factory=list)

    def missing_at(self, number: str) -> int:
        return sum(s.points for s in self.shortfalls if s.at == number)


class SheetReader:
    """Reads sets one after the other; remembers which shared criteria were used."""

    def __init__(self, reader: Reader, conditions: ConditionReader, frame: Frame, knock_outs: Node) -> None:
        self._reader, self._conditions, self._frame = reader, conditions, frame
        self._definitions: dict[str, Node] = {}
        self._used: set[str] = set()
        self._used_outs: set[str] = set()
        optional = ("when", "when_any", "reading", "reference", "presumed_clear")
        self._knock_outs = {
            key: (node, reader.fields(node, required=("effect", "name"), optional=optional))
            for key, node in reader.entries(knock_outs).items()
        }

    def add_criteria(self, tree: Node) -> None:
        """Add the shared criteria of one file."""
        for key, node in self._reader.entries(tree).items():
            if key in self._definitions:
                at = self._definitions[key].position
                self._reader.problem("CRITERION_REPEATED", node, key=key, at=at)
            self._definitions[key] = node

    def report_unused(self) -> None:
        """Note every shared criterion and knock-out that no set used."""
        for key, node in self._definitions.items():
            if key not in self._used:
                self._reader.problem("CRITERION_UNUSED", node, key=key)
        for key, (node, _) in self._knock_outs.items():
            if key not in self._used_outs:
                self._knock_out(key, "", None)  # what nobody uses is still read, so that its mistakes are told
                self._reader.problem("KNOCK_OUT_UNUSED", node, key=key)

    def product_set(self, tree: Node, file_name: str) -> ProductSet:
        """One file of sets/; its name without the leading number is the set's short name."""
        r, frame = self._reader, self._frame
        optional = ("subgroup", "agency", "knock_outs", "oddities", "shortfalls", "follows")
        got = r.fields(tree, required=("set", "name", "group", "sheet"), optional=optional)
        number = r.string(got.get("set"))
        where = f"{frame.decision}, {frame.annex}, bộ {number}"
        sheet = _Sheet(where, tuple(self._shortfall(n) for n in r.items(got.get("shortfalls"))))
        self._add_knock_outs(got.get("knock_outs"), where, sheet)
        return ProductSet(
            number=number,
            slug=file_name.partition("-")[2] or file_name,
            name=r.text(got.get("name")),
            group=r.choice(got.get("group"), frame.groups),
            subgroup=r.text(got.get("subgroup")),
            agency=r.text(got.get("agency")),
            parts=tuple(self._part(n, sheet) for n in r.items(got.get("sheet"))),
            knock_outs=tuple(sheet.outs),
            oddities=tuple(r.text(n) for n in r.items(got.get("oddities"))),
            shortfalls=sheet.shortfalls,
            follows={k: r.strings(v) for k, v in r.entries(got.get("follows")).items()},
            reference=where,
            position=tree.position,
        )

    def _shortfall(self, node: Node) -> Shortfall:
        r = self._reader
        got = r.fields(node, required=("at", "points", "reading"))
        points = r.integer(got.get("points"), 1, _MOST)
        return Shortfall(r.string(got.get("at")), points, r.text(got.get("reading")), node.position)

    def _part(self, node: Node, sheet: _Sheet) -> Part:
        r = self._reader
        got = r.fields(node, required=("part", "max", "sections"))
        code = r.choice(got.get("part"), self._frame.parts)
        sections = tuple(self._section(n, sheet) for n in r.items(got.get("sections")))
        name = self._frame.parts.get(code, NOTHING)
        return Part(code, name, r.integer(got.get("max"), 0, _MOST), sections)

    def _section(self, node: Node, sheet: _Sheet) -> Section:
        r = self._reader
        entries = r.entries(node)
        if "criteria" not in entries:
            criterion = self._criterion(node, r.string(entries.get("section")), None, sheet)
            return Section(criterion.number, criterion.name, criterion.max, (criterion,))
        got = r.fields(node, required=("section", "name", "max", "criteria"))
        criteria: list[Criterion] = []
        for n in r.items(got.get("criteria")):
            if "group" in r.entries(n):
                g = r.fields(n, required=("group", "name", "max", "criteria"))
                group = Group(r.string(g.get("group")), r.text(g.get("name")), r.integer(g.get("max"), 0, _MOST))
                members = r.items(g.get("criteria"))
                criteria += [self._criterion(m, r.string(r.entries(m).get("number")), group, sheet) for m in members]
            else:
                criteria.append(self._criterion(n, r.string(r.entries(n).get("number")), None, sheet))
        number, name = r.string(got.get("section")), r.text(got.get("name"))
        return Section(number, name, r.integer(got.get("max"), 0, _MOST), tuple(criteria))

    # --- one criterion -----------------------------------------------------------------------------------------

    def _criterion(self, node: Node, number: str, group: Group | None, sheet: _Sheet) -> Criterion:
        r = self._reader
        is_section = "section" in r.entries(node)
        key, use, definition, body = self._defined(node, "section" if is_section else "number")
        options, cases = self._options(definition, body)
        none_met = None
        if options and not any(o.points == 0 for o in options):
            none_met = Option(NONE_MET, 0, NONE_OF_THESE, definition.position, printed=False)
        both = (body, use) if use is not body else (body,)
        reference = f"{sheet.where}, tiêu chí {number}"
        self._add_knock_outs(use.get("knock_outs"), reference, sheet)
        return Criterion(
            number=number,
            key=key,
            name=r.text(body.get("name")),
            max=max((o.points for o in options), default=0) + sheet.missing_at(number),
            options=options,
            none_met=none_met,
            cases=cases,
            minimums=self._minimums(use.get("minimum")),
            derive=self._derive(body.get("derive")),
            only_if=self._only_if(body.get("only_if")),
            evidence=tuple(r.choice(n, self._frame.evidence) for n in r.items(body.get("evidence"))),
            notes=tuple(r.text(n) for part in both for n in r.items(part.get("notes"))),
            oddities=tuple(r.text(n) for part in both for n in r.items(part.get("oddities"))),
            group=group,
            is_section=is_section,
            reference=reference,
            position=node.position,
        )

    def _defined(self, node: Node, heading: str) -> tuple[str, dict[str, Node], Node, dict[str, Node]]:
        """Key, fields of the use, definition node and its fields; a criterion without ``use`` defines itself."""
        r = self._reader
        if "use" not in r.entries(node):
            own = r.fields(node, required=(heading, "name"), optional=(*_DEFINITION, *_USE))
            return "", own, node, own
        use = r.fields(node, required=(heading, "use"), optional=_USE)
        key = r.string(use.get("use"))
        definition = self._definitions.get(key)
        if definition is None:
            r.problem("CRITERION_NOT_SHARED", use["use"], key=key, suggestion=Suggestion.of(key, self._definitions))
            return key, use, node, {}
        self._used.add(key)
        return key, use, definition, r.fields(definition, required=("name",), optional=_DEFINITION)

    def _options(self, node: Node, body: dict[str, Node]) -> tuple[tuple[Option, ...], dict[str, Label]]:
        r = self._reader
        forms = [form for form in ("options", "binary", "cases") if form in body]
        if len(forms) != 1:
            if body:
                r.problem("OPTIONS_FORM", node)
            return (), {}
        if "binary" in body:
            at = body["binary"].position
            if not r.yes_no(body["binary"]):
                r.problem("BINARY_NO", body["binary"])
            return (Option("0", 0, NOT_MET, at, printed=False), Option("1", 1, MET, at, printed=False)), {}
        if "options" in body:
            return tuple(self._option(n, "") for n in r.items(body["options"])), {}
        cases: dict[str, Label] = {}
        options: list[Option] = []
        for case, n in r.entries(body["cases"]).items():
            got = r.fields(n, required=("name", "options"))
            cases[case] = r.text(got.get("name"))
            options += [self._option(o, case) for o in r.items(got.get("options"))]
        return tuple(options), cases

    def _option(self, node: Node, case: str) -> Option:
        r = self._reader
        got = r.fields(node, required=("points", "vi", "en"), optional=("id",))
        points = r.integer(got.get("points"), 0, _MOST)
        name = Label(r.string(got.get("vi")), r.string(got.get("en")))
        return Option(r.string(got.get("id"), f"{case}{points}"), points, name, node.position, case)

    def _minimums(self, node: Node | None) -> tuple[Minimum, ...]:
        r = self._reader
        found = []
        for stars, value in r.entries(node).items():
            if stars not in _STARS:
                r.problem("MINIMUM_STARS", value, stars=stars)
            elif isinstance(value, Scalar):
                found.append(Minimum(int(stars), r.integer(value, 0, _MOST), STATED))
            else:
                got = r.fields(value, required=("points", "reading"))
                points = r.integer(got.get("points"), 0, _MOST)
                found.append(Minimum(int(stars), points, r.basis(got.get("reading"))))
        return tuple(sorted(found, key=lambda m: m.stars))

    def _derive(self, node: Node | None) -> tuple[DeriveRow, ...]:
        r = self._reader
        rows = []
        for n in r.items(node):
            entries = r.entries(n)
            facts = nodes.Mapping({k: v for k, v in entries.items() if k not in ("option", "unclear")}, n.position)
            option, unclear = r.string(entries.get("option")), r.optional_text(entries.get("unclear"))
            if not option and unclear is None:
                r.problem("DERIVE_ROW", n)
            rows.append(DeriveRow(self._conditions.of_facts(facts), option, unclear, n.position))
        return tuple(rows)

    def _only_if(self, node: Node | None) -> OnlyIf | None:
        if node is None:
            return None
        r = self._reader
        got = r.fields(node, required=("criterion", "at_least"), optional=("reading",))
        basis = r.basis(got["reading"]) if "reading" in got else Basis(False, self._frame.readings.get("only_if"))
        return OnlyIf(r.string(got.get("criterion")), r.integer(got.get("at_least"), 1, _MOST), basis, node.position)

    # --- knock-outs --------------------------------------------------------------------------------------------

    def _add_knock_outs(self, listed: Node | None, reference: str, sheet: _Sheet) -> None:
        """Each item is an id, or ``{use: id, reading: ...}`` where this sheet's print is not the source."""
        r = self._reader
        for node in r.items(listed):
            reading = None
            name = node
            if not isinstance(node, Scalar):
                got = r.fields(node, required=("use", "reading"))
                name, reading = got.get("use", node), got.get("reading")
            key = r.string(name)
            if key in self._knock_outs:
                self._used_outs.add(key)
                sheet.outs.append(self._knock_out(key, reference, reading))
            else:
                r.problem("KNOCK_OUT_UNKNOWN", name, key=key, suggestion=Suggestion.of(key, self._knock_outs))

    def _knock_out(self, key: str, reference: str, reading: Node | None) -> KnockOut:
        r = self._reader
        definition, got = self._knock_outs[key]
        conditions = [got["when"]] if "when" in got else list(r.items(got.get("when_any")))
        if not conditions:
            r.problem("KNOCK_OUT_WHEN", definition)
        when = Condition(tuple(tests for c in conditions for tests in self._conditions.comparisons(c)))
        effect = Effect(r.choice(got.get("effect"), [e.value for e in Effect], Effect.HALT))
        cited = f"{self._frame.decision}, {r.string(got['reference'])}" if "reference" in got else reference
        basis = r.basis(reading or got.get("reading"))
        return KnockOut(
            id=key,
            effect=effect,
            name=r.text(got.get("name")),
            when=when,
            presumed_clear=r.yes_no(got.get("presumed_clear")),
            reference=cited,
            basis=basis,
            position=definition.position,
        )
