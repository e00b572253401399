"""Damaged files: whatever happens to a dossier or a rule file, the answer is a result or problems in two languages, never a crash."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from conftest import ROOT
from support import honey

from scoring_service.authoring.samples import sample_files
from scoring_service.dossier_files import DossierFile
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.rulebook.files import rule_files
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.load import load_edition
from scoring_service.rulebook.nodes import NodeError
from scoring_service.service.answers import assessment_to_pb
from scoring_service.service.requests import Wanted
from scoring_service.telling.teller import teller

SCRAPS = [
    s.encode()
    for s in (
        "[",
        "{",
        ": ",
        "- ",
        "&a ",
        "*a ",
        "\n",
        '"',
        "'",
        "!!x ",
        "9" * 30,
        "đ",
        "<<: ",
        "---\n",
        "\t",
        "%",
        "null",
        "-1",
        "{a: b}",
    )
]


def damaged(rng: Random, text: bytes) -> bytes:
    """A few bytes changed, cut out, put in or said twice."""
    data = bytearray(text)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randrange(1, 12)]
            case 2:
                data[at:at] = rng.choice(SCRAPS)
            case 3:
                data[at:at] = data[max(0, at - 30) : at]
    return bytes(data)


def try_dossiers(engine: Engine, folder: Path, count: int, seed: int) -> None:
    rng, samples, path = Random(seed), sample_files(ROOT / "rules"), folder / "dossier.yaml"
    results = 0
    for _ in range(count):
        path.write_bytes(damaged(rng, rng.choice(samples).read_bytes()))
        file = None
        try:
            file = DossierFile(path)
            case = engine.admit(file.dossier, found=file.problems)
            assessment_to_pb(Assessment(case, engine.decide(case)), Wanted())
            results += 1
        except DossierError as error:
            for problem in error.problems:
                assert all(teller(language).problem(problem) for language in ("vi", "en"))
            found = file.located(error.problems) if file else error.problems
            results -= not all(problem.where for problem in found)
    assert 0 < results < count


def try_rules(folder: Path, count: int, seed: int) -> None:
    rng, source = Random(seed), ROOT / "rules" / "2026"
    files = [p.relative_to(source) for p in rule_files(source)]
    broken = 0
    for index in range(count):
        copy = folder / str(index) / "2026"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("samples"))
        path = copy / rng.choice(files)
        path.write_bytes(damaged(rng, path.read_bytes()))
        try:
            load_edition(copy)
        except NodeError as error:
            broken += 1
            for problem in error.problems:
                assert problem.position
                assert teller("vi").problem(problem)
        shutil.rmtree(copy)
    assert broken


def test_damaged_dossiers(engine: Engine, tmp_path: Path) -> None:
    """Six hundred of them."""
    try_dossiers(engine, tmp_path, 600, seed=5)


def test_damaged_rule_files(tmp_path: Path) -> None:
    """Forty editions, each with one damaged file."""
    try_rules(tmp_path, 40, seed=6)


@pytest.mark.parametrize(("name", "text"), [
    ("a.yaml", "council: {level: province, members: --5}"), ("a.json", '{"a":' * 950 + "1" + "}" * 950), ("a.json", '{"product": {"name": "\\ud800"}}'),
    ("a.yaml", "[" * 5000), ("a.yaml", "council: {members: " + "9" * 5000 + "}"), ("a.yaml", "application: {filed_on: 2026-W23-1}"), ("a.yaml", "\x00"), ("a.json", "NaN"),
])  # fmt: skip
def test_known_traps(engine: Engine, tmp_path: Path, name: str, text: str) -> None:
    """Each of these broke something once."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DossierError) as error:
        engine.admit((file := DossierFile(tmp_path / name)).dossier, found=file.problems)
    assert all(teller("vi").problem(p) for p in error.value.problems)


def test_places_in_json(tmp_path: Path) -> None:
    """A JSON dossier is told its lines as a YAML one is."""
    path = tmp_path / "a.json"
    path.write_text('{\n  "product": {"name": "x", "set": "honey"},\n  "councl": {}\n}\n', encoding="utf-8")
    problems = DossierFile(path).problems
    assert {p.position.line for p in problems if p.code == "KEY_UNKNOWN" and p.position} == {3}


def test_names_are_not_markup(tmp_path: Path, rulebook: Rulebook) -> None:
    """What people write into names is printed as they wrote it."""
    data = honey(rulebook.editions["2026"], product={"name": "Mật ong [bold]x[/b]", "set": "honey"})
    sheet = data["sheets"][0]
    data["sheets"] = [{**sheet, "assessor": "A [/b] [red]"}, {**sheet, "assessor": "B"}]
    path = tmp_path / "dossier.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ocop")), "score", "--full", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[bold]x[/b]" in done.stdout
    assert "A [/b] [red]" in done.stdout


@pytest.mark.soak
def test_many_more_of_both(engine: Engine, tmp_path: Path) -> None:
    """The long form."""
    try_dossiers(engine, tmp_path, 20_000, seed=7)
    try_rules(tmp_path, 500, seed=8)
