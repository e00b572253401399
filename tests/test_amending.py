"""A decree that changes a few lines of the law is a few lines of rules: an edition that amends another."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from dossiers import whole_sheet
from support import filed, sheet_by

from demo import handbook
from scoring_service.cli.main import main
from scoring_service.engine.engine import Engine
from scoring_service.problems import Problem, Weight
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Criterion, Edition
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import teller


def decree() -> dict[str, str]:
    """The rule files of the handbook's worked example, by their names in the folder of the decree."""
    written = handbook.files(handbook.PAGES["vi"].read_text(encoding="utf-8"))
    files = {name.removeprefix("rules/2028/"): text for name, text in written.items() if name.startswith("rules/2028/")}
    return {name: text for name, text in files.items() if name != "en.yaml" and not name.startswith("samples/")}


DECREE = decree()


def rules_with(rules: Path, folder: Path, files: Mapping[str, str]) -> Path:
    """The shipped rules without their samples, copied into a folder, and in it the files of some decree."""
    copy = folder / "rules"
    for edition in ("2019", "2023", "2026", "documents"):
        shutil.copytree(rules / edition, copy / edition, ignore=shutil.ignore_patterns("samples"))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return copy


@pytest.fixture
def rules_with_decree(rules: Path, tmp_path: Path) -> Path:
    """The shipped rules, and beside them the folder of the decree."""
    return rules_with(rules, tmp_path, {f"rules/2028/{name}": text for name, text in DECREE.items()})


@pytest.fixture
def amended(rules_with_decree: Path) -> Rulebook:
    return load_rulebook(rules_with_decree)


def criterion(edition: Edition, slug: str, number: str) -> Criterion:
    return next(c for c in edition.by_slug[slug].criteria() if c.number == number)


def test_the_decree_of_the_handbook_costs_few_lines_and_loads(amended: Rulebook) -> None:
    """A band, two criteria, a minimum and a whole new set: fewer than 60 lines in four files."""
    assert len(DECREE) == 4
    assert len(amended.editions["2028"].sets) == 27
    assert sum(text.count("\n") for text in DECREE.values()) < 60


def test_what_the_decree_says_holds_and_what_it_does_not_say_stays(amended: Rulebook, rulebook: Rulebook) -> None:
    """Bands, minimum, labels and the new set change; all else is the amended edition's."""
    old, new = rulebook.editions["2026"], amended.editions["2028"]
    assert {b.stars: str(b.interval) for b in new.bands}[4] == "[72, 90)"
    assert {b.stars: str(b.interval) for b in new.bands}[5] == "[90, 100]"
    assert [(m.stars, m.points) for m in criterion(new, "honey", "1.5").minimums] == [(3, 3)]
    assert [(m.stars, m.points) for m in criterion(new, "tea", "1.5").minimums] == [
        (m.stars, m.points) for m in criterion(old, "tea", "1.5").minimums
    ]
    assert criterion(new, "honey", "1.4").options[1].name.vi == "Năng lực, quy mô sản xuất vừa"
    assert len(new.sets) == len(old.sets) + 1
    assert new.calendar == old.calendar
    same = [s for s in old.sets.values() if "packaging" not in {c.key for c in s.criteria()} and "production-capacity" not in {c.key for c in s.criteria()}]  # fmt: skip
    assert same
    for product_set in same:
        assert list(new.by_slug[product_set.slug].criteria()) == list(product_set.criteria())


def test_every_rule_cites_the_decision_that_states_it(amended: Rulebook) -> None:
    """Untouched articles stay those of 2026; a changed line names the decree, and the line that it changes."""
    new = amended.editions["2028"]
    assert {b.stars: b.reference for b in new.bands} == {
        5: "QĐ 26/2026/QĐ-TTg, Điều 3 khoản 3 điểm a", 4: "QĐ 15/2028/QĐ-TTg, Điều 1 khoản 1", 3: "QĐ 15/2028/QĐ-TTg, Điều 1 khoản 1",
        2: "QĐ 26/2026/QĐ-TTg, Điều 3 khoản 3 điểm d", 1: "QĐ 26/2026/QĐ-TTg, Điều 3 khoản 3 điểm đ"}  # fmt: skip
    assert [c.reference for c in new.certificates] == ["QĐ 26/2026/QĐ-TTg, Điều 4 khoản 3"]
    was = "QĐ 26/2026/QĐ-TTg, Phụ lục II, bộ 4, tiêu chí"
    assert criterion(new, "honey", "1.5").reference == f"QĐ 15/2028/QĐ-TTg, Điều 1 khoản 4; {was} 1.5"
    assert criterion(new, "honey", "2.2").reference == f"QĐ 15/2028/QĐ-TTg, Điều 1 khoản 2; {was} 2.2"
    assert criterion(new, "honey", "1.1").reference == f"{was} 1.1"
    mushrooms = "QĐ 15/2028/QĐ-TTg, Phụ lục, bộ 27"
    assert new.by_slug["mushrooms"].reference == mushrooms
    assert criterion(new, "mushrooms", "1.1").reference == f"{mushrooms}, tiêu chí 1.1"


