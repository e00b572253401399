"""Says things in one language. It decides nothing: what is said was found by the engine, how it is said stands in the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from types import NoneType
from typing import Any

from scoring_service.engine.findings import Finding, PointsRead, StatedFact
from scoring_service.engine.mean import Mean, Rounded, half_up, misleads
from scoring_service.plaintext import shorten
from scoring_service.problems import Elsewhere, Inherited, Met, Passages, Position, Problem, Span, Suggestion
from scoring_service.rulebook.facts import Fact, Interval
from scoring_service.rulebook.label import Basis, Label, Listed
from scoring_service.rulebook.model import Criterion, KnockOut, Level, Option
from scoring_service.telling.catalogue import DEFAULT_LANGUAGE, Catalogue, Template, catalogue


class Told(str):
    """A text that is told already, and goes into a sentence as it is."""

    __slots__ = ()


class Teller:
    """Tells in one language; one of a kind per language, see ``teller``."""

    def __init__(self, words: Catalogue) -> None:
        self.words = words
        self.language = words.language

    def problem(self, problem: Problem) -> str:
        """One problem in one sentence, with its remedy."""
        template = self.words.problems[problem.code]
        said = self.fill(template, problem.values)
        if not template.literals[0]:
            said = said[:1].upper() + said[1:]
        return said + self.say(problem.values.get("inherited")) + self.say(problem.values.get("elsewhere"))

    def finding(self, finding: Finding) -> str:
        """One finding in one sentence."""
        return self.fill(self.words.findings[finding.code], finding.values()).rstrip()

    def basis(self, basis: Basis) -> str:
        """One line why it is our reading; empty where the decision says it."""
        if basis.why is not None:
            return basis.why[self.language]
        return self.sentence(basis.code) if basis.code else ""

    def sentence(self, code: str, **values: object) -> str:
        """Any other sentence by its code."""
        return self.fill(self.words.sentences[code], values)

    def screen(self, key: str) -> str:
        """A heading or short word of a screen."""
        return self.words.screen[key]

    def word(self, group: str, value: object) -> str:
        """A word of a closed vocabulary: a status, a role, the effect of a knock-out."""
        return self.words.words[group][_key(value)]

    def fill(self, template: Template, values: Mapping[str, object]) -> str:
        """A sentence with its values said in this language."""
        literals, places = template
        said = [literals[0]]
        for place, literal in zip(places, literals[1:], strict=True):
            value = values[place.name]
            if place.spec:
                said.append(self._by_spec(place.spec, value))
            elif place.attribute:
                said.append(self._attribute(value, place.attribute))
            else:
                said.append(self.say(value))
            said.append(literal)
        return "".join(said)

    def begun(self, template: Template, **values: object) -> Template:
        """A sentence with some of its values said already, for many that share them."""
        literals, places = [template.literals[0]], []
        for place, literal in zip(template.places, template.literals[1:], strict=True):
            if place.name in values:
                literals[-1] += self.fill(Template(("", ""), (place,)), values) + literal
            else:
                places.append(place)
                literals.append(literal)
        return Template(tuple(literals), tuple(places))

    def say(self, value: object) -> str:
        """Any value as this language writes it."""
        return _WAYS[type(value)](self, value)

    def number(self, value: Decimal | Fraction | int, decimals: int = 2) -> str:
        """A number with this language's decimal mark, rounded half up; whole ones and exact decimals without needless zeros."""
        if isinstance(value, int):
            return str(value) if abs(value) < _GROUPED else f"{value:,}".replace(",", self.words.thousands)
        if isinstance(value, Decimal):
            return format(value, "f").replace(".", self.words.decimal)
        if value.denominator == 1:
            return str(value.numerator)
        return half_up(value, decimals).replace(".", self.words.decimal)

    def rounded(self, value: Rounded) -> str:
        """A number with the decimals it brings; whole ones without."""
        return self.number(value.exact) if value.exact.denominator == 1 else value.text.replace(".", self.words.decimal)

    def day(self, day: dt.date) -> str:
        """A day as this language writes it."""
        return self.words.day.format(day=day)

    def _by_spec(self, spec: str, value: object) -> str:
        if spec in self.words.sentences:
            return self.fill(self.words.sentences[spec], {"it": value}) if value else ""
        if isinstance(value, Suggestion):
            return _suggestion(self, value, self.words.words[spec])
        forms = self.words.nouns.get(spec)
        if forms is None:
            return "" if value is None else self.word(spec, value)
        return f"{self.say(value)} {forms[0] if value == 1 else forms[-1]}"

    def _attribute(self, value: object, attribute: str) -> str:
        if isinstance(value, tuple):
            return ", ".join(self.say(getattr(item, attribute)) for item in value)
        return self.say(getattr(value, attribute))


_QUOTED = 200
_GROUPED = 10_000
"""From here on digits are written in groups of three."""


@lru_cache
def teller(language: str = DEFAULT_LANGUAGE) -> Teller:
    """The teller of a language that has a catalogue."""
    return Teller(catalogue(language))


def _key(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value) if isinstance(value, Enum) else str(value)


