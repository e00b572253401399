"""The core: one dossier in, one assessment out. Same input, same output, on every machine, for ever.

The order of things: edition -> shape -> marks per sheet -> exact council mean -> inference -> three star lines -> trace.
"""

from __future__ import annotations

from scoring_service import __version__
from scoring_service.engine.assessment import (
    Assessment,
    Points,
    Severity,
    Stars,
    Status,
)
from scoring_service.engine.case import Case, Plan
from scoring_service.engine.council import deliberate, seat
from scoring_service.engine.dates import date_notes, say_missed_window
from scoring_service.engine.dossier import Dossier, DossierError, SheetKind, UnknownSetError
from scoring_service.engine.inference import award_program, judging_program, recognition_program
from scoring_service.engine.judging import Ladder, award, judge, knock_outs, stars_by_points
from scoring_service.engine.marking import mark_all, sums
from scoring_service.engine.points import Answering
from scoring_service.engine.sentences import joined, summary
from scoring_service.engine.shape import check_answers, check_council, check_dates, read_facts
from scoring_service.engine.trace import line, part_totals, ranked
from scoring_service.rulebook.library import Application, ChoiceError, EditionChoice, Rulebook
from scoring_service.rulebook.model import Edition, EditionRef, Effect, ProductSet
from scoring_service.text import Problem, Text, did_you_mean, shorten

_STATUS_OF = {
    Effect.REJECT: Status.REJECTED,
    Effect.NOT_ELIGIBLE: Status.NOT_ELIGIBLE,
    Effect.DISQUALIFY: Status.DISQUALIFIED,
    Effect.HALT: Status.HALTED,
}
# Said by the summary itself, or in detail by another finding.
_NOT_IN_SUMMARY = ("band", "recognised", "minimum")
_SUMMARY_REASONS = 5


