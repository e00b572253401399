"""Problems as people see them: each with its sentence, its place and the line itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scoring_service.problems import Elsewhere, Problem, Weight
from scoring_service.telling.teller import Teller


@dataclass(frozen=True, slots=True)
class Shown:
    """One problem in words, as a screen or a JSON document has it."""

    code: str
    text: str
    where: str
    path: str
    line: int
    column: int
    excerpt: str
    weight: Weight = Weight.ERROR
    file: str = ""
    places: int = 1
    """How many there are of it, where one mistake is told for several."""

    @classmethod
    def of(cls, problem: Problem, text: str) -> Shown:
        """A problem with its sentence."""
        at, elsewhere = problem.position, problem.values.get("elsewhere")
        return cls(
            problem.code,
            text,
            problem.where,
            problem.path,
            at.line if at else 0,
            at.column if at else 0,
            problem.excerpt,
            problem.weight,
            at.file if at else "",
            1 + elsewhere.count if isinstance(elsewhere, Elsewhere) else 1,
        )

    def json(self) -> dict[str, str]:
        """Its place and its sentence."""
        return {"code": self.code, "path": self.path, "where": self.where, "text": self.text}

    def placed(self) -> dict[str, object]:
        """All of it, for programs; a problem without a place has line 0."""
        names = ("code", "weight", "text", "file", "line", "column", "excerpt", "path")
        return {name: getattr(self, name) for name in names}


def in_order(shown: Iterable[Shown]) -> list[Shown]:
    """Errors first, then warnings, then hints, each in the order of the files."""
    weights = list(Weight)
    return sorted(shown, key=lambda p: (weights.index(p.weight), p.file or p.where, p.line, p.column))


def told(problems: Iterable[Problem], to: Teller) -> list[Shown]:
    """The problems in words."""
    return [Shown.of(problem, to.problem(problem)) for problem in problems]
