"""`ocop new`: a start that lacks only what the author alone can know, and says so place by place."""

from __future__ import annotations

import io
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import ROOT
from test_cli import ocop
from test_rule_schemas import as_an_editor

from scoring_service.authoring.rule_schemas import rule_schema
from scoring_service.authoring.samples import first_comment
from scoring_service.cli.main import main
from scoring_service.problems import Elsewhere, Problem, errors
from scoring_service.rulebook.files import editions_in
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.load import load_edition
from scoring_service.rulebook.nodes import NodeError
from scoring_service.rulebook.to_fill import BEGIN, mark

FILLED = {
    "edition.yaml": {
        "decision": "QĐ 15/2028/QĐ-TTg", "name": '"Bộ tiêu chí OCOP 2028"', "issued": "2028-03-01", "effective": "2028-04-15",
        "articles": "{1: 4, 2: 0, 3: 2}", "filed_from": "2028-04-15", "filed_until": "2028-04-14", "reference": "Điều 3 khoản 1", "annex": "Phụ lục",
    },
}  # fmt: skip
MARK = re.compile(r'"<điền: (?:[^"\\]|\\.)*>"')


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The shipped rules without their samples."""
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules, ignore=shutil.ignore_patterns("samples", "boundaries", "printed"))
    return rules


def new(rules: Path, *words: str, code: int = 0) -> str:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        assert main(["new", *words, "--rules", str(rules)]) == code, said.getvalue()
    return said.getvalue()


def refusals(rules: Path) -> list[Problem]:
    with pytest.raises(NodeError) as refused:
        load_rulebook(rules)
    return errors(refused.value.problems)


def told_elsewhere(problem: Problem) -> int:
    """How many further places the message of one speaks of."""
    return sum(more.count for more in problem.values.values() if isinstance(more, Elsewhere))


def marks_in(folder: Path) -> int:
    return sum(path.read_text(encoding="utf-8").count(BEGIN) for path in folder.rglob("*.yaml"))


def fill(path: Path, **values: str) -> None:
    """Write what an author would, line by line, by the key of the line."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key = line.strip().removeprefix("- ").partition(":")[0]
        lines.append(MARK.sub(values[key], line) if MARK.search(line) else line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("words", [
    (("edition", "2028"),),
    (("edition", "2028", "--from", "2026", "--amends", "--decision", "QĐ 15/2028/QĐ-TTg", "--issued", "2028-03-01"),),
    (("edition", "2028", "--whole"),),
    (("edition", "2028", "--whole", "--from", "2023"),),
    (("edition", "2028"), ("set", "2028", "mushrooms", "--like", "honey")),
    (("edition", "2028"), ("set", "2028", "mushrooms", "--number", "30", "--name", "Nấm")),
    (("edition", "2028", "--whole"), ("set", "2028", "mushrooms", "--like", "honey"), ("criterion", "2028", "seedlings")),
    (("edition", "2028"), ("criterion", "2028", "seedlings"), ("criterion", "2028", "spores", "--like", "local-labour")),
    (("set", "2026", "mushrooms"),),
    (("criterion", "2026", "spores", "--like", "contract-partner"),),
])  # fmt: skip
def test_what_is_new_is_refused_only_by_what_is_to_be_filled_in(desk: Path, words: tuple[tuple[str, ...], ...]) -> None:
    """Every mark once, at its place, and nothing else; no line is too long for a screen but by a mark."""
    if words[0][0] == "criterion":
        shared = (desk / "2026" / "criteria").glob("*.yaml")
        key = re.findall(r"^([a-z-]+):\n", "".join(p.read_text(encoding="utf-8") for p in shared), re.MULTILINE)[0]
        words = (("criterion", "2026", "spores", "--like", key),)
    for one in words:
        new(desk, *one)
    found = refusals(desk)
    assert {p.code for p in found} == {"TO_FILL_IN"}
    assert sum(1 + told_elsewhere(p) for p in found) == sum(marks_in(desk / edition) for edition in ("2026", "2028"))
    assert all(p.values["what"] and p.excerpt.find(BEGIN) >= 0 for p in found)
    assert len({p.position for p in found}) == len(found)


def test_an_amending_decree_is_filled_in_and_loads(desk: Path) -> None:
    """Nine answers, and the edition is there: the older one's rules, its own window."""
    new(desk, "edition", "2028")
    fill(desk / "2028" / "edition.yaml", **FILLED["edition.yaml"])
    rulebook = load_rulebook(desk)
    edition = rulebook.editions["2028"]
    assert (edition.decision, edition.amends, len(edition.sets)) == ("QĐ 15/2028/QĐ-TTg", "2026", 26)
    path = desk / "2028" / "edition.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")  # as some editors leave it
    assert "Đã thêm vào cuối" in new(desk, "set", "2028", "mushrooms", "--like", "honey", "--name", "Nấm ăn")
    fill(desk / "2028" / "edition.yaml", **FILLED["edition.yaml"])
    added = load_rulebook(desk).editions["2028"].by_slug["mushrooms"]
    assert (added.number, added.name.vi) == ("27", "Nấm ăn")
    assert len(list(added.criteria())) == len(list(edition.by_slug["honey"].criteria()))


