"""`ocop check` and `ocop explain-code` as authors, scripts and code review use them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_cli import ocop

from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.nodes import NodeError, parse
from scoring_service.telling.catalogue import catalogue, languages
from scoring_service.telling.explained import Kind, codes, outline
from scoring_service.telling.teller import teller

HONEY = "2026/sets/04-honey.yaml"
ERROR = ("use: packaging,", "use: packagin,")
WARNING = ('text: "Dùng máy móc khi sơ chế, đóng gói"', 'text: "Dùng máy khi sơ chế, đóng gói"')


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the 2026 edition and the registry, without samples."""
    shutil.copytree(ROOT / "rules" / "2026", tmp_path / "2026", ignore=shutil.ignore_patterns("samples", "boundaries"))
    shutil.copytree(ROOT / "rules" / "documents", tmp_path / "documents")
    return tmp_path


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_errors_come_first_then_warnings_each_marked_and_counted(rules: Path) -> None:
    """The warning stands above the error in the file, and below it on the screen."""
    change(rules / HONEY, ERROR, WARNING)
    done = ocop("check", rules, "--lang", "en")
    assert done.returncode == 1
    said = done.stderr
    assert said.index("error CRITERION_NOT_SHARED") < said.index("warning TRANSLATION_MISSING")
    assert "1 error, 1 warning, 0 hints" in said
    assert "ocop explain-code CRITERION_NOT_SHARED" in said
    assert "\x1b" not in said


def test_warnings_fail_only_when_strict(rules: Path) -> None:
    """Exit code 0 with a warning, which is told; 1 with --strict."""
    change(rules / HONEY, WARNING)
    done, strict = ocop("check", rules), ocop("check", rules, "--strict")
    assert (done.returncode, strict.returncode) == (0, 1)
    assert "cảnh báo TRANSLATION_MISSING" in done.stderr
    assert "--strict coi cảnh báo là lỗi" in strict.stderr


def test_the_count_of_places_is_that_of_marks_to_fill_in(rules: Path) -> None:
    """One mistake told for several places counts once as an error, and as often as `ocop new` said as places."""
    shutil.copytree(ROOT / "rules" / "2026" / "samples", rules / "2026" / "samples")
    made = re.search(r"Còn (\d+) chỗ phải điền", ocop("new", "edition", "2028", "--rules", rules).stdout)
    counted = re.search(r"(\d+) lỗi \(ở (\d+) chỗ\), 0 cảnh báo", ocop("check", rules).stderr)
    assert made
    assert counted
    assert made[1] == counted[2]
    assert int(counted[1]) < int(counted[2])


def test_every_text_without_english_is_listed_with_its_place(rules: Path) -> None:
    """Twenty of them, in the order of the files, and how many more there are."""
    english = rules / "2026" / "en.yaml"
    pairs = english.read_text(encoding="utf-8").split("- vi: ")
    english.write_text("- vi: ".join([pairs[0], *pairs[25:]]), encoding="utf-8")
    said = ocop("check", rules, "--lang", "en").stderr
    listed = re.findall(r"^ *(2026/\S+\.yaml:\d+) “.+”", said, re.MULTILINE)
    assert len(listed) == 20
    assert listed == sorted(listed, key=lambda at: (at.partition(":")[0], int(at.partition(":")[2])))
    assert "for 24 texts;" in said
    assert "and 4 more" in said


def test_problems_as_one_json_document(rules: Path) -> None:
    """In the order of the files, with place, line and path; the counts beside them. Sound rules have none."""
    assert json.loads(ocop("check", rules, "--format", "json").stdout)["counts"]["error"] == 0
    change(rules / HONEY, ERROR, WARNING)
    done = ocop("check", rules, "--format", "json", "--lang", "en")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert document["counts"] == {"error": 1, "warning": 1, "hint": 0}
    warning, error = document["problems"]
    assert warning["line"] < error["line"]
    assert error == {
        "code": "CRITERION_NOT_SHARED",
        "weight": "error",
        "text": "There is no criterion 'packagin' in criteria/. Did you mean 'packaging'?",
        "file": str(rules / HONEY),
        "line": 59,
        "column": 16,
        "excerpt": '  "2.2": {use: packagin, max: 3}',
        "path": "sheet.2.2.use",
    }


