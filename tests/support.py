"""Small helpers that several test files use."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from dossiers import whole_sheet

from scoring_service.rulebook.model import Edition, FactKind

GOOD = ("valid", "met", "licence", "declaration")


def clean_facts(edition: Edition) -> dict[str, str]:
    """Yes/no facts that clear every knock-out, and shares of 100 %."""
    facts = {}
    for fact in edition.facts.values():
        if fact.kind is FactKind.YES_NO and fact.id != "foreign_language_host":
            facts[fact.id] = "yes" if fact.id.endswith(GOOD) else "no"
    return facts | {"province_product_share": "100"}


def honey(rules: Edition, /, *, total: int | None = 75, **changes: Any) -> dict[str, Any]:
    """A clean honey dossier in the shape of a file, with one whole sheet of the given total."""
    data: dict[str, Any] = {
        "product": {"name": "Mật ong Lục Ngạn (mẫu)", "set": "honey"},
        "application": {"kind": "first", "filed_on": "2026-06-01"},
        "council": {"level": "province"},
        "facts": clean_facts(rules),
        "sheets": [{"assessor": "Thành viên 1", "answers": whole_sheet(Random(7), rules.sets["4"], total)}],
    }
    return data | changes


def deep(data: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path."""
    here: Any = data
    for part in path.split("."):
        here = here[int(part)] if part.isdigit() else here[part]
    return here
