"""Reads facts, ranges and conditions: the small language in which rule files say when something holds."""

from __future__ import annotations

from decimal import Decimal

from scoring_service.problems import Suggestion
from scoring_service.rulebook.facts import KINDS, PLACES, Fact, Interval, parse_decimal
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.forms_of_sheets import FACTS
from scoring_service.rulebook.model import Comparison, Of, Op, Subject
from scoring_service.rulebook.nodes import Node, Scalar
from scoring_service.rulebook.rule_reader import RuleReader

LIMIT = Decimal(10) ** 9  # the largest number a fact or range may name
NOWHERE = Interval(None, None, low_closed=False, high_closed=False)
Allowed = Interval | frozenset[str]


class ConditionReader:
    """Knows the declared facts and reads everything that speaks of them."""

    def __init__(self, reader: RuleReader, facts: Node) -> None:
        self._reader = reader
        self.facts = {key: self._fact(key, got) for key, got in FACTS.read(facts, reader).items()}

    def _fact(self, key: str, got: Entry) -> Fact:
        kind = got["kind"] or "yes_no"
        if (kind == "choice") != bool(got["choices"]):
            self._reader.problem("FACT_CHOICES", got.node)
        return Fact(key, got["name"], KINDS[kind], got["choices"], got.position)

    def interval(self, node: Node | None) -> Interval:
        """A range such as ``[25, 50)``; an empty end is open for ever."""
        if node is None:
            return NOWHERE
        text = self._reader.string(node).replace(" ", "")
        low_text, comma, high_text = text[1:-1].partition(",")
        low, high = parse_decimal(low_text), parse_decimal(high_text)
        bracketed = text.startswith(("[", "(")) and text.endswith((")", "]")) and comma
        if not bracketed or (low is None and low_text) or (high is None and high_text):
            self._reader.problem("RANGE", node, text=text)
            return NOWHERE
        if low is not None and high is not None and (low > high or (low == high and text[0] + text[-1] != "[]")):
            self._reader.problem("RANGE_EMPTY", node, text=text)
        if any(end is not None and (abs(end) > LIMIT or end != round(end, PLACES)) for end in (low, high)):
            self._reader.problem("RANGE_PLACES", node, text=text, places=PLACES)
        return Interval(low, high, text[0] == "[", text[-1] == "]")

    def condition(self, node: Node) -> tuple[tuple[Subject, Allowed], ...]:
        """``{fact: range or word or [words], "criterion 6.1": range}`` as subjects and what they may be."""
        r = self._reader
        pairs: list[tuple[Subject, Allowed]] = []
        for key, value in r.entries(node).items():
            fact = self.facts.get(key)
            if key.startswith("criterion "):
                pairs.append((Subject(Of.CRITERION, key.removeprefix("criterion ").strip()), self.interval(value)))
            elif fact is None:
                r.problem("FACT_NOT_DECLARED", value, key=key, suggestion=Suggestion.of(key, self.facts))
            elif fact.kind.numeric:
                pairs.append((Subject(Of.FACT, key), self.interval(value)))
            elif not fact.choices:
                pairs.append((Subject(Of.FACT, key), frozenset({"yes" if r.yes_no(value) else "no"})))
            else:
                listed = (value,) if isinstance(value, Scalar) else r.items(value)
                pairs.append((Subject(Of.FACT, key), frozenset(r.choice(n, fact.choices) for n in listed)))
        return tuple(pairs)

    def comparisons(self, node: Node) -> list[tuple[Comparison, ...]]:
        """A condition as lists of comparisons: one, or several where a fact may be one of several words."""
        alternatives: list[tuple[Comparison, ...]] = [()]
        for subject, allowed in self.condition(node):
            if isinstance(allowed, Interval):
                ways = [_within(subject, allowed)]
            else:
                places = sorted(self._place(subject.id, word) for word in allowed)
                ways = [_exactly(subject, place) for place in places]
            alternatives = [(*old, *new) for old in alternatives for new in ways]
        return alternatives

    def _place(self, fact: str, word: str) -> int:
        known = self.facts[fact]
        return int(known.comparable(word)) if word in known.choices or not known.choices else 0


def _within(subject: Subject, interval: Interval) -> tuple[Comparison, ...]:
    found = []
    if interval.low is not None:
        found.append(Comparison(subject, Op.AT_LEAST if interval.low_closed else Op.ABOVE, interval.low))
    if interval.high is not None:
        found.append(Comparison(subject, Op.AT_MOST if interval.high_closed else Op.BELOW, interval.high))
    return tuple(found)


def _exactly(subject: Subject, place: int) -> tuple[Comparison, ...]:
    return (Comparison(subject, Op.AT_LEAST, Decimal(place)), Comparison(subject, Op.AT_MOST, Decimal(place)))