def test_a_whole_edition_says_everything_itself_and_cites_nothing_unasked(desk: Path) -> None:
    """Filled in, it judges as its pattern does; each article of the older decision is asked for anew."""
    new(desk, "edition", "2028", "--whole")
    text = (desk / "2028" / "edition.yaml").read_text(encoding="utf-8")
    assert "amends" not in text.replace("sửa đổi", "")
    assert (
        text.count("bộ cũ ghi Điều")
        == (desk / "2026" / "edition.yaml").read_text(encoding="utf-8").count("reference:") - 1
    )
    for path in (desk / "2028").rglob("*.yaml"):
        path.write_text(
            re.sub(r"reference: " + MARK.pattern, "reference: Điều 3 khoản 1", path.read_text(encoding="utf-8")),
            encoding="utf-8",
        )
    fill(desk / "2028" / "edition.yaml", **FILLED["edition.yaml"])
    path = desk / "2028" / "edition.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "articles: {1: 4, 2: 0, 3: 2}", "articles: {3: 1}\n  annexes: [Phụ lục]"
        ),
        encoding="utf-8",
    )
    old, edition = (load_rulebook(desk).editions[name] for name in ("2026", "2028"))
    assert edition.amends == ""
    for slug, product_set in edition.by_slug.items():
        assert [c.options for c in product_set.criteria()] != []
        assert [(c.number, c.max, c.key) for c in product_set.criteria()] == [
            (c.number, c.max, c.key) for c in old.by_slug[slug].criteria()
        ]
        assert {c.reference.partition(",")[0] for c in product_set.criteria()} == {"QĐ 15/2028/QĐ-TTg"}


def test_a_criterion_like_another_has_its_options_and_rules(desk: Path) -> None:
    """Points, stars, words and derivations are taken over letter by letter; the name is asked for."""
    new(desk, "criterion", "2026", "work-places", "--like", "local-labour")
    path = desk / "2026" / "criteria" / "work-places.yaml"
    assert "Mẫu: Sử dụng lao động địa phương" in path.read_text(encoding="utf-8")
    fill(path, name='"Việc làm"')
    sheet = desk / "2026" / "sets" / "04-honey.yaml"
    text = sheet.read_text(encoding="utf-8")
    assert "use: local-labour" in text
    sheet.write_text(text.replace("use: local-labour", "use: work-places"), encoding="utf-8")
    edition = load_rulebook(desk).editions["2026"]
    mine = next(c for c in edition.by_slug["honey"].criteria() if c.key == "work-places")
    theirs = next(c for s in edition.sets.values() for c in s.criteria() if c.key == "local-labour")
    assert [(o.id, o.points, o.name) for o in mine.options] == [(o.id, o.points, o.name) for o in theirs.options]
    assert [(d.when, d.option, d.unclear) for d in mine.derive] == [
        (d.when, d.option, d.unclear) for d in theirs.derive
    ]
    assert mine.evidence == theirs.evidence


