"""Two results side by side, and the days that matter."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import grpc
import holidays
import pytest
from dossiers import whole_sheet
from ocop import InvalidDossierError, ScoringClient
from ocop.scoring.v1 import scoring_pb2 as pb
from support import changed, clean_facts, filed, sheet_by

from scoring_service.dossier_files import DossierFile
from scoring_service.engine.compare import SideBySide, compare
from scoring_service.engine.dates import add_months, add_working_days
from scoring_service.engine.dossier import Dossier, SheetKind
from scoring_service.engine.engine import Engine
from scoring_service.rulebook.library import Rulebook
from scoring_service.service.requests import dossier_to_pb
from scoring_service.telling import report
from scoring_service.telling.teller import teller

EN = teller("en")


def reasons(found: SideBySide) -> list[str]:
    return [report.reason(EN, r) for r in found.reasons] + [report.only(EN, found, o) for o in found.only]


@pytest.fixture
def dossier(rulebook: Rulebook) -> Dossier:
    edition = rulebook.editions["2026"]
    answers = next(a for a in (whole_sheet(Random(i), edition.sets["4"], 92) for i in range(300)) if a["5.1"] == "5")
    return filed("Mật ong (mẫu)", "honey", "first", date(2026, 6, 1), "province", decided_on=date(2026, 6, 28), facts=clean_facts(edition),
                   sheets=(sheet_by("Hội đồng", answers | {"5.1": "3"}), sheet_by("Chủ thể", answers, kind=SheetKind.SELF)))  # fmt: skip


def test_compare_names_the_minimum_that_made_the_difference(engine: Engine, dossier: Dossier) -> None:
    """Self 5 stars, council 3: the story's minimum, in words."""
    own, council = engine.assess(dossier, SheetKind.SELF), engine.assess(dossier)
    found = compare(own, council)
    assert [(line.left.number, line.difference) for line in found.lines if line.left] == [("5.1", -2)]
    assert any("5.1" in text and text.startswith("Only for the council sheets: ") for text in reasons(found))
    assert own.verdict.stars
    assert report.compared(EN, found) == f"{own.verdict.stars.after_minimums} stars → 3 stars."


def test_comparing_a_result_with_itself_finds_nothing(engine: Engine, dossier: Dossier) -> None:
    """No lines, no reasons."""
    a = engine.assess(dossier)
    found = compare(a, a)
    assert (found.lines, found.reasons, found.only) == ((), (), ())


def test_compare_turns_round(engine: Engine, dossier: Dossier) -> None:
    """Left and right exchanged: every difference changes its sign."""
    own, council = engine.assess(dossier, SheetKind.SELF), engine.assess(dossier)
    one, other = compare(own, council), compare(council, own)
    assert [line.difference for line in one.lines] == [-line.difference for line in other.lines if line.difference]


def test_compare_across_levels_and_editions(engine: Engine, rules: Path) -> None:
    """District and province of 2024, old and new edition: the reasons say so; criteria are matched by name."""
    old = engine.assess(DossierFile(rules / "2023" / "samples" / "three-editions-2023.yaml").dossier)
    new = engine.assess(DossierFile(rules / "2026" / "samples" / "three-editions-2026.yaml").dossier)
    found = compare(old, new)
    assert any("Different editions" in text for text in reasons(found))
    assert any(line.left and line.right for line in found.lines)
    assert any(line.right is None and line.left and "Kế toán" in line.left.name.vi for line in found.lines)


def test_compare_over_the_wire(address: str, engine: Engine, dossier: Dossier) -> None:
    """The RPC gives what the engine gives; wrong fields name their side."""
    message = dossier_to_pb(dossier)
    with ScoringClient(address) as client:
        got = client.compare(message, message, left_sheets=pb.SHEET_KIND_SELF)
        want = compare(engine.assess(dossier, SheetKind.SELF), engine.assess(dossier))
        assert list(got.summary) == [report.compared(teller("vi"), want)]
        assert [
            (line.left_criterion, line.difference.numerator, line.difference.denominator) for line in got.lines
        ] == [("5.1", -2, 1)]
        wrong = pb.Dossier()
        wrong.CopyFrom(message)
        wrong.facts["nonsense"].yes_no = True
        with pytest.raises(InvalidDossierError) as error:
            client.compare(message, wrong)
    assert [v.field for v in error.value.violations] == ["right.facts.nonsense"]
    assert grpc.StatusCode.INVALID_ARGUMENT.name in type(error.value).__name__.upper() or error.value.violations


