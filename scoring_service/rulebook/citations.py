"""Reads which places of which documents a reference cites: ``QĐ 26/2026/QĐ-TTg, Điều 7 khoản 3 điểm e; Điều 5 khoản 1``.

From the article down, or from the point up as offices write it (``điểm g khoản 4 Điều 7``). It knows no document: whether the place is
there is asked of the registry (``documents``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from scoring_service.plaintext import nfc

SHORT_KINDS = {"Quyết định": "QĐ", "Nghị định": "NĐ", "Thông tư": "TT", "Nghị quyết": "NQ"}
"""Kinds of documents, with the short word that stands before their numbers in the rules."""
_AND = r"\s*(?:,|và)\s*"
_NUMBER = r"\d{1,3}[a-zđ]?\b"
_POINT = r"[a-zđ]\d?\b"
# "khoản 1, 30 ngày": what is counted is no clause.
_NOT_COUNTED = r"(?!\s*(?:ngày|tháng|năm|sao|tuần|điểm|đợt|%))"
_SEVERAL = re.compile(r"[\wđ]+")
_BESIDE = re.compile(r"\s+(?:của\s+)?")
# Product sets and criteria are checked where they are read; without them thousands of references are a few dozen.
_CRITERION = re.compile(r", tiêu chí [\w.]+")
_KINDS = "|".join([*SHORT_KINDS, *SHORT_KINDS.values()])
_DOCUMENT = re.compile(rf"({_KINDS})\s+(số\s+)?\d")
_ARTICLE = re.compile(rf"\bĐiều\s+{_NUMBER}")
# The coarser, the smaller: an article or annex holds clauses, sets or forms, a clause holds points.
_RANKS = {"top": 0, "clauses": 1, "sets": 1, "forms": 1, "points": 2}


@dataclass(frozen=True, slots=True)
class Place:
    """A place, or several of one article or annex (``top``, as ``Điều 7`` or ``Phụ lục II``); ``document`` as the text names it."""

    document: str
    top: str = ""
    clauses: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cited:
    """What a reference cites: its places, and all ``documents`` it names."""

    places: tuple[Place, ...]
    documents: tuple[str, ...]


class CitationReader:
    """Reads references; ``names`` are documents without a kind and number, ``annexes`` those with a name of their own."""

    def __init__(self, names: Iterable[str] = (), annexes: Iterable[str] = ()) -> None:
        self._tokens = re.compile(
            rf"(?P<document>(?:{_any_of(names)})(?!\w)|\b(?:{_KINDS})\s+(?:số\s+)?\d[\w/-]*)"
            rf"|(?P<top>\b[Đđ]iều\s+{_NUMBER}|\b[Pp]hụ lục(?:\s+(?:[IVXLC]+|\d{{1,2}})\b)?|(?<!\w)(?:{_any_of(annexes)})(?!\w))"
            rf"|\b[Kk]hoản\s+(?P<clauses>{_NUMBER}(?:{_AND}{_NUMBER}{_NOT_COUNTED})*)"
            rf"|\b[Đđ]iểm\s+(?P<points>{_POINT}(?:{_AND}{_POINT})*)"
            rf"|\bbộ\s+(?P<sets>{_NUMBER})"
            r"|\bMẫu\s+(?:số\s+)?0?(?P<forms>\d{1,2})\b"
        )

    def read(self, text: str) -> Cited:
        """What the reference of a rule cites.

        The decision it begins with is meant until another one is named, and again after each semicolon.
        """
        places: list[Place] = []
        documents: list[str] = []
        lead = ""
        for part in text.split(";"):
            found = list(self._tokens.finditer(part))
            if found and found[0]["document"] and not part[: found[0].start()].strip():
                named = found.pop(0)["document"]
                documents.append(named)
                lead = lead or named
                places += _places(found, named, part)
            else:
                places += _places(found, lead, part)
            documents += [token["document"] for token in found if token["document"]]
        return Cited(tuple(places), tuple(dict.fromkeys(documents)))


def begins_with_a_document(reference: str) -> bool:
    """Whether a reference names its document itself, by kind and number."""
    return _DOCUMENT.match(reference) is not None


def speaks_of_an_article(text: str) -> bool:
    """Whether prose names an article. Where it names a law beside it, whose article is meant cannot be told."""
    return "Điều" in text and _ARTICLE.search(text) is not None and "luật" not in text.lower()


def without_criteria(reference: str) -> str:
    """The reference without the criterion it names on a score sheet, composed letters throughout."""
    return nfc(_CRITERION.sub("", reference))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


def _places(tokens: list[re.Match[str]], document: str, source: str) -> list[Place]:
    """The places of one part of a reference, which are meant in ``document`` until another is named."""
    runs: list[tuple[str, list[tuple[str, str]]]] = [(document, [])]
    before = None
    for token in tokens:
        kind = token.lastgroup or ""
        if kind != "document":
            runs[-1][1].append((kind, token[kind]))
        elif before is not None and _BESIDE.fullmatch(source[before.end() : token.start()]):
            runs[-1] = (token[kind], runs[-1][1])  # "Điều 7 QĐ 26/2026/QĐ-TTg": the document stands after its place
        else:
            runs.append((token[kind], []))
        before = token
    return [place for named, run in runs for place in _of_run(run, named)]


def _of_run(run: list[tuple[str, str]], document: str) -> list[Place]:
    upwards = bool(run) and run[0][0] != "top" and run[-1][0] == "top"
    places: list[Place] = []
    last = len(_RANKS)
    for kind, value in reversed(run) if upwards else run:
        if kind == "top":
            places.append(Place(document, " ".join((value[0].upper() + value[1:]).split())))
        else:
            values = tuple(v for v in _SEVERAL.findall(value) if v != "và")
            if not places:
                places.append(Place(document))
            elif _RANKS[kind] <= last and last != 0:  # a further clause of the same article
                places.append(Place(document, places[-1].top, places[-1].clauses if kind == "points" else ()))
            named: dict[str, Any] = {kind: values}
            places[-1] = replace(places[-1], **named)
        last = _RANKS[kind]
    return places
