"""The schema of dossier files, for editors: built from the rules, so that facts and levels are always those of the editions."""

from __future__ import annotations

from typing import Any

from scoring_service.engine.dossier import SheetKind
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.model import MODES, ROLES, Fact, FactKind


def dossier_schema(rulebook: Rulebook) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of a dossier file."""
    editions = list(rulebook.editions.values())
    facts = {f.id: _fact(f) for e in editions for f in e.facts.values()}
    kinds = {k: v for e in editions for k, v in e.kinds.items()}
    levels = {v.id: v.name for e in editions for v in e.levels}
    councils = list(dict.fromkeys(c for e in editions for c in e.councils))
    day = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "năm-tháng-ngày | year-month-day"}
    sets = [
        {"const": s.slug, "description": f"bộ {s.id}: {s.name.vi} | {s.name.en}"} for s in editions[-1].sets.values()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Hồ sơ OCOP | OCOP dossier",
        **_object(
            {
                "product": _object(
                    {
                        "name": {"type": "string", "description": "Tên sản phẩm | product name"},
                        "code": {"type": "string", "description": "Mã sản phẩm T-X-STT-20yy | product code"},
                        "set": {
                            "description": "Bộ sản phẩm: số hoặc tên ngắn | product set: number or short name",
                            "anyOf": [{"type": "integer"}, *sets, {"type": "string"}],
                        },
                    },
                    ("name", "set"),
                ),
                "application": _object(
                    {
                        "kind": {
                            "enum": list(kinds),
                            "description": "; ".join(f"{k}: {v.vi} | {v.en}" for k, v in kinds.items()),
                        },
                        "filed_on": day,
                        "proposed_on": day,
                        "complete_on": day,
                        "expires_on": day,
                    },
                    ("kind", "filed_on"),
                ),
                "council": _object(
                    {
                        "level": {
                            "enum": list(levels),
                            "description": "; ".join(f"{k}: {v.vi} | {v.en}" for k, v in levels.items()),
                        },
                        "decided_on": day,
                        "rules": {"enum": councils, "description": "Tệp hội đồng | council file"},
                        "members": {
                            "type": "integer",
                            "minimum": 1,
                            "description": "Số thành viên | size of the council",
                        },
                        "mode": {"enum": list(MODES), "description": "họp | lấy ý kiến bằng văn bản"},
                    },
                    ("level",),
                ),
                "facts": {
                    **_object(facts, ()),
                    "description": "Dữ kiện đã biết; bỏ trống là chưa rõ | known facts; absent is unknown",
                },
                "sheets": {
                    "type": "array",
                    "items": _object(
                        {
                            "assessor": {"type": "string", "description": "Người chấm | who scored"},
                            "kind": {
                                "enum": list(SheetKind),
                                "description": "Chỉ phiếu hội đồng được tính | only council sheets count",
                            },
                            "role": {
                                "enum": list(ROLES),
                                "description": "Vai trò trong hội đồng | place in the council",
                            },
                            "round": {"type": "integer", "minimum": 1, "description": "Lần chấm | round of scoring"},
                            "edition": {
                                "enum": [e.id for e in editions],
                                "description": "Phiếu theo mẫu của bộ tiêu chí nào | whose form",
                            },
                            "answers": {
                                "type": "object",
                                "description": "Số tiêu chí: mã mức hoặc điểm | criterion number: option id or points",
                                "additionalProperties": {"type": ["integer", "string"]},
                            },
                        },
                        ("answers",),
                    ),
                },
                "edition": {
                    "enum": [e.id for e in editions],
                    "description": "Tính thử theo một bộ tiêu chí | what-if under one edition",
                },
                "note": {"type": "string", "description": "Ghi chú tự do | free remark"},
            },
            ("product", "application", "council", "sheets"),
        ),
    }


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _fact(fact: Fact) -> dict[str, Any]:
    description = f"{fact.name.vi} | {fact.name.en}"
    unknown = "unknown"
    values: dict[FactKind, dict[str, Any]] = {
        FactKind.YES_NO: {"enum": [True, False, "yes", "no", "có", "không", unknown]},
        FactKind.PERCENT: {"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, {"type": "string"}]},
        FactKind.COUNT: {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]},
        FactKind.CHOICE: {"enum": [*fact.choices, unknown]},
    }
    return {**values[fact.kind], "description": description}
