"""What an edition's own files declare and nothing uses. What an amending edition leaves unused of its base stays the base's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring_service.problems import Suggestion
from scoring_service.rulebook.folder import EDITION_FILE, FACTS
from scoring_service.rulebook.forms_of_editions import READINGS
from scoring_service.rulebook.model import Edition, Of
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader


def check_uses(edition: Edition, places: Places, reader: Reader) -> None:
    """Note each fact, kind of evidence, group and part that no sheet and no knock-out uses. Only where every file could be read."""
    for code, file, key, used in _declared(edition):
        for name, at in places.keys(file, *([key] if key else [])).items():
            if name not in used and places.is_own(at):
                reader.problem(code, at, key=name)
    for name, at in places.keys(EDITION_FILE, "readings").items():
        if name not in READINGS:
            reader.problem("KEY_UNKNOWN", at, key=name, suggestion=Suggestion.of(name, READINGS))
    for name, at in places.keys(EDITION_FILE, "missing_sets").items():
        if (there := edition.find_set(name)) and places.is_own(at):
            reader.problem("SET_NOT_MISSING", at, set=name, place=there.position)


def _declared(edition: Edition) -> Iterator[tuple[str, str, str, set[str]]]:
    """Code, file and key of what is declared, and what of it is used."""
    sets = edition.sets.values()
    criteria = [c for s in sets for c in s.criteria()]
    yield "FACT_UNUSED", FACTS, "", set(_facts_read(edition))
    yield "EVIDENCE_UNUSED", EDITION_FILE, "evidence", {e for c in criteria for e in c.evidence}
    yield "NAME_UNUSED", EDITION_FILE, "groups", {s.group for s in sets}
    yield "NAME_UNUSED", EDITION_FILE, "parts", {part.code for s in sets for part in s.parts}


def _facts_read(edition: Edition) -> Iterable[str]:
    for product_set in edition.sets.values():
        for criterion in product_set.criteria():
            yield from (name for row in criterion.derive for name, _ in row.when)
        for out in product_set.knock_outs:
            yield from (subject.id for subject in out.when.subjects() if subject.of is Of.FACT)
