"""What a decree may ask beyond the three there are: areas and days as facts, ways out by the points of a part or in all, 120 points."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import oracle
import pytest
from dossiers import random_dossier
from hypothesis import given, settings
from hypothesis import strategies as st
from ocop.dossiers import dossier_from_dict, fact_value
from ocop.scoring.v1 import scoring_pb2 as pb
from rich.console import Console
from support import clean_facts, filed, sheet_by

from scoring_service.authoring.dossier_schema import dossier_schema
from scoring_service.cli.render import Renderer
from scoring_service.engine import durable
from scoring_service.engine.admit import DossierError
from scoring_service.engine.dossier import Dossier
from scoring_service.engine.engine import Assessment, Engine
from scoring_service.engine.findings import (
    Derived,
    Finding,
    KnockedOut,
    KnockOutDivided,
    KnockOutOpen,
    StarsByPoints,
    StatedFact,
)
from scoring_service.engine.inference import KnockOutHolds, Program, Rule
from scoring_service.engine.verdict import Status
from scoring_service.problems import Position, Problem, Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.check import check_edition
from scoring_service.rulebook.facts import KINDS, Interval
from scoring_service.rulebook.files import Files
from scoring_service.rulebook.label import MET, NOT_MET, NOTHING, STATED, Label
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.model import (
    Band,
    Comparison,
    Condition,
    Criterion,
    DeriveRow,
    Edition,
    Effect,
    KnockOut,
    Of,
    Op,
    Option,
    ProductSet,
    Section,
    Subject,
)
from scoring_service.rulebook.read_conditions import ConditionReader
from scoring_service.rulebook.rule_reader import RuleReader
from scoring_service.service.answers import assessment_to_pb
from scoring_service.service.requests import Wanted, dossier_from_pb, dossier_to_pb
from scoring_service.service.rules import edition_to_pb, facts_to_pb, sheet_to_pb
from scoring_service.service.values import voice
from scoring_service.telling.report import lines_of
from scoring_service.telling.teller import teller

NO_FILES = Files("2027", {}, {}, "")
"""Of the invented edition: its positions are made up."""
AT = Position("2027/sets/04-honey.yaml", 1, 1)
FACTS = """
planted_area:
  kind: decimal
  name: "Diện tích vùng trồng"
  unit: "ha"
certificate_expires:
  kind: date
  name: "Giấy chứng nhận hết hạn"