@pytest.mark.parametrize(("words", "says"), [
    (("edition", "2026"), "đã có và không bị ghi đè"), (("edition", "documents"), "đã có và không bị ghi đè"),
    (("edition", "../2028"), "không dùng làm mã được"), (("edition", "Bộ mới"), "không dùng làm mã được"),
    (("edition", "2028", "--from", "2062"), "Ý bạn là '2026'?"), (("edition", "2028", "--issued", "1/3/2028"), "không phải ngày có thật"),
    (("set", "2026", "honey"), "2026/sets/04-honey.yaml đã có"), (("set", "2026", "nam", "--like", "hony"), "Ý bạn là 'honey'?"),
    (("set", "2026", "nam", "--number", "4"), "Bộ 4 đã có trong 2026/sets/04-honey.yaml"), (("set", "2026", "Nấm"), "không dùng làm mã được"),
    (("set", "2062", "nam"), "Ý bạn là '2026'?"), (("criterion", "2026", "packaging"), "Tiêu chí 'packaging' đã có ở 2026/criteria"),
    (("criterion", "2026", "x", "--like", "packagin"), "Ý bạn là 'packaging'?"), (("samples", "2062"), "Ý bạn là '2026'?"),
])  # fmt: skip
def test_nothing_is_overwritten_and_a_name_must_be_one(desk: Path, words: tuple[str, ...], says: str) -> None:
    """The call is refused in one sentence, and no file was touched."""
    before = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    assert says in new(desk, *words, code=2)
    assert {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()} == before


def test_a_part_of_an_edition_cannot_be_copied_as_a_whole_one(desk: Path) -> None:
    """An amending edition is no pattern for a whole one; its base is named."""
    new(desk, "edition", "2028")
    assert "--from 2026" in new(desk, "edition", "2030", "--whole", "--from", "2028", code=2)
    new(desk, "edition", "2030", "--from", "2028")
    assert editions_in(desk).keys() >= {"2028", "2030"}


AMENDING = """\
edition: "2028"
amends: "2026"
decision: "QĐ 15/2028/QĐ-TTg"
name: "Sửa đổi 2028"
issued: 2028-03-01
document: {effective: 2028-04-15, articles: {1: 4}}
windows:
  - {kinds: [first, upgrade], filed_from: 2028-04-15, reference: Điều 1}
  - {kinds: [renewal], filed_from: 2029-01-01, reference: Điều 1}
closes:
  - {edition: "2026", kinds: [first, upgrade], filed_until: 2028-04-14, reference: Điều 1}
  - {edition: "2026", kinds: [renewal], filed_until: 2028-12-31, reference: Điều 1}
"""
"""Takes renewals later than other dossiers."""
HONEY = """\
reference: Điều 1
sheet:
  "1.4":
    name: Năng lực sản xuất đáp ứng phân phối
    options:
      a: {points: 0, text: "Năng lực, quy mô sản xuất nhỏ"}
      b: {points: 1, text: "Năng lực, quy mô sản xuất trung bình"}
      c: {points: 2, text: "Năng lực, quy mô sản xuất lớn"}
    reference: Điều 1
  "1.8": {name: Mã số vùng nuôi ong, options: {a: {points: 0, text: Không}, b: {points: 1, text: Có}}, reference: Điều 1}
"""
"""A criterion more, and another one worth less."""


@pytest.fixture
def ported(desk: Path) -> tuple[Path, str]:
    """The samples of 2026 in an edition that drops an option and a point, adds an option and a criterion: where, and what was said."""
    shutil.copytree(ROOT / "rules" / "2026" / "samples", desk / "2026" / "samples")
    (desk / "2028" / "criteria").mkdir(parents=True)
    (desk / "2028" / "edition.yaml").write_text(AMENDING, encoding="utf-8")
    packaging = "packaging: {reference: Điều 1 khoản 2, options: {b: dropped, x: {points: 2, text: Bao bì giấy}}}\n"
    (desk / "2028" / "criteria" / "changes.yaml").write_text(packaging, encoding="utf-8")
    (desk / "2028" / "sets").mkdir()
    (desk / "2028" / "sets" / "04-honey.yaml").write_text(HONEY, encoding="utf-8")
    return desk / "2028" / "samples", new(desk, "samples", "2028")


