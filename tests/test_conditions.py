"""No condition and no figure is lost in a label, and every label knows the print it was read from."""

from __future__ import annotations

import pytest
from printed import LAW, SOURCES, Pair, explained, figures, fingerprint, kept_fingerprints, lost, lost_in_english, pairs

from scoring_service.rulebook.label import Label
from scoring_service.rulebook.library import Rulebook

beside_the_law = pytest.mark.skipif(not LAW.is_dir(), reason="the law as data is not beside this checkout")


@beside_the_law
def test_no_label_loses_a_condition_of_the_print(rulebook: Rulebook) -> None:
    """Every deciding word and every figure of a printed option, title, note or heading stands in what we say, or its absence is explained."""
    why = {edition: explained(edition) for edition in SOURCES}
    found: dict[
        tuple[str, str, str], str
    ] = {}  # one printed text with one label of ours is told once, however many sets share it
    for pair in pairs(rulebook):
        print_ = fingerprint(pair.printed)
        if words := [word for word in lost(pair) if (print_, word) not in why[pair.edition]]:
            ours = " ; ".join(label.vi for label in pair.ours)
            text = f"{print_} {', '.join(map(repr, words))} lost: {pair}\n  print: {pair.printed}\n  ours:  {ours}"
            found.setdefault((pair.edition, print_, ours), text)
    assert not found, f"{len(found)} labels lose a condition\n" + "\n".join(found.values())


@beside_the_law
def test_every_explanation_is_needed(rulebook: Rulebook) -> None:
    """An explanation goes when the label keeps the word."""
    needed = {(p.edition, fingerprint(p.printed), word) for p in pairs(rulebook) for word in lost(p)}
    kept = {(edition, *key) for edition in SOURCES for key in explained(edition)}
    assert not kept - needed


@beside_the_law
def test_the_source_is_the_one_the_labels_were_read_from(rulebook: Rulebook) -> None:
    """A corrected source is noticed, option by option: read the label again, then `make printed`."""
    known = {edition: kept_fingerprints(edition) for edition in SOURCES}
    changed = [str(p) for p in pairs(rulebook) if known[p.edition].get(p.place) != fingerprint(p.printed)]
    assert not changed, "the printed text is not the one the label was read from:\n" + "\n".join(changed)


def test_every_option_carries_the_fingerprint_of_its_print(rulebook: Rulebook) -> None:
    """Also where the law is not at hand."""
    for edition in SOURCES:
        known = kept_fingerprints(edition)
        options = {
            (s.slug, c.number, o.id)
            for s in rulebook.editions[edition].sets.values()
            for c in s.criteria()
            for o in c.options
        }
        assert options <= known.keys()
        assert {key for key in known if key[2]} == options


def test_english_labels_keep_the_conditions_of_the_vietnamese_ones(rulebook: Rulebook) -> None:
    """Every deciding word of a Vietnamese label has one of its English words in the English label, and every figure is the same."""
    labels: dict[Label, str] = {}
    for edition in rulebook.editions.values():
        for product_set in edition.sets.values():
            for out in product_set.knock_outs:
                labels.setdefault(out.name, f"{edition.id}, set {product_set.number}, {out.id}")
            for criterion in product_set.criteria():
                for label in (
                    criterion.name,
                    *criterion.notes,
                    *criterion.cases.values(),
                    *(o.name for o in criterion.options),
                ):
                    labels.setdefault(label, f"{edition.id}, set {product_set.number}, criterion {criterion.number}")
    found = [f"{word!r}: {place}\n  vi: {label.vi}\n  en: {label.en}" for label, place in labels.items() for word in lost_in_english(label)]  # fmt: skip
    assert not found, f"{len(found)} conditions are lost in English\n" + "\n".join(found)


@pytest.mark.parametrize(("text", "found"), [
    ("Từ 50 % đến dưới 75%", {"≥50%", "<75%"}),
    ("50% to under 75%", {"≥50%", "<75%"}),
    ("từ 50 - 75%", {"≥50", "≤75%"}),
    ("Từ 03 hoạt động quảng bá trở xuống", {"≤3"}),
    ("3 promotion activities or fewer", {"≤3"}),
    ("vốn góp<51 %, ít nhất 01 lần, Vitamin B12", {"<51%", "≥1"}),
    ("thu nhập ≥ mức bình quân", {"≥"}),
])  # fmt: skip
def test_a_figure_is_the_number_with_its_comparison(text: str, found: set[str]) -> None:
    """In both languages, however it is spaced, padded or worded."""
    assert set(figures(text)) == found


@pytest.mark.parametrize(("vi", "en", "gone"), [
    ("Từ 50% đến dưới 75% lao động là người trong xã", "From 50% to under 75% of workers are from the commune", set()),
    ("Từ 60% đến dưới 85% lao động là người trong xã", "From 60% to under 85% of workers are from the commune", {"≥50%", "<75%"}),
    ("Từ 50% đến 75% lao động là người trong xã", "From 50% to 75% of workers are from the commune", {"<75%", "dưới"}),
    ("Trên 50% đến dưới 75% lao động là người trong xã", "Over 50% to under 75% of workers are from the commune", {"≥50%"}),
])  # fmt: skip
def test_a_changed_figure_is_noticed(rulebook: Rulebook, vi: str, en: str, gone: set[str]) -> None:
    """Another number, or another comparison with the same number."""
    honey = rulebook.editions["2026"].sets["4"]
    criterion = next(c for c in honey.criteria() if c.number == "3.3")
    print_ = "Có sử dụng từ 50% đến dưới 75% lao động là người trên địa bàn cấp xã"
    assert set(lost(Pair("2026", honey, criterion, "2", print_, (Label(vi, en), criterion.name)))) == gone
    assert not lost_in_english(Label(vi, en))
    assert bool(lost_in_english(Label(print_, en))) == bool(gone)
