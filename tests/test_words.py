"""Words as an office writes them: understood where they are clear, answered with what to write where they are not, in one language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from ocop import InvalidDossierError, ScoringClient
from ocop.scoring.v1 import scoring_pb2 as pb
from support import honey
from test_cli import ocop

from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import SHEET_FIELDS, Holds
from scoring_service.engine.engine import Engine
from scoring_service.engine.findings import SetByNumber
from scoring_service.engine.names import set_names
from scoring_service.plaintext import meant_day, word_key
from scoring_service.rulebook.library import Rulebook
from scoring_service.service.requests import dossier_from_pb
from scoring_service.telling.catalogue import called, catalogue, languages
from scoring_service.telling.teller import teller

SAMPLES = ROOT / "rules" / "2026" / "samples"
OFFICE = {
    "first": ("lần đầu", "  Lần  ĐẦU ", "first-time"),
    "province": ("tỉnh", "Tỉnh"),
    "honey": ("Mật ong, mật khác và nông sản thực phẩm khác", "mật ong,  mật khác và nông sản thực phẩm khác.", "Honey and other farm foods"),
    "meeting": ("họp", "Họp hội đồng", "meeting"),
    "council": ("phiếu của hội đồng", "hội đồng", "Council sheet"),
    "self": ("tự đánh giá", "Phiếu tự đánh giá", "self-assessment"),
    "chair": ("chủ tịch", "Chủ tịch hội đồng", "chairwoman"),
    "deputy": ("phó chủ tịch", "deputy chair"),
    "member": ("ủy viên", "uỷ viên", "Ủy viên"),
    "secretary": ("thư ký", "Thư ký"),
}  # fmt: skip


def council(rulebook: Rulebook, say: Any = str) -> dict[str, Any]:
    """A dossier of a whole council, its words as ``say`` has them."""
    data = honey(rulebook.editions["2026"])
    answers = data["sheets"][0]["answers"]
    roles = ("chair", "deputy", "member", "secretary")
    sheets = [
        {"assessor": f"T{i}", "kind": say("council"), "role": say(r), "answers": answers} for i, r in enumerate(roles)
    ]
    sheets.append({"assessor": "Chủ thể", "kind": say("self"), "answers": answers | {"1.1": "0"}})
    return data | {
        "product": {"name": "Mật ong", "set": say("honey")},
        "application": {"kind": say("first"), "filed_on": "2026-06-01"},
        "council": {"level": say("province"), "mode": say("meeting"), "members": 5},
        "sheets": sheets,
    }


def write(path: Path, data: dict[str, Any]) -> Path:
    data = json.loads(json.dumps(data))  # no part of it twice the same object, which YAML would write as an alias
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
    return path


def problems(path: Path, *options: str, lang: str = "vi") -> list[dict[str, str]]:
    """What ``ocop score`` has to say of a wrong file."""
    done = ocop("score", "--json", "--lang", lang, *options, path)
    assert done.returncode == 1, done.stdout
    found: list[dict[str, str]] = json.loads(done.stdout)["error"]["problems"]
    return found


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", range(3))
def test_the_words_of_the_office_give_the_same_verdict_as_ids(tmp_path: Path, rulebook: Rulebook, nth: int) -> None:
    """To the byte, whatever the spelling."""
    ids = write(tmp_path / "ids.yaml", council(rulebook))
    names = write(tmp_path / "names.yaml", council(rulebook, lambda word: OFFICE[word][nth % len(OFFICE[word])]))
    done = ocop("score", "--verdict", ids, names)
    assert done.returncode == 0, done.stderr
    one, other = done.stdout.splitlines()
    assert one == other


def test_the_service_takes_names_where_the_contract_has_words(address: str, rulebook: Rulebook) -> None:
    """Kind, level and set; its answer carries the ids. A set named by its name is not named by its number."""
    data = council(rulebook)
    named = data | {
        "product": {"name": "Mật ong", "set": OFFICE["honey"][0]},
        "application": {"kind": "lần đầu", "filed_on": "2026-06-01"},
        "council": data["council"] | {"level": "Tỉnh"},
    }
    with ScoringClient(address) as client:
        answers = [client.score(one, explain=pb.EXPLAIN_LEVEL_FULL) for one in (data, named)]
        assert answers[0] == answers[1]
        assert (answers[1].product_set, answers[1].level) == ("honey", "province")
        assert SetByNumber.code not in {f.code for f in answers[1].findings}
        assert client.score_sheet(OFFICE["honey"][1]) == client.score_sheet("honey")


def test_a_choice_is_known_by_its_name(engine: Engine, tmp_path: Path, rulebook: Rulebook) -> None:
    """`khá trở lên` is `good_or_fair`; what is none is answered with the words and what they are called."""
    data = council(rulebook)
    by_id, by_name, wrong = (
        write(tmp_path / f"{i}.yaml", data | {"facts": data["facts"] | {"cooperative_class": word}})
        for i, word in enumerate(("good_or_fair", "Khá trở lên", "xyz"))
    )
    one, other = ocop("score", "--verdict", by_id, by_name).stdout.splitlines()
    assert one == other
    (problem,) = problems(wrong)
    assert "average (trung bình), good_or_fair (khá trở lên)" in problem["text"]


@pytest.mark.parametrize(("place", "word", "code", "says"), [
    ("application.kind", "đột xuất", "APPLICATION_UNKNOWN", "Có thể dùng: first (lần đầu), upgrade (nâng hạng), renewal (đánh giá lại)."),
    ("application.kind", "lan dau", "APPLICATION_UNKNOWN", "Ý bạn là 'first' (lần đầu)?"),
    ("council.level", "thôn bản", "LEVEL_UNKNOWN", "Có thể dùng: province (tỉnh), central (trung ương)."),
    ("council.level", "huyện", "LEVEL_UNKNOWN", "province (tỉnh)"),
    ("council.level", "cấp tỉnh", "LEVEL_UNKNOWN", "Ý bạn là 'province' (tỉnh)?"),
    ("council.mode", "qua mạng", "MODE_UNKNOWN", "meeting (họp hội đồng), written (lấy ý kiến bằng văn bản)."),
    ("council.rules", "mới", "COUNCIL_RULES_UNKNOWN", "province (Hội đồng cấp tỉnh)"),
    ("product.set", "Mật ong, mật khác và nông sản khác", "SET_UNKNOWN", "Ý bạn là 'honey' (Mật ong, mật khác và nông sản thực phẩm khác)?"),
    ("product.set", "Mật ong", "SET_UNKNOWN", "Ý bạn là 'honey' (Mật ong, mật khác và nông sản thực phẩm khác)?"),
    ("product.set", "mat ong", "SET_UNKNOWN", "Ý bạn là 'honey' (Mật ong, mật khác và nông sản thực phẩm khác)?"),
    ("product.set", "thủy sản", "SET_UNKNOWN", "fresh-meat-fish-eggs-milk (Thịt, thủy sản, trứng, sữa tươi); meat-fish-egg-milk-products ("),
    ("sheets.1.role", "giám đốc", "ROLE_UNKNOWN", "chair (chủ tịch hội đồng), deputy (phó chủ tịch), member (ủy viên), secretary (thư ký)."),
    ("sheets.1.kind", "của ai đó", "SHEET_KIND_UNKNOWN", "self (Phiếu tự đánh giá)"),
])  # fmt: skip
def test_a_word_that_is_not_known_is_answered_with_those_that_are(
    tmp_path: Path, rulebook: Rulebook, place: str, word: str, code: str, says: str
) -> None:
    """Ids with their names, or the nearest one."""
    data = council(rulebook)
    *above, key = place.split(".")
    holder: Any = data
    for part in above:
        holder = holder[int(part)] if part.isdigit() else holder[part]
    holder[key] = word
    (problem,) = problems(write(tmp_path / "a.yaml", data))
    assert problem["code"] == code
    assert says in problem["text"]


def test_every_name_of_a_set_means_one_set(rulebook: Rulebook) -> None:
    """In each edition, whatever the case, the dashes and where the tone is written."""
    for edition in rulebook.editions.values():
        names = set_names(edition)
        for slug, one in edition.by_slug.items():
            for name in (
                one.name.vi,
                one.name.en,
                one.name.vi.upper(),
                one.name.vi.replace(" - ", " – "),
                f"{one.name.vi} .",
            ):
                assert names.id(name) == slug, name


def test_names_of_closed_lists_mean_one_word_each() -> None:
    """Also across languages; further spellings belong to words that there are."""
    for language in languages():
        words = catalogue(language)
        for group, more in words.also.items():
            assert set(more) <= set(words.words[group])
    for group in ("role", "mode", "sheet_kind"):
        keys: dict[str, str] = {}
        for name, word in called(group).items():
            assert keys.setdefault(word_key(name), word) == word, name


def test_the_schema_underlines_no_word_that_is_accepted(rulebook: Rulebook) -> None:
    """An editor completes ids and names."""
    schema = json.loads((ROOT / "rules" / "schema" / "dossier.schema.json").read_text(encoding="utf-8"))["properties"]
    assert {"first", "lần đầu"} <= set(schema["application"]["properties"]["kind"]["enum"])
    assert {"central", "trung ương"} <= set(schema["council"]["properties"]["level"]["enum"])
    sheet = schema["sheets"]["items"]["properties"]
    for one in SHEET_FIELDS:
        if one.of is Holds.CLOSED:
            group = "sheet_kind" if one.key == "kind" else one.key
            assert {*one.words, *called(group)} == set(sheet[one.key]["enum"])


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["12/8/2026", "12-8-2026", "12.8.2026", "12/08/2026", "ngày 12 tháng 8 năm 2026", "2026/8/12"]
)
def test_a_day_in_another_form_is_answered_with_the_form_to_write(
    tmp_path: Path, address: str, rulebook: Rulebook, given: str
) -> None:
    """Day first, as Vietnam writes it; to a program it is the suggestion of the problem."""
    data = council(rulebook)
    data["application"]["filed_on"] = given
    (problem,) = problems(write(tmp_path / "a.yaml", data))
    assert problem["code"] == "DATE_FORM"
    assert problem["text"] == f"'{given}' không phải ngày viết theo năm-tháng-ngày; hãy ghi 2026-08-12."
    with ScoringClient(address) as client, pytest.raises(InvalidDossierError) as error:
        client.score(data)
    (violation,) = error.value.violations
    assert (violation.code, violation.suggestion) == ("DATE_FORM", "2026-08-12")


@pytest.mark.parametrize("given", ["31/2/2026", "12/8/26", "tháng 8", "2026-02-30", "8/2026", "1/2/3/2026"])
def test_what_names_no_day_is_told_so(tmp_path: Path, rulebook: Rulebook, given: str) -> None:
    """Nothing is guessed."""
    assert meant_day(given) is None
    data = council(rulebook)
    data["application"]["filed_on"] = given
    (problem,) = problems(write(tmp_path / "a.yaml", data))
    assert problem["code"] == "DATE"


def test_days_in_the_wrong_order_are_named(tmp_path: Path, rulebook: Rulebook) -> None:
    """Which days they are."""
    data = council(rulebook)
    data["application"]["proposed_on"], data["council"]["decided_on"] = "2026-08-20", "2026-08-10"
    path = write(tmp_path / "a.yaml", data)
    assert problems(path)[0]["text"] == "Ngày quyết định 10/08/2026 sớm hơn ngày đề nghị 20/08/2026."
    assert problems(path, lang="en")[0]["text"].startswith(
        "The day of the decision, 2026-08-10, lies before the day of the"
    )


# --- everything at once, each thing once -----------------------------------------------------------------------------


def test_all_mistakes_of_a_file_are_told_in_one_run(tmp_path: Path, address: str, rulebook: Rulebook) -> None:
    """Shape, days, words, facts and answers, in the order of the file, here as at a server; the same on nine sheets is one."""
    data = council(rulebook)
    sheet = {"assesor": "A", "role": "giám đốc", "answers": {"1.1": "9", "9.9": "1"}}
    data |= {
        "prodct": "x",
        "product": {"name": "Mật ong", "set": "mật  ong"},
        "application": {"kind": "đột xuất", "filed_on": "12/8/2026"},
        "council": {"level": "thôn", "mode": "qua mạng", "members": "chín", "decided_on": "2026-02-30"},
        "facts": {"forged_dossier": "chắc", "local_labor_share": "60"},
        "sheets": [sheet | {"assessor": f"T{i}"} for i in range(9)],
    }
    path = write(tmp_path / "a.yaml", data)
    found = problems(path)
    assert sorted(p["code"] for p in found) == sorted([
        "KEY_UNKNOWN", "KEY_UNKNOWN", "SET_UNKNOWN", "APPLICATION_UNKNOWN", "DATE_FORM", "DATE", "LEVEL_UNKNOWN", "MODE_UNKNOWN", "INTEGER",
        "FACT_YES_NO", "FACT_UNKNOWN", "ROLE_UNKNOWN", "OPTION_UNKNOWN", "CRITERION_UNKNOWN",
    ])  # fmt: skip
    lines = [int(p["where"].rsplit(":", 2)[1]) for p in found]
    assert lines == sorted(lines)
    for problem in found:
        assert ("Lỗi này còn ở 8 phiếu khác: sheets[1], sheets[2]" in problem["text"]) == (
            problem["path"][:6] == "sheets"
        )
    there = {(p["code"], p["path"]) for p in problems(path, "--server", address)}
    left_out = "TOO_MANY_PROBLEMS" in {
        code for code, _ in there
    }  # a failed call carries no more than its trailers hold
    assert left_out or there == {(p["code"], p["path"]) for p in found}


def test_a_wrong_file_compared_with_itself_is_told_once(tmp_path: Path, rulebook: Rulebook) -> None:
    data = council(rulebook)
    data["council"]["level"] = "thôn"
    done = ocop("compare", "--left", "self", write(tmp_path / "a.yaml", data))
    assert done.returncode == 1
    assert done.stderr.count("LEVEL_UNKNOWN") == 1


def test_the_caret_stands_below_the_place_on_a_long_line(tmp_path: Path) -> None:
    """Of a line of 500 characters what is around the place is shown, and it fits the width."""
    blanks = " " * 300
    path = tmp_path / "a.yaml"
    path.write_text(
        "product: {name: X, set: honey}\napplication: {kind: first, filed_on: 2026-08-12}\ncouncil: {level: province}\n"
        f'sheets:\n  - {{assessor: "Nguyễn Thị Ánh", answers: {{"9.9": 1, {blanks}"99": 2, {" " * 150}"1.1": 7}}}}\n',
        encoding="utf-8",
    )
    said = ocop("score", path).stderr.splitlines()
    carets = [
        i for i, line in enumerate(said) if line.endswith("| " + line.split("| ")[-1]) and line.strip().endswith("^")
    ]
    assert len(carets) == 3
    for index, wanted in zip(carets, ('"9.9"', '"99"', "7"), strict=True):
        assert said[index - 1][said[index].index("^") :].startswith(wanted)
        assert len(said[index - 1]) <= 110


# --- comparison ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "lang", "titles"), [
    (["--left", "self", "2026/samples/self-help-team-and-commune.yaml"], "vi", ["tự đánh giá", "hội đồng"]),
    (["2023/samples/chu-noodles-district-3-stars.yaml", "2023/samples/chu-noodles-province-4-stars.yaml"], "vi", ["huyện", "tỉnh"]),
    (["2023/samples/three-editions-2023.yaml", "2026/samples/three-editions-2026.yaml"], "en", ["2023", "2026"]),
    (["2023/samples/chu-noodles-district-3-stars.yaml", "2026/samples/chu-noodles-4-stars.yaml"], "vi", ["huyện · 2023", "tỉnh · 2026"]),
    (["2026/samples/edge-70.yaml", "2026/samples/edge-69.yaml"], "en", ["edge-70.yaml", "edge-69.yaml"]),
    (["2026/samples/edge-70.yaml"], "en", ["the left", "the right"]),
])  # fmt: skip
def test_the_sides_of_a_comparison_are_titled_by_what_they_are(call: list[str], lang: str, titles: list[str]) -> None:
    """By what tells them apart; numbers carry one sign."""
    paths = [ROOT / "rules" / one if one.endswith(".yaml") else one for one in call]
    shown = ocop("compare", "--lang", lang, *paths).stdout
    assert re.split(r"\s{2,}", shown.splitlines()[1].strip("│ ")) == titles
    assert not re.search(r"[-\u2212]{2}|\u2212", shown)


def test_what_only_one_side_has_names_that_side(tmp_path: Path, rulebook: Rulebook, address: str) -> None:
    """The self-assessment or the council, the district or the province; the contract still says left or right."""
    data = council(rulebook)
    best = {c.number: c.options[-1].id for c in rulebook.editions["2026"].by_slug["honey"].criteria()}
    for sheet in data["sheets"]:
        sheet["answers"] = best if sheet["kind"] == "self" else best | {"5.1": "3"}
    path = write(tmp_path / "a.yaml", data)
    shown = " ".join(ocop("compare", "--left", "self", path).stdout.replace("│", " ").split())
    assert "Chỉ ở phiếu hội đồng: Tiêu chí 5.1" in shown
    assert "bên trái" not in shown
    with ScoringClient(address, languages=["vi"]) as client:
        found = client.compare(data, data, left_sheets=pb.SHEET_KIND_SELF)
    for one in (reason for reason in found.reasons if reason.side):
        side = {"left": "phiếu tự đánh giá", "right": "phiếu hội đồng"}[one.side]
        assert one.text[0].startswith(f"Chỉ ở {side}: ")
    assert any(reason.side for reason in found.reasons)


# --- one language ----------------------------------------------------------------------------------------------------

FOREIGN = re.compile(
    r"\b(?:the|is|are|not|of|must|with|and|found|expected|here|write|there|has|did|you|while|failed|cannot)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("name", "text"), [
    ("a.yaml", b"a: [1\nb: 2"), ("a.yaml", b'"a'), ("a.yaml", b"a:\n\t- b"), ("a.yaml", b"a: 1\x07"), ("a.yaml", b""), ("a.yaml", b"\xff\xfe"),
    ("a.yaml", b"a: &x 1"), ("a.yaml", b"a: !!str 1"), ("a.yaml", b"a: 1\na: 2"), ("a.yaml", b"[1]"), ("a.yaml", b"product: x\nsheets: {}\nfacts: [1]"),
    ("a.json", b'{"a": 1,}'), ("a.json", b'{"a": 1, "a": 2}'), ("a.json", b"[" * 60 + b"]" * 60), ("a.yaml", b"a: 1\n---\nb: 2"),
])  # fmt: skip
def test_what_is_wrong_is_told_in_one_language(tmp_path: Path, name: str, text: bytes) -> None:
    """What a parser says of it stands behind a sentence of ours, in quotation marks."""
    path = tmp_path / name
    path.write_bytes(text)
    for problem in problems(path):
        assert not FOREIGN.search(re.sub(r"“.*?”|'.*?'", "", problem["text"])), problem["text"]
    for call in (("compare", path), ("convert", path)):
        said = ocop(*call, "--lang", "vi").stderr
        assert "lỗi" in said


@pytest.mark.parametrize("text", [b'{"dossier": {"x": 1}}', b"{", b"\xff"])
def test_a_request_that_is_none_is_told_in_one_language(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)
    done = ocop("convert", "--back", path, "--lang", "vi")
    assert done.returncode == 2
    assert not FOREIGN.search(re.sub(r"“.*”", "", done.stderr.replace(str(path), ""))), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_word_of_no_list_is_told_over_the_wire_with_its_names(engine: Engine, rulebook: Rulebook) -> None:
    """An enum's zero: nothing missing becomes a vote, and the sentence says what there is."""
    message = pb.Dossier(
        product=pb.Product(set="honey"), application=pb.ProductApplication(kind="first", filed_on="2026-06-01")
    )
    message.council.level = "province"
    message.sheets.add(assessor="A", kind=pb.SHEET_KIND_COUNCIL)
    with pytest.raises(DossierError) as error:
        engine.admit(dossier_from_pb(message))
    (problem,) = error.value.problems
    assert "chair (chủ tịch hội đồng), deputy (phó chủ tịch)" in teller("vi").problem(problem)
