"""The mistakes authors make, each with exactly what they are told: ``tests/mistakes/*.yaml``, written without Python (see README there)."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scoring_service.cli.shown import told
from scoring_service.problems import Problem
from scoring_service.rulebook.library import load_rulebook
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import teller

ROOT = Path(__file__).resolve().parent.parent
MISTAKES = sorted((ROOT / "tests" / "mistakes").glob("*.yaml"))
NOT_RULES = shutil.ignore_patterns("samples", "boundaries", "printed")
TOLD = "# What is told. Written by: make mistakes\n"
TCVN3 = {
    "ă": 0xA8,
    "â": 0xA9,
    "ê": 0xAA,
    "ô": 0xAB,
    "ơ": 0xAC,
    "ư": 0xAD,
    "đ": 0xAE,
    "à": 0xB5,
    "ả": 0xB6,
    "á": 0xB8,
    "ạ": 0xB9,
}


def encoded(text: str, name: str) -> bytes:
    """A text as an editor would save it; letters that the encoding lacks become question marks."""
    if name == "tcvn3":
        return bytes(TCVN3.get(char, ord(char) if char.isascii() else 0xB5) for char in text)
    return text.encode(name, "replace")


def make(change: dict[str, str], edition: Path) -> None:
    """One change of a copied edition."""
    path = edition / str(change.get("file") or change.get("delete") or change.get("rename"))
    if "delete" in change:
        path.unlink()
    elif "rename" in change:
        (edition / change["to"]).parent.mkdir(parents=True, exist_ok=True)
        path.rename(edition / change["to"])
    elif "write" in change:
        path.write_text(change["write"] or "", encoding="utf-8")
    elif "save_as" in change:
        path.write_bytes(encoded(path.read_text(encoding="utf-8"), change["save_as"]))
    else:
        text = path.read_text(encoding="utf-8")
        assert change["find"] in text, f"{path}: {change['find']}"
        path.write_text(text.replace(change["find"], change["replace"], 1), encoding="utf-8")


def copied(editions: Iterable[str], folder: Path) -> None:
    """Editions and the registry of documents, without what decides nothing."""
    shutil.copytree(ROOT / "rules" / "documents", folder / "documents")
    for edition in editions:
        shutil.copytree(ROOT / "rules" / edition, folder / edition, ignore=NOT_RULES)


def found_in(folder: Path) -> list[Problem]:
    """Everything that is wrong there."""
    try:
        return list(load_rulebook(folder).warnings)
    except NodeError as error:
        return error.problems


def gist(problem: Problem) -> object:
    """A problem wherever its line has moved to."""
    values = {name: value for name, value in problem.values.items() if name != "elsewhere"}
    return problem.code, problem.position and problem.position.file, repr(values)


@lru_cache
def told_anyway(editions: tuple[str, ...]) -> frozenset[object]:
    """What is told of these editions without any mistake."""
    with tempfile.TemporaryDirectory() as folder:
        copied(editions, Path(folder) / "rules")
        return frozenset(gist(problem) for problem in found_in(Path(folder) / "rules"))


def problems(mistake: dict[str, Any], folder: Path) -> list[Problem]:
    """What the mistake adds to what is told of the copied editions."""
    editions = tuple(mistake.get("editions", ["2026"]))
    copied(editions, folder)
    for change in mistake["changes"]:
        make(change, folder / editions[-1])
    return [problem for problem in found_in(folder) if gist(problem) not in told_anyway(editions)]


def say(found: list[Problem], language: str) -> str:
    """What a person reads of it."""
    to = teller(language)
    return "".join(f"{p.where} {to.word('weight', p.weight)} {p.code}\n  {p.text}\n" for p in told(found, to))


def expected(mistake: dict[str, Any], folder: Path) -> dict[str, str]:
    found = problems(mistake, folder)
    return {language: say(found, language).replace(str(folder), "rules") for language in ("vi", "en")}


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_the_author_is_told(path: Path, tmp_path: Path) -> None:
    """One cause, one message, at its place, in the author's words; nothing of the parser's own English."""
    mistake = yaml.safe_load(path.read_text(encoding="utf-8"))
    got = expected(mistake, tmp_path / "rules")
    assert got == {language: mistake[language] for language in got}, "read it as an author would; then: make mistakes"


QUOTED = re.compile(r"'[^']*'|“[^”]*”|\"[^\"]*\"|^ *\d{4}\S*:\d+:\d+", re.MULTILINE)
VIETNAMESE = re.compile(r"[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|is|are|here|with|and|or|it|expected|found|did|not)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_each_language_is_told_alone(path: Path) -> None:
    """Beside what is quoted from the rules, and names of documents and articles."""
    mistake = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "REFERENCE_" not in mistake["en"]:
        assert not VIETNAMESE.search(QUOTED.sub("", mistake["en"])), mistake["en"]
    assert not ENGLISH.search(QUOTED.sub("", mistake["vi"])), mistake["vi"]


def test_what_explains_nothing_is_never_told() -> None:
    """The sentence for lines that no rule explains is for what nobody foresaw: none of these mistakes is that."""
    told_codes = {
        line.split()[2]
        for path in MISTAKES
        for line in path.read_text(encoding="utf-8").splitlines()
        if " lỗi " in line[:120] and line.startswith("  2")
    }
    assert len(told_codes) > 50
    assert "YAML" not in told_codes


def write(paths: list[Path], folder: Path) -> Iterator[Path]:
    """Write what is told into the files of mistakes."""
    for path in paths:
        head = path.read_text(encoding="utf-8").partition(TOLD)[0].rstrip("\n")
        shutil.rmtree(folder, ignore_errors=True)
        got = expected(yaml.safe_load(head), folder)
        body = "".join(
            f"{lang}: |\n" + "".join(f"  {line}\n" for line in text.splitlines()) for lang, text in got.items()
        )
        path.write_text(f"{head}\n\n{TOLD}{body}", encoding="utf-8")
        yield path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        named = [Path(name) for name in sys.argv[1:]] or MISTAKES
        print(f"{len(list(write(named, Path(temporary) / 'rules')))} written; review them with git diff")
