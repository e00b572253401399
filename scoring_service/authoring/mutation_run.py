"""A run over many mutants: shared out over processes, kept in a file so that it can go on where it was broken off."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from scoring_service.authoring.equivalents import Explained, unfounded
from scoring_service.authoring.forked import shared_out
from scoring_service.authoring.mutants import Mutant
from scoring_service.authoring.mutation import Bench, By, Fate
from scoring_service.rulebook.model import Edition

_CHUNK = 40


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of the mutants of an edition that were tried, and entries of ``equivalent.yaml`` that do not hold (and why)."""

    edition: Edition
    mutants: tuple[Mutant, ...]
    fates: tuple[Fate, ...]
    unfounded: tuple[tuple[Explained, str], ...]

    def count(self) -> Counter[By]:
        """How many mutants each thing noticed."""
        return Counter(fate.by for fate in self.fates)

    def survivors(self) -> list[tuple[Mutant, Fate]]:
        """Mutants that nothing notices and nobody explained."""
        return self.noticed(By.NOTHING)

    def noticed(self, by: By) -> list[tuple[Mutant, Fate]]:
        """Mutants that this is the first to notice."""
        return [(m, f) for m, f in zip(self.mutants, self.fates, strict=True) if f.by is by]


def state_of(bench: Bench) -> str:
    """A digest of all that decides what becomes of a mutant: the rules and the cases."""
    total = hashlib.sha256(bench.edition.digest.encode())
    for case in bench.suite.cases:
        total.update(f"{case.id}\0{case.expected}\0".encode())
    return total.hexdigest()


class Kept:
    """The file of a run: its first line says of what, each other is one mutant and what became of it."""

    def __init__(self, path: Path | None, state: str) -> None:
        self._path, self._head = path, json.dumps({"state": state})

    def read(self) -> dict[str, Fate]:
        """What was found before of the same rules and cases; a file of others, or none, is begun anew."""
        if self._path is None:
            return {}
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.is_file() else []
        own = [line for line in lines[1:] if line.endswith("}")] if lines[:1] == [self._head] else []
        # Written again, for the last line may be half a one where a run was broken off.
        self._path.write_text("".join(f"{line}\n" for line in (self._head, *own)), encoding="utf-8")
        return {one["key"]: Fate(one["key"], By(one["by"]), one["what"]) for one in map(json.loads, own)}

    def append(self, fates: Sequence[Fate]) -> None:
        """Add what was found."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(one)) + "\n" for one in fates)


Told = Callable[[int], None]
"""Called with how many more mutants are done."""


def run(
    bench: Bench,
    everything: Sequence[Mutant],
    chosen: Sequence[Mutant],
    entries: Sequence[Explained],
    *,
    jobs: int = 0,
    kept: Path | None = None,
    told: Told = lambda _: None,
) -> Ran:
    """Try the chosen mutants out of all there are; ``kept``: a file of a run that goes on."""
    file = Kept(kept, state_of(bench))
    known = file.read()
    left = [mutant for mutant in chosen if mutant.key not in known]
    told(len(chosen) - len(left))
    for found in _tried(bench, left, jobs or os.cpu_count() or 1):
        file.append(found)
        known |= {fate.key: fate for fate in found}
        told(len(found))
    fates = tuple(known[mutant.key] for mutant in chosen)
    noticed = dict.fromkeys((m.key for m in everything), False)
    noticed |= {fate.key: fate.by in (By.CHECK, By.CASE) for fate in fates}
    return Ran(bench.edition, tuple(chosen), fates, tuple(unfounded(entries, noticed)))


def _tried(bench: Bench, mutants: Sequence[Mutant], jobs: int) -> Iterator[list[Fate]]:
    chunks = [mutants[start : start + _CHUNK] for start in range(0, len(mutants), _CHUNK)]
    places = range(len(chunks))  # mutants make editions by closures, which cannot be sent
    return shared_out(lambda place: [bench.tried(mutant) for mutant in chunks[place]], places, jobs)
