"""What the tests share: the real rules, one engine, and real servers on free ports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

sys.path.insert(0, str(Path(__file__).parent))

from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.service.server import ScoringServer, ServerConfig

# Log lines would bury a failing test under those of the passing calls.
structlog.configure(logger_factory=structlog.ReturnLoggerFactory())

sys.setswitchinterval(0.001)  # as `ocop serve` does

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def rules() -> Path:
    return ROOT / "rules"


@pytest.fixture(scope="session")
def rulebook(rules: Path) -> Rulebook:
    return load_rulebook(rules)


@pytest.fixture(scope="session")
def engine(rulebook: Rulebook) -> Engine:
    return Engine(rulebook)


@pytest.fixture
def start_server(rulebook: Rulebook) -> Iterator[Callable[..., ScoringServer]]:
    """Start servers on free ports; all are stopped at the end of the test."""
    running: list[ScoringServer] = []

    def start(*, load: bool = True, **config: object) -> ScoringServer:
        server = ScoringServer(ServerConfig(port=0, **config))  # type: ignore[arg-type]
        server.start()
        running.append(server)
        if load:
            server.load(rulebook)
        return server

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def address(rulebook: Rulebook) -> Iterator[str]:
    """The address of one server that serves the whole session."""
    server = ScoringServer(ServerConfig(port=0))
    server.start()
    server.load(rulebook)
    yield f"127.0.0.1:{server.port}"
    server.stop()
