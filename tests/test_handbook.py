"""The handbook of rule authors is walked as it is written: its files make the decree, its commands print what it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from demo import handbook

LANGUAGES = list(handbook.PAGES)


def page(language: str) -> str:
    return handbook.PAGES[language].read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_of_the_handbook_print_what_it_shows(language: str, tmp_path: Path) -> None:
    """From an empty folder to a green suite; where a command prints something else now, `make docs` writes the page anew."""
    assert handbook.walked(language, tmp_path) == page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_construct_is_shown_by_a_real_criterion(language: str) -> None:
    """The pieces of the last chapter stand in the rule files, letter by letter."""
    pieces = re.findall(r"^```yaml\n# (?:trích|from) (rules/\S+)\n(.*?)^```$", page(language), re.MULTILINE | re.DOTALL)
    assert len(pieces) > 12
    for name, piece in pieces:
        assert piece in (ROOT / name).read_text(encoding="utf-8"), name


def test_both_pages_tell_one_story() -> None:
    """The same files and the same commands, in the same order."""
    told = [re.findall(r"^\$ .*$|^# rules/[^`]*", page(language), re.MULTILINE) for language in LANGUAGES]
    assert told[0] == told[1]
    assert len(told[0]) > 15
