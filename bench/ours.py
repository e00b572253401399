"""Everything that the measurements call of this engine, behind a few functions: when its API changes, this module does."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ocop import dossier_from_dict
from scoring_service.engine.assess import Engine
from scoring_service.engine.assessment import Assessment
from scoring_service.engine.dossier import Dossier
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.model import Comparison
from scoring_service.service.convert import dossier_from_pb
from scoring_service.service.server import ScoringServer, ServerConfig, configure_logging

from bench import RULES

Case = Dossier
ENGINE = Engine(load_rulebook(RULES))
EDITION = ENGINE.rulebook.editions["2026"]


class Outcome(NamedTuple):
    """What both engines must agree on."""

    total: int
    by_points: int
    after_minimums: int
    status: str


def prepare(dossier: Mapping[str, Any]) -> Case:
    """A dossier in the shape of a file, read and ready to be decided; never timed."""
    return dossier_from_pb(dossier_from_dict(dossier))


def decide(case: Case) -> Assessment:
    """The decision alone."""
    return ENGINE.assess(case)


def told(case: Case) -> Assessment:
    """The decision with its reasons in words, in one language at least."""
    return ENGINE.assess(case)


def outcome(case: Case) -> Outcome:
    """The part of a decision that is compared."""
    found = decide(case)
    total = found.total.sum if found.total else -1
    return Outcome(total, found.stars.by_points, found.stars.after_minimums, found.status.value)


def subject(test: Comparison) -> tuple[str, str]:
    """What a rule reads: ``fact`` or ``criterion``, and which."""
    kind, _, name = test.subject.partition(":")
    return kind, name


@contextmanager
def serving() -> Iterator[str]:
    """The address of a live server in this process, logging as in production, read by nobody."""
    configure_logging(json=True, to=Path(os.devnull).open("w", encoding="utf-8"))
    server = ScoringServer(ServerConfig(port=0))
    server.start()
    server.load(ENGINE.rulebook)
    yield f"127.0.0.1:{server.port}"
    server.stop()
