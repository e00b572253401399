"""Councils: who scores, quorum, spread, rounds, minimums; files, not code."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
from dossiers import whole_sheet
from support import changed, clean_facts, filed, sheet_by

from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import Dossier, SheetKind
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.verdict import Status
from scoring_service.rulebook.library import Rulebook, load_rulebook
from scoring_service.rulebook.model import MinimumBy
from scoring_service.telling.teller import teller

Council = Callable[..., Dossier]


@pytest.fixture
def council(rulebook: Rulebook) -> Council:
    """A honey dossier with a sheet per total; roles default to a chair and members."""
    edition = rulebook.editions["2026"]

    def make(*totals: int, roles: tuple[str, ...] = (), **changes: object) -> Dossier:
        named = roles or ("chair", *["member"] * (len(totals) - 1))
        sheets = tuple(
            sheet_by(f"Thành viên {i + 1}", whole_sheet(Random(total), edition.sets["4"], total), role=role) for i, (total, role) in enumerate(zip(totals, named, strict=True)))  # fmt: skip
        for sheet, total in zip(sheets, totals, strict=True):
            assert sum(int(a) for a in sheet.answers.values()) == total
        dossier = filed(
            "Mật ong (mẫu)", "honey", "first", date(2026, 6, 1), "province", facts=clean_facts(edition), sheets=sheets
        )
        made: Dossier = changed(dossier, **changes)
        return made

    return make


@pytest.mark.parametrize(("size", "present", "chair", "status"), [
    (4, 3, True, "scored"), (9, 7, True, "scored"), (9, 6, True, "no_quorum"), (9, 7, False, "no_quorum"), (8, 6, True, "scored"), (None, 3, True, "scored")])  # fmt: skip
def test_three_quarters_with_the_chair(
    engine: Engine, council: Council, size: int | None, present: int, chair: bool, status: str
) -> None:
    """Exactly three quarters is enough; without the chair nothing is. An unstated size is not guessed."""
    roles = ("chair" if chair else "member", *["member"] * (present - 1))
    a = engine.assess(council(*[75] * present, roles=roles, members=size))
    assert a.verdict.status.value == status
    assert (a.verdict.stars is not None) == (status == "scored")
    assert a.verdict.by_points == 4


@pytest.mark.parametrize(
    ("totals", "status"),
    [((70, 80), "scored"), ((70, 75, 80), "scored"), ((70, 81), "score_again"), ((69, 75, 80), "score_again")],
)
def test_ten_points_apart_pass_eleven_do_not(
    engine: Engine, council: Council, totals: tuple[int, ...], status: str
) -> None:
    """The limit itself passes; over it the council talks and scores again, and there is no star meanwhile."""
    a = engine.assess(council(*totals))
    assert a.verdict.status.value == status
    assert a.verdict.council.spread == max(totals) - min(totals)
    if status == "score_again":
        assert a.verdict.stars is None
        assert any(f.code == "SPREAD_TOO_WIDE" and "10" in teller("vi").finding(f) for f in a.findings)


def test_six_from_the_mean_is_pointed_out(engine: Engine, council: Council) -> None:
    """A warning, not a block; 5 is not far. Exact: 68, 77, 77 lie 6, 3 and 3 from 74."""
    a = engine.assess(council(68, 77, 77))
    assert a.verdict.council.far == (0,)
    assert a.verdict.status is Status.SCORED
    assert any(f.code == "FAR_FROM_MEAN" for f in a.findings)
    assert not engine.assess(council(70, 80)).verdict.council.far


def test_the_secretary_does_not_score(engine: Engine, council: Council) -> None:
    """The secretary's sheet counts for presence, not for the mean."""
    a = engine.assess(council(75, 77, 40, roles=("chair", "member", "secretary"), members=4))
    assert a.verdict.total is not None
    assert (a.verdict.total.sum, a.verdict.total.sheets) == (152, 2)
    assert a.verdict.status is Status.SCORED
    assert any(f.code == "ROLE_DOES_NOT_SCORE" for f in a.findings)


def test_the_last_round_counts_and_the_first_is_kept(engine: Engine, council: Council) -> None:
    """After a spread of more than 10 the council scores again; both rounds stand in the answer."""
    first, second = council(60, 80), council(70, 74)
    sheets = (*first.sheets, *(changed(s, round=2) for s in second.sheets))
    a = engine.assess(changed(first, sheets=sheets))
    assert a.verdict.status is Status.SCORED
    assert a.verdict.total is not None
    assert a.verdict.total.sum == 144
    assert [(r.number, r.total.sum if r.total else None) for r in a.verdict.council.rounds] == [(1, 140)]


