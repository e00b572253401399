"""The contract keeps its word: limits, codes, words, other languages, and files that any parser reads."""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import ROOT
from dossiers import random_dossier
from google.protobuf import json_format
from ocop import ScoringClient
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.authoring.samples import sample_files
from scoring_service.cli.codes import codes_page
from scoring_service.dossier_files import DossierFile
from scoring_service.engine import dossier as declared
from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import DOSSIER_FIELDS, SHEET_FIELDS, Holds
from scoring_service.engine.engine import Engine
from scoring_service.engine.findings import StatedFact, types
from scoring_service.problems import Span
from scoring_service.rulebook.facts import Interval
from scoring_service.rulebook.library import Rulebook
from scoring_service.service import values
from scoring_service.service.answers import assessment_to_pb
from scoring_service.service.requests import Wanted, dossier_from_pb, dossier_to_pb
from scoring_service.service.verdicts import verdict_to_pb
from scoring_service.telling.catalogue import catalogue, languages
from scoring_service.telling.teller import teller

PROTO = (ROOT / "proto" / "ocop" / "scoring" / "v1" / "scoring.proto").read_text(encoding="utf-8")
SERVICE = ROOT / "scoring_service"
GOLDEN = ROOT / "clients" / "examples" / "golden"
OCOP = str(Path(sys.executable).with_name("ocop"))


# --- words -----------------------------------------------------------------------------------------------------------


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SERVICE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_every_finding_has_its_sentence_in_every_language() -> None:
    """A type without a sentence, a sentence without a type, or one that wants a value the type does not have: named here."""
    wanted = {one.code: set(one.own) for one in types()}
    for language in languages():
        said = catalogue(language).findings
        assert set(said) == set(wanted), language
        for code, template in said.items():
            assert template.names() <= wanted[code], (language, code)


def test_every_problem_of_the_code_has_its_sentence_with_its_values() -> None:
    """Each place that notes a problem gives the values that its sentences need, and no sentence is left over."""
    given: dict[str, set[str]] = {}
    for _, tree in sources():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"[A-Z]+(_[A-Z]+)+|[A-Z]{3,}", node.value)
            ):
                given.setdefault(node.value, set())
    for language in languages():
        for code in catalogue(language).problems:
            assert code in given or code.startswith("FACT_"), f"{language}: nothing notes {code}"
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if (
                name not in {"add", "problem", "_problem"}
                or not node.args
                or not isinstance(node.args[0], ast.Constant)
            ):
                continue
            code, values = node.args[0].value, {k.arg for k in node.keywords}
            for language in languages():
                if isinstance(code, str) and code.isupper():
                    assert catalogue(language).problems[code].names() <= values, (
                        path.name,
                        node.lineno,
                        language,
                        code,
                    )


def test_the_catalogues_say_the_same_things() -> None:
    """One set of keys and one set of places, whatever the language."""
    first, *others = (catalogue(language) for language in languages())
    for other in others:
        for section in ("findings", "problems", "sentences"):
            mine, theirs = getattr(first, section), getattr(other, section)
            assert set(mine) == set(theirs), section
            for code, template in mine.items():
                assert template.names() == theirs[code].names(), code
        assert set(first.screen) == set(other.screen)
        assert {g: set(w) for g, w in first.words.items()} == {g: set(w) for g, w in other.words.items()}
        assert set(first.nouns) == set(other.nouns)
        for _, code, template in other.templates():
            specs = {place.spec for place in template.places if place.spec}
            assert specs <= set(other.nouns) | set(other.words) | set(other.sentences), code


NOT_FOR_PEOPLE = {n for n, e in vars(builtins).items() if isinstance(e, type) and issubclass(e, Exception)}


def strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string that may reach people, an f-string as a whole. Left out are those for programmers: docstrings,
    names of what is kept, what built-in errors say.
    """
    match node:
        case ast.Expr(ast.Constant()) | ast.Call(func=ast.Attribute(attr="kept")):
            return
        case ast.Raise(exc=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))) if name in NOT_FOR_PEOPLE:
            return
        case ast.JoinedStr(values=values):
            yield node.lineno, "".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in values)
        case ast.Constant(value=str(text)):
            yield node.lineno, text
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from strings(child)


def test_no_sentence_for_people_stands_in_the_code() -> None:
    """Sentences stand in the catalogues and rule files only: no Vietnamese in the code, and no three words of English."""
    excepted = {
        "rulebook/facts.py": "words that files may use for yes, no and unknown",
        "rulebook/label.py": "labels that we supply, in both languages",
        "rulebook/read_sheets.py": "decisions are cited in their own language",
        "rulebook/sources.py": "decisions are cited in their own language",
        "rulebook/citations.py": "decisions are cited in their own language",
        "rulebook/documents.py": "the same",
        "rulebook/yaml_errors.py": "what the parser says, to be said in other words",
        "cli/codes.py": "a page of the documentation, which is English",
    }
    letters = re.compile(r"[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)
    word = re.compile(r"(?<!\S)[\"'(]*[a-z][a-z']*[.,;:!?)\"']*(?!\S)", re.IGNORECASE)
    for path, tree in sources():
        name = path.relative_to(SERVICE).as_posix()
        for line, text in strings(tree) if name not in excepted else ():
            assert not (letters.search(text) and " " in text), f"{name}:{line}: {text[:60]}"
            assert len(word.findall(text)) < 3, f"{name}:{line}: {text[:60]}"


def test_the_page_of_codes_is_up_to_date() -> None:
    """Every code of a finding and of a problem with its values, from the types and catalogues."""
    assert (ROOT / "docs" / "codes.md").read_text(encoding="utf-8") == codes_page(), "run: make docs"


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field", [f for f in (*DOSSIER_FIELDS, *SHEET_FIELDS) if f.of in {Holds.TEXT, Holds.WORD}], ids=lambda f: f.path
)
def test_the_contract_states_the_limit_of_every_text(field: declared.Field) -> None:
    """The comment of the field says how many characters it takes, and that is what is enforced."""
    holder = {"product": "Product", "application": "ProductApplication", "council": "DossierCouncil"}.get(
        field.path.rpartition(".")[0]
    )
    message = holder or ("Sheet" if field in SHEET_FIELDS else "Dossier")
    body = re.search(rf"^message {message} \{{\n(.*?)^\}}", PROTO, re.MULTILINE | re.DOTALL)
    assert body
    comment = re.search(rf"((?:^  //.*\n)+)  string {field.key} = ", body[1], re.MULTILINE)
    assert comment
    assert f"At most {field.limit} characters" in re.sub(r"\s*//\s*", " ", comment[1])


# --- dossiers as messages and as files -------------------------------------------------------------------------------


def good_samples() -> list[Path]:
    found = []
    for path in sample_files(ROOT / "rules"):
        try:
            if not DossierFile(path).problems:
                found.append(path)
        except DossierError:
            continue
    return found


def test_every_sample_survives_protobuf_json() -> None:
    """File → message → JSON → message: the same bytes; and the dossier of the message is the dossier of the file."""
    for path in good_samples():
        message = dossier_to_pb(DossierFile(path).dossier)
        back = json_format.Parse(json_format.MessageToJson(message), pb.Dossier())
        assert back.SerializeToString(deterministic=True) == message.SerializeToString(deterministic=True), path
        assert dossier_to_pb(dossier_from_pb(back)) == message, path


def test_convert_there_and_back(tmp_path: Path) -> None:
    """`ocop convert` and `--back`: the second request is the first."""
    for path in good_samples()[::20]:
        first = subprocess.run([OCOP, "convert", str(path)], capture_output=True, text=True, check=True).stdout
        (tmp_path / "request.json").write_text(first, encoding="utf-8")
        file = subprocess.run(
            [OCOP, "convert", "--back", str(tmp_path / "request.json")], capture_output=True, text=True, check=True
        ).stdout
        (tmp_path / "dossier.json").write_text(file, encoding="utf-8")
        second = subprocess.run(
            [OCOP, "convert", str(tmp_path / "dossier.json")], capture_output=True, text=True, check=True
        ).stdout
        assert json.loads(first) == json.loads(second), path


def test_closing_brackets_stand_deeper_than_their_key() -> None:
    """YAML 1.2 wants it, and strict parsers of other languages refuse a file without it."""
    for path in sample_files(ROOT / "rules"):
        key = 0
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            indent = len(line) - len(line.lstrip())
            if re.match(r"\s*(- )?\w+: [{\[]$", line):
                key = indent
            assert not re.fullmatch(r"\s*[}\]]", line) or indent > key, f"{path}:{number}"


def golden() -> list[Path]:
    return sorted(GOLDEN.glob("*.request.json"))


@pytest.mark.parametrize("path", golden(), ids=lambda p: p.stem)
def test_the_golden_pairs_are_what_the_service_answers(path: Path, address: str) -> None:
    """For tests in other languages: a request and its answer in protobuf JSON. `make golden` writes them anew."""
    request = json_format.Parse(path.read_text(encoding="utf-8"), pb.ScoreRequest())
    with ScoringClient(address) as client:
        got = json_format.MessageToDict(client.score(request.dossier))
    want = json.loads(path.with_name(path.name.replace("request", "answer")).read_text(encoding="utf-8"))["assessment"]
    assert got == want, "run: make golden"


def test_the_message_of_a_verdict_says_what_its_canonical_form_says(engine: Engine) -> None:
    """Random dossiers of every product set of every edition: no field is lost, changed or impossible to send."""
    seen: set[str] = set()
    for edition in engine.rulebook.editions.values():
        for product_set in edition.sets.values():
            rng = Random(f"{edition.id}/{product_set.slug}")
            for _ in range(12):
                case = engine.admit(random_dossier(rng, edition, product_set))
                verdict = engine.decide(case)
                message = verdict_to_pb(case, verdict)
                plain = json.loads(verdict.canonical())
                sums, parts, sheets = (plain.pop(name) for name in ("sums", "parts", "sheets"))
                assert [one.sum if one.HasField("sum") else None for one in message.sums] == sums
                assert [one.sum for one in message.parts] == parts
                for sent, sheet in zip(message.sheets, sheets, strict=True):
                    assert [(m.option, m.points) for m in sent.marks] == [
                        (m["option"], m["points"]) for m in sheet["marks"] if m
                    ]
                assert_says(message, plain)
                seen |= {name for name, value in plain.items() if value}
    assert {"outs", "open", "missed", "stars", "days"} <= seen


def assert_says(message: Any, plain: Mapping[str, Any]) -> None:
    """Every field of ``plain`` stands in the message, and what is absent there is absent here."""
    for name, value in plain.items():
        if value is None:
            assert not message.HasField(name), name
        elif isinstance(value, list):
            for sent, one in zip(getattr(message, name), value, strict=True):
                # A pair says who, and what was read there.
                pair = (
                    dict(zip((f.name for f in sent.DESCRIPTOR.fields), one, strict=False))
                    if isinstance(one, list)
                    else one
                )
                assert_says(sent, pair) if isinstance(pair, dict) else assert_is(sent, pair)
        else:
            assert_is(getattr(message, name), value, message.DESCRIPTOR.fields_by_name[name].enum_type)


def assert_is(sent: Any, value: Any, enum: Any = None) -> None:
    """A leaf, or a message of its own, is what the canonical form says."""
    if enum is not None:
        assert enum.values_by_number[sent].name.endswith(f"_{value}".upper())
    elif isinstance(sent, pb.Fraction):
        assert Fraction(sent.numerator, sent.denominator) == Fraction(value)
    elif isinstance(sent, pb.SourcePlace):
        assert value.startswith(f"{sent.file}:{sent.line}")
    elif isinstance(sent, pb.Points):
        assert (sent.sum, sent.sheets, sent.max) == (value["sum"], value["sheets"], value["max"])
    elif isinstance(value, dict):
        assert_says(sent, value)
    else:
        assert sent == value


def test_what_was_encoded_before_changes_no_answer(rulebook: Rulebook) -> None:
    """A thousand random dossiers, answered by an engine that has answered others and by one that has not: the same bytes."""
    warm = Engine(rulebook)
    wanted = Wanted(pb.EXPLAIN_LEVEL_SHEET, ("vi", "en"))
    edition = rulebook.editions["2026"]
    for product_set in list(edition.sets.values())[::5]:
        rng, cold = Random(product_set.slug), Engine(rulebook)
        for index in range(200):
            dossier = random_dossier(rng, edition, product_set)
            cold = cold if index % 20 else Engine(rulebook)
            one, other = (assessment_to_pb(engine.assess(dossier), wanted) for engine in (warm, cold))
            assert one.SerializeToString() == other.SerializeToString()
            assert [to.finding(f) for f in warm.assess(dossier).findings for to in (teller("vi"),)] == [
                f.text[0] for f in one.findings
            ]


# --- other languages -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Node example with its packages, where Node and its registry are at hand."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    folder = ROOT / ".cache" / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "score.mjs"):
        shutil.copy(ROOT / "clients" / "examples" / "node" / name, folder)
    done = subprocess.run(
        ["npm", "install", "--silent", "--no-package-lock", "--prefix", str(folder)],
        capture_output=True,
        check=False,
        timeout=240,
    )
    if done.returncode != 0:
        pytest.skip("the packages of the Node example could not be installed")
    return folder


def test_no_name_of_the_contract_clashes_in_other_languages() -> None:
    """Neither with gRPC's own types nor with those that a language or browser has."""
    names = set(pb.DESCRIPTOR.message_types_by_name) | set(pb.DESCRIPTOR.enum_types_by_name)
    assert not names & {
        "Status",
        "Text",
        "Option",
        "Application",
        "Error",
        "Object",
        "String",
        "Map",
        "Date",
        "Level",
        "Part",
    }


