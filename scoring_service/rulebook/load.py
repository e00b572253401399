"""Reads one edition folder into an ``Edition``: edition.yaml, facts.yaml, knock-outs.yaml, criteria/, sets/.

All files are read before anything is judged, so one run shows every mistake of the folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from scoring_service.rulebook import nodes
from scoring_service.rulebook.check import check_edition
from scoring_service.rulebook.model import (
    STATED,
    Band,
    Basis,
    CalendarEntry,
    Comparison,
    Condition,
    Criterion,
    DeriveRow,
    Edition,
    Effect,
    Fact,
    FactKind,
    Group,
    Interval,
    KnockOut,
    Level,
    Minimum,
    OnlyIf,
    Op,
    Option,
    Part,
    ProductSet,
    Section,
    Window,
)
from scoring_service.rulebook.nodes import Node, NodeError, Scalar
from scoring_service.rulebook.reader import YES, Reader, parse_decimal
from scoring_service.text import Position, Problem, Text, did_you_mean

EDITION_FILE = "edition.yaml"
NONE_MET = "0"
PLACES = 4  # decimals that facts and ranges may have; the inference engine compares whole ten-thousandths
_DEFINITION = ("name", "options", "binary", "cases", "only_if", "evidence", "notes", "derive", "oddities")
_USE = ("minimum", "knock_outs", "oddities", "notes")


def load_edition(folder: Path) -> Edition:
    """Read and check the edition in ``folder``.

    Raises:
        NodeError: with every problem found (``NodeError.problems``), each with file, line and column.
    """
    return _EditionLoader(folder).load()


def rule_files(folder: Path) -> list[Path]:
    """The files that decide results, in a fixed order; samples and handbooks are not among them."""
    own = [folder / EDITION_FILE, folder / "facts.yaml", folder / "knock-outs.yaml"]
    return [*own, *sorted((folder / "criteria").glob("*.yaml")), *sorted((folder / "sets").glob("*.yaml"))]


def digest(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over names and texts: changes when anything changes that a result could depend on."""
    total = hashlib.sha256()
    for name, text in files:
        total.update(f"{name}\0{len(text)}\0{text}\0".encode())
    return "sha256:" + total.hexdigest()


