"""Every finding the engine can say, and every reading of the rule files, stands under a sample; a reading never passes for the law.

The sentence of a finding, its rule and its place can be right or wrong. Only a dossier that brings it out lets a person see which.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import ROOT
from dossiers import whole_sheet
from ocop.scoring.v1 import scoring_pb2 as pb
from support import changed, clean_facts, filed, sheet_by

from scoring_service.authoring.samples import sample_files
from scoring_service.dossier_files import DossierFile
from scoring_service.engine import findings
from scoring_service.engine.admit import DossierError
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.explain import line_basis
from scoring_service.engine.findings import Finding, Severity
from scoring_service.engine.mean import half_up
from scoring_service.rulebook.label import Basis, Label
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import Edition, MinimumBy
from scoring_service.service.answers import assessment_to_pb
from scoring_service.service.requests import Wanted
from scoring_service.telling import report
from scoring_service.telling.teller import teller

RULES = ROOT / "rules"
LANGUAGES = ("vi", "en")

NO_FILE_CAN: Mapping[type[Finding], str] = {
    findings.NoAgreedSheet: "No council file of the rules holds minimums against the agreed sheet; a test below has one that does.",
    findings.AgreedSheetOpen: "For the same reason.",
}
"""The findings without a sample, and why no dossier file can bring them out."""


@cache
def told() -> Mapping[str, Assessment]:
    """The result of each sample that is no error, by edition and name. Scored once for all tests of this file."""
    engine, found = Engine(load_rulebook(RULES)), {}
    for path in sample_files(RULES):
        file = DossierFile(path)
        try:
            case = engine.admit(file.dossier, found=file.problems)
        except DossierError:
            continue
        found[f"{path.parts[-3]}/{path.stem}"] = Assessment(case, engine.decide(case))
    return found


def sample(name: str) -> Assessment:
    """The result of one sample, named by edition and file."""
    return told()[name]


def said_by(assessment: Assessment) -> set[str]:
    """The codes of its findings."""
    return {one.code for one in assessment.findings}


def types() -> list[type[Finding]]:
    """Every type of finding, each once, in the order of its page."""
    return list(dict.fromkeys(findings.types()))


# --- every voice is heard ---------------------------------------------------------------------------------------------


def test_every_finding_has_a_sample() -> None:
    """What no sample brings out is listed above with its reason, and nothing else is listed."""
    heard = {type(one) for assessment in told().values() for one in assessment.findings}
    silent = [one for one in types() if one not in heard]
    assert silent == list(NO_FILE_CAN), [one.code for one in silent]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_of_every_sample_has_a_sentence(language: str) -> None:
    """Filled in, ended, without a gap that a missing value would leave."""
    to = teller(language)
    for name, assessment in told().items():
        for one in assessment.findings:
            sentence = to.finding(one)
            assert sentence, (name, one.code)
            assert "{" not in sentence, (name, sentence)
            assert "None" not in sentence.split(), (name, sentence)


# --- every reading stands under a sample ------------------------------------------------------------------------------


def readings_of(edition: Edition) -> dict[str, str]:
    """Every reading the rule files of an edition declare: its Vietnamese text, and where it is first met."""
    found: dict[str, str] = {}
    for where, basis in _bases(edition, edition.id, set()):
        if not basis.stated and basis.why is not None:
            found.setdefault(basis.why.vi, where)
    for name, reading in edition.readings.items():
        found.setdefault(reading.vi, f"{edition.id}.readings.{name}")
    for product_set in edition.sets.values():
        for shortfall in product_set.shortfalls:
            found.setdefault(shortfall.reading.vi, f"{edition.id}.{product_set.slug}.shortfalls")
        for criterion in product_set.criteria():
            for row in criterion.derive:
                if row.unclear is not None:
                    found.setdefault(row.unclear.vi, f"{edition.id}.{product_set.slug}.{criterion.number}")
    return found


def _bases(node: Any, where: str, seen: set[int]) -> Iterator[tuple[str, Basis]]:
    """Every basis below a part of the rule model, with the path to it."""
    if isinstance(node, Basis):
        yield where, node
        return
    if node is None or isinstance(node, str | int | Label) or id(node) in seen:
        return
    seen.add(id(node))
    below: Iterator[tuple[object, Any]] = iter(())
    if is_dataclass(node):
        below = ((f.name, getattr(node, f.name)) for f in fields(node))
    elif isinstance(node, Mapping):
        below = iter(node.items())
    elif isinstance(node, tuple | list | frozenset):
        below = iter(enumerate(node))
    for key, value in below:
        yield from _bases(value, f"{where}.{key}", seen)


def heard_readings(assessment: Assessment) -> Iterator[str]:
    """The readings one result names: in its findings, its lines, its days, and in why this edition judges."""
    case, verdict, to = assessment.case, assessment.verdict, teller("vi")
    bases = [one.ground.basis for one in assessment.findings]
    if case.choice.window is not None:
        bases.append(case.choice.window.basis)
    for place, criterion in enumerate(case.form.criteria):
        marks = tuple(mark for sheet in verdict.sheets if (mark := sheet.marks[place]))
        bases.append(line_basis(case, criterion, marks))
    bases += [report.day(to, case, one).basis for one in verdict.days]
    bases += [e.basis for e in case.edition.calendar if e.id in {one.id for one in verdict.days}]
    for basis in bases:
        if basis.why is not None:
            yield basis.why.vi


NEVER_HEARD = {"2019.readings.binary", "2019.readings.forwarding", "2019.readings.minimums", "2023.readings.binary"}
"""Every edition must declare these readings; the older ones have no criterion without options, and that of 2019 no star minimums."""


def test_every_reading_has_a_sample(rulebook: Rulebook) -> None:
    """Whatever the rule files mark as our reading can be seen at work."""
    heard: dict[str, set[str]] = {edition: set() for edition in rulebook.editions}
    for assessment in told().values():
        heard[assessment.case.edition.id].update(heard_readings(assessment))
    unheard = {
        where: text
        for edition in rulebook.editions.values()
        for text, where in readings_of(edition).items()
        if text not in heard[edition.id]
    }
    assert unheard.keys() == NEVER_HEARD, unheard


# --- a reading says that it is one ------------------------------------------------------------------------------------

COUNCIL = {
    findings.ByAgreedSheet,
    findings.FarFromMean,
    findings.FewerSheets,
    findings.HeldByDivision,
    findings.MinimumDivided,
    findings.NoAgreedSheet,
    findings.NoQuorum,
    findings.QuorumUnknown,
    findings.RecognisedMeanwhile,
    findings.SpreadTooWide,
}
"""They rest on the council file alone, which no decision prescribes."""

READ = {
    findings.DecidedLate,
    findings.DifferOnPapers,
    findings.FiledTooEarly,
    findings.FiledTooLate,
    findings.HeldBack,
    findings.MinimumsStopForwarding,
    findings.NotApplicableAnswered,
    findings.PrintShort,
    findings.PrintUnclear,
    findings.TermExceeded,
}
"""They always rest on a reading: of the print, of the star marks, of how days are counted."""

OF_THE_FILE = {findings.NoSheetsOfKind, findings.AnswersMissing, findings.ExpiryNotStated, findings.NoSheets}
"""They say what the dossier itself lacks, and cite nothing."""


def weighty() -> Iterator[tuple[str, Finding]]:
    """Every finding of the samples that decides or warns."""
    for name, assessment in told().items():
        for one in assessment.findings:
            if one.severity is not Severity.INFO:
                yield name, one


def test_what_rests_on_a_reading_says_so_in_both_languages() -> None:
    """A finding that the decision does not carry alone has a basis that is not stated, with one line why, in each language."""
    for name, one in weighty():
        basis = one.ground.basis
        if type(one) in COUNCIL | READ:
            assert not basis.stated, (name, one.code)
        if type(one) in COUNCIL:
            assert basis.practice, (name, one.code)
        if not basis.stated:
            vi, en = (teller(language).basis(basis) for language in LANGUAGES)
            assert vi, (name, one.code)
            assert en, (name, one.code)
            assert vi != en, (name, one.code, vi)


def test_what_a_rule_file_marks_as_read_is_told_as_read() -> None:
    """Knock-outs, bands and levels carry the basis of their own rule, whichever finding speaks of them."""
    for name, one in weighty():
        edition = told()[name].case.edition
        if isinstance(one, findings.KnockedOut | findings.KnockOutOpen | findings.KnockOutDivided):
            assert one.ground.basis == one.knock_out.basis, (name, one.knock_out.id)
        elif isinstance(one, findings.StarsByPoints):
            assert one.ground.basis == next(b.basis for b in edition.bands if b.stars == one.stars), name
        elif isinstance(one, findings.RecognisableHere | findings.ForwardedUp | findings.NotOfThisLevel):
            # What article 7.4.g says of fewer than 90 points is read of 90 with a missed minimum, too; that nothing is
            # recognised while a dossier is with the next level is a reading of its own.
            own = {findings.NotOfThisLevel: "forwarding", findings.ForwardedUp: "waiting"}.get(type(one), "")
            read = one.ground.basis.why is not None and one.ground.basis.why == edition.readings.get(own)
            assert read or one.ground.basis == one.level.basis, (name, one.code)


def test_what_the_decision_states_is_cited() -> None:
    """A finding that decides or warns names its paragraph, unless it is our reading or says what the file lacks."""
    for name, one in weighty():
        if one.ground.basis.stated and type(one) not in OF_THE_FILE:
            assert one.ground.reference, (name, one.code)


# --- what an expected result does not show ----------------------------------------------------------------------------


def days_of(name: str) -> dict[str, dt.date]:
    """The days of a sample, by what they are for."""
    return {one.id: one.day for one in sample(name).verdict.days}


def missed_by(name: str) -> list[str]:
    """The terms and rounds a sample did not keep."""
    return [one.id for one in sample(name).verdict.days if one.missed]


@pytest.mark.parametrize(("name", "missed"), [
    ("2026/renewal-by-written-opinion", []),
    ("2026/renewal-window-missed", ["renewal-closed"]),
    ("2026/renewal-filed-too-early", ["renewal-opened"]),
    ("2026/renewal-window-ends-on-day-off", []),
    ("2026/renewal-decided-after-45-days", ["renewal-decision"]),
    ("2026/proposed-after-15-working-days", ["commune-check"]),
    ("2026/decided-on-the-day-of-the-round", ["province-round-2"]),
    ("2026/chu-noodles-4-stars", []),
])  # fmt: skip
def test_a_sample_misses_the_term_it_is_about_and_no_other(name: str, missed: list[str]) -> None:
    """Article 5.1, 7.2, 7.6.a and 7.6.g. The old certificate runs on (article 12.3) only where the window was missed."""
    assert missed_by(name) == missed
    assert ("run-on" in days_of(name)) == ("renewal-closed" in missed)


def test_a_term_that_ends_on_a_day_off_runs_to_the_next_working_day() -> None:
    """Civil code 2015, article 148.5: told with the day itself and the one it moves to; an opening day does not move."""
    window = {one.id: one for one in sample("2026/renewal-window-ends-on-day-off").verdict.days}
    closed, opened = window["renewal-closed"], window["renewal-opened"]
    assert (closed.day, closed.moved_to) == (dt.date(2026, 9, 2), dt.date(2026, 9, 3))
    assert (opened.day, opened.moved_to) == (dt.date(2026, 7, 4), None)  # a Saturday
    to, case = teller("vi"), sample("2026/renewal-window-ends-on-day-off").case
    assert "148" in to.basis(report.day(to, case, closed).basis)
    assert "DECIDED_LATE" not in said_by(sample("2023/transition-renewal-day-off"))
    assert "DECIDED_LATE" in said_by(sample("2023/transition-renewal-too-late"))
    assert "148" in report.edition_why(to, sample("2023/transition-renewal-day-off").case)


def test_a_certificate_has_days_only_where_a_rank_is_recognised() -> None:
    """Forwarded and nothing recognised: no certificate (article 7.3.e). Recognised meanwhile: 36 months from the decision."""
    certificate = {"certificate-end", "next-renewal-opens", "next-renewal-closes"}
    assert certificate.isdisjoint(days_of("2026/luc-ngan-lychee-5-stars-province"))
    assert certificate.isdisjoint(days_of("2026/lychee-central-minimum-missed"))
    meanwhile = days_of("2026/lychee-recognised-meanwhile")
    assert certificate <= meanwhile.keys()
    assert meanwhile["certificate-end"] == dt.date(2029, 12, 4)


def test_a_minimum_on_a_title_is_read_as_any_points_and_the_strict_reading_stays_visible() -> None:
    """Criterion 3e of 2023: 1 point lets 4 stars stand, 0 points does not, and the reason names both readings."""
    kept, held = sample("2023/title-minimum-van-liquor"), sample("2023/title-minimum-missed")
    assert [one.verdict.stars and one.verdict.stars.after_minimums for one in (kept, held)] == [4, 3]
    why = next(f.ground.basis.why for f in held.findings if f.ground.rule == "minimum-3e-4")
    assert why is not None
    assert "hiểu chặt" in why.vi
    assert "strict" in why.en


# --- what needs more dossiers, or another council file, than samples are worth ------------------------------------------

HALTED_BY_ITS_NOTE = {"1", "3", "4", "5", "6"}
"""The sets of 2023 whose source halts for an unsuitable food-safety certificate; all others that read it reject, as inferred from 2026."""


def test_an_unsuitable_food_safety_certificate_halts_where_the_source_of_2023_says_so(
    engine: Engine, rulebook: Rulebook
) -> None:
    """The printed halt is not outranked by a rejection that is only inferred."""
    edition = rulebook.editions["2023"]
    ends: dict[str, str] = {}
    for number, product_set in edition.sets.items():
        if any(s.id == "food_safety_certificate_valid" for o in product_set.knock_outs for s in o.when.subjects()):
            facts = clean_facts(edition) | {"food_safety_certificate_valid": "no"}
            answers = whole_sheet(Random(number), product_set, 75)
            dossier = filed("Sản phẩm (mẫu)", product_set.slug, "first", "2025-08-01", "province", facts=facts, sheets=(sheet_by("Hội đồng", answers),))  # fmt: skip
            ends[number] = engine.assess(dossier).verdict.status.value
    assert {number for number, end in ends.items() if end == "halted"} == HALTED_BY_ITS_NOTE
    assert {end for number, end in ends.items() if number not in HALTED_BY_ITS_NOTE} == {"rejected"}


@pytest.fixture
def with_council(tmp_path: Path) -> Callable[[str, str], Engine]:
    """An engine of 2026 with one more file for provincial councils, named ``own``: the delivered one with a line changed."""

    def make(old: str, new: str) -> Engine:
        shutil.copytree(RULES / "2026", tmp_path / "2026", ignore=shutil.ignore_patterns("samples"))
        councils = tmp_path / "2026" / "councils"
        text = (councils / "province.yaml").read_text(encoding="utf-8")
        assert old in text
        (councils / "own.yaml").write_text(text.replace(old, new), encoding="utf-8")
        return Engine(load_rulebook(tmp_path))

    return make


@pytest.mark.parametrize("rule", ["mean", "majority", "all"])
def test_an_agreed_sheet_beside_changes_no_verdict_of_other_rules(
    with_council: Callable[[str, str], Engine], rule: str
) -> None:
    """Nor one that is asked for later: what is kept of a minimum belongs to the council file alone."""
    engine = with_council("minimums: mean", f"minimums: {rule}")
    fresh = Engine(engine.rulebook)
    divided = DossierFile(RULES / "2026" / "samples" / "council-divided-agreed-sheet.yaml").dossier
    first, *_, agreed = divided.sheets
    weak = changed(first, answers={**first.answers, "5.1": "3"})
    alone, beside = (
        changed(divided, council_rules="own", members=None, sheets=one) for one in ((weak,), (weak, agreed))
    )
    warm = [engine.assess(one).verdict.missed for one in (alone, beside)]
    cold = [fresh.assess(one).verdict.missed for one in (beside, alone)]
    assert warm[0] == warm[1] == cold[0] == cold[1]
    assert warm[0]


def test_what_round_one_agreed_does_not_decide_round_two(with_council: Callable[[str, str], Engine]) -> None:
    """Minimums held against the agreed sheet, and the round that counts has none: the mean is taken, and it is said."""
    engine = with_council("minimums: mean", "minimums: agreed")
    divided = DossierFile(RULES / "2026" / "samples" / "council-divided-agreed-sheet.yaml").dossier
    *scored, agreed = divided.sheets
    again = tuple(changed(one, round=2) for one in scored)

    def end(*sheets: Any) -> Assessment:
        found: Assessment = engine.assess(changed(divided, council_rules="own", sheets=sheets))
        return found

    first, second = end(*scored, agreed), end(*scored, agreed, *again)
    assert first.verdict.stars is not None
    assert first.verdict.stars.after_minimums == 4
    assert "NO_AGREED_SHEET" not in said_by(first)
    assert second.verdict.stars is not None
    assert second.verdict.stars.after_minimums == 3
    warned = next(one for one in second.findings if isinstance(one, findings.NoAgreedSheet))
    assert warned.severity is Severity.WARNING
    assert warned.ground.basis.practice
    assert all(teller(language).basis(warned.ground.basis) for language in LANGUAGES)


def test_what_the_agreed_sheet_leaves_open_is_held_against_the_mean(with_council: Callable[[str, str], Engine]) -> None:
    """And told so: nobody agreed on it."""
    engine = with_council("minimums: mean", "minimums: agreed")
    divided = DossierFile(RULES / "2026" / "samples" / "council-divided-agreed-sheet.yaml").dossier
    *scored, agreed = divided.sheets
    silent = changed(agreed, answers={n: option for n, option in agreed.answers.items() if n != "5.1"})
    a = engine.assess(changed(divided, council_rules="own", sheets=(*scored, silent)))
    missed = next(
        one for one in a.findings if isinstance(one, findings.MinimumMissed) and one.criterion.number == "5.1"
    )
    assert missed.by in (None, MinimumBy.MEAN)
    left_open = next(one for one in a.findings if isinstance(one, findings.AgreedSheetOpen))
    assert [one.number for one in left_open.criteria] == ["5.1"]


@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_the_decimals_of_the_council_file_are_honoured_everywhere(
    with_council: Callable[[str, str], Engine], decimals: int
) -> None:
    """In the sentence, the total, the parts and the distances of members; where the print is whole and the mean is not, its fraction too."""
    engine = with_council("decimals: 2", f"decimals: {decimals}")
    ninety = DossierFile(RULES / "2026" / "samples" / "seven-sheets-exactly-90.yaml").dossier
    first, *others = ninety.sheets
    lower = changed(first, answers={**first.answers, "6.2": "0"})
    a = engine.assess(changed(ninety, council_rules="own", sheets=(lower, *others)))
    total = a.verdict.total
    assert total is not None
    assert total.exact.denominator > 1
    printed = half_up(total.exact, decimals).replace(".", ",")
    by_points = next(one for one in a.findings if isinstance(one, findings.StarsByPoints))
    exact = "" if decimals else f" ({total.sum}/{total.sheets})"
    assert f"Tổng điểm trung bình {printed}{exact}, " in teller("vi").finding(by_points)
    message = assessment_to_pb(a, Wanted(pb.EXPLAIN_LEVEL_SHEET, ("vi",)))
    texts = [
        message.total.text,
        *(p.points.text for p in message.parts),
        *(m.distance.text for m in message.council.members),
    ]
    assert {len(text.partition(".")[2]) for text in texts} == {decimals}


def test_a_quorum_may_not_need_the_chair(with_council: Callable[[str, str], Engine]) -> None:
    """Then the chair's absence alone stops nothing, and the sentence about too few members does not ask for the chair."""
    engine = with_council("chair: yes}", "chair: no}")
    absent = DossierFile(RULES / "2026" / "samples" / "council-chair-absent.yaml").dossier
    assert engine.assess(absent).verdict.status.value == "no_quorum"
    assert engine.assess(changed(absent, council_rules="own")).verdict.status.value == "scored"
    few = engine.assess(changed(absent, council_rules="own", members=9))
    stopped = next(one for one in few.findings if isinstance(one, findings.NoQuorum))
    assert (stopped.present, stopped.members, stopped.needed, stopped.chair_needed) == (4, 9, 7, False)
    assert "trong đó có chủ tịch" not in teller("vi").finding(stopped)
    assert "among them" not in teller("en").finding(stopped)
