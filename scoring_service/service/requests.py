"""Messages in: a dossier and what is wanted of its result, by the one declaration of the dossier's fields. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from google.protobuf.message import Message
from ocop.dossiers import fact_value
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.dossier import (
    DOSSIER_FIELDS,
    MAX_ANSWERS,
    MAX_FACTS,
    MAX_SHEETS,
    SHEET_FIELDS,
    Dossier,
    Field,
    Holds,
    Sheet,
    SheetKind,
    Stated,
)
from scoring_service.plaintext import shorten
from scoring_service.problems import Problems, Suggestion
from scoring_service.records import record
from scoring_service.telling.catalogue import DEFAULT_LANGUAGE, languages

MAX_LANGUAGES = 4
MAX_TOKEN = 128
_KINDS = {"council.mode": pb.CouncilMode, "kind": pb.SheetKind, "role": pb.CouncilRole}
_FULL = pb.EXPLAIN_LEVEL_FULL
_LEVELS = frozenset(pb.ExplainLevel.values())


class _Words(dict[int, str]):
    """Numbers of a closed enum as words: the zero is the empty word, a number that is not known a word that is none."""

    def __missing__(self, number: int) -> str:
        return f"#{number}"


def _words(enum: Any) -> _Words:
    """``SHEET_KIND_HELP_TEAM`` → ``help_team``."""
    prefix = enum.keys()[0].removesuffix("UNSPECIFIED")
    return _Words({number: name.removeprefix(prefix).lower() if number else "" for name, number in enum.items()})


_WORDS = {path: _words(enum) for path, enum in _KINDS.items()}
_NUMBERS = {path: {word: number for number, word in words.items()} for path, words in _WORDS.items()}


@record()
class Wanted:
    """What is wanted of a result. ``digest`` is empty where any rules will do."""

    explain: int = _FULL
    languages: tuple[str, ...] = (DEFAULT_LANGUAGE,)
    digest: str = ""
    verdict: bool = False


class _Counted(dict[str, Any]):
    """As many entries as a message has, none of them read, where it has more than are taken."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def __len__(self) -> int:
        return self._count


def dossier_from_pb(message: pb.Dossier) -> Dossier:
    """A dossier from its message. Sheets, facts and answers beyond their limits are counted and not read."""
    sheets, facts = message.sheets, message.facts
    return Dossier(
        **_read_dossier(message),
        facts={name: _stated(facts[name]) for name in facts} if len(facts) <= MAX_FACTS else _Counted(len(facts)),
        sheets=tuple([_sheet(sheet) for sheet in sheets]) if len(sheets) <= MAX_SHEETS else (Sheet(),) * len(sheets),
    )


def _sheet(message: pb.Sheet) -> Sheet:
    answers = message.answers
    few = len(answers) <= MAX_ANSWERS
    return Sheet(
        **_read_sheet(message),
        answers={number: answers[number] for number in answers} if few else _Counted(len(answers)),
    )


def dossier_to_pb(dossier: Dossier) -> pb.Dossier:
    """The message of a dossier. A fact written by people goes as the typed value it looks like."""
    message = pb.Dossier()
    _write(message, DOSSIER_FIELDS, dossier)
    for name, raw in dossier.facts.items():
        message.facts[name].CopyFrom(fact_value(raw.text if isinstance(raw, Stated) else raw))
    for sheet in dossier.sheets:
        added = message.sheets.add(answers=sheet.answers)
        _write(added, SHEET_FIELDS, sheet)
    return message


def counted_kind(number: int, path: str, problems: Problems) -> SheetKind:
    """The kind of sheets to score by, as a comparison asks for it."""
    word = _WORDS["kind"][number]
    if word in list(SheetKind):
        return SheetKind(word)
    problems.add(
        "SHEET_KIND_UNKNOWN", path, given=word, suggestion=Suggestion(known=tuple(kind.value for kind in SheetKind))
    )
    return SheetKind.COUNCIL


def wanted_from_pb(message: pb.Wanted, problems: Problems) -> Wanted:
    """What is wanted; what is wrong with it is noted, and the default stands in its place."""
    explain, digest, asked = message.explain or _FULL, message.expected_digest, message.languages
    if explain not in _LEVELS:
        problems.add("EXPLAIN_UNKNOWN", "wanted.explain", given=explain)
        explain = _FULL
    if len(digest) > MAX_TOKEN:
        problems.add("TOO_LONG", "wanted.expected_digest", length=len(digest), limit=MAX_TOKEN)
        digest = ""
    return Wanted(explain, languages_from_pb(asked, "wanted.languages", problems), digest, message.verdict)


def languages_from_pb(asked: Sequence[str], path: str, problems: Problems) -> tuple[str, ...]:
    """The languages asked for that there are, each once; Vietnamese where none is asked for."""
    if not asked:
        return (DEFAULT_LANGUAGE,)
    if len(asked) > MAX_LANGUAGES:
        problems.add("TOO_MANY_LANGUAGES", path, given=len(asked), limit=MAX_LANGUAGES)
        return (DEFAULT_LANGUAGE,)
    known = languages()
    for index, language in enumerate(asked):
        if language not in known:
            problems.add(
                "LANGUAGE_UNKNOWN", f"{path}[{index}]", given=shorten(language), suggestion=Suggestion(known=known)
            )
    return tuple(dict.fromkeys(language for language in asked if language in known)) or (DEFAULT_LANGUAGE,)


class _Reader:
    """Reads the declared fields of a message: texts in one go, counts and closed words one by one."""

    def __init__(self, declared: Iterable[Field]) -> None:
        texts = [one for one in declared if one.of not in (Holds.COUNT, Holds.CLOSED)]
        self._names = tuple(one.name for one in texts)
        self._texts = attrgetter(*(one.path for one in texts))
        self._counts = [(one.name, *_holder(one)) for one in declared if one.of is Holds.COUNT]
        self._closed = [
            (one.name, attrgetter(one.path), _WORDS[one.path]) for one in declared if one.of is Holds.CLOSED
        ]

    def __call__(self, message: Message) -> dict[str, Any]:
        values: dict[str, Any] = dict(zip(self._names, self._texts(message), strict=True))
        for name, group, key in self._counts:
            holder = getattr(message, group) if group else message
            values[name] = getattr(holder, key) if holder.HasField(key) else None
        for name, number, words in self._closed:
            values[name] = words[number(message)]
        return values


def _holder(one: Field) -> tuple[str, str]:
    """The message that holds a field, empty for the whole one, and its name there."""
    group, _, key = one.path.rpartition(".")
    return group, key


_read_dossier, _read_sheet = _Reader(DOSSIER_FIELDS), _Reader(SHEET_FIELDS)


def _write(message: Message, declared: Iterable[Field], source: Dossier | Sheet) -> None:
    for one in declared:
        group, key = _holder(one)
        value = getattr(source, one.name)
        if value not in ("", None):
            holder = getattr(message, group) if group else message
            setattr(holder, key, _NUMBERS[one.path].get(value, 0) if one.of is Holds.CLOSED else value)


def _stated(value: pb.FactValue) -> Stated:
    form = value.WhichOneof("value")
    if form is None or form == "unknown":
        return _UNKNOWN
    if form == "yes_no":
        return _YES if value.yes_no else _NO
    return Stated(str(getattr(value, form)), form)


_UNKNOWN, _YES, _NO = Stated("", "unknown"), Stated("yes", "yes_no"), Stated("no", "yes_no")
