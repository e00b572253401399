"""What an editor is told of rule files comes from the forms that read them: both accept and refuse the same."""

from __future__ import annotations

import fnmatch
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT
from test_cli import ocop

from scoring_service.authoring.boundary_files import read_boundaries
from scoring_service.authoring.equivalents import read_equivalents
from scoring_service.authoring.expectations import read_expectation
from scoring_service.authoring.rule_schemas import AMENDABLE, RULE_FILES, described, rule_schema
from scoring_service.authoring.schema_files import schema_files, stale_schemas
from scoring_service.problems import errors
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.nodes import NodeError, parse
from scoring_service.rulebook.reader import Reader
from scoring_service.telling.catalogue import catalogue, languages

FILES = {
    "edition": "*/edition.yaml",
    "facts": "*/facts.yaml",
    "knock-outs": "*/knock-outs.yaml",
    "criteria": "*/criteria/*.yaml",
    "set": "*/sets/*.yaml",
    "council": "*/councils/*.yaml",
    "en": "*/en.yaml",
    "document": "documents/*.yaml",
    "expected": "*/samples/expected/*.yaml",
    "boundaries": "*/boundaries/*.yaml",
    "equivalent": "*/equivalent.yaml",
}
STORY, HONEY, HEAD = "criteria/story.yaml", "sets/04-honey.yaml", "edition.yaml"
DECREE = "../documents/qd-26-2026.yaml"


