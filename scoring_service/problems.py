"""What is wrong with an input, as data: a stable code, the values its sentence needs, and the place. The sentences stand in ``telling``."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

MAX_PROBLEMS = 100
_FEW = 12
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: path as the reader would type it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was probably meant: the ``nearest`` known word, or all ``known`` ones when they are few."""

    nearest: str = ""
    known: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: str, known: Iterable[str]) -> Suggestion:
        """The suggestion for a word that is not among the ``known`` ones."""
        words = list(known)
        near = difflib.get_close_matches(given[:_LONGEST], words, n=1, cutoff=0.6)
        if near:
            return cls(near[0])
        return cls(known=tuple(words)) if 0 < len(words) <= _FEW else cls()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Further places of one mistake that is told once: how many, and the first of them by name."""

    count: int
    places: tuple[str, ...]


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
    def where(self) -> str:
        """The most precise place known, for the head of a message."""
        return str(self.position) if self.position else self.path

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.where}: {self.code}" + (f" ({told})" if told else "")


class Problems:
    """Collects problems, at most ``MAX_PROBLEMS``: more would help nobody, and the last one says that there are more."""

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self._found = list(found)

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
            self._found.append(problem)
        elif len(self._found) == MAX_PROBLEMS:
            self._found.append(Problem("TOO_MANY_PROBLEMS", {"listed": MAX_PROBLEMS}))

    @property
    def full(self) -> bool:
        """True once further work to find more is pointless."""
        return len(self._found) >= MAX_PROBLEMS