"""
OUTS = """
expired: {certificate_expires: "[, 2026-06-01)"}
tiny: {planted_area: "[0, 0.3)", part A: "[0, 20)"}
weak-part: {part B: "[0, 5.5)"}
weak-total: {total: "[0, 12.5)"}
half: {criterion 13.2: "(0, 3.5)"}
"""
AREA = """
- {planted_area: "[0, 0.5)"}
- {planted_area: "[0.5, 12.25)"}
- {planted_area: "[12.25, )"}
"""
ENGLISH = """
- {vi: "Diện tích vùng trồng", en: "Planted area"}
- {vi: "ha", en: "hectares"}
- {vi: "Giấy chứng nhận hết hạn", en: "The certificate expires"}
"""
BANDS = ((5, 108, 120), (4, 84, 108), (3, 60, 84), (2, 36, 60), (1, 0, 36))


def read(facts: str = FACTS) -> tuple[ConditionReader, RuleReader]:
    reader = RuleReader()
    reader.translations.add(nodes.parse(ENGLISH, "2027/en.yaml"), reader, own=True)
    return ConditionReader(reader, nodes.parse(facts, "2027/facts.yaml")), reader


def entries(text: str) -> dict[str, nodes.Node]:
    tree = nodes.parse(text, "2027/knock-outs.yaml")
    assert isinstance(tree, nodes.Mapping)
    return tree.entries


def criterion(like: Criterion, number: str, name: Label, options: tuple[Option, ...], **more: object) -> Criterion:
    most = max(option.points for option in options)
    return replace(
        like, number=number, key="", name=name, max=most, options=options, none_met=None, cases={}, minimums=(), derive=(), only_if=None,
        evidence=(), notes=(), oddities=(), group=None, is_section=False, reference=f"bộ 4, tiêu chí {number}", **more,
    )  # fmt: skip


def invented(old: Edition) -> Edition:
    """Honey of a decree that has 120 points, 20 of them for a binary criterion worth 3 and for the planted area."""
    conditions, reader = read()
    honey = old.by_slug["honey"]
    first = next(iter(honey.criteria()))
    met = criterion(first, "13.1", Label("Sổ nhật ký", "Log book"), (Option("no", 0, NOT_MET, AT, printed=False), Option("yes", 3, MET, AT, printed=False)))  # fmt: skip
    steps = [Option(i, p, Label(f"mức {p}", f"step {p}"), AT) for i, p in (("a", 0), ("b", 7), ("c", 17))]
    rows = nodes.parse(AREA, "2027/sets/04-honey.yaml")
    assert isinstance(rows, nodes.Sequence)
    derive = tuple(
        DeriveRow(conditions.of_facts(row), option.id, None, AT) for row, option in zip(rows.items, steps, strict=True)
    )
    area = replace(criterion(first, "13.2", Label("Vùng trồng", "Planted area"), tuple(steps)), derive=derive)
    *others, last = honey.parts
    section = Section("13", Label("Vùng trồng", "Planted area"), 20, (met, area), AT)
    parts = (*others, replace(last, max=last.max + 20, sections=(*last.sections, section)))
    outs = tuple(
        KnockOut(
            key,
            Effect.DISQUALIFY,
            Label(f"loại vì {key}", f"out: {key}"),
            Condition(tuple(conditions.comparisons(node))),
            False,
            "bộ 4",
            STATED,
            AT,
        )
        for key, node in entries(OUTS).items()
    )
    changed = replace(honey, parts=parts, knock_outs=(*honey.knock_outs, *outs))
    bands = tuple(
        Band(
            stars, Interval(Decimal(low), Decimal(high), low_closed=True, high_closed=high == 120), "Điều 5", STATED, AT
        )
        for stars, low, high in BANDS
    )
    edition = replace(
        old, id="2027", total=120, bands=bands, facts={**old.facts, **conditions.facts}, sets={honey.number: changed}, by_slug={"honey": changed},
    )  # fmt: skip
    reader.raise_if_any()
    return edition


@pytest.fixture(scope="module")
def edition(rulebook: Rulebook) -> Edition:
    return invented(rulebook.editions["2026"])


@pytest.fixture(scope="module")
def honey(edition: Edition) -> ProductSet:
    return edition.by_slug["honey"]


@pytest.fixture(scope="module")
def wide(edition: Edition) -> Engine:
    return Engine(Rulebook({edition.id: edition}))


def best(honey: ProductSet, **other: str) -> dict[str, str]:
    """The best option of each criterion, except where another is named: ``_13_1`` is criterion 13.1."""
    answers = {c.number: max(c.choices(), key=lambda o: o.points).id for c in honey.criteria()}
    return answers | {number.strip("_").replace("_", "."): option for number, option in other.items()}


def worst(honey: ProductSet, part: str, points: int = 0) -> dict[str, str]:
    """The best of all, and of one part so many points only."""
    answers, left = best(honey), points
    for c in next(p for p in honey.parts if p.code == part).criteria():
        option = max((o for o in c.choices() if o.points <= left), key=lambda o: o.points)
        answers[c.number], left = option.id, left - option.points
    assert left == 0
    return answers


def dossier(edition: Edition, sheets: list[dict[str, str]], **facts: str) -> Dossier:
    stated = clean_facts(edition) | {"planted_area": "20", "certificate_expires": "2027-01-01"} | facts
    return filed("Mật ong", "honey", "first", dt.date(2026, 6, 1), "province", edition=edition.id,
                 facts={name: value for name, value in stated.items() if value},
                 sheets=tuple(sheet_by(f"T{i}", answers, role="chair" if i == 0 else "member") for i, answers in enumerate(sheets)))  # fmt: skip


def found(a: Assessment, kind: type[Finding]) -> list[Finding]:
    return [one for one in a.findings if type(one) is kind]


def told(a: Assessment, kind: type[Finding]) -> Iterator[tuple[str, str]]:
    return ((teller("vi").finding(one), teller("en").finding(one)) for one in found(a, kind))


# --- the sheet -------------------------------------------------------------------------------------------------------


def test_the_checker_finds_nothing_wrong_with_it(edition: Edition) -> None:
    """Sums of 120, bands to 120, derivations without a hole, every rank within reach."""
    reader = RuleReader()
    check_edition(edition, NO_FILES, reader)
    assert [str(one) for one in reader.problems if not one.code.startswith(("COUNCIL", "LEVEL"))] == []


def test_a_sheet_of_120_points_is_counted_and_told_as_such(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """All of it is 5 stars; 107 of 120 are 4, though 107 lies above every band there was."""
    full = wide.assess(dossier(edition, [best(honey)]))
    assert full.verdict.total and (full.verdict.total.sum, full.verdict.total.max, full.verdict.by_points) == (
        120,
        120,
        5,
    )
    short = wide.assess(dossier(edition, [best(honey) | {"13.1": "no", "13.2": "b"}]))
    assert short.verdict.total and (short.verdict.total.sum, short.verdict.by_points) == (107, 4)
    assert next(told(short, StarsByPoints))[0] == (
        "Tổng điểm trung bình 107, đạt từ 84 đến dưới 108 điểm: 4 sao theo điểm."
    )
    assert edition_to_pb(edition, voice(("vi",))).total == 120


def test_a_binary_criterion_may_be_worth_three(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """By id or by its points; its line names both, and that the options are our reading."""
    by_id, by_points, unmet = (wide.assess(dossier(edition, [best(honey, _13_1=one)])) for one in ("yes", "3", "no"))
    assert by_id.verdict.canonical() == by_points.verdict.canonical()
    assert (by_id.verdict.total, unmet.verdict.total) == (by_id.verdict.total, replace(by_id.verdict.total, sum=117))  # type: ignore[type-var]
    place = by_id.case.form.places["13.1"]
    mark = by_id.verdict.sheets[0].marks[place]
    assert mark
    assert lines_of(teller("en"), by_id.case.form).single(place, mark) == "13.1 Log book: 3/3 points – Met."
    line = assessment_to_pb(by_id, Wanted(pb.EXPLAIN_LEVEL_FULL, ("vi",))).lines[place]
    assert not line.basis.stated and list(line.basis.why) == [edition.readings["binary"].vi]


# --- facts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("area", "option"), [("0", "a"), ("0,4999", "a"), ("0.5", "b"), ("12.2499", "b"), ("12,25", "c"), ("1000000000", "c")])  # fmt: skip
def test_an_area_derives_an_option_to_the_ten_thousandth(
    wide: Engine, edition: Edition, honey: ProductSet, area: str, option: str
) -> None:
    """Where the sheet is silent, the stated hectares say which option it is; the same from a file and by the contract."""
    silent = best(honey)
    del silent["13.2"]
    filed_ = dossier(edition, [silent], planted_area=area)
    a = wide.assess(filed_)
    (one,) = found(a, Derived)
    assert isinstance(one, Derived) and one.option.id == option
    assert wide.assess(dossier_from_pb(dossier_to_pb(filed_))).verdict.canonical() == a.verdict.canonical()


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"planted_area": "1.250"}, "ghi 1250 hoặc 1,25, vì 1.250 có thể hiểu hai cách"),
        ({"planted_area": "0.12345"}, "tối đa 4 chữ số lẻ"),
        ({"planted_area": "-1"}, "cần số từ 0 đến 1000000000"),
        ({"planted_area": "1000000001"}, "cần số từ 0 đến 1000000000"),
        ({"planted_area": "5%"}, "không dùng được cho 'Diện tích vùng trồng'"),
        ({"planted_area": "1e3"}, "không dùng được cho 'Diện tích vùng trồng'"),
        ({"certificate_expires": "31/5/2026"}, "Ý bạn là '2026-05-31'?"),
        ({"certificate_expires": "2026-02-30"}, "cần ngày có thật viết theo năm-tháng-ngày"),
    ],
)
def test_what_is_no_area_or_day_is_told_with_what_to_write(
    wide: Engine, edition: Edition, honey: ProductSet, stated: dict[str, str], says: str
) -> None:
    """And a day in another order with the one that was meant."""
    with pytest.raises(DossierError) as error:
        wide.assess(dossier(edition, [best(honey)], **stated))
    (problem,) = error.value.problems
    assert says in teller("vi").problem(problem)
    assert teller("en").problem(problem).startswith(f"'{next(iter(stated.values()))}' does not fit '")


def test_a_number_that_can_be_read_two_ways_is_judged_the_same_from_a_file_and_by_the_contract(
    wide: Engine, edition: Edition, honey: ProductSet
) -> None:
    """1.250 hectares as text are refused in both; as an exact decimal of a program they are one and a quarter."""
    filed_ = dossier(edition, [best(honey)], planted_area="1.250")
    for one in (filed_, dossier_from_pb(dossier_to_pb(filed_))):
        with pytest.raises(DossierError) as error:
            wide.assess(one)
        assert [p.code for p in error.value.problems] == ["FACT_DECIMAL"]
    assert fact_value(Decimal("1.250")).decimal == "1.250"
    share = edition.facts["local_labour_share"]
    assert share.parse("12.500", "choice") == share.parse("12.500") == Decimal("12.5")


def test_a_day_knocks_out_and_is_told_as_a_day(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """The day before the end of the range is out, its open end is not; unknown waits."""
    out = wide.assess(dossier(edition, [best(honey)], certificate_expires="2026-05-31"))
    assert out.verdict.status is Status.DISQUALIFIED
    assert out.verdict.outs[0].facts == (("certificate_expires", "2026-05-31"),)
    assert list(told(out, KnockedOut)) == [
        (
            "Sản phẩm bị loại: loại vì expired (hồ sơ nêu Giấy chứng nhận hết hạn: 31/05/2026).",
            "Product disqualified: out: expired (stated: The certificate expires: 2026-05-31).",
        )
    ]
    sent = next(f for f in assessment_to_pb(out, Wanted()).findings if f.code == KnockedOut.code)
    assert sent.facts[0] == pb.ReadFact(fact="certificate_expires", value="2026-05-31")
    assert (
        wide.assess(dossier(edition, [best(honey)], certificate_expires="2026-06-01")).verdict.status is Status.SCORED
    )
    waiting = wide.assess(dossier(edition, [best(honey)], certificate_expires="unknown"))
    assert waiting.verdict.provisional and [o.facts for o in waiting.verdict.open] == [("certificate_expires",)]


def test_areas_and_days_pass_the_contract_as_what_they_are(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """Typed, one spelling; a client may give ``date`` and ``Decimal``; lists of facts say kind and unit."""
    facts = dossier_from_dict(
        {"facts": {"planted_area": Decimal("2.50"), "certificate_expires": dt.date(2026, 5, 31)}}
    ).facts
    assert (facts["planted_area"].decimal, facts["certificate_expires"].date) == ("2.50", "2026-05-31")
    message = dossier_to_pb(dossier(edition, [best(honey)], certificate_expires="2026-05-31"))
    assert message.facts["certificate_expires"].WhichOneof("value") == "date"
    assert wide.assess(dossier_from_pb(message)).verdict.status is Status.DISQUALIFIED
    message.facts["certificate_expires"].choice = "2026-05-31"
    with pytest.raises(DossierError):
        wide.assess(dossier_from_pb(message))
    kinds = {f.id: f for f in facts_to_pb(edition, voice(("vi", "en")))}
    assert kinds["planted_area"].kind == pb.FACT_KIND_DECIMAL
    assert list(kinds["planted_area"].unit) == ["ha", "hectares"]
    assert kinds["certificate_expires"].kind == pb.FACT_KIND_DATE
    schema = dossier_schema(wide.rulebook)["properties"]["facts"]["properties"]
    assert schema["planted_area"]["maximum"] == 10**9
    assert schema["certificate_expires"]["pattern"] == r"^(\d{4}-\d{2}-\d{2}|unknown|chưa rõ)$"


# --- points of a part, and in all ------------------------------------------------------------------------------------


def test_a_part_knocks_out_by_its_exact_mean(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """Under 5.5: 5 is, the mean of 5 and 6 is not, that of 5, 5 and 6 is; a sheet alone that meets it is named."""
    five, six = worst(honey, "B", 5), worst(honey, "B", 6)
    out = wide.assess(dossier(edition, [five]))
    assert (out.verdict.status, out.verdict.outs[0].rule) == (Status.DISQUALIFIED, "weak-part")
    assert next(told(out, KnockedOut)) == (
        "Sản phẩm bị loại: loại vì weak-part (phần B (Khả năng tiếp thị): 5/25 điểm).",
        "Product disqualified: out: weak-part (part B (Marketing): 5/25 points).",
    )
    edge = wide.assess(dossier(edition, [five, six]))
    assert not edge.verdict.outs
    assert [(one.rule, one.sheets) for one in edge.verdict.divided] == [("weak-part", (0,))]
    assert len(found(edge, KnockOutDivided)) == 1
    under = wide.assess(dossier(edition, [five, five, six]))
    assert [one.rule for one in under.verdict.outs] == ["weak-part"]
    assert "phần B (Khả năng tiếp thị): 5,33/25 điểm" in next(told(under, KnockedOut))[0]


def test_points_that_are_not_whole_knock_nothing_out(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """A part with an open criterion is unknown, and so is the total; a whole part counts while another one is open."""
    five = worst(honey, "B", 5)
    of_b = next(p for p in honey.parts if p.code == "B")
    answered = next(c.number for c in of_b.criteria() if five[c.number] == next(iter(c.choices())).id)
    part_open = wide.assess(dossier(edition, [{k: v for k, v in five.items() if k != answered}]))
    assert (part_open.verdict.status, part_open.verdict.outs) == (Status.INCOMPLETE, ())
    other_open = wide.assess(dossier(edition, [{k: v for k, v in five.items() if k != "13.1"}]))
    assert (other_open.verdict.status, other_open.verdict.total) == (Status.DISQUALIFIED, None)
    one_silent = wide.assess(dossier(edition, [five, {k: v for k, v in five.items() if k != answered}]))
    assert (one_silent.verdict.status, one_silent.verdict.outs) == (Status.INCOMPLETE, ())
    nothing = {c.number: min(c.choices(), key=lambda o: o.points).id for c in honey.criteria()}
    del nothing["13.1"]
    assert "weak-total" not in {one.rule for one in wide.assess(dossier(edition, [nothing])).verdict.outs}


def test_the_total_knocks_out_by_its_exact_mean(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """12 and 13 are 12.5 and pass; 12 is out, and says by how many points."""
    sheets = []
    for points in (12, 13):
        answers, left = {}, points
        order = sorted(honey.criteria(), key=lambda c: (not c.number.startswith(("4", "5")), c.number))
        for c in order:
            options = [o for o in c.choices() if o.points <= left and (c.number != "13.2" or o.id == "a")]
            option = max(options, key=lambda o: o.points)
            answers[c.number], left = option.id, left - option.points
        assert left == 0
        sheets.append(answers)
    rules = {o.rule for o in wide.assess(dossier(edition, [sheets[0]])).verdict.outs}
    assert "weak-total" in rules
    assert "weak-total" not in {o.rule for o in wide.assess(dossier(edition, sheets)).verdict.outs}
    out = wide.assess(dossier(edition, [sheets[0]]))
    assert any("(total: 12/120 points)" in en and "(tổng điểm: 12/120)" in vi for vi, en in told(out, KnockedOut))
    sent = assessment_to_pb(out, Wanted(verdict=True))
    held = next(one for one in sent.verdict.outs if one.rule == "weak-total")
    assert [(one.criterion, one.part, one.points.sum, one.points.max) for one in held.points] == [("", "", 12, 120)]


def test_a_criterion_knocks_out_by_a_mean_between_whole_points(
    wide: Engine, edition: Edition, honey: ProductSet
) -> None:
    """More than 0 and under 3.5: the mean of 0 and 7 is just not, that of 0, 0 and 7 is; 0 itself is not."""
    none, some = best(honey, _13_2="a"), best(honey, _13_2="b")
    outs = [
        [o.rule for o in wide.assess(dossier(edition, s)).verdict.outs]
        for s in ([none, some], [none, none, some], [none])
    ]
    assert outs == [[], ["half"], []]


def test_points_may_settle_what_a_fact_leaves_open(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """Too small an area and a weak part A: with a strong part A the area need not be known; with a weak one it is asked for."""
    strong = wide.assess(dossier(edition, [best(honey)], planted_area=""))
    assert not strong.verdict.provisional
    weak = wide.assess(dossier(edition, [worst(honey, "A", 19)], planted_area=""))
    assert weak.verdict.provisional and [o.rule for o in weak.verdict.open] == ["tiny"]
    assert len(found(weak, KnockOutOpen)) == 1
    out = wide.assess(dossier(edition, [worst(honey, "A", 19)], planted_area="0.2999"))
    assert next(told(out, KnockedOut)) == (
        "Sản phẩm bị loại: loại vì tiny (phần A (Sản phẩm và sức mạnh cộng đồng): 19/40 điểm) (hồ sơ nêu Diện tích vùng trồng: 0,2999 ha).",
        "Product disqualified: out: tiny (part A (Product and strength of the community): 19/40 points) (stated: Planted area: 0.2999 hectares).",
    )
    sent = next(f for f in assessment_to_pb(out, Wanted()).findings if f.code == KnockedOut.code)
    assert [(one.criterion, one.part, one.points.sum) for one in sent.points] == [("", "A", 19)]
    (sums,) = (value.values for value in sent.values if value.id == "sums")
    assert sums[0].read == sent.points[0]


def test_the_sheet_says_what_its_ways_out_read(edition: Edition, honey: ProductSet) -> None:
    """In the contract and on the screen."""
    sheet = sheet_to_pb(honey, edition, voice(("vi",)))
    read_ = {out.id: out for out in sheet.knock_outs}
    assert (list(read_["tiny"].facts), list(read_["tiny"].parts), read_["tiny"].total) == (
        ["planted_area"],
        ["A"],
        False,
    )
    assert read_["weak-total"].total
    console = Console(file=io.StringIO(), width=160)
    Renderer(console, teller("vi")).sheet(sheet)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "planted_area, Phần A" in shown and "Tổng · bộ 4" in shown


# --- the rule files --------------------------------------------------------------------------------------------------


def problems_of(text: str, facts: str = FACTS) -> list[Problem]:
    conditions, reader = read(facts)
    for node in entries(f"one: {text}").values():
        conditions.comparisons(node)
    return reader.problems


@pytest.mark.parametrize(("condition", "code", "says"), [
    ('{certificate_expires: "[1/1/2026, )"}', "RANGE", 'write "[2026-01-01, 2027-01-01)" or "[2026-01-01, )" (dates as year-month-day)'),
    ('{certificate_expires: "[2026-02-30, )"}', "RANGE", "is not a range"),
    ('{certificate_expires: "(2026-01-01, 2026-01-02)"}', "RANGE_EMPTY", "contains no value"),
    ('{certificate_expires: "[2026-02-01, 2026-01-01]"}', "RANGE_EMPTY", "contains no value"),
    ('{planted_area: "[1.250, )"}', "RANGE", "numbers with at most 4 decimals and no thousands mark"),
    ('{planted_area: "[0.00001, )"}', "RANGE_PLACES", "a limit of the software, not of the decision"),
    ('{planted_area: "[0, 10000000000)"}', "RANGE_PLACES", "beyond 1000000000"),
    ('{planted_area: "(, )"}', "RANGE", "is not a range"),
    ('{part A: "10"}', "RANGE", 'write "[25, 50)"'),
    ('{totl: "[0, 30)"}', "FACT_NOT_DECLARED", "Did you mean 'total'?"),
])  # fmt: skip
def test_a_condition_that_cannot_be_is_told(condition: str, code: str, says: str) -> None:
    """With what to write for this kind of fact."""
    (problem,) = problems_of(condition)
    assert problem.code == code
    assert says in teller("en").problem(problem)
    assert teller("vi").problem(problem)


def test_ranges_are_read_and_shown_as_they_are_written() -> None:
    """Each kind has its own way; the ends are what rules compare."""
    conditions, reader = read()
    for kind, text in (("date", "[2026-01-01, 2027-01-01)"), ("date", "(, 2026-01-01]"), ("decimal", "[0.5, 12.25)"), ("percent", "(75, 100]"), ("count", "[3, )")):  # fmt: skip
        node = nodes.Scalar(text, AT)
        assert conditions.interval(node, KINDS[kind]).text(KINDS[kind].show) == text
    assert not reader.problems
    day = conditions.facts["certificate_expires"]
    year = conditions.interval(nodes.Scalar("[2026-01-01, 2027-01-01)", AT), day.kind)
    assert [dt.date(2026, 1, 1) in year, dt.date(2026, 12, 31) in year, dt.date(2027, 1, 1) in year] == [
        True,
        True,
        False,
    ]
    assert day.shown(year) == "[2026-01-01, 2027-01-01)"


def test_a_fact_is_not_called_like_points_nor_counted_where_it_cannot_be() -> None:
    """``total`` is the total; a unit goes with numbers; derivations read facts alone."""
    name = 'name: "x"'
    (problem,) = problems_of('{total: "[0, 30)"}', f"total: {{kind: decimal, {name}}}")
    assert (problem.code, problem.values["key"]) == ("FACT_NAME", "total")
    _, reader = read(f"day: {{kind: date, {name}, unit: {'ngày'}}}")
    assert [teller("en").problem(one) for one in reader.problems] == ["'unit' goes with facts that count something: kind decimal, count."]  # fmt: skip
    conditions, reader = read()
    conditions.of_facts(entries('row: {part A: "[0, 5)"}')["row"])
    assert [one.code for one in reader.problems] == ["DERIVE_POINTS"]


def test_a_part_that_is_not_there_is_told_with_the_parts_that_are(edition: Edition, honey: ProductSet) -> None:
    """The nearest, or all of them."""
    outs = [replace(o, when=Condition(((Comparison(Subject(Of.PART, "D"), Op.BELOW, Decimal(5)),),))) for o in honey.knock_outs[:1]]  # fmt: skip
    spoilt = replace(honey, knock_outs=tuple(outs))
    reader = RuleReader()
    check_edition(replace(edition, sets={"4": spoilt}), NO_FILES, reader)
    (problem,) = (one for one in reader.problems if one.code == "KNOCK_OUT_PART")
    assert problem.values["suggestion"] == Suggestion(known=("A", "B", "C"))
    assert "Set 4 has no part 'D'" in teller("en").problem(problem)


def test_bands_must_cover_the_total_and_say_whose_limit_it_is(edition: Edition) -> None:
    """To 120, not to 100; half points are the engine's limit."""
    top, *others = edition.bands
    low = replace(top.interval, high=Decimal(100), high_closed=True)
    reader = RuleReader()
    check_edition(
        replace(edition, bands=(replace(top, interval=replace(low, low=Decimal(84))), *others[1:])), NO_FILES, reader
    )
    problem = next(one for one in reader.problems if one.code == "BAND_COVER")
    assert "each value from 0 to 120 must belong to exactly one" in teller("en").problem(problem)
    reader = RuleReader()
    check_edition(
        replace(edition, bands=(replace(top, interval=replace(low, low=Decimal("84.5"))), *others)), NO_FILES, reader
    )
    (problem,) = (one for one in reader.problems if one.code == "BAND_END")
    assert "a limit of the software, not of the decision" in teller("en").problem(problem)
    assert "giới hạn của phần mềm, không phải của quyết định" in teller("vi").problem(problem)