def test_renewals_are_by_written_opinion(engine: Engine, council: Council) -> None:
    """By the council file; the dossier may say that a meeting was held."""
    assert engine.assess(council(75)).verdict.council.mode == "meeting"
    assert engine.assess(council(75, application="renewal")).verdict.council.mode == "written"
    assert engine.assess(council(75, application="renewal", mode="meeting")).verdict.council.mode == "meeting"


def test_other_sheets_are_compared_not_counted(engine: Engine, council: Council, rulebook: Rulebook) -> None:
    """Self-assessment, help team and the commune's four topics stand beside the council's sheets."""
    base = council(75, 77)
    theirs = whole_sheet(Random(1), rulebook.editions["2026"].sets["4"], 95)
    more = (
        sheet_by("Chủ thể", theirs, kind=SheetKind.SELF),
        sheet_by("Tổ tư vấn", theirs, kind=SheetKind.HELP_TEAM),
        sheet_by("UBND xã", {"1.1": "3", "2.1": "3", "3.3": "2", "5.3": "5"}, kind=SheetKind.COMMUNE),
    )
    alone, beside = engine.assess(base), engine.assess(changed(base, sheets=(*base.sheets, *more)))
    one, other = alone.verdict, beside.verdict
    assert (one.total, one.stars, one.sums, one.sheets) == (other.total, other.stars, other.sums, other.sheets)
    assert [(o.kind.value, o.total) for o in beside.verdict.council.others] == [
        ("self", 95),
        ("help_team", 95),
        ("commune", None),
    ]
    assert {d.criterion for o in beside.verdict.council.others[2:] for d in o.differences} <= {
        "1.1",
        "2.1",
        "3.3",
        "5.3",
    }
    assert engine.assess(changed(base, sheets=(*base.sheets, *more)), SheetKind.SELF).verdict.total.sum == 95  # type: ignore[union-attr]


@pytest.fixture
def with_rules(rules: Path, tmp_path: Path) -> Callable[[str, str], Engine]:
    """An engine whose provincial council file was changed."""

    def change(old: str, new: str) -> Engine:
        shutil.copytree(rules / "2026", tmp_path / "2026", ignore=shutil.ignore_patterns("samples"))
        path = tmp_path / "2026" / "councils" / "province.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return Engine(load_rulebook(tmp_path))

    return change


def test_a_changed_council_file_changes_the_result(
    engine: Engine, council: Council, with_rules: Callable[[str, str], Engine]
) -> None:
    """Another spread limit, no code touched; the digest tells."""
    changed = with_rules("limit: 10", "limit: 12.5")
    dossier = council(70, 81)
    before, after = engine.assess(dossier), changed.assess(dossier)
    assert (before.verdict.status, after.verdict.status) == (Status.SCORE_AGAIN, Status.SCORED)
    assert before.verdict.chosen.digest != after.verdict.chosen.digest


def test_a_secretary_may_score_where_the_file_says_so(
    council: Council, with_rules: Callable[[str, str], Engine]
) -> None:
    """Not universal: some councils' secretaries are members."""
    a = with_rules("scorers: [chair, deputy, member]", "scorers: [chair, deputy, member, secretary]").assess(
        council(75, 77, 76, roles=("chair", "member", "secretary"))
    )
    assert a.verdict.total is not None
    assert a.verdict.total.sheets == 3


def story(assessment: Assessment) -> int:
    stars = assessment.verdict.stars
    return stars.after_minimums if stars else 0


@pytest.mark.parametrize(("minimums", "ticks", "stars"), [
    ("mean", (5, 5, 3), 3), ("majority", (5, 5, 3), 4), ("majority", (5, 3, 3), 3), ("all", (5, 5, 5), 4), ("all", (5, 5, 3), 3), ("agreed", (3, 3, 3), 4)])  # fmt: skip
def test_ticks_combine_for_a_minimum_as_the_file_says(
    rulebook: Rulebook, with_rules: Callable[[str, str], Engine], minimums: str, ticks: tuple[int, ...], stars: int
) -> None:
    """The story needs 5 points for four stars: by mean, by majority, by all, or by what the council agreed."""
    engine = with_rules("minimums: mean", f"minimums: {minimums}")
    base = next(
        a
        for a in (whole_sheet(Random(i), rulebook.editions["2026"].sets["4"], 80) for i in range(300))
        if a["5.1"] == "5"
    )
    sheets = [sheet_by(f"T{i}", base | {"5.1": str(t)}) for i, t in enumerate(ticks)]
    sheets.append(sheet_by("Hội đồng", base, kind=SheetKind.AGREED))
    a = engine.assess(
        filed(
            "Mật ong (mẫu)",
            "honey",
            "first",
            date(2026, 6, 1),
            "province",
            facts=clean_facts(rulebook.editions["2026"]),
            sheets=tuple(sheets),
        )
    )
    assert a.verdict.by_points == 4
    assert story(a) == stars


