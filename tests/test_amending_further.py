"""A longer decree that amends the first one further: one of each kind of change, each stated once and cited truly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from dossiers import whole_sheet
from support import filed, sheet_by
from test_amending import criterion, rules_with, spoilt, wrong
from test_cli import ocop

from demo import handbook
from scoring_service.authoring.diff.gather import difference
from scoring_service.cli.main import main
from scoring_service.engine.engine import Engine
from scoring_service.engine.findings import NoQuorum, RecognisableHere, SpreadTooWide
from scoring_service.problems import Weight, errors
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition, ProductSet
from scoring_service.telling.teller import teller

WRITTEN = handbook.files(handbook.PAGES["vi"].read_text(encoding="utf-8"))
FILES = {name: text for name, text in WRITTEN.items() if "/samples/" not in name}
LONGER = {name.removeprefix("rules/2030/"): text for name, text in FILES.items() if name.startswith("rules/2030/")}
LAW, FIRST, HERE = "QĐ 26/2026/QĐ-TTg", "QĐ 15/2028/QĐ-TTg", "QĐ 9/2030/QĐ-TTg"


@pytest.fixture
def folder(rules: Path, tmp_path: Path) -> Path:
    """The shipped rules with both decrees of the handbook beside them."""
    return rules_with(rules, tmp_path, FILES)


@pytest.fixture
def book(folder: Path) -> Rulebook:
    return load_rulebook(folder)


def own(edition: Edition, slug: str) -> ProductSet:
    return edition.by_slug[slug]


def test_each_figure_of_the_longer_decree_is_said_once(book: Rulebook) -> None:
    """Twelve changes of 30 sheets: the maxima of 26 rows follow the points of their criterion, and no row is repeated for it."""
    new = book.editions["2030"]
    with_story = [c for s in new.sets.values() for c in s.criteria() if c.key == "product-story"]
    assert len(with_story) == 26
    assert {c.max for c in with_story} == {4}
    assert "5.1" not in "".join(LONGER.values())
    lines = [line for text in LONGER.values() for line in text.splitlines()]
    assert len(lines) < 75


def test_a_changed_line_cites_every_paragraph_that_changed_it_and_a_new_one_only_its_own(book: Rulebook) -> None:
    new = book.editions["2030"]
    assert criterion(new, "honey", "1.4").reference == (
        f"{HERE}, Điều 2 khoản 5; {FIRST}, Điều 1 khoản 3; {LAW}, Phụ lục II, bộ 4, tiêu chí 1.4"
    )
    assert criterion(new, "honey", "1.8").reference == f"{HERE}, Điều 2 khoản 5, bộ 4, tiêu chí 1.8"
    assert criterion(new, "tea", "5.1").reference == f"{HERE}, Điều 2 khoản 1; {LAW}, Phụ lục II, bộ 11, tiêu chí 5.1"
    assert criterion(new, "tea", "1.1").reference == f"{LAW}, Phụ lục II, bộ 11, tiêu chí 1.1"


def test_what_changed_of_the_head_of_a_set_is_cited_by_that_alone(book: Rulebook) -> None:
    """A new name, or one knock-out more, does not make the decree the source of the other knock-outs."""
    new = book.editions["2030"]
    renamed, spirit = own(new, "ready-to-eat"), own(new, "white-spirit")
    assert renamed.reference == f"{HERE}, Điều 2 khoản 6; {LAW}, Phụ lục II, bộ 5"
    assert {k.reference for k in renamed.knock_outs} == {
        k.reference for k in own(book.editions["2026"], "ready-to-eat").knock_outs
    }
    older = {k.id: k.reference for k in own(book.editions["2026"], "white-spirit").knock_outs}
    assert {k.id: k.reference for k in spirit.knock_outs} == older | {"methanol-over-limit": f"{HERE}, Điều 2 khoản 3"}


def test_a_set_that_is_like_another_stays_as_its_decree_printed_it(book: Rulebook) -> None:
    """Mushrooms took over the rows of honey in 2028; what changes honey in 2030 does not change them."""
    new = book.editions["2030"]
    assert (criterion(new, "honey", "1.4").max, criterion(new, "mushrooms", "1.4").max) == (2, 3)
    assert "1.8" not in [c.number for c in own(new, "mushrooms").criteria()]


def test_a_new_set_is_compared_with_the_one_it_is_like_also_where_an_earlier_decree_said_so(book: Rulebook) -> None:
    """Against the edition in which it was new it has something older to be compared with: itself."""
    oldest, between, new = (book.editions[edition] for edition in ("2026", "2028", "2030"))
    assert (own(new, "mushrooms").like, own(new, "honey").like) == ("honey", "")
    assert [(p.old.slug, p.new.slug) for p in difference(book, oldest, new).pairs if p.like] == [("honey", "mushrooms")]
    assert not any(p.like for p in difference(book, between, new).pairs)


def test_a_shared_criterion_changes_in_the_sets_that_say_so(book: Rulebook) -> None:
    new = book.editions["2030"]
    stars = {slug: [m.stars for m in criterion(new, slug, "3.5").minimums] for slug in ("flowers", "honey")}
    assert stars == {"flowers": [4], "honey": [3, 4]}


@pytest.mark.parametrize(("decided", "months", "end"), [
    (dt.date(2030, 12, 31), 36, dt.date(2033, 12, 31)), (dt.date(2031, 1, 1), 48, dt.date(2035, 1, 1)),
])  # fmt: skip
def test_a_certificate_lasts_as_long_as_the_law_of_its_day_says(
    book: Rulebook, decided: dt.date, months: int, end: dt.date
) -> None:
    new = book.editions["2030"]
    sheet = sheet_by("A", whole_sheet(Random(3), own(new, "honey"), 75))
    dossier = filed(
        "Mật ong (mẫu)", "honey", "first", dt.date(2030, 9, 1), "province", sheets=(sheet,), decided_on=decided
    )
    assessment = Engine(book).assess(dossier)
    granted = [f for f in assessment.findings if isinstance(f, RecognisableHere)]
    assert [f.months for f in granted] == [months]
    days = {day.id: day.day for day in assessment.verdict.days}
    assert days["certificate-end"] == end


def test_what_a_decree_says_of_councils_is_its_word_and_the_rest_stays_practice(book: Rulebook) -> None:
    """Six of ten are under two thirds and would be enough for a half."""
    honey = own(book.editions["2030"], "honey")
    sheets = tuple(
        sheet_by(f"Thành viên {n}", whole_sheet(Random(n), honey, total))
        for n, total in enumerate((50, 75, 75, 75, 75, 75))
    )
    dossier = filed("Mật ong (mẫu)", "honey", "first", dt.date(2030, 9, 1), "province", sheets=sheets, members=10)
    found = {type(f): f for f in Engine(book).assess(dossier).findings}
    quorum, spread = found[NoQuorum], found[SpreadTooWide]
    assert (quorum.ground.reference, quorum.ground.basis.stated) == (f"{HERE}, Điều 1 khoản 3", True)
    assert (spread.ground.reference, spread.ground.basis.practice) == ("", True)


@pytest.mark.parametrize(("deputy", "status"), [("yes", "scored"), ("no", "no_quorum")])
def test_a_decree_may_let_a_deputy_preside(folder: Path, deputy: str, status: str) -> None:
    path = folder / "2030" / "councils" / "province.yaml"
    path.write_text(
        f"quorum: {{share: 2/3, chair: yes, deputy: {deputy}, reference: Điều 1 khoản 3}}\n", encoding="utf-8"
    )
    book = load_rulebook(folder)
    sheet = whole_sheet(Random(1), own(book.editions["2030"], "honey"), 75)
    roles = ("deputy", "member", "member")
    sheets = tuple(replace(sheet_by(f"Thành viên {n}", sheet), role=role) for n, role in enumerate(roles))
    dossier = filed("Mật ong (mẫu)", "honey", "first", dt.date(2030, 9, 1), "province", sheets=sheets, members=3)
    assert Engine(book).assess(dossier).verdict.status == status


def test_a_knock_out_of_all_sets_is_said_once(folder: Path) -> None:
    """And cited by its own paragraph in each."""
    path = folder / "2030" / "knock-outs.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  effect: disqualify\n", "  effect: disqualify\n  all_sets: yes\n"), encoding="utf-8")
    for name in ("14-white-spirit", "15-other-alcoholic-drinks"):
        (folder / "2030" / "sets" / f"{name}.yaml").unlink()
    sets = load_rulebook(folder).editions["2030"].sets.values()
    found = [next(k.reference for k in s.knock_outs if k.id == "methanol-over-limit") for s in sets]
    assert found == [f"{HERE}, Điều 2 khoản 3"] * 27


def test_a_new_set_may_be_printed_in_an_article(folder: Path) -> None:
    """Where the decree has no annex, the paragraph that has the sheet is its source."""
    (folder / "2030" / "sets" / "28-salt.yaml").write_text(
        'set: 28\nname: "Muối"\nlike: other-seasonings\nreference: Điều 2 khoản 6\n', encoding="utf-8"
    )
    salt = own(load_rulebook(folder).editions["2030"], "salt")
    assert salt.reference == f"{HERE}, Điều 2 khoản 6, bộ 28"
    assert next(salt.criteria()).reference == f"{HERE}, Điều 2 khoản 6, bộ 28, tiêu chí 1.1"


def test_a_row_that_takes_the_place_of_another_cites_its_own_decree_alone(folder: Path) -> None:
    path = folder / "2030" / "sets" / "04-honey.yaml"
    path.write_text(
        'sheet:\n  "1.2": {name: "Mã số vùng nuôi", reference: Điều 2 khoản 5, options: {a: {points: 0, text: "Không"}, b: {points: 2, text: "Có"}}}\n',
        encoding="utf-8",
    )
    new = load_rulebook(folder).editions["2030"]
    assert criterion(new, "honey", "1.2").reference == f"{HERE}, Điều 2 khoản 5, bộ 4, tiêu chí 1.2"


ROW = """sheet:
  "6.4":
    name: "Độ bền của vải"
    reference: Điều 2 khoản 5
    options: {a: {points: 0, text: "Kém"}, b: {points: 4, stars: 4, text: "Bền"}}
