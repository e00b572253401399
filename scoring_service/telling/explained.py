"""What a code means beyond its sentence: what usually causes it, what to do, and an example, for those who ask ``ocop explain-code``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring_service.engine.findings import types
from scoring_service.telling.catalogue import Catalogue, Explained, Template


class Kind(StrEnum):
    """Where a code appears."""

    FINDING = "finding"
    DOSSIER = "dossier"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: where it appears, its sentence with the names of its values, and what more there is to say."""

    id: str
    kind: Kind
    template: Template
    values: tuple[str, ...]
    more: Explained | None


def codes(words: Catalogue) -> Mapping[str, Code]:
    """Every code that people meet, by kind and in the order of the alphabet."""
    found = sorted(_codes(words), key=lambda code: (list(Kind).index(code.kind), code.id))
    return {code.id: code for code in found}


def _codes(words: Catalogue) -> Iterator[Code]:
    values = {one.code: tuple(sorted(one.own)) for one in types()}
    for code, template in words.findings.items():
        yield Code(code, Kind.FINDING, template, values[code], words.explained.get(code))
    for code, template in words.problems.items():
        kind = Kind.RULES if code in words.of_rules else Kind.DOSSIER
        yield Code(code, kind, template, tuple(sorted(template.names())), words.explained.get(code))


def outline(template: Template) -> str:
    """A sentence with the names of its values in their places: ``Khóa <key> đã có``."""
    said = [template.literals[0]]
    for place, literal in zip(template.places, template.literals[1:], strict=True):
        said += [f"<{place.name}>", literal]
    return "".join(said)