def test_what_one_member_and_the_council_agreed_is_told_as_such(
    rulebook: Rulebook, with_rules: Callable[[str, str], Engine]
) -> None:
    """With one sheet beside the agreed one, the minimum's sentence names the value that was compared."""
    engine, edition = with_rules("minimums: mean", "minimums: agreed"), rulebook.editions["2026"]
    base = next(a for a in (whole_sheet(Random(i), edition.sets["4"], 80) for i in range(300)) if a["5.1"] == "5")
    sheets = (sheet_by("An", base), sheet_by("Hội đồng", base | {"5.1": "3"}, kind=SheetKind.AGREED))
    a = engine.assess(
        filed(
            "Mật ong (mẫu)", "honey", "first", date(2026, 6, 1), "province", facts=clean_facts(edition), sheets=sheets
        )
    )
    missed = [one for one in a.verdict.missed if one.criterion == "5.1" and one.stars == 4]
    assert [(one.got, one.by) for one in missed] == [(3, MinimumBy.AGREED)]
    said = [teller("en").finding(f) for f in a.findings if f.code == "MINIMUM_MISSED" and f.criterion.number == "5.1"]
    assert said
    assert all("has 3 (agreed by the council)" in one for one in said)


def test_a_province_may_have_its_own_file(rules: Path, tmp_path: Path, council: Council) -> None:
    """A second file for the level, named by the dossier; a name that does not exist is told."""
    shutil.copytree(rules / "2026", tmp_path / "2026", ignore=shutil.ignore_patterns("samples"))
    text = (tmp_path / "2026" / "councils" / "province.yaml").read_text(encoding="utf-8")
    (tmp_path / "2026" / "councils" / "bac-ninh.yaml").write_text(
        text.replace("limit: 10", "limit: 15"), encoding="utf-8"
    )
    engine = Engine(load_rulebook(tmp_path))
    assert engine.assess(council(70, 84)).verdict.status is Status.SCORE_AGAIN
    assert engine.assess(council(70, 84, council_rules="bac-ninh")).verdict.status is Status.SCORED
    with pytest.raises(DossierError, match="COUNCIL_RULES_UNKNOWN"):
        engine.assess(council(70, council_rules="bac-nin"))


def test_everything_a_council_file_decides_is_marked_as_practice(engine: Engine, council: Council) -> None:
    """No decision prescribes it, so no finding pretends that one does."""
    for dossier in (council(70, 84), council(68, 77, 77, members=9)):
        found = [f for f in engine.assess(dossier).findings if f.ground.rule.startswith("council-")]
        assert found
        assert all(
            not f.ground.basis.stated
            and f.ground.position
            and "councils/" in f.ground.position.file
            and not f.ground.reference
            for f in found
        )


@pytest.mark.parametrize(("change", "code", "path"), [
    ({"members": 1}, "MEMBERS_TOO_FEW", "council.members"), ({"members": -3}, "COUNT_RANGE", "council.members"), ({"mode": "video"}, "MODE_UNKNOWN", "council.mode"),
    ({"decided_on": date(2026, 5, 31)}, "DATES_ORDER", "council.decided_on"), ({"decided_on": date(9999, 12, 31)}, "DATE_RANGE", "council.decided_on"),
    ({"expires_on": date(1, 1, 1)}, "DATE_RANGE", "application.expires_on"),
])  # fmt: skip
def test_what_cannot_be_is_told_with_its_field(
    engine: Engine, council: Council, change: dict[str, object], code: str, path: str
) -> None:
    """Sizes, modes and days."""
    with pytest.raises(DossierError) as error:
        engine.assess(council(75, 76, **change))
    assert [(p.code, p.path) for p in error.value.problems] == [(code, path)]


def test_a_misspelt_role_does_not_lose_a_vote_in_silence(engine: Engine, council: Council) -> None:
    """An unknown role, round or form of a sheet is an error, with the nearest word."""
    dossier = council(75, 77)
    wrong = (changed(dossier.sheets[0], role="chiar"), changed(dossier.sheets[1], round=0, edition="2062"))
    with pytest.raises(DossierError) as error:
        engine.assess(changed(dossier, sheets=wrong))
    assert [p.path for p in error.value.problems] == ["sheets[0].role", "sheets[1].round", "sheets[1].edition"]
    assert "Did you mean 'chair'?" in teller("en").problem(error.value.problems[0])