"""


@pytest.mark.parametrize("head", ["", 'set: 28\nname: "Giấy thủ công"\nlike: textiles\nreference: Điều 2 khoản 6\n'])
def test_a_row_with_a_name_and_options_leaves_nothing_of_the_one_that_stood_there(folder: Path, head: str) -> None:
    """Neither further options nor notes, in the set itself or in one that is like it."""
    path = folder / "2030" / "sets" / ("28-paper.yaml" if head else "22-textiles.yaml")
    path.write_text(head + ROW, encoding="utf-8")
    row = criterion(load_rulebook(folder).editions["2030"], "paper" if head else "textiles", "6.4")
    assert ([o.name.vi for o in row.options], row.notes) == (["Kém", "Bền"], ())
    assert row.reference == f"{HERE}, Điều 2 khoản 5, bộ {28 if head else 22}, tiêu chí 6.4"


def test_a_new_option_stands_where_the_decree_prints_it(folder: Path) -> None:
    """Behind the one it names, in a shared criterion and in one set alone; else it is the last."""
    shared = folder / "2030" / "criteria" / "changes.yaml"
    more = "  options: {c: {points: 3}, f: {points: 1, text: Vừa, after: a}}\n"
    shared.write_text(
        shared.read_text(encoding="utf-8").replace("  options: {c: {points: 3}}\n", more), encoding="utf-8"
    )
    flowers = folder / "2030" / "sets" / "23-flowers.yaml"
    flowers.write_text(
        'sheet:\n  "3.5": {options: {z: {points: 1, text: Vừa, after: a}}, reference: Điều 2 khoản 4}\n',
        encoding="utf-8",
    )
    new = load_rulebook(folder).editions["2030"]
    assert [o.id for o in criterion(new, "tea", "5.2").options] == ["a", "f", "b", "c"]
    assert [o.id for o in criterion(new, "flowers", "3.5").options][:3] == ["a", "z", "b"]
    assert [o.id for o in criterion(new, "tea", "3.5").options][:2] == ["a", "b"]


def test_a_knock_out_of_all_sets_may_spare_some(folder: Path) -> None:
    path = folder / "2030" / "knock-outs.yaml"
    text = path.read_text(encoding="utf-8")
    for name in ("14-white-spirit", "15-other-alcoholic-drinks"):
        (folder / "2030" / "sets" / f"{name}.yaml").unlink()
    spared = "  effect: disqualify\n  all_sets: yes\n  except: [rural-tourism]\n"
    path.write_text(text.replace("  effect: disqualify\n", spared), encoding="utf-8")
    sets = load_rulebook(folder).editions["2030"].sets.values()
    assert {s.slug for s in sets if "methanol-over-limit" not in {k.id for k in s.knock_outs}} == {"rural-tourism"}
    path.write_text(text.replace("  effect: disqualify\n", spared.replace("tourism", "turism")), encoding="utf-8")
    (found,) = errors(wrong(folder))
    assert "Did you mean 'rural-tourism'?" in teller("en").problem(found)


def test_what_an_older_edition_says_of_its_articles_names_its_decision(book: Rulebook) -> None:
    """Article 7 is the older decision's; the decree that keeps the text has another one, or none."""
    old, new = (next(v for v in book.editions[e].levels if v.id == "central") for e in ("2026", "2030"))
    assert old.below and new.below == old.below
    assert (old.below["vi"].endswith(f"[{LAW}]"), new.below["vi"].endswith(f"[{LAW}]")) == (False, True)
    assert new.below["en"].endswith(f"[{LAW}]")


