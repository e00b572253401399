"""Random dossiers with a taste for edges: band limits, failing minimums, knock-outs, facts on the ends of ranges."""

from __future__ import annotations

import datetime as dt
from random import Random

from scoring_service.engine.dossier import Dossier, Sheet
from scoring_service.rulebook.facts import Choice, Interval, Percent, YesNo
from scoring_service.rulebook.model import Criterion, Edition, ProductSet

FILED = dt.date(2026, 6, 1)
EDGES = (29, 30, 49, 50, 69, 70, 89, 90, 100)


def random_dossier(rng: Random, edition: Edition, product_set: ProductSet) -> Dossier:
    """A valid dossier: whole or not, one to seven sheets, total steered to an edge more often than not."""
    criteria = list(product_set.criteria())
    count = rng.choice((1, 1, 1, 2, 3, 5, 7))
    base = _steered(rng, criteria, rng.choice(EDGES) if rng.random() < 0.7 else None, respect=rng.random() < 0.5)
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
    """Answers to every criterion, by option id, with the target total where it can be reached."""
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
    return {number: option.id for number, option in chosen.items()}


def _facts(rng: Random, edition: Edition) -> dict[str, str]:
    """Some facts: knock-outs rarely hit, numbers on and beside the ends of the ranges the rules name."""
    ends: dict[str, set[str]] = {}
    for product_set in edition.sets.values():
        for c in product_set.criteria():
            for row in c.derive:
                for name, allowed in row.when:
                    if isinstance(allowed, Interval):
                        ends.setdefault(name, set()).update(
                            str(e) for e in (allowed.low, allowed.high) if e is not None
                        )
    good = {
        "food_safety_certificate_valid",
        "registration_dossier_valid",
        "production_licence",
        "production_conditions_met",
        "product_declaration",
        "declaration_labelling_advertising_valid",
    }
    facts = {}
    for fact in edition.facts.values():
        if rng.random() < 0.4:
            continue
        if isinstance(fact.kind, YesNo):
            bad = rng.random() < 0.04
            facts[fact.id] = (
                rng.choice(("unknown",)) if rng.random() < 0.1 else "yes" if (fact.id in good) != bad else "no"
            )
        elif isinstance(fact.kind, Choice):
            facts[fact.id] = rng.choice(list(fact.choices))
        elif isinstance(fact.kind, Percent):
            near = rng.choice(sorted(ends.get(fact.id, {"100"})))
            facts[fact.id] = rng.choice((near, near, "100", f"{rng.randrange(0, 1000000) / 10000:.4f}"))
        else:
            facts[fact.id] = str(max(0, int(rng.choice(sorted(ends.get(fact.id, {"1"})))) + rng.choice((-1, 0, 1))))
    return facts
