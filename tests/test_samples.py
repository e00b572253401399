"""The regression suite beside the rules: every sample dossier has its expected result, written down as a file.

To add a case: put a dossier into ``rules/<edition>/samples/``, run ``make golden``, read the new file in ``expected/``, commit both.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from scoring_service.cli.samples import expected_file, outcome, sample_files
from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.nodes import Mapping, parse

RULES = ROOT / "rules"
SAMPLES = sample_files(RULES)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_a_sample_ends_as_expected(engine: Engine, path: Path) -> None:
    """Status, exact total, parts, the three star lines and the reasons."""
    assert outcome(engine, path) == expected_file(path).read_text(encoding="utf-8")


def test_no_expected_result_without_its_sample() -> None:
    """A removed sample takes its expected result along."""
    assert {p.name for p in RULES.glob("*/samples/expected/*")} == {p.name for p in SAMPLES}


def expected(path: Path) -> Mapping:
    tree = parse(expected_file(path).read_text(encoding="utf-8"), path.name)
    assert isinstance(tree, Mapping)
    return tree


def test_the_suite_covers_every_status_star_and_group(rulebook: Rulebook) -> None:
    """Every status, every number of stars, all six product groups of the edition in force."""
    texts = [expected_file(p).read_text(encoding="utf-8") for p in SAMPLES if p.parts[-3] == "2026"]
    for status in ("scored", "incomplete", "rejected", "not_eligible", "disqualified", "halted"):
        assert any(f"status: {status}\n" in t for t in texts), status
    for stars in range(1, 6):
        assert any(f"after_minimums: {stars}" in t for t in texts), stars
    dossiers = [p.read_text(encoding="utf-8") for p in SAMPLES if p.parts[-3] == "2026"]
    edition = rulebook.editions["2026"]
    used = {
        s.group
        for s in edition.sets.values()
        if any(f"set: {s.slug}" in t or f"set: {s.number}}}" in t for t in dossiers)
    }
    assert used == set(edition.groups)


@pytest.mark.parametrize(("total", "stars"), [(29, 1), (30, 2), (49, 2), (50, 3), (69, 3), (70, 4), (89, 4), (90, 5)])
def test_the_edges_of_the_bands_are_exact_from_both_sides(engine: Engine, total: int, stars: int) -> None:
    """One point decides, at each of 30, 50, 70 and 90."""
    text = outcome(engine, RULES / "2026" / "samples" / f"edge-{total}.yaml")
    assert f'text: "{total}.00"' in text
    assert f"{{by_points: {stars}, after_minimums: {stars}," in text
