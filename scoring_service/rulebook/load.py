"""Reads one edition folder into an ``Edition``.

All files are read before anything is judged, so one run shows every mistake of the folder.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from scoring_service.problems import Position, Problem
from scoring_service.rulebook import nodes
from scoring_service.rulebook.check import check_edition
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.model import (
    Band,
    CalendarEntry,
    CouncilRules,
    Edition,
    Level,
    MinimumBy,
    Mode,
    ProductSet,
    Proving,
    Role,
    Window,
)
from scoring_service.rulebook.nodes import Node, NodeError
from scoring_service.rulebook.read_conditions import ConditionReader
from scoring_service.rulebook.read_sheets import Frame, SheetReader
from scoring_service.rulebook.reader import Reader

EDITION_FILE = "edition.yaml"
SINGLE_FILES = (EDITION_FILE, "facts.yaml", "knock-outs.yaml")
FOLDERS = ("criteria", "sets", "councils")
READINGS = ("none_met", "binary", "only_if", "minimums", "forwarding", "waiting")
ANCHORS = ("filed_on", "proposed_on", "complete_on", "decided_on", "expires_on", "certificate_end")
FILING = ("earliest", "latest")
DONE_BY = ("proposed_on", "complete_on", "decided_on")
UNITS = ("days", "working_days", "months")
CERTIFICATE_END = "certificate-end"
"""Not an entry of the calendar: the day on which a certificate ends, which every edition has."""
_LONGEST = 10_000


def load_edition(folder: Path) -> Edition:
    """Read and check the edition in ``folder``.

    Raises:
        NodeError: with every problem found (``NodeError.problems``), each with file, line and column.
    """
    reader = Reader()
    trees, texts = _trees(folder, reader)
    edition = _EditionReader(reader, trees).edition(digest(texts))
    check_edition(edition, reader)
    reader.raise_if_any()
    return edition


def rule_files(folder: Path) -> list[Path]:
    """The files that decide results, in a fixed order; samples and handbooks are not among them."""
    own = [folder / name for name in SINGLE_FILES]
    return own + [path for name in FOLDERS for path in sorted((folder / name).glob("*.yaml"))]


def digest(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over names and texts: changes when anything changes that a result could depend on."""
    total = hashlib.sha256()
    for name, text in files:
        total.update(f"{name}\0{len(text)}\0{text}\0".encode())
    return "sha256:" + total.hexdigest()


def _trees(folder: Path, reader: Reader) -> tuple[dict[str, Node], list[tuple[str, str]]]:
    """Every rule file as a tree and as text, by its name inside the folder; unreadable files are all reported."""
    trees: dict[str, Node] = {}
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for path in rule_files(folder):
        name = path.relative_to(folder).as_posix()
        shown = f"{folder.name}/{name}"
        try:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
            texts.append((name, text))
            reader.sources[shown] = text.splitlines()
            trees[name] = nodes.parse(text, shown)
        except NodeError as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            problems.append(Problem("FILE_UNREADABLE", {"reason": reason}, position=Position(shown, 1, 1)))
    if problems:
        raise NodeError(problems)
    return trees, texts


