"""An old dossier carried to another edition: its set by what continues it, its answers by the options that are still there.

Nothing is guessed: what has no certain place in the other edition is left out and told, and the dossier is then incomplete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scoring_service.engine.dossier import MAX_ID, MAX_VALUE, Dossier, Sheet, Stated
from scoring_service.engine.names import find_set, no_set
from scoring_service.engine.prepared import Form, Rules
from scoring_service.engine.setting import setting_of
from scoring_service.plaintext import cleaned, nfc, shorten
from scoring_service.problems import Problem, Problems
from scoring_service.rulebook.facts import UNKNOWN, Fact
from scoring_service.rulebook.label import Listed
from scoring_service.rulebook.match import (
    CERTAIN,
    Ground,
    Matched,
    matched,
    matched_options,
    predecessors,
    same_ids,
    successors,
)
from scoring_service.rulebook.model import Criterion, Edition, Option, ProductSet


@dataclass(frozen=True, slots=True)
class Carried:
    """A dossier for another edition. ``source``: the edition it was written for; ``left``: what could not be carried, and why.

    ``product_set``: its set there; where that cannot be told, ``left`` says so alone, and the dossier is the old one. ``open``: the criteria of the new sheet that some council sheet has no answer to, without those told in ``left``.
    """

    dossier: Dossier
    source: Edition
    product_set: ProductSet | None
    left: tuple[Problem, ...]
    open: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to carry.

    ``asked``: the set there, where the old one was divided; ``source``: the edition that dossiers were written for, where their days do
    not tell; ``grounds``: on which an answer may follow its option.
    """

    asked: ProductSet | None = None
    source: str = ""
    grounds: frozenset[Ground] = CERTAIN


def carry(dossier: Dossier, rules: Rules, to: Edition, wanted: Wanted = Wanted()) -> Carried:
    """The dossier for the edition ``to``."""
    return _Carrier(dossier, rules, to, wanted).carried()


@dataclass(frozen=True, slots=True)
class Way:
    """From one form to another: what each old criterion and option has become."""

    old: Form
    new: Form
    criteria: Mapping[str, Criterion]
    options: Mapping[str, Mapping[str, Matched]]

    @classmethod
    def of(cls, old: Form, new: Form, editions: Mapping[str, Edition]) -> Way:
        """Match two forms."""
        by_id = same_ids(old.edition, new.edition, editions)
        pairs = matched(old.product_set, new.product_set, by_id=by_id)
        criteria = {was.number: new.criteria[new.places[number]] for number, was in pairs.items()}
        options = {was.number: matched_options(was, criteria[was.number], by_id=by_id) for was in pairs.values()}
        return cls(old, new, criteria, options)


