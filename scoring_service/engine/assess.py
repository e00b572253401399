"""The core: one dossier in, one assessment out. Same input, same output, on every machine, for ever.

The order of things: edition -> shape -> points per sheet -> exact council mean -> inference -> three star lines -> trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring_service import __version__
from scoring_service.engine import durable
from scoring_service.engine.assessment import Assessment, Finding, Line, Mark, Origin, PartTotal, Points, Severity, Stars, Status, print_fraction
from scoring_service.engine.dossier import Dossier, DossierError, UnknownSetError
from scoring_service.engine.inference import AWARDED, CAP, REACHED, TOTAL, Program, Value, award_program, judging_program, recognition_program
from scoring_service.engine.points import Answering, FactValues, check_answers, derivation, mark_sheet, read_facts
from scoring_service.engine.sentences import FINDINGS, ORIGIN, mean_text, printed, summary
from scoring_service.rulebook.library import Application, ChoiceError, EditionChoice, Rulebook
from scoring_service.rulebook.model import STATED, Basis, Criterion, Edition, EditionRef, Effect, KnockOut, Level, Option, ProductSet
from scoring_service.text import Position, Problem, Text, did_you_mean, shorten

_STATUS_OF = {Effect.REJECT: Status.REJECTED, Effect.NOT_ELIGIBLE: Status.NOT_ELIGIBLE,
              Effect.DISQUALIFY: Status.DISQUALIFIED, Effect.HALT: Status.HALTED}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What can be prepared once per product set."""

    answering: Answering
    judging: Program
    part_of: Mapping[str, str]


