"""Reads one edition folder, with the one it amends, into an ``Edition``.

All files are read before anything is judged, so one run shows every mistake of the folder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from scoring_service.plaintext import parse_day, shorten
from scoring_service.problems import Inherited, Passages, Problem, Suggestion, Weight
from scoring_service.rulebook.amend import natural
from scoring_service.rulebook.check import check_edition
from scoring_service.rulebook.files import Files, read_files
from scoring_service.rulebook.folder import EDITION_FILE
from scoring_service.rulebook.folder import FACTS as FACTS_FILE
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.forms_of_editions import COUNCIL, EDITION, READINGS, UNITS
from scoring_service.rulebook.label import STATED, Label
from scoring_service.rulebook.model import (
    CERTIFICATE_END,
    Band,
    CalendarEntry,
    Certificate,
    Citation,
    Closing,
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
from scoring_service.rulebook.read_conditions import ConditionReader
from scoring_service.rulebook.read_sheets import Frame, SheetReader
from scoring_service.rulebook.rule_reader import RuleReader

_OF_BANDS = {"MINIMUM"}
"""What would not be true where a band could not be read."""


def load_edition(folder: Path) -> Edition:
    """Read and check the edition in ``folder``.

    Raises:
        NodeError: with every problem found (``NodeError.problems``), each with file, line and column.
    """
    reader = RuleReader()
    files = read_files(folder, reader)
    of_edition = _EditionReader(reader, files)
    edition = of_edition.edition()
    check_edition(edition, files, reader)
    of_edition.warn(edition.id)
    reader.problems = [_where_to_mend(problem, folder.name) for problem in reader.problems]
    reader.raise_if_any()
    return replace(edition, warnings=tuple(reader.problems))


def texts_to_translate(folder: Path) -> list[str]:
    """The texts of the edition in ``folder`` that have no English and no pair in its own catalogue, in the order of the files.

    Whatever else is wrong with it does not matter here.

    Raises:
        NodeError: neither the edition file nor the facts can be read.
    """
    reader = RuleReader()
    _EditionReader(reader, read_files(folder, reader)).edition()
    placed = reader.translations.unpaired()
    return sorted(placed, key=lambda text: (placed[text].file, placed[text].line, placed[text].column))


def _where_to_mend(problem: Problem, folder: str) -> Problem:
    """What is wrong in a rule that an older edition states, as this one amends it: that edition stays as it is, and this one says otherwise."""
    stands, _, name = problem.position.file.partition("/") if problem.position else (folder, "", "")
    if stands == folder or problem.weight is not Weight.ERROR:
        return problem
    return replace(problem, values={**problem.values, "inherited": Inherited(stands, f"{folder}/{name}")})


class _EditionReader:
    """edition.yaml and councils/, with the sheets read by ``SheetReader``."""

    def __init__(self, reader: RuleReader, files: Files) -> None:
        self._reader, self._files = reader, files
        self._conditions = ConditionReader(reader, files.trees[FACTS_FILE])

    def edition(self) -> Edition:
        r, root = self._reader, self._files.trees[EDITION_FILE]
        got = EDITION.read(root, r)
        if any(p.path.startswith("bands") and p.position and p.position.file == root.position.file for p in r.problems):
            r.silent |= _OF_BANDS
        for needed in READINGS:
            if got.has("readings") and needed not in got["readings"]:
                others = [name for name in got["readings"] if name not in READINGS]
                near = Suggestion.of(needed, others).nearest
                r.problem("READING_MISSING", got.at("readings"), needed=needed, near=near)
        sets = self._sets(
            Frame(*(got[key] for key in ("parts", "sections", "groups", "agencies", "evidence", "readings")))
        )
        certificate, proving = got["certificate"], got["proving"]
        return Edition(
            id=got["edition"],
            amends=got["amends"],
            decision=got["decision"],
            name=got["name"],
            issued=got["issued"] or dt.date.min,
            windows=tuple(_window(one) for one in got["windows"]),
            closes=tuple(Closing(one["edition"], _window(one)) for one in got["closes"]),
            groups=got["groups"],
            kinds=got["kinds"],
            total=got["total"],
            bands=tuple(self._band(int(stars), one) for stars, one in got["bands"].items() if stars.isdecimal()),
            levels=tuple(_level(key, one) for key, one in got["levels"].items()),
            councils=self._councils(),
            certificates=tuple(self._certificates(certificate)) if certificate else (),
            calendar=tuple(self._calendar(key, one) for key, one in got["calendar"].items()),
            evidence=got["evidence"],
            proving=self._proving(proving, got["evidence"]) if proving else Proving(frozenset(), STATED),
            facts=self._conditions.facts,
            sets={s.number: s for s in sorted(sets, key=lambda s: natural(s.number))},
            by_slug={s.slug: s for s in sets},
            missing_sets=got["missing_sets"],
            readings=got["readings"],
            remarks=got["remarks"],
            digest=self._files.digest,
            annex=got["annex"],
            position=root.position,
            cited=(*self._own_place(got), *r.cited),
        )

    @staticmethod
    def _own_place(got: Entry) -> Iterator[Citation]:
        """The decision and its annex, with which most references begin."""
        yield Citation(got["decision"], got.at("decision").position)
        if got["annex"]:
            yield Citation(f"{got['decision']}, {got['annex']}", got.at("annex").position)

    def warn(self, edition: str) -> None:
        """Note texts without a translation, all in one, and where all could be read the translations that nothing says."""
        r = self._reader
        missing = r.translations.missing
        if missing:
            at = next(iter(missing.values()))
            r.problem("TRANSLATION_MISSING", at, count=len(missing), edition=edition, texts=Passages.of(missing))
        for text, at in r.translations.unused().items() if not r.failures else ():
            r.problem("TRANSLATION_UNUSED", at, text=shorten(text))

    def _certificates(self, got: Entry) -> Iterator[Certificate]:
        yield Certificate(None, got["months"], got["reference"], got.position)
        for day, later in sorted(got["later"].items()):
            start = parse_day(day)
            if start is None:
                self._reader.problem("DATE", later.node, given=day)
            else:
                yield Certificate(start, later["months"], later["reference"], later.position)

    def _proving(self, got: Entry, evidence: Mapping[str, Label]) -> Proving:
        return Proving(frozenset(self._reader.choice(n, evidence) for n in got["evidence"]), got["reading"])

    def _sets(self, frame: Frame) -> list[ProductSet]:
        sheets, found = SheetReader(self._reader, self._conditions, frame, self._files), dict[str, ProductSet]()
        for slug in self._files.sets:
            one = sheets.product_set(slug)
            if one.number in found:
                at = found[one.number].position.file
                misnamed = {p.position.file for p in self._reader.problems if p.code == "FILE_NUMBER" and p.position}
                if not misnamed & {at, one.position.file}:  # else one of the two has a number that is not its own
                    self._reader.problem("SET_REPEATED", one.position, set=one.number, at=at)
            found[one.number] = one
        if found:
            sheets.report()
        return list(found.values())

    def _band(self, stars: int, got: Entry) -> Band:
        return Band(stars, self._conditions.interval(got["mean"]), got["reference"], got["reading"], got.position)

    def _calendar(self, key: str, got: Entry) -> CalendarEntry:
        r = self._reader
        units = [unit for unit in UNITS if got.has(unit)]
        is_round = got.has("proposed_before") and got.has("decided_before")
        if is_round == bool(units and got.has("after") != got.has("before")) or len(units) > 1:
            r.problem("CALENDAR", got.node)
        of_term = [name for name in ("filing", "done_by", "if_missed", "stays_on_day_off") if got.has(name)]
        if (is_round and of_term) or {"filing", "done_by"} <= set(of_term):
            r.problem("CALENDAR_TERM", got.node, keys=tuple(of_term))
        if key == CERTIFICATE_END:
            r.problem("CALENDAR_RESERVED", got.node, entry=key)
        return CalendarEntry(
            id=key,
            name=got["name"],
            kinds=got["kinds"],
            level=got["level"],
            filing=got["filing"],
            done_by=got["done_by"],
            if_missed=got["if_missed"],
            stays=got["stays_on_day_off"],
            anchor=got["after"] or got["before"],
            sign=1 if got.has("after") else -1,
            unit=units[0] if units else "",
            count=got[units[0]] if units else 0,
            proposed_before=got["proposed_before"],
            decided_before=got["decided_before"],
            reference=got["reference"],
            basis=got["reading"],
            position=got.position,
        )

    def _councils(self) -> dict[str, CouncilRules]:
        r, trees = self._reader, self._files.trees
        named = {name.removeprefix("councils/"): tree for name, tree in trees.items() if name.startswith("councils/")}
        return {key: _council(key, COUNCIL.read(tree, r)) for key, tree in named.items()}


def _window(got: Entry) -> Window:
    """A window, or the end of one, which has no first day."""
    return Window(
        kinds=got["kinds"],
        filed_from=got.get("filed_from"),
        filed_until=got["filed_until"],
        decided_until=got["decided_until"],
        late=got["late"],
        reference=got["reference"],
        basis=got["reading"],
        position=got.position,
    )


def _level(key: str, got: Entry) -> Level:
    return Level(
        id=key,
        word=got["level"] or key,
        name=got["name"],
        start=got["from"],
        end=got["until"],
        recognises=got["recognises"],
        forwards_to=got["forwards_to"],
        below=got["below"],
        after_forwarding=got["after_forwarding"],
        reference=got["reference"],
        basis=got["reading"],
        position=got.position,
    )


def _council(key: str, got: Entry) -> CouncilRules:
    quorum, spread, minimums = (got[name] or {} for name in ("quorum", "spread", "minimums"))
    cited = {"quorum": quorum, "spread": spread, "minimums": minimums}
    return CouncilRules(
        id=key,
        level=got["level"],
        name=got["name"],
        scorers=tuple(Role(role) for role in got["scorers"]),
        quorum=quorum.get("share"),
        chair_needed=quorum.get("chair", False),
        deputy_presides=quorum.get("deputy", False),
        spread_limit=spread.get("limit"),
        far=spread.get("far"),
        mode={kind: Mode(mode) for kind, mode in got["mode"].items()},
        minimum_by=MinimumBy(minimums.get("by") or MinimumBy.MEAN),
        decimals=got["decimals"],
        meanwhile=got["meanwhile"],
        practice=got["practice"],
        references={name: one["reference"] for name, one in cited.items() if one.get("reference")},
        position=got.position,
    )
