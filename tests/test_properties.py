"""What must always hold, for any dossier."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from random import Random

from conftest import ROOT
from dossiers import by_id, whole_sheet
from hypothesis import given, settings
from hypothesis import strategies as st
from support import changed, filed, sheet_by

from scoring_service.engine.dossier import Dossier
from scoring_service.engine.engine import Engine
from scoring_service.engine.mean import Mean, half_up
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.model import Of

ENGINE = Engine(load_rulebook(ROOT / "rules"))
EDITION = ENGINE.rulebook.editions["2026"]
SETS = st.sampled_from(list(EDITION.sets.values()))
SEEDS = st.integers(0, 2**32)


def dossier(product_set: str, sheets: list[dict[str, str]], level: str = "province") -> Dossier:
    return filed("Mẫu", product_set, "first", dt.date(2026, 6, 1), level, edition="2026",
                   sheets=tuple(sheet_by(f"Thành viên {i + 1}", s) for i, s in enumerate(sheets)))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(SETS, st.lists(SEEDS, min_size=2, max_size=7), SEEDS)
def test_the_order_of_sheets_does_not_matter(product_set, seeds, shuffle) -> None:
    """Any order of assessors: the same total, parts and stars."""
    sheets = [whole_sheet(Random(s), product_set) for s in seeds]
    mixed = list(sheets)
    Random(shuffle).shuffle(mixed)
    one, other = (ENGINE.assess(dossier(product_set.slug, s)).verdict for s in (sheets, mixed))
    assert (one.total, one.parts, one.stars, one.status) == (other.total, other.parts, other.stars, other.status)


@settings(max_examples=150, deadline=None)
@given(SETS, SEEDS, st.integers(2, 9))
def test_equal_sheets_change_nothing(product_set, seed, times) -> None:
    """One sheet or nine equal ones: the same exact mean and stars."""
    sheet = whole_sheet(Random(seed), product_set)
    one = ENGINE.assess(dossier(product_set.slug, [sheet])).verdict
    many = ENGINE.assess(dossier(product_set.slug, [sheet] * times)).verdict
    assert one.total and many.total
    assert one.total.exact == many.total.exact
    assert one.stars == many.stars


@settings(max_examples=200, deadline=None)
@given(SETS, SEEDS, st.data())
def test_a_better_option_never_costs_a_star(product_set, seed, data) -> None:
    """Raising one answer never lowers any of the star lines, also where it switches another criterion on."""
    sheet = by_id(product_set.criteria(), whole_sheet(Random(seed), product_set))
    before = ENGINE.assess(dossier(product_set.slug, [sheet])).verdict
    criterion = data.draw(st.sampled_from(list(product_set.criteria())))
    now = next(o for o in criterion.choices() if o.id == sheet[criterion.number])
    better = [o for o in criterion.choices() if o.points > now.points]
    if better:
        raised = ENGINE.assess(
            dossier(product_set.slug, [sheet | {criterion.number: data.draw(st.sampled_from(better)).id}])
        ).verdict
        assert raised.total and before.total
        assert raised.total.exact >= before.total.exact
        assert raised.by_points is not None and before.by_points is not None
        assert raised.by_points >= before.by_points
        if before.stars:
            assert raised.stars and raised.stars.after_minimums >= before.stars.after_minimums


@settings(max_examples=150, deadline=None)
@given(SETS, SEEDS)
def test_the_star_lines_are_ordered_and_parts_add_up(product_set, seed) -> None:
    """Minimums only take away; a level only takes away; parts are the exact sum of their lines, and the total of its parts."""
    v = ENGINE.assess(
        dossier(product_set.slug, [whole_sheet(Random(seed), product_set), whole_sheet(Random(seed + 1), product_set)])
    ).verdict
    assert v.total and v.by_points
    if v.stars:
        assert v.by_points >= v.stars.after_minimums >= v.stars.recognisable
    assert sum(v.parts) == v.total.sum == sum(points for points in v.sums if points is not None)


@settings(max_examples=100, deadline=None)
@given(SETS, SEEDS)
def test_an_answer_by_points_is_the_answer_by_id(product_set, seed) -> None:
    """Where points name one option, both ways of answering give the same assessment, to the last word."""
    sheet = by_id(product_set.criteria(), whole_sheet(Random(seed), product_set))
    by_points = {}
    for criterion in product_set.criteria():
        option = next(o for o in criterion.choices() if o.id == sheet[criterion.number])
        alone = [o for o in criterion.choices() if o.points == option.points] == [option]
        by_points[criterion.number] = str(option.points) if alone else option.id
    one, other = (ENGINE.assess(dossier(product_set.slug, [s])) for s in (sheet, by_points))
    assert one.verdict.canonical() == other.verdict.canonical()
    assert one.findings == other.findings


@settings(max_examples=100, deadline=None)
@given(SETS, SEEDS, st.data())
def test_an_unknown_fact_changes_no_points_and_clears_nothing(product_set, seed, data) -> None:
    """Leaving a fact out or stating it unknown is the same, and the result stays provisional while a knock-out reads it."""
    sheet = whole_sheet(Random(seed), product_set)
    name = data.draw(st.sampled_from(sorted(EDITION.facts)))
    plain, unknown = (
        ENGINE.assess(changed(dossier(product_set.slug, [sheet]), facts=f)) for f in ({}, {name: "unknown"})
    )
    assert plain.verdict == unknown.verdict
    outs = [o for o in product_set.knock_outs if not o.presumed_clear]
    reads_facts = any(s.of is Of.FACT for o in outs for s in o.when.subjects())
    out = bool(plain.verdict.outs)
    assert plain.verdict.provisional == (reads_facts and not out)


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_print_is_half_up_and_never_decides(total, sheets) -> None:
    """Two decimals, half up, within half a hundredth of the exact mean."""
    text = half_up(Fraction(total, sheets))
    assert abs(Fraction(text) - Fraction(total, sheets)) <= Fraction(1, 200)
    assert Mean(total, sheets, 100).text == text
    assert len(text.partition(".")[2]) == 2
    assert half_up(Fraction(1, 200)) == "0.01"
