"""Samples of an older edition for a newer one: carried as any dossier is, their days moved with the first day of filing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scoring_service.authoring.carry import Wanted, carry
from scoring_service.authoring.dossier_text import rewritten
from scoring_service.authoring.samples import FOLDER
from scoring_service.authoring.written import for_editors, said
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.case import Case
from scoring_service.engine.dossier import DOSSIER_FIELDS, Dossier, Holds
from scoring_service.engine.engine import Engine
from scoring_service.plaintext import parse_day
from scoring_service.problems import Problem
from scoring_service.rulebook.facts import Fact
from scoring_service.rulebook.model import Edition
from scoring_service.telling.teller import Teller, Told


@dataclass(frozen=True, slots=True)
class Ported:
    """``days``: how far days were moved, each once; ``texts``: the new samples by file name; ``left``: the name of each other one, and why.

    ``unstated``: facts that the newer edition asks for and no ported sample states, so that results are provisional.
    """

    days: tuple[int, ...]
    texts: dict[str, str]
    left: dict[str, str]
    unstated: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """From the folder ``source`` of the ``older`` edition to the folder ``target`` of the ``newer`` one."""

    older: Edition
    newer: Edition
    source: Path
    target: Path


class _LeftError(Exception):
    """A sample cannot be ported; the text says why."""


def port_samples(engine: Engine, route: Route, to: Teller) -> Ported:
    """The samples that the older edition judges and the newer one admits once they are carried and their days are moved."""
    texts, left, days = dict[str, str](), dict[str, str](), dict[int, None]()
    cases: list[Case] = []
    for path in sorted(route.source.glob(f"{FOLDER}/*.yaml")):
        try:
            texts[path.name], moved, case = _ported(engine, route, path, to)
            days[moved] = None
            cases.append(case)
        except _LeftError as why:
            left[path.stem] = str(why)
    return Ported(tuple(days), texts, left, _unstated(engine, route.newer, cases))


def _unstated(engine: Engine, edition: Edition, cases: Iterable[Case]) -> tuple[Fact, ...]:
    """The facts that some of these cases wait for and none of them states."""
    waited, stated = dict[str, None](), set[str]()
    for case in cases:
        stated |= case.facts.keys()
        waited |= dict.fromkeys(name for waiting in engine.decide(case).open for name in waiting.facts)
    return tuple(edition.facts[name] for name in waited if name not in stated)


def _ported(engine: Engine, route: Route, path: Path, to: Teller) -> tuple[str, int, Case]:
    """The text of a sample for the newer edition, by how many days it was moved, and its case there."""
    older, newer = route.older, route.newer
    if (route.target / FOLDER / path.name).exists():
        raise _LeftError(to.sentence("PORT_THERE", edition=newer.id))
    try:
        file = DossierFile(path)
    except DossierError as error:
        raise _LeftError(_unscored(to, older, error.problems)) from error
    case = _judged(engine, older, file.dossier, file.problems, to)
    days = (_begin(newer, case.application) - _begin(older, case.application)).days
    carried = carry(_moved(file.dossier, days), engine.rules, newer, Wanted(source=older.id))
    if carried.left:
        raise _LeftError(_first(to, carried.left))
    dossier = carried.dossier if file.dossier.edition else replace(carried.dossier, edition="")
    judged = _judged(engine, newer, dossier, (), to)
    remarks = [to.sentence("PORTED_FROM", name=path.stem, old=older.id, days=days)]
    if carried.open:
        remarks.append(to.sentence("CARRIED_OPEN", criteria=carried.open))
    text = path.read_text(encoding="utf-8-sig")
    if said(text):  # written for the older edition, it stays as it was, below an empty line
        remarks += ["", to.sentence("PORTED_COMMENT", old=older.id)]
    return "".join(f"{line}\n" for line in for_editors(text)) + rewritten(path, dossier, remarks), days, judged


def _judged(engine: Engine, edition: Edition, dossier: Dossier, found: Iterable[Problem], to: Teller) -> Case:
    """The case of a dossier that an edition judges, by its days or because it names it."""
    try:
        case = engine.admit(dossier, found=found)
    except DossierError as error:
        raise _LeftError(_unscored(to, edition, error.problems)) from error
    if case.edition.id != edition.id:
        raise _LeftError(to.sentence("PORT_OTHER_EDITION", filed=case.days.filed_on, edition=case.edition.id))
    return case


def _begin(edition: Edition, application: str) -> dt.date:
    """The first day of filing under an edition for a kind of application."""
    days = [(application in w.kinds, w.filed_from) for w in edition.windows if w.filed_from]
    own = [day for of_kind, day in days if of_kind]
    return min(own or [day for _, day in days], default=edition.issued)


def _moved(dossier: Dossier, days: int) -> Dossier:
    """A dossier with every day in it moved, those of facts too."""

    def move(text: str) -> str:
        day = parse_day(text)
        return (day + dt.timedelta(days=days)).isoformat() if day else text

    own: dict[str, Any] = {one.name: move(getattr(dossier, one.name)) for one in DOSSIER_FIELDS if one.of is Holds.DAY}
    facts = {name: move(value) if isinstance(value, str) else value for name, value in dossier.facts.items()}
    return replace(dossier, **own, facts=facts)


def _unscored(to: Teller, edition: Edition, problems: Iterable[Problem]) -> str:
    return to.sentence("PORT_UNSCORED", edition=edition.id, text=Told(_first(to, problems)))


def _first(to: Teller, problems: Iterable[Problem]) -> str:
    """What is wrong; of several things the first, and how many more there are."""
    first, *more = problems
    text = to.problem(first)
    return to.sentence("PORT_MORE", text=Told(text), count=len(more)) if more else text
