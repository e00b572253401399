"""What is wrong with an input, as data: a stable code, the values its sentence needs, and the place. The sentences stand in ``telling``."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

MAX_PROBLEMS = 100
_FEW = 12
_LONGEST = 100
_NAMED_SHEETS = 5
_NAMED_LINES = 3
_OF_A_SHEET = re.compile(r"(.*?)(sheets\[\d+\])(.*)")


class Weight(StrEnum):
    """How bad a problem is: an error refuses the input, a warning is probably a mistake, a hint is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


LIGHTER: Mapping[str, Weight] = {
    "CRITERION_APART": Weight.HINT,
    "CRITERION_SAME_NAME": Weight.WARNING,
    "DERIVE_KEPT": Weight.HINT,
    "EVIDENCE_UNUSED": Weight.HINT,
    "FACT_UNUSED": Weight.WARNING,
    "FOLLOWS_EDITION": Weight.WARNING,
    "LABEL_NOT_VIETNAMESE": Weight.WARNING,
    "LEVEL_HOLE": Weight.WARNING,
    "NAME_REPEATED": Weight.WARNING,
    "NO_SAMPLES": Weight.WARNING,
    "NUMBER_HOLE": Weight.WARNING,
    "ONLY_IF_CHAIN": Weight.HINT,
    "QUORUM_LOW": Weight.WARNING,
    "SCHEMA_STALE": Weight.WARNING,
    "STARS_LOST": Weight.WARNING,
    "STARS_STAY": Weight.HINT,
    "SPREAD_FAR": Weight.WARNING,
    "TEXT_REFERENCE": Weight.WARNING,
    "TEXT_STALE": Weight.HINT,
    "TRANSLATION_NOT_ENGLISH": Weight.WARNING,
    "TRANSLATION_SAME": Weight.HINT,
    "TRANSLATION_MISSING": Weight.WARNING,
    "TRANSLATION_UNUSED": Weight.WARNING,
}
"""The codes that refuse nothing."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: path as the reader would type it, line and column counted from 1."""

    file: str
    line: int
    column: int

    @property
    def folder(self) -> str:
        """The first folder of the path: of a rule file that of its edition."""
        return self.file.partition("/")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was probably meant: the ``nearest`` known word, or all ``known`` ones when they are few; ``names``: what words are called."""

    nearest: str = ""
    known: tuple[str, ...] = ()
    names: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        given: str,
        known: Iterable[str],
        names: Mapping[str, object] | None = None,
        also: Mapping[str, str] | None = None,
        closeness: float = 0.6,
        few: int = _FEW,
    ) -> Suggestion:
        """The suggestion for a word that is not among the ``known`` ones, which are listed where they are ``few``.

        ``also``: further spellings with the words they mean.
        """
        words = list(known)
        spelt = dict(zip(words, words, strict=True)) | dict(also or {})
        near = difflib.get_close_matches(given[:_LONGEST], spelt, n=1, cutoff=closeness)
        if near:
            return cls(spelt[near[0]], names=names or {})
        return cls(known=tuple(words), names=names or {}) if 0 < len(words) <= few else cls()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Further places of one mistake that is told once: how many, and the first of them by name; ``of_lines``: lines of files, not sheets."""

    count: int
    places: tuple[str, ...]
    of_lines: bool = False

    @classmethod
    def of(cls, places: Iterable[str], *, of_lines: bool = False) -> Elsewhere:
        """These places."""
        found = tuple(places)
        return cls(len(found), found[: _NAMED_LINES if of_lines else _NAMED_SHEETS], of_lines)


@dataclass(frozen=True, slots=True)
class Met:
    """Who else met the mistake of one definition: how many, and the first ``names``, of one ``use`` (sets, kinds, criteria)."""

    use: str
    count: int
    names: tuple[str, ...]

    @classmethod
    def of(cls, use: str, names: Iterable[str]) -> Met:
        """These names."""
        found = tuple(names)
        return cls(use, len(found), found[:_NAMED_SHEETS])


@dataclass(frozen=True, slots=True)
class Inherited:
    """What is wrong stands in an older edition, which is not changed: the ``file`` of the newer one in which to amend it."""

    edition: str
    file: str


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts with their places, as many as a message lists; ``more``: how many others there are."""

    listed: tuple[tuple[Position, str], ...]
    more: int = 0

    @classmethod
    def of(cls, texts: Mapping[str, Position], shown: int = 20) -> Passages:
        """These texts, in the order of the files."""
        placed = sorted(((at, text) for text, at in texts.items()), key=lambda p: (p[0].file, p[0].line, p[0].column))
        return cls(tuple(placed[:shown]), max(0, len(placed) - shown))


@dataclass(frozen=True, slots=True)
class Span:
    """Days in which something holds, both included; an open end is ``None``."""

    name: object
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    ``code`` is stable and names the sentence in the catalogues, ``values`` fill it. ``path`` is the field path
    (``sheets[0].answers.1.1``), ``position`` the place in a file where known, ``excerpt`` that line of the file.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    path: str = ""
    position: Position | None = None
    excerpt: str = ""

    @property
    def weight(self) -> Weight:
        """How bad it is, by its code alone."""
        return LIGHTER.get(self.code, Weight.ERROR)

    @property
    def where(self) -> str:
        """The most precise place known, for the head of a message."""
        return str(self.position) if self.position else self.path

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.where}: {self.code}" + (f" ({told})" if told else "")


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that refuse the input."""
    return [problem for problem in problems if problem.weight is Weight.ERROR]


class Problems:
    """Collects problems, at most ``MAX_PROBLEMS``: more would help nobody, and the last one says that there are more.

    What is wrong on several sheets in the same way is one problem, which says where ``elsewhere`` it is.
    """

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self._found: list[Problem] = []
        self._on_sheets: dict[tuple[str, ...], tuple[int, list[str]]] = {}
        for problem in found:
            self.note(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, code: str, path: str = "", /, **values: object) -> None:
        """Note one problem at a field path."""
        self.note(Problem(code, values, path))

    def note(self, problem: Problem) -> None:
        """Note one problem, unless there are enough."""
        if not self.full:
            if not self._told_of_another_sheet(problem):
                self._found.append(problem)
        elif len(self._found) == MAX_PROBLEMS:
            self._found.append(Problem("TOO_MANY_PROBLEMS", {"listed": MAX_PROBLEMS}))

    @property
    def full(self) -> bool:
        """True once further work to find more is pointless."""
        return len(self._found) >= MAX_PROBLEMS

    def _told_of_another_sheet(self, problem: Problem) -> bool:
        of_a_sheet = _OF_A_SHEET.fullmatch(problem.path)
        if not of_a_sheet or "elsewhere" in problem.values:
            return False
        before, sheet, after = of_a_sheet.groups()
        here = (len(self._found), list[str]())
        index, more = self._on_sheets.setdefault((problem.code, before, after, repr(problem.values)), here)
        if index == len(self._found):
            return False
        more.append(before + sheet)
        told = self._found[index]
        self._found[index] = replace(told, values={**told.values, "elsewhere": Elsewhere.of(more)})
        return True