def test_problems_as_sarif(rules: Path) -> None:
    """What SARIF 2.1.0 asks of results: rules that are there, levels, places from 1, fingerprints that outlive a line added above."""
    change(rules / HONEY, ERROR, WARNING)

    def run() -> dict[str, Any]:
        log = json.loads(ocop("check", rules, "--format", "sarif", "--lang", "en").stdout)
        assert log["version"] == "2.1.0"
        assert log["$schema"].endswith("sarif-2.1.0.json")
        (one,) = log["runs"]
        found: dict[str, Any] = one
        return found

    first = run()
    ids = [rule["id"] for rule in first["tool"]["driver"]["rules"]]
    assert all("helpUri" not in rule for rule in first["tool"]["driver"]["rules"])
    for result in first["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == (rules / HONEY).as_uri()
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    assert [r["level"] for r in first["results"]] == ["warning", "error"]
    change(rules / HONEY, ("set: 4\n", "# A line above.\nset: 4\n"))
    second = run()
    assert [r["partialFingerprints"] for r in first["results"]] == [r["partialFingerprints"] for r in second["results"]]
    assert [r["locations"] for r in first["results"]] != [r["locations"] for r in second["results"]]


def test_a_code_is_explained_with_an_example() -> None:
    """In the language asked for; a finding too."""
    for lang, says in (
        ("vi", ("Vì sao", "Cách sửa", "Sai", "Đúng")),
        ("en", ("Why", "What to do", "Wrong", "Right")),
    ):
        page = ocop("explain-code", "derive-cover", "--lang", lang).stdout
        assert all(f"{heading}:" in page for heading in says)
        assert 'local_labour_share: "[25, 50]"' in page or 'labour_share: "[25, 50]"' in page
    assert "<by_points>" in ocop("explain-code", "HELD_BACK").stdout


def test_an_unknown_code_is_answered_with_the_nearest_one() -> None:
    """Exit code 2, as for any wrong call."""
    done = ocop("explain-code", "KEY_REPEATD", "--lang", "en")
    assert done.returncode == 2
    assert "Did you mean 'KEY_REPEATED'?" in done.stderr


def test_all_codes_are_listed_by_kind() -> None:
    """Every code of the catalogues, once."""
    listed = re.findall(r"^  ([A-Z_]+) ", ocop("explain-code").stdout, re.MULTILINE)
    words = catalogue("vi")
    assert sorted(listed) == sorted([*words.findings, *words.problems])
    kinds = [codes(words)[code].kind for code in listed]
    assert kinds == sorted(kinds, key=list(Kind).index)


def test_explanations_are_the_same_in_every_language_and_of_codes_that_there_are() -> None:
    """The same codes, the same examples, other words."""
    first, *others = (catalogue(language) for language in languages())
    assert set(first.explained) <= set(first.problems) | set(first.findings)
    for other in others:
        assert set(other.explained) == set(first.explained)
        for code, more in other.explained.items():
            assert (more.wrong, more.right) == (first.explained[code].wrong, first.explained[code].right), code
            assert more.cause != first.explained[code].cause, code


def test_every_code_of_rule_files_is_explained_beyond_its_message() -> None:
    """What it means and what to do, in sentences that the message does not have; most with lines as they should be."""
    for language in languages():
        words = catalogue(language)
        assert words.of_rules - set(words.explained) == set()
        for code in words.of_rules:
            more, said = words.explained[code], set(_sentences(outline(words.problems[code])))
            for text in (more.cause, more.remedy):
                assert text.endswith("."), (language, code)
                assert len(text.split()) > 2, (language, code)
                assert not set(_sentences(text)) <= said, (language, code)
            assert more.cause != more.remedy, (language, code)
    assert sum(bool(more.right) for more in words.explained.values()) > 0.7 * len(words.of_rules)


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.:;])\s+", text)


def test_examples_of_explanations_can_be_read() -> None:
    """What is right is YAML as rule files have it; what is wrong is something else."""
    for code, more in catalogue("vi").explained.items():
        assert more.wrong != more.right or not more.wrong, code
        if more.right:
            parse(more.right, f"{code}.yaml", found := [])
            assert found == [], code


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_of_the_parser_reaches_a_person(rules: Path, lang: str) -> None:
    """Damage of every kind at many places of a file: the sentence for lines that nothing explains is rare, and has no foreign words."""
    text = (rules / HONEY).read_text(encoding="utf-8")
    foreign = re.compile(r"expected|found|while|scanning|parsing|mapping values|token|block end", re.IGNORECASE)
    for at in range(200, len(text), len(text) // 25):
        for scrap in ("[", "}", '"', "\t", ": ", "- ", "@"):
            (rules / HONEY).write_text(text[:at] + scrap + text[at:], encoding="utf-8")
            for problem in _problems(rules, lang):
                assert lang == "en" or not foreign.search(re.sub(r"['“\"].*?['”\"]", "", problem)), problem


def _problems(rules: Path, lang: str) -> list[str]:
    try:
        parse((rules / HONEY).read_text(encoding="utf-8"), HONEY, found := [])
    except NodeError as error:
        found += error.problems
    return [teller(lang).problem(problem) for problem in found]


def test_a_byte_order_mark_and_a_decimal_comma_are_no_mistakes(rules: Path) -> None:
    """Windows editors write the mark; the digest does not see it. 7,5 is 7.5 where a decimal is read, in braces too."""
    before = load_rulebook(rules).editions["2026"]
    path = rules / "2026" / "councils" / "province.yaml"
    for file in (path, rules / HONEY):
        file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_rulebook(rules).editions["2026"].digest == before.digest
    change(path, ("{limit: 10, far: 6}", "{limit: 7,5, far: 6,25}"))
    council = load_rulebook(rules).editions["2026"].councils["province"]
    assert (str(council.spread_limit), str(council.far)) == ("15/2", "25/4")
