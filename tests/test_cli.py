"""The ``ocop`` command as its users type it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT
from support import deep, honey

from scoring_service.authoring.samples import sample_files
from scoring_service.rulebook.library import Rulebook

OCOP = str(Path(sys.executable).with_name("ocop"))
SAMPLES = ROOT / "rules" / "2026" / "samples"
FOUR = SAMPLES / "chu-noodles-4-stars.yaml"


def ocop(*args: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [OCOP, *map(str, args)],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_score_shows_stars_and_reasons() -> None:
    """A table in Vietnamese by default, in English on request."""
    vi, en = ocop("score", FOUR), ocop("score", FOUR, "--lang", "en", "--full")
    assert vi.returncode == en.returncode == 0
    assert "★★★★☆" in vi.stdout
    assert "Vì sao" in vi.stdout
    assert "Recognisable at province level" in en.stdout
    assert "5.1 Product story" in en.stdout


@pytest.mark.parametrize(("lang", "part", "chosen", "open_line"), [
    ("vi", "Phần A", "1.1 Nguồn nguyên liệu: 2/3 điểm – Nguyên liệu trong tỉnh: từ 50% đến dưới 75%.", "chưa có điểm, tối đa 5."),
    ("en", "Part A", "1.3 Value added: 1/3 points – Simple processing.", "no points yet, maximum 5."),
])  # fmt: skip
def test_full_shows_every_line_as_it_is_told(lang: str, part: str, chosen: str, open_line: str) -> None:
    """The sentences of the answer below the heading of their part, also where a sheet leaves one open."""
    four = ocop("score", "--full", "--lang", lang, FOUR)
    shown = " ".join(four.stdout.replace("│", " ").split())
    (answer,) = (json.loads(line) for line in ocop("score", "--json", "--lang", lang, FOUR).stdout.splitlines())
    assert [line for line in answer["lines"] if f"• {line['text'][0]}" not in shown] == []
    assert chosen in shown
    assert part in four.stdout
    assert open_line in ocop("score", "--full", "--lang", lang, SAMPLES / "incomplete-second-sheet.yaml").stdout


def test_every_finding_stands_once_and_minimums_out_of_reach_do_not() -> None:
    """A remark below its own heading; a missed minimum where it bars the next rank, and not where it bars one beyond."""
    for sample in (FOUR, SAMPLES / "ke-rice-cracker-1-star.yaml", SAMPLES / "dried-lychee-held-at-3-stars.yaml"):
        answer = json.loads(ocop("score", "--json", sample).stdout)
        shown = " ".join(ocop("score", "--full", sample).stdout.replace("│", " ").split())
        for finding in answer["findings"]:
            stars = next((v["values"][0]["number"] for v in finding["values"] if v["id"] == "stars"), 0)
            beyond = finding["code"] == "MINIMUM_MISSED" and stars > answer["stars"]["afterMinimums"] + 1
            assert shown.count(f"• {finding['text'][0]}") == (0 if beyond else 1), finding


def test_score_json_has_everything_a_system_needs() -> None:
    """One document per dossier and line, with the promised fields, exact numbers and no nulls."""
    done = ocop("score", FOUR, SAMPLES / "seven-sheets-exactly-90.yaml", "--json")
    assert done.returncode == 0
    four, seven = (json.loads(line) for line in done.stdout.splitlines())
    assert four["status"] == "ASSESSMENT_STATUS_SCORED"
    assert seven["total"] == {"sum": 630, "sheets": 7, "max": 100, "text": "90.00"}
    assert seven["stars"] == {
        "byPoints": 5,
        "afterMinimums": 5,
        "recognisable": 0,
        "forwardTo": "central",
        "potential": 5,
    }
    assert [p["points"]["sum"] for p in seven["parts"]] == [246, 162, 222]
    for path in (
        "parts.0.code",
        "lines.0.criterion",
        "lines.0.marks.0.option",
        "findings.0.text.0",
        "edition",
        "digest",
        "engineVersion",
        "editionChoice.why.0",
    ):
        assert deep(four, path)
    assert four["edition"] == "2026"


def test_the_same_result_here_and_at_a_server(address: str) -> None:
    """In process and by gRPC: the same document for every sample, errors included."""
    files = sample_files(ROOT / "rules")
    here, there = ocop("score", *files, "--json"), ocop("score", *files, "--json", "--server", address)
    assert here.returncode == there.returncode == 1
    ours, theirs = ([json.loads(line) for line in done.stdout.splitlines()] for done in (here, there))
    assert len(ours) == len(files)
    assert [{k: v for k, v in d.items() if k != "error"} for d in ours] == [
        {k: v for k, v in d.items() if k != "error"} for d in theirs
    ]
    places = [[(p["code"], p["path"]) for p in d.get("error", {}).get("problems", [])] for d in ours]
    assert places == [[(p["code"], p["path"]) for p in d.get("error", {}).get("problems", [])] for d in theirs]


def test_yaml_and_json_dossiers_are_the_same(tmp_path: Path, rulebook: Rulebook) -> None:
    """Both forms of a dossier file give one result."""
    data = honey(rulebook.editions["2026"])
    (tmp_path / "a.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    done = ocop("score", tmp_path / "a.json", tmp_path / "a.yaml", "--json")
    one, other = (json.loads(line) for line in done.stdout.splitlines())
    assert {**one, "file": ""} == {**other, "file": ""}
    assert one["total"]["sum"] == 75


@pytest.mark.parametrize(("change", "says"), [
    ("  kind: first", ["kind: frist", "Did you mean 'first' (first-time)?"]),
    ("  set: honey", ["set: hony", "Did you mean 'honey' (Honey and other farm foods)?"]),
    ("  level: province", ["levl: province", "Did you mean 'level'?"]),
    ("  filed_on: '2026-06-01'", ["filed_on: 1/6/2026", "is not written year-month-day; write 2026-06-01."]),
    ("  filed_on: '2026-06-01'", ["filed_on: 2010-01-01", "No edition covers"]),
    ("sheets:", ["sheet:", "Did you mean 'sheets'?"]),
    ("    '1.1': '", ["'1.1': three #'", "has no option 'three'"]),
])  # fmt: skip
def test_a_wrong_dossier_is_told_line_and_remedy(
    tmp_path: Path, rulebook: Rulebook, change: str, says: list[str]
) -> None:
    """Exit code 1; file:line:column, one language, and the line itself."""
    text = yaml.safe_dump(honey(rulebook.editions["2026"]), allow_unicode=True, sort_keys=False)
    assert change in text
    indent = change[: len(change) - len(change.lstrip())]
    path = tmp_path / "dossier.yaml"
    path.write_text(text.replace(change, indent + says[0], 1), encoding="utf-8")
    done = ocop("score", "--lang", "en", path)
    told = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert f"{path}:" in done.stderr
    for wanted in says[1:]:
        assert wanted in told
    assert says[0].partition(" #")[0] in done.stderr


def test_exit_codes(tmp_path: Path) -> None:
    """0 scored, 1 bad dossier or incomplete, 2 usage."""
    assert ocop("score", FOUR).returncode == 0
    assert ocop("score", SAMPLES / "halted-unsafe-foreign-matter.yaml").returncode == 0
    assert ocop("score", SAMPLES / "incomplete-second-sheet.yaml").returncode == 1
    assert ocop("score", SAMPLES / "bad-answers-and-facts.yaml", FOUR).returncode == 1
    for wrong in (("score",), ("score", "nowhere.yaml"), ("skore", FOUR), ("sheet", "--set", "99"), ("sets", "--edition", "1999"), ("check", tmp_path / "none"),
                  ("score", FOUR, "--server", "127.0.0.1:1")):  # fmt: skip
        done = ocop(*wrong)
        assert done.returncode == 2, wrong
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_sheet_json_is_the_printed_sheet() -> None:
    """Parts, sections, criteria, options with points and minimums."""
    sheet = json.loads(ocop("sheet", "--edition", "2026", "--set", "4", "--json").stdout)
    criterion = next(c for p in sheet["parts"] for s in p["sections"] for c in s["criteria"] if c["number"] == "1.5")
    assert criterion["max"] == 3
    assert [(o["id"], o["points"], o["minimumForStars"]) for o in criterion["options"]] == [
        ("a", 0, []),
        ("b", 1, []),
        ("c", 2, [4]),
        ("d", 3, [5]),
    ]
    assert ocop("sheet", "--set", "honey").stdout.count("★") > 20


def test_sets_lists_all() -> None:
    """26 product sets with number, names and short name."""
    listed = json.loads(ocop("sets", "--json").stdout)["productSets"]
    assert len(listed) == 26
    shown = ocop("sets").stdout.split()
    assert all(s["id"] in shown for s in listed)


@pytest.mark.parametrize(("lang", "counts", "next_one"), [
    ("vi", " bộ sản phẩm, ", "Chạy các ca thử: ocop test"),
    ("en", " sets, ", "To run their cases: ocop test"),
])  # fmt: skip
def test_check_reads_the_rules_and_names_the_command_that_runs_their_cases(
    tmp_path: Path, lang: str, counts: str, next_one: str
) -> None:
    """By --lang as by OCOP_LANG; whatever the samples expect, for that is not what it looks at."""
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    (rules / "2026" / "samples" / "expected" / FOUR.name).write_text("", encoding="utf-8")
    for done in (ocop("check", rules, "--lang", lang), ocop("check", rules, OCOP_LANG=lang)):
        assert done.returncode == 0
        assert counts in done.stdout
        assert next_one in done.stdout


@pytest.mark.parametrize(("lang", "says"), [
    ("vi", ["không có tệp: nowhere.yaml", "không có thư mục: /nowhere", "không trả lời", "không trả lời", "Không thấy bộ tiêu chí nào"]),
    ("en", ["no such file: nowhere.yaml", "no such folder: /nowhere", "does not answer", "does not answer", "No edition found"]),
])  # fmt: skip
def test_what_cannot_run_is_told_in_the_language_of_the_environment(tmp_path: Path, lang: str, says: list[str]) -> None:
    """Also by commands without --lang, and in that language only."""
    calls = (
        ("score", "nowhere.yaml"),
        ("check", "/nowhere"),
        ("score", FOUR, "--server", "127.0.0.1:1"),
        ("health", "127.0.0.1:1"),
        ("serve", "--rules", tmp_path, "--port", "0"),
    )
    for call, wanted in zip(calls, says, strict=True):
        told = ocop(*call, OCOP_LANG=lang).stderr
        assert wanted in told, call
        assert (told.count("ocop: ") == 1) == (call[0] != "serve")


def test_check_says_what_is_wrong_with_a_clickable_place(tmp_path: Path) -> None:
    """A misspelt key: exit code 1, a path that exists, the line and a caret."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "2026" / "sets" / "04-honey.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("use: packaging, max: 3", "use: packaging, maxx: 3"),
        encoding="utf-8",
    )
    done = ocop("check", tmp_path / "rules")
    assert done.returncode == 1
    assert f"{path}:" in done.stderr
    assert "Ý bạn là 'max'?" in done.stderr
    assert "^" in done.stderr


