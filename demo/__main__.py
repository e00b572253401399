"""`make demo`: start a server, score sample dossiers through the thin client, show stars and reasons, stop."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from ocop import ScoringClient, ScoringError
from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console

from scoring_service.cli.dossier_files import DossierFile
from scoring_service.cli.render import Renderer
from scoring_service.service.requests import dossier_to_pb
from scoring_service.telling.teller import teller

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = (
    "2026/samples/chu-noodles-4-stars",
    "2026/samples/seven-sheets-exactly-90",
    "2026/samples/dried-lychee-held-at-3-stars",
    "2026/samples/halted-unsafe-foreign-matter",
    # Under the decision of 2023, first by the district's council and then by the province's.
    "2023/samples/chu-noodles-district-forwarded",
    "2023/samples/chu-noodles-province-4-stars",
)


def main() -> int:
    """Run the demonstration; 0 when every dossier was scored."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    print(f"Starting the scoring service on 127.0.0.1:{port} ...")
    command = [
        str(Path(sys.executable).with_name("ocop")),
        "serve",
        "--rules",
        str(ROOT / "rules"),
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        language = os.environ.get("OCOP_LANG", "vi")
        with ScoringClient(f"127.0.0.1:{port}", languages=(language,)) as client:
            _wait(client)
            renderer = Renderer(
                Console(width=None if sys.stdout.isatty() else 110, highlight=False, markup=False),
                teller(language),
            )
            dossiers = ((str(path.relative_to(ROOT)), dossier_to_pb(DossierFile(path).dossier)) for path in _samples())
            for item in client.score_many(dossiers, explain=pb.EXPLAIN_LEVEL_SHEET):
                if item.error or item.assessment is None:
                    raise SystemExit(f"{item.id}: {item.error}")
                renderer.assessment(item.assessment, f"{item.id}", full=False)
    finally:
        server.terminate()
        server.wait(20)
    print(f"The service has stopped (exit code {server.returncode}). Every criterion: .venv/bin/ocop score --full FILE")
    return server.returncode


def _samples() -> list[Path]:
    return [ROOT / "rules" / f"{name}.yaml" for name in SAMPLES]


def _wait(client: ScoringClient) -> None:
    for _ in range(100):
        with contextlib.suppress(ScoringError):
            client.editions(timeout=1)
            return
        time.sleep(0.1)
    raise SystemExit("the service did not start")


if __name__ == "__main__":
    sys.exit(main())
