"""The outcome of a boundary case in one line: exactly what is compared, and nothing that only explains it.

``97 ★5/4/4 missed:7@5`` is a scored dossier with 97 points, 5 stars by points, 4 after minimums, 4 recognisable, and a minimum of 5
stars missed at criterion 7. Another status stands first as a word; a day of the calendar is ``id=2026-12-04``, ``>`` is the day it was
moved to and ``!`` one that was missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import Dossier
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.findings import DecidedLate
from scoring_service.engine.prepared import Origin
from scoring_service.engine.verdict import Council, Day, Out, Status
from scoring_service.plaintext import parse_day
from scoring_service.rulebook.library import Application, ChoiceError
from scoring_service.rulebook.model import Mode

Outcome = Mapping[str, str]
"""What is compared, each under its key, in the order of the line."""

_STARS = "★"
REFUSED, HERE, ELSEWHERE, LATE = "refused", "here", "elsewhere", "late"
OUTCOME = rf"^\S+(\s+({_STARS}\S*|\d\S*|[^\s:=]+[:=]\S*))*$"
"""How an outcome is spelt: a status stands first or not at all."""
_NAMED = re.compile(r"([^:=]+)([:=])(.*)")


def outcome_of(engine: Engine, dossier: Dossier, edition: str) -> dict[str, str]:
    """The outcome of a dossier. One that names no edition is only asked whether ``edition`` takes it by its dates."""
    if not dossier.edition:
        return _taken(engine, dossier, edition)
    try:
        assessment = engine.assess(dossier)
    except DossierError as error:
        return _refused(error)
    return dict(_decided(assessment))


def line_of(outcome: Outcome) -> str:
    """An outcome as a line."""
    words = []
    for key, value in outcome.items():
        if key == "status":
            words += [] if value == Status.SCORED else [value]
        elif key == "total":
            words.append(value)
        elif key == "stars":
            words.append(_STARS + value)
        else:
            words.append(f"{key}={value[1:]}" if value.startswith("=") else f"{key}:{value}")
    return " ".join(words)


def outcome_in(line: str) -> dict[str, str]:
    """The outcome that a line says.

    Raises:
        ValueError: a word that says nothing; the message is that word.
    """
    found: dict[str, str] = {"status": Status.SCORED}
    for place, word in enumerate(line.split()):
        key, value = _said(word)
        if key == "status" and place:
            raise ValueError(word)
        found[key] = value
    return found


def _said(word: str) -> tuple[str, str]:
    if word.startswith(_STARS):
        return "stars", word.removeprefix(_STARS)
    if word[0].isdigit():
        return "total", word
    named = _NAMED.fullmatch(word)
    if named is None:
        return "status", word
    name, mark, value = named.groups()
    return name, mark.replace(":", "") + value


def _taken(engine: Engine, dossier: Dossier, edition: str) -> dict[str, str]:
    application = Application(dossier.application, parse_day(dossier.filed_on), parse_day(dossier.decided_on))
    try:
        chosen = engine.rulebook.choose(application).edition.id
    except ChoiceError:
        return {"status": ELSEWHERE}
    if chosen != edition:
        return {"status": ELSEWHERE}
    try:
        late = any(isinstance(f, DecidedLate) for f in engine.assess(dossier).findings)
    except DossierError as error:
        return _refused(error)
    return {"status": LATE if late else HERE}


def _refused(error: DossierError) -> dict[str, str]:
    return {"status": REFUSED, "problems": ",".join(sorted({f"{p.code}@{p.path}" for p in error.problems}))}


def _decided(assessment: Assessment) -> Iterator[tuple[str, str]]:
    verdict = assessment.verdict
    yield "status", verdict.status
    total = verdict.total
    if total:
        yield "total", str(total.sum) if total.sheets == 1 else f"{total.sum}/{total.sheets}={total.text}"
    stars = verdict.stars
    if stars:
        yield "stars", f"{verdict.by_points}/{stars.after_minimums}/{stars.recognisable}"
        if stars.forward_to:
            yield "up", f"{stars.forward_to}:{stars.potential}"
    lists = {
        "missed": [f"{m.criterion}@{m.stars}" for m in verdict.missed],
        "out": [_out(out, verdict.outs[0]) for out in verdict.outs],
        "open": [one.rule for one in verdict.open],
        "divided": [one.rule for one in verdict.divided],
        "derived": list(_derived(assessment)),
    }
    yield from ((key, ",".join(words)) for key, words in lists.items() if words)
    yield from _council(verdict.council)
    yield from ((day.id, _day(day)) for day in verdict.days)


def _out(out: Out, first: Out) -> str:
    """The status tells the effect of the first; another's is told where it differs."""
    return out.rule if out.effect is first.effect else f"{out.rule}({out.effect})"


def _derived(assessment: Assessment) -> Iterator[str]:
    """What facts say of criteria on which a sheet says nothing."""
    places, verdict = assessment.case.form.places, assessment.verdict
    for one in verdict.derived:
        marks = [sheet.marks[places[one.criterion]] for sheet in verdict.sheets]
        if any(mark is None or mark.origin is not Origin.ASSESSOR for mark in marks):
            yield f"{one.criterion}={one.option}{'?' * one.unclear}"


def _council(council: Council) -> Iterator[tuple[str, str]]:
    quorum = council.quorum
    if quorum:
        yield "quorum", f"{quorum.present}/{quorum.needed}" + ("" if quorum.chair else ",no-chair")
    if council.spread:
        yield "spread", str(council.spread)
    lists = {
        "far": [f"#{place + 1}" for place in council.far],
        "silent": [f"#{place + 1}" for place in council.silent],
        "rounds": [f"{one.number}={one.total.exact if one.total else '?'}" for one in council.rounds],
    }
    yield from ((key, ",".join(words)) for key, words in lists.items() if words)
    if council.mode is not Mode.MEETING:
        yield "mode", council.mode


def _day(day: Day) -> str:
    moved = f">{day.moved_to.isoformat()}" if day.moved_to else ""
    return f"={day.day.isoformat()}{moved}{'!' * day.missed}"
