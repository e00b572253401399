"""Boundary cases as files that people review: ``boundaries/NN-slug.yaml`` for a set, ``boundaries/edition.yaml`` for the rest.

Base dossiers are written once; below each stand its cases, one to a line: what is changed → what results. ``cases`` are generated,
``added`` are written by people and never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoring_service.authoring.changes import FIELDS, PRODUCT_SET, Base, read_changes
from scoring_service.authoring.outcome import Outcome, outcome_in
from scoring_service.engine.dossier import Dossier
from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.nodes import Node, NodeError
from scoring_service.rulebook.reader import Reader
from scoring_service.telling.teller import teller

FOLDER = "boundaries"
OF_EDITION = "edition.yaml"
BASES, CASES, ADDED = "bases", "cases", "added"
_FACTS, _ANSWERS = "facts", "answers"
REQUIRED_OF_BASE = (PRODUCT_SET, _ANSWERS)
OF_BASE = tuple(dict.fromkeys((*REQUIRED_OF_BASE, *FIELDS, _FACTS)))
"""The keys of a base."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a file: its base and changes with the dossier they make, and the outcome that is expected."""

    base: str
    changes: str
    result: str
    dossier: Dossier
    expected: Outcome
    added: bool
    position: Position

    @property
    def key(self) -> tuple[str, str]:
        """Base and changes."""
        return self.base, self.changes


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """One file as it was read."""

    path: Path
    bases: Mapping[str, Base]
    lines: tuple[Line, ...]

    @property
    def product_set(self) -> str:
        """The short name of the set its dossiers are of."""
        return next(iter(self.bases.values())).fields.get(PRODUCT_SET, "")


def read_boundaries(path: Path, name: str) -> BoundaryFile:
    """Read a file; ``name`` is what messages call it.

    Raises:
        NodeError: with everything that is wrong in it.
    """
    reader = Reader()
    tree = reader.file(path, name)
    if tree is None:
        raise NodeError(reader.problems)
    root = reader.fields(tree, required=(BASES, CASES), optional=(ADDED,))
    bases = {key: _base(node, reader) for key, node in reader.entries(root.get(BASES)).items()}
    lines = tuple(line for key in (CASES, ADDED) for line in _lines(root.get(key), bases, reader, added=key == ADDED))
    if not reader.problems and not lines:
        reader.problem("NO_CASES", Position(name, 1, 1))
    reader.raise_if_any()
    return BoundaryFile(path, bases, lines)


def _base(node: Node, reader: Reader) -> Base:
    got = reader.fields(node, required=REQUIRED_OF_BASE, optional=OF_BASE)
    return Base(
        fields={path: reader.string(value) for path, value in got.items() if path in FIELDS},
        facts={name: reader.string(value) for name, value in reader.entries(got.get(_FACTS)).items()},
        answers={number: reader.string(value) for number, value in reader.entries(got.get(_ANSWERS)).items()},
    )


def _lines(node: Node | None, bases: Mapping[str, Base], reader: Reader, *, added: bool) -> Iterator[Line]:
    for name, cases in reader.entries(node).items():
        if name not in bases:
            reader.problem("CHOICE", cases, text=name, of=BASES, suggestion=Suggestion.of(name, bases))
            continue
        for changes, said in reader.entries(cases).items():
            result = reader.string(said)
            try:
                dossier, expected = bases[name].changed(read_changes(changes)), outcome_in(result)
            except ValueError as error:
                reader.problem("CASE_WORD", said, word=str(error))
                continue
            yield Line(name, changes, result, dossier, expected, added, said.position)


# --- writing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of words over the cases that follow, for the reader: a sentence by its code."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return teller("vi").sentence(self.code, **self.values)


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it should be: its bases, and for each the cases (changes, result) with headings between them."""

    title: Heading
    bases: Mapping[str, Base]
    cases: Mapping[str, Iterable[Heading | tuple[str, str]]]

    def keyed(self) -> dict[tuple[str, str], str]:
        """Base and changes → result."""
        return {
            (name, one[0]): one[1] for name, own in self.cases.items() for one in own if not isinstance(one, Heading)
        }

    def text(self, added: str = "") -> str:
        """The text; ``added`` is what people wrote, kept as it is."""
        lines = [f"# {self.title}", *_head(), "", "bases:"]
        for name, base in self.bases.items():
            lines.append(f"  {name}:")
            lines += [f"    {path}: {_scalar(value)}" for path, value in base.fields.items()]
            lines += _wrapped("facts", base.facts) + _wrapped("answers", base.answers)
        lines += ["", f"{CASES}:"]
        for name, own in self.cases.items():
            lines.append(f"  {name}:")
            lines += [f"    # {one}" if isinstance(one, Heading) else f"    {one[0]}: {one[1]}" for one in own]
        return "\n".join(lines) + "\n" + added


def added_text(text: str) -> str:
    """What people added to a file: ``added:`` and all below it, with the comments right above."""
    lines = text.splitlines(keepends=True)
    start = next((place for place, line in enumerate(lines) if line.startswith(f"{ADDED}:")), len(lines))
    while start and start < len(lines) and lines[start - 1].startswith("#"):
        start -= 1
    return "\n" * (start < len(lines)) + "".join(lines[start:])


def _head() -> list[str]:
    return [f"# {line}" for line in teller("vi").sentence("BOUNDARY_HEAD").splitlines()]


_WIDTH = 140


def _wrapped(key: str, values: Mapping[str, str]) -> list[str]:
    """A flow mapping in lines of readable length."""
    if not values:
        return [] if key == "facts" else [f"    {key}: {{}}"]
    lines, line = [f"    {key}: {{"], ""
    for name, value in values.items():
        pair = f"{_scalar(name)}: {_scalar(value)}, "
        if len(line) + len(pair) > _WIDTH - 6:
            lines.append("      " + line.rstrip())
            line = ""
        line += pair
    return [*lines, "      " + line.rstrip(" ,") + "}"]


def _scalar(text: str) -> str:
    return text if text and text[0].isalnum() and text.isascii() and not set(text) & set(':#,{}[]&*"') else f'"{text}"'
