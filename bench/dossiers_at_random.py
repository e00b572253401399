"""Dossiers to measure with: every product set of an edition, no two alike in a row, some held down and some knocked out."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from dossiers import by_id, whole_sheet
from support import clean_facts

from bench.ours import EDITION, subject
from scoring_service.rulebook.model import ProductSet

TOTALS = (29, 30, 45, 50, 62, 70, 75, 83, 90, 95, None)
KINDS = ("clean", "clean", "missed minimum", "clean", "clean", "knocked out", "clean", "missed minimum")
Shape = dict[str, Any]
"""A dossier in the shape of a file."""


def dossiers(seed: int, each: int, sheets: int = 1) -> Iterator[tuple[ProductSet, Shape]]:
    """So many dossiers of every product set, the sets in turn."""
    rng = Random(seed)
    for turn in range(each):
        for product_set in EDITION.sets.values():
            yield product_set, _dossier(rng, product_set, sheets, KINDS[turn % len(KINDS)])


def _dossier(rng: Random, product_set: ProductSet, sheets: int, kind: str) -> Shape:
    criteria = list(product_set.criteria())
    answers: dict[str, str] = by_id(criteria, whole_sheet(rng, product_set, rng.choice(TOTALS)))
    facts: dict[str, str] = clean_facts(EDITION)
    if kind == "missed minimum":
        missed = rng.choice([c for c in criteria if c.minimums])
        answers |= {missed.number: min(missed.choices(), key=lambda o: o.points).id}
    if kind == "knocked out":
        facts |= _knock_out(rng, product_set)
    council = [dict(answers) for _ in range(sheets)]
    for sheet in council[1:]:
        sheet |= {c.number: rng.choice(list(c.choices())).id for c in rng.sample(criteria, 2)}
    return {
        "product": {"name": f"Sản phẩm mẫu {rng.randrange(10**6)}", "set": product_set.slug},
        "application": {"kind": "first", "filed_on": "2026-06-01"},
        "council": {"level": "province"},
        "facts": facts,
        "sheets": [{"assessor": f"Thành viên {n + 1}", "answers": sheet} for n, sheet in enumerate(council)],
    }


def _knock_out(rng: Random, product_set: ProductSet) -> dict[str, str]:
    """One stated fact that knocks out; nothing for a product set without such a rule."""
    tests = [t for out in product_set.knock_outs for way in out.when.any_of for t in way[:1] if subject(t)[0] == "fact"]
    if not tests:
        return {}
    test = rng.choice(tests)
    fact = EDITION.facts[subject(test)[1]]
    if fact.kind.numeric:
        return {fact.id: "62.5"}
    return {fact.id: list(fact.choices)[int(test.value)] if fact.choices else "yes" if test.value else "no"}
