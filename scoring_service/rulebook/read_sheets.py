"""Reads criteria/ and sets/: what makes the score sheets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.amend import stated_over, without
from scoring_service.rulebook.files import Files
from scoring_service.rulebook.folder import CRITERIA as CRITERIA_FILES
from scoring_service.rulebook.folder import KNOCK_OUTS
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.forms_of_sheets import (
    CRITERION,
    FORMS,
    GROUP_ROW,
    NUMBER,
    OF_USE,
    OWN_ROW,
    PART_ROW,
    SECTION_ROW,
    SET,
    USE_ROW,
)
from scoring_service.rulebook.label import MET, NONE_OF_THESE, NOT_MET, NOTHING, Basis, Label
from scoring_service.rulebook.model import (
    Criterion,
    DeriveRow,
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
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.read_conditions import ConditionReader
from scoring_service.rulebook.read_knock_outs import KnockOutReader
from scoring_service.rulebook.rule_reader import RuleReader
from scoring_service.rulebook.sources import Printed, of_criterion, since
from scoring_service.rulebook.to_fill import marks

NONE_MET, NO, YES = "0", "no", "yes"
_FIGURE = re.compile(r"\d")
_SEVERAL = 3
"""So many rows that print another maximum than their shared criterion gives are that criterion's mistake."""
_SAID_ELSEWHERE = ("sheet", "knock_outs", "oddities", "shortfalls", "follows")
"""Of a set: what says for itself which paragraph changed it, or is not of the print."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The words an edition declares and its sheets use."""

    parts: Mapping[str, Label]
    sections: Mapping[str, Label]
    groups: Mapping[str, Label]
    agencies: Mapping[str, Label]
    evidence: Mapping[str, Label]
    readings: Mapping[str, Label]


@dataclass
class _Part:
    """A part while its rows are read."""

    code: str
    max: int
    position: Position
    sections: list[_Section] = field(default_factory=list)


@dataclass
class _Section:
    number: str
    name: Label
    max: int
    position: Position
    criteria: list[Criterion] = field(default_factory=list)


class _Maximum(NamedTuple):
    """The maximum that a row prints, what its criterion gives at most, and the places of both."""

    number: str
    printed: int
    found: int
    position: Position
    option: Position


@dataclass
class _Sheet:
    """One product set while it is read. ``lost``: a section whose rows have no heading, which is told."""

    printed: Printed
    shortfalls: tuple[Shortfall, ...]
    outs: list[KnockOut] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)
    group: Group | None = None
    lost: str = ""

    def missing_at(self, number: str) -> int:
        return sum(s.points for s in self.shortfalls if s.at == number)


