"""Writes the answers of the golden requests anew: what a service with these rules says to them, in protobuf JSON."""

from __future__ import annotations

import json
from pathlib import Path

from google.protobuf import json_format
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import load_rulebook
from scoring_service.service.answers import assessment_to_pb
from scoring_service.service.requests import Wanted, dossier_from_pb

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write them."""
    engine = Engine(load_rulebook(ROOT / "rules"))
    for path in sorted((ROOT / "clients" / "examples" / "golden").glob("*.request.json")):
        request = json_format.Parse(path.read_text(encoding="utf-8"), pb.ScoreRequest())
        answer = pb.ScoreResponse(
            assessment=assessment_to_pb(engine.assess(dossier_from_pb(request.dossier)), Wanted())
        )
        target = path.with_name(path.name.replace("request", "answer"))
        document = json.dumps(json_format.MessageToDict(answer), ensure_ascii=False, indent=2)
        target.write_text(document + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
