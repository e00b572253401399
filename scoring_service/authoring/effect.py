"""What a change of the rules means for real dossiers: each scored under both editions, and why the result moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scoring_service.authoring.carry import Carried, carry
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.compare import ComparedLine, SideBySide, compare
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.problems import Problem
from scoring_service.rulebook.model import Edition
from scoring_service.telling.report import only, reason
from scoring_service.telling.teller import Teller, Told

_FEW = 3
"""So many things that were not carried are told one by one; of more only their numbers."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A dossier under one edition: the result, or what is wrong; ``left``: what could not be carried to it."""

    assessment: Assessment | None
    wrong: tuple[Problem, ...]
    carried: Carried


@dataclass(frozen=True, slots=True)
class Effect:
    """One dossier under both editions; ``both``: the results side by side, where there are two."""

    before: Scored
    after: Scored
    both: SideBySide | None

    @property
    def moved(self) -> bool:
        """Whether the status, the total or some rank is another."""
        sides = [one.assessment and one.assessment.verdict for one in (self.before, self.after)]
        if not (sides[0] and sides[1]):
            return bool(sides[0]) != bool(sides[1])
        before, after = ((v.status, v.total and v.total.exact, v.stars) for v in sides if v)
        return before != after


def effect(engines: tuple[Engine, Engine], file: DossierFile, old: Edition, new: Edition) -> Effect:
    """The effect on a dossier file. What is wrong with it is told of each edition.

    ``engines``: of the rules that ``old`` and ``new`` stand in, mostly one and the same.
    """
    before, after = _scored(engines[0], file, old), _scored(engines[1], file, new)
    both = None
    if before.assessment and after.assessment:
        both = compare(before.assessment, after.assessment, (file.path.name, file.path.name))
    return Effect(before, after, both)


def _scored(engine: Engine, file: DossierFile, edition: Edition) -> Scored:
    carried = carry(file.dossier, engine.rules, edition)
    try:
        case = engine.admit(replace(carried.dossier, edition=edition.id), found=file.problems)
    except DossierError as error:
        return Scored(None, tuple(file.located(error.problems)), carried)
    return Scored(Assessment(case, engine.decide(case)), (), carried)


def outcome(to: Teller, one: Scored) -> str:
    """Total and stars, or how it ended."""
    if one.assessment is None:
        return to.sentence("EFFECT_WRONG")
    verdict = one.assessment.verdict
    total = verdict.total if verdict.total is not None else Told("–")
    if verdict.stars is not None:
        return to.sentence("EFFECT_SCORED", total=total, stars=verdict.stars.after_minimums)
    return to.sentence("EFFECT_ENDED", total=total, status=verdict.status)


def why(to: Teller, one: Effect) -> Iterator[str]:
    """Why the result moved: what is wrong or was not carried, the criteria with other points, and what decided one side only."""
    for problem in (*one.before.wrong, *one.after.wrong):
        yield to.problem(problem)
    left = (*one.before.carried.left, *one.after.carried.left)
    if len(left) > _FEW:
        names = tuple(dict.fromkeys(problem.path.rpartition("answers.")[2] for problem in left))
        yield to.sentence("EFFECT_LEFT_MANY", count=len(names), names=names)
    else:
        yield from (to.sentence("EFFECT_LEFT", text=Told(to.problem(problem))) for problem in left)
    if one.after.carried.open:
        yield to.sentence("CARRIED_OPEN", criteria=one.after.carried.open)
    if one.both is None or not one.moved:
        return
    lines = [line for line in one.both.lines if line.left_points or line.right_points]
    yield from (_line(to, line) for line in lines)
    yield from (reason(to, found) for found in one.both.reasons if found.code == "COMPARED_BY_POINTS")
    yield from (only(to, one.both, found) for found in one.both.only)


def _line(to: Teller, line: ComparedLine) -> str:
    criterion = line.right or line.left
    assert criterion is not None
    values = {"before": line.left_points, "after": line.right_points}
    if line.left_points and line.right_points:
        return to.sentence("EFFECT_POINTS", name=criterion, **values)
    return to.sentence("EFFECT_NEW" if line.right_points else "EFFECT_GONE", name=criterion, **values)
