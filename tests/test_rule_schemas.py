"""What an editor is told of rule files comes from the forms that read them: both accept and refuse the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT

from scoring_service.cli.schema import rule_schema

FILES = {
    "edition": "*/edition.yaml",
    "facts": "*/facts.yaml",
    "knock-outs": "*/knock-outs.yaml",
    "criteria": "*/criteria/*.yaml",
    "set": "*/sets/*.yaml",
    "council": "*/councils/*.yaml",
}


class Editor(yaml.SafeLoader):
    """YAML as editors read it: numbers and booleans are such, days stay text, keys are text."""

    def construct_mapping(self, node: Any, *, deep: bool = False) -> dict[str, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(("timestamp", "int:sexagesimal"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def schema(kind: str) -> dict[str, Any]:
    return json.loads(json.dumps(rule_schema(kind, amending=False)))


def as_an_editor(text: str) -> Any:
    return yaml.load(text, Loader=Editor)


@pytest.mark.parametrize("kind", FILES)
def test_every_shipped_file_is_valid_in_an_editor(kind: str) -> None:
    """Nothing that loads is ticked as wrong."""
    validator = jsonschema.Draft202012Validator(schema(kind))
    paths = sorted((ROOT / "rules").glob(FILES[kind]))
    assert len(paths) >= 3
    for path in paths:
        errors = [
            f"{path.parts[-2:]} {list(e.path)}: {e.message[:120]}"
            for e in validator.iter_errors(as_an_editor(path.read_text(encoding="utf-8")))
        ]
        assert not errors, errors[:3]


@pytest.mark.parametrize(("kind", "file", "old", "new"), [
    ("edition", "edition.yaml", "issued: 2026-05-22", "isued: 2026-05-22"), ("edition", "edition.yaml", "months: 36", "months: 360"),
    ("edition", "edition.yaml", "recognises: [3, 4]", "recognises: [3, 6]"), ("edition", "edition.yaml", 'mean: "[70, 90)"', 'mean: "70 to 90"'),
    ("facts", "facts.yaml", "kind: percent", "kind: percentage"), ("knock-outs", "knock-outs.yaml", "effect: reject", "effect: expel"),
    ("criteria", "criteria/story.yaml", "    a: {points:", "    7: {points:"), ("criteria", "criteria/story.yaml", "  name:", "  nam:"),
    ("set", "sets/04-honey.yaml", "group: food", "grop: food"), ("council", "councils/province.yaml", "decimals: 2", "decimals: 9"),
])  # fmt: skip
def test_an_editor_ticks_what_check_refuses(kind: str, file: str, old: str, new: str) -> None:
    """The same edits that `ocop check` refuses (test_rule_files) are wrong by the schema."""
    text = (ROOT / "rules" / "2026" / Path(file)).read_text(encoding="utf-8")
    assert old in text
    validator = jsonschema.Draft202012Validator(schema(kind))
    assert not list(validator.iter_errors(as_an_editor(text)))
    assert list(validator.iter_errors(as_an_editor(text.replace(old, new, 1))))
