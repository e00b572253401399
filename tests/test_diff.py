"""`ocop diff` says what changed between two editions, once, in words, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_amending import rules_with_decree
from test_cli import ocop

from scoring_service.authoring.diff.change import Change
from scoring_service.authoring.diff.gather import Difference, difference
from scoring_service.authoring.diff.telling import title, told
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.telling.teller import teller

__all__ = ["rules_with_decree"]

DECREE = """\
QĐ 26/2026/QĐ-TTg → QĐ 15/2028/QĐ-TTg

Toàn bộ tiêu chí
  • Hạng 4 sao: [70, 90) → [72, 90) điểm.
  • Hạng 3 sao: [50, 70) → [50, 72) điểm.
  • Nộp hồ sơ lần đầu; nâng hạng; đánh giá lại: từ 22/05/2026 đến hết 14/04/2028 (quyết định chậm nhất 30/06/2028) → từ 15/04/2028.
  • Nộp hồ sơ lần đầu; nâng hạng; đánh giá lại: cách hiểu “Điều 12 chỉ giữ quy định cũ cho hồ sơ nộp trước ngày có hiệu lực; hồ sơ nộp từ ngày đó theo quyết định này” → (không có).

Danh mục bộ sản phẩm
  • Thêm bộ 27 Nấm ăn, nấm dược liệu (mushrooms).

24 bộ, trừ 1 fresh-vegetables-fruit, 26 rural-tourism
  Năng lực sản xuất đáp ứng phân phối
    • b (2 điểm): “Năng lực, quy mô sản xuất trung bình” → “Năng lực, quy mô sản xuất vừa”.

20 bộ, trừ 21 household-crafts, 22 textiles, 23 flowers, 24 ornamental-plants, 25 ornamental-animals, 26 rural-tourism
  2.2 Đóng gói, bao bì
    • Yêu cầu tối thiểu để đạt 3, 4, 5 sao: 2 → 3 điểm.

Bộ 4 Mật ong, mật khác và nông sản thực phẩm khác
  1.5 Liên kết chuỗi trong sản xuất
    • Thêm yêu cầu tối thiểu để đạt 3 sao: 3 điểm.
    • Yêu cầu tối thiểu để đạt 4 sao: 2 → 3 điểm.

Bộ mới 27 Nấm ăn, nấm dược liệu: như bộ 4 honey, trừ
  • 1.7: Thêm tiêu chí Giống nấm (tối đa 2 điểm).
  • 1.2: Bỏ tiêu chí Vùng nguyên liệu được cấp chứng nhận chất lượng (tối đa 2 điểm).
  • Đổi số: 1.7 → 1.2 Công nghệ hướng bền vững trong sản xuất.
  1.7 Giống nấm
    • Thêm mức a (1 điểm): “Giống mua, có nguồn gốc”.
    • Thêm mức b (2 điểm): “Tự nhân giống, được công nhận”.