class _EditionLoader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reader = Reader()
        self.facts: dict[str, Fact] = {}
        self.knock_outs: dict[str, tuple[Node, dict[str, Node]]] = {}
        self.definitions: dict[str, Node] = {}
        self.used: set[str] = set()
        self.readings: dict[str, Text] = {}
        self.decision = self.annex = ""

    # --- files -------------------------------------------------------------------------------------------------

    def load(self) -> Edition:
        trees: dict[str, Node] = {}
        texts: list[tuple[str, str]] = []
        problems: list[Problem] = []
        for path in rule_files(self.folder):
            name = path.relative_to(self.folder).as_posix()
            shown = f"{self.folder.name}/{name}"
            try:
                text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
                texts.append((name, text))
                self.reader.sources[shown] = text.splitlines()
                trees[name] = nodes.parse(text, shown)
            except NodeError as error:
                problems += error.problems
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
                problems.append(
                    Problem(
                        "file",
                        Text(f"Không đọc được tệp ({reason}).", f"The file cannot be read ({reason})."),
                        position=Position(shown, 1, 1),
                    )
                )
        if problems:
            raise NodeError(problems)
        edition = self._edition(trees, digest(texts))
        self.reader.raise_if_any()
        check_edition(edition, self.reader)
        for key, node in self.definitions.items():
            if key not in self.used:
                self.reader.problem(
                    "unused",
                    node,
                    Text(
                        f"Không bộ sản phẩm nào dùng tiêu chí '{key}'; hãy dùng hoặc xóa.",
                        f"No product set uses criterion '{key}'; use it or delete it.",
                    ),
                )
        self.reader.raise_if_any()
        return edition

    # --- edition.yaml --------------------------------------------------------------------------------------------

    def _edition(self, trees: Mapping[str, Node], rules_digest: str) -> Edition:
        r, root = self.reader, trees[EDITION_FILE]
        got = r.fields(
            root,
            required=(
                "edition",
                "decision",
                "name",
                "issued",
                "annex",
                "windows",
                "kinds",
                "parts",
                "groups",
                "bands",
                "levels",
                "certificate",
                "evidence",
                "readings",
            ),
            optional=("calendar", "remarks", "missing_sets"),
        )
        self.decision, self.annex = r.string(got.get("decision")), r.string(got.get("annex"))
        self.readings = {k: r.text(v) for k, v in r.entries(got.get("readings")).items()}
        for needed in ("none_met", "binary", "only_if", "minimums"):
            if needed not in self.readings and "readings" in got:
                r.problem(
                    "reading-missing",
                    got["readings"],
                    Text(
                        f"Thiếu cách hiểu '{needed}': cần một dòng nói vì sao.",
                        f"Reading '{needed}' is missing: one line why is needed.",
                    ),
                )
        self.facts = {k: self._fact(k, v) for k, v in r.entries(trees["facts.yaml"]).items()}
        self.knock_outs = {
            k: (v, r.fields(v, required=("effect", "name"), optional=("when", "when_any", "reading", "reference")))
            for k, v in r.entries(trees["knock-outs.yaml"]).items()
        }
        for name, tree in trees.items():
            if name.startswith("criteria/"):
                self._add_definitions(tree)
        parts = {k: r.text(v) for k, v in r.entries(got.get("parts")).items()}
        groups = {k: r.text(v) for k, v in r.entries(got.get("groups")).items()}
        evidence = {k: r.text(v) for k, v in r.entries(got.get("evidence")).items()}
        sets: dict[str, ProductSet] = {}
        slugs: dict[str, ProductSet] = {}
        for name, tree in trees.items():
            if name.startswith("sets/"):
                one = self._set(tree, name.removeprefix("sets/").removesuffix(".yaml"), parts, groups, evidence)
                if one.id in sets:
                    r.problem(
                        "set-repeated",
                        one.position,
                        Text(
                            f"Bộ {one.id} đã có trong {sets[one.id].position.file}.",
                            f"Set {one.id} stands already in {sets[one.id].position.file}.",
                        ),
                    )
                sets[one.id] = slugs[one.slug] = one
        certificate = r.fields(got["certificate"], required=("months", "reference")) if "certificate" in got else {}
        return Edition(
            id=r.string(got.get("edition")),
            decision=self.decision,
            name=r.text(got.get("name")),
            issued=r.date(got.get("issued")) or dt.date.min,
            windows=tuple(self._window(n) for n in r.items(got.get("windows"))),
            groups=groups,
            kinds={k: r.text(v) for k, v in r.entries(got.get("kinds")).items()},
            bands=tuple(self._band(n) for n in r.items(got.get("bands"))),
            levels={k: self._level(k, n) for k, n in r.entries(got.get("levels")).items()},
            certificate_months=r.integer(certificate.get("months"), 1, 120),
            certificate_reference=self._cite(certificate.get("reference")),
            calendar={k: self._calendar(k, n) for k, n in r.entries(got.get("calendar")).items()},
            evidence=evidence,
            facts=self.facts,
            sets=dict(sorted(sets.items(), key=lambda item: _natural(item[0]))),
            by_slug=slugs,
            missing_sets={k: r.text(v) for k, v in r.entries(got.get("missing_sets")).items()},
            readings=self.readings,
            remarks=tuple(r.text(n) for n in r.items(got.get("remarks"))),
            digest=rules_digest,
            annex=self.annex,
            position=root.position,
        )

    def _cite(self, node: Node | None) -> str:
        return f"{self.decision}, {self.reader.string(node)}" if node is not None else self.decision

    def _basis(self, node: Node | None) -> Basis:
        return STATED if node is None else Basis(False, self.reader.text(node))

    def _window(self, node: Node) -> Window:
        r = self.reader
        got = r.fields(
            node,
            required=("kinds", "reference"),
            optional=("filed_from", "filed_until", "decided_until", "levels", "reading"),
        )
        return Window(
            r.strings(got.get("kinds")),
            r.date(got.get("filed_from")),
            r.date(got.get("filed_until")),
            r.date(got.get("decided_until")),
            r.strings(got.get("levels")),
            self._cite(got.get("reference")),
            self._basis(got.get("reading")),
            node.position,
        )

    def _band(self, node: Node) -> Band:
        r = self.reader
        got = r.fields(node, required=("stars", "mean", "reference"), optional=("reading",))
        return Band(
            r.integer(got.get("stars"), 1, 5),
            self._interval(got.get("mean")),
            self._cite(got.get("reference")),
            self._basis(got.get("reading")),
            node.position,
        )

    def _level(self, key: str, node: Node) -> Level:
        r = self.reader
        got = r.fields(node, required=("name", "recognises", "reference"), optional=("forwards_to", "below", "reading"))
        stars = tuple(r.integer(n, 1, 5) for n in r.items(got.get("recognises")))
        return Level(
            key,
            r.text(got.get("name")),
            stars,
            r.string(got.get("forwards_to")),
            r.optional_text(got.get("below")),
            self._cite(got.get("reference")),
            self._basis(got.get("reading")),
            node.position,
        )

    def _calendar(self, key: str, node: Node) -> CalendarEntry:
        r = self.reader
        entries = r.entries(node)
        values = {k: r.string(v) for k, v in entries.items() if k not in ("name", "reference", "reading")}
        return CalendarEntry(
            key,
            r.text(entries.get("name")),
            values,
            self._cite(entries.get("reference")),
            self._basis(entries.get("reading")),
            node.position,
        )

    # --- facts, ranges, conditions ---------------------------------------------------------------------------------

    def _fact(self, key: str, node: Node) -> Fact:
        r = self.reader
        got = r.fields(node, required=("kind", "name"), optional=("choices",))
        kind = r.choice(got.get("kind"), [k.value for k in FactKind], FactKind.YES_NO)
        choices = {k: r.text(v) for k, v in r.entries(got.get("choices")).items()}
        if (kind == FactKind.CHOICE) != bool(choices):
            r.problem(
                "fact-choices",
                node,
                Text(
                    "'choices' đi cùng 'kind: choice', và chỉ khi đó.",
                    "'choices' goes with 'kind: choice', and only then.",
                ),
            )
        return Fact(key, r.text(got.get("name")), FactKind(kind), choices, node.position)

    def _interval(self, node: Node | None) -> Interval:
        text = self.reader.string(node).replace(" ", "")
        low_text, comma, high_text = text[1:-1].partition(",")
        low, high = parse_decimal(low_text), parse_decimal(high_text)
        shaped = text.startswith(("[", "(")) and text.endswith((")", "]")) and comma
        if node is not None and not (
            shaped and (low is not None or not low_text) and (high is not None or not high_text)
        ):
            self.reader.problem(
                "range",
                node,
                Text(
                    f'\'{text}\' không phải khoảng; viết "[25, 50)" (25 kể cả, 50 không), "[12, )" khi không có cận trên.',
                    f'\'{text}\' is not a range; write "[25, 50)" (25 included, 50 not), or "[12, )" for no upper end.',
                ),
            )
            return Interval(None, None, False, False)
        if (
            node is not None
            and low is not None
            and high is not None
            and (low > high or (low == high and text[0] + text[-1] != "[]"))
        ):
            self.reader.problem(
                "range-empty", node, Text(f"Khoảng '{text}' không chứa số nào.", f"Range '{text}' contains no number.")
            )
        if node is not None and any(end is not None and end != round(end, PLACES) for end in (low, high)):
            self.reader.problem(
                "range-places",
                node,
                Text(f"Khoảng '{text}' có quá {PLACES} chữ số lẻ.", f"Range '{text}' has more than {PLACES} decimals."),
            )
        return Interval(low, high, text[:1] == "[", text[-1:] == "]")

    def _condition(self, node: Node) -> tuple[tuple[str, Interval | frozenset[str]], ...]:
        """``{fact: range or word or [words], "criterion 6.1": range}`` as subject and allowed values."""
        r = self.reader
        pairs: list[tuple[str, Interval | frozenset[str]]] = []
        for key, value in r.entries(node).items():
            if key.startswith("criterion "):
                pairs.append((f"criterion:{key.removeprefix('criterion ').strip()}", self._interval(value)))
                continue
            fact = self.facts.get(key)
            if fact is None:
                r.problem(
                    "fact-unknown",
                    value,
                    Text(
                        f"Chưa khai báo dữ kiện '{key}' trong facts.yaml.",
                        f"Fact '{key}' is not declared in facts.yaml.",
                    )
                    + did_you_mean(key, self.facts),
                )
            elif fact.kind is FactKind.YES_NO:
                yes = r.yes_no(value)
                pairs.append((f"fact:{key}", frozenset({"yes" if yes else "no"})))
            elif fact.kind is FactKind.CHOICE:
                words = (
                    [r.choice(value, fact.choices)]
                    if isinstance(value, Scalar)
                    else [r.choice(n, fact.choices) for n in r.items(value)]
                )
                pairs.append((f"fact:{key}", frozenset(words)))
            else:
                pairs.append((f"fact:{key}", self._interval(value)))
        return tuple(pairs)

    def _tests(self, node: Node) -> list[tuple[Comparison, ...]]:
        """One conjunction, or several where a test allows several words."""
        alternatives: list[tuple[Comparison, ...]] = [()]
        for subject, allowed in self._condition(node):
            if isinstance(allowed, Interval):
                extra = [interval_tests(subject, allowed)]
            else:
                places = sorted(self._place(subject.removeprefix("fact:"), word) for word in allowed)
                extra = [
                    (Comparison(subject, Op.AT_LEAST, Decimal(p)), Comparison(subject, Op.AT_MOST, Decimal(p)))
                    for p in places
                ]
            alternatives = [(*old, *new) for old in alternatives for new in extra]
        return alternatives

    def _place(self, fact: str, word: str) -> int:
        known = self.facts[fact]
        return (
            list(known.choices).index(word)
            if known.kind is FactKind.CHOICE and word in known.choices
            else int(word in YES)
        )

    # --- criteria ------------------------------------------------------------------------------------------------------

    def _add_definitions(self, tree: Node) -> None:
        for key, node in self.reader.entries(tree).items():
            if key in self.definitions:
                self.reader.problem(
                    "criterion-repeated",
                    node,
                    Text(
                        f"Tiêu chí '{key}' đã có ở {self.definitions[key].position}.",
                        f"Criterion '{key}' stands already at {self.definitions[key].position}.",
                    ),
                )
            self.definitions[key] = node

    def _criterion(
        self,
        node: Node,
        number: str,
        group: Group | None,
        where: str,
        evidence_known: Mapping[str, Text],
    ) -> Criterion:
        r = self.reader
        own = r.entries(node)
        section = "section" in own
        heading = ("section",) if section else ("number",)
        key = ""
        if "use" in own:
            use = r.fields(node, required=(*heading, "use"), optional=_USE)
            key = r.string(use.get("use"))
            definition = self.definitions.get(key)
            if definition is None:
                r.problem(
                    "criterion-unknown",
                    use["use"],
                    Text(f"Không có tiêu chí '{key}' trong criteria/.", f"There is no criterion '{key}' in criteria/.")
                    + did_you_mean(key, self.definitions),
                )
                definition = nodes.Mapping({}, node.position)
            else:
                self.used.add(key)
            body = r.fields(
                definition, required=("name",) if definition.position != node.position else (), optional=_DEFINITION
            )
        else:
            use = body = r.fields(node, required=(*heading, "name"), optional=(*_DEFINITION, *_USE))
            definition = node
        options, cases = self._options(definition, body)
        both = (body, use) if use is not body else (body,)
        none_met = None
        if options and not any(o.points == 0 for o in options):
            name = Text("Không đáp ứng mức nào", "None of the options is met")
            none_met = Option(NONE_MET, 0, name, definition.position, printed=False)
        evidence = tuple(r.choice(n, evidence_known) for n in r.items(body.get("evidence")))
        return Criterion(
            number=number,
            key=key,
            name=r.text(body.get("name")),
            max=max((o.points for o in options), default=0),
            options=options,
            none_met=none_met,
            cases=cases,
            minimums=self._minimums(use.get("minimum")),
            derive=self._derive(body.get("derive")),
            only_if=self._only_if(body.get("only_if")),
            evidence=evidence,
            notes=tuple(r.text(n) for part in both for n in r.items(part.get("notes"))),
            oddities=tuple(r.text(n) for part in both for n in r.items(part.get("oddities"))),
            group=group,
            is_section=section,
            reference=f"{where}, tiêu chí {number}",
            position=node.position,
        )

    def _options(self, node: Node, body: dict[str, Node]) -> tuple[tuple[Option, ...], dict[str, Text]]:
        r = self.reader
        forms = [k for k in ("options", "binary", "cases") if k in body]
        if len(forms) != 1:
            if body:
                r.problem(
                    "options",
                    node,
                    Text(
                        "Tiêu chí cần đúng một trong: options, binary, cases.",
                        "A criterion needs exactly one of: options, binary, cases.",
                    ),
                )
            return (), {}
        if "binary" in body:
            r.yes_no(body["binary"])
            at = body["binary"].position
            return (
                Option("0", 0, Text("Không đáp ứng", "Not met"), at, printed=False),
                Option("1", 1, Text("Đáp ứng", "Met"), at, printed=False),
            ), {}
        if "options" in body:
            return tuple(self._option(n, "") for n in r.items(body["options"])), {}
        cases: dict[str, Text] = {}
        options: list[Option] = []
        for case, n in r.entries(body["cases"]).items():
            got = r.fields(n, required=("name", "options"))
            cases[case] = r.text(got.get("name"))
            options += [self._option(o, case) for o in r.items(got.get("options"))]
        return tuple(options), cases

    def _option(self, node: Node, case: str) -> Option:
        r = self.reader
        got = r.fields(node, required=("points", "vi", "en"), optional=("id",))
        points = r.integer(got.get("points"), 0, 100)
        return Option(
            r.string(got.get("id"), f"{case}{points}"),
            points,
            Text(r.string(got.get("vi")), r.string(got.get("en"))),
            node.position,
            case,
        )

    def _minimums(self, node: Node | None) -> tuple[Minimum, ...]:
        r = self.reader
        found = []
        for stars, value in r.entries(node).items():
            if stars not in ("1", "2", "3", "4", "5"):
                r.problem(
                    "minimum-stars",
                    value,
                    Text(
                        f"'{stars}' không phải số sao; viết {{số sao: điểm}}, ví dụ {{4: 2}}.",
                        f"'{stars}' is not a number of stars; write {{stars: points}}, such as {{4: 2}}.",
                    ),
                )
            elif isinstance(value, Scalar):
                found.append(Minimum(int(stars), r.integer(value, 0, 100), STATED))
            else:
                got = r.fields(value, required=("points", "reading"))
                found.append(Minimum(int(stars), r.integer(got.get("points"), 0, 100), self._basis(got.get("reading"))))
        return tuple(sorted(found, key=lambda m: m.stars))

    def _derive(self, node: Node | None) -> tuple[DeriveRow, ...]:
        rows = []
        for n in self.reader.items(node):
            entries = self.reader.entries(n)
            facts = nodes.Mapping({k: v for k, v in entries.items() if k not in ("option", "unclear")}, n.position)
            option, unclear = (
                self.reader.string(entries.get("option")),
                self.reader.optional_text(entries.get("unclear")),
            )
            if not option and unclear is None:
                self.reader.problem(
                    "derive",
                    n,
                    Text(
                        "Cần 'option' (mức điểm) hoặc 'unclear' (vì sao không rõ).",
                        "Either 'option' or 'unclear' (why it cannot be told) is needed.",
                    ),
                )
            rows.append(
                DeriveRow(
                    tuple((s.removeprefix("fact:"), v) for s, v in self._condition(facts)), option, unclear, n.position
                )
            )
        return tuple(rows)

    def _only_if(self, node: Node | None) -> OnlyIf | None:
        if node is None:
            return None
        got = self.reader.fields(node, required=("criterion", "at_least"))
        return OnlyIf(
            self.reader.string(got.get("criterion")),
            self.reader.integer(got.get("at_least"), 1, 100),
            Basis(False, self.readings.get("only_if")),
            node.position,
        )

    # --- sets/*.yaml -----------------------------------------------------------------------------------------------------

    def _set(
        self,
        tree: Node,
        file_name: str,
        part_names: Mapping[str, Text],
        groups: Mapping[str, Text],
        evidence: Mapping[str, Text],
    ) -> ProductSet:
        r = self.reader
        got = r.fields(
            tree, required=("set", "name", "group", "sheet"), optional=("subgroup", "agency", "knock_outs", "oddities")
        )
        number = r.string(got.get("set"))
        where = f"{self.decision}, {self.annex}, bộ {number}"
        outs = [self._knock_out(n, where) for n in r.items(got.get("knock_outs"))]
        parts = []
        for node in r.items(got.get("sheet")):
            p = r.fields(node, required=("part", "max", "sections"))
            code = r.choice(p.get("part"), part_names)
            sections = tuple(self._section(n, where, outs, evidence) for n in r.items(p.get("sections")))
            parts.append(Part(code, part_names.get(code, Text("", "")), r.integer(p.get("max"), 0, 100), sections))
        return ProductSet(
            number,
            file_name.partition("-")[2] or file_name,
            r.text(got.get("name")),
            r.choice(got.get("group"), groups),
            r.text(got.get("subgroup")),
            r.text(got.get("agency")),
            tuple(parts),
            tuple(o for o in outs if o),
            tuple(r.text(n) for n in r.items(got.get("oddities"))),
            where,
            tree.position,
        )

    def _section(self, node: Node, where: str, outs: list[KnockOut | None], evidence: Mapping[str, Text]) -> Section:
        r = self.reader
        entries = r.entries(node)
        number = r.string(entries.get("section"))
        if "criteria" not in entries:
            criterion = self._criterion(node, number, None, where, evidence)
            self._criterion_outs(entries, criterion, outs)
            return Section(number, criterion.name, criterion.max, (criterion,))
        got = r.fields(node, required=("section", "name", "max", "criteria"))
        criteria: list[Criterion] = []
        for n in r.items(got.get("criteria")):
            inner = r.entries(n)
            if "group" in inner:
                g = r.fields(n, required=("group", "name", "max", "criteria"))
                group: Group | None = Group(
                    r.string(g.get("group")), r.text(g.get("name")), r.integer(g.get("max"), 0, 100)
                )
                members = r.items(g.get("criteria"))
            else:
                group, members = None, (n,)
            for member in members:
                own = r.entries(member)
                criterion = self._criterion(member, r.string(own.get("number")), group, where, evidence)
                self._criterion_outs(own, criterion, outs)
                criteria.append(criterion)
        return Section(number, r.text(got.get("name")), r.integer(got.get("max"), 0, 100), tuple(criteria))

    def _criterion_outs(self, entries: Mapping[str, Node], criterion: Criterion, outs: list[KnockOut | None]) -> None:
        outs += [self._knock_out(n, criterion.reference) for n in self.reader.items(entries.get("knock_outs"))]

    def _knock_out(self, node: Node, reference: str) -> KnockOut | None:
        r = self.reader
        key = r.string(node)
        if key not in self.knock_outs:
            r.problem(
                "knock-out-unknown",
                node,
                Text(f"Không có '{key}' trong knock-outs.yaml.", f"There is no '{key}' in knock-outs.yaml.")
                + did_you_mean(key, self.knock_outs),
            )
            return None
        definition, got = self.knock_outs[key]
        self_conditions = [got["when"]] if "when" in got else list(r.items(got.get("when_any")))
        if not self_conditions:
            r.problem(
                "knock-out-when", definition, Text("Cần 'when' hoặc 'when_any'.", "'when' or 'when_any' is needed.")
            )
        condition = Condition(tuple(tests for c in self_conditions for tests in self._tests(c)))
        effect = Effect(r.choice(got.get("effect"), [e.value for e in Effect], Effect.HALT))
        cited = self._cite(got["reference"]) if "reference" in got else reference
        return KnockOut(
            key, effect, r.text(got.get("name")), condition, cited, self._basis(got.get("reading")), definition.position
        )


def interval_tests(subject: str, interval: Interval) -> tuple[Comparison, ...]:
    """A range as comparisons."""
    tests = []
    if interval.low is not None:
        tests.append(Comparison(subject, Op.AT_LEAST if interval.low_closed else Op.ABOVE, interval.low))
    if interval.high is not None:
        tests.append(Comparison(subject, Op.AT_MOST if interval.high_closed else Op.BELOW, interval.high))
    return tuple(tests)


def _natural(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdigit() else (1 << 30, key)


__all__ = ["EDITION_FILE", "NONE_MET", "digest", "interval_tests", "load_edition", "rule_files"]