def test_a_set_with_a_criterion_of_its_own_is_told_where_the_shared_one_changes(folder: Path) -> None:
    """Coffee and tourism have rows of their own on promotion, which the shared criterion of the same name does not reach."""
    path = folder / "2030" / "criteria" / "changes.yaml"
    more = 'product-promotion:\n  reference: Điều 2 khoản 1\n  notes: {add: ["Chỉ tính hai năm gần nhất"]}\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    warnings = load_rulebook(folder).warnings
    (found,) = [p for p in warnings if p.code == "CRITERION_APART" and p.values["key"] == "product-promotion"]
    assert found.weight is Weight.HINT
    told = teller("en").problem(found)
    assert "does not reach set 13" in told
    assert "26" in told


def test_a_reference_that_names_its_document_gets_no_other_in_front(folder: Path) -> None:
    path = folder / "2030" / "edition.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "{working_days: 10, reference: Điều 1 khoản 2}",
        "{working_days: 10, reference: 'QĐ 26/2026/QĐ-TTg, Điều 7 khoản 2'}",
    )
    path.write_text(text, encoding="utf-8")
    entry = next(e for e in load_rulebook(folder).editions["2030"].calendar if e.id == "commune-check")
    assert entry.reference == f"{LAW}, Điều 7 khoản 2"


