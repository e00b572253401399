"""`ocop test` and `ocop printed`, as authors call them: the cases beside the rules are run, told, accepted; nothing passes that was not tried."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from conftest import ROOT

from scoring_service.authoring.print_of_editions import edition_text
from scoring_service.authoring.print_of_sets import sheet_text
from scoring_service.authoring.samples import sample_files
from scoring_service.authoring.trial import run_suite
from scoring_service.cli.main import main
from scoring_service.engine.engine import Engine
from scoring_service.rulebook.facts import KINDS, FactKind
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Subject

BAND = ('"[70, 90)"', '"[71, 90)"'), ('"[50, 70)"', '"[50, 71)"')


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


class Workshop:
    """A copy of the rules that an author works on, and the command."""

    def __init__(self, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.rules, self._capsys = rules, capsys

    def __call__(self, *args: str | Path, lang: str = "vi") -> Ran:
        try:
            code = main([str(arg) for arg in (*args, "--lang", lang)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def test(self, *args: str | Path, lang: str = "vi") -> Ran:
        """`ocop test` on the copy, of samples only where nothing else is asked for."""
        return self("test", self.rules, *(args or ("--filter", "/samples/")), lang=lang)

    def change(self, name: str, *changes: tuple[str, str]) -> None:
        """Change a file of the 2026 edition."""
        path = self.rules / "2026" / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def text(self, name: str) -> str:
        return (self.rules / "2026" / name).read_text(encoding="utf-8")


@pytest.fixture
def workshop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workshop:
    shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("boundaries"))
    return Workshop(tmp_path / "rules", capsys)


EXPECTED = "samples/expected/edge-70.yaml"


# --- a run ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ["samples", "printed"])
def test_the_cases_of_this_repository_hold(room: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every sample and every printed sheet of the three editions."""
    ran = Workshop(ROOT / "rules", capsys).test("--filter", f"/{room}/", "--json")
    document = json.loads(ran.out)
    assert (ran.code, document["failed"], document["problems"]) == (0, [], [])
    files = sample_files(ROOT / "rules") if room == "samples" else list(ROOT.glob("rules/*/printed/*.md"))
    assert document["cases"] == len(files)


def test_a_changed_law_is_told_in_words_with_the_place_of_what_was_expected(workshop: Workshop) -> None:
    """The band of 4 stars moved by a point: one sample says so, why it is there, and at which line and column."""
    workshop.change("edition.yaml", *BAND)
    ran = workshop.test()
    assert ran.code == 1
    path = workshop.rules / "2026" / EXPECTED
    assert "2026/samples/edge-70 – Đúng ngưỡng 70: " in ran.out
    assert "(QĐ 26/2026/QĐ-TTg, Điều 3 khoản 3 điểm b)" in ran.out
    assert f"{path}:8:20: sao › theo điểm: mong đợi 4, nay 3" in ran.out
    assert "vì sao: nay mất STARS_BY_POINTS band-4" in ran.out
    assert "vì sao: nay có thêm STARS_BY_POINTS band-3" in ran.out
    assert "2 khác mong đợi" in ran.out.splitlines()[-1]  # the lamp has 70 points too
    english = workshop.test(lang="en").out
    assert "stars › by points: expected 4, now 3" in english
    assert "because: no longer STARS_BY_POINTS band-4" in english


def test_a_total_is_told_as_one_number(workshop: Workshop) -> None:
    """70 of one sheet; 154/2 = 77.00 of two."""
    workshop.change(EXPECTED, ('{sum: 70, sheets: 1, text: "70.00"}', '{sum: 71, sheets: 1, text: "71.00"}'))
    workshop.change("samples/expected/bonsai-mean-misses-minimum.yaml", ("sum: 154", "sum: 153"))
    out = workshop.test().out
    assert "tổng điểm: mong đợi 71, nay 70" in out
    assert "tổng điểm: mong đợi 153/2 = 77.00, nay 154/2 = 77.00" in out


