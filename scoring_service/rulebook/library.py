"""All editions together, and which of them judges a dossier."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scoring_service.plaintext import shorten
from scoring_service.problems import Position, Problem, Span, Suggestion, Weight, errors
from scoring_service.rulebook.causes import root_causes
from scoring_service.rulebook.check_editions import check_editions, closed
from scoring_service.rulebook.check_references import check_references
from scoring_service.rulebook.check_stale import check_stale
from scoring_service.rulebook.documents import load_registry
from scoring_service.rulebook.folder import EDITION_FILE, is_edition, lost_files, without_samples
from scoring_service.rulebook.load import load_edition
from scoring_service.rulebook.model import Edition, Window
from scoring_service.rulebook.nodes import NodeError
from scoring_service.rulebook.rule_reader import RuleReader

_FILED_ON = "application.filed_on"


@dataclass(frozen=True, slots=True)
class Application:
    """What the choice of the edition depends on; ``None`` is unknown."""

    kind: str
    filed_on: dt.date | None
    decided_on: dt.date | None


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """The edition that judges a dossier, and the window that admits it; none when the caller named the edition (what-if)."""

    edition: Edition
    window: Window | None


class ChoiceError(Exception):
    """No edition judges such a dossier; ``problems`` says which dates would work."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(p) for p in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every loaded edition by its id, oldest first; ``warnings``: what is worth mending in them and between them."""

    editions: Mapping[str, Edition]
    warnings: tuple[Problem, ...] = ()

    def choose(self, application: Application, asked: str = "") -> EditionChoice:
        """The edition for an application by its dates, or the one ``asked`` for by name.

        A dossier that was decided after the last day for it still falls under the edition that took it; that it is late is said later.

        Raises:
            ChoiceError: no such edition, or no edition for these dates.
        """
        if asked:
            if asked not in self.editions:
                raise ChoiceError(self.no_edition(asked))
            return EditionChoice(self.editions[asked], None)
        if application.filed_on is None:
            raise ChoiceError(Problem("MISSING", {"field": _FILED_ON, "of": _FILED_ON}, _FILED_ON))
        late: EditionChoice | None = None
        for edition in reversed(list(self.editions.values())):
            for window in edition.windows:
                if not _admits(window, application):
                    continue
                choice = EditionChoice(edition, window)
                if not application.decided_on or not window.decided_until:
                    return choice
                if application.decided_on <= window.decided_until:
                    return choice
                late = late or choice
        if late:
            return late
        raise ChoiceError(self._none_admits(application))

    def before(self, edition: Edition) -> Edition | None:
        """The edition that this one amends, else the one before it, if any."""
        order = list(self.editions)
        older = edition.amends or next((a for a, b in itertools.pairwise(order) if b == edition.id), "")
        return self.editions.get(older)

    def no_edition(self, asked: str, path: str = "edition") -> Problem:
        """That no edition has the id ``asked``, with the nearest ones."""
        return Problem(
            "EDITION_UNKNOWN", {"given": shorten(asked), "suggestion": Suggestion.of(asked, self.editions)}, path
        )

    def _none_admits(self, application: Application) -> Problem:
        spans = tuple(
            Span(e.decision, w.filed_from, w.filed_until)
            for e in self.editions.values()
            for w in e.windows
            if application.kind in w.kinds
        )
        kind = application.kind
        name = next((e.kinds[kind] for e in self.editions.values() if kind in e.kinds), kind)
        return Problem(
            "NO_EDITION",
            {"kind": application.kind, "name": name, "filed": application.filed_on, "spans": spans},
            _FILED_ON,
        )


def _admits(window: Window, application: Application) -> bool:
    filed = application.filed_on
    return (
        filed is not None
        and application.kind in window.kinds
        and (window.filed_from is None or window.filed_from <= filed)
        and (window.filed_until is None or filed <= window.filed_until)
    )


def load_rulebook(folder: Path) -> Rulebook:
    """Load every edition folder below ``folder`` (those with an edition.yaml), or ``folder`` itself when it is one.

    An edition alone is not held against others: what it follows, closes or leaves open is judged where all are loaded.

    Raises:
        NodeError: with every problem of every edition.
    """
    alone = is_edition(folder)
    folders = [folder] if alone else sorted(p.parent for p in folder.glob(f"*/{EDITION_FILE}"))
    problems = [] if alone else list(lost_files(folder))
    editions: list[Edition] = []
    for one in folders:
        try:
            editions.append(load_edition(one))
        except NodeError as error:
            problems += error.problems
    if not folders and not problems:
        problems.append(
            Problem("NO_EDITIONS", {"folder": str(folder), "file": EDITION_FILE}, position=Position(str(folder), 1, 1))
        )
    by_id: dict[str, Edition] = {}
    for edition in sorted(editions, key=lambda e: e.issued):
        if edition.id in by_id:
            problems.append(Problem("EDITION_REPEATED", {"edition": edition.id}, position=edition.position))
        by_id[edition.id] = edition
    if not errors(problems) and not alone:
        by_id = closed(by_id, problems)
        problems += (*check_editions(by_id), *check_stale(by_id))
    if not errors(problems):
        problems += _references(folder, by_id)
    if not errors(problems):
        problems += (problem for one in folders for problem in without_samples(one))
    problems = _told_where_they_stand(problems, folder if alone else None)
    # What stands in an amended edition is read once more by the one that amends it, and told once.
    problems = root_causes([*(w for e in editions for w in e.warnings), *problems])
    if errors(problems):  # beside which what is only worth a look would be in the way
        raise NodeError([problem for problem in problems if problem.weight is not Weight.HINT])
    return Rulebook(by_id, tuple(problems))


def _told_where_they_stand(problems: list[Problem], alone: Path | None) -> list[Problem]:
    """What is wrong in an older edition already is no matter of the one that amends it; the older one is looked at where it was not loaded."""
    inherited = [problem for problem in problems if "inherited" in problem.values]
    of_older = {(p.code, p.position) for p in problems if "inherited" not in p.values}
    for stands in {p.position.folder for p in inherited if alone and p.position}:
        try:
            load_edition((alone or Path()).resolve().parent / stands)
        except NodeError as error:
            of_older |= {(p.code, p.position) for p in error.problems}
    return [
        replace(p, values={key: value for key, value in p.values.items() if key != "inherited"})
        if (p.code, p.position) in of_older
        else p
        for p in problems
    ]


def _references(folder: Path, editions: Mapping[str, Edition]) -> list[Problem]:
    """References to documents, articles or annexes that are not in the registry beside the editions."""
    reader = RuleReader()
    registry = load_registry(folder, reader)
    for edition in editions.values() if not errors(reader.problems) else ():
        check_references(edition, registry, reader)
    return reader.problems