@dataclass(slots=True)
class _Carrier:
    """One dossier while it is carried."""

    dossier: Dossier
    rules: Rules
    to: Edition
    wanted: Wanted
    left: list[Problem] = field(default_factory=list)
    ways: dict[str, Way | None] = field(default_factory=dict)

    def carried(self) -> Carried:
        dossier, to = self.dossier, self.to
        source = self._source()
        target = self.wanted.asked or self._target(source)
        if target is None:
            return Carried(dossier, source, None, tuple(self.left), ())
        facts = dict(self._facts(source))
        sheets = tuple(self._sheet(index, sheet, source, target) for index, sheet in enumerate(dossier.sheets))
        self._words()
        carried = replace(dossier, facts=facts, sheets=sheets, edition=self._edition(source))
        if find_set(to, dossier.product_set, self.rules.sets[to.id]) is not target:
            carried = replace(carried, product_set=target.slug)
        told = Problems(self.left)
        return Carried(carried, source, target, tuple(told), tuple(self._open(carried, target)))

    def _source(self) -> Edition:
        named = self.rules.book.editions.get(self.wanted.source)
        return named or setting_of(self.dossier, self.rules, Problems())[1]

    def _edition(self, source: Edition) -> str:
        """What the dossier says of its edition: nothing more where its days choose the new one."""
        dossier, to = self.dossier, self.to
        if source.id == to.id and not self.wanted.source:
            return dossier.edition
        problems = Problems()
        chosen = setting_of(replace(dossier, edition=""), self.rules, problems)[1]
        return "" if chosen.id == to.id and not dossier.edition and not len(problems) else to.id

    def _target(self, source: Edition) -> ProductSet | None:
        """The set that continues the dossier's; none where there is none or more than one, which is told."""
        given, names = self.dossier.product_set, self.rules.sets[source.id]
        old = find_set(source, given, names)
        if old is None:
            self.left.append(no_set(source, given, "product.set", names))
            return None
        if source.id == self.to.id:
            return old
        found = successors(old, source, self.to)
        if len(found) == 1:
            return found[0]
        values = {"name": old.name, "edition": self.to.id, "sets": tuple(Listed(s.slug, s.name) for s in found)}
        self.left.append(Problem("CARRY_SET_DIVIDED" if found else "CARRY_SET_GONE", values, "product.set"))
        return None

    def _words(self) -> None:
        """Words of the dossier's head that the edition does not know; they stay, to be mended."""
        to, level = self.to, self.dossier.level
        known = {v.word for v in to.levels}
        if level and level not in known and self.rules.levels[to.id].id(level) not in known:
            self._leave("CARRY_WORD", "council.level", given=shorten(level), edition=to.id)
        if self.dossier.council_rules and self.dossier.council_rules not in to.councils:
            given = shorten(self.dossier.council_rules)
            self._leave("CARRY_WORD", "council.rules", given=given, edition=to.id)

    def _facts(self, source: Edition) -> Iterable[tuple[str, str | Stated]]:
        for name, stated in self.dossier.facts.items():
            fact, text = self.to.facts.get(name), stated.text if isinstance(stated, Stated) else stated
            was = source.facts.get(name)
            path = f"facts.{shorten(name)}"
            if fact is None:
                said = was.name if was else shorten(name)
                self._leave("CARRY_FACT_GONE", path, fact=said, given=shorten(text), edition=self.to.id)
            elif len(text) <= MAX_VALUE and self._understood(fact, text):
                yield name, stated
            else:
                self._leave("CARRY_FACT_VALUE", path, fact=fact, given=shorten(text), edition=self.to.id)

    def _understood(self, fact: Fact, text: str) -> bool:
        if nfc(text).strip().lower() in UNKNOWN or fact.parse(text) is not None:
            return True
        return bool(fact.choices and self.rules.choices[self.to.id, fact.id].id(text))

    def _sheet(self, index: int, sheet: Sheet, source: Edition, target: ProductSet) -> Sheet:
        edition = self.rules.book.editions.get(sheet.edition) if sheet.edition else source
        way = self._way(edition, target) if edition else None
        answers: dict[str, str] = {}
        for number, answer in sheet.answers.items():
            found = self._answer(way, f"sheets[{index}].answers.{shorten(number)}", number, answer)
            if found and way:
                new, option = found
                as_before = way.new.answers[new.number][1].get(cleaned(answer))
                same = as_before is not None and as_before.option == option.id
                answers[number if new.number == cleaned(number) else new.number] = answer if same else option.id
        return replace(sheet, answers=answers, edition=sheet.edition and self.to.id)

    def _way(self, edition: Edition, target: ProductSet) -> Way | None:
        """From the form that a sheet was filled on; none where that cannot be told."""
        if edition.id not in self.ways:
            before = [target] if edition.id == self.to.id else predecessors(target, edition)
            named = find_set(edition, self.dossier.product_set, self.rules.sets[edition.id])
            old = named if named in before else before[0] if len(before) == 1 else None
            new = self.rules.forms[self.to.id, target.slug]
            self.ways[edition.id] = (
                Way.of(self.rules.forms[edition.id, old.slug], new, self.rules.book.editions) if old else None
            )
        return self.ways[edition.id]

    def _answer(self, way: Way | None, path: str, number: str, answer: str) -> tuple[Criterion, Option] | None:
        """The criterion and the option that an answer names in the new form."""
        given = {"number": shorten(number), "given": shorten(answer)}
        if way is None or max(len(number), len(answer)) > MAX_ID or cleaned(number) not in way.old.places:
            edition = way.old.edition.id if way else self.to.id
            self._leave("CARRY_NOT_ON_A_SHEET", path, **given, edition=edition)
            return None
        number = cleaned(number)
        was = way.old.criteria[way.old.places[number]]
        mark = way.old.answers[number][1].get(cleaned(answer))
        if mark is None:
            self._leave("CARRY_NO_OPTION", path, criterion=was, given=given["given"], edition=way.old.edition.id)
            return None
        option, new = way.old.options[number][mark.option], way.criteria.get(number)
        chosen = {"criterion": was, "option": option, "points": option.points, "edition": self.to.id}
        if new is None:
            self._leave("CARRY_CRITERION_GONE", path, **chosen)
            return None
        became = way.options[number].get(option.id)
        if became is None or became.ground not in self.wanted.grounds:
            self._leave("CARRY_OPTION_GONE", path, **chosen, new=new)
            return None
        return new, became.option

    def _open(self, carried: Dossier, target: ProductSet) -> Iterable[Criterion]:
        """Criteria of the new form that no old one became and that some sheet leaves without an answer."""
        became = {c.number for way in self.ways.values() if way for c in way.criteria.values()}
        for criterion in target.criteria():
            if criterion.number not in became and any(criterion.number not in s.answers for s in carried.sheets):
                yield criterion

    def _leave(self, code: str, path: str, **values: object) -> None:
        self.left.append(Problem(code, values, path))
