"""Random dossiers with a taste for edges: band limits, failing minimums, knock-outs, facts on the ends of ranges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from random import Random

from scoring_service.engine.dossier import Dossier, Sheet
from scoring_service.rulebook.facts import Choice, Day, Fact, Interval, Number, Percent, YesNo
from scoring_service.rulebook.model import Criterion, Edition, Of, Option, ProductSet

FILED = dt.date(2026, 6, 1)


def random_dossier(rng: Random, edition: Edition, product_set: ProductSet) -> Dossier:
    """A valid dossier: whole or not, one to seven sheets, total steered to an edge more often than not."""
    criteria = list(product_set.criteria())
    count = rng.choice((1, 1, 1, 2, 3, 5, 7))
    lows = sorted(int(b.interval.low or 0) for b in edition.bands)[1:]
    edges = (*(end for low in lows for end in (low - 1, low)), edition.total)
    base = _steered(rng, criteria, rng.choice(edges) if rng.random() < 0.7 else None, respect=rng.random() < 0.5)
    sheets = [dict(base) for _ in range(count)]
    for sheet in sheets[1:]:
        for criterion in rng.sample(criteria, k=min(len(criteria), rng.randrange(4))):
            sheet[criterion.number] = rng.choice(list(criterion.choices())).id
    if rng.random() < 0.1:
        for number in rng.sample(sorted(sheets[-1]), k=rng.randrange(1, 4)):
            del sheets[-1][number]
    return Dossier(
        product_name="Sản phẩm mẫu",
        product_set=rng.choice((product_set.number, product_set.slug)),
        application=rng.choice(list(edition.kinds)),
        filed_on=FILED.isoformat(),
        level=rng.choice([v.word for v in edition.levels if v.covers(FILED)]),
        facts=_facts(rng, edition),
        edition=edition.id,
        sheets=tuple(Sheet(assessor=f"Thành viên {i + 1}", answers=answers) for i, answers in enumerate(sheets)),
    )


def whole_sheet(rng: Random, product_set: ProductSet, target: int | None = None) -> dict[str, str]:
    """Answers to every criterion, as people write them, with the target total where it can be reached."""
    return _steered(rng, list(product_set.criteria()), target, respect=True)


def _steered(rng: Random, criteria: list[Criterion], target: int | None, *, respect: bool) -> dict[str, str]:
    chosen = {}
    for c in criteria:
        options = list(c.choices())
        if respect and target is not None:
            stars = 1 + sum(target >= limit for limit in (30, 50, 70, 90))
            least = max((m.points for m in c.minimums if m.stars <= stars), default=0)
            options = [o for o in options if o.points >= least]
        chosen[c.number] = rng.choice(options)
    if target is not None:
        total = sum(o.points for o in chosen.values())
        for _ in range(400):
            if total == target:
                break
            c = rng.choice(criteria)
            option = rng.choice(list(c.choices()))
            moved = total - chosen[c.number].points + option.points
            least = max((m.points for m in c.minimums), default=0)
            if abs(moved - target) < abs(total - target) and (
                not respect or option.points >= least or option.points >= chosen[c.number].points
            ):
                chosen[c.number], total = option, moved
    return {c.number: answer(c, chosen[c.number]) for c in criteria}


def by_id(criteria: Iterable[Criterion], sheet: Mapping[str, str]) -> dict[str, str]:
    """The same answers by the ids of options."""
    return {
        c.number: next(o.id for o in c.choices() if sheet[c.number] in {answer(c, o), o.id})
        for c in criteria
        if c.number in sheet
    }


def answer(criterion: Criterion, option: Option) -> str:
    """As people answer: the points, or the id where several options have these points."""
    several = sum(o.points == option.points for o in criterion.choices()) > 1
    return option.id if several else str(option.points)


GOOD = {
    "food_safety_certificate_valid",
    "registration_dossier_valid",
    "production_licence",
    "production_conditions_met",
    "product_declaration",
    "declaration_labelling_advertising_valid",
}


def _facts(rng: Random, edition: Edition) -> dict[str, str]:
    """Some facts: knock-outs rarely hit, numbers and days on and beside the ends of the ranges the rules name."""
    ends = _ends(edition)
    return {
        fact.id: _stated(rng, fact, sorted(ends.get(fact.id, ())))
        for fact in edition.facts.values()
        if rng.random() >= 0.4
    }


def _ends(edition: Edition) -> dict[str, set[str]]:
    """The ends of ranges of each fact as rule files write them."""
    found: dict[str, set[str]] = {}
    for product_set in edition.sets.values():
        for test in (t for out in product_set.knock_outs for way in out.when.any_of for t in way):
            fact = edition.facts.get(test.subject.id) if test.subject.of is Of.FACT else None
            if fact and fact.kind.numeric and not isinstance(fact.kind, Percent):
                found.setdefault(fact.id, set()).add(fact.kind.show(test.value))
        for name, allowed in (pair for c in product_set.criteria() for row in c.derive for pair in row.when):
            if isinstance(allowed, Interval):
                shown = (edition.facts[name].kind.show(e) for e in (allowed.low, allowed.high) if e is not None)
                found.setdefault(name, set()).update(shown)
    return found


def _stated(rng: Random, fact: Fact, ends: list[str]) -> str:
    if isinstance(fact.kind, YesNo):
        bad = rng.random() < 0.04
        return rng.choice(("unknown",)) if rng.random() < 0.1 else "yes" if (fact.id in GOOD) != bad else "no"
    if isinstance(fact.kind, Choice):
        return rng.choice(list(fact.choices))
    if isinstance(fact.kind, Percent):
        near = rng.choice(ends or ["100"])
        return rng.choice((near, near, "100", f"{rng.randrange(0, 1000000) / 10000:.4f}"))
    if isinstance(fact.kind, Day):
        return (
            dt.date.fromisoformat(rng.choice(ends or ["2026-01-01"])) + dt.timedelta(rng.choice((-1, 0, 1)))
        ).isoformat()
    step = Decimal("0.0001") if isinstance(fact.kind, Number) else 1
    return str(max(0, Decimal(rng.choice(ends or ["1"])) + rng.choice((-1, 0, 1)) * step))