def test_only_what_is_written_is_compared_and_an_empty_list_wants_nothing(workshop: Workshop) -> None:
    """Three keys left out pass; `look_at: []` does not pass where there is something to look at."""
    header = 'why: "Thử"\nsource: "Thử"\nbasis: outside\n'
    (workshop.rules / "2026" / EXPECTED).write_text(f"{header}total: {{sum: 70}}\n", encoding="utf-8")
    assert workshop.test().code == 0
    (workshop.rules / "2026" / EXPECTED).write_text(f"{header}also: []\n", encoding="utf-8")
    assert "nên biết: nay có thêm POINTS_SHORT band-5" in workshop.test().out


def test_days_and_the_council_can_be_expected(workshop: Workshop) -> None:
    """A day alone or with what became of it, and how the council stood."""
    workshop.change("samples/expected/renewal-window-missed.yaml", ("day: 2026-06-17", "day: 2026-06-18"))
    workshop.change("samples/expected/council-spread-11.yaml", ("needed: 3", "needed: 4"), ("spread: 11", "spread: 12"))
    out = workshop.test().out
    assert "ngày › renewal-closed › ngày: mong đợi 2026-06-18, nay 2026-06-17" in out
    assert "hội đồng › số thành viên dự họp › cần: mong đợi 4, nay 3" in out
    assert "hội đồng › chênh lệch: mong đợi 12, nay 11" in out


def test_a_dossier_that_is_refused_now_says_so_and_nothing_else(workshop: Workshop) -> None:
    """One cause, one line: not ten keys that are gone."""
    workshop.change("samples/edge-70.yaml", ('"1.1": 2', '"1.1": 9'))
    out = workshop.test().out
    assert out.count("mong đợi") == 1  # the summary
    assert "lỗi: nay có thêm OPTION_UNKNOWN sheets[0].answers.1.1" in out


def test_many_failures_are_cut_and_details_shows_all(workshop: Workshop) -> None:
    """The first twenty in full, then how many more."""
    for path in sorted((workshop.rules / "2026" / "samples" / "expected").glob("*.yaml"))[10:40]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("status: scored", "status: halted"), encoding="utf-8")
    short, full = workshop.test(), workshop.test("--filter", "/samples/", "--details")
    assert short.out.count("trạng thái: ") == 20
    more = full.out.count("trạng thái: ") - 20
    assert more > 0
    assert f"… và {more} ca khác" in short.out
    assert "ca khác" not in full.out


def test_one_process_or_more_come_to_the_same(workshop: Workshop) -> None:
    """Whatever shares the work."""
    workshop.change("edition.yaml", *BAND)
    engine = Engine(load_rulebook(workshop.rules))
    one, two = (
        run_suite(workshop.rules, engine, list(engine.rulebook.editions.values()), jobs=jobs) for jobs in (1, 2)
    )
    assert [(c.name, c.differences) for c in one.cases] == [(c.name, c.differences) for c in two.cases]
    assert one.problems == two.problems


# --- what must not pass ------------------------------------------------------------------------------------------------------


def test_a_suite_without_cases_fails(workshop: Workshop) -> None:
    """All samples deleted is no success."""
    for edition in ("2019", "2023", "2026"):
        shutil.rmtree(workshop.rules / edition / "samples")
    ran = workshop("test", workshop.rules)
    assert ran.code == 1
    assert ran.out.count("không có ca thử nào") == 3


def test_a_set_that_no_case_scores_fails(workshop: Workshop) -> None:
    """It is named, with its file; a sample that is refused scores nothing."""
    for room in ("samples", "samples/expected"):
        for path in (workshop.rules / "2026" / room).glob("*.yaml"):
            if "honey" in path.stem or "set: honey" in (path.parent / path.name).read_text(encoding="utf-8"):
                path.unlink()
    for path in list((workshop.rules / "2026" / "samples").glob("*.yaml")):
        if "set: honey" in path.read_text(encoding="utf-8") or "set: 4" in path.read_text(encoding="utf-8"):
            path.unlink()
    ran = workshop("test", workshop.rules / "2026")
    assert ran.code == 1
    assert f"{workshop.rules / '2026' / 'sets' / '04-honey.yaml'}:1:1: Không ca thử nào chấm bộ 4" in ran.out


def test_a_filter_that_matches_nothing_fails_with_the_nearest_name(workshop: Workshop) -> None:
    """Called wrongly: 2."""
    ran = workshop.test("--filter", "egde-70")
    assert (ran.code, ran.out) == (2, "")
    assert "không ca thử nào có 'egde-70' trong tên. Ý bạn là 'edge-70'?" in ran.err


