"""The registry of legal documents that rules cite: ``documents/*.yaml``, and ``document:`` in the edition.yaml of a new decree.

A document says when it was issued and in force, what it amends or replaces, and which articles, clauses, points and annexes it has, so
that a wrong reference is found. Nothing here decides a result.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.citations import SHORT_KINDS, CitationReader, Place
from scoring_service.rulebook.folder import DOCUMENTS, EDITION_FILE, is_edition
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.forms_of_documents import ARTICLE_NUMBER, BLOCK, DOCUMENT, LETTERS, MOST, POINT
from scoring_service.rulebook.nodes import Node, Scalar, Sequence
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.rule_reader import RuleReader

FOLDER = DOCUMENTS
ARTICLE = "Điều "
_ARTICLE, _POINT = re.compile(ARTICLE_NUMBER), re.compile(POINT)


@dataclass(frozen=True, slots=True)
class Names:
    """What is there by name, in order; ``all_known``: there is nothing else."""

    known: tuple[str, ...] = ()
    all_known: bool = True

    @property
    def count(self) -> int:
        """How many are known."""
        return len(self.known)

    @property
    def shown(self) -> str:
        """The names as a reader takes them in: ``1–13``, or ``a, b, c``."""
        if self.count > 2 and self.known == tuple(str(n) for n in range(1, self.count + 1)):  # noqa: PLR2004 - a range
            return f"1–{self.count}"
        return ", ".join(self.known)


NONE = Names()
UNKNOWN = Names(all_known=False)


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in an article or annex: clauses with their points, points without a clause, product sets, forms."""

    clauses: Mapping[str, Names] = field(default_factory=dict)
    all_clauses: bool = True
    points: Names = NONE
    sets: Names = NONE
    forms: Names = NONE

    @property
    def clause_names(self) -> Names:
        """The clauses."""
        return Names(tuple(self.clauses), self.all_clauses)


OPEN_ENDED = Contents(all_clauses=False, points=UNKNOWN, sets=UNKNOWN, forms=UNKNOWN)
"""Of an annex nothing but the name is known."""


@dataclass(frozen=True, slots=True)
class Document:
    """One legal document. ``until``: the last day of its force; ``complete``: it has no article or annex that is not listed."""

    number: str
    also: tuple[str, ...]
    title: str
    issued: dt.date
    effective: dt.date
    until: dt.date | None
    amends: tuple[str, ...]
    replaces: tuple[str, ...]
    complete: bool
    articles: Mapping[str, Contents]
    annexes: Mapping[str, Contents]
    position: Position


@dataclass(frozen=True, slots=True)
class Miss:
    """A place that a document certainly does not have: ``given`` as far as it went wrong, ``there``: what ``within`` has instead."""

    given: str
    within: str
    there: str