def mistakes() -> Iterator[tuple[str, str, str, str, str]]:
    story = "criteria/changes.yaml"
    yield story, "product-story:", "product-stori:", "AMENDS_NOTHING", "Did you mean 'product-story'?"
    yield story, "{e: {points: 4}}", "{e: {points: 3}}", "SUM_AMENDED", "its maximum is still 12"
    yield "edition.yaml", "  commune-check:", "  comune-check:", "AMENDS_NOTHING", "Did you mean 'commune-check'?"
    yield "sets/04-honey.yaml", '"1.4": {options', '"1.14": {options', "AMENDS_NOTHING", "Did you mean '1.4'?"
    yield "sets/04-honey.yaml", '    name: "Mã số vùng nuôi ong"\n    reference: Điều 2 khoản 5\n', '    name: "Mã số vùng nuôi ong"\n', "AMENDED_WITHOUT_REFERENCE", "add 'reference:'"  # fmt: skip
    yield "sets/23-flowers.yaml", "{options: {a: {stars: dropped}}", "{stars: {a: dropped}", "DROPPED_UNKNOWN", "options: {a: {stars: dropped}}"  # fmt: skip
    yield "sets/23-flowers.yaml", "{a: {stars: dropped}}", "{a: {stars: dropped}}, stars: {b: 4}", "STARS_TWO_PLACES", "Change 'stars' of the row"  # fmt: skip
    yield "sets/14-white-spirit.yaml", "add: [methanol", "add: [metanol", "KNOCK_OUT_UNKNOWN", "Did you mean 'methanol"
    yield "sets/14-white-spirit.yaml", "{add:", "{dropped: [heading-fod], add:", "DROPPED_UNKNOWN", "'heading-fod'"
    yield "knock-outs.yaml", "  reference: Điều 2 khoản 3\n", "", "AMENDED_WITHOUT_REFERENCE", "'methanol-over-limit'"
    yield "edition.yaml", '"2031-01-01"', '"2031-02-30"', "DATE", "2031-02-30"


