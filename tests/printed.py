"""The printed texts our short labels were read from: which conditions a label must keep, and a fingerprint of each text.

The decisions as data lie beside the project while it is built; only there can labels be compared with the print. What is kept of it here
are eight characters for each option (``law/printed-<edition>.csv``), so that a corrected source is noticed, which words
decide (``law/conditions.yaml``), and where a word or figure may be missing and why (``law/explained-<edition>.yaml``).
``make printed`` writes the fingerprints anew, after the labels have been read again.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scoring_service.rulebook.label import Label
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Criterion, Edition, Effect, KnockOut, ProductSet

HERE = Path(__file__).resolve().parent
LAW = HERE.parents[1] / "shared" / "law"
KEPT = HERE / "law"
SOURCES = {"2026": "qd-26-2026.json", "2023": "qd-148-2023.json", "2019": "qd-1048-2019.json"}


def nfc(text: str | None) -> str:
    """Composed characters and single blanks."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def fingerprint(text: str) -> str:
    """Eight characters that change when the text does."""
    return hashlib.sha256(nfc(text).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Pair:
    """A printed text and what we say in its place.

    ``option`` is empty for the title and the notes of a criterion, and ``criterion`` is none for the heading of a sheet.
    """

    edition: str
    product_set: ProductSet
    criterion: Criterion | None
    option: str
    printed: str
    ours: tuple[Label, ...]

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.product_set.slug, self.criterion.number if self.criterion else "", self.option)

    def __str__(self) -> str:
        where = f"{self.edition}, set {self.product_set.number} ({self.product_set.slug})"
        if self.criterion is None:
            return f"{where}, heading"
        return f"{where}, criterion {self.criterion.number}, {f'option {self.option}' if self.option else 'title and notes'}"


def source(edition: str) -> dict[str, Any]:
    """One decision as data."""
    data: dict[str, Any] = json.loads((LAW / SOURCES[edition]).read_text(encoding="utf-8"))
    return data


def pairs(book: Rulebook) -> Iterator[Pair]:
    """Every option of every edition beside its print, every title with its notes, and every heading that throws a dossier out."""
    for edition in SOURCES:
        yield from _of_edition(book.editions[edition])


def _of_edition(edition: Edition) -> Iterator[Pair]:
    by_name = {s.name.vi: s for s in edition.sets.values()}
    for printed in source(edition.id)["sets"]:
        number = printed.get("product_set_no")
        product_set = edition.sets[str(number)] if number else by_name[nfc(printed["product_set"])]
        if heading := printed.get("dossier_disqualified_when"):
            text = heading["text"] if isinstance(heading, dict) else heading  # an inferred one says so beside its text
            yield Pair(edition.id, product_set, None, "", nfc(text), (_heading(product_set),))
        by_number = {c.number: c for c in product_set.criteria()}
        seen: set[str] = set()
        for one in (c for p in printed["parts"] for s in p["sections"] for c in s["criteria"]):
            own = nfc(one["number"])
            own += "b" if own in seen else ""  # one number stands twice in a source and is told apart in our files
            seen.add(own)
            criterion = by_number[own]
            about = (criterion.name, *criterion.notes)
            for option, text in zip(criterion.options, one["options"], strict=True):
                yield Pair(edition.id, product_set, criterion, option.id, nfc(text["text"]), (option.name, *about))
            notes = [*one.get("notes", []), *one.get("rules", [])]
            said = [one["title"], *(n["text"] for n in notes)]
            outs = [Label(f"nếu {o.name.vi}", f"if {o.name.en}") for o in _knock_outs(product_set, criterion)]
            yield Pair(edition.id, product_set, criterion, "", nfc(" ; ".join(said)), (*about, *outs))


def _heading(product_set: ProductSet) -> Label:
    outs = [o.name for o in product_set.knock_outs if o.effect is Effect.REJECT and not o.presumed_clear]
    return Label(
        "bị loại khi " + " hoặc ".join(o.vi for o in outs), "thrown out when " + " or ".join(o.en for o in outs)
    )


def _knock_outs(product_set: ProductSet, criterion: Criterion) -> list[KnockOut]:
    return [o for o in product_set.knock_outs if o.reference.endswith(f"tiêu chí {criterion.number}")]


# --- the words that decide who gets the points -------------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """A word that decides, apart from phrases where it decides nothing: what a short label may say instead, and how English says it."""

    printed: str
    apart: tuple[str, ...]
    also: tuple[str, ...]
    english: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        for phrase in self.apart:
            text = _whole_word(phrase).sub("", text)
        return _whole_word(self.printed).search(text) is not None

    def kept_in(self, text: str) -> bool:
        return self.stands_in(text) or any(_whole_word(word).search(text) for word in self.also)