class Engine:
    """A rulebook made ready to assess. Immutable after construction; safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._plans = {
            (edition.id, product_set.id): _plan(edition, product_set)
            for edition in rulebook.editions.values()
            for product_set in edition.sets.values()
        }
        self._ladders = {e.id: Ladder(award_program(e), recognition_program(e)) for e in rulebook.editions.values()}

    def assess(self, dossier: Dossier, counting: SheetKind = SheetKind.COUNCIL) -> Assessment:
        """Judge one dossier by its council's sheets, or by another kind of sheet for comparison.

        Raises:
            DossierError: something in the dossier names nothing known or fits no type; all such places are listed.
            UnknownSetError: the edition has no such product set (a ``DossierError``).
            ChoiceError: no edition judges such dates; the message says which would work.
        """
        case = self._case(dossier, counting)
        marks = mark_all(case)
        points = sums(case, marks)
        sheets = len(marks)
        whole = sheets > 0 and len(points) == len(case.plan.answering.criteria)
        decimals = case.council.decimals
        maximum = sum(p.max for p in case.product_set.parts)
        total = Points(sum(points.values()), sheets, maximum, decimals) if whole else None
        council, undecided = deliberate(
            case, points, [sum(m.points for m in marked.values()) for marked in marks] if whole else []
        )
        fired = judge(case, points, marks, total)
        outs = knock_outs(case, fired, marks)
        if outs:
            status = _STATUS_OF[outs[0].effect]
        elif total is None:
            status = Status.INCOMPLETE
        else:
            status = undecided or Status.SCORED
        stars = Stars()
        if total and status is Status.SCORED:
            stars = award(case, self._ladders[case.edition.id], fired, total, marks)
        elif total:
            stars = Stars(by_points=stars_by_points(case, fired, total))
        dates = date_notes(case, recognised=stars.recognisable > 0 and not stars.potential)
        say_missed_window(case, dates)
        findings = ranked(case, out=bool(outs))
        provisional = any(f.code == "unconfirmed" for f in findings)
        reasons = [f.text for f in findings if f.severity is Severity.DECIDING and f.code not in _NOT_IN_SUMMARY]
        return Assessment(
            status=status,
            product_name=dossier.product_name,
            product_code=dossier.product_code,
            product_set=case.product_set.id,
            product_set_name=case.product_set.name,
            edition=_edition_ref(case.choice),
            level=case.level.id,
            level_name=case.level.name,
            total=total,
            parts=part_totals(case, points) if whole else (),
            stars=stars,
            provisional=provisional,
            council=council,
            dates=dates,
            lines=tuple(line(case, criterion, points, marks) for criterion in case.product_set.criteria()),
            findings=findings,
            summary=summary(
                status, total, stars, case.level.name, joined(reasons[:_SUMMARY_REASONS]), provisional=provisional
            ),
            engine_version=__version__,
        )

    def _case(self, dossier: Dossier, counting: SheetKind) -> Case:
        """The dossier with its rules. Every wrong field is reported at once, as far as an edition and a set can be told."""
        problems: list[Problem] = []
        check_dates(dossier, problems)
        check_council(dossier, self.rulebook.editions, problems)
        _check_kind(dossier, self.rulebook, problems)
        if any(p.path.startswith("application.") for p in problems):
            raise DossierError(problems)
        application = Application(dossier.kind, dossier.filed_on, dossier.decided_on)
        try:
            choice = self.rulebook.choose(application, dossier.edition)
        except ChoiceError as error:
            if problems:
                raise DossierError([*problems, *error.problems]) from error
            raise
        edition = choice.edition
        level = edition.find_level(dossier.level, dossier.decided_on or dossier.filed_on)
        if level is None:
            problems.append(_no_level(dossier, edition))
        rules = edition.councils.get(dossier.council_rules or dossier.level)
        if dossier.council_rules and level and (rules is None or rules.level != dossier.level):
            problems.append(_no_council(dossier, edition))
        facts = read_facts(dossier.facts, edition, problems)
        product_set = edition.find_set(dossier.product_set)
        if product_set is None:
            problems.append(Problem("set-unknown", edition.no_set(dossier.product_set), "product.set"))
            raise UnknownSetError(problems) if len(problems) == 1 else DossierError(problems)
        plan = self._plans[edition.id, product_set.id]
        check_answers(dossier, edition, plan.answering, self._other_forms(edition, product_set), problems)
        if problems or level is None or rules is None:
            raise DossierError(problems)
        return Case(dossier, choice, product_set, level, rules, seat(dossier, edition, rules, counting), plan, facts)

    def _other_forms(self, edition: Edition, product_set: ProductSet) -> dict[str, frozenset[str]]:
        """Criterion numbers of the same product set in the other editions."""
        return {
            other: self._plans[other, found.id].numbers
            for other, one in self.rulebook.editions.items()
            if other != edition.id and (found := one.find_set(product_set.slug))
        }


def _check_kind(dossier: Dossier, rulebook: Rulebook, problems: list[Problem]) -> None:
    kinds = dict.fromkeys(kind for edition in rulebook.editions.values() for kind in edition.kinds)
    if dossier.kind not in kinds:
        what = Text(
            f"Không có loại hồ sơ '{shorten(dossier.kind)}'.",
            f"There is no kind of application '{shorten(dossier.kind)}'.",
        )
        problems.append(Problem("kind-unknown", what + did_you_mean(dossier.kind, kinds), "application.kind"))


def _plan(edition: Edition, product_set: ProductSet) -> Plan:
    part_of = {c.number: part.code for part in product_set.parts for c in part.criteria()}
    program = judging_program(edition, product_set)
    points = (subject.partition(":") for subject in program.subjects())
    return Plan(
        answering=Answering.of(product_set),
        numbers=frozenset(part_of),
        judging=program,
        part_of=part_of,
        evidence_of={c.number: tuple(edition.evidence[e] for e in c.evidence) for c in product_set.criteria()},
        unprinted=frozenset(c.number for c in product_set.criteria() if not all(o.printed for o in c.options)),
        read_points=tuple(
            (f"{kind}:{number}", number) for kind, _, number in points if kind in ("criterion", "minimum")
        ),
    )


def _no_council(dossier: Dossier, edition: Edition) -> Problem:
    known = [c.id for c in edition.councils.values() if c.level == dossier.level]
    what = Text(
        f"Không có tệp hội đồng '{shorten(dossier.council_rules)}' cho cấp này.",
        f"There is no council file '{shorten(dossier.council_rules)}' for this level.",
    )
    return Problem("council-unknown", what + did_you_mean(dossier.council_rules, known), "council.rules")


def _no_level(dossier: Dossier, edition: Edition) -> Problem:
    """Either the word is unknown, or the level was not in force on the day."""
    periods = [v for v in edition.levels if v.id == dossier.level]
    if periods:
        day = dossier.decided_on or dossier.filed_on
        spans = ", ".join(f"{v.start or '…'} → {v.end or '…'}" for v in periods)
        there = ", ".join(dict.fromkeys(v.id for v in edition.levels if v.covers(day)))
        what = Text(
            f"Cấp {periods[0].name.vi} không có thẩm quyền vào ngày {day}; các giai đoạn: {spans} ({periods[0].reference}). "
            f"Các cấp có thẩm quyền vào ngày đó: {there}.",
            f"The {periods[0].name.en} level had no power on {day}; its periods: {spans} ({periods[0].reference}). "
            f"Levels with power on that day: {there}.",
        )
        return Problem("level-period", what, "council.decided_on" if dossier.decided_on else "council.level")
    what = Text(
        f"Bộ tiêu chí {edition.id} không có cấp '{shorten(dossier.level)}'.",
        f"Edition {edition.id} has no level '{shorten(dossier.level)}'.",
    )
    known = dict.fromkeys(v.id for v in edition.levels)
    return Problem("level-unknown", what + did_you_mean(dossier.level, known), "council.level")


def _edition_ref(choice: EditionChoice) -> EditionRef:
    edition = choice.edition
    return EditionRef(
        edition.id, edition.decision, edition.digest, choice.why, choice.reference, choice.basis, choice.asked
    )
