"""Rule authors: what they change takes effect, and what they mistype is said with place, line and remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from dossiers import whole_sheet
from support import filed, sheet_by

from scoring_service.engine.engine import Assessment, Engine
from scoring_service.problems import Problem
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import teller

Edit = Callable[..., None]


@pytest.fixture
def copy(rules: Path, tmp_path: Path) -> Path:
    """A copy of the 2026 edition to be spoilt."""
    shutil.copytree(rules / "2026", tmp_path / "2026", ignore=shutil.ignore_patterns("samples"))
    return tmp_path


@pytest.fixture
def edit(copy: Path) -> Edit:
    def change(file: str, old: str, new: str) -> None:
        path = copy / "2026" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(NodeError) as error:
        load_rulebook(folder)
    return error.value.problems


def only(folder: Path) -> Problem:
    found = problems(folder)
    assert len(found) == 1, [str(p) for p in found]
    return found[0]


HONEY = "sets/04-honey.yaml"


@pytest.mark.parametrize(("file", "old", "new", "code", "says"), [
    (HONEY, "use: packaging,", "use: packagin,", "CRITERION_NOT_SHARED", "Did you mean 'packaging'?"),
    (HONEY, "use: packaging, max: 3", "use: packaging, maxx: 3", "KEY_UNKNOWN", "Did you mean 'max'?"),
    (HONEY, "use: packaging, max: 3", "use: packaging, max: 4", "MAX_DIFFERS", "its highest option has 3 points"),
    (HONEY, "use: packaging, max: 3", "use: packaging, max: 3, stars: {z: 3}", "STARS_OPTION", "has no option 'z'"),
    (HONEY, "use: packaging, max: 3", "use: packaging, max: 3, stars: {c: three}", "INTEGER", "'three' is not one"),
    (HONEY, "use: packaging, max: 3", "use: packaging, max: 3, stars: {b: 4, c: 3}", "MINIMUM", "rise with the stars"),
    (HONEY, "use: packaging, max: 3", "use: packaging, max: 3, stars: {b: 4, c: 4}", "STARS_TWICE", "an option of other points"),
    (HONEY, "max: 18", "max: 17", "SUM", "add up to 18"),
    (HONEY, "max: 18", "max: eighteen", "INTEGER", "'eighteen' is not one"),
    (HONEY, "knock_outs: [heading-food,", "knock_outs: [heding-food,", "KNOCK_OUT_UNKNOWN", "Did you mean 'heading-food'?"),
    (HONEY, "{section: production,", "{section: producton,", "CHOICE", "Did you mean 'production'?"),
    (HONEY, "agency: [bnnmt]", "agency: [bnnm]", "CHOICE", "Did you mean 'bnnmt'?"),
    (HONEY, "  A: {max: 40}\n", "", "ROW_BEFORE_PART", "begin the sheet with a part (A, B, C)"),
    (HONEY, "set: 4", "set: 4\nlike: honye", "LIKE_UNKNOWN", "Did you mean 'honey'?"),
    ("criteria/story.yaml", "    a: {points:", "    7: {points:", "KEY_SPELLING", "no bare number"),
    ("edition.yaml", 'edition: "2026"', 'edition: "2026"\namends: "2025"', "AMENDS_UNKNOWN", "No edition '2025'"),
    ("en.yaml", "- vi:", "- vi: x\n  en: y\n- vi: x\n  en: z\n- vi:", "TRANSLATED_TWICE", "keep one of the two"),
    ("facts.yaml", "forged_dossier:", "'forged dossier':", "KEY_SPELLING", "cannot be a name here"),
    (HONEY, "group: food", "group: foods", "CHOICE", "Did you mean 'food'?"),
    (HONEY, '"1.4":', '"1.3":', "KEY_REPEATED", "keep one of the two"),
    (HONEY, '"1.4":', '"2.9":', "NUMBER_SECTION", "its number is not of it"),
    (HONEY, '"1.4":', '"11.4":', "NUMBER_SECTION", "its number is not of it"),
    (HONEY, "set: 4", "set: 5", "FILE_NUMBER", "the file says set: 5"),
    (HONEY, "group: food", "group: food\ngroup: food", "KEY_REPEATED", "keep one of the two"),
    (HONEY, "group: food", "group: &x food", "YAML_ANCHOR", "write the value out"),
    (HONEY, "group: food", "group: !!str food", "YAML_TAG", "write the value only"),
    (HONEY, "group: food", "group: [food", "YAML_BRACKET", "opened here is not closed"),
    ("edition.yaml", 'mean: "[70, 90)"', 'mean: "[70, 89]"', "BAND_COVER", "belong to 0 bands"),
    ("edition.yaml", 'mean: "[70, 90)"', 'mean: "[60, 90)"', "BAND_COVER", "belong to 2 bands"),
    ("edition.yaml", "  4: {mean:", "  four: {mean:", "KEY_SPELLING", "'four' cannot be a name here"),
    ("edition.yaml", 'mean: "[70, 90)"', 'mean: "70 to 90"', "RANGE", 'write "[25, 50)"'),
    ("edition.yaml", 'mean: "[70, 90)"', 'mean: "[70.5, 90)"', "BAND_END", "whole points"),
    ("edition.yaml", "issued: 2026-05-22", "issued: 2026-02-30", "DATE", "not a real date"),
    ("edition.yaml", "forwards_to: central", "forwards_to: centre", "LEVEL_NOT_DECLARED", "Did you mean 'central'?"),
    ("edition.yaml", "  none_met:", "  nonemet:", "READING_MISSING", "Reading 'none_met' is missing"),
    ("knock-outs.yaml", "when: {forged_dossier: yes}", "when: {forged_dosier: yes}", "FACT_NOT_DECLARED", "Did you mean 'forged_dossier'?"),
    ("knock-outs.yaml", "effect: reject", "effect: expel", "CHOICE", "Known here: reject, not_eligible, disqualify, halt"),
    ("knock-outs.yaml", "criterion 6.4:", "criterion 6.9:", "KNOCK_OUT_CRITERION", "has no criterion '6.9'"),
    ("facts.yaml", "  choices:", "  choice:", "KEY_UNKNOWN", "Did you mean 'choices'?"),
    ("facts.yaml", "  kind: percent", "  kind: percentage", "CHOICE", "Did you mean 'percent'?"),
    ("criteria/community.yaml", '{local_labour_share: "[25, 50)", option: a}', '{local_labour_share: "[30, 50)", option: a}', "DERIVE_COVER", "meets 0 rows"),
    ("criteria/community.yaml", '{local_labour_share: "[25, 50)", option: a}', '{local_labour_share: "[25, 60)", option: a}', "DERIVE_COVER", "meets 2 rows"),
    ("criteria/community.yaml", '{local_labour_share: "[25, 50)", option: a}', '{local_labour_share: "[25, 50)", option: z}', "DERIVE_OPTION", "no option 'z'"),
    ("criteria/story.yaml", "story-structure:", "story-structur:", "NAME_DIFFERS", "'story-structure', used in 25 places"),
])  # fmt: skip
def test_a_mistake_is_said_with_its_place_and_remedy(
    copy: Path, edit: Edit, file: str, old: str, new: str, code: str, says: str
) -> None:
    """Each mistake: the right file and line, that line quoted, what was expected, in both languages."""
    edit(file, old, new)
    found = [p for p in problems(copy) if p.code == code]
    assert found, [str(p) for p in problems(copy)]
    problem = next((p for p in found if says in teller("en").problem(p)), found[0])
    vi, en = (teller(language).problem(problem) for language in ("vi", "en"))
    assert says in en
    assert vi and vi != en
    assert problem.position is not None
    assert (copy / problem.position.file).is_file()
    assert problem.excerpt.strip()


def test_a_mistake_in_a_line_is_placed_on_that_line_and_column(copy: Path, edit: Edit) -> None:
    """file:line:column of the very word."""
    edit(HONEY, "use: packaging,", "use: packagin,")
    problem = only(copy)
    assert problem.position is not None
    line = (
        (copy / HONEY.replace("sets", "2026/sets")).read_text(encoding="utf-8").splitlines()[problem.position.line - 1]
    )
    assert line[problem.position.column - 1 :].startswith("packagin,")
    assert problem.excerpt == line


def test_all_mistakes_of_all_files_come_at_once(copy: Path, edit: Edit) -> None:
    """Five mistakes in four files, all in one run."""
    edit(HONEY, "group: food", "group: foods")
    edit(HONEY, "use: packaging, max: 3", "use: packaging, maxx: 3")
    edit("sets/26-rural-tourism.yaml", "group: tourism", "group: tour")
    edit("knock-outs.yaml", "effect: reject", "effect: expel")
    edit("facts.yaml", "  name:", "  nam:")
    assert {p.position.file for p in problems(copy) if p.position} == {
        "2026/sets/04-honey.yaml", "2026/sets/26-rural-tourism.yaml", "2026/knock-outs.yaml", "2026/facts.yaml"}  # fmt: skip
    assert len(problems(copy)) == 5


def test_what_cannot_be_read_does_not_hide_what_is_wrong_elsewhere(copy: Path, edit: Edit) -> None:
    """A misspelt name, a wrong minimum and a number out of place in one file, a wrong sum in another, a wrong council: one run tells all."""
    edit(HONEY, "use: packaging,", "use: packagin,")
    edit(HONEY, "use: chain-linkage-3, max: 3", "use: chain-linkage-3, max: 3, stars: {c: 4, b: 5}")
    edit(HONEY, '"3.4":', '"5.9":')
    edit("sets/26-rural-tourism.yaml", "max: 14", "max: 13")
    edit("councils/province.yaml", "\nlevel: province", "\nlevel: provinc")
    assert sorted((p.code, p.position.file) for p in problems(copy) if p.position) == [
        ("CRITERION_NOT_SHARED", "2026/sets/04-honey.yaml"), ("LEVEL_NOT_DECLARED", "2026/councils/province.yaml"), ("MINIMUM", "2026/sets/04-honey.yaml"),
        ("NUMBER_SECTION", "2026/sets/04-honey.yaml"), ("SUM", "2026/sets/26-rural-tourism.yaml")]  # fmt: skip


def test_missing_files_are_named(copy: Path) -> None:
    """A folder without facts.yaml says so."""
    (copy / "2026" / "facts.yaml").unlink()
    problem = only(copy)
    assert "facts.yaml" in problem.where
    assert problem.code == "FILE_MISSING"


def test_an_empty_folder_says_what_is_needed(tmp_path: Path) -> None:
    """No edition: the message names the file that makes one."""
    assert "edition.yaml" in teller("en").problem(only(tmp_path))


def test_an_unused_criterion_is_reported(copy: Path) -> None:
    """What nobody uses is dead weight or a slip of the pen."""
    path = copy / "2026" / "criteria" / "story.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + '\nleft-over:\n  name: "Câu chuyện sản phẩm"\n  binary: 1\n',
        encoding="utf-8",
    )
    assert only(copy).code == "CRITERION_UNUSED"


def stars(a: Assessment) -> tuple[int | None, int | None]:
    """By points, and after minimums."""
    return a.verdict.by_points, a.verdict.stars and a.verdict.stars.after_minimums


def score(folder: Path, answers: dict[str, str]) -> Assessment:
    rulebook = load_rulebook(folder)
    dossier = filed("Mật ong (mẫu)", "honey", "first", "", "province", edition="2026", sheets=(sheet_by("A", answers),))
    return Engine(rulebook).assess(dossier)


@pytest.mark.parametrize(("file", "old", "new", "before", "after"), [
    ("edition.yaml", 'mean: "[70, 90)"', 'mean: "[76, 90)"', (4, 4), (3, 3)),
    (HONEY, "use: chain-linkage-3, max: 3", "use: chain-linkage-3, max: 3, stars: {d: 4}", (4, 4), (4, 3)),
    ("criteria/production.yaml", 'points: 2, text: "Năng lực, quy mô sản xuất trung bình"', 'points: 0, text: "Năng lực, quy mô sản xuất trung bình"', (4, 4), (4, 4)),
])  # fmt: skip
def test_a_changed_figure_changes_the_result_without_code(
    copy: Path, edit: Edit, rules: Path, file: str, old: str, new: str, before: tuple[int, int], after: tuple[int, int]
) -> None:
    """A band, a star minimum, an option's points: edit the file, score again. The digest tells the two apart."""
    rulebook = load_rulebook(rules)
    honey = rulebook.editions["2026"].sets["4"]
    answers = next(
        a
        for a in (whole_sheet(Random(i), honey, 75) for i in range(200))
        if a["1.5"] == "2" and a["1.4"] == "2" and stars(score(rules, a))[1] == 4
    )
    first = score(rules, answers)
    edit(file, old, new)
    if file in (HONEY, "edition.yaml"):
        if file == "edition.yaml":
            edit(file, 'mean: "[50, 70)"', 'mean: "[50, 76)"')
        second = score(copy, answers)
        assert stars(first) == before
        assert stars(second) == after
    else:
        second = score(copy, {**answers, "1.4": "0"})
        assert second.verdict.total is not None and first.verdict.total is not None
        assert second.verdict.total.sum == first.verdict.total.sum - 2
    assert first.verdict.chosen.digest != second.verdict.chosen.digest


