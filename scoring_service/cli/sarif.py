"""Problems of rule files as SARIF 2.1.0, the form in which code review shows them at their lines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from scoring_service import __version__
from scoring_service.cli.shown import Shown
from scoring_service.problems import Weight
from scoring_service.telling.explained import codes, outline
from scoring_service.telling.teller import Teller

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.HINT: "note"}


def log(problems: Sequence[Shown], to: Teller) -> dict[str, object]:
    """A log with one run: the codes that occur as its rules, and a result for each problem."""
    occurring = sorted({problem.code for problem in problems})
    driver = {"name": "ocop", "version": __version__, "rules": [_rule(code, to) for code in occurring]}
    results = [_result(problem, occurring.index(problem.code)) for problem in problems]
    run = {"tool": {"driver": driver}, "language": to.language, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, to: Teller) -> dict[str, object]:
    known = codes(to.words)[code]
    rule: dict[str, object] = {"id": code, "shortDescription": {"text": outline(known.template)}}
    return rule | ({"help": {"text": f"{known.more.cause} {known.more.remedy}"}} if known.more else {})


def _result(problem: Shown, rule: int) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(problem.file)}}
    if problem.line:
        place["region"] = {"startLine": problem.line, "startColumn": problem.column}
    # What stays the same when lines are added above.
    print_of = hashlib.sha256(
        "\0".join((problem.code, _uri(problem.file), problem.excerpt.strip())).encode()
    ).hexdigest()
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": _LEVELS[problem.weight],
        "message": {"text": problem.text},
        "locations": [{"physicalLocation": place}] if problem.file else [],
        "partialFingerprints": {"ocopProblem/v1": print_of},
    }


def _uri(file: str) -> str:
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
