"""What the rules call a thing, in any of their languages, means the same in a dossier as its id."""

from __future__ import annotations

from collections.abc import Iterable

from scoring_service.plaintext import bare_words, shorten, word_key, words_of
from scoring_service.problems import Problem, Suggestion
from scoring_service.rulebook.label import Label
from scoring_service.rulebook.model import Edition, ProductSet

_FEW = 6
_CLOSE = 0.75
"""Names are long and share many words: what is less alike was not meant."""
_LONGEST = 200
"""No name is longer; the limit of every field that takes one is no higher."""


class Names:
    """The names of ids of one kind. A name that means two of them means none."""

    def __init__(self, labels: Iterable[tuple[str, Label]]) -> None:
        self._labels: dict[str, Label] = {}
        meant: dict[str, set[str]] = {}
        for id_, label in labels:
            self._labels[id_] = label
            for text in (id_, *label.written):
                meant.setdefault(word_key(text), set()).add(id_)
        self._ids = {key: ids.pop() for key, ids in meant.items() if key and len(ids) == 1}

    def id(self, given: str) -> str:
        """The id of that name; empty where it names nothing."""
        return self._ids.get(word_key(given), "") if len(given) <= _LONGEST else ""

    def suggestion(self, given: str) -> Suggestion:
        """What was meant by a name that is none of these: the one that begins with it, holds it or stands in it, or else the nearest."""
        key = word_key(given[:_LONGEST])
        for words in (words_of, bare_words):  # people leave marks out; where they write them, they mean them
            said = words(key)
            for among in (str.startswith, str.__contains__, _stands_in):
                found = dict.fromkeys(id_ for name, id_ in self._ids.items() if key and among(words(name), said))
                if len(found) == 1:
                    return Suggestion(next(iter(found)), names=self._labels)
                if 0 < len(found) <= _FEW:
                    return Suggestion(known=tuple(found), names=self._labels)
        return Suggestion.of(key, self._labels, self._labels, self._ids, closeness=_CLOSE)


def _stands_in(name: str, said: str) -> bool:
    return name in said


def kind_names(editions: Iterable[Edition]) -> Names:
    """Of the kinds of application, which editions share."""
    return Names((kind, name) for edition in editions for kind, name in edition.kinds.items())


def level_names(edition: Edition) -> Names:
    """Of the levels, by the words that dossiers use."""
    return Names((level.word, level.name) for level in edition.levels)


def set_names(edition: Edition) -> Names:
    """Of the product sets, by their short names."""
    return Names((slug, one.name) for slug, one in edition.by_slug.items())


def find_set(edition: Edition, asked: str, names: Names) -> ProductSet | None:
    """A product set by its number, its short name or its name."""
    return edition.find_set(asked) or edition.find_set(names.id(asked))


def no_set(edition: Edition, asked: str, path: str, names: Names) -> Problem:
    """Why an edition has no such product set: its own reason where it gives one, or that it knows none of that name."""
    if asked in edition.missing_sets:
        return Problem("SET_MISSING", {"why": edition.missing_sets[asked]}, path)
    return Problem(
        "SET_UNKNOWN", {"given": shorten(asked), "edition": edition.id, "suggestion": names.suggestion(asked)}, path
    )
