"""From everything noted to what a person should read: one cause, one message.

What is wrong in many places in the same way is told once, with the further places; a shared definition's mistake once, with the sets that
met it; and a name that is spelt in one way where it is defined and in another where it is used is one mistake and not two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from scoring_service.problems import MAX_PROBLEMS, Elsewhere, Met, Problem, Suggestion

_USES = ("set", "kind", "number")
"""Values that tell which use of one definition met its mistake."""
_UNUSED = {
    "CRITERION_NOT_SHARED": ("CRITERION_UNUSED",),
    "KNOCK_OUT_UNKNOWN": ("KNOCK_OUT_UNUSED",),
    "FACT_NOT_DECLARED": ("FACT_UNUSED",),
    "CHOICE": ("NAME_UNUSED", "EVIDENCE_UNUSED", "GROUP_UNUSED"),
}
"""The code of a name that is defined nowhere -> the codes of definitions that nothing uses."""


def root_causes(problems: Iterable[Problem]) -> list[Problem]:
    """What to tell, in the order of the files; at most ``MAX_PROBLEMS``, and that there are more."""
    found = list({(p.code, p.position, repr(p.values)): p for p in problems if p.code != "TOO_MANY_PROBLEMS"}.values())
    found = _renamed(found)
    found = _folded(found, _definition, _met)
    found = _folded(found, _mistake, _places)
    found.sort(key=lambda p: (p.position.file, p.position.line, p.position.column) if p.position else ("", 0, 0))
    if len(found) > MAX_PROBLEMS:
        return [*found[:MAX_PROBLEMS], Problem("TOO_MANY_PROBLEMS", {"listed": MAX_PROBLEMS})]
    return found


def _renamed(problems: list[Problem]) -> list[Problem]:
    """A name used and nowhere defined, with its nearest definition used nowhere: told where it is alone."""
    unused = {(p.code, str(p.values["key"])): p for p in problems if "key" in p.values}
    uses: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if problem.code in _UNUSED and isinstance(problem.values.get("suggestion"), Suggestion):
            uses.setdefault((problem.code, str(problem.values.get("key", problem.values.get("text")))), []).append(
                problem
            )
    gone: set[int] = set()
    found: list[Problem] = []
    for (code, name), places in uses.items():
        meant = places[0].values["suggestion"]
        nearest = meant.nearest if isinstance(meant, Suggestion) else ""
        definition = next((unused[c, nearest] for c in _UNUSED[code] if (c, nearest) in unused), None)
        if definition is None:
            continue
        gone.add(id(definition))
        if len(places) > 1:
            gone |= {id(p) for p in places}
            values = {"key": nearest, "used": name, "count": len(places), "place": places[0].position}
            found.append(replace(definition, code="NAME_DIFFERS", values=values))
    return [p for p in problems if id(p) not in gone] + found


def _definition(problem: Problem) -> object:
    """What the mistake of one definition has in common, whichever use met it; what may be meant is guessed from each use."""
    own = {k: v for k, v in problem.values.items() if k not in (*_USES, "suggestion")}
    return problem.code, problem.position, repr(own)


def _mistake(problem: Problem) -> object:
    """What one mistake has in common in all places of an edition."""
    edition = problem.position.folder if problem.position else problem.path
    return problem.code, edition, repr(problem.values)


def _met(first: Problem, more: list[Problem]) -> object:
    use = next((use for use in _USES if first.values.get(use) != more[0].values.get(use)), "")
    return Met.of(use, (str(p.values.get(use)) for p in more))


def _places(_: Problem, more: list[Problem]) -> object:
    return Elsewhere.of((f"{p.position.file}:{p.position.line}" for p in more if p.position), of_lines=True)


def _folded(
    problems: list[Problem], key: Callable[[Problem], object], elsewhere: Callable[[Problem, list[Problem]], object]
) -> list[Problem]:
    """Problems with the same key as one, which says where else it is."""
    groups: dict[object, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(key(problem), []).append(problem)
    return [
        replace(first, values={**first.values, "elsewhere": elsewhere(first, more)}) if more else first
        for first, *more in groups.values()
    ]