def test_samples_are_ported_with_the_days_and_the_options_of_the_new_edition(ported: tuple[Path, str]) -> None:
    """Days move with the first day of filing of their kind, answers follow their options as ``ocop carry`` has them."""
    samples, said = ported
    assert len(list(samples.glob("*.yaml"))) > 75
    edge = (samples / "edge-70.yaml").read_text(encoding="utf-8")
    assert "filed_on: 2028-07-06" in edge  # 2026-08-12 and 694 days, as many as lie between 2026-05-22 and 2028-04-15
    assert '"2.2": c,' in edge  # 2 points name no one option any more
    renewal = (samples / "renewal-cinnamon-oil.yaml").read_text(encoding="utf-8")
    assert "filed_on: 2029-02-15" in renewal  # 2026-07-06 and 955 days
    assert "694, 955 ngày" in said
    done = ocop(
        "score",
        "--json",
        "--rules",
        samples.parent.parent,
        samples / "edge-70.yaml",
        samples / "renewal-cinnamon-oil.yaml",
    )
    assert done.stdout.count('"edition": "2028"') == 2


def test_a_ported_sample_says_that_its_comment_is_of_the_older_edition(ported: tuple[Path, str]) -> None:
    """The comment stays word for word, with its days; what the editor reads stays the first line."""
    samples, _ = ported
    older = (samples.parent.parent / "2026" / "samples" / "renewal-filed-too-early.yaml").read_text(encoding="utf-8")
    lines = (samples / "renewal-filed-too-early.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# yaml-language-server:")
    assert lines[1] == "# Chuyển từ hồ sơ mẫu renewal-filed-too-early của bộ 2026, mọi ngày dời 955 ngày."
    assert lines[2] == "#"
    assert "viết cho bộ 2026" in lines[3]
    assert lines[4] == older.splitlines()[1]
    assert "03/07/2026" in lines[4]
    honey = (samples / "luc-ngan-honey-central-below-90.yaml").read_text(encoding="utf-8").splitlines()
    assert honey[2] == "# Tiêu chí mới, chưa có điểm: 1.8 Mã số vùng nuôi ong."


def test_each_sample_that_stays_behind_has_its_own_reason(ported: tuple[Path, str]) -> None:
    """An option that is gone, what was wrong before, and at a second run that it is there."""
    samples, said = ported
    why = dict(line.strip().split(": ", 1) for line in said.splitlines() if line.startswith("  "))
    assert why.keys() == {p.stem for p in (samples.parent.parent / "2026" / "samples").glob("*.yaml")} - {
        p.stem for p in samples.glob("*.yaml")
    }
    assert why["bad-answers-and-facts"].startswith("không chấm được theo bộ 2026: 'nine' không dùng được")
    gone = [name for name, text in why.items() if "tiêu chí 2.2" in text and "cần chấm lại" in text]
    assert len(gone) >= 2, why
    again = new(samples.parent.parent, "samples", "2028")
    assert "  edge-70: bộ 2028 đã có hồ sơ mẫu tên này\n" in again


def test_an_accepted_port_says_where_it_comes_from(ported: tuple[Path, str]) -> None:
    """The reason that ``ocop test --accept`` writes is that it was ported and what it lacks, not what held in the older edition."""
    moved = "Chuyển từ hồ sơ mẫu edge-70 của bộ 2026, mọi ngày dời 694 ngày."
    assert first_comment(ported[0] / "edge-70.yaml") == moved
    lacks = first_comment(ported[0] / "luc-ngan-honey-central-below-90.yaml")
    assert lacks.endswith("dời 694 ngày. Tiêu chí mới, chưa có điểm: 1.8 Mã số vùng nuôi ong.")


