"""Whether every reference of an edition is there to be looked up: the document known, and its article, clause, point or annex in it."""

from __future__ import annotations

from collections.abc import Iterator

from scoring_service.problems import Position
from scoring_service.rulebook.citations import without_criteria
from scoring_service.rulebook.documents import FOLDER, Registry, miss
from scoring_service.rulebook.model import Edition
from scoring_service.rulebook.reader import Reader

_Rule = tuple[str, Position]


def check_references(edition: Edition, registry: Registry, reader: Reader) -> None:
    """Note in ``reader`` every reference of the edition that the registry does not have; each mistake once, where it stands first.

    Nothing is said where there is no registry at all, nor of places in documents of which not enough is known.
    """
    if not registry:
        return
    read: set[str] = set()
    said: set[tuple[str, str]] = set()
    for reference, position in _references(edition):
        text = without_criteria(reference)
        if text in read:
            continue
        read.add(text)
        cited = registry.citations.read(text)
        for name in cited.documents:
            if registry.find(name) is None and ("", name) not in said:
                said.add(("", name))
                meant = registry.nearest(name)
                reader.problem("REFERENCE_DOCUMENT", position, given=name, folder=FOLDER, suggestion=meant)
        for place in cited.places:
            document = registry.find(place.document or edition.decision)
            wrong = miss(place, document) if document else None
            if document and wrong and (document.number, wrong.given) not in said:
                said.add((document.number, wrong.given))
                at = document.position.file
                values = {"given": wrong.given, "document": document.number, "within": wrong.within, "place": at}
                code = "REFERENCE_UNKNOWN" if wrong.there else "REFERENCE_UNDIVIDED"
                reader.problem(code, position, **values, there=wrong.there)


def _references(edition: Edition) -> Iterator[_Rule]:
    """Every reference with its place: those that files write, and those that sets make of their number."""
    yield from edition.cited
    for product_set in edition.sets.values():
        yield product_set.reference, product_set.position
