"""Reads facts, ranges and conditions: the small language in which rule files say when something holds."""

from __future__ import annotations

from decimal import Decimal

from scoring_service.rulebook.model import Comparison, Fact, FactKind, Interval, Op
from scoring_service.rulebook.nodes import Node, Scalar
from scoring_service.rulebook.reader import YES, Reader, parse_decimal
from scoring_service.text import Text, did_you_mean

LIMIT = Decimal(10) ** 9  # the largest number a fact or range may name
PLACES = 4  # decimals that facts and ranges may have; the inference engine compares whole ten-thousandths
NOWHERE = Interval(None, None, low_closed=False, high_closed=False)
Allowed = Interval | frozenset[str]


class ConditionReader:
    """Knows the declared facts and reads everything that speaks of them."""

    def __init__(self, reader: Reader, facts: Node) -> None:
        self._reader = reader
        self.facts = {key: self._fact(key, node) for key, node in reader.entries(facts).items()}

    def _fact(self, key: str, node: Node) -> Fact:
        r = self._reader
        got = r.fields(node, required=("kind", "name"), optional=("choices",))
        kind = r.choice(got.get("kind"), [k.value for k in FactKind], FactKind.YES_NO)
        choices = {k: r.text(v) for k, v in r.entries(got.get("choices")).items()}
        if (kind == FactKind.CHOICE) != bool(choices):
            what = Text(
                "'choices' đi cùng 'kind: choice', và chỉ khi đó.", "'choices' goes with 'kind: choice', and only then."
            )
            r.problem("fact-choices", node, what)
        return Fact(key, r.text(got.get("name")), FactKind(kind), choices, node.position)

    def interval(self, node: Node | None) -> Interval:
        """A range such as ``[25, 50)``; an empty end is open for ever."""
        if node is None:
            return NOWHERE
        text = self._reader.string(node).replace(" ", "")
        low_text, comma, high_text = text[1:-1].partition(",")
        low, high = parse_decimal(low_text), parse_decimal(high_text)
        bracketed = text.startswith(("[", "(")) and text.endswith((")", "]")) and comma
        if not bracketed or (low is None and low_text) or (high is None and high_text):
            what = Text(
                f'\'{text}\' không phải khoảng; viết "[25, 50)" (25 kể cả, 50 không), "[12, )" khi không có cận trên.',
                f'\'{text}\' is not a range; write "[25, 50)" (25 included, 50 not), or "[12, )" for no upper end.',
            )
            self._reader.problem("range", node, what)
            return NOWHERE
        if low is not None and high is not None and (low > high or (low == high and text[0] + text[-1] != "[]")):
            what = Text(f"Khoảng '{text}' không chứa số nào.", f"Range '{text}' contains no number.")
            self._reader.problem("range-empty", node, what)
        if any(end is not None and (abs(end) > LIMIT or end != round(end, PLACES)) for end in (low, high)):
            what = Text(
                f"Khoảng '{text}' có quá {PLACES} chữ số lẻ, hoặc quá lớn.",
                f"Range '{text}' has more than {PLACES} decimals, or is too large.",
            )
            self._reader.problem("range-places", node, what)
        return Interval(low, high, text[0] == "[", text[-1] == "]")

    def condition(self, node: Node) -> tuple[tuple[str, Allowed], ...]:
        """``{fact: range or word or [words], "criterion 6.1": range}`` as subjects and what they may be."""
        r = self._reader
        pairs: list[tuple[str, Allowed]] = []
        for key, value in r.entries(node).items():
            fact = self.facts.get(key)
            if key.startswith("criterion "):
                pairs.append((f"criterion:{key.removeprefix('criterion ').strip()}", self.interval(value)))
            elif fact is None:
                what = Text(
                    f"Chưa khai báo dữ kiện '{key}' trong facts.yaml.", f"Fact '{key}' is not declared in facts.yaml."
                )
                r.problem("fact-unknown", value, what + did_you_mean(key, self.facts))
            elif fact.kind is FactKind.YES_NO:
                pairs.append((f"fact:{key}", frozenset({"yes" if r.yes_no(value) else "no"})))
            elif fact.kind is FactKind.CHOICE:
                listed = (value,) if isinstance(value, Scalar) else r.items(value)
                pairs.append((f"fact:{key}", frozenset(r.choice(n, fact.choices) for n in listed)))
            else:
                pairs.append((f"fact:{key}", self.interval(value)))
        return tuple(pairs)

    def comparisons(self, node: Node) -> list[tuple[Comparison, ...]]:
        """A condition as lists of comparisons: one, or several where a fact may be one of several words."""
        alternatives: list[tuple[Comparison, ...]] = [()]
        for subject, allowed in self.condition(node):
            if isinstance(allowed, Interval):
                ways = [_within(subject, allowed)]
            else:
                places = sorted(self._place(subject.removeprefix("fact:"), word) for word in allowed)
                ways = [_exactly(subject, place) for place in places]
            alternatives = [(*old, *new) for old in alternatives for new in ways]
        return alternatives

    def _place(self, fact: str, word: str) -> int:
        known = self.facts[fact]
        if known.kind is FactKind.CHOICE and word in known.choices:
            return list(known.choices).index(word)
        return int(word in YES)


def _within(subject: str, interval: Interval) -> tuple[Comparison, ...]:
    found = []
    if interval.low is not None:
        found.append(Comparison(subject, Op.AT_LEAST if interval.low_closed else Op.ABOVE, interval.low))
    if interval.high is not None:
        found.append(Comparison(subject, Op.AT_MOST if interval.high_closed else Op.BELOW, interval.high))
    return tuple(found)


def _exactly(subject: str, place: int) -> tuple[Comparison, ...]:
    return (Comparison(subject, Op.AT_LEAST, Decimal(place)), Comparison(subject, Op.AT_MOST, Decimal(place)))
