"""`ocop carry`: old sheets follow their options to another edition; what has no certain place there is left out and told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from dossiers import random_dossier, whole_sheet
from hypothesis import given, settings
from hypothesis import strategies as st
from support import filed, sheet_by
from test_amending import rules_with_decree
from test_cli import ocop

from scoring_service.authoring.carry import Wanted, carry
from scoring_service.authoring.dossier_text import rewritten
from scoring_service.authoring.samples import sample_files
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import Dossier
from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.match import CERTAIN, Ground
from scoring_service.telling.teller import teller

__all__ = ["rules_with_decree"]

HALF = "packaging: {reference: Điều 1 khoản 2, options: {b: {points: 2}}}\n"
"""A decree that changes nothing but the points of option b, from 1 to 2, which are now those of option c too."""
BAND = (
    'bands:\n  4: {mean: "[72, 90)", reference: Điều 1 khoản 1}\n  3: {mean: "[50, 72)", reference: Điều 1 khoản 1}\n'
)


@pytest.fixture
def half(rules_with_decree: Path) -> Path:
    """Rules with a decree whose only change is a point of option b."""
    folder = rules_with_decree / "2028"
    (folder / "criteria" / "changes.yaml").write_text(HALF, encoding="utf-8")
    edition = folder / "edition.yaml"
    text = edition.read_text(encoding="utf-8")
    assert BAND in text
    edition.write_text(text.replace(BAND, ""), encoding="utf-8")
    for one in (folder / "sets").iterdir():
        one.unlink()
    return rules_with_decree


def honey_of_2027(engine: Engine, **answers: str) -> Dossier:
    whole = whole_sheet(Random(3), engine.rulebook.editions["2026"].by_slug["honey"], 71)
    return filed("Mật ong (mẫu)", "honey", "first", "2027-01-05", "province", sheets=(sheet_by("A", whole | answers),))


def write(path: Path, data: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_a_changed_point_of_an_option_counts_for_an_old_answer(half: Path) -> None:
    """An answer by points, which would name another option now, follows its option; everything else scores as before."""
    engine = Engine(load_rulebook(half))
    for answer in ("1", "b"):
        before = honey_of_2027(engine, **{"2.2": answer})
        carried = carry(before, engine.rules, engine.rulebook.editions["2028"])
        assert (carried.left, carried.open, carried.dossier.edition) == ((), (), "2028")
        assert carried.dossier.sheets[0].answers["2.2"] == "b"
        then, now = (engine.assess(one).verdict.total for one in (before, carried.dossier))
        assert then and now
        assert now.exact == then.exact + 1
        assert {**carried.dossier.sheets[0].answers, "2.2": answer} == before.sheets[0].answers


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_a_dossier_carried_to_its_own_edition_is_the_same(engine: Engine, seed: int, data: st.DataObject) -> None:
    """Every answer as it was written, no field changed, nothing left out."""
    edition = data.draw(st.sampled_from(list(engine.rulebook.editions.values())))
    product_set = data.draw(st.sampled_from(list(edition.sets.values())))
    dossier = (
        random_dossier(Random(seed), engine.rulebook.editions["2026"], product_set) if edition.id == "2026" else None
    )
    dossier = dossier or filed("A", product_set.slug, "first", "2026-06-01", "province", edition=edition.id,
                               sheets=(sheet_by("A", whole_sheet(Random(seed), product_set)),))  # fmt: skip
    carried = carry(dossier, engine.rules, edition)
    assert (carried.dossier, carried.left, carried.open) == (dossier, (), ())


@pytest.mark.parametrize("edition", ["2019", "2023", "2026"])
def test_every_sample_written_anew_is_read_as_the_same_dossier(
    engine: Engine, rules: Path, tmp_path: Path, edition: str
) -> None:
    """Whatever its style: words, days, numbers and criteria keep their text."""
    count = 0
    for sample in sample_files(rules / edition):
        try:
            file = DossierFile(sample)
        except DossierError:
            continue
        if file.problems or sample.suffix == ".json":
            continue
        copy = tmp_path / sample.name
        copy.write_text(rewritten(sample, file.dossier, ["x"]), encoding="utf-8")
        assert DossierFile(copy).dossier == file.dossier, sample
        count += 1
    assert count > 5


@pytest.mark.parametrize(("old", "new"), [("2023", "2026"), ("2019", "2023")])
def test_between_editions_that_do_not_amend_each_other_only_the_same_text_is_carried(
    engine: Engine, old: str, new: str
) -> None:
    """Nothing is guessed: whatever is answered in the new form has, word for word, the text that was chosen; all else is told."""
    book = engine.rulebook.editions
    carried_at_all = 0
    for product_set in book[old].sets.values():
        answers = whole_sheet(Random(1), product_set)
        dossier = filed("A", product_set.slug, "first", "2022-01-05", "province", edition=old, sheets=(sheet_by("A", answers),))  # fmt: skip
        carried = carry(dossier, engine.rules, book[new])
        target = carried.product_set
        assert all(teller(language).problem(one) for one in carried.left for language in ("vi", "en"))
        if target is None:
            assert [one.path for one in carried.left] == ["product.set"]
            continue
        told = [one for one in carried.left if one.path.startswith("sheets[0]")]
        kept = carried.dossier.sheets[0].answers
        assert len(kept) + len(told) == len(answers)
        before, after = (engine.rules.forms[e, s.slug] for e, s in ((old, product_set), (new, target)))
        texts = {before.options[n][before.answers[n][1][a].option].name.vi.casefold() for n, a in answers.items()}
        for number, answer in kept.items():
            text = after.options[number][after.answers[number][1][answer].option].name.vi.casefold()
            assert text in texts or text.replace("ủy", "uỷ") in texts, (product_set.slug, number)
        carried_at_all += len(kept)
    assert carried_at_all > 50


def test_a_divided_set_is_carried_where_it_is_named(engine: Engine) -> None:
    """Honey of 2019 became two sets: neither is guessed; --set names one."""
    book = engine.rulebook.editions
    answers = whole_sheet(Random(1), book["2019"].by_slug["honey"])
    dossier = filed("A", "honey", "first", "2022-01-05", "province", edition="2019", sheets=(sheet_by("A", answers),))
    carried = carry(dossier, engine.rules, book["2023"])
    assert [one.code for one in carried.left] == ["CARRY_SET_DIVIDED"]
    assert carried.dossier is dossier
    named = carry(dossier, engine.rules, book["2023"], Wanted(asked=book["2023"].by_slug["honey"]))
    assert "CARRY_SET_DIVIDED" not in {one.code for one in named.left}
    assert named.dossier.sheets[0].answers


def test_what_is_not_carried_is_told_with_its_line_and_left_out(rules: Path, tmp_path: Path) -> None:
    """Exit 1; the new file says what it is, keeps fields that nobody here knows, and what is missing leaves it incomplete."""
    sample = (rules / "2023" / "samples" / "chu-noodles-province-4-stars.yaml").read_text(encoding="utf-8")
    old = tmp_path / "old.yaml"
    old.write_text(sample.replace("facts:\n", "facts:\n  contract_material_share: 60\n", 1), encoding="utf-8")
    before = old.read_text(encoding="utf-8")
    over = ocop("carry", "--to", "2026", "--write", "--lang", "en", old)
    assert (over.returncode, "is not overwritten" in over.stderr) == (1, True)
    assert old.read_text(encoding="utf-8") == before
    done = ocop("carry", "--to", "2026", "--out", tmp_path / "new", "--lang", "en", old)
    assert done.returncode == 1
    told = " ".join(done.stderr.split())
    assert "Edition 2026 has no criterion 3đ (Accounting) any more" in told
    assert "old.yaml:20:" in told
    assert "New criteria without points yet: 1.2 " in told
    text = (tmp_path / "new" / "old.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Carried from old.yaml: sheets of edition 2023, now of edition 2026.\n")
    data = yaml.safe_load(text)
    assert (data["edition"], data["note"]) == ("2026", yaml.safe_load(sample)["note"])
    assert "contract_material_share" not in data["facts"]
    assert ocop("score", tmp_path / "new" / "old.yaml").returncode == 1


def test_all_that_is_carried_ends_with_0_and_writes_no_file_twice(half: Path, tmp_path: Path, rules: Path) -> None:
    """To the screen, into a folder, or over the file itself; a file that is there is not overwritten."""
    old = tmp_path / "edge-70.yaml"
    old.write_text((rules / "2026" / "samples" / "edge-70.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    call = ("carry", "--rules", half, "--to", "2028")
    shown = ocop(*call, old)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert ocop(*call, "--out", tmp_path / "new", old).returncode == 0
    assert (tmp_path / "new" / old.name).read_text(encoding="utf-8") == shown.stdout
    again = ocop(*call, "--out", tmp_path / "new", old)
    assert (again.returncode, "edge-70.yaml" in again.stderr) == (2, True)
    assert ocop(*call, old, old).returncode == 2
    assert ocop(*call, "--write", old).returncode == 0
    assert old.read_text(encoding="utf-8") == shown.stdout


def test_a_sheet_filled_on_an_older_form_is_carried_from_that_form(half: Path) -> None:
    """A dossier of the new edition with a sheet of the old one: the sheet counts afterwards."""
    engine = Engine(load_rulebook(half))
    old = honey_of_2027(engine, **{"2.2": "1"})
    sheets = tuple(replace(sheet, edition="2026") for sheet in old.sheets)
    carried = carry(replace(old, filed_on="2028-06-01", sheets=sheets), engine.rules, engine.rulebook.editions["2028"])
    assert (carried.left, carried.dossier.edition) == ((), "")
    assert carried.dossier.sheets[0].edition == "2028"
    assert engine.assess(carried.dossier).verdict.total


@pytest.mark.parametrize(("path", "value", "code"), [
    ("sheets.edition", "1999", "CARRY_NOT_ON_A_SHEET"),
    ("answers.2.2", "9", "CARRY_NO_OPTION"),
    ("answers.77", "a", "CARRY_NOT_ON_A_SHEET"),
    ("answers.2.2", "1" * 5000, "CARRY_NOT_ON_A_SHEET"),
    ("facts.moon", "yes", "CARRY_FACT_GONE"),
    ("facts.forged_dossier", "maybe" * 9000, "CARRY_FACT_VALUE"),
    ("level", "district", "CARRY_WORD"),
    ("council_rules", "moon", "CARRY_WORD"),
    ("product_set", "moon", "SET_UNKNOWN"),
    ("product_set", "", "SET_UNKNOWN"),
])  # fmt: skip
def test_what_cannot_be_read_is_never_guessed(engine: Engine, path: str, value: str, code: str) -> None:
    """It is left out or kept to be mended, and told; a word of the head that the edition does not know stays where it is."""
    dossier = honey_of_2027(engine)
    head, _, key = path.partition(".")
    if head == "answers":
        dossier = replace(
            dossier, sheets=(replace(dossier.sheets[0], answers={**dossier.sheets[0].answers, key: value}),)
        )
    elif head == "sheets":
        dossier = replace(dossier, sheets=(replace(dossier.sheets[0], edition=value),))
    elif head == "facts":
        dossier = replace(dossier, facts={key: value})
    else:
        dossier = replace(dossier, **{head: value})
    carried = carry(dossier, engine.rules, engine.rulebook.editions["2026"])
    assert code in {one.code for one in carried.left}
    assert key not in carried.dossier.facts
    assert carried.dossier.sheets[0].answers.get(key) is None or not key
    assert teller("vi").problem(carried.left[0])


def test_none_of_these_is_no_answer_from_another_list(engine: Engine) -> None:
    """Who met no option of 2023, from 50 % in the district, may meet the one of 2026 from 25 % in the commune."""
    book = engine.rulebook.editions
    answers = whole_sheet(Random(1), book["2023"].by_slug["honey"]) | {"3c": "0"}
    dossier = filed("A", "honey", "first", "2024-01-05", "province", sheets=(sheet_by("A", answers),))
    carried = carry(dossier, engine.rules, book["2026"])
    assert "3.3" not in carried.dossier.sheets[0].answers
    assert "sheets[0].answers.3c" in {one.path for one in carried.left}


def test_similar_words_at_the_same_place_are_carried_only_when_asked_for(engine: Engine) -> None:
    """Outside the commune is not outside the district."""
    book = engine.rulebook.editions
    answers = whole_sheet(Random(1), book["2023"].by_slug["honey"]) | {"4a": "c"}
    dossier = filed("A", "honey", "first", "2024-01-05", "province", sheets=(sheet_by("A", answers),))
    strict = carry(dossier, engine.rules, book["2026"])
    loose = carry(dossier, engine.rules, book["2026"], Wanted(grounds=CERTAIN | {Ground.PLACE}))
    assert "4.1" not in strict.dossier.sheets[0].answers
    assert loose.dossier.sheets[0].answers["4.1"] == "c"
    assert strict.dossier.sheets[0].answers.items() <= loose.dossier.sheets[0].answers.items()


def test_a_file_without_its_fields_is_written_as_it_is(tmp_path: Path) -> None:
    """No set, empty facts, no sheets, JSON: what is not there is not made up, and what nobody knows stays."""
    for name, text in (
        ("a.yaml", "facts: {}\nnote: x\n"),
        ("b.yaml", "product: {name: X}\nsheets: []\n"),
        ("c.json", '{"product": {"set": "honey"}, "note": "7"}'),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        written = rewritten(path, replace(DossierFile(path).dossier, edition="2026"), [])
        data = yaml.safe_load(written)
        assert data.pop("edition") == "2026"
        assert data == yaml.safe_load(text)


def test_a_wrong_file_is_told_and_not_carried(tmp_path: Path) -> None:
    """As ``score`` tells it."""
    path = write(tmp_path / "a.yaml", {"product": ["x"], "sheets": {}})
    done = ocop("carry", "--to", "2026", path)
    assert done.returncode == 1
    assert not done.stdout
    assert "product" in done.stderr