class _EditionReader:
    """edition.yaml and councils/, with the sheets read by ``SheetReader``."""

    def __init__(self, reader: Reader, trees: Mapping[str, Node]) -> None:
        self._reader, self._trees = reader, trees
        self._decision = ""
        self._conditions = ConditionReader(reader, trees["facts.yaml"])

    def edition(self, rules_digest: str) -> Edition:
        r, root = self._reader, self._trees[EDITION_FILE]
        required = ("edition", "decision", "name", "issued", "annex", "windows", "kinds", "parts", "groups", "bands",
                    "levels", "certificate", "evidence", "readings")  # fmt: skip
        got = r.fields(root, required=required, optional=("calendar", "remarks", "missing_sets", "proving", "document"))
        self._decision = r.string(got.get("decision"))
        readings = self._readings(got.get("readings"))
        groups, evidence = r.texts(got.get("groups")), r.texts(got.get("evidence"))
        annex = r.string(got.get("annex"))
        sets = self._sets(Frame(self._decision, annex, r.texts(got.get("parts")), groups, evidence, readings))
        certificate = r.fields(got["certificate"], required=("months", "reference")) if "certificate" in got else {}
        return Edition(
            id=r.string(got.get("edition")),
            decision=self._decision,
            name=r.text(got.get("name")),
            issued=r.date(got.get("issued")) or dt.date.min,
            windows=tuple(self._window(n) for n in r.items(got.get("windows"))),
            groups=groups,
            kinds=r.texts(got.get("kinds")),
            bands=tuple(self._band(n) for n in r.items(got.get("bands"))),
            levels=tuple(self._level(k, n) for k, n in r.entries(got.get("levels")).items()),
            councils=self._councils(),
            certificate_months=r.integer(certificate.get("months"), 1, 120),
            certificate_reference=self._cite(certificate.get("reference")),
            calendar=tuple(self._calendar(k, n) for k, n in r.entries(got.get("calendar")).items()),
            evidence=evidence,
            proving=self._proving(got.get("proving"), evidence),
            facts=self._conditions.facts,
            sets={s.number: s for s in sorted(sets, key=lambda s: _natural(s.number))},
            by_slug={s.slug: s for s in sets},
            missing_sets=r.texts(got.get("missing_sets")),
            readings=readings,
            remarks=tuple(r.text(n) for n in r.items(got.get("remarks"))),
            digest=rules_digest,
            annex=annex,
            position=root.position,
        )

    def _proving(self, node: Node | None, evidence: Mapping[str, Label]) -> Proving:
        r = self._reader
        got = r.fields(node, required=("evidence", "reading")) if node is not None else {}
        listed = frozenset(r.choice(n, evidence) for n in r.items(got.get("evidence")))
        return Proving(listed, r.basis(got.get("reading")))

    def _readings(self, node: Node | None) -> dict[str, Label]:
        readings = self._reader.texts(node)
        for needed in READINGS if node is not None else ():
            if needed not in readings:
                self._reader.problem("READING_MISSING", node or self._trees[EDITION_FILE], needed=needed)
        return readings

    def _sets(self, frame: Frame) -> list[ProductSet]:
        sheets = SheetReader(self._reader, self._conditions, frame, self._trees["knock-outs.yaml"])
        for name, tree in self._trees.items():
            if name.startswith("criteria/"):
                sheets.add_criteria(tree)
        found: dict[str, ProductSet] = {}
        for name, tree in self._trees.items():
            if name.startswith("sets/"):
                one = sheets.product_set(tree, name.removeprefix("sets/").removesuffix(".yaml"))
                if one.number in found:
                    at = found[one.number].position.file
                    self._reader.problem("SET_REPEATED", one.position, set=one.number, at=at)
                found[one.number] = one
        sheets.report_unused()
        return list(found.values())

    def _cite(self, node: Node | None) -> str:
        return f"{self._decision}, {self._reader.string(node)}" if node is not None else self._decision

    def _window(self, node: Node) -> Window:
        r = self._reader
        optional = ("filed_from", "filed_until", "decided_until", "late", "reading")
        got = r.fields(node, required=("kinds", "reference"), optional=optional)
        return Window(
            kinds=r.strings(got.get("kinds")),
            filed_from=r.date(got.get("filed_from")),
            filed_until=r.date(got.get("filed_until")),
            decided_until=r.date(got.get("decided_until")),
            late=r.optional_text(got.get("late")),
            reference=self._cite(got.get("reference")),
            basis=r.basis(got.get("reading")),
            position=node.position,
        )

    def _band(self, node: Node) -> Band:
        r = self._reader
        got = r.fields(node, required=("stars", "mean", "reference"), optional=("reading",))
        return Band(
            stars=r.integer(got.get("stars"), 1, 5),
            interval=self._conditions.interval(got.get("mean")),
            reference=self._cite(got.get("reference")),
            basis=r.basis(got.get("reading")),
            position=node.position,
        )

    def _level(self, key: str, node: Node) -> Level:
        r = self._reader
        optional = ("level", "from", "until", "forwards_to", "below", "after_forwarding", "reading")
        got = r.fields(node, required=("name", "recognises", "reference"), optional=optional)
        return Level(
            id=key,
            word=r.string(got.get("level"), key),
            name=r.text(got.get("name")),
            start=r.date(got.get("from")),
            end=r.date(got.get("until")),
            recognises=tuple(r.integer(n, 1, 5) for n in r.items(got.get("recognises"))),
            forwards_to=r.string(got.get("forwards_to")),
            below=r.optional_text(got.get("below")),
            after_forwarding=r.optional_text(got.get("after_forwarding")),
            reference=self._cite(got.get("reference")),
            basis=r.basis(got.get("reading")),
            position=node.position,
        )

    def _calendar(self, key: str, node: Node) -> CalendarEntry:
        r = self._reader
        optional = (
            "after",
            "before",
            *UNITS,
            "kinds",
            "level",
            "filing",
            "done_by",
            "if_missed",
            "stays_on_day_off",
            "proposed_before",
            "decided_before",
            "reading",
        )
        got = r.fields(node, required=("name", "reference"), optional=optional)
        unit = next((u for u in UNITS if u in got), "")
        is_round = "proposed_before" in got and "decided_before" in got
        if is_round == bool(unit and ("after" in got) != ("before" in got)) or sum(u in got for u in UNITS) > 1:
            r.problem("CALENDAR", node)
        of_term = [name for name in ("filing", "done_by", "if_missed", "stays_on_day_off") if name in got]
        if (is_round and of_term) or {"filing", "done_by"} <= set(of_term):
            r.problem("CALENDAR_TERM", node, keys=tuple(of_term))
        if key == CERTIFICATE_END:
            r.problem("CALENDAR_RESERVED", node, entry=key)
        return CalendarEntry(
            id=key,
            name=r.text(got.get("name")),
            kinds=r.strings(got.get("kinds")),
            level=r.string(got.get("level")),
            filing=r.choice(got.get("filing"), FILING),
            done_by=r.choice(got.get("done_by"), DONE_BY),
            if_missed=r.string(got.get("if_missed")),
            stays=r.yes_no(got.get("stays_on_day_off")),
            anchor=r.choice(got.get("after", got.get("before")), ANCHORS),
            sign=1 if "after" in got else -1,
            unit=unit,
            count=r.integer(got.get(unit), 1, _LONGEST),
            proposed_before=self._day_of_year(got.get("proposed_before")),
            decided_before=self._day_of_year(got.get("decided_before")),
            reference=self._cite(got.get("reference")),
            basis=r.basis(got.get("reading")),
            position=node.position,
        )

    def _day_of_year(self, node: Node | None) -> tuple[int, int]:
        if node is None:
            return (0, 0)
        text = self._reader.string(node)
        try:
            day = dt.date.fromisoformat(f"2023-{text}")
        except ValueError:
            self._reader.problem("MONTH_DAY", node, text=text)
            return (1, 1)
        return (day.month, day.day)

    def _councils(self) -> dict[str, CouncilRules]:
        found = {}
        for name, tree in self._trees.items():
            if name.startswith("councils/"):
                key = name.removeprefix("councils/").removesuffix(".yaml")
                found[key] = self._council(key, tree)
        return found

    def _council(self, key: str, tree: Node) -> CouncilRules:
        r = self._reader
        required = ("level", "name", "scorers", "mode", "minimums", "decimals", "practice")
        got = r.fields(tree, required=required, optional=("quorum", "spread", "meanwhile"))
        quorum = r.fields(got["quorum"], required=("share", "chair")) if "quorum" in got else {}
        spread = r.fields(got["spread"], required=("limit", "far")) if "spread" in got else {}
        return CouncilRules(
            id=key,
            level=r.string(got.get("level")),
            name=r.text(got.get("name")),
            scorers=tuple(Role(r.choice(n, list(Role), Role.MEMBER)) for n in r.items(got.get("scorers"))),
            quorum=r.fraction(quorum["share"]) if "share" in quorum else None,
            chair_needed=r.yes_no(quorum.get("chair")),
            spread_limit=r.points(spread["limit"]) if "limit" in spread else None,
            far=r.points(spread["far"]) if "far" in spread else None,
            mode={k: Mode(r.choice(v, list(Mode), Mode.MEETING)) for k, v in r.entries(got.get("mode")).items()},
            minimum_by=MinimumBy(r.choice(got.get("minimums"), list(MinimumBy), MinimumBy.MEAN)),
            decimals=r.integer(got.get("decimals"), 0, 4),
            meanwhile=r.integer(got["meanwhile"], 1, 5) if "meanwhile" in got else 0,
            practice=r.text(got.get("practice")),
            position=tree.position,
        )


def _natural(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdigit() else (1 << 30, key)
