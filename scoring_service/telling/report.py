"""What an answer tells beside its findings: the summary, each line, each day, why this edition. Shared by terminal and service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from scoring_service.engine.case import Case
from scoring_service.engine.compare import By, OnlyOne, Reason, Side, SideBySide
from scoring_service.engine.dates import last_day
from scoring_service.engine.engine import Assessment
from scoring_service.engine.findings import (
    Finding,
    MinimumDivided,
    MinimumMissed,
    PointsShort,
    RecognisableHere,
    Severity,
    StarsByPoints,
)
from scoring_service.engine.kept import Kept
from scoring_service.engine.mean import Mean
from scoring_service.engine.prepared import Form, Mark, Origin
from scoring_service.engine.verdict import Day, Status, Verdict
from scoring_service.rulebook.label import COUNTING, DAY_OFF, Basis
from scoring_service.rulebook.model import CERTIFICATE_END
from scoring_service.telling.catalogue import Template
from scoring_service.telling.teller import Teller, Told

# Said by the summary itself, or in detail by another finding.
_NOT_IN_SUMMARY = (StarsByPoints, MinimumMissed, MinimumDivided, RecognisableHere)
_SUMMARY_REASONS = 5


def summary(to: Teller, a: Assessment) -> str:
    """The result in one or two sentences."""
    verdict, case = a.verdict, a.case
    decisive = [f for f in a.findings if f.severity is Severity.DECIDING and not isinstance(f, _NOT_IN_SUMMARY)]
    reasons = " ".join([finding(to, case.form, one) for one in decisive[:_SUMMARY_REASONS]])
    stars, total = verdict.stars, verdict.total
    if stars is not None and total is not None:
        kept = case.form.kept(("summary", to.language))
        lines = (stars.after_minimums, stars.recognisable, stars.forward_to, stars.potential)
        key = (verdict.provisional, total.sum, total.sheets, total.decimals, case.level.id, *lines)
        head = kept.once(key, lambda: _total(to, verdict) + _stars(to, case, verdict))
        return " ".join(filter(None, (head, reasons, _next(to, kept, a.findings, stars.after_minimums + 1))))
    if verdict.outs:
        return _total(to, verdict) + reasons  # which begin with the same words as the status
    return _total(to, verdict) + to.sentence("SUMMARY_OUT", status=verdict.status, reasons=Told(reasons)).rstrip()


def _total(to: Teller, verdict: Verdict) -> str:
    head = to.sentence("SUMMARY_PROVISIONAL") if verdict.provisional and verdict.status is Status.SCORED else ""
    return head if verdict.total is None else head + to.sentence("SUMMARY_TOTAL", total=verdict.total)


def _stars(to: Teller, case: Case, verdict: Verdict) -> str:
    stars = verdict.stars
    assert stars is not None
    if stars.recognisable:
        line = to.sentence("SUMMARY_RECOGNISABLE", level=case.level, stars=stars.recognisable)
    else:
        line = to.sentence("SUMMARY_WAITS" if stars.potential else "SUMMARY_NOT_RECOGNISABLE", level=case.level)
    return to.sentence(
        "SUMMARY_STARS",
        by_points=verdict.by_points,
        after_minimums=stars.after_minimums,
        level_line=Told(line),
        potential=Told(to.sentence("SUMMARY_POTENTIAL", stars=stars.potential) if stars.potential else ""),
    )


def _next(to: Teller, kept: Kept, findings: tuple[Finding, ...], stars: int) -> str:
    short, missed = None, []
    for one in findings:
        kind = type(one)
        if kind is PointsShort:
            short = one.missing  # type: ignore[attr-defined]
        elif kind is MinimumMissed and one.stars == stars:  # type: ignore[attr-defined]
            missed.append(one.criterion.number)  # type: ignore[attr-defined]
    if short is not None and short.sheets > 1:
        return next_rank(to, stars, short, missed)  # the means of several sheets are too many to be kept
    key = ("next", stars, short and short.sum, *missed)
    return kept.once(key, lambda: next_rank(to, stars, short, missed))


def next_rank(
    to: Teller, stars: int, missing: object | None, criteria: Iterable[str], code: str = "SUMMARY_NEXT"
) -> str:
    """What is missing for the next rank: points, if any, and the minimums of these criteria; nothing where there is nothing.

    ``code``: of the sentence, and with its endings of its parts.
    """
    numbers = tuple(dict.fromkeys(criteria))
    points = None if missing is None else Told(to.sentence("SUMMARY_NEXT_POINTS", missing=missing))
    minimums = Told(to.sentence(f"{code}_MINIMUMS", numbers=numbers)) if numbers else None
    if points is None and minimums is None:
        return ""
    both = points is not None and minimums is not None
    what = Told(to.sentence(f"{code}_BOTH", points=points, minimums=minimums)) if both else points or minimums
    return to.sentence(code, stars=stars, what=what)


def edition_why(to: Teller, case: Case) -> str:
    """Why this edition judges the dossier."""
    edition, window = case.edition, case.choice.window
    if window is None:
        return to.sentence("EDITION_ASKED", decision=edition.decision)
    until = window.decided_until
    moved = last_day(until) if until else None
    off = to.sentence("TERM_MOVED", day=until, moved=moved) if moved != until else ""
    why = to.sentence(
        "EDITION_BY_DATES_UNTIL" if window.decided_until else "EDITION_BY_DATES",
        decision=edition.decision,
        kind=edition.kinds[case.application],
        filed=case.days.filed_on,
        article=window.reference.removeprefix(f"{edition.decision}, "),
        until=until,
    )
    return f"{why} {off}".rstrip()


def finding(to: Teller, form: Form, one: Finding) -> str:
    """The sentence of a finding, said once where it is the same in every dossier."""
    if one.key is None:
        return to.finding(one)
    return form.kept(("sentences", to.language)).once(one.key, partial(to.finding, one))


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A day that matters, in words: what happens, its paragraph, and whether the decision says it."""

    name: str
    reference: str
    basis: Basis


