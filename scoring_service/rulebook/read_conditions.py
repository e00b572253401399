"""Reads facts, ranges and conditions: the small language in which rule files say when something holds."""

from __future__ import annotations

from decimal import Decimal

from scoring_service.problems import Suggestion
from scoring_service.rulebook.facts import KINDS, LARGEST, PLACES, POINTS, Fact, FactKind, Interval
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.forms_of_sheets import FACTS
from scoring_service.rulebook.model import Comparison, Of, Op, Subject
from scoring_service.rulebook.nodes import Node, Scalar
from scoring_service.rulebook.rule_reader import RuleReader

NOWHERE = Interval(None, None, low_closed=False, high_closed=False)
Allowed = Interval | frozenset[str]
# What a condition may read beside facts, by the words before it; the total has no id behind its word.
_OF_POINTS = {"criterion ": Of.CRITERION, "part ": Of.PART}
_TOTAL = "total"


class ConditionReader:
    """Knows the declared facts and reads everything that speaks of them."""

    def __init__(self, reader: RuleReader, facts: Node) -> None:
        self._reader = reader
        self._unsound: set[str] = set()  # facts with a mistake of their own, for which no condition is blamed
        self.facts = {key: self._fact(key, got) for key, got in FACTS.read(facts, reader).items()}

    def _fact(self, key: str, got: Entry) -> Fact:
        r, kind, before = self._reader, KINDS[got["kind"] or "yes_no"], self._reader.failures
        if (kind.id == "choice") != bool(got["choices"]):
            r.problem("FACT_CHOICES", got.node)
            kind = KINDS["choice" if got["choices"] else "yes_no"]
        if got.has("unit") and not kind.measured:
            r.problem("FACT_UNIT", got.at("unit"), kinds=tuple(k.id for k in KINDS.values() if k.measured))
        if _points_of(key):
            r.problem("FACT_NAME", got.node, key=key)
        if got["kind"] == "" or r.failures > before:
            self._unsound.add(key)
        return Fact(key, got["name"], kind, got["choices"], got.position, got["unit"])

    def interval(self, node: Node | None, kind: FactKind = POINTS) -> Interval:
        """A range such as ``[25, 50)`` or ``[2026-01-01, )``, its ends as the kind writes them; an empty end is open for ever."""
        if node is None:
            return NOWHERE
        text = self._reader.string(node).replace(" ", "")
        low_text, _, high_text = text[1:-1].partition(",")
        low, high = kind.parse_end(low_text), kind.parse_end(high_text)
        bracketed = text.startswith(("[", "(")) and text.endswith((")", "]")) and text.count(",") == 1
        unread = (low is None and low_text) or (high is None and high_text) or not (low_text or high_text)
        if not bracketed or unread:
            self._reader.problem("RANGE", node, text=self._reader.string(node), kind=kind.id)
            return NOWHERE
        found = Interval(low, high, text[0] == "[", text[-1] == "]")
        if not kind.holds_any(found):
            self._reader.problem("RANGE_EMPTY", node, text=self._reader.string(node))
            return NOWHERE
        if any(end is not None and (abs(end) > LARGEST or end != round(end, PLACES)) for end in (low, high)):
            self._reader.problem("RANGE_PLACES", node, text=text, places=PLACES, largest=LARGEST)
            return NOWHERE
        return found

    def condition(self, node: Node) -> tuple[tuple[Subject, Allowed], ...]:
        """``{fact: range or word or [words], "criterion 6.1": range, "part A": range, total: range}`` as subjects and what they may be."""
        pairs: list[tuple[Subject, Allowed]] = []
        for key, value in self._reader.entries(node).items():
            points = _points_of(key)
            allowed = self.interval(value) if points else self._allowed(key, value)
            if allowed is not None:
                pairs.append((points or Subject(Of.FACT, key), allowed))
        return tuple(pairs)

    def of_facts(self, node: Node) -> tuple[tuple[str, Allowed], ...]:
        """A condition on facts alone, as a derivation has it."""
        pairs: list[tuple[str, Allowed]] = []
        for key, value in self._reader.entries(node).items():
            if _points_of(key):
                self._reader.problem("DERIVE_POINTS", value, key=key)
            elif (allowed := self._allowed(key, value)) is not None:
                pairs.append((key, allowed))
        return tuple(pairs)

    def _allowed(self, key: str, value: Node) -> Allowed | None:
        """What a fact may be; nothing where there is no such fact."""
        r, fact = self._reader, self.facts.get(key)
        if fact is None:
            r.problem("FACT_NOT_DECLARED", value, key=key, suggestion=Suggestion.of(key, (*self.facts, _TOTAL)))
            return None
        if key in self._unsound:
            r.failures += 1
            return None
        if fact.kind.numeric:
            return self._of_values(value, fact)
        if not fact.choices:
            return frozenset({"yes" if r.yes_no(value) else "no"})
        listed = (value,) if isinstance(value, Scalar) else r.items(value)
        if not listed:
            r.problem("LIST_SHORT", value, least=1)
        return frozenset(r.choice(n, fact.choices) for n in listed)

    def _of_values(self, node: Node, fact: Fact) -> Interval:
        """A range of values that the fact can have."""
        found, (least, most) = self.interval(node, fact.kind), fact.kind.bounds
        below = least is not None and found.low is not None and found.low < least
        above = most is not None and found.high is not None and found.high > most
        if below or above:
            text = self._reader.string(node)
            self._reader.problem("RANGE_BEYOND", node, text=text, fact=fact.id, least=least, most=most)
        return found

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


def _points_of(key: str) -> Subject | None:
    """What points a key of a condition reads: of a criterion, a part or in all; nothing where it names a fact."""
    if key == _TOTAL:
        return Subject(Of.TOTAL)
    found = ((of, key.removeprefix(word).strip()) for word, of in _OF_POINTS.items() if key.startswith(word))
    return next((Subject(of, name) for of, name in found), None)


def _within(subject: Subject, interval: Interval) -> tuple[Comparison, ...]:
    found = []
    if interval.low is not None:
        found.append(Comparison(subject, Op.AT_LEAST if interval.low_closed else Op.ABOVE, interval.low))
    if interval.high is not None:
        found.append(Comparison(subject, Op.AT_MOST if interval.high_closed else Op.BELOW, interval.high))
    return tuple(found)


def _exactly(subject: Subject, place: int) -> tuple[Comparison, ...]:
    return (Comparison(subject, Op.AT_LEAST, Decimal(place)), Comparison(subject, Op.AT_MOST, Decimal(place)))