def test_the_dossier_schema_is_up_to_date_and_fits_the_samples(rulebook: Rulebook) -> None:
    """Editors complete from it; every good sample is valid, and it is the one the rules give."""
    schema: dict[str, Any] = json.loads((ROOT / "rules" / "schema" / "dossier.schema.json").read_text(encoding="utf-8"))
    assert schema == json.loads(ocop("schema").stdout), "run: make schema"
    checker = jsonschema.Draft202012Validator(schema)
    for path in sample_files(ROOT / "rules"):
        data = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        errors = [e.message for e in checker.iter_errors(data)]
        assert bool(errors) == (path.stem == "bad-answers-and-facts"), (path, errors)


def test_many_files_in_one_go(tmp_path: Path) -> None:
    """Eighty dossiers before a council at eight in the morning."""
    files = []
    for index in range(80):
        files.append(tmp_path / f"{index:02}.yaml")
        shutil.copy(FOUR, files[-1])
    done = ocop("score", *files, "--json")
    assert done.returncode == 0
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == [str(f) for f in files]


def test_a_closed_pipe_is_no_disaster() -> None:
    """`ocop score ... | head -1` ends quietly."""
    files = " ".join(str(p) for p in sorted(SAMPLES.glob("edge-*.yaml")))
    done = subprocess.run(
        f"{OCOP} score {files} --full | head -1", shell=True, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
