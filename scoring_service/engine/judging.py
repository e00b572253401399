"""From exact means to conclusions: knock-outs, stars by points, star minimums, what a level may recognise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring_service.engine import durable
from scoring_service.engine.assessment import Mark, Points, Severity, Stars
from scoring_service.engine.case import Case
from scoring_service.engine.council import mean, minimum_value
from scoring_service.engine.inference import AWARDED, CAP, REACHED, TOTAL, Program, Value
from scoring_service.engine.sentences import MINIMUM_BY, joined, mean_text
from scoring_service.rulebook.model import Basis, Effect, KnockOut, Minimum, MinimumBy
from scoring_service.text import Text

Fired = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The programs that follow the judging of one product set; one pair per edition."""

    award: Program
    recognition: Program


def judge(case: Case, sums: Mapping[str, int], marks: list[dict[str, Mark]], total: Points | None) -> Fired:
    """Run the rules of the product set over the dossier's facts, criterion means and mean total."""
    values: dict[str, Value] = {}
    for subject, number in case.plan.read_points:
        if number in sums:
            points = [m[number].points for m in marks]
            values[subject] = minimum_value(case, number, points) if subject.startswith("minimum:") else mean(points)
    for name in case.facts:
        values[f"fact:{name}"] = _comparable(case, name)
    if total is not None:
        values[TOTAL] = total.mean
    return durable.fire(case.plan.judging, values)


def knock_outs(case: Case, fired: Fired, marks: list[dict[str, Mark]]) -> list[KnockOut]:
    """The knock-outs that fired, strongest first; those that cannot be told become open findings."""
    hit = {int(rule.partition(":")[2]) for rule in fired if rule.startswith("knock-out:")}
    found: list[KnockOut] = []
    for index, out in enumerate(case.product_set.knock_outs):
        unknown = _undecided(case, out)
        if index in hit:
            found.append(out)
            case.note(
                f"knock_out_{out.effect}",
                Severity.DECIDING,
                out,
                basis=out.basis,
                rule=out.id,
                facts=_read(case, out, marks),
                name=out.name,
            )
        elif unknown:
            known = case.edition.facts
            case.note(
                "unconfirmed",
                Severity.WARNING,
                out,
                basis=out.basis,
                rule=out.id,
                path=f"facts.{unknown[0]}",
                name=out.name,
                unknown=joined((known[name].name for name in unknown), "; "),
            )
        elif divided := _sheets_that_alone_meet(out, marks):
            case.note(
                "knock_out_divided",
                Severity.WARNING,
                out,
                basis=out.basis,
                rule=out.id,
                name=out.name,
                sheets=", ".join(divided),
            )
    return sorted(found, key=lambda out: list(Effect).index(out.effect))


def _undecided(case: Case, out: KnockOut) -> list[str]:
    """Facts still needed to tell: of each way in that no stated fact already closes, those that are not stated."""
    needed: list[str] = []
    for tests in out.when.any_of:
        facts = [(t, t.subject.removeprefix("fact:")) for t in tests if t.subject.startswith("fact:")]
        if not any(name in case.facts and not t.holds(_comparable(case, name)) for t, name in facts):
            needed += [name for _, name in facts if name not in case.facts]
    return list(dict.fromkeys(needed))


def _comparable(case: Case, name: str) -> Decimal:
    """A stated fact as the number that rules compare: yes is 1, a word is its place in the list."""
    value = case.facts[name]
    if isinstance(value, Decimal):
        return value
    choices = list(case.edition.facts[name].choices)
    return Decimal(choices.index(value) if choices else int(value == "yes"))


def _read(case: Case, out: KnockOut, marks: list[dict[str, Mark]]) -> tuple[tuple[str, str], ...]:
    """What a knock-out read: stated facts, and sums of points over sheets."""
    found = []
    for subject in out.when.subjects():
        kind, _, name = subject.partition(":")
        if kind == "fact" and name in case.facts:
            found.append((name, str(case.facts[name])))
        elif kind == "criterion" and marks and all(name in m for m in marks):
            found.append((subject, f"{sum(m[name].points for m in marks)}/{len(marks)}"))
    return tuple(found)


def _sheets_that_alone_meet(out: KnockOut, marks: list[dict[str, Mark]]) -> list[str]:
    """Sheets whose own points would knock the product out although the mean does not."""
    met: list[str] = []
    if not any(subject.startswith("criterion:") for subject in out.when.subjects()):
        return met
    for index, sheet in enumerate(marks):
        values = {f"criterion:{number}": Decimal(mark.points) for number, mark in sheet.items()}
        if any(all(t.subject in values and t.holds(values[t.subject]) for t in tests) for tests in out.when.any_of):
            met.append(next(iter(sheet.values())).assessor or f"#{index + 1}")
    return met


