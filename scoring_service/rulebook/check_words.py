"""What can be seen in words without understanding them: another language, one text for two options, one name for two things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scoring_service.plaintext import shorten
from scoring_service.problems import Position
from scoring_service.rulebook.folder import EDITION_FILE, FACTS
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.model import Criterion, Edition
from scoring_service.rulebook.places import Places
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.translations import is_foreign

_NAMED_ONCE = ("kinds", "parts", "sections", "groups", "agencies", "evidence")
_SPACES = re.compile(r"\s+")


def check_words(edition: Edition, places: Places, reader: Reader) -> None:
    """Note what is not in Vietnamese, criteria that offer one text twice, and names that two things share."""
    for label, position in _labels(edition, places):
        if is_foreign(label.vi) and places.is_own(position):
            reader.problem("LABEL_NOT_VIETNAMESE", position, text=shorten(label.vi))
    seen: set[Position] = set()
    for product_set in edition.sets.values():
        for criterion in product_set.criteria():
            if criterion.options and criterion.options[0].position not in seen:
                seen.add(criterion.options[0].position)
                _check_options(criterion, reader)
    for position, name, other in _same_names(edition, places):
        if places.is_own(position):
            reader.problem("NAME_REPEATED", position, name=shorten(name), place=other)


def _check_options(criterion: Criterion, reader: Reader) -> None:
    """Two options with one text cannot be told apart, unless an oddity of the criterion says that the print has it so."""
    seen: dict[tuple[str, str], int] = {}
    for option in criterion.options:
        said = (option.case, _plain(option.name.vi))
        if option.printed and said in seen and not criterion.oddities:
            text = shorten(option.name.vi)
            reader.problem("OPTION_SAME_TEXT", option.position, number=criterion.number, text=text, line=seen[said])
        seen.setdefault(said, option.position.line)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.casefold())


def _same_names(edition: Edition, places: Places) -> Iterator[tuple[Position, str, Position]]:
    """Each name that something of the same kind has already: its place, itself, and the place of the other one."""
    for key in _NAMED_ONCE:
        yield from _repeated(places.texts(EDITION_FILE, key))
    yield from _repeated((places.of(FACTS, fact.id, "name"), fact.name.vi) for fact in edition.facts.values())
    for fact in edition.facts.values():
        yield from _repeated(places.texts(FACTS, fact.id, "choices"))
    yield from _repeated((places.of(f"sets/{s.slug}", "name"), s.name.vi) for s in edition.sets.values())


def _repeated(named: Iterable[tuple[Position, str]]) -> Iterator[tuple[Position, str, Position]]:
    seen: dict[str, Position] = {}
    for position, text in named:
        if text and _plain(text) in seen:
            yield position, text, seen[_plain(text)]
        seen.setdefault(_plain(text), position)


def _labels(edition: Edition, places: Places) -> Iterator[tuple[Label, Position]]:
    yield edition.name, places.of_edition("name")
    for key, labels in (("kinds", edition.kinds), ("groups", edition.groups), ("evidence", edition.evidence),
                        ("readings", edition.readings), ("missing_sets", edition.missing_sets)):  # fmt: skip
        yield from ((label, places.of_edition(key, one)) for one, label in labels.items())
    yield from ((text, places.of_edition("remarks", n)) for n, text in enumerate(edition.remarks))
    for level in edition.levels:
        own = (("name", level.name), ("below", level.below), ("after_forwarding", level.after_forwarding))
        yield from ((label, places.of_edition("levels", level.id, key)) for key, label in own if label)
    yield from ((entry.name, places.of_edition("calendar", entry.id, "name")) for entry in edition.calendar)
    for council in edition.councils.values():
        yield council.name, places.of(f"councils/{council.id}", "name")
        yield council.practice, places.of(f"councils/{council.id}", "practice")
    for fact in edition.facts.values():
        yield from ((label, fact.position) for label in (fact.name, *fact.choices.values()))
    for product_set in edition.sets.values():
        heads = (product_set.name, product_set.subgroup, *product_set.oddities)
        yield from ((label, product_set.position) for label in heads)
        yield from ((out.name, out.position) for out in product_set.knock_outs)
        for criterion in product_set.criteria():
            yield criterion.name, criterion.position
            yield from ((o.name, o.position) for o in criterion.options)
            texts = (*criterion.notes, *criterion.oddities, *criterion.cases.values())
            yield from ((label, criterion.position) for label in texts)
