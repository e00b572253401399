"""No part of a rule changes unseen by `ocop diff`: every field of the model is either told or named here with the reason why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest

from scoring_service.authoring.diff.gather import difference
from scoring_service.rulebook.facts import KINDS, Fact, FactKind, Interval
from scoring_service.rulebook.label import Basis, Label
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.model import (
    Band,
    CalendarEntry,
    Certificate,
    CouncilRules,
    Criterion,
    DeriveRow,
    Edition,
    KnockOut,
    Level,
    Minimum,
    OnlyIf,
    Option,
    Part,
    ProductSet,
    Proving,
    Section,
    Shortfall,
    Window,
)

WHERE = {"position", "reference", "references"}
"""Where a rule stands and who says it: no rule itself."""
UNSEEN: dict[type, dict[str, str]] = {
    Edition: {
        "id": "which edition it is", "amends": "how it is written", "decision": "the title", "name": "the title", "issued": "the title",
        "annex": "of references", "cited": "of references", "certificates": "by the fields of each", "digest": "of the files", "warnings": "of the files",
        "closes": "the windows of the older edition",
        "by_slug": "the sets once more",
    },
    ProductSet: {"slug": "pairs sets", "follows": "pairs sets", "like": "pairs a new set with its pattern"},
    Criterion: {"key": "pairs criteria", "is_section": "how it is printed", "none_met": "an option that we supply", "group": "a heading"},
    Option: {"printed": "how it is printed", "case": "pairs options"},
    Level: {"id": "pairs levels"},
    CouncilRules: {"id": "pairs files"},
    CalendarEntry: {"id": "pairs entries"},
    KnockOut: {"id": "pairs knock-outs"},
    Fact: {"id": "pairs facts"},
}  # fmt: skip
NOWHERE_YET = {(Fact, "unit"), (Certificate, "start"), (CouncilRules, "deputy_presides")}
"""No shipped rule has it."""
TYPES = (Edition, ProductSet, Part, Section, Criterion, Option, Minimum, DeriveRow, OnlyIf, KnockOut, Band, Level, CouncilRules, Window, CalendarEntry, Certificate, Fact, Proving, Shortfall)  # fmt: skip
SEEN = [(of, f.name) for of in TYPES for f in fields(of) if f.name not in WHERE | UNSEEN.get(of, {}).keys()]


VALID = {"days": "months", "filed_on": "decided_on", "food": "drinks", "5a": "1a", "5b": "1a", "5.1": "1.1"}
"""Words that must name something, and another one that does."""


def other(value: Any) -> Any:  # noqa: PLR0911, PLR0912
    """Some other value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | Fraction() | Decimal():
            return value + 1 or 1
        case Enum():
            return next(one for one in type(value) if one is not value)
        case FactKind():
            return next(kind for kind in KINDS.values() if kind.id != value.id and not kind.measured)
        case str():
            return VALID.get(value, "x1")
        case dt.date():
            return value + dt.timedelta(days=1)
        case Basis():
            return Basis(stated=False, why=Label("Cách hiểu khác", "Another reading"))
        case Label():
            return Label("Hoàn toàn khác", "Something else")
        case Interval():
            return replace(value, low=(value.low or Decimal(0)) + 1)
        case frozenset():
            return frozenset()
        case (int(), int()):
            return (value[0] + 1, value[1])
        case tuple():
            return value[:-1]
    if isinstance(value, dict | MappingProxyType):
        first = next(iter(value.values()))
        if isinstance(first, Label | Fact):  # what others name must stay
            return {**value, "x1": other(first) if isinstance(first, Label) else first}
        return dict(list(value.items())[:-1])
    if is_dataclass(value) and not isinstance(value, type):
        return _changed_somewhere(value)
    return None


def _changed_somewhere(value: Any) -> Any:
    seen = [f.name for f in fields(value) if f.name not in WHERE | UNSEEN.get(type(value), {}).keys()]
    name = next(n for n in seen if getattr(value, n) not in (None, "", ()))
    return replace(value, **{name: other(getattr(value, name))})


def changed(it: Any, of: type, name: str) -> Iterator[Any]:
    """``it`` with one field of one part of that type changed, wherever there is such a part."""
    if isinstance(it, of):
        value = getattr(it, name)
        empty = value in (None, "", (), (0, 0), {}, frozenset(), Label("", ""), 0)
        of_no_term = name in {"sign", "count"} and not it.unit
        if not empty and not of_no_term:
            yield replace(it, **{name: -value if name == "sign" else other(value)})
        return
    if isinstance(it, tuple):
        for index, item in enumerate(it):
            yield from ((*it[:index], one, *it[index + 1 :]) for one in changed(item, of, name))
    elif isinstance(it, dict | MappingProxyType):
        for key, item in it.items():
            yield from ({**it, key: one} for one in changed(item, of, name))
    elif is_dataclass(it) and type(it) in (Edition, ProductSet, Part, Section, Criterion, KnockOut):
        for f in fields(it):
            if f.name not in {"by_slug", "none_met"}:
                yield from (replace(it, **{f.name: one}) for one in changed(getattr(it, f.name), of, name))


@pytest.mark.parametrize(("of", "name"), SEEN, ids=[f"{of.__name__}.{name}" for of, name in SEEN])
def test_no_field_changes_unseen(rulebook: Rulebook, of: type, name: str) -> None:
    """The first few parts that have it, in any edition; nothing else is said to have changed by a change of wording alone."""
    tried = 0
    for edition in rulebook.editions.values():
        for one in changed(edition, of, name):
            new = replace(one, by_slug={s.slug: s for s in one.sets.values()})
            assert len(difference(rulebook, edition, new)), (edition.id, of.__name__, name)
            tried += 1
            if tried == 3:
                return
    assert tried or (of, name) in NOWHERE_YET, "no rule has this field"


def test_what_is_not_told_is_named_with_its_reason() -> None:
    """And is a field that there is."""
    for of, names in UNSEEN.items():
        assert names.keys() <= {f.name for f in fields(of)}, of
        assert all(names.values())
