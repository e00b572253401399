"""Which edition judges, for ever: by dates, kind and decision day; and a new decision is a folder, not code."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from pathlib import Path
from random import Random

import pytest
from dossiers import whole_sheet
from support import filed, sheet_by

from scoring_service.authoring.samples import outcome_of_file, sample_files
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Engine
from scoring_service.engine.findings import Severity
from scoring_service.rulebook.doubts import doubts
from scoring_service.rulebook.library import Application, ChoiceError, Rulebook, load_rulebook
from scoring_service.rulebook.match import predecessors
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling import report
from scoring_service.telling.teller import teller


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def choose(rulebook: Rulebook, kind: str, filed: str, decided: str = "") -> str:
    return rulebook.choose(Application(kind, day(filed), day(decided) if decided else None)).edition.id


@pytest.mark.parametrize(("kind", "filed", "decided", "edition"), [
    ("first", "2019-08-21", "", "2019"), ("first", "2023-02-23", "", "2019"), ("first", "2023-02-24", "", "2023"),
    ("first", "2026-05-20", "", "2023"), ("first", "2026-05-21", "2026-07-21", "2023"), ("first", "2026-05-22", "", "2026"),
    ("first", "2026-05-25", "2026-06-28", "2026"), ("upgrade", "2026-05-21", "2026-07-21", "2023"), ("upgrade", "2026-05-22", "2026-06-01", "2026"),
    ("renewal", "2026-05-21", "2026-06-21", "2023"), ("renewal", "2026-05-22", "2026-12-30", "2026"), ("renewal", "2024-03-01", "2024-06-01", "2023"),
])  # fmt: skip
def test_the_edition_follows_from_the_dates(
    rulebook: Rulebook, kind: str, filed: str, decided: str, edition: str
) -> None:
    """Both sides of every transition day."""
    assert choose(rulebook, kind, filed, decided) == edition


@pytest.mark.parametrize(("kind", "filed", "decided", "says"), [
    ("first", "2019-08-20", "", ("2019-08-21",)),
    ("renewal", "2019-08-20", "2026-09-01", ("2019-08-21",)),
])  # fmt: skip
def test_an_impossible_combination_says_which_dates_would_work(
    rulebook: Rulebook, kind: str, filed: str, decided: str, says: tuple[str, ...]
) -> None:
    """Before the first rules there are none."""
    with pytest.raises(ChoiceError) as error:
        choose(rulebook, kind, filed, decided)
    told = teller("en").problem(error.value.problems[0])
    assert all(date in told for date in says)


@pytest.mark.parametrize(("kind", "filed_on", "decided_on", "last"), [
    ("first", "2026-05-21", "2026-07-21", ""),
    ("first", "2026-05-21", "2026-07-22", "21/07/2026"),
    ("upgrade", "2022-12-01", "2026-09-01", "21/07/2026"),
    ("renewal", "2026-05-21", "2026-06-22", ""),  # the 21st is a Sunday; the civil code counts to the end of Monday
    ("renewal", "2026-05-21", "2026-06-23", "22/06/2026"),
])  # fmt: skip
def test_a_late_decision_is_pointed_out_and_not_refused(
    rulebook: Rulebook, kind: str, filed_on: str, decided_on: str, last: str
) -> None:
    """Article 12.2 names the days and not what becomes of a dossier that misses them: the old rules judge it, with a warning."""
    edition = "2019" if filed_on < "2023" else "2023"
    sheets = (sheet_by("A", whole_sheet(Random(1), rulebook.editions[edition].by_slug["tea"])),)
    a = Engine(rulebook).assess(
        filed("Chè (mẫu)", "tea", kind, filed_on, "province", decided_on=decided_on, sheets=sheets)
    )
    assert a.case.edition.id == edition
    late = [f for f in a.findings if f.code == "DECIDED_LATE"]
    assert [f.severity for f in late] == ([Severity.WARNING] if last else [])
    assert all(last in teller("vi").finding(f) and not f.ground.basis.stated for f in late)


def test_the_answer_says_why_this_edition(rulebook: Rulebook) -> None:
    """With the article, and whether it is our reading; a what-if is marked."""
    choice = rulebook.choose(Application("renewal", day("2026-05-21"), None))
    assert choice.window
    assert "Điều 12" in choice.window.reference
    assert not choice.window.basis.stated
    sheets = (sheet_by("A", whole_sheet(Random(1), rulebook.editions["2023"].by_slug["honey"])),)
    renewal = filed("Mật ong (mẫu)", "honey", "renewal", "2026-05-21", "province", sheets=sheets)
    engine = Engine(rulebook)
    assert "21/06/2026 là ngày nghỉ" in report.edition_why(teller("vi"), engine.admit(renewal))
    assert rulebook.choose(Application("renewal", day("2026-05-21"), None), "2026").window is None


def test_one_dossier_file_with_three_filing_dates_has_three_editions(engine: Engine, rules: Path) -> None:
    """The three files differ in the filing date only; each is scored on the form of its edition, with its own explanation."""
    files = {
        edition: rules / edition / "samples" / f"three-editions-{edition}.yaml" for edition in ("2019", "2023", "2026")
    }
    bodies = {
        "\n".join(
            line
            for line in f.read_text(encoding="utf-8").splitlines()
            if "filed_on" not in line and not line.startswith("#")
        )
        for f in files.values()
    }
    assert len(bodies) == 1
    for edition, file in files.items():
        now = outcome_of_file(engine, file)
        assert (now["edition"], now["status"]) == (edition, "scored")


def test_a_missing_set_answers_why(engine: Engine) -> None:
    """The 26th set of 2019 is not known: the reason, not a guess."""
    with pytest.raises(DossierError) as error:
        engine.assess(filed("Gạo (mẫu)", "3", "first", day("2021-01-01"), "province"))
    assert error.value.problems[0].path == "product.set"
    assert "is in no source" in teller("en").problem(error.value.problems[0])


def test_unknown_minimums_are_said_in_every_explanation_of_2019(engine: Engine, rulebook: Rulebook) -> None:
    """A result of 2019 never looks as if minimums had been checked."""
    edition = rulebook.editions["2019"]
    for product_set in edition.sets.values():
        assert not any(c.minimums for c in product_set.criteria())
        sheets = (sheet_by("A", whole_sheet(Random(1), product_set)),)
        a = engine.assess(filed("Mẫu", product_set.slug, "first", day("2021-01-01"), "province", sheets=sheets))
        assert any(f.code == "REMARK" and "minimum" in teller("en").finding(f) for f in a.findings), product_set.slug


def test_criterion_letters_are_compared_in_one_form(engine: Engine, rulebook: Rulebook) -> None:
    """`1đ` typed with a composed or decomposed letter, in upper or lower dossier hands, is the same criterion."""
    product_set = rulebook.editions["2023"].sets["1"]
    answers = whole_sheet(Random(3), product_set)
    assert any("đ" in number for number in answers)
    decomposed = {unicodedata.normalize("NFD", number): answer for number, answer in answers.items()}
    one, other = (
        engine.assess(filed("Mẫu", "1", "first", day("2024-05-01"), "province", sheets=(sheet_by("A", a),)))
        for a in (answers, decomposed)
    )
    assert one.verdict == other.verdict
    assert one.findings == other.findings


def test_a_sheet_on_the_form_of_another_edition_is_told_so(engine: Engine, rulebook: Rulebook) -> None:
    """One sentence instead of thirty unknown numbers."""
    old_form = whole_sheet(Random(3), rulebook.editions["2023"].by_slug["honey"])
    with pytest.raises(DossierError) as error:
        engine.assess(
            filed("Mật ong (mẫu)", "honey", "first", day("2026-06-01"), "province", sheets=(sheet_by("A", old_form),))
        )
    assert [(p.code, p.path) for p in error.value.problems] == [("OTHER_FORM", "sheets[0].answers")]
    assert "2023" in teller("vi").problem(error.value.problems[0])


@pytest.mark.parametrize(("level", "decided", "recognises"), [
    ("district", "2025-07-05", (3,)), ("province", "2025-07-05", (4,)), ("province", "2025-07-06", (3, 4)), ("central", "2025-07-06", (5,))])  # fmt: skip
def test_powers_change_with_the_day(rulebook: Rulebook, level: str, decided: str, recognises: tuple[int, ...]) -> None:
    """Districts recognised 3 stars until 5 July 2025, provinces since."""
    found = rulebook.editions["2023"].find_level(level, day(decided))
    assert found is not None
    assert found.recognises == recognises


def test_a_district_after_its_time_is_told_so(engine: Engine) -> None:
    """A decision of 10 July 2025 by a district is an error with the periods."""
    with pytest.raises(DossierError) as error:
        engine.assess(filed("Mỳ Chũ (mẫu)", "6", "first", day("2025-06-01"), "district", decided_on=day("2025-07-10")))
    assert "05/07/2025" in teller("vi").problem(error.value.problems[0])


def test_a_hole_between_editions_is_refused(rules: Path, tmp_path: Path) -> None:
    """A day on which nobody would judge is found on load."""
    shutil.copytree(rules, tmp_path / "rules")
    path = tmp_path / "rules" / "2026" / "edition.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("filed_from: 2026-05-22", "filed_from: 2026-05-23"), encoding="utf-8"
    )
    with pytest.raises(NodeError) as error:
        load_rulebook(tmp_path / "rules")
    assert {p.code for p in error.value.problems} == {"WINDOW_HOLE"}


def test_a_new_decision_is_a_new_folder(rules: Path, tmp_path: Path, rulebook: Rulebook) -> None:
    """An invented fourth edition: other bands, points, powers and a new criterion. It judges from its day on; no old digest or result moves."""
    shutil.copytree(rules, tmp_path / "rules")
    old, new = tmp_path / "rules" / "2026", tmp_path / "rules" / "2031"
    shutil.copytree(old, new, ignore=shutil.ignore_patterns("samples"))
    replace(
        old / "edition.yaml", "    filed_from: 2026-05-22", "    filed_from: 2026-05-22\n    filed_until: 2030-12-31"
    )
    replace(new / "edition.yaml", 'edition: "2026"', 'edition: "2031"')
    replace(new / "edition.yaml", "decision: QĐ 26/2026/QĐ-TTg", "decision: QĐ 1/2031/QĐ-TTg")
    document = "\ndocument: {effective: 2031-01-01, complete: no}"
    replace(new / "edition.yaml", "issued: 2026-05-22", f"issued: 2031-01-01{document}")
    replace(new / "edition.yaml", "filed_from: 2026-05-22", "filed_from: 2031-01-01")
    replace(new / "edition.yaml", 'mean: "[90, 100]"', 'mean: "[85, 100]"')
    replace(new / "edition.yaml", 'mean: "[70, 90)"', 'mean: "[70, 85)"')
    replace(new / "edition.yaml", "    recognises: [3, 4]\n    forwards_to: central", "    recognises: [3, 4, 5]")
    (
        new / "councils" / "province-meanwhile.yaml"
    ).unlink()  # a level that forwards nothing recognises nothing meanwhile
    honey = new / "sets" / "04-honey.yaml"
    replace(
        honey,
        '"1.7": {use: sustainable-technology, max: 1}',
        '"1.7": {name: "Dấu chân các-bon", binary: 1}',
    )
    fourth = load_rulebook(tmp_path / "rules")
    assert list(fourth.editions) == [*rulebook.editions, "2031"]
    for edition in ("2019", "2023"):
        assert fourth.editions[edition].digest == rulebook.editions[edition].digest
    engine = Engine(fourth)
    product_set = fourth.editions["2031"].sets["4"]
    answers = whole_sheet(Random(11), product_set, 100)
    a = engine.assess(
        filed("Mật ong (mẫu)", "honey", "first", day("2031-03-01"), "province", sheets=(sheet_by("A", answers),))
    )
    assert a.verdict.chosen.edition == "2031"
    assert a.verdict.stars
    assert (a.verdict.stars.recognisable, a.verdict.stars.potential) == (5, 0)
    assert any(c.name["en"] == "Dấu chân các-bon" for c in a.case.form.criteria)
    for sample in sample_files(rules):
        assert outcome_of_file(engine, tmp_path / sample.relative_to(rules.parent)) == outcome_of_file(
            Engine(rulebook), sample
        ), sample


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_set_of_2026_continues_a_set_of_2023(rulebook: Rulebook) -> None:
    """The editions are linked; the sets of 2019 that were merged are named by their successors."""
    for edition, older in (("2026", "2023"), ("2023", "2019")):
        linked = {
            one.slug
            for s in rulebook.editions[edition].sets.values()
            for one in predecessors(s, rulebook.editions[older])
        }
        lonely = set(rulebook.editions[older].by_slug) - linked
        assert len(lonely) <= (0 if older == "2023" else 3), lonely


def test_doubtful_places_are_listed(rulebook: Rulebook) -> None:
    """Oddities, shortfalls and readings, each with its place."""
    for edition, least in (("2019", 10), ("2023", 50), ("2026", 20)):
        listed = list(doubts(rulebook.editions[edition]))
        assert len(listed) >= least
        assert all(position.file.startswith(f"{edition}/") and text.vi and text.en for position, _, text in listed)