def test_an_edition_that_is_not_there_fails(workshop: Workshop) -> None:
    """With those that are."""
    ran = workshop.test("--edition", "2025")
    assert ran.code == 2
    assert "2026" in ran.err


def test_a_sample_without_expectation_and_an_expectation_without_sample_fail(workshop: Workshop) -> None:
    """Each at its own file, with what to do."""
    (workshop.rules / "2026" / EXPECTED).rename(workshop.rules / "2026" / "samples" / "expected" / "edge-71.yaml")
    ran = workshop.test()
    assert ran.code == 1
    assert "edge-70.yaml:1:1: Hồ sơ mẫu này chưa có kết quả mong đợi" in ran.out
    assert "ocop test --accept edge-70" in ran.out
    assert "edge-71.yaml:1:1: Không có hồ sơ mẫu nào tên 'edge-71.yaml'" in ran.out
    assert "Ý bạn là 'edge-70'?" in ran.out


@pytest.mark.parametrize(("change", "says"), [
    (("stars:", "star:"), "Không có khóa 'star' ở đây. Ý bạn là 'stars'?"),
    (("basis: computed", "basis: guessed"), "'guessed' không dùng được cho 'basis'"),
    (("why: ", "# why: "), "Thiếu khóa 'why';"),
    (("look_at: []", "look_at: no"), "Ở đây cần một danh sách"),
])  # fmt: skip
def test_a_mistake_in_an_expectation_is_told_and_not_overlooked(
    workshop: Workshop, change: tuple[str, str], says: str
) -> None:
    """With its line and the nearest word; the other cases run all the same."""
    workshop.change(EXPECTED, change)
    ran = workshop.test()
    assert ran.code == 1
    assert f"{workshop.rules / '2026' / EXPECTED}:" in ran.out
    assert says in ran.out
    assert ran.out.splitlines()[-1].startswith(f"{len(sample_files(workshop.rules)) - 1} ca thử, 0 khác")


def test_an_expectation_of_nothing_fails(workshop: Workshop) -> None:
    """Only why, source and basis: what should hold?"""
    (workshop.rules / "2026" / EXPECTED).write_text("why: a\nsource: b\nbasis: outside\n", encoding="utf-8")
    assert "Tệp này chưa mong đợi điều gì" in workshop.test().out


# --- accepting ---------------------------------------------------------------------------------------------------------------


def test_a_case_is_accepted_by_name_and_in_words(workshop: Workshop) -> None:
    """Only its file is written, and only the keys it had."""
    workshop.change("edition.yaml", *BAND)
    before = workshop.text(EXPECTED)
    ran = workshop.test("--accept", "edge-70")
    assert ran.code == 0
    assert f"2026/samples/edge-70 → {workshop.rules / '2026' / EXPECTED}" in ran.out
    assert "sao › theo điểm: mong đợi 4, nay 3" in ran.out
    assert "đã ghi 1 kết quả mong đợi" in ran.out
    changed = [(a, b) for a, b in zip(before.splitlines(), workshop.text(EXPECTED).splitlines(), strict=True) if a != b]
    assert changed == [
        (
            "stars: {by_points: 4, after_minimums: 4, recognisable: 4}",
            "stars: {by_points: 3, after_minimums: 3, recognisable: 3}",
        ),
        ("  - STARS_BY_POINTS band-4", "  - STARS_BY_POINTS band-3"),
        ("  - POINTS_SHORT band-5", "  - POINTS_SHORT band-4"),
    ]
    assert workshop.test("--filter", "edge-70").code == 0


def test_a_partial_expectation_stays_partial(workshop: Workshop) -> None:
    """What it did not say it does not say afterwards."""
    header = "why: Thử\nsource: Thử\nbasis: outside\n"
    (workshop.rules / "2026" / EXPECTED).write_text(f"{header}total: {{sum: 71}}\n", encoding="utf-8")
    workshop.test("--accept", "2026/samples/edge-70")
    assert workshop.text(EXPECTED) == f"{header}total: {{sum: 70}}\n"


def test_all_are_accepted_at_once_and_hold_then(workshop: Workshop) -> None:
    """Samples and printed sheets."""
    workshop.change("edition.yaml", *BAND)
    assert workshop.test("--filter", "2026/").code == 1
    assert "2026/printed/edition" in workshop.test("--accept-all").out
    assert workshop.test("--filter", "2026/").code == 0