def day(to: Teller, case: Case, one: Day) -> ToldDay:
    """What happens on a day of the verdict."""
    if one.id == CERTIFICATE_END:
        return ToldDay(to.sentence("CERTIFICATE_END"), case.certificate.reference, COUNTING)
    entry = next(e for e in case.edition.calendar if e.id == one.id)
    name = entry.name[to.language]
    basis = COUNTING if entry.basis.stated else entry.basis
    if one.moved_to:
        moved = to.sentence("DAY_MOVED", name=name, moved=one.moved_to)
        return ToldDay(moved, entry.reference, DAY_OFF if entry.basis.stated else entry.basis)
    return ToldDay(name if entry.unit else to.sentence("ROUND_DECIDED", name=name), entry.reference, basis)


class Lines:
    """The sentences of one form's criteria in one language; what the same option always says is made once."""

    def __init__(self, to: Teller, form: Form) -> None:
        self._to, self._form = to, form
        self._single: dict[tuple[int, str, Origin], str] = {}
        self._begun: dict[int, Template] = {}

    def single(self, place: int, mark: Mark) -> str:
        """The sentence of a criterion on the only sheet."""
        key = (place, mark.option, mark.origin)
        said = self._single.get(key)
        if said is None:
            said = self._single[key] = self._line(place, Told(str(mark.points)), (mark,))
        return said

    def several(self, place: int, points: Mean, marks: tuple[Mark, ...]) -> str:
        """The sentence of a criterion on several sheets: the mean, and each option that was chosen."""
        return self._line(place, points, marks)

    def open(self, place: int) -> str:
        """The sentence of a criterion that a sheet leaves open."""
        criterion = self._form.criteria[place]
        return self._to.sentence("LINE_OPEN", criterion=criterion, max=criterion.max)

    def chosen(self, place: int, option: str, origin: Origin) -> str:
        """The chosen option by its label, and whose choice it is where it is not the assessor's."""
        if origin is Origin.NOT_APPLICABLE:
            return self._to.word("origin", origin)
        criterion = self._form.criteria[place]
        name = self._form.options[criterion.number][option].name[self._to.language]
        return name if origin is Origin.ASSESSOR else f"{name} ({self._to.word('origin', origin)})"

    def _line(self, place: int, got: object, marks: tuple[Mark, ...]) -> str:
        if place not in self._begun:
            criterion, line = self._form.criteria[place], self._to.words.sentences["LINE"]
            self._begun[place] = self._to.begun(line, criterion=criterion, max=criterion.max)
        each = {id(mark): mark for mark in marks}.values()  # each mark of a form is one object
        chosen = "; ".join([self.chosen(place, mark.option, mark.origin) for mark in each])
        return self._to.fill(self._begun[place], {"got": got, "chosen": Told(chosen)})


def lines_of(to: Teller, form: Form) -> Lines:
    """The lines of a form; they go when the rules do."""
    return form.kept("lines").once(to.language, lambda: Lines(to, form))


# --- comparison ------------------------------------------------------------------------------------------------------


_VOCABULARIES = {By.SHEETS: "counted", By.PLACE: "side"}


def reason(to: Teller, one: Reason) -> str:
    """One thing that differs as a whole."""
    return to.sentence(one.code, left=one.left, right=one.right, by=Told(_signed(to, one)))


def only(to: Teller, both: SideBySide, one: OnlyOne) -> str:
    """A finding that decided one side only."""
    side = ", ".join(to.sentence(by, it=value) for by, value in both.titles[one.side])
    return to.sentence("COMPARED_ONLY", side=Told(side), text=Told(to.finding(one.finding)))


def side_title(to: Teller, both: SideBySide, side: Side) -> str:
    """What stands above the column of a side."""
    return " · ".join(
        to.word(_VOCABULARIES[by], value) if by in _VOCABULARIES else to.say(value) for by, value in both.titles[side]
    )


def compared(to: Teller, both: SideBySide) -> str:
    """The difference in one sentence."""
    left, right = both.left.verdict, both.right.verdict
    if left.stars is None or right.stars is None:
        return to.sentence("COMPARED_ENDS", left=left.status, right=right.status)
    before, after = left.stars.after_minimums, right.stars.after_minimums
    if before == after and left.stars.recognisable != right.stars.recognisable:
        none = Told(to.sentence("RANK_NONE"))
        mine, theirs = (
            Told(to.sentence("RANK", stars=s.recognisable)) if s.recognisable else none
            for s in (left.stars, right.stars)
        )
        return to.sentence("COMPARED_RECOGNITION", stars=before, left=mine, right=theirs)
    if before == after:
        return to.sentence("COMPARED_SAME_STARS", stars=before)
    return to.sentence("COMPARED_STARS", left=before, right=after)


def _signed(to: Teller, one: Reason) -> str:
    if one.by is None:
        return ""
    return ("+" if one.by.exact > 0 else "") + to.say(one.by)