def test_an_accepted_port_guards_what_the_older_sample_guarded(ported: tuple[Path, str]) -> None:
    """The council and the days that the older expectation wrote, as they are now, beside what every new one has."""
    samples, _ = ported
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        assert (
            main(
                [
                    "test",
                    str(samples.parent.parent),
                    "--accept",
                    "2028/samples/council-spread-10",
                    "2028/samples/edge-70",
                ]
            )
            == 0
        )
    written, older = (
        yaml.safe_load((folder / "samples" / "expected" / "council-spread-10.yaml").read_text(encoding="utf-8"))
        for folder in (samples.parent, samples.parent.parent / "2026")
    )
    assert written.keys() >= older.keys()
    assert written["council"].keys() == older["council"].keys()
    assert (written["edition"], written["council"]["spread"]) == ("2028", 10)
    plain = yaml.safe_load((samples / "expected" / "edge-70.yaml").read_text(encoding="utf-8"))
    assert not plain.keys() & {"council", "dates"}
    band = load_rulebook(samples.parent.parent).editions["2028"].bands
    assert plain["source"] == next(one.reference for one in band if one.stars == 4)


def test_porting_names_the_facts_that_no_sample_states(desk: Path, ported: tuple[Path, str]) -> None:
    """A fact that the new edition asks of every dossier leaves all ported results provisional; once a sample states it, nothing is said."""
    samples, said = ported
    assert "tạm thời" not in said
    for path in [*samples.glob("*.yaml"), *samples.glob("expected/*")]:
        path.unlink()
    (desk / "2028" / "facts.yaml").write_text("fined: {kind: yes_no, name: Bị xử phạt}\n", encoding="utf-8")
    rule = "fined: {effect: disqualify, when: {fined: yes}, name: chủ thể bị xử phạt, reference: Điều 1}\n"
    (desk / "2028" / "knock-outs.yaml").write_text(rule, encoding="utf-8")
    with (desk / "2028" / "sets" / "04-honey.yaml").open("a", encoding="utf-8") as file:
        file.write("knock_outs: {add: [fined]}\n")
    assert "chưa mẫu nào trong số này khai (kết quả còn tạm thời): fined (Bị xử phạt).\n" in new(
        desk, "samples", "2028"
    )


LONG = "Mã số vùng nuôi ong do cơ quan chuyên môn cấp, còn hiệu lực đến ngày nộp hồ sơ; tổ hợp tác thì mã số của từng thành viên"


@pytest.fixture
def untranslated(desk: Path) -> Path:
    """An edition with words that have no English: a long one, one with two blanks in a row, one with quotes."""
    (desk / "2028" / "sets").mkdir(parents=True)
    (desk / "2028" / "edition.yaml").write_text(AMENDING, encoding="utf-8")
    texts = HONEY.replace("text: Không", f'text: "{LONG}"').replace(
        "text: Có", f"text: '{LONG.replace(' ', '  ')} \"A\"'"
    )
    (desk / "2028" / "sets" / "04-honey.yaml").write_text(texts, encoding="utf-8")
    return desk


def missing(rules: Path) -> list[int]:
    """How many texts have no English, as each warning of the edition says, which has no other."""
    warnings = load_edition(rules / "2028").warnings
    assert {one.code for one in warnings} <= {"TRANSLATION_MISSING"}, warnings
    return [int(str(one.values["count"])) for one in warnings]


def test_words_without_english_get_a_pair_to_fill_in(untranslated: Path) -> None:
    """To the letter, once; until it is filled in the edition counts, the text is missing, and Vietnamese is shown."""
    catalogue = untranslated / "2028" / "en.yaml"
    before = missing(untranslated)
    assert before == [4]
    assert "4 cặp" in new(untranslated, "words", "2028")
    assert [pair["vi"] for pair in yaml.safe_load(catalogue.read_text(encoding="utf-8"))][2:] == [
        LONG,
        f'{LONG.replace(" ", "  ")} "A"',
    ]
    assert missing(untranslated) == before
    options = load_edition(untranslated / "2028").by_slug["honey"].criteria()
    assert LONG in [option.name["en"] for criterion in options for option in criterion.options]
    written = catalogue.read_text(encoding="utf-8")
    assert "đã có cặp" in new(untranslated, "words", "2028")
    assert catalogue.read_text(encoding="utf-8") == written
    catalogue.write_text(MARK.sub('"Amended in 2028"', written, count=1), encoding="utf-8")
    assert missing(untranslated) == [3]