class Engine:
    """A rulebook made ready to assess. Immutable after construction; safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._plans = {
            (edition.id, product_set.id): _Plan(
                Answering.of(product_set), judging_program(edition, product_set),
                {c.number: part.code for part in product_set.parts for c in part.criteria()})
            for edition in rulebook.editions.values() for product_set in edition.sets.values()}
        self._award = {e.id: award_program(e) for e in rulebook.editions.values()}
        self._recognition = {e.id: recognition_program(e) for e in rulebook.editions.values()}

    def assess(self, dossier: Dossier) -> Assessment:
        """Judge one dossier.

        Raises:
            DossierError: something in the dossier names nothing known or fits no type; all such places are listed.
            UnknownSetError: the edition has no such product set (a ``DossierError``).
            ChoiceError: no edition judges such dates; the message says which would work.
        """
        choice = self._choose(dossier)
        edition = choice.edition
        product_set = self._find_set(dossier, edition)
        plan = self._plans[edition.id, product_set.id]
        problems: list[Problem] = []
        level = edition.levels.get(dossier.level)
        if level is None:
            problems.append(Problem("level-unknown", Text(
                f"Bộ tiêu chí {edition.id} không có cấp '{shorten(dossier.level)}'.", f"Edition {edition.id} has no level '{shorten(dossier.level)}'.")
                + did_you_mean(dossier.level, edition.levels), "council.level"))
        facts = read_facts(dossier.facts, edition, problems)
        check_answers(dossier, plan.answering, problems)
        if problems or level is None:
            raise DossierError(problems)
        return _Assessing(dossier, choice, product_set, level, plan, facts, self._award[edition.id], self._recognition[edition.id]).result()

    def _choose(self, dossier: Dossier) -> EditionChoice:
        kinds = {kind: None for edition in self.rulebook.editions.values() for kind in edition.kinds}
        if dossier.kind not in kinds:
            raise DossierError([Problem("kind-unknown", Text(
                f"Không có loại hồ sơ '{shorten(dossier.kind)}'.", f"There is no kind of application '{shorten(dossier.kind)}'.") + did_you_mean(dossier.kind, kinds),
                "application.kind")])
        return self.rulebook.choose(Application(dossier.kind, dossier.filed_on, dossier.decided_on, dossier.level), dossier.edition)

    @staticmethod
    def _find_set(dossier: Dossier, edition: Edition) -> ProductSet:
        found = edition.find_set(dossier.product_set)
        if found is None:
            missing = edition.missing_sets.get(dossier.product_set)
            known = [*edition.sets, *edition.by_slug]
            why = missing or Text(f"Bộ tiêu chí {edition.id} không có bộ sản phẩm '{shorten(dossier.product_set)}'.",
                                  f"Edition {edition.id} has no product set '{shorten(dossier.product_set)}'.") + did_you_mean(dossier.product_set, known)
            raise UnknownSetError([Problem("set-unknown", why, "product.set")])
        return found


class _Assessing:
    """One dossier on its way; the steps in order, each adding to the findings."""

    def __init__(self, dossier: Dossier, choice: EditionChoice, product_set: ProductSet, level: Level, plan: _Plan, facts: FactValues,
                 award: Program, recognition: Program) -> None:
        self.dossier, self.choice, self.edition = dossier, choice, choice.edition
        self.set, self.level, self.plan, self.facts = product_set, level, plan, facts
        self.award, self.recognition = award, recognition
        self.findings: list[Finding] = []
        self.sheets = len(dossier.sheets)

    def result(self) -> Assessment:
        marks = self._marks()
        sums = self._sums(marks)
        whole = bool(self.sheets) and len(sums) == len(self.plan.answering.criteria)
        total = Points(sum(sums.values()), self.sheets, sum(p.max for p in self.set.parts)) if whole else None
        fired = durable.fire(self.plan.judging, self._facts(sums, total))
        outs = self._knock_outs(fired)
        stars = Stars()
        if not outs and total is not None:
            stars = self._stars(fired, total, sums)
        elif total is not None:
            stars = Stars(by_points=self._band(fired, total))
        status = _STATUS_OF[outs[0].effect] if outs else Status.SCORED if whole else Status.INCOMPLETE
        if status is not Status.INCOMPLETE:
            self.findings = [f for f in self.findings if f.code not in ("missing_answers", "no_sheets")]
        self.findings += [self._finding("remark", Severity.INFO, basis=Basis(False, text), text=text) for text in self.edition.remarks]
        ranked = sorted(self.findings, key=lambda f: list(Severity).index(f.severity))
        deciding = [f.text for f in ranked if f.severity is Severity.DECIDING and f.code not in ("band", "recognised", "minimum")]
        return Assessment(
            status=status, product_name=self.dossier.product_name, product_code=self.dossier.product_code, product_set=self.set.id,
            product_set_name=self.set.name, edition=EditionRef(self.edition.id, self.edition.decision, self.edition.digest, self.choice.why,
                                                               self.choice.reference, self.choice.basis, self.choice.asked),
            level=self.level.id, level_name=self.level.name, total=total, parts=self._parts(sums, whole), stars=stars,
            provisional=any(f.code == "unconfirmed" for f in ranked), lines=tuple(self._line(c, sums, marks) for c in self.set.criteria()),
            findings=tuple(ranked), summary=summary(status, total, stars, self.level.name, _joined(deciding[:5])), engine_version=__version__)

    # --- points ------------------------------------------------------------------------------------------------------

    def _marks(self) -> list[dict[str, Mark]]:
        derived = self._derived()
        marks = [mark_sheet(sheet, self.plan.answering, derived) for sheet in self.dossier.sheets]
        if not marks:
            self._add("no_sheets", Severity.DECIDING, path="sheets")
        for index, (sheet, marked) in enumerate(zip(self.dossier.sheets, marks, strict=True)):
            who = sheet.assessor or str(index + 1)
            missing = [c for number, c in self.plan.answering.criteria.items() if number not in marked]
            if missing:
                named = Text("; ".join(f"{c.number} {c.name.vi}" for c in missing), "; ".join(f"{c.number} {c.name.en}" for c in missing))
                self._add("missing_answers", Severity.DECIDING, path=f"sheets[{index}].answers", assessor=who, count=str(len(missing)), missing=named)
            for number, mark in marked.items():
                criterion = self.plan.answering.criteria[number]
                path = f"sheets[{index}].answers.{number}"
                if mark.origin is Origin.NOT_APPLICABLE:
                    self._not_applicable(criterion, sheet.answers.get(number, ""), who, path)
                elif mark.origin is Origin.ASSESSOR and number in derived and derived[number].id != mark.option:
                    self._add("derived_differs", Severity.WARNING, criterion, path=path, assessor=who, chosen=self._option_name(criterion, mark.option),
                              option=derived[number].name)
                if mark.origin is not Origin.NOT_APPLICABLE and criterion.none_met and mark.option == criterion.none_met.id:
                    self._add("none_met", Severity.INFO, criterion, path=path, basis=Basis(False, self.edition.readings["none_met"]))
        return marks

    def _derived(self) -> dict[str, Option]:
        """Options that stated facts name; printed gaps and overlaps are said openly."""
        found: dict[str, Option] = {}
        for criterion in self.plan.answering.criteria.values():
            row = derivation(criterion, self.facts) if criterion.derive and self.facts else None
            if row is None:
                continue
            read = tuple((name, _plain(self.facts[name])) for name, _ in row.when if name in self.facts)
            if row.option:
                found[criterion.number] = next(o for o in criterion.choices() if o.id == row.option)
                self._add("derived", Severity.INFO, criterion, facts=read, position=row.position, option=found[criterion.number].name)
            if row.unclear:
                shown = Text(", ".join(f"{self.edition.facts[n].name.vi}: {v}" for n, v in read), ", ".join(f"{self.edition.facts[n].name.en}: {v}" for n, v in read))
                self._add("unclear_print", Severity.WARNING, criterion, facts=read, position=row.position, basis=Basis(False, row.unclear),
                          why=row.unclear, given=shown)
        return found

    def _not_applicable(self, criterion: Criterion, answer: str, who: str, path: str) -> None:
        rule = criterion.only_if
        if rule is None:
            return
        chosen = self.plan.answering.options[criterion.number].get(answer.strip())
        if chosen is not None and chosen.points > 0:
            self._add("not_applicable_answered", Severity.WARNING, criterion, path=path, basis=rule.basis, position=rule.position, chosen=chosen.name, assessor=who)
        else:
            self._add("not_applicable", Severity.INFO, criterion, path=path, basis=rule.basis, position=rule.position, other=rule.criterion,
                      at_least=str(rule.at_least))

    def _sums(self, marks: list[dict[str, Mark]]) -> dict[str, int]:
        """Sum of points per criterion, only where every sheet has one."""
        return {number: sum(m[number].points for m in marks) for number in self.plan.answering.criteria
                if marks and all(number in m for m in marks)}

    def _parts(self, sums: Mapping[str, int], whole: bool) -> tuple[PartTotal, ...]:
        return tuple(PartTotal(part.code, part.name, Points(sum(sums[c.number] for c in part.criteria()), self.sheets, part.max))
                     for part in self.set.parts) if whole else ()

    def _line(self, criterion: Criterion, sums: Mapping[str, int], marks: list[dict[str, Mark]]) -> Line:
        own = tuple(m[criterion.number] for m in marks if criterion.number in m)
        points = Points(sums[criterion.number], self.sheets, criterion.max) if criterion.number in sums else None
        chosen = Text("", "")
        for mark in dict.fromkeys((m.option, m.origin) for m in own):
            name = self._option_name(criterion, mark[0]) if mark[0] else ORIGIN[Origin.NOT_APPLICABLE]
            note = Text("", "") if mark[1] is Origin.ASSESSOR or not mark[0] else Text(" (", " (") + ORIGIN[mark[1]] + Text(")", ")")
            chosen = chosen + Text("; ", "; ") + name + note if chosen.vi else name + note
        reading = criterion.none_met is not None and any(m.option == criterion.none_met.id for m in own)
        basis = Basis(False, self.edition.readings["none_met"]) if reading else STATED
        if not all(o.printed for o in criterion.options):
            basis = Basis(False, self.edition.readings["binary"])
        return Line(criterion.number, criterion.name, self.plan.part_of[criterion.number], points, criterion.max, own, chosen,
                    tuple(self.edition.evidence[e] for e in criterion.evidence), criterion.reference, criterion.position, basis, criterion.group)

    @staticmethod
    def _option_name(criterion: Criterion, option: str) -> Text:
        return next(o.name for o in criterion.choices() if o.id == option)

    # --- inference -----------------------------------------------------------------------------------------------------

    def _facts(self, sums: Mapping[str, int], total: Points | None) -> dict[str, Value]:
        values: dict[str, Value] = {f"criterion:{number}": Fraction(points, self.sheets) for number, points in sums.items()}
        for name, value in self.facts.items():
            fact = self.edition.facts[name]
            values[f"fact:{name}"] = (list(fact.choices).index(value) if value in fact.choices else int(value == "yes")) if isinstance(value, str) else value
        if total is not None:
            values[TOTAL] = total.mean
        return values

    def _knock_outs(self, fired: Iterable[str]) -> list[KnockOut]:
        """The knock-outs that fired, strongest first; those that could not be judged become open findings."""
        hit = {int(rule.partition(":")[2]) for rule in fired if rule.startswith("knock-out:")}
        found: list[KnockOut] = []
        for index, out in enumerate(self.set.knock_outs):
            names = [s.partition(":")[2] for s in out.when.subjects() if s.startswith("fact:")]
            unknown = [n for n in names if n not in self.facts]
            if index in hit:
                found.append(out)
                read = tuple((n, _plain(self.facts[n])) for n in names if n in self.facts)
                self._add(f"knock_out_{out.effect}", Severity.DECIDING, rule=out.id, facts=read, reference=out.reference, position=out.position,
                          basis=out.basis, name=out.name)
            elif unknown:
                self._add("unconfirmed", Severity.WARNING, rule=out.id, reference=out.reference, position=out.position, basis=out.basis, name=out.name,
                          unknown=", ".join(unknown), path=f"facts.{unknown[0]}")
        return sorted(found, key=lambda out: list(Effect).index(out.effect))

    # --- stars ---------------------------------------------------------------------------------------------------------

    def _band(self, fired: Iterable[str], total: Points) -> int:
        stars = max(int(rule.partition(":")[2]) for rule in fired if rule.startswith("band:"))
        band = next(b for b in self.edition.bands if b.stars == stars)
        self._add("band", Severity.DECIDING, rule=f"band-{stars}", facts=(("total", f"{total.sum}/{total.sheets}"),), reference=band.reference,
                  position=band.position, basis=band.basis, mean=mean_text(total), interval=str(band.interval), stars=str(stars))
        return stars

    def _stars(self, fired: tuple[str, ...], total: Points, sums: Mapping[str, int]) -> Stars:
        by_points = self._band(fired, total)
        missed = [(number, int(stars)) for _, number, stars in (rule.split(":") for rule in fired if rule.startswith("minimum:"))]
        cap = min((stars - 1 for _, stars in missed), default=max(b.stars for b in self.edition.bands))
        awards = durable.fire(self.award, {REACHED: by_points, CAP: cap})
        after = max((int(rule.partition(":")[2]) for rule in awards), default=0)
        for number, stars in missed:
            self._missed(number, stars, sums[number], decides=after < stars <= by_points)
        if after < by_points:
            barring = ", ".join(dict.fromkeys(number for number, stars in missed if stars == after + 1))
            self._add("held", Severity.DECIDING, rule="minimums", basis=Basis(False, self.edition.readings["minimums"]), by_points=str(by_points),
                      after=str(after), numbers=barring)
        return self._recognition(by_points, after)

    def _missed(self, number: str, stars: int, points: int, *, decides: bool) -> None:
        criterion = self.plan.answering.criteria[number]
        minimum = next(m for m in criterion.minimums if m.stars == stars)
        got = Points(points, self.sheets, criterion.max)
        self._add("minimum", Severity.DECIDING if decides else Severity.INFO, criterion, rule=f"minimum-{number}-{stars}",
                  facts=((f"criterion:{number}", f"{points}/{self.sheets}"),), basis=minimum.basis, points=mean_text(got), stars=str(stars), minimum=str(minimum.points))

    def _recognition(self, by_points: int, after: int) -> Stars:
        fired = durable.fire(self.recognition, {f"level:{self.level.id}": 1, AWARDED: after})
        recognised = max((int(rule.rpartition(":")[2]) for rule in fired if rule.startswith("recognise:")), default=0)
        forwarded = any(rule.startswith("forward:") for rule in fired)
        rule, where = f"level-{self.level.id}", {"reference": self.level.reference, "position": self.level.position, "basis": self.level.basis}
        read = (("stars", str(after)),)
        lowest = min(s for level in self.edition.levels.values() for s in level.recognises)
        if forwarded:
            to = self.edition.levels[self.level.forwards_to].name
            self._add("forwarded", Severity.DECIDING, rule=rule, facts=read, level=self.level.name, to=to, stars=str(after), **where)
        elif recognised:
            self._add("recognised", Severity.DECIDING, rule=rule, facts=read, level=self.level.name, stars=str(recognised),
                      months=str(self.edition.certificate_months), **where)
        elif after < lowest:
            self._add("no_decision", Severity.DECIDING, rule=rule, facts=read, stars=str(after), **where)
        else:
            self._add("below_level", Severity.DECIDING, rule=rule, facts=read, level=self.level.name, next=self.level.below or Text("", ""), **where)
        return Stars(by_points, after, recognised, self.level.forwards_to if forwarded else "", after if forwarded else 0)

    # --- findings ------------------------------------------------------------------------------------------------------

    def _add(self, code: str, severity: Severity, criterion: Criterion | None = None, *, rule: str = "", facts: tuple[tuple[str, str], ...] = (),
             reference: str = "", position: Position | None = None, basis: Basis = STATED, path: str = "", **values: str | Text) -> None:
        if criterion is not None:
            values |= {"number": criterion.number, "name": criterion.name}
            reference, position = reference or criterion.reference, position or criterion.position
        self.findings.append(self._finding(code, severity, rule=rule, facts=facts, reference=reference, position=position, basis=basis, path=path, **values))

    @staticmethod
    def _finding(code: str, severity: Severity, *, rule: str = "", facts: tuple[tuple[str, str], ...] = (), reference: str = "",
                 position: Position | None = None, basis: Basis = STATED, path: str = "", **values: str | Text) -> Finding:
        plain = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Finding(code, severity, FINDINGS[code].format(**values), rule, plain, facts, reference, position, basis, path)


def _plain(value: object) -> str:
    return str(value)


def _joined(texts: list[Text]) -> Text:
    return Text(" ".join(t.vi for t in texts), " ".join(t.en for t in texts))


__all__ = ["ChoiceError", "Engine", "print_fraction", "printed"]
