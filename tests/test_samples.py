"""The samples beside the rules, as `ocop test` runs them: each ends as its expectation says, and together they show what there is to see."""

from __future__ import annotations

import pytest
from conftest import ROOT

from scoring_service.authoring.samples import Sample, expected_file, sample_files
from scoring_service.authoring.suite import load_suite
from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import Rulebook, load_rulebook

RULES = ROOT / "rules"
SUITES = {edition: load_suite(RULES, book, edition) for book in (load_rulebook(RULES),) for edition in book.editions}
SAMPLES = [(edition, sample) for edition, suite in SUITES.items() for sample in suite.samples]


@pytest.mark.parametrize(("edition", "sample"), SAMPLES, ids=lambda it: it.id if isinstance(it, Sample) else it)
def test_a_sample_ends_as_expected(engine: Engine, edition: str, sample: Sample) -> None:
    """Status, exact total, parts, the three star lines and the reasons; days and the council where the sample is about them."""
    assert sample.differences(engine) == [], edition


def test_every_sample_has_its_expectation_and_every_expectation_its_sample() -> None:
    """No file is left alone, and none is left out."""
    assert [suite.problems for suite in SUITES.values()] == [()] * len(SUITES)
    paths = sample_files(RULES)
    assert sorted(sample.path for _, sample in SAMPLES) == paths
    assert sorted(RULES.glob("*/samples/expected/*")) == [expected_file(path) for path in paths]


def test_the_samples_cover_every_status_star_and_group(rulebook: Rulebook) -> None:
    """Every status, every number of stars, all six product groups of the edition in force."""
    samples, edition = SUITES["2026"].samples, rulebook.editions["2026"]
    expected = [sample.expected for sample in samples]
    for status in ("scored", "incomplete", "rejected", "not_eligible", "disqualified", "halted"):
        assert any(one.get("status") == status for one in expected), status
    reached = {stars["after_minimums"] for one in expected if isinstance(stars := one.get("stars"), dict)}
    assert reached == set("12345")
    assert {edition.by_slug[s.product_set].group for s in samples if s.product_set} == set(edition.groups)


@pytest.mark.parametrize(("total", "stars"), [(29, 1), (30, 2), (49, 2), (50, 3), (69, 3), (70, 4), (89, 4), (90, 5)])
def test_the_edges_of_the_bands_are_exact_from_both_sides(total: int, stars: int) -> None:
    """One point decides, at each of 30, 50, 70 and 90."""
    (edge,) = (sample for sample in SUITES["2026"].samples if sample.id == f"samples/edge-{total}")
    assert edge.expected["total"] == {"sum": str(total), "sheets": "1", "text": f"{total}.00"}
    reached = edge.expected["stars"]
    assert isinstance(reached, dict)
    assert (reached["by_points"], reached["after_minimums"]) == (str(stars), str(stars))