"""


def said(found: Difference, language: str = "en") -> list[str]:
    """Every change with the criterion it stands under."""
    to = teller(language)
    shared = [f"{title(to, one)}: {told(to, one.change)}" for one in found.shared]
    return [told(to, change) for change in (*found.edition, *found.sets)] + shared


def amended(folder: Path, **files: str) -> Difference:
    """The difference that a decree makes with some of its files replaced."""
    for name, text in files.items():
        path = folder / "2028" / (name.replace("__", "/") + ".yaml")
        path.write_text(text, encoding="utf-8")
    book = load_rulebook(folder)
    return difference(book, book.editions["2026"], book.editions["2028"])


def test_the_diff_of_a_decree_reads_like_the_decree(rules_with_decree: Path) -> None:
    """A band, two criteria, a minimum, a set, the days: nothing of what it leaves alone, and what is shared once."""
    done = ocop("diff", "--rules", rules_with_decree, "--from", "2026", "--to", "2028")
    assert (done.returncode, done.stdout) == (0, DECREE)


def test_each_change_names_the_line_that_makes_it(rules_with_decree: Path) -> None:
    """In the files of the decree."""
    call = ("diff", "--rules", rules_with_decree, "--from", "2026", "--to", "2028", "--lang", "en")
    shown = ocop(*call, "--places").stdout.splitlines()
    lines = {
        "72, 90)": "edition.yaml",
        "Minimum for 3, 4, 5": "criteria/changes.yaml",
        "New minimum": "sets/04-honey.yaml",
    }
    for text, file in lines.items():
        (line,) = (one for one in shown if text in one)
        place = line.rpartition("[")[2].rstrip("]")
        path, _, number = place.rpartition(":")
        assert path.endswith(f"2028/{file}")
        assert 0 < int(number) <= len(Path(path).read_text(encoding="utf-8").splitlines())
    document = json.loads(ocop(*call, "--json").stdout)
    assert [one["code"] for one in document["sets"]] == ["CHANGED_SET_ADDED"]
    (packaging,) = (one for one in document["in_sets"] if one["criterion"] == "Packing and packaging")
    assert len(packaging["at"]) == 20
    assert packaging["values"] == {"stars": [3, 4, 5], "before": 2, "after": 3}


@pytest.mark.parametrize(("change", "says"), [
    ("packaging: {reference: Điều 1 khoản 2, options: {b: {points: 2}}}", "2.2 Packing and packaging: b: 1 → 2 points"),
    ("packaging: {reference: Điều 1 khoản 2, options: {b: dropped}}", "2.2 Packing and packaging: Dropped: option b (1 point)"),
    ("packaging: {reference: Điều 1 khoản 2, options: {bb: {points: 1, text: Bao bì giấy}}}", "2.2 Packing and packaging: Added: option bb (1 point)"),
    ("packaging: {reference: Điều 1 khoản 2, name: Bao gói}", "2.2 Bao gói: Called “Packing and packaging” before."),
    ("packaging: {reference: Điều 1 khoản 2, evidence: [material-origin]}", "2.2 Packing and packaging: Added evidence: "),
])  # fmt: skip
def test_a_change_of_a_shared_criterion_is_said_once(rules_with_decree: Path, change: str, says: str) -> None:
    """An option is known by its id: another point of option b is no new option."""
    found = amended(rules_with_decree, criteria__changes=change)
    hits = [text for text in said(found) if text.startswith(says)]
    assert len(hits) == 1, said(found)


WORDS = """\
levels:
  province: {after_forwarding: "Nay công nhận 4 sao.", reference: Điều 1}
  central: {below: "Trả hồ sơ về tỉnh.", reading: "Hiểu như bản 2026", reference: Điều 1}
calendar:
  province-round-1: {reading: "Hiểu là một đợt", reference: Điều 1}
readings: {waiting: "Hiểu là chưa công nhận"}
remarks: ["Nguồn là bản dự thảo"]
"""


def test_an_amending_edition_is_told_whole_without_being_asked(rules_with_decree: Path) -> None:
    """Names, an edge in the text of an option, texts beside levels, readings, remarks, what the print has odd: all without ``--wording``."""
    edition = rules_with_decree / "2028" / "edition.yaml"
    text = edition.read_text(encoding="utf-8")
    edition.write_text(text + WORDS, encoding="utf-8")
    (rules_with_decree / "2028" / "criteria" / "changes.yaml").write_text(
        "local-labour: {reference: Điều 1 khoản 2, options: {b: {text: 'Từ 50% đến dưới 75% lao động là người trong xã'}}}\n",
        encoding="utf-8",
    )
    tea = "name: Chè\nreference: Điều 1 khoản 4\nsheet:\n  '1.2': {oddities: [In mờ], reference: Điều 1 khoản 4}\n"
    (rules_with_decree / "2028" / "sets" / "11-tea.yaml").write_text(tea, encoding="utf-8")
    done = ocop("diff", "--rules", rules_with_decree, "--from", "2026", "--to", "2028")
    assert done.returncode == 0, done.stderr
    for line in (
        "  • tỉnh: việc tiếp theo sau khi chuyển cấp trên “Chưa công nhận hạng nào: ",
        "  • trung ương: việc tiếp theo khi hạng không thuộc cấp này công nhận “Chủ tịch UBND cấp tỉnh có thể ",
        "  • trung ương: cách hiểu (không có) → “Hiểu như bản 2026”.",
        "  • Đợt 1 cấp tỉnh: cách hiểu “Điều 5 nêu ít nhất 02 đợt",
        "  • cách hiểu: “Điều 7 khoản 3 điểm e chỉ phê duyệt",
        "  • Thêm ghi chú của bộ tiêu chí: Nguồn là bản dự thảo.",
        "  • Bộ 11: “Chè tươi, chế biến” nay gọi là “Chè”.",
        "    • b (2 điểm): “Từ 50% đến 75% lao động là người trong xã” → “Từ 50% đến dưới 75% lao động là người trong xã”.",
        "    • Thêm chỗ in lạ: In mờ.",
        '    • Bỏ chỗ in lạ: Bản in không ghi điểm cho mức "không được cấp"; hiểu là 0.',
    ):
        assert f"\n{line}" in done.stdout, (line, done.stdout)
    assert "--wording" not in done.stdout


def test_a_row_that_is_written_anew_is_told_with_what_it_lost_and_what_is_in_it(rules_with_decree: Path) -> None:
    """The notes of the criterion that stood there; the options and minimums of one that is new."""
    own = """\
