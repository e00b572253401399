"""The catalogues ``words/<language>.yaml``: every sentence for people, as data. A further language is one more file.

A template names its values: ``{assessor}``, an attribute of one ``{criterion.number}``, a number with its noun ``{stars:star}``
(``nouns`` gives the forms for one and for more), a word of a closed vocabulary ``{role:role}`` (``words`` lists them), or a sentence that
is said of the value, ``{it}``, where there is one: ``{at:KNOCKED_OUT_AT}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

DEFAULT_LANGUAGE = "vi"
_PLACE = re.compile(r"\{(\w+)(?:\.(\w+))?(?::(\w+))?\}")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place(NamedTuple):
    """One place of a template: the value's name, an attribute of it, and how it is said (a noun or a vocabulary)."""

    name: str
    attribute: str
    spec: str


class Template(NamedTuple):
    """A sentence taken apart: what stands before each place, the places, and what stands after the last one."""

    literals: tuple[str, ...]
    places: tuple[Place, ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """Take a sentence apart."""
        literals, places, end = [], [], 0
        for found in _PLACE.finditer(text):
            literals.append(text[end : found.start()])
            places.append(Place(found[1], found[2] or "", found[3] or ""))
            end = found.end()
        return cls((*literals, text[end:]), tuple(places))

    def names(self) -> frozenset[str]:
        """The values it needs."""
        return frozenset(place.name for place in self.places)


class Explained(NamedTuple):
    """What more there is to say of a code: what it means and usually comes from, what to do, and lines of a file that are wrong and right."""

    cause: str
    remedy: str
    wrong: str = ""
    right: str = ""


@dataclass(frozen=True)
class Catalogue:
    """One language: how it writes numbers, days and lists, its words, and its sentences by code."""

    language: str
    name: str
    decimal: str
    thousands: str
    day: str
    nouns: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, str]]
    also: Mapping[str, Mapping[str, tuple[str, ...]]]
    """What people also write for a word: it is understood where people write, and never said."""
    screen: Mapping[str, str]
    findings: Mapping[str, Template]
    problems: Mapping[str, Template]
    sentences: Mapping[str, Template]
    of_rules: frozenset[str]
    """The codes of problems of rule files; some, of spelling, dossier files have too."""
    explained: Mapping[str, Explained]

    def templates(self) -> Iterator[tuple[str, str, Template]]:
        """Every sentence with its section and code."""
        for section in ("findings", "problems", "sentences"):
            for code, template in getattr(self, section).items():
                yield section, code, template


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages there are catalogues for, Vietnamese first."""
    folder = resources.files("scoring_service.telling") / "words"
    found = sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return (DEFAULT_LANGUAGE, *(language for language in found if language != DEFAULT_LANGUAGE))


def called(group: str) -> dict[str, str]:
    """Whatever the words of a closed vocabulary are called in any language, each name with its word."""
    names: dict[str, str] = {}
    for one in map(catalogue, languages()):
        for word, name in one.words[group].items():
            names |= dict.fromkeys((name, *one.also.get(group, {}).get(word, ())), word)
    return names


@lru_cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of the ``languages()``."""
    text = (resources.files("scoring_service.telling") / "words" / f"{language}.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, and a file of this package
    said = {**data, "problems": {**data["problems"], **data["rule_problems"]}}
    sections = {s: {k: Template.of(v) for k, v in said[s].items()} for s in ("findings", "problems", "sentences")}
    return Catalogue(
        language=language,
        name=data["name"],
        decimal=data["decimal"],
        thousands=data["thousands"],
        day=data["day"],
        nouns={noun: tuple(forms) for noun, forms in data["nouns"].items()},
        words=data["words"],
        also={group: {word: tuple(names) for word, names in more.items()} for group, more in data["also"].items()},
        screen=data["screen"],
        of_rules=frozenset(data["rule_problems"]),
        explained={code: Explained(**more) for code, more in data["explained"].items()},
        **sections,
    )
