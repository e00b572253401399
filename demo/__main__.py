"""`make demo`: one story in one screen. A real server scores one dossier through the thin client; then the next command to try."""

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

from scoring_service.cli.render import Renderer
from scoring_service.cli.result import Result
from scoring_service.dossier_files import DossierFile
from scoring_service.plaintext import parse_day
from scoring_service.service.requests import dossier_to_pb
from scoring_service.telling.teller import teller

ROOT = Path(__file__).resolve().parents[1]
STORY = "rules/2026/samples/dried-lychee-held-at-3-stars.yaml"
BEFORE = {
    "vi": "Một sản phẩm đủ điểm 5 sao được gửi đến dịch vụ chấm điểm ({address}). Kết quả:",
    "en": "A product with points enough for 5 stars goes to the scoring service ({address}). It answers:",
}
AFTER = {
    "vi": "Phần mềm chỉ cộng điểm thì đã đề nghị 5 sao. Xem từng tiêu chí:\n  .venv/bin/ocop score --full {story}",
    "en": "Software that only adds points would have proposed 5 stars. To see every criterion:\n  .venv/bin/ocop score --full --lang en {story}",
}


def main() -> int:
    """Run the demonstration; 0 when the dossier was scored and the server ended well."""
    language = os.environ.get("OCOP_LANG") or ("vi" if os.environ.get("LANG", "").startswith("vi") else "en")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(Path(sys.executable).with_name("ocop")), "serve", "--rules", str(ROOT / "rules")]
    server = subprocess.Popen([*command, "--port", address.rpartition(":")[2]], stderr=subprocess.DEVNULL)
    try:
        with ScoringClient(address, languages=(language,)) as client:
            _wait(client)
            dossier = DossierFile(ROOT / STORY).dossier
            answer = client.score(dossier_to_pb(dossier), explain=pb.EXPLAIN_LEVEL_SHEET)
    finally:
        server.terminate()
        server.wait(20)
    print(BEFORE[language].format(address=address))
    console = Console(width=None if sys.stdout.isatty() else 110, highlight=False, markup=False)
    result = Result(answer, dossier.product_name, STORY, parse_day(dossier.decided_on))
    Renderer(console, teller(language)).assessment(result, full=False)
    print(AFTER[language].format(story=STORY))
    return server.returncode


def _wait(client: ScoringClient) -> None:
    for _ in range(100):
        with contextlib.suppress(ScoringError):
            client.editions(timeout=1)
            return
        time.sleep(0.1)
    raise SystemExit("the service did not start")


if __name__ == "__main__":
    sys.exit(main())