@pytest.mark.parametrize(("file", "old", "new", "code", "says"), list(mistakes()))
def test_a_mistake_in_an_amendment_is_one_message_in_its_own_file(
    folder: Path, file: str, old: str, new: str, code: str, says: str
) -> None:
    found = errors(spoilt(folder, f"2030/{file}", old, new))
    assert {p.code for p in found} == {code}
    assert len({p.position.file for p in found if p.position}) == len(found)
    assert found[0].position and found[0].position.file.startswith("2030/")
    assert says in teller("en").problem(found[0])


@pytest.mark.parametrize(("file", "more"), [
    ("edition.yaml", "remarks: {add: [" + ", ".join(f"n{n}" for n in range(1001)) + "]}\n"),
    ("criteria/more.yaml", "packaging:\n  reference: Điều 1\n  options:\n" + "".join(f"    z{n}: {{points: 1, text: m{n}, after: a}}\n" for n in range(1001))),
])  # fmt: skip
def test_an_amendment_is_as_bounded_as_what_it_amends(folder: Path, file: str, more: str) -> None:
    """A thousand items of a list or options of a criterion are more than anybody means."""
    path = folder / "2030" / file
    path.write_text((path.read_text(encoding="utf-8") if path.is_file() else "") + more, encoding="utf-8")
    assert "TOO_MANY_ITEMS" in {p.code for p in wrong(folder)}


def test_a_misspelt_file_of_a_set_is_one_message_with_the_name_that_was_meant(folder: Path) -> None:
    path = folder / "2030" / "sets" / "05-ready-to-eat.yaml"
    path.rename(path.with_name("05-ready-to-eats.yaml"))
    (found,) = errors(wrong(folder))
    assert found.code == "AMENDS_NOTHING"
    assert "Did you mean 'ready-to-eat'?" in teller("en").problem(found)


