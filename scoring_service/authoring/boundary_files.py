"""Boundary cases as files that people review: ``boundaries/NN-slug.yaml`` for a set, ``boundaries/edition.yaml`` for the rest.

Base dossiers are written once; below each stand its cases, one to a line: what is changed → what results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_service.authoring.changes import FIELDS, PRODUCT_SET, Base, read_changes
from scoring_service.authoring.outcome import outcome_in
from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook.nodes import Node, NodeError, parse
from scoring_service.rulebook.reader import Reader

FOLDER = "boundaries"
OF_EDITION = "edition.yaml"


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a file: its base, its changes, and the outcome that is expected."""

    base: str
    changes: str
    result: str
    position: Position


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

    def keys(self) -> set[tuple[str, str]]:
        """Base and changes of each case."""
        return {(line.base, line.changes) for line in self.lines}


def read_boundaries(path: Path, name: str) -> BoundaryFile:
    """Read a file; ``name`` is what messages call it.

    Raises:
        NodeError: with everything that is wrong in it.
    """
    reader = Reader()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        reader.problem("ENCODING", Position(name, 1, 1))
        raise NodeError(reader.problems) from error
    reader.sources[name] = text.splitlines()
    root = reader.fields(parse(text, name), required=("bases", "cases"))
    bases = {key: _base(node, reader) for key, node in reader.entries(root.get("bases")).items()}
    lines = tuple(_lines(root.get("cases"), bases, reader))
    if not reader.problems and not lines:
        reader.problem("NO_CASES", Position(name, 1, 1))
    reader.raise_if_any()
    return BoundaryFile(path, bases, lines)


def _base(node: Node, reader: Reader) -> Base:
    got = reader.fields(node, required=(PRODUCT_SET, "answers"), optional=(*FIELDS, "facts"))
    return Base(
        fields={path: reader.string(value) for path, value in got.items() if path in FIELDS},
        facts={name: reader.string(value) for name, value in reader.entries(got.get("facts")).items()},
        answers={number: reader.string(value) for number, value in reader.entries(got.get("answers")).items()},
    )


def _lines(node: Node | None, bases: Mapping[str, Base], reader: Reader) -> Iterator[Line]:
    for name, cases in reader.entries(node).items():
        if name not in bases:
            reader.problem("CHOICE", cases, text=name, suggestion=Suggestion.of(name, bases))
            continue
        for changes, said in reader.entries(cases).items():
            result = reader.string(said)
            try:
                bases[name].changed(read_changes(changes))
                outcome_in(result)
            except ValueError as error:
                reader.problem("CASE_WORD", said, word=str(error))
            yield Line(name, changes, result, said.position)


# --- writing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of words over the cases that follow, for the reader."""

    text: str


def boundary_text(
    title: str, bases: Mapping[str, Base], cases: Mapping[str, Iterable[Heading | tuple[str, str]]]
) -> str:
    """A file of these bases, and for each the cases (changes, result) with headings between them."""
    lines = [f"# {title}", *_INTRODUCTION, "", "bases:"]
    for name, base in bases.items():
        lines.append(f"  {name}:")
        lines += [f"    {path}: {_scalar(value)}" for path, value in base.fields.items()]
        lines += _wrapped("facts", base.facts) + _wrapped("answers", base.answers)
    lines += ["", "cases:"]
    for name, own in cases.items():
        lines.append(f"  {name}:")
        for one in own:
            if isinstance(one, Heading):
                lines.append(f"    # {one.text}")
            else:
                lines.append(f"    {one[0]}: {one[1]}")
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "# Sinh từ quy tắc bằng `ocop boundaries --write`; xem lại bằng git diff. Mỗi dòng một ca: đổi gì so với hồ sơ gốc: kết quả.",
    "# 1.1=b là câu trả lời, a|b là mỗi phiếu một câu, - là bỏ trống. 97 ★5/4/4: 97 điểm, 5 sao theo điểm, 4 sau yêu cầu tối thiểu,",
    "# 4 sao cấp này công nhận. missed:7@5 thiếu yêu cầu 5 sao ở 7; out bị loại vì; open chưa loại trừ; up chuyển lên; > dời đến; ! lỡ hạn.",
)
_WIDTH = 140


def _wrapped(key: str, values: Mapping[str, str]) -> list[str]:
    """A flow mapping in lines of readable length."""
    if not values:
        return []
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
