"""The regression suite beside the rules: ``samples/NAME.yaml`` scored and compared with ``samples/expected/NAME.yaml``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scoring_service.cli.dossier_files import DossierFile
from scoring_service.engine.assess import Engine
from scoring_service.engine.assessment import Assessment, Finding, Severity
from scoring_service.engine.dossier import DossierError
from scoring_service.rulebook.library import ChoiceError

_HEADINGS = {Severity.DECIDING: "because", Severity.WARNING: "look_at", Severity.INFO: "also"}
# Minimums of stars out of reach, and remarks that stand in every result of an edition, would only make the files long.
_SILENT = ("remark",)


@dataclass(frozen=True, slots=True)
class SampleResult:
    """One sample: ``difference`` is empty when the result is the expected one."""

    path: Path
    actual: str
    difference: str


def sample_files(rules: Path) -> list[Path]:
    """Every sample dossier below a rules folder."""
    return sorted(rules.glob("samples/*.yaml")) + sorted(rules.glob("*/samples/*.yaml"))


def expected_file(sample: Path) -> Path:
    """Where the expected result of a sample stands."""
    return sample.parent / "expected" / sample.name


def run_samples(engine: Engine, rules: Path) -> Iterator[SampleResult]:
    """Score each sample and compare."""
    for path in sample_files(rules):
        actual = outcome(engine, path)
        wanted_file = expected_file(path)
        wanted = wanted_file.read_text(encoding="utf-8") if wanted_file.is_file() else ""
        lines = difflib.unified_diff(
            wanted.splitlines(), actual.splitlines(), f"expected/{path.name}", "now", lineterm="", n=1
        )
        yield SampleResult(path, actual, "\n".join(lines))


def outcome(engine: Engine, path: Path) -> str:
    """The result of a dossier in a few lines that a person can check by hand."""
    try:
        return _render(engine.assess(DossierFile(path).dossier))
    except (DossierError, ChoiceError) as error:
        return "error:\n" + "".join(f"  - {p.code}{' ' + p.path if p.path else ''}\n" for p in error.problems)


def _render(a: Assessment) -> str:
    lines = [f"status: {a.status}", f'edition: "{a.edition.id}"']
    if a.total:
        lines.append(f'total: {{sum: {a.total.sum}, sheets: {a.total.sheets}, text: "{a.total.text}"}}')
        lines.append("parts: {" + ", ".join(f"{p.code}: {p.points.sum}" for p in a.parts) + "}")
        lines.append(
            f"stars: {{by_points: {a.stars.by_points}, after_minimums: {a.stars.after_minimums}, "
            f"recognisable: {a.stars.recognisable}}}"
        )
    if a.stars.potential:
        lines.append(f"forwarded: {{to: {a.stars.forward_to}, potential: {a.stars.potential}}}")
    if a.edition.asked:
        lines.append("what_if: yes")
    if a.provisional:
        lines.append("provisional: yes")
    for severity, key in _HEADINGS.items():
        found = [f for f in a.findings if f.severity is severity and f.code not in _SILENT]
        lines += [f"{key}:"] * bool(found) + [f"  - {_short(f)}" for f in found]
    return "\n".join(lines) + "\n"


def _short(f: Finding) -> str:
    """A finding in a few words: code, rule or criterion, place in the dossier."""
    return " ".join(
        dict.fromkeys(filter(None, (f.code, f.rule or (f.values["number"].en if "number" in f.values else ""), f.path)))
    )
