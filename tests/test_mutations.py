"""Damaged files: whatever happens to a dossier or a rule file, the answer is a result or problems in two languages, never a crash."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from conftest import ROOT
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.cli.dossier_files import DossierFile
from scoring_service.cli.samples import sample_files
from scoring_service.engine.assess import Engine
from scoring_service.engine.dossier import DossierError
from scoring_service.rulebook.library import ChoiceError
from scoring_service.rulebook.load import load_edition, rule_files
from scoring_service.rulebook.nodes import NodeError
from scoring_service.service.convert import assessment_to_pb

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
            assessment_to_pb(engine.assess(file.dossier), pb.EXPLAIN_LEVEL_FULL)
            results += 1
        except (DossierError, ChoiceError) as error:
            for problem in error.problems:
                assert problem.message.vi
                assert problem.message.en
                assert file is None or file.located(problem).where
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
                assert problem.message.vi
        shutil.rmtree(copy)
    assert broken


def test_damaged_dossiers(engine: Engine, tmp_path: Path) -> None:
    """Six hundred of them."""
    try_dossiers(engine, tmp_path, 600, seed=5)


def test_damaged_rule_files(tmp_path: Path) -> None:
    """Forty editions, each with one damaged file."""
    try_rules(tmp_path, 40, seed=6)


@pytest.mark.soak
def test_many_more_of_both(engine: Engine, tmp_path: Path) -> None:
    """The long form."""
    try_dossiers(engine, tmp_path, 20_000, seed=7)
    try_rules(tmp_path, 500, seed=8)