def test_all_that_a_filter_names_are_accepted_and_no_others(workshop: Workshop) -> None:
    """`--accept-all --filter printed/` leaves the samples as they are, and the comment that opens an expectation stays."""
    workshop.change("edition.yaml", *BAND)
    workshop.change(EXPECTED, ("why: ", "# Xem lại mỗi năm.\nwhy: "))
    assert "đã ghi 1 kết quả" in workshop.test("--accept-all", "--filter", "2026/printed/").out
    assert "STARS_BY_POINTS band-4" in workshop.text(EXPECTED)
    workshop.test("--accept-all")
    assert "STARS_BY_POINTS band-3" in workshop.text(EXPECTED)
    assert workshop.text(EXPECTED).startswith("# Xem lại mỗi năm.\nwhy: ")


def test_what_is_accepted_already_is_not_written_again(workshop: Workshop) -> None:
    """Every file as it was made: accepting changes no byte where nothing differs."""
    files = {path: path.read_bytes() for path in workshop.rules.rglob("*") if path.is_file()}
    assert "đã ghi 0 kết quả" in workshop.test("--accept-all").out
    assert files == {path: path.read_bytes() for path in workshop.rules.rglob("*") if path.is_file()}


def test_an_error_is_never_recorded_unasked(workshop: Workshop) -> None:
    """A dossier that is refused now is not what anybody expects, unless its name says that it is bad."""
    workshop.change("samples/edge-70.yaml", ('"1.1": 2', '"1.1": 9'))
    before = workshop.text(EXPECTED)
    ran = workshop.test("--accept-all")
    assert ran.code == 1
    assert "OPTION_UNKNOWN sheets[0].answers.1.1" in ran.out
    assert workshop.text(EXPECTED) == before
    shutil.move(workshop.rules / "2026/samples/edge-70.yaml", workshop.rules / "2026/samples/bad-edge.yaml")
    (workshop.rules / "2026" / EXPECTED).unlink()
    assert workshop.test("--accept", "bad-edge").code == 0
    assert "error:\n  - OPTION_UNKNOWN sheets[0].answers.1.1\n" in workshop.text("samples/expected/bad-edge.yaml")


def test_a_new_sample_gets_its_expectation_with_why_and_source(workshop: Workshop) -> None:
    """From its first comment, in the language it begins in, and the paragraph that decides it; then it holds."""
    text = workshop.text("samples/edge-70.yaml").replace("Đúng ngưỡng 70", "Chép lại để thử. Đúng ngưỡng")
    (workshop.rules / "2026/samples/again.yaml").write_text(text, encoding="utf-8")
    missing = workshop.test("--filter", "again")
    assert (missing.code, "chưa có kết quả mong đợi" in missing.out) == (1, True)
    assert workshop.test("--accept", "again").code == 0
    written = workshop.text("samples/expected/again.yaml")
    assert written.startswith(
        'why: "Chép lại để thử. Đúng ngưỡng: như edge-69 nhưng 1.4 thêm 1 điểm; A 28 + B 18 + C 24 = 70 là 4 sao."\n'
    )
    assert 'source: "QĐ 26/2026/QĐ-TTg, Điều 3 khoản 3 điểm b"\nbasis: computed\n' in written
    assert workshop.test("--filter", "again").code == 0


def test_a_name_that_is_none_is_not_accepted(workshop: Workshop) -> None:
    """Nothing is written; the nearest name is told."""
    ran = workshop.test("--accept", "edge-70", "edge-7O")
    assert ran.code == 2
    assert "không có ca thử 'edge-7O'. Ý bạn là 'edge-70'?" in ran.err


def test_a_broken_expectation_is_mended_by_hand(workshop: Workshop) -> None:
    """Accepting would lose why it was written."""
    workshop.change(EXPECTED, ("stars:", "star:"))
    before = workshop.text(EXPECTED)
    ran = workshop.test("--accept", "edge-70")
    assert ran.code == 1
    assert "Không có khóa 'star'" in ran.out
    assert workshop.text(EXPECTED) == before


# --- boundary cases ------------------------------------------------------------------------------------------------------------


