"""The forms of edition.yaml and councils/."""

from __future__ import annotations

import datetime as dt

from scoring_service.rulebook.forms import (
    NAMED,
    RANK,
    Custom,
    Day,
    Either,
    Form,
    Keys,
    ListOf,
    MapOf,
    OneOf,
    Plain,
    Reading,
    Reference,
    Text,
    Whole,
    Words,
    YesNo,
)
from scoring_service.rulebook.forms_of_documents import BLOCK
from scoring_service.rulebook.forms_of_sheets import MOST_POINTS, NAME, NUMBER, RANGE
from scoring_service.rulebook.model import FROM_CERTIFICATE, MinimumBy, Mode, Role
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.rule_reader import RuleReader

READINGS = ("none_met", "binary", "only_if", "minimums", "forwarding", "waiting")
ANCHORS = ("filed_on", "proposed_on", "complete_on", "decided_on", "expires_on", FROM_CERTIFICATE)
UNITS = ("days", "working_days", "months")
_FILING = ("earliest", "latest")
_DONE_BY = ("proposed_on", "complete_on", "decided_on")
_LONGEST = 9999


def _day_of_year(r: RuleReader, node: Node) -> tuple[int, int]:
    text = r.string(node)
    try:
        day = dt.date.fromisoformat(f"2023-{text}")
    except ValueError:
        r.problem("MONTH_DAY", node, text=text)
        return (0, 0)
    return (day.month, day.day)


_DAY_OF_YEAR = Custom(_day_of_year, r"^\d{2}-\d{2}$", (0, 0))
_SHARE = Custom(lambda r, node: r.fraction(node), r"^\d{1,3}/\d{1,3}$")
_POINTS = Custom(lambda r, node: r.points(node), r"^\d{1,4}([.,]\d{1,2})?$")
_RANGE = Plain({"type": "string", "pattern": RANGE})

_WINDOW = Keys(
    {"kinds": ListOf(Text(), 1), "reference": Reference()},
    {"filed_from": Day(), "filed_until": Day(), "decided_until": Day(), "late": Words(None), "reading": Reading()},
)
_CLOSING = Keys(
    {"edition": Text(), "filed_until": Day(), "reference": Reference()},
    {"kinds": ListOf(Text(), 1), "decided_until": Day(), "late": Words(None), "reading": Reading()},
)
_BAND = Keys({"mean": _RANGE, "reference": Reference()}, {"reading": Reading()})
_LEVEL = Keys(
    {"name": Words(), "recognises": ListOf(RANK, 1), "reference": Reference()},
    {
        "level": Text(),
        "from": Day(),
        "until": Day(),
        "forwards_to": Text(),
        "below": Words(None),
        "after_forwarding": Words(None),
        "reading": Reading(),
    },
)
_GRANTED: dict[str, Form] = {"months": Whole(1, 120), "reference": Reference()}
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_CALENDAR = Keys(
    {"name": Words(), "reference": Reference()},
    {
        "after": OneOf(ANCHORS),
        "before": OneOf(ANCHORS),
        **{unit: Whole(1, _LONGEST) for unit in UNITS},
        "kinds": ListOf(Text(), 1),
        "level": Text(),
        "filing": OneOf(_FILING),
        "done_by": OneOf(_DONE_BY),
        "if_missed": Text(),
        "stays_on_day_off": YesNo(),
        "proposed_before": _DAY_OF_YEAR,
        "decided_before": _DAY_OF_YEAR,
        "reading": Reading(),
    },
)

EDITION = Keys(
    {
        "edition": Text(),
        "decision": Text(),
        "name": Words(),
        "issued": Day(),
        "windows": ListOf(_WINDOW, 1),
        "kinds": MapOf(Words(), NAME),
        "parts": MapOf(Words(), NUMBER),
        "sections": MapOf(Words(), NAME),
        "groups": MapOf(Words(), NAME),
        "bands": MapOf(_BAND, "^[1-5]$"),
        "levels": MapOf(_LEVEL, NAME),
        "certificate": Keys(_GRANTED, {"later": MapOf(Keys(_GRANTED), _DAY)}),
        "evidence": MapOf(Words(), NAME),
        "readings": MapOf(Words(), NAME),
    },
    {
        "amends": Text(),
        "annex": Text(),
        "closes": ListOf(_CLOSING, 1),
        "total": Whole(1, MOST_POINTS, 100),
        "agencies": MapOf(Words(), NAME),
        "calendar": MapOf(_CALENDAR, NAME),
        "proving": Keys({"evidence": ListOf(NAMED), "reading": Reading()}),
        "remarks": ListOf(Words()),
        "missing_sets": MapOf(Words()),
        "document": Plain(BLOCK.schema()),
    },
)
OWN = ("edition", "decision", "name", "issued", "windows")
"""What an edition that amends another has to say for itself."""
NOT_INHERITED = ("amends", "closes", "document", "annex", *OWN)

_BY = OneOf(tuple(m.value for m in MinimumBy), MinimumBy.MEAN.value)
_CITED: dict[str, Form] = {"reference": Reference()}
"""Where a decision does say it; else it is practice."""
COUNCIL = Keys(
    {
        "level": Text(),
        "name": Words(),
        "scorers": ListOf(OneOf(tuple(r.value for r in Role), Role.MEMBER.value), 1),
        "mode": MapOf(OneOf(tuple(m.value for m in Mode), Mode.MEETING.value), NAME),
        "minimums": Either(_BY, "by", Keys({"by": _BY}, _CITED)),
        "decimals": Whole(0, 4),
        "practice": Words(),
    },
    {
        "quorum": Keys({"share": _SHARE, "chair": YesNo()}, {"deputy": YesNo(), **_CITED}),
        "spread": Keys({"limit": _POINTS, "far": _POINTS}, _CITED),
        "meanwhile": RANK,
    },
)
