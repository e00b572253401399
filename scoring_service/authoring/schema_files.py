"""The folder ``schema/`` beside the editions: what editors are told of every kind of file, fresh or said to be stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scoring_service.authoring.dossier_schema import dossier_schema
from scoring_service.authoring.rule_schemas import AMENDABLE, RULE_FILES, rule_schema
from scoring_service.rulebook.folder import is_edition
from scoring_service.rulebook.library import Rulebook

FOLDER, _SUFFIX = "schema", ".schema.json"
_DOSSIER = f"dossier{_SUFFIX}"


def schema_files(rulebook: Rulebook) -> dict[str, str]:
    """Every schema by the name of its file in the folder beside the editions."""
    found: dict[str, Any] = {_DOSSIER: dossier_schema(rulebook)}
    found |= {f"{kind}{_SUFFIX}": rule_schema(kind) for kind in RULE_FILES}
    found |= {f"{kind}.amending{_SUFFIX}": rule_schema(kind, amending=True) for kind in AMENDABLE}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in found.items()}


def stale_schemas(rules: Path, rulebook: Rulebook) -> list[str]:
    """Names of the schemas that are missing, or say something else than the rules do now.

    Nothing is said where the rules have no folder of schemas. That of dossiers is left out where ``rules`` is one edition alone, since
    it lists what all of them have.
    """
    alone = is_edition(rules)
    folder = (rules.resolve().parent if alone else rules) / FOLDER
    if not folder.is_dir():
        return []
    made = {name: text for name, text in schema_files(rulebook).items() if not (alone and name == _DOSSIER)}
    return [name for name, text in made.items() if _kept(folder / name) != text]


def write_schemas(rules: Path, rulebook: Rulebook) -> list[Path]:
    """Write every schema beside the editions of ``rules``; the files in order."""
    folder = rules / FOLDER
    folder.mkdir(exist_ok=True)
    written = []
    for name, text in schema_files(rulebook).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _kept(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
