"""The registry of legal documents: an author who cites what is not there is told where, and what is there instead."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from scoring_service.problems import Problem
from scoring_service.rulebook.check_references import check_references
from scoring_service.rulebook.citations import CitationReader, Place
from scoring_service.rulebook.documents import FOLDER, Registry, load_registry
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.nodes import NodeError
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.rule_reader import RuleReader
from scoring_service.telling.teller import teller

RULES = Path(__file__).parents[1] / "rules"
EDITION = "2026/edition.yaml"
DECISION = "QĐ 26/2026/QĐ-TTg"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The shipped rules, to be spoilt."""
    return shutil.copytree(RULES, tmp_path / "rules")


def spoil(rules: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands in a file once; the number of its line."""
    path = rules / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems(rules: Path) -> list[Problem]:
    """What loading the rules says."""
    try:
        load_rulebook(rules)
    except NodeError as error:
        return error.problems
    return []


@pytest.mark.parametrize(
    ("written", "given", "there"),
    [
        ("Điều 99", "Điều 99", "Điều 1–13; Phụ lục I; Phụ lục II; Phụ lục III"),
        ("Điều 4 khoản 9", "Điều 4 khoản 9", "khoản 1–3"),
        ("khoản 9 Điều 4", "Điều 4 khoản 9", "khoản 1–3"),
        ("Điều 4 khoản 1 điểm z", "Điều 4 khoản 1 điểm z", "điểm a, b"),
        ("Điều 7 khoản 2; Điều 4 khoản 1 và 9", "Điều 4 khoản 9", "khoản 1–3"),
        ("Phụ lục V", "Phụ lục V", "Điều 1–13; Phụ lục I; Phụ lục II; Phụ lục III"),
        ("Phụ lục II, bộ 27", "Phụ lục II bộ 27", "bộ 1–26"),
        ("khoản 3", "khoản 3", "Điều 1–13; Phụ lục I; Phụ lục II; Phụ lục III"),
    ],
)
def test_a_place_that_the_decision_does_not_have_is_told_with_what_it_has(
    rules: Path, written: str, given: str, there: str
) -> None:
    line = spoil(
        rules,
        EDITION,
        "certificate: {months: 36, reference: Điều 4 khoản 3}",
        f'certificate: {{months: 36, reference: "{written}"}}',
    )
    (found,) = problems(rules)
    assert (found.code, found.values["given"], found.values["there"]) == ("REFERENCE_UNKNOWN", given, there)
    assert found.values["document"] == DECISION
    assert found.position is not None
    assert found.position.file == EDITION
    assert found.position.line <= line


def test_a_point_of_a_clause_without_points_is_told(rules: Path) -> None:
    spoil(rules, EDITION, "reference: Điều 4 khoản 3}", "reference: Điều 4 khoản 3 điểm a}")
    (found,) = problems(rules)
    assert (found.code, found.values["given"]) == ("REFERENCE_UNDIVIDED", "Điều 4 khoản 3 điểm a")


def test_a_misspelt_number_is_told_with_the_one_that_was_meant(rules: Path) -> None:
    path = rules / "2023/edition.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("hiệu lực từ ngày ký; QĐ 26/2026/QĐ-TTg Điều", "hiệu lực từ ngày ký; QĐ 26/2062/QĐ-TTg Điều"),
        encoding="utf-8",
    )
    (found,) = problems(rules)
    assert (found.code, found.values["given"]) == ("REFERENCE_DOCUMENT", "QĐ 26/2062/QĐ-TTg")
    for language in "vi", "en":
        told = teller(language).problem(found)
        assert "QĐ 26/2062/QĐ-TTg" in told
        assert DECISION in told


def test_another_document_is_held_against_its_own_articles(rules: Path) -> None:
    spoil(
        rules,
        EDITION,
        "reference: Điều 4 khoản 3}",
        'reference: "Điều 4 khoản 3; Bộ luật Dân sự 2015, Điều 148 khoản 7"}',
    )
    (found,) = problems(rules)
    assert (found.values["document"], found.values["given"]) == ("Bộ luật Dân sự 2015", "Điều 148 khoản 7")


def test_of_a_document_known_in_part_only_what_is_known_is_held_against_it(rules: Path) -> None:
    """The articles of QĐ 148 were not at hand, its number of product sets is known."""
    spoil(
        rules,
        EDITION,
        "reference: Điều 4 khoản 3}",
        'reference: "Điều 4 khoản 3; QĐ 148/QĐ-TTg, Điều 50; QĐ 148, Phụ lục III, bộ 30"}',
    )
    (found,) = problems(rules)
    assert found.values["given"] == "Phụ lục III bộ 30"


def test_a_new_decision_needs_its_structure_and_may_give_it_in_its_edition(rules: Path) -> None:
    (rules / FOLDER / "qd-26-2026.yaml").unlink()
    assert {(p.code, p.values["given"]) for p in problems(rules)} == {("REFERENCE_DOCUMENT", DECISION)}
    path = rules / EDITION
    text = path.read_text(encoding="utf-8")
    block = "\ndocument: {effective: 2026-05-22, articles: {3: {3: đ}, 4: {1: b, 2: 0, 3: 0}}, annexes: [Phụ lục I, Phụ lục II]}\n"
    path.write_text(text + block, encoding="utf-8")
    found = problems(rules)
    given = {p.values["given"] for p in found}
    assert {p.code for p in found} == {"REFERENCE_UNKNOWN"}
    assert {"Điều 7", "Điều 12"} <= given
    assert not given & {"Điều 3", "Điều 4", "Phụ lục II"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("effective: 2026-05-22", "effective: 2026-05-01", "DOCUMENT_DAYS"),
        ("  13: 0", "  13: a1b", "DOCUMENT_PLACES"),
        ("number: QĐ 26/2026/QĐ-TTg", "number: QĐ 148/QĐ-TTg", "DOCUMENT_REPEATED"),
        ("QĐ 1489/QĐ-TTg]", "QĐ 1498/QĐ-TTg]", "REFERENCE_DOCUMENT"),
    ],
)
def test_a_mistake_in_the_registry_is_told_at_its_file(rules: Path, old: str, new: str, code: str) -> None:
    spoil(rules, "documents/qd-26-2026.yaml", old, new)
    found = [p for p in problems(rules) if p.position and p.position.file == "documents/qd-26-2026.yaml"]
    assert code in {p.code for p in found}


def test_without_a_registry_nothing_is_checked(rules: Path) -> None:
    shutil.rmtree(rules / FOLDER)
    spoil(rules, EDITION, "reference: Điều 4 khoản 3}", "reference: Điều 99}")
    assert not problems(rules)


def test_the_shipped_rules_cite_only_what_is_there_and_it_takes_no_time() -> None:
    rulebook, registry, reader = load_rulebook(RULES), registry_of(RULES), Reader()
    began = time.perf_counter()
    for edition in rulebook.editions.values():
        check_references(edition, registry, reader)
    assert not reader.problems
    assert time.perf_counter() - began < 0.1


def test_every_document_is_needed() -> None:
    """A document is cited by a text of the rules, or named by one that is."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in RULES.glob("20*/**/*.yaml"))
    documents = registry_of(RULES).documents
    assert len(documents) == len(list((RULES / FOLDER).glob("*.yaml")))
    related = {older for d in documents.values() for older in (*d.amends, *d.replaces)}
    for number, document in documents.items():
        assert number in related or any(name in texts for name in (number, *document.also)), number


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("QĐ A1", []),
        (
            "QĐ 26/2026/QĐ-TTg, Điều 1 khoản 2; QĐ 148/QĐ-TTg, Phụ lục II, bộ 4, tiêu chí 1.5",
            [Place(DECISION, "Điều 1", ("2",)), Place("QĐ 148/QĐ-TTg", "Phụ lục II", sets=("4",))],
        ),
        (
            "QĐ 148/QĐ-TTg, hiệu lực từ ngày ký; QĐ 26/2026/QĐ-TTg Điều 12 khoản 2 điểm b; điểm a khoản 1 Phụ lục II",
            [
                Place(DECISION, "Điều 12", ("2",), points=("b",)),
                Place("QĐ 148/QĐ-TTg", "Phụ lục II", ("1",), points=("a",)),
            ],
        ),
        (
            "QĐ 148/QĐ-TTg, điều 2 khoản 1, 30 ngày; Điều 5 của QĐ 26/2026/QĐ-TTg",
            [Place("QĐ 148/QĐ-TTg", "Điều 2", ("1",)), Place(DECISION, "Điều 5")],
        ),
    ],
)
def test_references_are_read_as_offices_write_them(text: str, places: list[Place]) -> None:
    assert list(CitationReader().read(text).places) == places


def registry_of(rules: Path) -> Registry:
    """The registry beside the editions, which reads without a problem."""
    reader = RuleReader()
    registry = load_registry(rules, reader)
    assert not reader.problems
    return registry
