"""The regression suite beside the rules: ``samples/NAME.yaml`` scored and compared with ``samples/expected/NAME.yaml``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.findings import Finding, Remark, Severity
from scoring_service.rulebook.model import Criterion

_HEADINGS = {Severity.DECIDING: "because", Severity.WARNING: "look_at", Severity.INFO: "also"}
# Minimums of stars out of reach, and remarks that stand in every result of an edition, would only make the files long.
_SILENT = (Remark,)


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
        file = DossierFile(path)
        case = engine.admit(file.dossier, found=file.problems)
    except DossierError as error:
        problems = sorted({f"  - {p.code}{' ' + p.path if p.path else ''}\n" for p in error.problems})
        return "error:\n" + "".join(problems)
    return _render(Assessment(case, engine.decide(case)))


def _render(a: Assessment) -> str:
    verdict = a.verdict
    lines = [f"status: {verdict.status}", f'edition: "{verdict.chosen.edition}"']
    if verdict.total:
        total = verdict.total
        lines.append(f'total: {{sum: {total.sum}, sheets: {total.sheets}, text: "{total.text}"}}')
        parts = zip(a.case.form.product_set.parts, verdict.parts, strict=True)
        lines.append("parts: {" + ", ".join(f"{part.code}: {points}" for part, points in parts) + "}")
    stars = verdict.stars
    if stars:
        lines.append(
            f"stars: {{by_points: {verdict.by_points}, after_minimums: {stars.after_minimums}, recognisable: {stars.recognisable}}}"
        )
        if stars.potential:
            lines.append(f"forwarded: {{to: {stars.forward_to}, potential: {stars.potential}}}")
    if verdict.chosen.asked:
        lines.append("what_if: yes")
    if verdict.provisional:
        lines.append("provisional: yes")
    for severity, key in _HEADINGS.items():
        found = [f for f in a.findings if f.severity is severity and not isinstance(f, _SILENT)]
        lines += [f"{key}:"] * bool(found) + [f"  - {_short(f)}" for f in found]
    return "\n".join(lines) + "\n"


def _short(f: Finding) -> str:
    """A finding in a few words: code, rule or criterion, place in the dossier."""
    criterion = getattr(f, "criterion", None)
    rule = f.ground.rule or (criterion.number if isinstance(criterion, Criterion) else "")
    return " ".join(dict.fromkeys(filter(None, (f.code, rule, f.field))))