# --- both evaluators -------------------------------------------------------------------------------------------------


def test_two_evaluators_agree_on_the_invented_edition(wide: Engine, edition: Edition, honey: ProductSet) -> None:
    """A thousand random dossiers, their points on edges and their facts beside them, by three ways of evaluating."""
    plain, rng = Engine(wide.rulebook, oracle.plain_fire), Random(120)
    seen: set[str] = set()
    for _ in range(1000):
        one = random_dossier(rng, edition, honey)
        got, want = wide.assess(one).verdict, oracle.judge(one, edition, honey)
        assert got.canonical() == plain.assess(one).verdict.canonical()
        assert (got.status.value, got.total.exact if got.total else None) == (want.status, want.total)
        assert (got.by_points or 0, got.stars.after_minimums if got.stars else 0) == (
            want.by_points,
            want.after_minimums,
        )
        seen |= {out.rule for out in got.outs} | {f"{got.by_points} stars"}
    assert {"expired", "half", *(f"{stars} stars" for stars in (2, 3, 4, 5))} <= seen


PLACES = st.decimals(0, 120, places=4, allow_nan=False, allow_infinity=False)
READ = st.sampled_from([Subject(Of.FACT, "a"), Subject(Of.PART, "A"), Subject(Of.CRITERION, "1.1"), Subject(Of.TOTAL)])
VALUES = st.one_of(
    st.fractions(0, 120, max_denominator=99),
    PLACES,
    st.integers(0, 120),
    st.dates().map(lambda day: Decimal(day.toordinal())),
)
TESTS = st.builds(Comparison, READ, st.sampled_from(list(Op)), st.one_of(PLACES, VALUES.filter(lambda v: isinstance(v, Decimal))))  # fmt: skip
CONDITIONS = st.lists(st.lists(TESTS, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3).map(
    lambda ways: Condition(tuple(ways))
)


@settings(max_examples=300, deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=8), st.lists(st.dictionaries(READ, VALUES), min_size=1, max_size=4))
def test_any_threshold_of_four_decimals_is_exact(
    conditions: list[Condition], cases: list[dict[Subject, Fraction]]
) -> None:
    """Whatever fraction a mean is: the inference engine fires exactly the rules that hold."""
    program = Program("random", tuple(Rule(KnockOutHolds(i), c) for i, c in enumerate(conditions)))
    for facts in cases:
        assert durable.fire(program, facts) == oracle.plain_fire(program, facts)


@given(st.integers(0, 120 * 99), st.integers(1, 99), st.integers(-2, 2), st.sampled_from(list(Op)))
def test_a_mean_beside_a_threshold_decides_by_the_smallest_fraction(total: int, sheets: int, by: int, op: Op) -> None:
    """A threshold within two ten-thousandths of the mean, or on it."""
    mean = Fraction(total, sheets)
    near = Decimal(mean.numerator * 10**4 // mean.denominator + by) / 10**4
    test = Comparison(Subject(Of.TOTAL), op, near)
    program = Program("edge", (Rule(KnockOutHolds(0), Condition(((test,),))),))
    assert bool(durable.fire(program, {Subject(Of.TOTAL): mean})) == test.holds(mean)


def test_a_word_without_a_unit_is_told_alone(edition: Edition) -> None:
    """No blank is left where a fact has no unit."""
    bare = replace(edition.facts["planted_area"], unit=NOTHING)
    assert teller("vi").say(StatedFact(bare, "1250.5")) == "Diện tích vùng trồng: 1250,5"
