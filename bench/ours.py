"""Everything that the measurements call of this engine, behind a few functions: when its API changes, this module does."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ocop import dossier_from_dict

from bench import RULES
from scoring_service.engine.case import Case as Case  # noqa: PLC0414 - what the others measure with
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.verdict import Verdict
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.model import Comparison
from scoring_service.service.logs import configure_logging
from scoring_service.service.requests import dossier_from_pb
from scoring_service.service.server import ScoringServer, ServerConfig
from scoring_service.telling import report
from scoring_service.telling.teller import teller

TELLER = teller("vi")
ENGINE = Engine(load_rulebook(RULES))
EDITION = ENGINE.rulebook.editions["2026"]


class Outcome(NamedTuple):
    """What both engines must agree on."""

    total: int
    by_points: int
    after_minimums: int
    status: str


def prepare(dossier: Mapping[str, Any]) -> Case:
    """A dossier in the shape of a file, read and ready to be decided; never timed here."""
    return ENGINE.admit(dossier_from_pb(dossier_from_dict(dossier)))


def decide(case: Case) -> Verdict:
    """The decision alone."""
    return ENGINE.decide(case)


def told(case: Case) -> list[str]:
    """The decision with everything an answer says of it, in one language: findings, summary, lines, days, choice of the edition."""
    whole = Assessment(case, ENGINE.decide(case))
    findings = [report.finding(TELLER, case.form, finding) for finding in whole.findings]
    lines, verdict = report.lines_of(TELLER, case.form), whole.verdict
    marks = verdict.sheets[0].marks
    return [
        report.summary(TELLER, whole),
        report.edition_why(TELLER, case),
        *findings,
        *(report.day(TELLER, case, day).name for day in verdict.days),
        *(lines.single(place, mark) for place, mark in enumerate(marks) if mark is not None),
    ]


def outcome(case: Case) -> Outcome:
    """The part of a decision that is compared."""
    found = decide(case)
    total = found.total.sum if found.total else -1
    return Outcome(total, found.by_points or 0, found.stars.after_minimums if found.stars else 0, found.status.value)


def subject(test: Comparison) -> tuple[str, str]:
    """What a rule reads: ``fact`` or ``criterion``, and which."""
    return test.subject.of.value, test.subject.id


@contextmanager
def serving() -> Iterator[str]:
    """The address of a live server in this process, logging as in production, read by nobody."""
    configure_logging(as_json=True, to=Path(os.devnull).open("w", encoding="utf-8"))
    server = ScoringServer(ServerConfig(port=0))
    server.start()
    server.load(ENGINE.rulebook)
    yield f"127.0.0.1:{server.port}"
    server.stop()
