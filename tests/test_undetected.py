"""Nothing wrong goes unnoticed: what could once be wrong in rule files without a word is told, at its line, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_cli import ocop

from scoring_service.problems import Problem, Weight
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import teller

LANGUAGES = ("vi", "en")
HONEY, TEA = "sets/04-honey.yaml", "sets/11-tea.yaml"
EDITION, FACTS, OUTS, ENGLISH = "edition.yaml", "facts.yaml", "knock-outs.yaml", "en.yaml"
STORY, COMMUNITY = "criteria/story.yaml", "criteria/community.yaml"
PROVINCE = "councils/province.yaml"
OF_TEXTS = {"TRANSLATION_MISSING", "TRANSLATION_UNUSED"}
"""What every changed text brings with it."""


@pytest.fixture(scope="module")
def copy(rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules, to be spoilt and mended again, each edition with one sample."""
    folder = tmp_path_factory.mktemp("rules")
    for edition in ("2019", "2023", "2026", "documents"):
        shutil.copytree(rules / edition, folder / edition, ignore=shutil.ignore_patterns("samples"))
    for edition in ("2019", "2023", "2026"):
        (folder / edition / "samples").mkdir()
        shutil.copy(next((rules / edition / "samples").glob("*.yaml")), folder / edition / "samples")
    return folder


@contextmanager
def spoilt(path: Path, *changes: tuple[str, str]) -> Iterator[None]:
    """The file with some of its text replaced, for a while."""
    before = text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def told(folder: Path) -> list[Problem]:
    """Everything that loading says: of errors, or else the warnings and hints."""
    try:
        return list(load_rulebook(folder).warnings)
    except NodeError as error:
        return error.problems


def own(found: list[Problem]) -> list[Problem]:
    """Without what changed texts bring with them, and what the shipped rules are told anyway."""
    return [p for p in found if p.code not in OF_TEXTS and (p.code, p.values.get("key")) not in EXPECTED_HINTS]


EXPECTED_HINTS = {("EVIDENCE_UNUSED", key) for key in ("awards", "business-plan", "product-sample")}
"""Kinds of evidence that a printed form lists and no criterion names."""


def test_the_shipped_rules_have_no_error_and_no_warning(rulebook: Rulebook) -> None:
    """Only hints, and those are true: the form that the decision prints lists evidence that no criterion asks for."""
    assert {(p.code, p.values["key"]) for p in rulebook.warnings} == EXPECTED_HINTS
    assert {p.weight for p in rulebook.warnings} == {Weight.HINT}


@dataclass(frozen=True)
class Mistake:
    """A replacement in a file and what is told of it: the code, a piece of the line it is told at, and of what is said in English."""

    code: str
    file: str
    old: str
    new: str
    line: str
    says: str
    edition: str = "2026"
    at: str = ""
    """The file it is told at, where that is another one."""
    also: tuple[tuple[str, str], ...] = ()
    """Further replacements in the file, without which the mistake would be another."""


