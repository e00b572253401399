"""Small helpers that several test files use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from dossiers import whole_sheet

from scoring_service.engine.dossier import Dossier, Sheet, SheetKind
from scoring_service.rulebook.facts import YesNo
from scoring_service.rulebook.model import Edition, Role

GOOD = ("valid", "met", "licence", "declaration")


def clean_facts(edition: Edition) -> dict[str, str]:
    """Yes/no facts that clear every knock-out, shares of 100 %, and a producer who may take part."""
    facts = {"producer_kind": "cooperative"} if "producer_kind" in edition.facts else {}
    for fact in edition.facts.values():
        if isinstance(fact.kind, YesNo) and fact.id != "foreign_language_host":
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


def filed(name: str, product_set: str, application: str, filed_on: dt.date | str, level: str, **more: Any) -> Dossier:
    """A dossier; days may be given as days."""
    given = {
        "product_name": name,
        "product_set": product_set,
        "application": application,
        "filed_on": filed_on,
        "level": level,
    }
    return Dossier(**{k: _iso(v) for k, v in (given | more).items()})


def sheet_by(
    assessor: str, answers: Mapping[str, str], kind: str = SheetKind.COUNCIL, role: str = Role.MEMBER, **more: Any
) -> Sheet:
    """A sheet of somebody."""
    return Sheet(assessor=assessor, answers=answers, kind=kind, role=role, **more)


def changed(it: Any, **changes: Any) -> Any:
    """A dossier or sheet with some fields changed; days may be given as days."""
    return replace(it, **{k: _iso(v) for k, v in changes.items()})


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def deep(data: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path."""
    here: Any = data
    for part in path.split("."):
        here = here[int(part)] if part.isdigit() else here[part]
    return here
