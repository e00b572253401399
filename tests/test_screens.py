"""What people see at a terminal: within one screen what was decided, why, and what is missing for the next star."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console

from scoring_service.authoring.samples import sample_files
from scoring_service.cli.render import Renderer
from scoring_service.cli.result import Result
from scoring_service.cli.round import RoundTable
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import SheetKind
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.plaintext import parse_day
from scoring_service.rulebook.library import load_rulebook
from scoring_service.service.answers import assessment_to_pb
from scoring_service.service.requests import Wanted
from scoring_service.telling.teller import teller

SAMPLES = ROOT / "rules" / "2026" / "samples"
ONE_SCREEN = 50
PLACE = re.compile(r"\w\.yaml:\d+")
FRACTION = re.compile(r"\(\d{2,}/\d+\)")  # three quarters of the members are no fraction of points


@cache
def engine() -> Engine:
    return Engine(load_rulebook(ROOT / "rules"))


def result(path: Path, language: str = "vi", by: SheetKind = SheetKind.COUNCIL) -> Result:
    """The result of a file, as `ocop score` has it."""
    file = DossierFile(path)
    case = engine().admit(file.dossier, by, file.problems)
    message = assessment_to_pb(Assessment(case, engine().decide(case)), Wanted(pb.EXPLAIN_LEVEL_SHEET, (language,)))
    return Result(message, file.dossier.product_name, path.name, parse_day(file.dossier.decided_on), by)


def screen(one: Result, language: str = "vi", *, full: bool = False) -> str:
    """Its panel, 110 columns wide."""
    out = io.StringIO()
    Renderer(Console(file=out, width=110, highlight=False, markup=False), teller(language)).assessment(one, full=full)
    return out.getvalue()


@cache
def results() -> tuple[Result, ...]:
    """Of every sample of 2026 that has one."""
    return tuple(scored(sample_files(SAMPLES.parent)))


def scored(paths: list[Path]) -> Iterator[Result]:
    for path in paths:
        try:
            yield result(path)
        except DossierError:
            continue


def test_one_result_fits_one_screen() -> None:
    """What an official acts on; the rest waits for --full."""
    lengths = {one.file: len(screen(one).splitlines()) for one in results()}
    assert {file: n for file, n in lengths.items() if n > ONE_SCREEN} == {}


def test_what_is_missing_for_the_next_star_is_always_shown() -> None:
    """Points, and each minimum unmet, wherever a product is ranked, not forwarded, and could have more."""
    seen = 0
    for one in results():
        stars, shown = one.message.stars, screen(one)
        could = one.message.HasField("stars") and not stars.HasField("potential") and stars.after_minimums < 5
        assert (f"Còn thiếu để lên {stars.after_minimums + 1} sao" in shown) == could, one.file
        seen += could
    assert seen > 30


def test_stars_stand_only_where_a_product_is_ranked() -> None:
    """Nobody quotes four stars of a dossier that was thrown out; how it ended comes first, the reason next."""
    for one in results():
        shown = screen(one)
        assert ("★" in shown) == one.message.HasField("stars"), one.file
        lines = [line.strip("│ ") for line in shown.splitlines()]
        assert "Vì sao" in lines[2:6], (one.file, lines[:6])


def test_places_and_fractions_are_for_full() -> None:
    """A line of a rule file and 630/7 help nobody in a meeting."""
    for one in results():
        shown = screen(one)
        assert not PLACE.search(shown), one.file
        assert not FRACTION.search(shown), one.file
    seven = result(SAMPLES / "seven-sheets-exactly-90.yaml")
    assert PLACE.search(screen(seven, full=True))
    assert "(630/7)" in screen(seven, full=True)


def test_days_before_the_decision_are_past() -> None:
    """The commune's fifteen days interest nobody after the decision; --full has them."""
    four = result(SAMPLES / "chu-noodles-4-stars.yaml")
    assert four.decided_on is not None
    assert "Xã kiểm tra" not in screen(four)
    assert "Giấy chứng nhận hết hạn" in screen(four)
    assert "Xã kiểm tra" in screen(four, full=True)