def test_pairs_are_added_behind_those_that_are_there(untranslated: Path) -> None:
    """What cannot be added to is left as it is, and the command says so."""
    catalogue = untranslated / "2028" / "en.yaml"
    own = '# Của năm 2028.\n- {vi: "Sửa đổi 2028", en: "Amended in 2028"}'
    catalogue.write_text(own, encoding="utf-8")
    new(untranslated, "words", "2028")
    assert catalogue.read_text(encoding="utf-8").startswith(f"{own}\n- vi: ")
    assert missing(untranslated) == [3]
    flow = '[{vi: "Sửa đổi 2028", en: "Amended in 2028"}]\n'
    catalogue.write_text(flow, encoding="utf-8")
    assert "không thêm cặp" in new(untranslated, "words", "2028", code=2)
    assert catalogue.read_text(encoding="utf-8") == flow
    assert "Ý bạn là '2028'" in new(untranslated, "words", "20288", code=2)


def test_new_files_are_right_in_an_editor_but_for_what_is_to_be_filled_in(desk: Path) -> None:
    """Each names a schema that is there, and breaks it only at the marks."""
    for words in (
        ("edition", "2028"),
        ("set", "2028", "mushrooms"),
        ("set", "2028", "snails", "--like", "honey"),
        ("criterion", "2028", "spores"),
    ):
        new(desk, *words)
    kinds = {"edition.yaml": "edition", "sets": "set", "criteria": "criteria"}
    for path in (desk / "2028").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert named is not None
        assert (path.parent / named[1]).resolve().is_file(), path
        kind = kinds.get(path.name) or kinds[path.parent.name]
        schema = rule_schema(kind, amending=".amending." in named[1])
        for error in jsonschema.Draft202012Validator(schema).iter_errors(as_an_editor(text)):
            leaves = [error, *(error.context or ())]
            assert any(BEGIN in str(leaf.instance) for leaf in leaves), (path, error.message)


BANDS = 'bands: {{5: {{mean: "[90, 100]", reference: Điều 3}}, 4: {{mean: {}, reference: Điều 3}}, 3: {{mean: "[0, 70)", reference: Điều 3}}}}'


@pytest.mark.parametrize("line", [
    "issued: {}", "decision: {}", "total: {}", BANDS, "windows: {}", "annex: {}", "remarks: [{}]", "certificate: {{months: {}, reference: Điều 4}}",
    "proving: {{evidence: [{}], reading: Giấy tờ}}", "document: {{effective: {}}}", "document: {{effective: 2026-05-22, articles: {{1: {}}}}}",
])  # fmt: skip
def test_a_mark_has_one_message_wherever_it_stands(desk: Path, line: str) -> None:
    """A day, a number, a range, a list, a whole block: what is still to be written is wrong in no other way."""
    path = desk / "2026" / "edition.yaml"
    text = path.read_text(encoding="utf-8")
    key = line.partition(":")[0]
    without = re.sub(rf"^{key}:.*\n(?: .*\n|\n)*", "", text, flags=re.MULTILINE)
    for other in ("2019", "2023", "documents"):
        shutil.rmtree(desk / other)
    path.write_text(without.rstrip("\n") + "\n" + line.format(f'"{mark("trà và cam")}"') + "\n", encoding="utf-8")
    assert [(p.code, p.values) for p in refusals(desk)] == [("TO_FILL_IN", {"what": "trà và cam"})]


def test_a_bare_mark_names_its_key(desk: Path) -> None:
    """An author may write the mark alone."""
    path = desk / "2026" / "councils" / "province.yaml"
    path.write_text(re.sub(r"decimals: \d", 'decimals: "<điền>"', path.read_text(encoding="utf-8")), encoding="utf-8")
    assert "Còn phải điền: decimals." in re.sub(r"\s+", " ", ocop("check", desk).stderr)