BOUNDARY = """\
bases:
  full:
    product.set: honey
    application.kind: first
    application.filed_on: 2026-06-01
    council.level: province
    edition: 2026
    answers: {}
cases:
  full:
    base: incomplete
    council.level=central: incomplete
"""


def test_boundary_cases_are_told_and_accepted_by_the_line(workshop: Workshop) -> None:
    """The line with its new result, all others as they were."""
    room = workshop.rules / "2026" / "boundaries"
    room.mkdir()
    (room / "04-honey.yaml").write_text(BOUNDARY, encoding="utf-8")
    name = "2026/boundaries/04-honey/full council.level=central"
    workshop.test("--accept", name, "2026/boundaries/04-honey/full base")
    right = (room / "04-honey.yaml").read_text(encoding="utf-8")
    assert workshop.test("--filter", "boundaries/").code == 0
    (room / "04-honey.yaml").write_text(right.replace("central: incomplete", "central: halted"), encoding="utf-8")
    ran = workshop.test("--filter", "boundaries/")
    assert ran.code == 1
    assert f"{room / '04-honey.yaml'}:12:28: trạng thái: mong đợi halted, nay incomplete" in ran.out
    workshop.test("--accept", name)
    assert (room / "04-honey.yaml").read_text(encoding="utf-8") == right


# --- one edition, and its neighbours ---------------------------------------------------------------------------------------------


def test_one_edition_alone_runs_its_cases_beside_its_neighbours(workshop: Workshop, tmp_path: Path) -> None:
    """By folder as by --edition; where the neighbours cannot be read, it says that it runs alone, and where the errors are. Its own are just told."""
    count = len(sample_files(workshop.rules / "2023"))
    by_folder = workshop("test", workshop.rules / "2023", "--filter", "/samples/")
    by_id = workshop.test("--filter", "/samples/", "--edition", "2023")
    for ran in (by_folder, by_id):
        assert ran.code == 0
        assert ran.out.startswith(f"{count} ca thử")
    (workshop.rules / "2026" / "edition.yaml").write_text("edition: [\n", encoding="utf-8")
    alone = workshop("test", workshop.rules / "2023", "--filter", "derived-from-facts")
    assert (alone.code, "vì có lỗi ở 2026/edition.yaml:1; xem: ocop check" in alone.err) == (0, True)
    (workshop.rules / "2023" / "facts.yaml").write_text("a: [\n", encoding="utf-8")
    itself = workshop("test", workshop.rules / "2023")
    assert itself.code == 1
    assert "2023/facts.yaml:1" in itself.err
    assert "chỉ thử riêng" not in itself.err
    del tmp_path


# --- for build servers --------------------------------------------------------------------------------------------------------------


def test_junit_and_json_say_what_the_screen_says(workshop: Workshop, tmp_path: Path) -> None:
    """A suite for each edition, a case for each case with its time, failures in words; what is wrong with the suite is an error."""
    workshop.change("edition.yaml", *BAND)
    (workshop.rules / "2026/samples/expected/edge-69.yaml").unlink()
    ran = workshop.test("--filter", "/samples/", "--junit", tmp_path / "out.xml", "--json")
    document = json.loads(ran.out)
    root = ET.parse(tmp_path / "out.xml").getroot()
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == ["2019", "2023", "2026", "suite"]
    cases = root.findall("testsuite/testcase")
    assert len(cases) == document["cases"] + len(document["problems"])
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == (str(len(cases)), "2", "1")
    assert all(float(case.get("time", "x")) >= 0 and case.get("classname") for case in cases)
    _, failed = (case for case in cases if case.find("failure") is not None)
    assert (failed.get("classname"), failed.get("name")) == ("2026.samples", "edge-70")
    failure = failed.find("failure")
    assert failure is not None
    assert "sao › theo điểm: mong đợi 4, nay 3" in (failure.get("message") or "")
    assert "nay mất STARS_BY_POINTS band-4" in (failure.text or "")
    (broken,) = root.findall("testsuite/testcase/error")
    assert broken.get("type") == "EXPECTATION_MISSING"
    assert document["failed"][1]["case"] == "2026/samples/edge-70"
    assert document["failed"][1]["differences"][0]["keys"] == ["stars", "by_points"]
    assert [one["code"] for one in document["problems"]] == ["EXPECTATION_MISSING"]