class Registry:
    """All documents by their numbers."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: Mapping[str, Document] = {d.number: d for d in documents}
        self._named = {name: d for d in self.documents.values() for name in (d.number, *d.also)}
        annexes = {name for d in self.documents.values() for name in d.annexes if not name.startswith("Phụ lục")}
        self.citations = CitationReader(self._named, annexes)

    def __bool__(self) -> bool:
        return bool(self.documents)

    def find(self, name: str) -> Document | None:
        """The document that a text names, by its whole number or by a beginning that no other one shares (``QĐ 26/2026``, ``QĐ 148``)."""
        if name in self._named:
            return self._named[name]
        short = name
        for word, kind in SHORT_KINDS.items():
            short = short.replace(f"{word} ", f"{kind} ")
        short = short.replace(" số ", " ")
        found = [d for number, d in self._named.items() if number == short or number.startswith(f"{short}/")]
        return found[0] if len(found) == 1 else None

    def nearest(self, given: str) -> Suggestion:
        """The document that a name which is not known probably means, with its title; or the numbers of all."""
        titles = {d.number: d.title for d in self.documents.values() if d.title}
        found = Suggestion.of(given, self.documents)
        return replace(found, names=titles) if found.nearest else found


def miss(place: Place, document: Document) -> Miss | None:
    """What is wrong with a place of a document; nothing where it is there, or where not enough of the document is known to say."""
    if not place.top:
        return Miss(_written(place), document.number, _tops(document)) if document.complete else None
    article = place.top.startswith(ARTICLE)
    contents = document.articles.get(place.top.removeprefix(ARTICLE)) if article else document.annexes.get(place.top)
    if contents is None:
        return Miss(place.top, document.number, _tops(document)) if document.complete else None
    top = place.top
    asked = [] if article else [(top, "bộ", one, contents.sets) for one in place.sets]  # an article may print any
    asked += [(top, "Mẫu số", one, contents.forms) for one in place.forms]
    asked += [(top, "khoản", one, contents.clause_names) for one in place.clauses]
    for clause in place.clauses:
        points = contents.clauses.get(clause, UNKNOWN)
        asked += [(f"{top} khoản {clause}", "điểm", one, points) for one in place.points]
    if not place.clauses:
        asked += [(top, "điểm", one, contents.points) for one in place.points]
    for where, word, one, there in asked:
        if one not in there.known and there.all_known:
            return Miss(
                f"{where} {word} {one}",
                where,
                f"{word} {there.shown}" if there.known else _inside(contents, where, top),
            )
    return None


def _written(place: Place) -> str:
    parts = {"khoản": place.clauses, "bộ": place.sets, "Mẫu số": place.forms, "điểm": place.points}
    return " ".join(f"{word} {', '.join(values)}" for word, values in parts.items() if values)


def _tops(document: Document) -> str:
    articles = Names(tuple(document.articles))
    return "; ".join([*([f"Điều {articles.shown}"] if articles.known else []), *document.annexes])


def _inside(contents: Contents, where: str, top: str) -> str:
    """What an article has where it has nothing of the kind that was asked for."""
    return f"khoản {contents.clause_names.shown}" if where == top and contents.clauses else ""


def load_registry(folder: Path, reader: RuleReader) -> Registry:
    """The documents that stand beside the editions of ``folder`` (or beside ``folder`` itself, when it is an edition).

    Problems are noted in ``reader``; a file that cannot be read leaves its document out.
    """
    root = folder.parent if is_edition(folder) else folder
    found: dict[str, Document] = {}
    own = sorted((root / FOLDER).glob("*.yaml"))
    for path in [*own, *sorted(root.glob(f"*/{EDITION_FILE}"))]:
        shown = f"{path.parent.name}/{path.name}"
        document = _of_file(path, shown, reader) if path in own else _of_edition(path, shown, reader)
        if document is None:
            continue
        if document.number in found:
            at = found[document.number].position
            reader.problem("DOCUMENT_REPEATED", document.position, number=document.number, at=at)
        found[document.number] = document
    registry = Registry(found.values())
    _check_relations(registry, reader)
    return registry


def _of_file(path: Path, shown: str, reader: RuleReader) -> Document | None:
    tree = reader.file(path, shown)
    return read_document(tree, reader) if tree is not None else None


def _of_edition(path: Path, shown: str, reader: RuleReader) -> Document | None:
    silent = Reader()  # the edition itself is checked where it is loaded
    text = silent.text(path, shown)
    tree = silent.tree(text, shown) if text and "\ndocument:" in text else None
    entries = tree.entries if isinstance(tree, nodes.Mapping) else {}
    decision, issued, block = entries.get("decision"), entries.get("issued"), entries.get("document")
    if block is None or not isinstance(decision, Scalar):
        return None
    reader.sources.update(silent.sources)
    document = read_block(block, decision.value.strip(), silent.date(issued) if issued else None, reader)
    annex = entries.get("annex")
    if document is None or document.annexes or not isinstance(annex, Scalar):
        return document
    return replace(document, annexes={annex.value.strip(): OPEN_ENDED})  # it prints the sheets, so it is there


def read_document(node: Node, reader: RuleReader) -> Document | None:
    """One file of the registry."""
    got = DOCUMENT.read(node, reader)
    return _document(got["number"], got["issued"], got, reader) if got["number"] else None


def read_block(node: Node, decision: str, issued: dt.date | None, reader: RuleReader) -> Document | None:
    """The block ``document:`` of an edition.yaml, which names the decision and its day of issue already."""
    return _document(decision, issued, BLOCK.read(node, reader), reader)


def _document(number: str, issued: dt.date | None, got: Entry, reader: RuleReader) -> Document | None:
    effective, until, complete = got["effective"], got["until"], got["complete"]
    structure = _StructureReader(reader, complete=complete)
    articles = structure.articles(got["articles"])
    annexes = structure.annexes(got["annexes"])
    if issued is None or effective is None:
        return None
    days = [day for day in (issued, effective, until) if day]
    if days != sorted(days):
        reader.problem("DOCUMENT_DAYS", got.node, number=number, issued=issued, effective=effective)
    return Document(
        number=number,
        also=got["also"],
        title=got["title"],
        issued=issued,
        effective=effective,
        until=until,
        amends=got["amends"],
        replaces=got["replaces"],
        complete=complete,
        articles=articles,
        annexes=annexes,
        position=got.position,
    )


class _StructureReader:
    """Articles and annexes as they are written down (see ``documents/qd-26-2026.yaml``)."""

    def __init__(self, reader: Reader, *, complete: bool) -> None:
        self._reader, self._complete = reader, complete

    def articles(self, node: Node | None) -> dict[str, Contents]:
        found = {}
        for key, value in self._reader.entries(node).items():
            if not _ARTICLE.fullmatch(key):
                self._wrong(value, key)
            found[key] = self._article(value)
        return found

    def annexes(self, node: Node | None) -> dict[str, Contents]:
        if isinstance(node, Sequence):
            return dict.fromkeys(self._reader.strings(node), OPEN_ENDED)
        return {key: self._annex(value) for key, value in self._reader.entries(node).items()}

    def _annex(self, node: Node) -> Contents:
        got = self._reader.fields(node, optional=("clauses", "sets", "forms"))
        rest = Names(all_known=self._complete)
        own = self._article(got["clauses"]) if "clauses" in got else Contents(all_clauses=self._complete, points=rest)
        sets = self._numbers(got["sets"]) if "sets" in got else rest
        forms = self._numbers(got["forms"]) if "forms" in got else rest
        return Contents(own.clauses, own.all_clauses, own.points, sets, forms)

    def _article(self, node: Node) -> Contents:
        if isinstance(node, Scalar):
            if node.value.isdecimal() and int(node.value) <= MOST:
                clauses = [str(n) for n in range(1, int(node.value) + 1)]
                return Contents(dict.fromkeys(clauses, Names(all_known=self._complete)))
            return Contents(points=self._points(node))
        if isinstance(node, Sequence):
            return Contents(points=self._points(node))
        clauses_found = {}
        for key, value in self._reader.entries(node).items():
            if not _ARTICLE.fullmatch(key):
                self._wrong(value, key)
            clauses_found[key] = self._points(value)
        return Contents(clauses_found, all_clauses=self._complete)

    def _points(self, node: Node) -> Names:
        if isinstance(node, Sequence):
            listed = self._reader.strings(node)
            for one, item in zip(listed, node.items, strict=True):
                if not _POINT.fullmatch(one):
                    self._wrong(item, one)
            return Names(listed, self._complete)
        text = self._reader.string(node)
        if text == "0":
            return NONE
        if len(text) != 1 or text not in LETTERS:
            self._wrong(node, text)
            return UNKNOWN
        return Names(tuple(LETTERS[: LETTERS.index(text) + 1]))

    def _numbers(self, node: Node) -> Names:
        if isinstance(node, Sequence):
            return Names(self._reader.strings(node), self._complete)
        return Names(tuple(str(n) for n in range(1, self._reader.integer(node, 0, MOST) + 1)))

    def _wrong(self, node: Node, text: str) -> None:
        self._reader.problem("DOCUMENT_PLACES", node, text=text)


def _check_relations(registry: Registry, reader: Reader) -> None:
    """What a document amends or replaces is in the registry."""
    for document in registry.documents.values():
        for older in (*document.amends, *document.replaces):
            if older not in registry.documents:
                meant = registry.nearest(older)
                reader.problem("REFERENCE_DOCUMENT", document.position, given=older, folder=FOLDER, suggestion=meant)
