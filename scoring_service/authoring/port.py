"""Samples of an older edition for a newer one: every day moved by as much as the first day of filing moved, kept where they can be scored."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scoring_service.authoring.samples import FOLDER
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Engine
from scoring_service.plaintext import parse_day
from scoring_service.rulebook.model import Edition

_DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Ported:
    """``days``: how far days were moved; ``texts``: the new samples by name; ``left``: names of those that do not fit."""

    days: int
    texts: dict[str, str]
    left: tuple[str, ...]


def port_samples(engine: Engine, older: Edition, newer: Edition, source: Path, target: Path) -> Ported:
    """The samples in the folder ``source`` of the older edition that the newer one, in ``target``, scores once their days are moved.

    A sample fits when the older edition judges it by its days, and the newer one the moved dossier, each without a problem.
    """
    days = (_begin(newer) - _begin(older)).days
    texts, left = dict[str, str](), list[str]()
    for path in sorted(source.glob(f"{FOLDER}/*.yaml")):
        moved = _moved(path.read_text(encoding="utf-8"), days)
        free = not (target / FOLDER / path.name).exists()
        if free and _judged_by(engine, older, path) and _scored_by(engine, newer, moved):
            texts[path.name] = moved
        else:
            left.append(path.stem)
    return Ported(days, texts, tuple(left))


def _begin(edition: Edition) -> dt.date:
    """The first day of filing under an edition."""
    return min((w.filed_from for w in edition.windows if w.filed_from), default=edition.issued)


def _moved(text: str, days: int) -> str:
    """A text with every day in it moved."""

    def move(found: re.Match[str]) -> str:
        day = parse_day(found[0])
        return (day + dt.timedelta(days=days)).isoformat() if day else found[0]

    return _DAY.sub(move, text)


def _scored_by(engine: Engine, edition: Edition, text: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "moved.yaml")
        path.write_text(text, encoding="utf-8")
        return _judged_by(engine, edition, path)


def _judged_by(engine: Engine, edition: Edition, path: Path) -> bool:
    """Whether an edition judges a dossier by its days; not where the dossier names one itself, or has a problem."""
    try:
        file = DossierFile(path)
        chosen = engine.decide(engine.admit(file.dossier, found=file.problems)).chosen
    except DossierError:
        return False
    return chosen.edition == edition.id and not chosen.asked