M = Mistake
BANDS = [
    M("BAND_ORDER", EDITION, '5: {mean: "[90, 100]"', '5: {mean: "[70, 90)"', '4: {mean: "[90, 100]"', "fewer than the 5 stars",
      also=(('4: {mean: "[70, 90)"', '4: {mean: "[90, 100]"'),)),
    M("BAND_BEYOND", EDITION, '"[90, 100]"', '"[90, 200]"', '"[90, 200]"', "outside the points from 0 to 100"),
    M("BAND_MISSING", EDITION, '  4: {mean: "[70, 90)", reference: Điều 3 khoản 3 điểm b}\n', "", "bands:", "No band gives 4 stars",
      also=(('3: {mean: "[50, 70)"', '3: {mean: "[50, 90)"'),)),
    M("LEVEL_STARS", EDITION, '  2: {mean: "[30, 50)", reference: Điều 3 khoản 3 điểm d}\n', "", "recognises: [2, 3, 4]", "recognises 2 stars",
      also=(('1: {mean: "[0, 30)"', '1: {mean: "[0, 50)"'), ("recognises: [3, 4]", "recognises: [2, 3, 4]"))),
    M("STARS_NOT_RECOGNISED", EDITION, "recognises: [5]", "recognises: [4]", "recognises: [4]", "No level recognises 5 stars"),
    M("STARS_UNRECOGNISED_SINCE", EDITION, "recognises: [3, 4]", "recognises: [4]", "until: 2025-07-05", "Around", "2023"),
]  # fmt: skip
LEVELS = [
    M("LEVEL_HOLE", EDITION, "from: 2025-07-06", "from: 2025-07-10", "from: 2025-07-10", "no period from", "2023",
      also=(("until: 2025-07-05\n    recognises: [3]", "until: 2025-07-09\n    recognises: [3]"),
            ("recognises: [5]", "recognises: [3, 4, 5]"), ("forwards_to: province", "forwards_to: central"))),
    M("ENDS_FIRST", EDITION, "until: 2025-07-05\n    recognises: [4]", "until: 2025-07-05\n    from: 2026-01-01\n    recognises: [4]",
      "until: 2025-07-05", "before 'from'", "2023"),
    M("LEVEL_CIRCLE", EDITION, "forwards_to: central", "forwards_to: province", "forwards_to: province", "in a circle"),
    M("LEVEL_CIRCLE", EDITION, "recognises: [5]", "recognises: [5]\n    forwards_to: province", "forwards_to: province", "in a circle"),
    M("LEVEL_FORWARDS_NOWHERE", EDITION, "recognises: [5]", "recognises: [5]\n    from: 2027-01-01", "forwards_to: central", "has no power"),
    M("ITEM_REPEATED", EDITION, "recognises: [3, 4]", "recognises: [3, 4, 4]", "recognises: [3, 4, 4]", "'4' stands twice"),
    M("COUNCIL_FILE", PROVINCE, "\nlevel: province", "\nlevel: central", "level: central", "name of level 'province'"),
    M("SPREAD_FAR", PROVINCE, "far: 6", "far: 60", "spread:", "never comes to that"),
    M("SPREAD_LIMIT", PROVINCE, "limit: 10", "limit: 100", "spread:", "never differ"),
    M("QUORUM_LOW", PROVINCE, "share: 3/4", "share: 1/4", "quorum:", "less than half"),
    M("MODE_MISSING", PROVINCE, ", renewal: written", "", "mode:", "'renewal'"),
    M("ITEM_REPEATED", PROVINCE, "deputy, member", "member, member", "scorers:", "stands twice"),
    M("APPLICATION_NOT_DECLARED", PROVINCE, ", renewal: written", ", renewal: written, yearly: written", "mode:", "'yearly'"),
]  # fmt: skip
DAYS = [
    M("ENDS_FIRST", EDITION, "filed_until: 2026-05-21", "filed_until: 2022-05-21", "filed_until: 2022-05-21", "before 'filed_from'", "2023"),
    M("WINDOW_DECIDED", EDITION, "decided_until: 2026-07-21", "decided_until: 2025-07-21", "decided_until: 2025-07-21", "cannot be decided", "2023"),
    M("KIND_WITHOUT_WINDOW", EDITION, "kinds: [first, upgrade, renewal]", "kinds: [first, upgrade]", 'renewal: "đánh giá lại"', "never takes"),
    M("CALENDAR_ROUND", EDITION, "proposed_before: 04-30\n    decided_before: 06-30", "proposed_before: 06-30\n    decided_before: 04-30",
      "decided_before: 04-30", "decision follows the proposal"),
    M("CALENDAR_FILING", EDITION, "days: 120", "days: 220", "renewal-closed:", "no dossier could be filed in time"),
    M("CERTIFICATE_SHORT", EDITION, "months: 36", "months: 3", "months: 3,", "less than the term"),
    M("LEVEL_NOT_DECLARED", EDITION, "    level: province\n    proposed_before: 04-30", "    level: provinc\n    proposed_before: 04-30",
      "level: provinc", "Did you mean 'province'?"),
]  # fmt: skip
REFERENCES = [
    M("REFERENCE_UNKNOWN", EDITION, "reference: Điều 11 khoản 1", "reference: Điều 99", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", EDITION, "reference: Điều 3 khoản 3 điểm b", "reference: Điều 99", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", EDITION, "reference: Điều 4 khoản 1 điểm b; Điều 7 khoản 4", "reference: Điều 4 khoản 1 điểm b; Điều 99",
      "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", EDITION, "reference: Điều 5 khoản 1", "reference: Điều 99", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", EDITION, "reference: Điều 4 khoản 3}", "reference: Điều 99}", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", OUTS, "reference: Điều 8 khoản 1 điểm a", "reference: Điều 99", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", COMMUNITY, "local-labour:\n", "local-labour:\n  reference: Điều 99\n", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", HONEY, "set: 4\n", "set: 4\nreference: Điều 99\n", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", HONEY, "{section: production, max: 18}", "{section: production, max: 18, reference: Điều 99}", "Điều 99", "Điều 99"),
    M("REFERENCE_UNKNOWN", HONEY, "use: packaging, max: 3", "use: packaging, max: 3, reference: Điều 99", "Điều 99", "has no 'Điều 99'"),
    M("REFERENCE_UNKNOWN", EDITION, "annex: Phụ lục II ", "annex: Phụ lục IX ", "annex:", "Phụ lục IX"),
    M("REFERENCE_DOCUMENT", EDITION, "QĐ 26/2026/QĐ-TTg Điều 12 khoản 2 điểm a", "QĐ 62/2026/QĐ-TTg Điều 12 khoản 2 điểm a", "QĐ 62/2026",
      "not in the registry", "2023"),
    M("TEXT_REFERENCE", EDITION, 'reading: "Điều 12 chỉ giữ', 'reading: "Điều 99 chỉ giữ', 'reading: "Điều 99', "speaks of 'Điều 99'"),
]  # fmt: skip
CONDITIONS = [
    M("KNOCK_OUT_NEVER", OUTS, 'criterion 6.1: "[0, 0]"', 'criterion 6.1: "[9, 9]"', "criterion 6.1:", "can only be from 0 to"),
    M("KNOCK_OUT_NEVER", OUTS, "when: {forged_dossier: yes}", 'when: {part A: "[90, 100]"}', "part A", "can only be from 0 to"),
    M("KNOCK_OUT_NEVER", OUTS, "when: {forged_dossier: yes}", 'when: {total: "(100, 200]"}', "total:", "can only be from 0 to 100"),
    M("KNOCK_OUT_ALWAYS", OUTS, 'province_product_share: "[0, 100)"', 'province_product_share: "[0, 100]"', "when:", "no dossier would pass"),
    M("KNOCK_OUT_ALWAYS", OUTS, "when: {forged_dossier: yes}", 'when: {total: "[0, 100]"}', "when:", "no dossier would pass"),
    M("KNOCK_OUT_ALWAYS", OUTS, "when: {forged_dossier: yes}",
      "when_any: [{forged_dossier: yes}, {forged_dossier: no}]", "when_any:", "no dossier would pass"),
    M("RANGE_BEYOND", OUTS, 'province_product_share: "[0, 100)"', 'province_product_share: "[0, 120)"', '"[0, 120)"', "from 0 to 100"),
    M("RANGE_BEYOND", COMMUNITY, 'local_labour_share: "(75, 100]"', 'local_labour_share: "(75, 101]"', '"(75, 101]"', "from 0 to 100"),
    M("LIST_SHORT", OUTS, "[association, large_enterprise, unregistered, other]", "[]", "producer_kind: []", "write at least 1"),
    M("RANGE", COMMUNITY, 'local_labour_share: "[50, 75)"', 'local_labour_share: "[50,75,100]"', '"[50,75,100]"', "is not a range"),
    M("RANGE_EMPTY", COMMUNITY, 'local_labour_share: "[50, 75)"', 'local_labour_share: "[75, 50)"', '"[75, 50)"', "contains no value"),
    M("DERIVE_NEVER", COMMUNITY, '{local_labour_share: "[25, 50)", option: a}',
      '{local_labour_share: "[25, 50)", option: a}\n    - {local_labour_share: "(100, )", option: a}', '"(100, )"', "no facts can meet"),
    M("ONLY_IF_NEVER", STORY, "at_least: 1", "at_least: 6", "only_if:", "5 points at most"),
    M("ONLY_IF", STORY, 'criterion: "5.1", at_least: 1', 'criterion: "5.9", at_least: 1', "only_if:", "no other criterion '5.9'"),
    M("ONLY_IF_CIRCLE", STORY, "  evidence: [story]", '  evidence: [story]\n  only_if: {criterion: "5.2", at_least: 1}', "only_if:", "wait for each other"),
    M("ONLY_IF_CHAIN", STORY, '    - "Câu chuyện phải thể hiện', '    - "Câu chuyện phải thể hiện', 'criterion: "5.2"', "Check it against",
      also=(("  notes:\n", '  only_if: {criterion: "5.2", at_least: 1}\n  notes:\n'),)),
    M("ONLY_IF_ORDER", STORY, 'only_if: {criterion: "5.1", at_least: 1}', 'only_if: {criterion: "5.3", at_least: 1}', 'criterion: "5.3"',
      "limit of the software", also=(("  notes:\n", '  only_if: {criterion: "5.1", at_least: 1}\n  notes:\n'),)),
]  # fmt: skip
SHEETS = [
    M("NUMBER_SECTION", HONEY, '"4.3": {use', '"3.9": {use', '"3.9"', "its number is not of it"),
    M("NUMBER_HOLE", HONEY, '"4.3": {use', '"4.4": {use', '"4.4"', "Number 4.3 is missing before 4.4"),
    M("NUMBER_HOLE", HONEY, '"4.1": {use: main-market-area, max: 5}\n  "4.2"', '"4.2": {use: main-market-area, max: 5}\n  "4.3"', '"4.2"',
      "Number 4.1 is missing", also=(('"4.3": {use: product-promotion', '"4.4": {use: product-promotion'),)),
    M("NUMBER_HOLE", HONEY, '  "12": {use', '  "13": {use', '"13"', "Number 12 is missing before 13"),
    M("NUMBER_HOLE", TEA, '"6.1.2":', '"6.1.4":', '"6.1.4"', "Number 6.1.2 is missing", "2019", also=(('"6.1.3":', '"6.1.5":'),)),
    M("CRITERION_TWICE", HONEY, '"1.6": {use: environmental-protection', '"1.6": {use: chain-linkage-3', '"1.6"', "used at 1.5"),
    M("CRITERION_SAME_NAME", HONEY, '"2.2": {use: packaging', '"2.2": {use: chain-linkage-3', '"2.2"', "the name of criterion 1.5"),
    M("CRITERION_SAME_NAME", HONEY, '"Độ đồng đều của sản phẩm"', '"Màu sắc, thể chất"', '"6.3"', "the name of criterion 6.2"),
    M("OPTION_SAME_TEXT", HONEY, 'text: "Tương đối đồng đều"', 'text: "Không đồng đều"', "b: {points: 1", "very words"),
    M("MAX_DIFFERS", HONEY, "use: story-structure, max: 2", "use: story-structure, max: 1", "max: 1", "highest option has 2 points"),
    M("SUM", HONEY, "section: marketing, max: 13", "section: marketing, max: 12", "max: 12", "maximum says 12"),
    M("SUM", HONEY, "B: {max: 25}", "B: {max: 26}", "max: 26", "maximum says 26"),
    M("FILE_NUMBER", HONEY, "set: 4\n", "set: 94\n", "set: 94", "file's name says set 04"),
    M("SET_NOT_MISSING", EDITION, "missing_sets:", 'missing_sets:\n  honey: "Bộ này không có"', "honey:", "it stands at", "2019"),
]  # fmt: skip
USES = [
    M("FACT_UNUSED", FACTS, "forged_dossier:", 'never_read:\n  kind: yes_no\n  name: "Không ai đọc"\nforged_dossier:', "never_read:", "changes nothing"),
    M("EVIDENCE_UNUSED", EDITION, "  awards:", '  left-over: "Giấy tờ khác"\n  awards:', "left-over:", "No criterion asks"),
    M("NAME_UNUSED", EDITION, '  tourism: "Dịch vụ', '  left-over: "Nhóm khác"\n  tourism: "Dịch vụ', "left-over:", "drop it"),
    M("NAME_UNUSED", EDITION, '  C: "Chất lượng sản phẩm"', '  C: "Chất lượng sản phẩm"\n  D: "Phần khác"', "D:", "drop it"),
    M("NAME_UNUSED", EDITION, '  production: "Tổ chức', '  left-over: "Mục khác"\n  production: "Tổ chức', "left-over:", "drop it"),
    M("NAME_UNUSED", EDITION, "  bct:", '  left-over: "Bộ khác"\n  bct:', "left-over:", "drop it"),
    M("CRITERION_UNUSED", STORY, "story-structure:", 'left-over:\n  name: "Tiêu chí khác"\n  binary: 1\nstory-structure:', "left-over:", "use it or delete"),
    M("KNOCK_OUT_UNUSED", OUTS, "forged-dossier:", 'left-over:\n  effect: halt\n  name: "lý do khác"\n  when: {forged_dossier: yes}\nforged-dossier:',
      "left-over:", "use it or delete"),
    M("KEY_UNKNOWN", EDITION, '  binary: "Tiêu chí', '  ternary: "Cách hiểu khác"\n  binary: "Tiêu chí', "ternary:", "no key 'ternary'"),
]  # fmt: skip
WORDS = [
    M("TRANSLATION_SWAPPED", ENGLISH, 'vi: "Thực phẩm"\n  en: "Food"', 'vi: "Food"\n  en: "Thực phẩm"', 'vi: "Food"', "exchanged"),
    M("TRANSLATION_NOT_ENGLISH", ENGLISH, 'en: "Product quality"', 'en: "Chất lượng của sản phẩm"', 'vi: "Chất lượng', "looks like Vietnamese"),
    M("TRANSLATION_SAME", ENGLISH, 'en: "Product quality"', 'en: "Chất lượng sản phẩm"', 'vi: "Chất lượng', "the very Vietnamese"),
    M("LABEL_NOT_VIETNAMESE", EDITION, 'food: "Thực phẩm"', 'food: "Food and other things"', "food:", "does not look like Vietnamese"),
    M("LABEL_NOT_VIETNAMESE", HONEY, 'text: "Không đồng đều"', 'text: "Not of one size"', "a: {points: 0", "does not look like Vietnamese"),
    M("NAME_REPEATED", EDITION, 'drinks: "Đồ uống"', 'drinks: "Thực phẩm"', "drinks:", "is a name at 2026/"),
    M("NAME_REPEATED", FACTS, 'name: "Có giấy phép sản xuất theo quy định"', 'name: "Hồ sơ đăng ký đáp ứng quy định"', "name:", "is a name at 2026/"),
]  # fmt: skip