def test_nobody_votes_twice(engine: Engine, council: Council) -> None:
    """The same assessor twice in one round, or two chairs, is an error; in two rounds it is the rule."""
    dossier = council(75, 76, 77)
    twice = (*dossier.sheets, changed(dossier.sheets[1], assessor=" Thành viên 2"))
    with pytest.raises(DossierError) as error:
        engine.assess(changed(dossier, sheets=twice))
    assert [(p.code, p.path) for p in error.value.problems] == [("ASSESSOR_REPEATED", "sheets[3].assessor")]
    with pytest.raises(DossierError) as error:
        engine.assess(council(75, 76, roles=("chair", "chair")))
    assert [p.path for p in error.value.problems] == ["sheets[1].role"]
    rounds = (*dossier.sheets, *(changed(s, round=2) for s in dossier.sheets))
    assert engine.assess(changed(dossier, sheets=rounds, members=3)).verdict.status is Status.SCORED


def test_no_answer_counts_twice(engine: Engine, council: Council) -> None:
    """Two spellings of one criterion are an error: which of them wins must not depend on anything."""
    dossier = council(75)
    sheet = changed(dossier.sheets[0], answers={**dossier.sheets[0].answers, " 1.1": "1"})
    with pytest.raises(DossierError) as error:
        engine.assess(changed(dossier, sheets=(sheet,)))
    assert [p.code for p in error.value.problems] == ["ANSWER_REPEATED"]


def test_a_sheet_that_does_not_count_starts_no_round(engine: Engine, council: Council) -> None:
    """The secretary's sheet of round 2 leaves round 1 in force."""
    dossier = council(75, 77, 40, roles=("chair", "member", "secretary"))
    sheets = (*dossier.sheets[:2], changed(dossier.sheets[2], round=2))
    a = engine.assess(changed(dossier, sheets=sheets))
    assert a.verdict.status is Status.SCORED
    assert a.verdict.total is not None
    assert a.verdict.total.sum == 152


def test_a_minimum_names_the_value_that_was_compared(
    council: Council, with_rules: Callable[[str, str], Engine], rulebook: Rulebook
) -> None:
    """Where the lowest tick decides, the sentence gives the lowest tick and not the mean."""
    base = next(
        a
        for a in (whole_sheet(Random(i), rulebook.editions["2026"].sets["4"], 80) for i in range(300))
        if a["5.1"] == "5"
    )
    sheets = tuple(sheet_by(f"T{i}", base | {"5.1": tick}) for i, tick in enumerate(("5", "5", "3")))
    a = with_rules("minimums: mean", "minimums: all").assess(changed(council(80), sheets=sheets))
    said = next(f for f in a.findings if f.ground.rule == "minimum-5.1-4")
    assert teller("en").finding(said).endswith("has 3 (lowest of the council); the minimum for 4 stars is 5.")
    assert not said.ground.basis.stated


def test_whole_numbers_are_digits_only(engine: Engine, council: Council) -> None:
    """`1.000` is a thousand here and one elsewhere; it is refused instead of guessed."""
    for text in ("1.000", "1,000", "-0", "1e3", "٣"):
        with pytest.raises(DossierError, match="contract_months"):
            engine.assess(council(75, facts={"contract_months": text}))


def test_all_wrong_fields_come_at_once(engine: Engine, council: Council) -> None:
    """An unknown set does not hide a wrong level, fact or role."""
    dossier = council(75, product_set="hony", level="provinc", facts={"forged": "yes"}, mode="video")
    with pytest.raises(DossierError) as error:
        engine.assess(dossier)
    assert {p.path for p in error.value.problems} == {"product.set", "council.level", "council.mode", "facts.forged"}


def test_a_council_agrees_once_in_a_round(engine: Engine, council: Council) -> None:
    """Two agreed sheets of one round are a mistake that is told; those of two rounds are not."""
    dossier = council(75, 77)
    one = dossier.sheets[0]
    agreed = [changed(one, kind="agreed", assessor=who, role="", round=n) for who, n in (("A", 1), ("B", 1), ("A", 2))]
    with pytest.raises(DossierError) as error:
        engine.admit(changed(dossier, sheets=(*dossier.sheets, *agreed)))
    assert [(p.code, p.path) for p in error.value.problems] == [("AGREED_REPEATED", "sheets[3].kind")]
    engine.admit(changed(dossier, sheets=(*dossier.sheets, agreed[0], agreed[2])))
