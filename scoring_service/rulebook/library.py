"""All editions together, and which of them judges a dossier."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scoring_service.plaintext import shorten
from scoring_service.problems import Position, Problem, Span, Suggestion, errors
from scoring_service.rulebook.check_references import check_references
from scoring_service.rulebook.documents import load_registry
from scoring_service.rulebook.folder import EDITION_FILE, lost_editions
from scoring_service.rulebook.load import load_edition
from scoring_service.rulebook.model import Edition, Window
from scoring_service.rulebook.nodes import NodeError
from scoring_service.rulebook.reader import Reader

_FILED_ON = "application.filed_on"
_DAY = dt.timedelta(days=1)


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

    Raises:
        NodeError: with every problem of every edition.
    """
    alone = (folder / EDITION_FILE).is_file()
    folders = [folder] if alone else sorted(p.parent for p in folder.glob(f"*/{EDITION_FILE}"))
    problems = [] if alone else list(lost_editions(folder))
    editions: list[Edition] = []
    for one in folders:
        try:
            editions.append(load_edition(one))
        except NodeError as error:
            problems += error.problems
    if not folders:
        problems.append(
            Problem("NO_EDITIONS", {"folder": str(folder), "file": EDITION_FILE}, position=Position(str(folder), 1, 1))
        )
    by_id: dict[str, Edition] = {}
    for edition in sorted(editions, key=lambda e: e.issued):
        if edition.id in by_id:
            problems.append(Problem("EDITION_REPEATED", {"edition": edition.id}, position=edition.position))
        by_id[edition.id] = edition
    if not errors(problems):
        by_id = by_id if alone else _closed(by_id, problems)
        problems += between(by_id)
    if not errors(problems):
        problems += _references(folder, by_id)
    # What stands in an amended edition is read once more by the one that amends it.
    problems = list({(p.code, p.position, repr(p.values)): p for p in problems}.values())
    if errors(problems):
        raise NodeError(problems)
    return Rulebook(by_id, (*(w for e in by_id.values() for w in e.warnings), *problems))


def _closed(editions: Mapping[str, Edition], problems: list[Problem]) -> dict[str, Edition]:
    """The editions with the windows that a later one closes, which leaves the files of the older one, and its digest, as they are."""
    found = dict(editions)
    for closing in (c for e in editions.values() for c in e.closes):
        older = found.get(closing.edition)
        if older is None:
            values = {"edition": closing.edition, "suggestion": Suggestion.of(closing.edition, editions)}
            problems.append(Problem("CLOSES_UNKNOWN", values, position=closing.end.position))
            continue
        windows = tuple(piece for window in older.windows for piece in _pieces(window, closing.end))
        if windows == older.windows:
            values = {"edition": closing.edition, "kinds": closing.end.kinds}
            problems.append(Problem("CLOSES_NOTHING", values, position=closing.end.position))
        found[closing.edition] = replace(older, windows=windows)
    return found


def _pieces(window: Window, end: Window) -> Iterator[Window]:
    """An open window, split in the kinds that end and those that stay open."""
    ended = tuple(k for k in window.kinds if not end.kinds or k in end.kinds)
    if window.filed_until is not None or not ended:
        yield window
        return
    yield replace(
        end,
        kinds=ended,
        filed_from=window.filed_from,
        reference=f"{end.reference}; {window.reference}",
        basis=window.basis if end.basis.stated else end.basis,
    )
    if len(ended) < len(window.kinds):
        yield replace(window, kinds=tuple(k for k in window.kinds if k not in ended))


def _references(folder: Path, editions: Mapping[str, Edition]) -> list[Problem]:
    """References to documents, articles or annexes that are not in the registry beside the editions."""
    reader = Reader()
    registry = load_registry(folder, reader)
    for edition in editions.values() if not errors(reader.problems) else ():
        check_references(edition, registry, reader)
    return reader.problems


def between(editions: Mapping[str, Edition]) -> list[Problem]:
    """What is wrong between editions, oldest first, that is wrong in none alone."""
    return _holes(list(editions.values())) + _lost_predecessors(editions)


def _holes(editions: list[Edition]) -> list[Problem]:
    """Days on which an application of some kind could be filed and no edition, or two, would judge it."""
    problems = []
    for kind in dict.fromkeys(k for e in editions for k in e.kinds):
        windows = [(w, e) for e in editions for w in e.windows if kind in w.kinds]
        windows.sort(key=lambda item: item[0].filed_from or dt.date.min)
        for (one, old), (following, new) in itertools.pairwise(windows):
            start = following.filed_from or dt.date.min
            if one.filed_until and one.filed_until + _DAY == start:
                continue
            values: dict[str, object] = {
                "kind": kind,
                "old": old.id,
                "until": one.filed_until,
                "new": new.id,
                "start": start,
            }
            values |= {"last": start - _DAY if following.filed_from else start, "place": one.position}
            code = "WINDOW_HOLE" if one.filed_until else "WINDOW_OPEN"
            problems.append(Problem(code, values, position=following.position))
    return problems


def _lost_predecessors(editions: Mapping[str, Edition]) -> list[Problem]:
    """Sets that say they follow a set of a loaded edition which has none of that name."""
    problems = []
    for product_set in (s for e in editions.values() for s in e.sets.values()):
        for older, slugs in product_set.follows.items():
            known = editions[older].by_slug if older in editions else dict.fromkeys(slugs)
            for slug in (slug for slug in slugs if slug not in known):
                values = {"older": older, "slug": slug, "suggestion": Suggestion.of(slug, known)}
                problems.append(Problem("FOLLOWS", values, position=product_set.position))
    return problems