@pytest.mark.parametrize(
    "mistake",
    [*BANDS, *LEVELS, *DAYS, *REFERENCES, *CONDITIONS, *SHEETS, *USES, *WORDS],
    ids=lambda m: f"{m.code}-{m.file}",
)
def test_a_mistake_is_told_once_at_its_line_in_both_languages(copy: Path, mistake: Mistake) -> None:
    """One cause, one message, and nothing else."""
    path = copy / mistake.edition / mistake.file
    with spoilt(path, (mistake.old, mistake.new), *mistake.also):
        found = own(told(copy / mistake.edition))
        assert [p.code for p in found] == [mistake.code], [str(p) for p in found]
        (problem,) = found
        assert problem.position is not None
        assert problem.position.file == f"{mistake.edition}/{mistake.at or mistake.file}"
        line = (copy / problem.position.file).read_text(encoding="utf-8").splitlines()[problem.position.line - 1]
    assert mistake.line in line
    vi, en = (teller(language).problem(problem) for language in LANGUAGES)
    assert mistake.says in en
    assert vi != en


def test_nothing_is_told_of_the_editions_alone(copy: Path) -> None:
    """Each edition by itself is whole: what it follows is not judged, its references are."""
    for edition in ("2019", "2023", "2026"):
        assert not own(told(copy / edition))