def test_the_amended_edition_keeps_its_files_its_digest_and_its_verdicts(amended: Rulebook, rulebook: Rulebook) -> None:
    """The newer edition closes the older one's windows; a dossier of 2027 is judged as it always was."""
    old = rulebook.editions["2026"]
    assert amended.editions["2026"].digest == old.digest
    assert amended.editions["2028"].digest != old.digest
    answers = whole_sheet(Random(3), old.by_slug["honey"], 71)
    for filed_on, edition, stars in ((dt.date(2028, 4, 14), "2026", 4), (dt.date(2028, 4, 15), "2028", 3)):
        dossier = filed("Mật ong (mẫu)", "honey", "first", filed_on, "province", sheets=(sheet_by("A", answers),))
        verdict = Engine(amended).assess(dossier).verdict
        assert (verdict.chosen.edition, verdict.by_points) == (edition, stars)
    before = filed("Mật ong (mẫu)", "honey", "first", dt.date(2027, 1, 5), "province", sheets=(sheet_by("A", answers),))
    then, now = (Engine(book).assess(before).verdict for book in (rulebook, amended))
    assert (then.total, then.stars, then.chosen.digest) == (now.total, now.stars, now.chosen.digest)


def test_the_folder_of_a_decree_is_checked_alone(rules_with_decree: Path) -> None:
    """It finds the edition that it amends beside it, and only itself is reported."""
    assert list(load_rulebook(rules_with_decree / "2028").editions) == ["2028"]


def test_a_new_row_stands_where_the_print_has_it(amended: Rulebook) -> None:
    """The new set has the rows of the one it is like, in the order of their numbers."""
    numbers = [c.number for c in amended.editions["2028"].by_slug["mushrooms"].criteria()]
    assert numbers == [c.number for c in amended.editions["2026"].by_slug["honey"].criteria()]


def wrong(folder: Path) -> list[Problem]:
    with pytest.raises(NodeError) as error:
        load_rulebook(folder)
    return error.value.problems