def stars_by_points(case: Case, fired: Fired, total: Points) -> int:
    """The first line: the band of the exact mean."""
    stars = max(int(rule.partition(":")[2]) for rule in fired if rule.startswith("band:"))
    band = next(b for b in case.edition.bands if b.stars == stars)
    case.note(
        "band",
        Severity.DECIDING,
        band,
        basis=band.basis,
        rule=f"band-{stars}",
        facts=((TOTAL, f"{total.sum}/{total.sheets}"),),
        mean=mean_text(total),
        interval=str(band.interval),
        stars=str(stars),
    )
    return stars


def award(case: Case, ladder: Ladder, fired: Fired, total: Points, marks: list[dict[str, Mark]]) -> Stars:
    """All three lines: by points, after star minimums, and what this level may recognise."""
    by_points = stars_by_points(case, fired, total)
    missed = [(number, int(stars)) for kind, number, stars in _split(fired, "minimum") if kind]
    cap = min((stars - 1 for _, stars in missed), default=max(b.stars for b in case.edition.bands))
    awarded = durable.fire(ladder.award, {REACHED: by_points, CAP: cap})
    after = max((int(rule.partition(":")[2]) for rule in awarded), default=0)
    for number, stars in missed:
        _say_missed(case, number, stars, [m[number].points for m in marks], decides=after < stars <= by_points)
    if after < by_points:
        case.note(
            "held",
            Severity.DECIDING,
            case.product_set,
            basis=case.reading("minimums"),
            rule="minimums",
            by_points=str(by_points),
            after=str(after),
            numbers=", ".join(dict.fromkeys(number for number, stars in missed if stars == after + 1)),
        )
    return _recognise(case, ladder, by_points, after)


def _split(fired: Fired, kind: str) -> list[tuple[str, str, str]]:
    found = []
    for rule in fired:
        head, _, rest = rule.partition(":")
        if head == kind:
            number, _, stars = rest.rpartition(":")
            found.append((head, number, stars))
    return found


def _say_missed(case: Case, number: str, stars: int, points: list[int], *, decides: bool) -> None:
    """The value that was compared, and how the council's ticks gave it."""
    criterion = case.plan.answering.criteria[number]
    minimum = next(m for m in criterion.minimums if m.stars == stars)
    by = case.council.minimum_by if len(points) > 1 else MinimumBy.MEAN
    compared = minimum_value(case, number, points)
    got = (
        mean_text(Points(sum(points), len(points), criterion.max))
        if by is MinimumBy.MEAN
        else Text(str(compared), str(compared))
    )
    case.note(
        "minimum",
        Severity.DECIDING if decides else Severity.INFO,
        criterion,
        basis=_minimum_basis(case, minimum, len(points)),
        rule=f"minimum-{number}-{stars}",
        facts=((f"minimum:{number}", str(compared)), (f"criterion:{number}", f"{sum(points)}/{len(points)}")),
        points=got + (MINIMUM_BY[by] if len(points) > 1 else Text("", "")),
        stars=str(stars),
        minimum=str(minimum.points),
    )


def _minimum_basis(case: Case, minimum: Minimum, sheets: int) -> Basis:
    """With several sheets the council file says how their ticks combine, which is practice and not the decision."""
    if minimum.basis.stated and sheets > 1:
        return Basis(stated=False, why=case.council.practice)
    return minimum.basis


def _recognise(case: Case, ladder: Ladder, by_points: int, after: int) -> Stars:
    level = case.level
    fired = durable.fire(ladder.recognition, {f"level:{level.key}": 1, AWARDED: after})
    recognised = max((int(rule.rpartition(":")[2]) for rule in fired if rule.startswith("recognise:")), default=0)
    forwarded = any(rule.startswith("forward:") for rule in fired)
    values: dict[str, Any] = {"level": level.name, "next": level.below or Text("", "")}
    code = "below_level"
    if forwarded:
        code = "forwarded"
        values["to"] = next(v.name for v in case.edition.levels if v.id == level.forwards_to)
    elif recognised:
        code = "recognised"
        values["months"] = str(case.edition.certificate_months)
    elif after < min(stars for one in case.edition.levels for stars in one.recognises):
        code = "no_decision"
    case.note(
        code,
        Severity.DECIDING,
        level,
        basis=level.basis,
        rule=f"level-{level.key}",
        facts=(("stars", str(after)),),
        stars=str(after),
        **values,
    )
    return Stars(by_points, after, recognised, level.forwards_to if forwarded else "", after if forwarded else 0)