def test_what_breaks_in_an_inherited_rule_is_mended_in_the_decree(folder: Path) -> None:
    """A knock-out dropped that older sheets still call: the message names the file in which this edition amends them."""
    (folder / "2030" / "knock-outs.yaml").write_text("forged-dossier: dropped\n", encoding="utf-8")
    for name in ("14-white-spirit", "15-other-alcoholic-drinks"):
        (folder / "2030" / "sets" / f"{name}.yaml").unlink()
    found = next(p for p in wrong(folder) if p.code == "KNOCK_OUT_UNKNOWN")
    assert found.position and found.position.file.startswith("2026/")
    assert f"write the amendment in 2030/{found.position.file.partition('/')[2]}" in teller("en").problem(found)


def test_stars_of_a_shared_criterion_that_do_not_reach_a_set_are_a_hint(folder: Path) -> None:
    """Herbal tea states the stars of its brew's colour itself."""
    path = folder / "2030" / "criteria" / "changes.yaml"
    more = "brew-colour:\n  reference: Điều 2 khoản 1\n  options: {d: {stars: 5}}\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    (found,) = [p for p in load_rulebook(folder).warnings if p.code == "STARS_STAY"]
    assert found.weight is Weight.HINT
    assert "do not reach set 12" in teller("en").problem(found)


@pytest.mark.parametrize(("stars", "lost"), [("{d: 3}", "4 stars"), ("{d: 3, e: 4}", "")])
def test_stars_beside_a_row_that_take_others_away_are_told(folder: Path, stars: str, lost: str) -> None:
    """They take the place of all stars of the options; who means one writes it at its option."""
    row = f'sheet:\n  "5.1": {{stars: {stars}, reference: Điều 2 khoản 5}}\n'
    (folder / "2030" / "sets" / "11-tea.yaml").write_text(row, encoding="utf-8")
    found = [teller("en").problem(p) for p in load_rulebook(folder).warnings if p.code == "STARS_LOST"]
    assert len(found) == bool(lost)
    assert all(lost in text for text in found)


def test_a_derivation_left_behind_by_its_texts_is_a_hint(folder: Path) -> None:
    """The option says 30 % now, and what derives it still begins at 25."""
    path = folder / "2030" / "criteria" / "changes.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  derive:")], encoding="utf-8")
    (found,) = [p for p in load_rulebook(folder).warnings if p.code == "DERIVE_KEPT"]
    assert found.position and found.position.file == "2030/criteria/changes.yaml"
    assert "write the whole list 'derive'" in teller("en").problem(found)


def test_texts_that_still_name_a_figure_that_changed_are_a_hint(folder: Path, book: Rulebook) -> None:
    """The handbook rewrites the readings that speak of 45 days; without that they are told."""
    assert "TEXT_STALE" not in [p.code for p in book.warnings]
    path = folder / "2030" / "edition.yaml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if "-round-" not in line]
    path.write_text("".join(kept), encoding="utf-8")
    (found,) = [p for p in load_rulebook(folder).warnings if p.code == "TEXT_STALE"]
    assert found.position and found.position.file == "2030/edition.yaml"
    assert "'45 ngày' is changed here" in teller("en").problem(found)


def test_the_folder_of_a_decree_checked_alone_is_held_against_its_neighbours(folder: Path) -> None:
    """A closing forgotten is told at once, though the older editions are not what is checked."""
    assert ocop("check", "--lang", "en", str(folder / "2030")).returncode == 0
    path = folder / "2030" / "edition.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("closes:")] + text[text.index("certificate:") :], encoding="utf-8")
    run = ocop("check", "--lang", "en", str(folder / "2030"))
    assert run.returncode != 0
    assert "WINDOW_OPEN" in run.stdout + run.stderr
    assert "closes" in run.stdout + run.stderr


def test_the_longer_decree_gets_cases_that_reach_and_guard_all_of_it(folder: Path) -> None:
    here = ["--edition", "2030"]
    assert main(["boundaries", str(folder), "--write"]) == 0
    assert main(["coverage", str(folder), *here, "--floor", "100"]) == 0
    assert main(["mutate", str(folder), *here, "--sample", "60", "--seed", "5", "--jobs", "1"]) == 0