@pytest.mark.parametrize(("language", "wanted"), [("java", "vn/ocop/scoring/v1/Assessment.java"), ("csharp", "Scoring.cs"), ("php", "Ocop/Scoring/V1/Assessment.php"),
                                                  ("ruby", "ocop/scoring/v1/scoring_pb.rb")])  # fmt: skip
def test_messages_are_generated_for_other_languages(language: str, wanted: str, tmp_path: Path) -> None:
    """By protoc, where it is at hand: Python's tools bring the generators of Python only."""
    protoc = shutil.which("protoc")
    if protoc is None:
        pytest.skip("protoc is not installed")
    command = [
        protoc,
        "--experimental_allow_proto3_optional",
        "-Iproto",
        f"--{language}_out={tmp_path}",
        "proto/ocop/scoring/v1/scoring.proto",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    assert (tmp_path / wanted).is_file()


def test_types_are_generated_for_typescript(node: Path, tmp_path: Path) -> None:
    """By proto-loader's own generator: a file for each message, and one that ties them together."""
    tool = node / "node_modules" / ".bin" / "proto-loader-gen-types"
    subprocess.run(
        [tool, "-I", "proto", "-O", str(tmp_path), "--grpcLib=@grpc/grpc-js", "ocop/scoring/v1/scoring.proto"],
        cwd=ROOT,
        check=True,
    )
    made = {path.stem for path in (tmp_path / "ocop" / "scoring" / "v1").glob("*.ts")}
    assert set(pb.DESCRIPTOR.message_types_by_name) <= made


def from_node(folder: Path, address: str, request: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "OCOP_PROTO": str(ROOT / "proto")}
    return subprocess.run(
        ["node", "score.mjs", address, str(request)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_node_scores_and_reads_reasons(node: Path, address: str) -> None:
    """The example as its page says, with nothing of ours."""
    done = from_node(node, address, GOLDEN / "held-at-3.request.json")
    assert done.returncode == 0, done.stderr
    assert "ASSESSMENT_STATUS_SCORED 3 sao" in done.stdout
    assert "HELD_BACK" in done.stdout


def test_a_misspelt_self_assessment_from_node_is_no_vote(node: Path, address: str, tmp_path: Path) -> None:
    """protobufjs writes an unknown enum word as 0. A second sheet of kind "self" once was averaged into the council's total."""
    request = json.loads((GOLDEN / "held-at-3.request.json").read_text(encoding="utf-8"))
    own = {**request["dossier"]["sheets"][0], "assessor": "Chủ thể", "kind": "self"}
    request["dossier"]["sheets"].append(own)
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    done = from_node(node, address, path)
    assert done.returncode == 1
    assert "sheets[1].kind SHEET_KIND_UNKNOWN" in done.stderr


def test_the_file_and_the_published_contract_are_one() -> None:
    """What is served is what is published; `buf breaking` says which changes may be."""
    published = ROOT / "published" / "proto" / "ocop" / "scoring" / "v1" / "scoring.proto"
    assert published.read_text(encoding="utf-8") == PROTO, "run: make proto-lint, then make publish"


def test_nothing_has_to_be_parsed_out_of_a_value(engine: Engine) -> None:
    """Ranges, shares, days and stated facts are typed; text is left for names, ids and places of files."""
    told = values.named_values(
        {
            "band": Interval(Decimal(70), Decimal(90), low_closed=True, high_closed=False),
            "open": Interval(None, Decimal("62.5"), low_closed=False, high_closed=True),
            "share": Fraction(2, 3),
            "periods": (Span("district", None, date(2025, 7, 5)),),
            "stated": StatedFact(engine.rulebook.editions["2026"].facts["local_labour_share"], "62.5"),
        },
        values.voice(("vi",)),
    )
    assert {one.id: one.values[0] for one in told} == {
        "band": pb.Value(range=pb.Range(low="70", high="90", low_included=True)),
        "open": pb.Value(range=pb.Range(high="62.5", high_included=True)),
        "share": pb.Value(fraction=pb.Fraction(numerator=2, denominator=3, text="0.67")),
        "periods": pb.Value(days=pb.DaySpan(last="2025-07-05")),
        "stated": pb.Value(stated=pb.ReadFact(fact="local_labour_share", value="62.5")),
    }


def test_every_type_of_finding_has_its_rule() -> None:
    """A type that no rule of ``explain`` makes is forgotten, whatever the catalogues say of it."""
    rooms = (ROOT / "scoring_service" / "engine" / "explain").glob("*.py")
    trees = [ast.parse(room.read_text(encoding="utf-8")) for room in rooms]
    named = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert [one.__name__ for one in types() if one.__name__ not in named] == []