class Editor(yaml.SafeLoader):
    """YAML as editors read it: numbers and booleans are such, days stay text, keys are text."""

    def construct_mapping(self, node: Any, *, deep: bool = False) -> dict[str, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(("timestamp", "int:sexagesimal"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_an_editor(text: str) -> Any:
    return yaml.load(text, Loader=Editor)


def ticks(kind: str, text: str, *, amending: bool = False) -> list[str]:
    """What an editor would underline."""
    validator = jsonschema.Draft202012Validator(json.loads(json.dumps(rule_schema(kind, amending=amending))))
    return [f"{list(e.path)}: {e.message[:120]}" for e in validator.iter_errors(as_an_editor(text))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of 2026 and the documents, to spoil one file at a time."""
    folder = tmp_path_factory.mktemp("rules")
    shutil.copytree(ROOT / "rules" / "2026", folder / "2026", ignore=shutil.ignore_patterns("samples"))
    shutil.copytree(ROOT / "rules" / "documents", folder / "documents")
    return folder


@pytest.mark.parametrize("kind", RULE_FILES)
def test_every_shipped_file_is_valid_in_an_editor(kind: str) -> None:
    """Nothing that loads is ticked as wrong."""
    paths = sorted((ROOT / "rules").glob(FILES[kind]))
    assert len(paths) >= 3
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if kind != "expected" or text.startswith("why:"):
            assert not ticks(kind, text), path


@pytest.mark.parametrize(("kind", "file", "old", "new"), [
    ("edition", HEAD, "issued: 2026-05-22", "isued: 2026-05-22"), ("edition", HEAD, "months: 36", "months: 360"),
    ("edition", HEAD, "recognises: [3, 4]", "recognises: [3, 6]"), ("edition", HEAD, 'mean: "[70, 90)"', 'mean: "70 to 90"'),
    ("edition", HEAD, "filed_from: 2026-05-22", "filed_from: 22/5/2026"), ("edition", HEAD, "proposed_before: 04-30", "proposed_before: 30 April"),
    ("edition", HEAD, "annex: Phụ lục II", "document: {effective: 2026-05-22, articles: {điều 1: 2}}\nannex: Phụ lục II"),
    ("facts", "facts.yaml", "kind: percent", "kind: percentage"), ("knock-outs", "knock-outs.yaml", "effect: reject", "effect: expel"),
    ("knock-outs", "knock-outs.yaml", "  when: {forged_dossier: yes}\n", ""), ("knock-outs", "knock-outs.yaml", "forged_dossier: yes", 'forged_dossier: "50 to 75"'),
    ("criteria", STORY, "    a: {points:", "    7: {points:"), ("criteria", STORY, "  name:", "  nam:"), ("criteria", STORY, "  options:", "  option:"),
    ("set", HONEY, "group: food", "grop: food"), ("set", HONEY, "  A: {max: 40}", "  A: {max: bốn mươi}"),
    ("set", HONEY, "{section: production, max: 18}", "{section: production, maximum: 18}"), ("set", HONEY, "{section: production, max: 18}", "{section: production}"),
    ("set", HONEY, "{use: production-capacity, max: 3}", "{use: production-capacity, max: 3, evidence: {ad: [material-origin]}}"),
    ("set", HONEY, "{use: production-capacity, max: 3}", "{used: production-capacity, max: 3}"), ("set", HONEY, "stars: 5", "stars: 6"),
    ("set", HONEY, '{commune_product_share: "(0, 50)", option: a}', '{commune_product_share: "(0, 50)"}'),
    ("set", HONEY, '{commune_product_share: "(0, 50)", option: a}', '{commune_product_share: "0 to 50", option: a}'),
    ("set", HONEY, '{commune_product_share: "(0, 50)", option: a}', '{"criterion 1.2": "(0, 50)", option: a}'),
    ("set", HONEY, "    options:\n", "    binary: 3\n    options:\n"), ("set", HONEY, '"1.4": {use', '"1.4 và 1.5 của phiếu": {use'),
    ("council", "councils/province.yaml", "decimals: 2", "decimals: 9"), ("council", "councils/province.yaml", "scorers: [chair", "scorers: [boss"),
    ("en", "en.yaml", '  en: "first-time"', '  eng: "first-time"'), ("en", "en.yaml", '- vi: "lần đầu"\n', "- "), ("en", "en.yaml", '  en: "first-time"', '  en: ""'),
    ("document", DECREE, "kind: decision", "kind: decisions"), ("document", DECREE, "effective: 2026-05-22", "effective: hôm nay"),
    ("document", DECREE, "  1: 2\n", "  1: hai\n"), ("document", DECREE, "  1: 2\n", "  khoản 1: 2\n"), ("document", DECREE, "{sets: 26}", "{set: 26}"),
    ("document", DECREE, "number: QĐ", "numer: QĐ"), ("document", DECREE, "{1: c, 2: 0, 3: đ}", "{1: c, 2: 5, 3: đ}"),
])  # fmt: skip
def test_an_editor_ticks_what_check_refuses(desk: Path, kind: str, file: str, old: str, new: str) -> None:
    """And the other way round: each edit is wrong for both, and without it neither says anything."""
    path = desk / "2026" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    spoilt = text.replace(old, new, 1)
    assert not ticks(kind, text)
    assert ticks(kind, spoilt)
    path.write_text(spoilt, encoding="utf-8")
    try:
        with pytest.raises(NodeError) as refused:
            load_rulebook(desk)
    finally:
        path.write_text(text, encoding="utf-8")
    assert path.name in {Path(p.position.file).name for p in errors(refused.value.problems) if p.position}


@pytest.mark.parametrize(("kind", "file", "old", "new"), [
    ("edition", HEAD, 'edition: "2026"', "edition: 2026"), ("edition", HEAD, "months: 36", 'months: "36"'), ("edition", HEAD, "[3, 4]", '["3", "4"]'),
    ("knock-outs", "knock-outs.yaml", "when: {forged_dossier: yes}", 'when: {forged_dossier: có, "part A": "[0, 5)", total: "[0, 10)"}'),
    ("criteria", STORY, "points: 1", 'points: "1"'), ("set", HONEY, "set: 4\n", 'set: "4"\n'), ("set", HONEY, "stars: 5", "stars: {rank: 5, reading: Trà và cam}"),
    ("set", HONEY, "{use: production-capacity, max: 3}", "{use: production-capacity, max: 3, stars: {}, notes: [Trà và cam]}"),
    ("set", HONEY, "{use: production-capacity, max: 3}", "{use: production-capacity, max: 3, options: {c: {text: Trà và cam}}, evidence: {add: [story]}}"),
    ("council", "councils/province.yaml", "decimals: 2", "decimals: 0"), ("document", DECREE, "  1: 2\n", "  1: {1: 0, 2: [a, b]}\n"),
    ("document", DECREE, "  13: 0\n", "  13: 0\n  14a: {1a: [a, a1], 2: đ}\n"), ("document", DECREE, "{forms: 3}", "{forms: [1, 2, 3], clauses: {1: 0}}"),
    ("document", DECREE, "complete: yes", "complete: có\nalso: [Quyết định 26]"),
])  # fmt: skip
def test_an_editor_leaves_alone_what_check_accepts(desk: Path, kind: str, file: str, old: str, new: str) -> None:
    """Other ways of writing a thing are right for both."""
    path = desk / "2026" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    assert not ticks(kind, changed)
    path.write_text(changed, encoding="utf-8")
    try:
        assert load_rulebook(desk).editions
    finally:
        path.write_text(text, encoding="utf-8")


DECISION = """edition: "2028"
amends: "2026"
decision: QĐ 15/2028
name: Bộ mới
issued: 2028-03-01
windows: [{kinds: [first], filed_from: 2028-04-15, reference: Điều 3}]
bands: {4: {reference: Điều 1}}
agencies: {bct: dropped}
"""
AMENDING = (
    ("edition", DECISION),
    ("criteria", "packaging: {reference: Điều 1 khoản 2, options: {c: {points: 2, stars: dropped}, d: {stars: 3}, e: dropped}}\nstory: dropped\n"),
    ("set", 'sheet:\n  "1.5": {stars: {d: 3}, reference: Điều 1 khoản 4}\n  "1.6": dropped\n'),
    ("knock-outs", "forged-dossier: {name: Giả mạo, reference: Điều 1}\n"), ("facts", "production_licence: {name: Giấy phép}\n"),
    ("council", "decimals: 3\n"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), AMENDING)
def test_an_amending_file_states_only_what_changes(kind: str, text: str) -> None:
    """It is right where an edition amends, and lacks keys where it stands alone; an edition file tells by itself which it is."""
    assert not ticks(kind, text, amending=True)
    alone = text.replace('amends: "2026"\n', "")
    assert ticks(kind, alone)


def test_what_an_amending_edition_says_for_itself_is_asked_for() -> None:
    """Its decision, name, days and windows are not inherited, and cannot be dropped."""
    assert ticks("edition", DECISION.replace("name: Bộ mới\n", ""))
    assert ticks("edition", DECISION.replace("issued: 2028-03-01", "issued: dropped"))


def test_a_set_that_is_like_another_writes_only_what_differs() -> None:
    """With ``like`` rows may say a part of themselves; number and name are asked for all the same."""
    text = 'set: 27\nname: "Nấm"\nlike: honey\nsheet:\n  "1.5": {max: 2}\n  "1.6": {stars: {d: 3}}\n'
    assert not ticks("set", text)
    assert ticks("set", text.replace("like: honey\n", ""))
    assert ticks("set", text.replace("set: 27\n", ""))


EXPECTED = """why: Vòng 2 được tính
source: QĐ 26/2026/QĐ-TTg, Điều 7
basis: computed
status: scored
total: {sum: 234, sheets: 3, text: "78.00"}
parts: {A: 95, B: 60, C: 79}
because:
  - STARS_BY_POINTS band-4
dates:
  renewal-closed: {day: 2026-06-17, missed: yes}
  certificate-end: 2029-08-28
council: {spread: 4, far: [], earlier: {1: 232/3}}
"""


@pytest.mark.parametrize(("old", "new"), [
    ("", ""), ("basis: computed", "basis: guessed"), ("why: Vòng 2 được tính\n", ""), ("status:", "statsu:"), ("{sum: 234,", "{summe: 234,"),
    ("parts: {A: 95, B: 60, C: 79}", "parts: [95, 60, 79]"), ("  - STARS_BY_POINTS band-4", "  STARS: 4"), ("spread: 4", "spreads: 4"),
])  # fmt: skip
def test_an_editor_and_the_suite_agree_about_expectations(old: str, new: str) -> None:
    """What `ocop test` cannot read is ticked, and nothing else."""
    text, reader = EXPECTED.replace(old, new, 1), Reader()
    read_expectation(parse(text, "expected/a.yaml"), reader)
    assert bool(ticks("expected", text)) == bool(reader.problems) == bool(old)


CASES = """bases:
  full:
    edition: 2026
    product.set: honey
    application.kind: first
    application.filed_on: 2026-05-22
    council.members: 5
    facts: {forged_dossier: no, province_product_share: 100}
    answers: {1.1: c, 2.4: yes, 3.5: "0"}
cases:
  full:
    base: 100 ★5/5/5
    1.1=- commune_product_share=0.0001: 98 ★5/5/5 derived:1.1=a
    sheets.role=chair|member council.level=central: no_quorum 100 ★5/5/5 quorum:2/4,no-chair
added:
  full:
    1.2=a: halted
"""


@pytest.mark.parametrize(("old", "new"), [
    ("", ""), ("base: 100", '"1.1=b  1.2=c": 100'), ("2.4: yes", "2.4: có"), ("halted", "97"), ("added:\n  full:\n    1.2=a: halted\n", ""),
    ("bases:", "base:"), ("    product.set: honey\n", ""), ("council.members: 5", "council.members: năm"), ("edition: 2026", "editon: 2026"),
    ("answers: {", "answer: {"), ("1.1: c", '1.1: ""'), ("facts: {forged_dossier: no, province_product_share: 100}", "facts: [forged_dossier]"),
    ("1.1=- commune", "1.1 commune"), ("sheets.role=", "sheets.rolle="), ("council.level=central", "council.levels=central"), ("1.2=a:", '"1.2=":'),
    ("no_quorum 100", "100 no_quorum"), ("derived:1.1=a", "derived"), ("halted", "[halted]"), ("halted", '""'), ("added:", "extra:"),
])  # fmt: skip
def test_an_editor_and_the_suite_agree_about_boundary_cases(tmp_path: Path, old: str, new: str) -> None:
    """What `ocop test` and `ocop boundaries` cannot read is ticked, and nothing else: the first five are other ways to write it."""
    path = tmp_path / "04-honey.yaml"
    assert old in CASES
    path.write_text(CASES.replace(old, new, 1), encoding="utf-8")
    try:
        refused = not read_boundaries(path, path.name).lines
    except NodeError:
        refused = True
    assert bool(ticks("boundaries", path.read_text(encoding="utf-8"))) == refused
    assert refused == ((old, new) not in RIGHT)


RIGHT = {("", ""), ("base: 100", '"1.1=b  1.2=c": 100'), ("2.4: yes", "2.4: có"), ("halted", "97"), ("added:\n  full:\n    1.2=a: halted\n", "")}  # fmt: skip


@pytest.mark.parametrize("text", [
    'calendar/*/stays: "Hạn luôn rơi vào ngày làm việc"', "honey/1.1/a: Vì vậy", "a/b:", "a b/c: Vì vậy", "a/b: [Vì vậy]", "- a/b", '"": Vì vậy',
])  # fmt: skip
def test_an_editor_and_the_workshop_agree_about_explained_mutants(tmp_path: Path, text: str) -> None:
    """A key without blanks, and a text why; the first two are right."""
    (tmp_path / "equivalent.yaml").write_text(text, encoding="utf-8")
    try:
        refused = not read_equivalents(tmp_path)
    except NodeError:
        refused = True
    assert bool(ticks("equivalent", text)) == refused
    assert refused == ("/stays" not in text and "honey" not in text)


def test_an_author_of_cases_is_told_what_the_fields_of_a_dossier_are() -> None:
    """In Vietnamese first, as in a dossier."""
    bases = rule_schema("boundaries")["properties"]["bases"]["patternProperties"]
    base = next(iter(bases.values()))["properties"]
    assert base["council.level"]["description"].startswith("Cấp đánh giá | ")
    assert set(base) >= {"product.set", "application.filed_on", "answers", "facts"}


# --- words -----------------------------------------------------------------------------------------------------------


def test_every_key_and_word_is_described_in_every_language() -> None:
    """And the catalogues describe nothing that no file has."""
    used = set(described())
    for group in ("keys", "allowed"):
        for language in languages():
            assert set(catalogue(language).words[group]) == {name for of, name in used if of == group}, language


def test_an_author_reads_vietnamese_first() -> None:
    """Hovering over a key shows what it means and how it is written; so does each word of a list."""
    edition, chosen = rule_schema("edition")["else"]["properties"], rule_schema("knock-outs")["patternProperties"]
    window = edition["windows"]["items"]["properties"]
    assert window["filed_until"]["description"].startswith("Nhận hồ sơ nộp đến hết ngày này")
    assert "Last day of filing" in window["filed_until"]["description"].split("\n\n")[1]
    assert "chính quyết định này" in window["reference"]["description"]
    assert window["filed_until"]["patternErrorMessage"].startswith("Nhận hồ sơ nộp đến hết ngày này")
    effect = next(iter(chosen.values()))["anyOf"][1]["properties"]["effect"]
    assert dict(zip(effect["enum"], effect["enumDescriptions"], strict=True))["halt"].startswith(
        "dừng, không đánh giá các bước sau | "
    )


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_shipped_schemas_are_those_of_the_forms(rules: Path, rulebook: Rulebook) -> None:
    """`make schema` writes them."""
    assert stale_schemas(rules, rulebook) == [], "run: make schema"
    assert {path.name for path in (rules / "schema").iterdir()} == set(schema_files(rulebook))


def test_check_says_when_a_schema_is_stale_and_schema_write_mends_it(tmp_path: Path) -> None:
    """A hint, no error; nothing is said where there are no schemas."""
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules, ignore=shutil.ignore_patterns("samples"))
    assert "SCHEMA_STALE" not in ocop("check", rules).stderr
    (rules / "schema" / "set.schema.json").write_text("{}", encoding="utf-8")
    said = ocop("check", rules)
    assert (said.returncode, said.stderr.count("set.schema.json không còn")) == (0, 1)
    assert ocop("schema", "--write", "--rules", rules).returncode == 0
    assert "SCHEMA_STALE" not in ocop("check", rules).stderr
    shutil.rmtree(rules / "schema")
    assert "SCHEMA_STALE" not in ocop("check", rules).stderr


def test_the_editor_settings_name_a_schema_for_every_rule_file(rules: Path) -> None:
    """Each file beside the rules has one, and each schema named is there."""
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    named = settings["yaml.schemas"]
    assert all((ROOT / schema).is_file() for schema in named)
    assert {f"{kind}.schema.json" for kind in RULE_FILES} <= {Path(schema).name for schema in named}
    assert set(AMENDABLE) < set(RULE_FILES)
    for path in sorted(rules.rglob("*.yaml")):
        inside = path.relative_to(ROOT).as_posix()
        fitting = [
            s for s, glob in named.items() if fnmatch.fnmatch(inside, glob) and inside.count("/") == glob.count("/")
        ]
        assert len(fitting) == 1, inside
