"""Printed sheets as golden files: ``printed/NN-slug.md`` for each set and ``printed/edition.md``, so that every change of the law is seen."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring_service.authoring.expectations import Deviation, DeviationKind
from scoring_service.authoring.print_of_editions import edition_text
from scoring_service.authoring.print_of_sets import sheet_text
from scoring_service.engine.engine import Engine
from scoring_service.problems import Position
from scoring_service.rulebook.folder import set_stem
from scoring_service.rulebook.load import load_edition
from scoring_service.rulebook.model import Edition, ProductSet

FOLDER, SUFFIX, OF_EDITION = "printed", ".md", "edition"
_BESIDE = 3
"""So many words around a change are shown, to find it."""


@dataclass(frozen=True, slots=True)
class PrintedCase:
    """One printed file. ``of``: its set, or the edition; nothing where the file is of neither and should go."""

    edition: Edition
    file: Path
    of: ProductSet | Edition | None

    @property
    def id(self) -> str:
        """``printed/04-honey``."""
        return f"{FOLDER}/{self.file.stem}"

    @property
    def place(self) -> Position:
        """The file."""
        return self._at(1)

    @property
    def why(self) -> str:
        """Nothing: it is the law."""
        return ""

    def text(self) -> str:
        """What the rules print now."""
        if isinstance(self.of, ProductSet):
            return sheet_text(self.edition, self.of)
        return edition_text(self.of) if self.of else ""

    def differences(self, engine: Engine | None = None) -> list[Deviation]:
        """What moved between the file and the rules, each below the heading where it stands."""
        del engine
        old = self.file.read_text(encoding="utf-8") if self.file.is_file() else ""
        new = self.text()
        if not old or not new:
            kind, name = (DeviationKind.CAME, new) if new else (DeviationKind.WENT, old)
            first = name.partition("\n")[0].lstrip("# ")
            wanted, now = ("", first) if new else (first, "")
            return [Deviation((FOLDER,), kind, wanted, now, self.place)] if old != new else []
        return [] if old == new else list(self._moved(old.splitlines(), new.splitlines()))

    def write(self) -> None:
        """Bring the file up to the rules."""
        if text := self.text():
            self.file.parent.mkdir(exist_ok=True)
            self.file.write_text(text, encoding="utf-8")
        else:
            self.file.unlink()

    def _moved(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Deviation]:
        for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            for row, before, after in _pairs(block, old, new):
                wanted, now = _cut(" ".join(before).split(), " ".join(after).split())
                if wanted != now:
                    kind = (
                        DeviationKind.OTHER
                        if before and after
                        else DeviationKind.WENT
                        if before
                        else DeviationKind.CAME
                    )
                    heading = _heading(old[: row + 1]) if before else _heading(new[: block[3] + 1])
                    yield Deviation((heading,), kind, wanted, now, self._at(min(row, len(old) - 1) + 1))

    def _at(self, line: int) -> Position:
        return Position(f"{self.file.parents[1].name}/{FOLDER}/{self.file.name}", line, 1)


def printed_cases(edition: Edition, folder: Path) -> list[PrintedCase]:
    """The printed files of the edition in a folder, with those that are missing and those that should go."""
    own = _unclosed(edition, folder)
    room = folder / FOLDER
    files: dict[Path, ProductSet | Edition] = {room / f"{OF_EDITION}{SUFFIX}": own}
    files |= {room / f"{set_stem(one.number, one.slug)}{SUFFIX}": one for one in own.sets.values()}
    left = [path for path in sorted(room.glob(f"*{SUFFIX}")) if path not in files]
    return [PrintedCase(own, path, files.get(path)) for path in (*files, *left)]


def _unclosed(edition: Edition, folder: Path) -> Edition:
    """The edition as its own folder states it. A later one may close its windows, and prints that itself."""
    own = all(window.position.file.startswith(f"{folder.name}/") for window in edition.windows)
    return edition if own else load_edition(folder)


def _pairs(
    block: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[int, Sequence[str], Sequence[str]]]:
    """Lines that belong together, with their row in the old text: one by one where they pair; a text that was wrapped anew is one."""
    tag, start, end, first, last = block
    if tag == "replace" and end - start != last - first:
        yield start, old[start:end], new[first:last]
    elif tag != "equal":
        for i in range(max(end - start, last - first)):
            yield start + i if start < end else start, old[start:end][i : i + 1], new[first:last][i : i + 1]


def _heading(lines: Sequence[str]) -> str:
    """What the last of these lines stands under: a heading, or the item of a list whose detail it is."""
    detail = lines[-1].startswith("  ")
    above = (line for line in reversed(lines) if line.startswith("#") or (detail and line.startswith("- ")))
    return next((line.lstrip("#- ") for line in above), "")


def _cut(old: list[str], new: list[str]) -> tuple[str, str]:
    """Two texts without what both begin and end with, but for a few words."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    room = min(len(old), len(new)) - start
    end = next((i for i, (a, b) in enumerate(zip(reversed(old), reversed(new), strict=False)) if a != b), room)
    return _around(old, start, min(end, room)), _around(new, start, min(end, room))


def _around(words: list[str], start: int, end: int) -> str:
    low, high = max(0, start - _BESIDE), min(len(words), len(words) - end + _BESIDE)
    return f"{'… ' * (low > 0)}{' '.join(words[low:high])}{' …' * (high < len(words))}"