reference: Điều 1 khoản 4
sheet:
  '1.4':
    name: Năng lực sản xuất đáp ứng phân phối
    reference: Điều 1 khoản 4
    options: {a: {points: 0, text: Nhỏ}, b: {points: 1, stars: 5, text: Vừa}, c: {points: 2, text: Lớn}}
  '1.8':
    name: Mã số vùng nuôi ong
    reference: Điều 1 khoản 4
    options: {a: {points: 0, text: Không có}, b: {points: 1, stars: 5, text: Có mã số}}
    notes: [Do huyện cấp]
"""
    texts = said(amended(rules_with_decree, **{"sets__04-honey": own}), "vi")
    capacity = [one.partition(": ")[2] for one in texts if one.startswith("1.4 ")]
    assert any(one.startswith("Bỏ ghi chú: ") for one in capacity), texts
    assert [one for one in texts if "Mã số vùng nuôi ong" in one] == [
        ": Thêm tiêu chí Mã số vùng nuôi ong (tối đa 1 điểm).",
        "1.8 Mã số vùng nuôi ong: Thêm mức a (0 điểm): “Không có”.",
        "1.8 Mã số vùng nuôi ong: Thêm mức b (1 điểm): “Có mã số”.",
        "1.8 Mã số vùng nuôi ong: Thêm yêu cầu tối thiểu để đạt 5 sao: 1 điểm.",
        "1.8 Mã số vùng nuôi ong: Thêm ghi chú: Do huyện cấp.",
    ]


def test_a_moved_threshold_is_told_in_words(rules_with_decree: Path) -> None:
    """Of a derivation: the range before and after; of a knock-out: its condition and its effect."""
    rows = "- {commune_product_share: '[0, 0]', option: '0', unclear: x}\n      - {commune_product_share: '(0, 60)', option: a}\n      - {commune_product_share: '[60, 75)', option: b}\n      - {commune_product_share: '[75, 100]', option: c}"
    text = f"reference: Điều 1 khoản 4\nsheet:\n  '1.1':\n    reference: Điều 1 khoản 4\n    derive:\n      {rows}\n"
    found = amended(rules_with_decree, **{"sets__04-honey": text})
    texts = [one for one in said(found, "vi") if one.startswith("1.1")]
    name = "Tỷ lệ sản phẩm nuôi, trồng, đánh bắt trên địa bàn xã"
    assert any(f"{name} > 0%, < 50% → khi {name} > 0%, < 60%" in one for one in texts), texts


def test_what_moved_for_honey_from_2023_to_2026(rulebook: Rulebook) -> None:
    """What the older command left unsaid is said: a lost condition, a labour share, derivations; a minimum that 4 stars hold is not dropped."""
    old, new = rulebook.editions["2023"], rulebook.editions["2026"]
    texts = said(difference(rulebook, old, new, new.by_slug["honey"]))
    for text in (
        ": Added: criterion Bilingual label",
        "3a → 3.1 ",
        "3c → 3.3 Use of local labour: b: 1 → 2 points",
        "3e → 3.5 Intellectual property: Maximum 2 → 3.",
        "5b → 5.3 Local wisdom/identity: No longer a condition: Product story with 1 point or more.",
        "2a → 2.1 Origin of the product idea: Minimum for 4, 5 stars: 4 → 3 points.",
    ):
        assert any(one.startswith(text) for one in texts), (text, texts)


def test_merged_and_dropped_sets_are_said_by_name(rulebook: Rulebook) -> None:
    """From 2019 to 2023 some sets became one; a set that is new is no error."""
    old, new = rulebook.editions["2019"], rulebook.editions["2023"]
    codes = [change.code for change in difference(rulebook, old, new).sets]
    assert {"CHANGED_SET_MERGED", "CHANGED_SET_ADDED"} <= set(codes)
    one = next(s for s in new.sets.values() if not difference(rulebook, old, new, s).pairs)
    done = ocop("diff", "--from", "2019", "--to", "2023", "--set", one.slug)
    assert done.returncode == 0
    assert one.slug in done.stdout


def test_a_set_taken_out_of_one_that_stays_is_called_nothing_else(rules_with_decree: Path) -> None:
    """The older set keeps number, name and short name; the new one is compared with it, and is no new name of it."""
    sets = rules_with_decree / "2028" / "sets"
    own = (sets / "27-mushrooms.yaml").read_text(encoding="utf-8")
    (sets / "27-mushrooms.yaml").write_text(f'{own}follows: {{"2026": [honey]}}\n', encoding="utf-8")
    book = load_rulebook(rules_with_decree)
    old, new = book.editions["2026"], book.editions["2028"]
    found = difference(book, old, new)
    assert [change.code for change in found.sets] == ["CHANGED_SET_FROM"]
    assert "was taken out of set 4 " in said(found)[len(found.edition)]
    pairs = {(pair.old.slug, pair.new.slug) for pair in found.pairs if "honey" in pair.old.slug}
    assert pairs == {("honey", "honey"), ("honey", "mushrooms")}
    assert [change.code for change in difference(book, old, new, new.by_slug["mushrooms"]).sets] == ["CHANGED_SET_FROM"]


def test_a_set_that_none_of_its_successors_still_is_was_divided(rulebook: Rulebook) -> None:
    """Each part says where it comes from, and the older set what it became."""
    old = rulebook.editions["2026"]
    honey = old.by_slug["honey"]
    parts = [
        replace(honey, slug=slug, number=number, follows={"2026": ("honey",)})
        for slug, number in (("bees", "4"), ("wax", "4a"))
    ]
    rest = [one for one in old.sets.values() if one is not honey]
    new = replace(
        old, id="2028", sets={s.number: s for s in (*rest, *parts)}, by_slug={s.slug: s for s in (*rest, *parts)}
    )
    codes = [change.code for change in difference(rulebook, old, new).sets]
    assert codes == ["CHANGED_SET_FROM", "CHANGED_SET_FROM", "CHANGED_SET_SPLIT"]


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_an_edition_does_not_differ_from_itself(rulebook: Rulebook, data: st.DataObject) -> None:
    """As a whole, and set by set."""
    edition = rulebook.editions[data.draw(st.sampled_from(sorted(rulebook.editions)))]
    only = data.draw(st.one_of(st.none(), st.sampled_from(list(edition.sets.values()))))
    assert list(difference(rulebook, edition, edition, only)) == []


@pytest.mark.parametrize("pair", [("2019", "2023"), ("2023", "2026"), ("2019", "2026"), ("2026", "2023")])
def test_every_change_is_told_in_both_languages_and_fast(rulebook: Rulebook, pair: tuple[str, str]) -> None:
    """No sentence misses a value, the same on every run, and all of it takes less than 3 s."""
    old, new = (rulebook.editions[one] for one in pair)
    start = time.perf_counter()
    found = difference(rulebook, old, new)
    texts = [said(found, language) for language in ("vi", "en")]
    assert time.perf_counter() - start < 3
    assert len(texts[0]) == len(texts[1]) == len(found) > 0
    assert texts[0] == said(difference(rulebook, old, new), "vi")
    for text in (*texts[0], *texts[1]):
        assert not re.search(r"\bNone\b(?! of|”)|[{}]", text), text


def test_only_words_are_counted_and_shown_when_asked_for(rulebook: Rulebook) -> None:
    """Where the numbers in a text changed, it is no wording."""
    old, new = rulebook.editions["2023"], rulebook.editions["2026"]
    found = difference(rulebook, old, new)
    words = [one for one in found if one.wording]
    assert words
    call = ("diff", "--from", "2023", "--to", "2026", "--lang", "en")
    short, whole = ocop(*call).stdout, ocop(*call, "--wording").stdout
    assert f"{len(words)} more changes of wording" in short
    assert "more changes of wording" not in whole
    assert all(_same_numbers(change) for change in words if change.code == "CHANGED_OPTION_WORDED")


def _same_numbers(change: Change) -> bool:
    before, after = (str(change.values[side]) for side in ("before", "after"))
    return [c for c in before if c.isdigit()] == [c for c in after if c.isdigit()] or "none" in before + after


def test_the_diff_says_what_it_means_for_dossiers(rules_with_decree: Path, tmp_path: Path, rules: Path) -> None:
    """Each under both editions, with the reason; the folder holds what the decree moves, what it does not, and what is wrong."""
    shutil.copy(rules / "2026" / "samples" / "edge-70.yaml", tmp_path / "moves.yaml")
    text = (tmp_path / "moves.yaml").read_text(encoding="utf-8")
    assert '"2.2": 2' in text
    (tmp_path / "stays.yaml").write_text(
        text.replace('"2.2": 2', '"2.2": d').replace('"1.1": 2', '"1.1": 3'), encoding="utf-8"
    )
    (tmp_path / "wrong.yaml").write_text(text.replace("level: province", "level: moon"), encoding="utf-8")
    shutil.copy(rules / "2023" / "samples" / "chu-noodles-province-4-stars.yaml", tmp_path / "older.yaml")
    call = (
        "diff",
        "--rules",
        rules_with_decree,
        "--from",
        "2026",
        "--to",
        "2028",
        "--lang",
        "en",
        "--dossiers",
        tmp_path,
    )
    done = ocop(*call, "--json")
    assert done.returncode == 0
    found = {Path(one["file"]).name: one for one in json.loads(done.stdout)["dossiers"]}
    assert {
        name: (one["before"], one["after"], one["moved"]) for name, one in found.items() if name != "older.yaml"
    } == {
        "moves.yaml": ("70 · 4 stars", "70 · 2 stars", True),
        "stays.yaml": ("72 · 4 stars", "72 · 4 stars", False),
        "wrong.yaml": ("cannot be scored", "cannot be scored", False),
    }
    assert any("Criterion 2.2" in why and "minimum" in why for why in found["moves.yaml"]["why"])
    assert any("moon" in why for why in found["wrong.yaml"]["why"])
    assert any("not carried" in why and "3đ" in why for why in found["older.yaml"]["why"])
    shown = ocop(*call).stdout
    assert "4 dossiers: the result of 1 changes." in shown
    assert "as before" in shown


def test_an_older_state_of_the_same_edition_is_taken_from_another_folder(rules_with_decree: Path, rules: Path) -> None:
    """What a change of the files does to an edition, before it is committed; ids are the same."""
    shutil.rmtree(rules_with_decree / "2028")
    path = rules_with_decree / "2026" / "edition.yaml"
    text = path.read_text(encoding="utf-8")
    assert "[70, 90)" in text
    path.write_text(text.replace("[70, 90)", "[70, 91)").replace("[90, 100]", "[91, 100]"), encoding="utf-8")
    call = (
        "diff",
        "--rules",
        rules_with_decree,
        "--old-rules",
        rules,
        "--from",
        "2026",
        "--to",
        "2026",
        "--lang",
        "en",
    )
    done = ocop(*call, "--dossiers", rules / "2026" / "samples" / "edge-70.yaml")
    assert done.returncode == 0, done.stderr
    assert "5 stars: [90, 100] → [91, 100] points." in done.stdout
    assert "4 stars: [70, 90) → [70, 91) points." in done.stdout
    assert "as before" in done.stdout