@cache
def _whole_word(word: str) -> re.Pattern[str]:
    edge = r"(?<!\w)" if word[0].isalnum() else ""
    return re.compile(edge + re.escape(word) + (r"(?!\w)" if word[-1].isalnum() else ""), re.IGNORECASE)


@cache
def conditions() -> tuple[Condition, ...]:
    """The list of words."""
    words = _yaml("conditions.yaml")["words"]
    return tuple(
        Condition(word, *(tuple(row.get(key, ())) for key in ("apart", "also", "en"))) for word, row in words.items()
    )


def explained(edition: str) -> dict[tuple[str, str], str]:
    """Why a word may be missing: by the fingerprint of the printed text and the word."""
    return {(row["print"], word): row["why"] for row in _yaml(f"explained-{edition}.yaml") for word in row["words"]}


def _yaml(name: str) -> Any:
    return yaml.safe_load((KEPT / name).read_text(encoding="utf-8"))


def _lost_words(printed: str, ours: str) -> list[str]:
    return [c.printed for c in conditions() if c.stands_in(printed) and not c.kept_in(ours)]


# --- figures -------------------------------------------------------------------------------------------------------------

_SIGNS = {
    "≥": ("từ", "ít nhất", "tối thiểu", "trở lên", "from", "at least", "or more"),
    "≤": ("đến", "-", "không quá", "tối đa", "trở xuống", "to", "at most", "or fewer"),
    "<": ("dưới", "ít hơn", "under", "below", "less than"),
    ">": ("trên", "nhiều hơn", "over", "more than"),
}
_SIGN_OF = {word: sign for sign, words in _SIGNS.items() for word in (sign, *words)}
_WORDS = "|".join(re.escape(word) for words in _SIGNS.values() for word in words)
_FIGURE = re.compile(
    rf"(?:(?P<before>[≥≤<>]|(?<!\w)(?:{_WORDS}))\s*)?(?<!\w)0*(?P<number>\d+)\s*(?P<unit>%?)"
    r"(?P<range>(?=\s*(?:đến|to|-)\s*(?:dưới|under|below)?\s*\d))?"
    r"(?:(?=[^\d;,.()]*(?<!\w)(?P<after>trở lên|trở xuống|or more|or fewer)(?!\w)))?"
    r"|[≥≤<>]"
)


def figures(text: str) -> Counter[str]:
    """The numbers of a text in either language, each with its comparison and per cent sign: ≥50% and <75% of "từ 50 % đến dưới 75%".

    Zeros in front do not count; a number within a word (B12) is part of a name; a sign without a number ("≥ the average") counts too.
    """
    return Counter(_figure(found) for found in _FIGURE.finditer(nfc(text).casefold()))


def _figure(found: re.Match[str]) -> str:
    number, unit, before, after, lower = found.group("number", "unit", "before", "after", "range")
    if number is None:
        return found[0]
    word = after or before or ("từ" if lower is not None else "")
    return f"{_SIGN_OF.get(word, '')}{number}{unit}"


def lost(pair: Pair) -> list[str]:
    """The deciding words and the figures of the print that our label and its notes do not keep."""
    ours = nfc(" ; ".join(label.vi for label in pair.ours))
    return [*_lost_words(pair.printed, ours), *(figures(pair.printed) - figures(ours))]


def lost_in_english(label: Label) -> list[str]:
    """The deciding words and the figures of the Vietnamese label that the English one does not keep."""
    vi, en = nfc(label.vi), label.en.casefold()
    words = [c.printed for c in conditions() if c.english and c.stands_in(vi) and not any(w in en for w in c.english)]
    return [*words, *(figures(vi) - figures(en))]


# --- fingerprints --------------------------------------------------------------------------------------------------------


def kept_fingerprints(edition: str) -> dict[tuple[str, str, str], str]:
    """Set, criterion and option → the fingerprint of the text its label was read from."""
    with (KEPT / f"printed-{edition}.csv").open(encoding="utf-8", newline="") as file:
        return {(row["set"], row["criterion"], row["option"]): row["print"] for row in csv.DictReader(file)}


def main() -> None:
    """Write the fingerprints anew."""
    found = list(pairs(load_rulebook(HERE.parent / "rules")))
    for edition in SOURCES:
        with (KEPT / f"printed-{edition}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("set", "criterion", "option", "print"))
            rows.writerows((*p.place, fingerprint(p.printed)) for p in found if p.edition == edition)


if __name__ == "__main__":
    main()