def _suggestion(to: Teller, value: Suggestion, words: Mapping[str, str] | None = None) -> str:
    """What was probably meant, each word with what it is called: its label, or its name among the ``words`` of a closed vocabulary."""
    known = (value.nearest,) if value.nearest else value.known
    names = words or {word: to.say(value.names[word]) for word in known if word in value.names}
    called = {word: Told(f" ({names[word]})" if names.get(word, word) != word else "") for word in known}
    if value.nearest:
        return to.sentence("DID_YOU_MEAN", word=value.nearest, called=called[value.nearest])
    between = "; " if any("," in name for name in called.values()) else ", "
    listed = Told(between.join(to.say(word) + name for word, name in called.items()))
    return to.sentence("KNOWN_HERE", words=listed) if listed else ""


def _elsewhere(to: Teller, value: Elsewhere) -> str:
    if not value.count:
        return ""
    code = ("ALSO_AT" if value.of_lines else "ELSEWHERE") + ("" if value.count == len(value.places) else "_MORE")
    return to.sentence(code, count=value.count, places=value.places)


def _met(to: Teller, value: Met) -> str:
    code = "ALSO_FOR" if value.count == len(value.names) else "ALSO_FOR_MORE"
    return to.sentence(code, count=value.count, use=value.use, names=value.names)


def _passages(to: Teller, value: Passages) -> str:
    """A line for each, its text cut where it is long."""
    lines = [to.sentence("PASSAGE", place=f"{at.file}:{at.line}", text=shorten(text)) for at, text in value.listed]
    return "".join((*lines, to.sentence("PASSAGES_MORE", count=value.more) if value.more else ""))


def _span(to: Teller, value: Span) -> str:
    ends = {
        (True, True): "SPAN",
        (True, False): "SPAN_FROM",
        (False, True): "SPAN_UNTIL",
        (False, False): "SPAN_ALWAYS",
    }
    code = ends[value.first is not None, value.last is not None]
    return to.sentence(code, name=value.name, first=value.first, last=value.last)


def _stated_fact(to: Teller, value: StatedFact) -> str:
    """``Tỷ lệ lao động là người trong xã: 20%``."""
    fact, meaning = value.fact, value.fact.meaning(value.value)
    told = fact.kind.told
    said = to.sentence(told, value=meaning, unit=fact.unit).rstrip() if told else to.say(meaning)
    return to.sentence("STATED_FACT", fact=fact, value=Told(said))


def _points_read(to: Teller, value: PointsRead) -> str:
    """``phần A (Tổ chức sản xuất): 9,5/35 điểm``."""
    code = "POINTS_READ_PART" if value.part else "POINTS_READ_TOTAL"
    return to.sentence(code, part=value.part, points=value.points, max=value.points.max)


def _several(to: Teller, values: tuple[object, ...]) -> str:
    between = (
        "; " if any(isinstance(value, (Criterion, Label, Listed, Fact, Option, Span)) for value in values) else ", "
    )
    return between.join(_in_list(to, value) for value in values)


def _in_list(to: Teller, value: object) -> str:
    return f"{value.number} {value.name[to.language]}" if isinstance(value, Criterion) else to.say(value)


def _criterion(to: Teller, value: Criterion) -> str:
    return f"{value.number} ({value.name[to.language]})"


def _mean(to: Teller, value: Mean) -> str:
    """``71,86``; ``90,0 (8996/100)`` where the print is a whole number and the mean is not, for it may lie under a threshold."""
    if value.sum % value.sheets == 0:
        return str(value.sum // value.sheets)
    said = value.text.replace(".", to.words.decimal)
    return f"{said} ({value.sum}/{value.sheets})" if misleads(value.sum, value.sheets, value.text) else said


def _interval(to: Teller, value: Interval) -> str:
    ends = "".join(
        (
            "FROM" if value.low is not None else "",
            "_TO" if value.high_closed else "_UNDER" if value.high is not None else "",
        )
    )
    return to.sentence(f"RANGE_{ends.strip('_')}", low=value.low, high=value.high)


_Way = Callable[[Teller, Any], str]
_WAYS: dict[type, _Way] = {
    Told: lambda to, value: value,
    NoneType: lambda to, value: "",
    str: lambda to, value: shorten(value, _QUOTED),
    int: lambda to, value: to.number(value),
    Label: lambda to, value: value[to.language],
    dt.date: lambda to, value: to.day(value),
    Fraction: lambda to, value: to.number(value),
    Decimal: lambda to, value: to.number(value),
    Elsewhere: _elsewhere,
    Inherited: lambda to, value: to.sentence("INHERITED", edition=value.edition, file=value.file),
    Met: _met,
    Passages: _passages,
    Interval: _interval,
    Listed: lambda to, value: f"{value.id} = {value.name[to.language]}",
    Mean: _mean,
    Rounded: lambda to, value: to.rounded(value),
    Position: lambda to, value: str(value),
    Span: _span,
    StatedFact: _stated_fact,
    PointsRead: _points_read,
    Suggestion: _suggestion,
    Criterion: _criterion,
    Option: lambda to, value: value.name[to.language],
    Fact: lambda to, value: value.name[to.language],
    KnockOut: lambda to, value: value.name[to.language],
    Level: lambda to, value: value.name[to.language],
    tuple: _several,
}