def test_a_report_that_cannot_be_written_is_told(workshop: Workshop) -> None:
    """Called wrongly: 2, the file and why."""
    ran = workshop.test("--filter", "edge-70", "--junit", "/nowhere/out.xml", lang="en")
    assert ran.code == 2
    assert "/nowhere/out.xml cannot be written. The system says: “No such file or directory”" in ran.err


# --- printed sheets ------------------------------------------------------------------------------------------------------------------


def test_what_moves_in_a_printed_sheet_is_told_by_its_words(workshop: Workshop) -> None:
    """The heading it stands under, what was printed, what is now; written on request; in no digest."""
    digest = load_rulebook(workshop.rules).editions["2026"].digest
    assert workshop("printed", workshop.rules).code == 0
    workshop.change(
        "sets/04-honey.yaml",
        ('c: {points: 2, stars: 4, text: "Đồng đều"}', 'c: {points: 2, stars: 5, text: "Đồng đều"}'),
    )
    workshop.change("edition.yaml", ("working_days: 15", "working_days: 16"))
    ran = workshop("printed", workshop.rules)
    assert ran.code == 1
    assert "6.2. Độ đồng đều của sản phẩm (2 điểm): mong đợi c 2 **** Đồng đều, nay c 2 ***** Đồng đều" in ran.out
    assert "[commune-check]: mong đợi - Thời hạn: 15 ngày làm việc …, nay - Thời hạn: 16 ngày làm việc …" in ran.out
    assert "2026/printed/04-honey" in workshop.test("--filter", "printed/").out
    assert workshop("printed", workshop.rules, "--write").code == 0
    assert workshop("printed", workshop.rules).code == 0
    changed = load_rulebook(workshop.rules).editions["2026"].digest
    shutil.rmtree(workshop.rules / "2026" / "printed")
    assert changed == load_rulebook(workshop.rules).editions["2026"].digest != digest


def test_a_printed_sheet_that_is_missing_or_of_no_set_is_told(workshop: Workshop) -> None:
    """And written, and removed."""
    room = workshop.rules / "2026" / "printed"
    (room / "04-honey.md").rename(room / "04-money.md")
    ran = workshop.test("--filter", "printed/")
    assert "2026/printed/04-honey\n" in ran.out
    assert "nay mất Bộ 4. Mật ong" in ran.out
    workshop("printed", workshop.rules, "--write")
    assert {path.name for path in room.glob("04-*")} == {"04-honey.md"}


def test_an_edition_without_any_printed_sheet_is_one_message(workshop: Workshop) -> None:
    """Not one for each sheet; and the suite is not whole without them."""
    shutil.rmtree(workshop.rules / "2026" / "printed")
    ran = workshop.test(lang="en")
    assert ran.code == 1
    assert (ran.out + ran.err).count("ocop printed --write") == 1


def test_a_closed_window_does_not_move_the_print_of_the_older_edition(workshop: Workshop) -> None:
    """An amending edition prints its closings itself."""
    shutil.copytree(workshop.rules / "2026" / "councils", workshop.rules / "2028" / "councils")
    (workshop.rules / "2028" / "edition.yaml").write_text(
        'edition: "2028"\namends: "2026"\ndecision: QĐ 15/2028/QĐ-TTg\nname: "Bộ tiêu chí OCOP 2028"\nissued: 2028-03-01\n'
        "document: {effective: 2028-04-15, articles: {1: 4, 2: 0, 3: 2}, annexes: [Phụ lục]}\n"
        "windows:\n  - {kinds: [first, upgrade, renewal], filed_from: 2028-04-15, reference: Điều 3 khoản 1}\n"
        'closes:\n  - {edition: "2026", filed_until: 2028-04-14, reference: Điều 3 khoản 2}\n',
        encoding="utf-8",
    )
    shutil.rmtree(workshop.rules / "2028" / "councils")
    assert workshop.test("--filter", "printed/", "--edition", "2026").code == 0
    assert workshop("printed", workshop.rules, "--edition", "2028", "--write").code == 0
    text = (workshop.rules / "2028" / "printed" / "edition.md").read_text(encoding="utf-8")
    assert "- 2026: tất cả: nộp đến 14/04/2028" in text