def spoilt(folder: Path, file: str, old: str, new: str) -> list[Problem]:
    """What is wrong once a file of some rules says something else in one place."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return wrong(folder)


def mistakes() -> Iterator[tuple[str, str, str, str, str]]:
    yield "sets/04-honey.yaml", ", reference: Điều 1 khoản 4", "", "AMENDED_WITHOUT_REFERENCE", "add 'reference:'"
    yield "edition.yaml", ", reference: Điều 1 khoản 1}\n  3", "}\n  3", "AMENDED_WITHOUT_REFERENCE", "add 'reference:'"
    yield "criteria/changes.yaml", "  reference: Điều 1 khoản 2\n", "", "AMENDED_WITHOUT_REFERENCE", "add 'reference:'"
    yield "edition.yaml", "annex: Phụ lục\n", "", "ANNEX_MISSING", "add 'annex:'"
    yield "edition.yaml", "issued: 2028-03-01\n", "", "KEY_MISSING", "'issued'"
    yield "edition.yaml", '{edition: "2026", filed', '{edition: "2025", filed', "CLOSES_UNKNOWN", "'2025'"
    yield (
        "edition.yaml",
        "reference: Điều 3 khoản 2",
        "kinds: [renewa], reference: Điều 3 khoản 2",
        "APPLICATION_NOT_DECLARED",
        "Did you mean 'renewal'?",
    )
    yield "edition.yaml", '{edition: "2026", filed', '{edition: "2023", filed', "CLOSES_NOTHING", "name other 'kinds'"
    yield "criteria/changes.yaml", "packaging:", "packagin: dropped\npackaging:", "DROPPED_UNKNOWN", "no such entry"
    yield (
        "criteria/changes.yaml",
        "c: {stars: dropped}",
        "c: {stars: dropped}, e: dropped",
        "DROPPED_UNKNOWN",
        "no such entry",
    )
    yield "edition.yaml", "reference: Điều 3 khoản 2", "reference: Điều 9 khoản 2", "REFERENCE_UNKNOWN", "Điều 9"
    yield "edition.yaml", 'amends: "2026"', 'amends: "2028"', "AMENDS_UNKNOWN", "No edition '2028'"


@pytest.mark.parametrize(("file", "old", "new", "code", "says"), list(mistakes()))
def test_a_mistake_in_a_decree_is_told_once_with_its_remedy(
    rules_with_decree: Path, file: str, old: str, new: str, code: str, says: str
) -> None:
    """The right file and line, in the folder of the decree."""
    problems = spoilt(rules_with_decree, f"2028/{file}", old, new)
    found = [p for p in problems if p.code == code]
    assert len(found) == 1, [str(p) for p in problems]
    assert found[0].position and found[0].position.file.startswith("2028/")
    assert found[0].position.file == f"2028/{file}" or code == "ANNEX_MISSING"
    assert says in teller("en").problem(found[0])
    assert teller("vi").problem(found[0])


def test_what_has_no_english_yet_is_shown_in_vietnamese_and_told(amended: Rulebook) -> None:
    """An author writes Vietnamese; the missing translations are one line of `ocop check`, not a refusal."""
    new = amended.editions["2028"]
    assert [p.code for p in new.warnings if p.weight is Weight.WARNING] == ["TRANSLATION_MISSING"]
    assert new.by_slug["mushrooms"].name["en"] == "Nấm ăn, nấm dược liệu"
    assert (
        new.by_slug["honey"].name["en"] == "Honey, other honeys and other farm food products"
        or new.by_slug["honey"].name.en
    )


def test_the_decree_gets_cases_at_every_edge_by_one_command(rules_with_decree: Path) -> None:
    """They reach all of its rules, and notice a slip in any; the edition that it closes gets cases at its new last days."""
    folder, here = str(rules_with_decree), ["--edition", "2028"]
    assert main(["boundaries", folder, *here]) == 1
    before = (rules_with_decree / "2026" / "boundaries" / "edition.yaml").read_text(encoding="utf-8")
    assert main(["boundaries", folder, "--write"]) == 0
    after = (rules_with_decree / "2026" / "boundaries" / "edition.yaml").read_text(encoding="utf-8")
    assert set(before.splitlines()) < set(after.splitlines())
    assert main(["coverage", folder, *here, "--floor", "100"]) == 0
    assert main(["mutate", folder, *here, "--sample", "60", "--seed", "2", "--jobs", "1"]) == 0


def test_a_decree_may_amend_one_that_added_a_row(rules_with_decree: Path) -> None:
    """The row stands in its section, with the numbers of the print, for whoever amends the sheet further."""
    honey = rules_with_decree / "2028" / "sets" / "04-honey.yaml"
    honey.write_text(honey.read_text(encoding="utf-8") + ADDED_ROW, encoding="utf-8")
    further = rules_with_decree / "2030" / "edition.yaml"
    further.parent.mkdir()
    further.write_text(FURTHER, encoding="utf-8")
    book = load_rulebook(rules_with_decree)
    numbers = [[c.number for c in book.editions[e].by_slug["honey"].criteria()][:9] for e in ("2028", "2030")]
    assert numbers[0] == ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "2.1"]
    assert numbers[1] == numbers[0]
    assert book.editions["2030"].certificates[0].months == 48


ADDED_ROW = """\
  "1.4":
    name: "Năng lực sản xuất"
    reference: Điều 1 khoản 4
    options: {a: {points: 0, text: "Nhỏ"}, b: {points: 1, text: "Vừa"}, c: {points: 2, text: "Lớn"}}
  "1.8":
    name: "Mã số vùng nuôi ong"
    reference: Điều 1 khoản 4
    options: {a: {points: 0, text: "Không có"}, b: {points: 1, text: "Có"}}
"""
FURTHER = """\
edition: "2030"
amends: "2028"
decision: QĐ 9/2030/QĐ-TTg
name: "Bộ tiêu chí OCOP 2030"
issued: 2030-01-01
document: {effective: 2030-02-01, articles: {1: 0, 2: 0}}
windows:
  - {kinds: [first, upgrade, renewal], filed_from: 2030-02-01, reference: Điều 2}
closes:
  - {edition: "2028", filed_until: 2030-01-31, reference: Điều 2}
certificate: {months: 48, reference: Điều 1}
"""