def days(engine: Engine, dossier: Dossier) -> dict[str, date]:
    return {d.id: d.day for d in engine.assess(dossier).verdict.days}


def test_the_days_of_a_first_application(engine: Engine, dossier: Dossier) -> None:
    """Commune 15 working days, round, certificate 36 months, next renewal 180 to 120 days before."""
    found = days(engine, changed(dossier, proposed_on=date(2026, 6, 20)))
    assert found["commune-check"] == date(2026, 6, 22)
    assert found["province-round-2"] == date(2026, 12, 30)
    assert found["certificate-end"] == date(2029, 6, 28)
    assert found["next-renewal-opens"] == date(2029, 6, 28).fromordinal(date(2029, 6, 28).toordinal() - 180)
    assert found["next-renewal-closes"] == date.fromordinal(date(2029, 6, 28).toordinal() - 120)
    assert "run-on" not in found


def test_cut_off_days_are_before_not_on(engine: Engine, dossier: Dossier) -> None:
    """Proposed on 29 April: round 1. On 30 April: round 2. In November: next year's first round."""
    for proposed, round_id, decided in ((date(2027, 4, 29), "province-round-1", date(2027, 6, 30)), (date(2027, 4, 30), "province-round-2", date(2027, 12, 30)),
                                        (date(2026, 11, 2), "province-round-1", date(2027, 6, 30))):  # fmt: skip
        found = days(engine, changed(dossier, proposed_on=proposed, decided_on=""))
        assert {k: v for k, v in found.items() if k.startswith("province-round")} == {round_id: decided}


def test_the_window_of_a_renewal(engine: Engine, dossier: Dossier) -> None:
    """180 to 120 days before expiry, both days in; outside it is said, and how long the old certificate runs on."""
    expires = date(2026, 12, 31)
    for day, missed in (
        (date(2026, 7, 4), False),
        (date(2026, 9, 2), False),
        (date(2026, 9, 3), False),  # the 2nd is National Day: the civil code counts to the end of the next working day
        (date(2026, 7, 3), True),
        (date(2026, 9, 4), True),
    ):
        a = engine.assess(
            changed(
                dossier,
                application="renewal",
                filed_on=day,
                decided_on="",
                expires_on=expires,
                complete_on=date(2026, 9, 10),
            )
        )
        found = {d.id: d.day for d in a.verdict.days}
        assert (found["renewal-opened"], found["renewal-closed"]) == (date(2026, 7, 4), date(2026, 9, 2))
        # The old certificate runs on only where the window was missed (article 12.3).
        assert found.get("run-on") == (date(2027, 6, 29) if day > date(2026, 9, 3) else None)
        assert found["renewal-decision"] == date(2026, 10, 25)
        assert any(f.code.startswith("FILED_TOO") for f in a.findings) == missed


@pytest.mark.parametrize(("start", "count", "end"), [
    (date(2026, 6, 1), 1, date(2026, 6, 2)), (date(2026, 6, 5), 1, date(2026, 6, 8)),  # over a weekend
    (date(2026, 4, 29), 1, date(2026, 5, 4)),  # over 30 April and 1 May
    (date(2026, 9, 1), 1, date(2026, 9, 3)),  # over National Day
])  # fmt: skip
def test_working_days_leave_out_weekends_and_public_holidays(start: date, count: int, end: date) -> None:
    """Holidays come from a kept library; the day of the event is not counted."""
    assert add_working_days(start, count) == end


@pytest.mark.parametrize("year", [2000, 2019, 2026, 2090])
def test_working_days_are_those_of_the_library(year: int) -> None:
    """One file of the library is read past its own way in; by its own way in, it names the same days."""
    known = holidays.country_holidays("VN", years=year)
    assert known
    for day in (date(year, 1, 1) + timedelta(days=n) for n in range(365)):
        assert (add_working_days(day - timedelta(days=1), 1) == day) == (day.weekday() < 5 and day not in known)


def test_months_end_where_the_month_ends() -> None:
    """36 months from 29 February."""
    assert add_months(date(2024, 2, 29), 36) == date(2027, 2, 28)
    assert add_months(date(2026, 6, 28), 36) == date(2029, 6, 28)


def test_every_day_has_its_article(engine: Engine, dossier: Dossier) -> None:
    """Reference, place in the rule file, and how we counted."""
    a = engine.assess(changed(dossier, proposed_on=date(2026, 6, 20)))
    for one in a.verdict.days:
        told = report.day(EN, a.case, one)
        assert "Điều" in told.reference
        assert one.position.file == "2026/edition.yaml"
        assert EN.basis(told.basis)