@pytest.mark.parametrize(("name", "first"), [
    ("rejected-forged-dossier", "Hồ sơ bị loại"),
    ("dried-lychee-held-at-3-stars", "Xếp 3 sao"),
    ("luc-ngan-lychee-5-stars-province", "Tiềm năng 5 sao: gửi hồ sơ lên cấp trên, chưa công nhận"),
    ("luc-ngan-honey-central-below-90", "Xếp 4 sao, cấp này không công nhận"),
    ("council-no-quorum-6-of-9", "Hội đồng không đủ số thành viên dự họp tối thiểu"),
])  # fmt: skip
def test_the_first_line_says_how_it_ended(name: str, first: str) -> None:
    """In words that may be quoted."""
    assert screen(result(SAMPLES / f"{name}.yaml")).splitlines()[1].strip("│ ") == first


def test_a_producer_sees_what_the_own_sheet_would_give() -> None:
    """With no sheet of a council yet: the next command is named, and its result says that it is a trial."""
    path = SAMPLES / "self-assessment-only.yaml"
    assert "ocop score --sheets self" in screen(result(path))
    trial = screen(result(path, by=SheetKind.SELF))
    assert "Tính thử theo phiếu tự đánh giá; không phải kết quả của hội đồng." in trial
    assert "Xếp 4 sao" in trial


def test_many_files_end_in_one_table() -> None:
    """One line each: file, product, total, spread, three star lines, what to look at, why; then how many ended how, best first."""
    table, out = RoundTable(teller("vi")), io.StringIO()
    for one in results():
        table.add(one)
    table.add_wrong("broken.yaml", 3, "Thiếu ngày nộp.")
    console = Console(file=out, width=160, highlight=False, markup=False)
    for block in table.blocks():
        console.print(block)
    heading, *lines = out.getvalue().splitlines()
    assert heading.split() == [
        "Tệp",
        "Sản",
        "phẩm",
        "Tổng",
        "Chênh",
        "lệch",
        "Sao",
        "!",
        "Kết",
        "quả",
        "và",
        "lý",
        "do",
    ]
    rows = lines[: len(results()) + 1]
    assert all(row.startswith(one.file[:20]) for row, one in zip(rows, results(), strict=False))
    assert "3 lỗi. Thiếu ngày nộp." in rows[-1]
    lychee = next(row for row in rows if row.startswith("dried-lychee"))
    assert "  91  " in lychee
    assert "5 / 3 / 3" in lychee
    assert "Lên 4 sao còn thiếu tối thiểu ở 5.1" in lychee
    rejected = next(row for row in rows if row.startswith("rejected-forged"))
    assert re.search(r"–\s+–\s+–\s+Hồ sơ bị loại: giả mạo hồ sơ", rejected)
    tally = " ".join(lines[len(results()) + 1 :])
    order = [tally.index(word) for word in ("Tiềm năng 5 sao", "Xếp 4 sao", "Xếp 3 sao", "Xếp 2 sao", "Tệp có lỗi")]
    assert order == sorted(order)


@pytest.mark.parametrize(("language", "foreign"), [
    ("vi", (" the ", "Criterion", "points", "stars", "our reading")),
    ("en", ("Tiêu chí", "điểm.", " sao", "cách hiểu")),
])  # fmt: skip
def test_a_screen_speaks_one_language(language: str, foreign: tuple[str, ...]) -> None:
    """Names of dossiers and references to the decision are in Vietnamese in both."""
    for name in ("dried-lychee-held-at-3-stars", "council-divided", "chu-noodles-4-stars", "rejected-forged-dossier"):
        shown = screen(result(SAMPLES / f"{name}.yaml", language), language, full=True)
        assert [word for word in foreign if word in shown] == [], name