FORWARDED = (
    "from: 2025-07-06\n    recognises: [3, 4]\n    forwards_to: central",
    "from: 2025-07-06\n    recognises: [3, 4, 5]",
)


@pytest.mark.parametrize(("edition", "file", "changes"), [
    ("2026", EDITION, [('1: {mean: "[0, 30)"', '1: {mean: "[0, 20)"'), ('2: {mean: "[30, 50)"', '2: {mean: "[20, 50)"')]),
    ("2026", EDITION, [("proposed_before: 10-30\n    decided_before: 12-30", "proposed_before: 11-30\n    decided_before: 01-30")]),
    ("2026", EDITION, [("  central:\n    name", "  central:\n    from: 2026-05-22\n    name")]),
    ("2026", EDITION, [("months: 36", "months: 12")]),
    ("2026", EDITION, [("reference: Điều 4 khoản 3}", 'reference: "Điều 4 khoản 3; QĐ 148/QĐ-TTg"}')]),
    ("2023", EDITION, [FORWARDED]),
    ("2023", EDITION, [("from: 2025-07-06\n", "from: 2025-07-06\n    until: 2026-12-31\n"), ("    recognises: [5]", "    until: 2026-12-31\n    recognises: [5]")]),
    ("2023", EDITION, [("decided_until: 2026-07-21", "decided_until: 2026-05-21")]),
    ("2026", COMMUNITY, [('"(75, 100]"', '"(75, )"'), ('"[0, 25)"', '"[, 25)"')]),
    ("2026", PROVINCE, [("far: 6", "far: 10"), ("3/4", "1/2")]),
    ("2026", HONEY, [('name: "Mùi/vị"', 'name: "Website"')]),
    ("2026", HONEY, [('"4.3": {use', '"4.4": {use'), ("sheet:", 'oddities: ["Bản in bỏ số 4.3"]\nsheet:')]),
    ("2026", HONEY, [('text: "Tương đối đồng đều"', 'text: "Không đồng đều"'), ('6.2":\n', '6.2":\n    oddities: ["Bản in ghi hai mức giống nhau"]\n')]),
    ("2026", OUTS, [('criterion 6.1: "[0, 0]"', 'criterion 6.1: "[0, 0.5)"')]),
    ("2026", OUTS, [("when: {forged_dossier: yes}", 'when: {forged_dossier: yes, total: "[0, 50)"}')]),
    ("2026", STORY, [("at_least: 1", "at_least: 5")]),
])  # fmt: skip
def test_what_a_decree_may_say_is_not_told(copy: Path, edition: str, file: str, changes: list[tuple[str, str]]) -> None:
    """Rounds over a new year, open ranges, a level that begins or ends with the edition, holes of the print that are owned to."""
    with spoilt(copy / edition / file, *changes):
        assert not own(told(copy / edition))