def test_only_what_decides_changes_the_digest(copy: Path, rules: Path) -> None:
    """Samples are not part of the rules; the same rules have the same digest wherever they lie."""
    here, there = load_rulebook(rules).editions["2026"], load_rulebook(copy).editions["2026"]
    assert here.digest == there.digest


@pytest.mark.parametrize(("old", "new", "code", "says"), [
    ("sets/14-white-spirit.yaml", "sets/14-white-spirit.yml", "FILE_SUFFIX", "Rename it to '14-white-spirit.yaml'"),
    ("sets/14-white-spirit.yaml", "14-white-spirit.yaml", "FILE_MISPLACED", "sheets belong to sets/"),
    ("sets/14-white-spirit.yaml", "set/14-white-spirit.yaml", "FOLDER_UNKNOWN", "Did you mean 'sets'?"),
    ("sets/14-white-spirit.yaml", "sets/15-white-spirit.yaml", "FILE_NUMBER", "The file's name says set 15"),
    ("edition.yaml", "editon.yaml", "EDITION_FILE_MISSING", "has no edition.yaml"),
])  # fmt: skip
def test_no_file_is_left_out_without_a_word(copy: Path, old: str, new: str, code: str, says: str) -> None:
    """A set that vanishes because of its file's name would be noticed at the council table."""
    target = copy / "2026" / new
    target.parent.mkdir(exist_ok=True)
    (copy / "2026" / old).rename(target)
    found = [p for p in problems(copy) if p.code == code]
    assert len(found) == 1, [str(p) for p in problems(copy)]
    assert says in teller("en").problem(found[0])
    assert teller("vi").problem(found[0])
