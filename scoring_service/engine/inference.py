"""Rules as the inference engine sees them: few exact facts in, the rules that fired out.

Engine-neutral. ``durable`` runs programs with durable_rules; the tests run the same programs a second, plain way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring_service.rulebook.model import Comparison, Condition, Edition, Op, ProductSet

Value = int | Fraction | Decimal
TOTAL, REACHED, CAP, AWARDED = "total", "reached", "cap", "awarded"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when its condition holds it fires, once."""

    id: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Program:
    """Rules over one set of facts. A fact that is absent is unknown: no test on it holds."""

    name: str
    rules: tuple[Rule, ...]

    def subjects(self) -> tuple[str, ...]:
        """Every fact the program reads, each once."""
        return tuple(dict.fromkeys(s for rule in self.rules for s in rule.when.subjects()))


Facts = Mapping[str, Value]


def _all(*tests: Comparison) -> Condition:
    return Condition((tests,))


def at_least(subject: str, value: int) -> Comparison:
    """``subject >= value``."""
    return Comparison(subject, Op.AT_LEAST, Decimal(value))


def below(subject: str, value: int) -> Comparison:
    """``subject < value``."""
    return Comparison(subject, Op.BELOW, Decimal(value))


def judging_program(edition: Edition, product_set: ProductSet) -> Program:
    """First stage: knock-outs, star minimums not met, the band of the mean total."""
    rules = [Rule(f"knock-out:{i}", out.when) for i, out in enumerate(product_set.knock_outs)]
    for criterion in product_set.criteria():
        rules += [
            Rule(f"minimum:{criterion.number}:{m.stars}", _all(below(f"minimum:{criterion.number}", m.points)))
            for m in criterion.minimums
        ]
    for band in edition.bands:
        low = band.interval.low
        rules.append(Rule(f"band:{band.stars}", _all(at_least(TOTAL, int(low or 0)))))
    return Program(f"{edition.id}/{product_set.id}", tuple(rules))


def award_program(edition: Edition) -> Program:
    """Second stage, on conclusions of the first: a star is awarded when points reach it and no minimum bars it."""
    return Program(
        f"{edition.id}/award",
        tuple(
            Rule(f"award:{band.stars}", _all(at_least(REACHED, band.stars), at_least(CAP, band.stars)))
            for band in edition.bands
        ),
    )


def recognition_program(edition: Edition) -> Program:
    """Third stage, on the award: what each level may recognise, and what it forwards."""
    rules = []
    for level in edition.levels:
        here = at_least(f"level:{level.key}", 1)
        rules += [
            Rule(f"recognise:{level.key}:{stars}", _all(here, at_least(AWARDED, stars))) for stars in level.recognises
        ]
        if level.forwards_to:
            rules.append(
                Rule(f"forward:{level.key}", _all(here, at_least(AWARDED, max(level.recognises, default=0) + 1)))
            )
    return Program(f"{edition.id}/recognition", tuple(rules))
