"""Rules as the inference engine sees them: few exact facts in, the conclusions of the rules that hold out.

Engine-neutral. ``durable`` runs programs with durable_rules; the tests run the same programs a second, plain way. Whoever decides is
handed one of them as ``fire``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

from scoring_service.rulebook.model import Comparison, Condition, Edition, Of, Op, ProductSet, Subject

Value = int | Fraction | Decimal
Facts = Mapping[Subject, Value]
TOTAL, MINIMUM, REACHED, CAP, AWARDED = (Subject(of) for of in (Of.TOTAL, Of.MINIMUM, Of.REACHED, Of.CAP, Of.AWARDED))


class KnockOutHolds(NamedTuple):
    """The knock-out at this place of the product set's list holds."""

    listed: int


class FallsShort(NamedTuple):
    """The points of a criterion lie below a minimum of so many points."""

    needed: int


class BandReached(NamedTuple):
    """The mean total reaches the lower end of the band of so many stars."""

    stars: int


class Awarded(NamedTuple):
    """So many stars are reached by points, and no minimum bars them."""

    stars: int


class Recognised(NamedTuple):
    """The level in question may recognise so many stars."""

    stars: int


class Forwarded(NamedTuple):
    """The level in question forwards the dossier."""

    level: str


Conclusion = KnockOutHolds | FallsShort | BandReached | Awarded | Recognised | Forwarded


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when its condition holds, its conclusion does."""

    then: Conclusion
    when: Condition


@dataclass(frozen=True, slots=True)
class Program:
    """Rules over one set of facts. A fact that is absent is unknown: no test on it holds."""

    name: str
    rules: tuple[Rule, ...]

    def subjects(self) -> tuple[Subject, ...]:
        """Every fact the program reads, each once."""
        return tuple(dict.fromkeys(s for rule in self.rules for s in rule.when.subjects()))


class Fire(Protocol):
    """An inference engine: the conclusions of the rules that hold, in program order. It must be safe to share between threads."""

    def __call__(self, program: Program, facts: Facts, /) -> tuple[Conclusion, ...]: ...


def level(id_: str) -> Subject:
    """The fact that a level decides."""
    return Subject(Of.LEVEL, id_)


def knock_out_program(edition: Edition, product_set: ProductSet) -> Program:
    """The knock-outs of a product set."""
    rules = tuple(Rule(KnockOutHolds(i), out.when) for i, out in enumerate(product_set.knock_outs))
    return Program(f"{edition.id}/{product_set.slug}", rules)


def minimum_program(edition: Edition) -> Program:
    """The star minimums: which of them the points of a criterion fall short of. A minimum is a number of points, wherever it stands."""
    needed = sorted({m.points for s in edition.sets.values() for c in s.criteria() for m in c.minimums})
    rules = tuple(Rule(FallsShort(n), _all(Comparison(MINIMUM, Op.BELOW, Decimal(n)))) for n in needed)
    return Program(f"{edition.id}/minimums", rules)


def band_program(edition: Edition) -> Program:
    """The stars that a mean total reaches, before minimums."""
    rules = [Rule(BandReached(b.stars), _all(_at_least(TOTAL, int(b.interval.low or 0)))) for b in edition.bands]
    return Program(f"{edition.id}/bands", tuple(rules))


def award_program(edition: Edition) -> Program:
    """Second stage: a star is awarded when points reach it and no minimum bars it."""
    rules = [Rule(Awarded(b.stars), _all(_at_least(REACHED, b.stars), _at_least(CAP, b.stars))) for b in edition.bands]
    return Program(f"{edition.id}/award", tuple(rules))


def recognition_program(edition: Edition) -> Program:
    """Third stage, on the award: what each level may recognise, and what it forwards."""
    rules = []
    for one in edition.levels:
        here, top = _at_least(level(one.id), 1), max(one.recognises, default=0)
        # What goes up is recognised by nobody until it comes back.
        own = (Comparison(AWARDED, Op.AT_MOST, Decimal(top)),) if one.forwards_to else ()
        rules += [Rule(Recognised(stars), _all(here, _at_least(AWARDED, stars), *own)) for stars in one.recognises]
        if one.forwards_to:
            rules.append(Rule(Forwarded(one.forwards_to), _all(here, _at_least(AWARDED, top + 1))))
    return Program(f"{edition.id}/recognition", tuple(rules))


def _all(*tests: Comparison) -> Condition:
    return Condition((tests,))


def _at_least(subject: Subject, value: int) -> Comparison:
    return Comparison(subject, Op.AT_LEAST, Decimal(value))