class SheetReader:
    """Reads sets one after the other; remembers what of the shared things was used."""

    def __init__(self, reader: RuleReader, conditions: ConditionReader, frame: Frame, files: Files) -> None:
        self._reader, self._conditions, self._frame, self._files = reader, conditions, frame, files
        shared = reader.entries(files.trees[CRITERIA_FILES])
        self._definitions: dict[str, Entry] = {}
        self._unsound: set[str] = set()  # what cannot be read whole is not compared with anything
        for key, node in shared.items():
            before = reader.failures
            self._definitions[key] = CRITERION.read(node, reader)
            if reader.failures > before:
                self._unsound.add(key)
        self._options: dict[Position, tuple[tuple[Option, ...], dict[str, Label], dict[str, Entry | None]]] = {}
        self._knock_outs = KnockOutReader(reader, conditions, files.trees[KNOCK_OUTS], files.sets)
        self._used: set[tuple[str, str]] = set()
        self._maxima: dict[str, list[_Maximum]] = defaultdict(list)
        self._named: dict[str, list[tuple[str, str, Position]]] = defaultdict(list)  # set, key and place of each name

    def report(self) -> None:
        """Note what is known when all sets are read: maxima that differ from the options, and what nothing uses."""
        self._report_maxima()
        self._report_apart()
        self._report_unused()

    def _report_unused(self) -> None:
        """Note every shared criterion, knock-out, bundle, section name and agency of the edition's own files that no set used."""
        trees, root = self._files.trees, self._files.root
        self._used |= {("knock_out", key) for key in self._knock_outs.used}
        declared = (
            ("criterion", "CRITERION_UNUSED", trees[CRITERIA_FILES]),
            ("knock_out", "KNOCK_OUT_UNUSED", trees[KNOCK_OUTS]),
            ("sections", "NAME_UNUSED", root.get("sections")),
            ("agencies", "NAME_UNUSED", root.get("agencies")),
        )
        for kind, code, tree in declared:
            for key, node in self._reader.entries(tree).items():
                if (kind, key) in self._used or node.position.folder != self._files.folder:
                    continue
                if any(marks(node)):  # nobody can use yet what is still to be written
                    continue
                if kind == "knock_out":
                    self._knock_outs.unused(key)
                at = tree.keys.get(key, node.position) if isinstance(tree, nodes.Mapping) else node.position
                self._reader.problem(code, at, key=key)

    def _report_apart(self) -> None:
        """Note each amended shared criterion whose name some sets have on a row of their own, which the amendment does not reach."""
        for key, got in self._definitions.items():
            if not got.amends:
                continue
            for number, other, at in self._named[got["name"].vi] if got.position.folder == self._files.folder else ():
                if other != key and at.folder != self._files.folder:
                    self._reader.problem("CRITERION_APART", got.position, key=key, set=number)

    def _report_maxima(self) -> None:
        """Note every printed maximum that its criterion does not give; where all rows agree against a shared one, at that one."""
        for key, uses in self._maxima.items():
            wrong = [use for use in uses if use.printed != use.found]
            one_number = len({(use.printed, use.found) for use in wrong}) == 1
            if key and one_number and len(wrong) == len(uses) >= _SEVERAL:
                _, printed, found, at, option = wrong[0]
                self._reader.problem(
                    "MAX_SHARED", option, key=key, found=found, printed=printed, count=len(wrong), place=at
                )
                continue
            for number, printed, found, at, _ in wrong:
                self._reader.problem("MAX_DIFFERS", at, number=number, printed=printed, found=found)

    # --- one sheet ---------------------------------------------------------------------------------------------

    def product_set(self, slug: str) -> ProductSet:
        """The set of this short name."""
        r, frame = self._reader, self._frame
        tree = self._files.trees[f"sets/{slug}"]
        got = SET.read(tree, r)
        number = got["set"]
        self._same_number(tree, number, got)
        first = tree.amendments()[-1] if isinstance(tree, nodes.Mapping) else tree
        origin = first.position
        printed = Printed(number, self._where(first, number), origin)
        shortfalls = tuple(
            Shortfall(at, one["points"], one["reading"], one.position) for at, one in got["shortfalls"].items()
        )
        sheet = _Sheet(printed, shortfalls)
        changed = {p: folder for p, folder in since(r, got).items() if printed.where != f"{p}, bộ {number}"}
        self._must_say_where(got, origin)
        sheet.outs += self._knock_outs.named(got, printed.where, printed)
        for row, node in r.keyed(got["sheet"], NUMBER).items():
            self._row(row, node, sheet)
        sheet.outs += self._knock_outs.of_all_sets(slug, {out.id for out in sheet.outs}, printed)
        return ProductSet(
            number=number,
            slug=slug,
            name=got["name"],
            group=r.choice(got["group"], frame.groups),
            subgroup=got["subgroup"],
            agency=self._agency(got),
            parts=tuple(self._part(part) for part in sheet.parts),
            knock_outs=tuple(sheet.outs),
            oddities=got["oddities"],
            shortfalls=shortfalls,
            like=got["like"],
            follows=got["follows"],
            reference="; ".join((*changed, printed.where)),
            position=tree.position,
        )

    def _same_number(self, tree: Node, number: str, got: Entry) -> None:
        """The number before the short name in the file's name is the set's own."""
        named = tree.position.file.rpartition("/")[2].partition("-")[0]
        if named.isdecimal() and number.isdecimal() and int(named) != int(number):
            self._reader.problem("FILE_NUMBER", got.at("set"), set=number, named=named)

    def _where(self, tree: Node, number: str) -> str:
        """How the print of a set is cited: by the annex of the decision that prints it, or else by the paragraph that does."""
        r, folder = self._reader, tree.position.folder
        stated = r.entries(tree).get("reference")
        if annex := self._files.annexes.get(folder, ""):
            where = f"{r.decision_of(tree.position)}, {annex}"
        elif stated is not None:
            where = r.cite(stated)
        else:
            r.problem("ANNEX_MISSING", tree.position)
            where = r.decision_of(tree.position)
        return f"{where}, bộ {number}"

    def _must_say_where(self, got: Entry, origin: Position) -> None:
        """A decree that changes the head of a set says where."""
        r = self._reader
        if not got.amends:
            return
        changed = [
            key for key in r.entries(got.node)
            if key not in _SAID_ELSEWHERE and got.at(key).position.folder != origin.folder
        ]  # fmt: skip
        if changed and not got["reference"]:
            r.problem("AMENDED_WITHOUT_REFERENCE", got.at(changed[0]), key=changed[0])

    def _agency(self, got: Entry) -> Label:
        names = []
        for node in got["agency"]:
            key = self._reader.choice(node, self._frame.agencies)
            self._used.add(("agencies", key))
            names.append(self._frame.agencies.get(key, NOTHING))
        return Label("; ".join(n.vi for n in names), "; ".join(n.en for n in names) if all(n.en for n in names) else "")

    def _row(self, number: str, node: Node, sheet: _Sheet) -> None:
        """A row of the sheet: a part, the heading of a section or of a group, or a criterion."""
        r = self._reader
        entries = r.entries(node)
        if number in self._frame.parts or set(entries) == {"max"}:
            if number not in self._frame.parts:
                suggestion = Suggestion.of(number, self._frame.parts, closeness=0.5)
                r.problem("PART_UNKNOWN", node, part=number, suggestion=suggestion)
            sheet.parts.append(_Part(number, PART_ROW.read(node, r)["max"], node.position))
            sheet.group = None
            return
        if not sheet.parts:
            r.problem("ROW_BEFORE_PART", node, number=number, parts=tuple(self._frame.parts))
            sheet.parts.append(_Part("", 0, node.position))
        sections = sheet.parts[-1].sections
        if "section" in entries:
            got = SECTION_ROW.read(node, r)
            key = r.choice(got["section"], self._frame.sections)
            self._used.add(("sections", key))
            sections.append(_Section(number, self._frame.sections.get(key, NOTHING), got["max"], node.position))
            sheet.group = None
        elif "group" in entries:
            got = GROUP_ROW.read(node, r)
            sheet.group = Group(number, got["group"], got["max"], node.position)
        else:
            self._criterion_row(number, node, sections, sheet)

    def _criterion_row(self, number: str, node: Node, sections: list[_Section], sheet: _Sheet) -> None:
        inside = bool(sections) and _is_inside(number, sections[-1].number)
        if sheet.group and not (inside and _is_inside(number, sheet.group.number)):
            sheet.group = None
        if not inside and not number.isdecimal():
            lost, sheet.lost = sheet.lost, number.partition(".")[0]
            if lost == sheet.lost:
                self._reader.failures += 1
            elif sections:
                self._reader.problem("NUMBER_SECTION", node, number=number, section=sections[-1].number)
            else:
                self._reader.problem("ROW_BEFORE_SECTION", node, number=number)
            return
        sheet.lost = ""
        criterion = self._criterion(node, number, sheet, is_section=not inside)
        if not inside:
            sections.append(_Section(number, criterion.name, criterion.max, criterion.position))
        sections[-1].criteria.append(criterion)

    def _part(self, part: _Part) -> Part:
        sections = tuple(Section(s.number, s.name, s.max, tuple(s.criteria), s.position) for s in part.sections)
        return Part(part.code, self._frame.parts.get(part.code, NOTHING), part.max, sections, part.position)

    # --- one criterion -----------------------------------------------------------------------------------------

    def _criterion(self, node: Node, number: str, sheet: _Sheet, *, is_section: bool) -> Criterion:
        r = self._reader
        before = r.failures
        key, row, body = self._defined(node)
        options, cases, stars = self._options_of(body)
        sound = r.failures == before and key not in self._unsound
        none_met = None
        if options and not any(o.points == 0 for o in options):
            none_met = Option(NONE_MET, 0, NONE_OF_THESE, body.position, printed=False)
        printed = sheet.printed
        reference = of_criterion(r, printed, number, row, body)
        sheet.outs += self._knock_outs.named(row, printed.row(number), printed)
        most = max((o.points for o in options), default=0) + sheet.missing_at(number)
        maximum = self._printed_maximum(row, body, most)
        if row["max"] != -1 and options and sound:
            highest = max(options, key=lambda o: o.points).position
            self._maxima[key].append(_Maximum(number, maximum, most, row.at("max").position, highest))
        self._report_derivation(number, body)
        self._named[body["name"].vi].append((printed.number, key, node.position))
        both = (body, row) if row is not body else (body,)
        return Criterion(
            number=number,
            key=key,
            name=body["name"],
            max=maximum,
            options=options,
            none_met=none_met,
            cases=cases,
            minimums=self._minimums(number, options, row, stars, sheet) if sound else (),
            derive=self._derive(body["derive"]) if sound else (),
            only_if=self._only_if(body["only_if"]) if sound else None,
            evidence=tuple(r.choice(n, self._frame.evidence) for n in body["evidence"]),
            notes=tuple(text for part in both for text in part["notes"]),
            oddities=tuple(text for part in both for text in part["oddities"]),
            group=sheet.group,
            is_section=is_section,
            reference=reference,
            position=node.position,
        )

    def _printed_maximum(self, row: Entry, body: Entry, most: int) -> int:
        """The maximum that the sheet prints: the highest option's where none is, or where a later decree changed the options."""
        options = next((body.at(form).position for form in FORMS if body.has(form)), body.position)
        superseded = self._reader.is_older(row.at("max").position, options)
        return most if row["max"] == -1 or superseded else int(row["max"])

    def _defined(self, node: Node) -> tuple[str, Entry, Entry]:
        """Key, row and definition; a criterion without ``use`` defines itself."""
        r = self._reader
        if "use" not in r.entries(node):
            own = OWN_ROW.read(node, r)
            return "", own, own
        row = USE_ROW.read(node, r)
        key = row["use"]
        definition = self._definitions.get(key)
        if definition is None:
            r.problem("CRITERION_NOT_SHARED", row.at("use"), key=key, suggestion=Suggestion.of(key, self._definitions))
            absent = {key: form.empty for key, form in CRITERION.forms().items()}
            return key, row, Entry(nodes.Mapping({}, node.position), absent)
        self._used.add(("criterion", key))
        return key, row, self._with_own(definition, row)

    def _with_own(self, definition: Entry, row: Entry) -> Entry:
        """A shared criterion with what the row states over it for its own set."""
        r, shared = self._reader, definition.node
        own = {key: node for key, node in r.entries(row.node).items() if key in OF_USE}
        if not own or not isinstance(shared, nodes.Mapping):
            return definition
        for id_, option in r.entries(own.get("options")).items() if row["stars"] is not None else ():
            if isinstance(option, nodes.Mapping) and "stars" in option.entries:
                r.problem("STARS_TWO_PLACES", option.entries["stars"], option=id_, place=row.at("stars").position)
        return CRITERION.read(stated_over(shared, own, row.position, r), r)

    def _options_of(self, body: Entry) -> tuple[tuple[Option, ...], dict[str, Label], dict[str, Entry | None]]:
        """Options, cases and the stars printed beside options; a shared definition is read once."""
        if body.position not in self._options:
            self._options[body.position] = self._read_options(body)
        return self._options[body.position]

    def _read_options(self, body: Entry) -> tuple[tuple[Option, ...], dict[str, Label], dict[str, Entry | None]]:
        forms = [form for form in FORMS if body.has(form)]
        if len(forms) != 1:
            if body["name"]:
                self._reader.problem("OPTIONS_FORM", body.node, given=tuple(forms))
            return (), {}, {}
        if body.has("binary"):
            got, at = body["binary"], body.at("binary").position
            options = (Option(NO, 0, NOT_MET, at, printed=False), Option(YES, got["points"], MET, at, printed=False))
            return options, {}, {YES: got["stars"]}
        listed = {"": body["options"]} if body.has("options") else {k: c["options"] for k, c in body["cases"].items()}
        cases = {} if body.has("options") else {key: case["name"] for key, case in body["cases"].items()}
        stars: dict[str, Entry | None] = {}
        found: list[Option] = []
        for case, options in listed.items():
            for id_, one in options.items():
                if id_ in stars:
                    self._reader.problem("OPTION_REPEATED", one.position, repeated=id_)
                stars[id_] = one["stars"]
                found.append(Option(id_, one["points"], one["text"], one.position, case))
        return tuple(found), cases, stars

    def _minimums(
        self,
        number: str,
        options: tuple[Option, ...],
        row: Entry,
        stars: Mapping[str, Entry | None],
        sheet: _Sheet,
    ) -> tuple[Minimum, ...]:
        """The star marks of the options, or those that the row gives in their place; none where one of them is wrong."""
        r, before, own = self._reader, self._reader.failures, row["stars"]
        for mark in stars.values() if own is not None else ():
            if mark is not None and r.is_older(row.at("stars").position, mark.position):
                place = row.at("stars").position
                r.problem("STARS_STAY", mark.position, set=sheet.printed.number, number=number, place=place)
        worth = {o.id: o.points for o in options}
        found: dict[int, Minimum] = {}
        for id_, mark in (stars if own is None else own).items():
            if mark is None:
                continue
            if id_ not in worth:
                if worth:
                    r.problem(
                        "STARS_OPTION", mark.node, number=number, option=id_, suggestion=Suggestion.of(id_, worth)
                    )
                continue
            rank, points = mark["rank"], worth[id_]
            if rank in found and found[rank].points != points:
                r.problem("STARS_TWICE", mark.node, number=number, stars=rank)
            found.setdefault(rank, Minimum(rank, points, mark["reading"], mark.position))
        if own is not None:
            self._report_lost(number, row, stars, worth, found)
        return tuple(found[rank] for rank in sorted(found)) if r.failures == before else ()

    def _report_lost(
        self,
        number: str,
        row: Entry,
        stars: Mapping[str, Entry | None],
        worth: Mapping[str, int],
        found: Mapping[int, Minimum],
    ) -> None:
        """Note the marks of the options that a later decree's stars beside the row take away without a word."""
        at = row.at("stars").position
        marks = [(mark, worth[id_]) for id_, mark in stars.items() if mark is not None and id_ in worth]
        lost = {
            mark["rank"]
            for mark, points in marks
            if self._reader.is_older(mark.position, at)
            and max((one.points for rank, one in found.items() if rank <= mark["rank"]), default=0) < points
            and mark["rank"] not in found
        }
        if lost:
            self._reader.problem("STARS_LOST", at, number=number, lost=tuple(sorted(lost)))

    def _report_derivation(self, number: str, body: Entry) -> None:
        """Note texts with figures that a later decree changed where the derivation beside them is the older one's."""
        options, derive = body.at("options"), body.at("derive").position
        for option in self._reader.entries(options).values() if body.has("options") and body["derive"] else ():
            text = option.entries.get("text") if isinstance(option, nodes.Mapping) else None
            figures = isinstance(text, nodes.Scalar) and _FIGURE.search(text.value)
            if text is not None and figures and self._reader.is_older(derive, text.position):
                self._reader.problem("DERIVE_KEPT", text, number=number, place=derive)
                return

    def _derive(self, listed: tuple[Node, ...]) -> tuple[DeriveRow, ...]:
        """The rows; none where one of them is wrong, for then nothing can be said of what they cover."""
        r, before = self._reader, self._reader.failures
        rows = []
        for n in listed:
            entries = r.entries(n)
            option = r.string(entries.get("option"))
            unclear = r.label(entries["unclear"]) if "unclear" in entries else None
            if not option and unclear is None:
                r.problem("DERIVE_ROW", n)
            when = self._conditions.of_facts(without(n, "option", "unclear"))
            rows.append(DeriveRow(when, option, unclear, n.position))
        return tuple(rows) if r.failures == before else ()

    def _only_if(self, got: Entry | None) -> OnlyIf | None:
        if got is None:
            return None
        basis = got["reading"] or Basis(False, self._frame.readings.get("only_if"))
        return OnlyIf(got["criterion"], got["at_least"], basis, got.position)


def _is_inside(number: str, section: str) -> bool:
    """Whether a printed number belongs to a section or group: ``1.10`` to ``1``, ``6a1`` to ``6`` and to ``6a``, but ``11.1`` not to ``1``."""
    rest = number.removeprefix(section)
    return bool(section) and rest not in ("", number) and not (section[-1].isdecimal() and rest[0].isdecimal())
