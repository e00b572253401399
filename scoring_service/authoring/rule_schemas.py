"""What an editor is told of the files of an edition: JSON Schemas (draft 2020-12) made from what reads them, with words from the catalogues.

``key_words("edition.windows.reading")`` finds the most specific description there is: of ``edition.windows.reading``, of
``windows.reading``, or of ``reading``. ``levels.*`` is an entry under a free key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scoring_service.authoring.boundary_schema import BOUNDARIES
from scoring_service.authoring.equivalents import EQUIVALENTS
from scoring_service.authoring.expected_schema import EXPECTED
from scoring_service.rulebook.facts import NO, YES
from scoring_service.rulebook.forms import AMENDING, ANYTHING, Form, Schema, amended
from scoring_service.rulebook.forms_of_documents import DOCUMENT, PAIRS
from scoring_service.rulebook.forms_of_editions import COUNCIL, EDITION, OWN
from scoring_service.rulebook.forms_of_sheets import CRITERIA, FACTS, KNOCK_OUTS, SET
from scoring_service.rulebook.rule_reader import ADD, DROPPED
from scoring_service.telling.catalogue import DEFAULT_LANGUAGE, catalogue, languages

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ANY = "*"
KEYS, ALLOWED = "keys", "allowed"
"""The vocabularies of keys, and of the words that a key allows (``effect.reject``)."""
RULE_FILES: Mapping[str, Form] = {
    "edition": EDITION,
    "facts": FACTS,
    "knock-outs": KNOCK_OUTS,
    "criteria": CRITERIA,
    "set": SET,
    "council": COUNCIL,
    "en": PAIRS,
    "document": DOCUMENT,
    "expected": EXPECTED,
    "boundaries": BOUNDARIES,
    "equivalent": EQUIVALENTS,
}
"""The kinds of files with the forms that read them."""
AMENDABLE = ("facts", "knock-outs", "criteria", "set", "council")
"""The kinds that an edition which amends another writes in part; an edition file tells by itself which it is."""
_AMENDED = ("edition", *AMENDABLE)
_BRANCHES = ("anyOf", "oneOf", "if", "then", "else")
_SELF_EVIDENT = {True, False, *YES, *NO}
_OF_LISTS = (ADD, DROPPED)
_BETWEEN = {KEYS: "\n\n", ALLOWED: " | "}
"""Between languages: a key has room for paragraphs, a word stands in a list."""


def rule_schema(kind: str, *, amending: bool = False) -> Schema:
    """The schema of a kind of file, as an edition that amends another writes it if ``amending``."""
    whole = RULE_FILES[kind].schema()
    if kind == "edition":
        found = _either("amends", _amending_edition(whole), whole)
    elif amending:
        found = amended(whole)
    elif kind == "set":
        found = _either("like", {**amended(whole), "required": ["set", "name"]}, whole)
    else:
        found = whole
    told = _told(found, (kind,))
    return {"$schema": DRAFT, "description": key_words(f"files.{kind}"), **told}


def key_words(path: str, group: str = KEYS) -> str:
    """What a key, or a word that it allows, means, in every language there is.

    Raises:
        KeyError: no catalogue describes it.
    """
    name = next((name for name in _names(path) if name in catalogue(DEFAULT_LANGUAGE).words[group]), path)
    return _BETWEEN[group].join(catalogue(language).words[group][name] for language in languages())


def described() -> Iterator[tuple[str, str]]:
    """Every group and name of the catalogues that some schema uses."""
    for kind, form in RULE_FILES.items():
        yield KEYS, f"files.{kind}"
        schema = form.schema()
        for group, path in _paths(amended(schema) if kind in _AMENDED else schema, (kind,)):
            yield group, _known(path, group)


def _names(path: str) -> Iterator[str]:
    parts = path.split(".")
    return (".".join(parts[start:]) for start in range(len(parts)))


def _known(path: str, group: str) -> str:
    return next((name for name in _names(path) if name in catalogue(DEFAULT_LANGUAGE).words[group]), "")


def _either(key: str, with_it: Schema, without: Schema) -> Schema:
    """One schema where a key is written, another where it is not."""
    return {"type": without["type"], "if": {"required": [key]}, "then": with_it, "else": without}


def _amending_edition(whole: Schema) -> Schema:
    """What is its own is not inherited: it has to be written, and cannot be dropped."""
    own = ("amends", *OWN)
    found = amended(whole)
    kept = {key: whole["properties"][key] for key in own}
    return {**found, "properties": {**found["properties"], **kept}, "required": list(own)}


def _told(schema: Schema, path: tuple[str, ...]) -> Schema:
    """The schema with a description at every key and every word of a list."""
    found = {key: value for key, value in schema.items() if key != AMENDING}
    if "properties" in schema:
        found["properties"] = {
            key: _described(one, (*path, key), path if key in _OF_LISTS else (*path, key))
            for key, one in schema["properties"].items()
        }
    if "patternProperties" in schema:
        found["patternProperties"] = {
            key: _described(one, (*path, ANY), (*path, ANY)) for key, one in schema["patternProperties"].items()
        }
    if "items" in schema:
        found["items"] = _told(schema["items"], path)
    for key in _BRANCHES:
        if key in schema:
            inside = schema[key]
            found[key] = [_told(one, path) for one in inside] if isinstance(inside, list) else _told(inside, path)
    if schema.get("pattern", ANYTHING) != ANYTHING:
        said = schema.get("description") or key_words(".".join(path))
        found["patternErrorMessage"] = said.replace(_BETWEEN[KEYS], _BETWEEN[ALLOWED])
    if _listed(schema):
        found["enumDescriptions"] = [_word(path, word) for word in schema["enum"]]
    if schema.get("const") == DROPPED:
        found["description"] = _word(path, DROPPED)
    return found


def _described(schema: Schema, path: tuple[str, ...], inside: tuple[str, ...]) -> Schema:
    """The schema of a key, whose values stand ``inside`` a path: the items that a list is amended by are those of the list itself."""
    told = _told(schema, inside)
    return told if "description" in schema else {"description": key_words(".".join(path)), **told}


def _word(path: tuple[str, ...], word: str) -> str:
    return key_words(".".join((*path, word)), ALLOWED)


def _listed(schema: Schema) -> bool:
    return "enum" in schema and not set(schema["enum"]) <= _SELF_EVIDENT


def _paths(schema: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Group and path of everything that is described."""
    inside = [((*path, key), one) for key, one in schema.get("properties", {}).items()]
    inside += [((*path, ANY), one) for one in schema.get("patternProperties", {}).values()]
    for further, one in inside:
        if "description" not in one:
            yield KEYS, ".".join(further)
        yield from _paths(one, path if further[-1] in _OF_LISTS else further)
    branches = [schema["items"]] if "items" in schema else []
    for key in ("anyOf", "oneOf"):
        branches += schema.get(key, [])
    for one in branches:
        yield from _paths(one, path)
    words = schema["enum"] if _listed(schema) else [DROPPED] if schema.get("const") == DROPPED else []
    for word in words:
        yield ALLOWED, ".".join((*path, word))