SILENT = {"position", "cited", "en", "digest", "warnings"}
"""Places in files, translations (their catalogue has its own check), and what is made from the files."""
ENOUGH = 8


def variants(it: Any, seen: Counter[str], name: str = "") -> Iterator[tuple[str, Any]]:
    """Copies of a rule with one thing changed in each; every field of every kind a few times, not everywhere it occurs."""
    if isinstance(it, (tuple, Mapping)) or is_dataclass(it):
        for inner, part, rebuilt in pieces(it, name):
            yield from ((path, rebuilt(changed)) for path, changed in variants(part, seen, inner))
    elif it not in (None, "") and once_more(seen, name):
        yield name, other(it)
    if isinstance(it, tuple) and it and not isinstance(it, Subject) and once_more(seen, f"{name} shorter"):
        yield f"{name} shorter", it[:-1]


def pieces(it: Any, name: str) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """What a rule is made of: the name of each part, the part, and the rule with another in its place."""
    if isinstance(it, Subject):
        yield "Subject.id", it.id, lambda part: Subject(it.of, part)
    elif isinstance(it, tuple):
        for i, part in enumerate(it):
            yield name, part, partial(lambda i, part: (*it[:i], part, *it[i + 1 :]), i)
    elif isinstance(it, Mapping):
        for key, part in it.items():
            yield name, part, partial(lambda key, part: {**it, key: part}, key)
    else:
        for field in (field.name for field in fields(it) if field.name not in SILENT):
            rebuilt = partial(lambda field, part: replace(it, **{field: part}), field)
            yield f"{type(it).__name__}.{field}", getattr(it, field), rebuilt


def once_more(seen: Counter[str], name: str) -> bool:
    seen[name] += 1
    return seen[name] <= ENOUGH


def other(it: Any) -> Any:
    """Another value of the same type."""
    ways: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (bool, lambda it: not it),
        (Enum, lambda it: next(one for one in type(it) if one is not it)),
        ((int, Decimal, Fraction), lambda it: it + 1 if it >= 0 else -it),
        (FactKind, lambda it: next(one for one in KINDS.values() if one is not it)),
        (dt.date, lambda it: it + dt.timedelta(days=1)),
        (frozenset, lambda it: frozenset(sorted(it)[1:])),
        (str, lambda it: f"{it}x"),
    )
    return next(way(it) for types, way in ways if isinstance(it, types))


def printed(text: Callable[[Any], str], it: Any) -> str:
    """The print; what names something that is not there cannot be printed, which is seen as well."""
    try:
        return text(it)
    except (KeyError, ValueError):
        return ""


NOTHING_MOVES = {
    "Basis.practice": "where the decision says a thing nobody practises it",
    "CalendarEntry.sign": "of a round",
    "CalendarEntry.count": "of a round",
    "CalendarEntry.proposed_before": "of a term",
    "CalendarEntry.proposed_before shorter": "of a term",
    "CalendarEntry.decided_before": "of a term",
    "CalendarEntry.decided_before shorter": "of a term",
    "Condition.any_of shorter": "1 and more, of yes and no, is 1",
    "Comparison.op": "the same",
    "Comparison.value": "the same",
    "Interval.low_closed": "of one value: an open end would leave none",
    "Interval.high_closed": "the same",
    "Section.number": "of a section that is a criterion itself, which says it",
    "Section.max": "the same",
}
"""What may change without a trace in some place, and why nothing has changed there."""


def test_nothing_of_the_rules_moves_without_moving_its_print(rulebook: Rulebook) -> None:
    """Every field of every kind of rule, changed in a few places: the print of its set, or of the edition, is another."""
    moved, still = set[str](), set[str]()
    for edition in rulebook.editions.values():
        seen, bare = Counter[str](), replace(edition, sets={}, by_slug={})
        prints = [(bare, edition_text)]
        prints += [(one, lambda it, of=edition: sheet_text(of, it)) for one in edition.sets.values()]  # type: ignore[misc]
        for rules, text in prints:
            before = text(rules)
            for path, changed in variants(rules, seen):
                (still if printed(text, changed) == before else moved).add(path)
    assert still <= NOTHING_MOVES.keys()
    assert still <= moved
    assert len(moved) > 100
