"""Whether every reference of an edition is there to be looked up: the document known, and its article, clause, point or annex in it."""

from __future__ import annotations

from collections.abc import Iterator

from scoring_service.rulebook.citations import without_criteria
from scoring_service.rulebook.documents import ARTICLE, FOLDER, Registry, miss
from scoring_service.rulebook.model import Citation, Edition
from scoring_service.rulebook.reader import Reader


def check_references(edition: Edition, registry: Registry, reader: Reader) -> None:
    """Note in ``reader`` every reference of the edition that the registry does not have; each mistake once, where it stands first.

    Nothing is said where there is no registry at all, nor of places in documents of which not enough is known. What prose says of
    articles is held against the documents that are known.
    """
    if not registry:
        return
    read: set[str] = set()
    said: set[tuple[str, str]] = set()
    for reference, position, prose in _references(edition):
        text = without_criteria(reference)
        if text in read:
            continue
        read.add(text)
        cited = registry.citations.read(text)
        for name in () if prose else cited.documents:
            if registry.find(name) is None and ("", name) not in said:
                said.add(("", name))
                meant = registry.nearest(name)
                reader.problem("REFERENCE_DOCUMENT", position, given=name, folder=FOLDER, suggestion=meant)
        for place in cited.places:
            document = registry.find(place.document or edition.decision)
            wrong = miss(place, document) if document and (place.top.startswith(ARTICLE) or not prose) else None
            if document and wrong and (document.number, wrong.given) not in said:
                said.add((document.number, wrong.given))
                at = document.position.file
                values = {"given": wrong.given, "document": document.number, "within": wrong.within, "place": at}
                code = "TEXT_REFERENCE" if prose else "REFERENCE_UNKNOWN" if wrong.there else "REFERENCE_UNDIVIDED"
                reader.problem(code, position, **values, there=wrong.there)


def _references(edition: Edition) -> Iterator[Citation]:
    """What files cite, references before prose, and what sets make of their number."""
    yield from (cited for cited in edition.cited if not cited.prose)
    for product_set in edition.sets.values():
        yield Citation(product_set.reference, product_set.position)
    yield from (cited for cited in edition.cited if cited.prose)