# --- files -----------------------------------------------------------------------------------------------------------


def rename(old: str, new: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        target = folder / new
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / old).rename(target)

    return act


def duplicate(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: shutil.copy(folder / old, folder / new) and None


def empty(name: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        for path in (folder / name).iterdir():
            path.unlink()

    return act


@pytest.mark.parametrize(("act", "code", "at"), [
    (rename("2026/facts.yaml", "2026/facts.yml"), "FILE_SUFFIX", "2026/facts.yml"),
    (rename("2026/councils/province-meanwhile.yaml", "2026/councils/province-meanwhile.yml"), "FILE_SUFFIX", "2026/councils/province-meanwhile.yml"),
    (rename("documents/qd-148.yaml", "documents/qd-148.yml"), "FILE_SUFFIX", "documents/qd-148.yml"),
    (rename("2026/sets/14-white-spirit.yaml", "2026/criteria/sheets/14-white-spirit.yaml"), "FOLDER_UNKNOWN", "2026/criteria/sheets"),
    (rename("2026/sets/14-white-spirit.yaml", "14-white-spirit.yaml"), "FILE_BESIDE_EDITIONS", "14-white-spirit.yaml"),
    (rename("2026/sets/14-white-spirit.yaml", "2026/sets/white-spirit.yaml"), "SET_FILE_NAME", "2026/sets/white-spirit.yaml"),
    (duplicate("2026/sets/14-white-spirit.yaml", "2026/sets/15-white-spirit.yaml"), "SET_SLUG_REPEATED", "2026/sets/15-white-spirit.yaml"),
    (empty("2026/sets"), "NO_SETS", "2026/edition.yaml"),
    (empty("2026/samples"), "NO_SAMPLES", "2026/edition.yaml"),
    (shutil.rmtree, "NO_EDITIONS", ""),
])  # fmt: skip
def test_a_file_that_nothing_reads_or_that_is_not_there_is_told(
    copy: Path, tmp_path: Path, act: Callable[[Path], None], code: str, at: str
) -> None:
    folder = tmp_path / "rules"
    for name in ("2026", "documents"):
        shutil.copytree(copy / name, folder / name)
    act(folder)
    folder.mkdir(exist_ok=True)
    found = [p for p in told(folder) if p.code == code]
    assert len(found) == 1, [str(p) for p in told(folder)]
    assert found[0].position is not None
    assert found[0].position.file == (at or str(folder))
    assert all(teller(language).problem(found[0]) for language in LANGUAGES)


# --- editions together -----------------------------------------------------------------------------------------------

DECREE = """edition: "2028"
amends: "2026"
decision: QĐ 15/2028/QĐ-TTg
name: "Bộ tiêu chí OCOP 2028"
issued: 2028-03-01
document: {effective: 2028-04-15, articles: {1: 0, 2: 0, 3: 2}, annexes: [Phụ lục]}
windows:
  - {kinds: [first, upgrade, renewal], filed_from: 2028-04-15, reference: Điều 3 khoản 1}
closes:
  - {edition: "2026", filed_until: 2028-04-14, decided_until: 2028-06-30, reference: Điều 3 khoản 2}
"""


@pytest.fixture
def decreed(copy: Path) -> Iterator[Path]:
    """The rules with a decree that amends them and says nothing but when."""
    folder = copy / "2028"
    (folder / "samples").mkdir(parents=True)
    (folder / "samples" / "one.yaml").write_text("edition: none\n", encoding="utf-8")
    (folder / EDITION).write_text(DECREE, encoding="utf-8")
    yield copy
    shutil.rmtree(folder)


def test_an_amending_edition_is_not_told_of_what_its_base_uses(decreed: Path) -> None:
    """It declares nothing and uses nothing itself; all that is its base's."""
    assert not own(told(decreed))


@pytest.mark.parametrize(("old", "new", "code", "line", "says"), [
    ("decided_until: 2028-06-30", "decided_until: 2028-03-30", "WINDOW_DECIDED", "decided_until: 2028-03-30", "cannot be decided"),
    ("filed_until: 2028-04-14, decided_until: 2028-06-30", "filed_until: 2020-04-14", "CLOSES_BEFORE", "filed_until: 2020-04-14", "before it takes"),
    ("reference: Điều 3 khoản 2", "reference: Điều 99", "REFERENCE_UNKNOWN", "Điều 99", "Điều 99"),
    ("reference: Điều 3 khoản 1", "reference: Điều 99", "REFERENCE_UNKNOWN", "Điều 99", "Điều 99"),
    ("kinds: [first, upgrade, renewal]", "kinds: [first, upgrade]", "KIND_CLOSED", "kinds: [first, upgrade]", "No edition takes 'renewal'"),
    ('{edition: "2026", filed', '{edition: "2028", filed', "CLOSES_UNKNOWN", '"2028"', "'2028'"),
    ("filed_from: 2028-04-15", "filed_from: 2028-04-20", "WINDOW_HOLE", "filed_from: 2028-04-20", "first, upgrade, renewal"),
    ('amends: "2026"', 'amends: "2062"', "AMENDS_UNKNOWN", "2062", "Did you mean '2026'"),
])  # fmt: skip
def test_what_a_decree_gets_wrong_about_others_is_told(
    decreed: Path, old: str, new: str, code: str, line: str, says: str
) -> None:
    path = decreed / "2028" / EDITION
    with spoilt(path, (old, new)):
        found = [p for p in own(told(decreed)) if p.code == code]
        assert len(found) == 1, [str(p) for p in told(decreed)]
        (problem,) = found
        assert problem.position is not None
        assert problem.position.file == f"2028/{EDITION}"
        assert line in path.read_text(encoding="utf-8").splitlines()[problem.position.line - 1]
    vi, en = (teller(language).problem(problem) for language in LANGUAGES)
    assert says in en
    assert vi != en


@pytest.mark.parametrize(("old", "new", "code"), [
    ('follows: {"2019": [', 'follows: {"2018": [', "FOLLOWS_EDITION"),
    ('follows: {"2019": [', 'follows: {"2026": [', "FOLLOWS_EDITION"),
    ('follows: {"2019": [household', 'follows: {"2019": [houshold', "FOLLOWS"),
])  # fmt: skip
def test_a_predecessor_that_is_not_there_is_told_where_all_editions_are(
    copy: Path, old: str, new: str, code: str
) -> None:
    """And not of one edition alone."""
    with spoilt(copy / "2026" / "sets" / "21-household-crafts.yaml", (old, new)):
        assert [p.code for p in own(told(copy))] == [code]
        assert not own(told(copy / "2026"))


# --- the command -----------------------------------------------------------------------------------------------------


def test_one_edition_alone_is_checked_with_all_its_samples(rules: Path) -> None:
    """Though some of them speak of other editions, which are beside it."""
    run = ocop("check", "--lang", "en", str(rules / "2023"))
    assert run.returncode == 0, run.stdout
    assert "rules can be read" in run.stdout
    assert ocop("test", str(rules / "2023")).returncode == 0
