"""The rule files say what the decisions say: structure, points and minimums, set by set.

The law as data lies beside the project while it is built; where it is absent these tests are skipped.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from scoring_service.cli.common import plain
from scoring_service.rulebook.library import Rulebook
from scoring_service.service.rules import sheet_to_pb
from scoring_service.service.values import voice

LAW = Path(__file__).resolve().parents[2] / "shared" / "law"
pytestmark = pytest.mark.skipif(not LAW.is_dir(), reason="the law as data is not beside this checkout")


def law(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((LAW / name).read_text(encoding="utf-8"))
    return data


def nfc(text: str | None) -> str | None:
    return unicodedata.normalize("NFC", text) if text else None


def of_law(product_set: dict[str, Any]) -> list[Any]:
    """A sheet of the data: parts, sections, criteria, nested headings, options with points, stars and case."""
    return [
        (
            p["code"],
            p["max"],
            [(nfc(s["number"]), s["max"], [_criterion(c) for c in s["criteria"]]) for s in p["sections"]],
        )
        for p in product_set["parts"]
    ]


def _criterion(c: dict[str, Any]) -> tuple[Any, ...]:
    group = c.get("parent") or {}
    stars = {o["points"]: sorted(o["min_for_stars"]) for o in c["options"] if o.get("min_for_stars")}
    for star in c.get("min_for_stars_on_title", []):  # the reading the data prefers: any points at all
        stars.setdefault(1, []).append(star)
    options = [(o["points"], stars.get(o["points"], []), o.get("case", "")) for o in c["options"]]
    return (nfc(c["number"]), c["max"], bool(c.get("section_is_criterion")), nfc(group.get("number")), options)


def of_sheet(sheet: dict[str, Any]) -> list[Any]:
    """The same of `ocop sheet --json`."""
    return [
        (
            p["code"],
            p["max"],
            [(s["number"], s["max"], [_json_criterion(c) for c in s["criteria"]]) for s in p["sections"]],
        )
        for p in sheet["parts"]
    ]


def _json_criterion(c: dict[str, Any]) -> tuple[Any, ...]:
    options = [(o["points"], sorted(o["minimumForStars"]), o["caseId"]) for o in c["options"]]
    return (c["number"], c["max"], c["isSection"], c.get("group", {}).get("number"), options)


def test_the_sheets_of_2026_equal_the_decision(rulebook: Rulebook) -> None:
    """All 26 sheets, as `ocop sheet --json` gives them: parts, sections, criteria, options, points, minimums, cases, groups."""
    edition, decision = rulebook.editions["2026"], law("qd-26-2026.json")
    assert len(edition.sets) == len(decision["sets"]) == 26
    for wanted in decision["sets"]:
        sheet = plain(sheet_to_pb(edition.sets[str(wanted["product_set_no"])], edition, voice(("vi",))))
        assert of_sheet(sheet) == of_law(wanted), wanted["product_set"]


def test_the_edition_of_2026_has_every_criterion_option_and_minimum(rulebook: Rulebook) -> None:
    """787 criteria, 2,579 options, 575 star minimums."""
    criteria = [c for s in rulebook.editions["2026"].sets.values() for c in s.criteria()]
    assert (len(criteria), sum(len(c.options) for c in criteria), sum(len(c.minimums) for c in criteria)) == (
        787,
        2579,
        575,
    )


def test_the_bands_and_the_certificate_of_2026(rulebook: Rulebook) -> None:
    """Half-open bands as printed, 36 months."""
    edition, decision = rulebook.editions["2026"], law("qd-26-2026.json")
    wanted = {b["stars"]: (b["min"], b["max"], b["max_inclusive"]) for b in decision["bands"]}
    assert {b.stars: (b.interval.low, b.interval.high, b.interval.high_closed) for b in edition.bands} == wanted
    assert all(b.interval.low_closed for b in edition.bands)
    assert edition.certificates[0].months == decision["certificate_months"]


NOTE_EFFECT = {
    "disqualify": "disqualify",
    "halt_evaluation": "halt",
    "eligibility_requirement": "not_eligible",
    "eligibility_exclusion": "not_eligible",
}


def test_every_printed_knock_out_of_2026_acts_where_it_is_printed(rulebook: Rulebook) -> None:
    """The four effects, at exactly the criteria that carry such a note; headings of sheets reject."""
    edition = rulebook.editions["2026"]
    for wanted in law("qd-26-2026.json")["sets"]:
        product_set = edition.sets[str(wanted["product_set_no"])]
        printed = sorted((c["number"], NOTE_EFFECT[n["type"]]) for p in wanted["parts"] for s in p["sections"] for c in s["criteria"]
                         for n in c.get("notes", []) if n["type"] in NOTE_EFFECT)  # fmt: skip
        ours = sorted(
            (o.reference.partition("tiêu chí ")[2], o.effect.value)
            for o in product_set.knock_outs
            if "tiêu chí" in o.reference
        )
        assert ours == printed, product_set.slug
        headed = [o for o in product_set.knock_outs if o.effect.value == "reject" and not o.presumed_clear]
        assert bool(wanted["dossier_disqualified_when"]) == bool(headed)
        assert all("Điều" in o.reference and not o.basis.stated for o in product_set.knock_outs if o.presumed_clear)


def test_every_printed_oddity_of_2026_is_noted(rulebook: Rulebook) -> None:
    """Repairs and anomalies of single criteria stand at those criteria."""
    edition, decision = rulebook.editions["2026"], law("qd-26-2026.json")
    for odd in decision["repairs"] + decision["anomalies"]:
        for number in str(odd["set"]).split(","):
            criterion = next(c for c in edition.sets[number].criteria() if c.number == odd["criterion"])
            unprinted_options = not all(o.printed for o in criterion.options)
            assert criterion.oddities or unprinted_options, (number, odd["criterion"], odd["what"])


def test_the_sheets_of_2023_equal_their_transcription(rulebook: Rulebook) -> None:
    """All 26 sheets; a star on a criterion's title is read as any points; sums that fail in the source are shortfalls."""
    edition, decision = rulebook.editions["2023"], law("qd-148-2023.json")
    criteria = [c for s in edition.sets.values() for c in s.criteria()]
    assert (len(edition.sets), len(criteria), sum(len(c.options) for c in criteria)) == (26, 795, 2632)
    for wanted in decision["sets"]:
        product_set = edition.sets[str(wanted["product_set_no"])]
        assert of_sheet(plain(sheet_to_pb(product_set, edition, voice(("vi",))))) == of_law(wanted), wanted[
            "product_set"
        ]
        gates = {
            (int(stars), nfc(g["criterion"])): g["min_points"]
            for stars, listed in wanted["gates"].items()
            for g in listed
        }
        assert {(m.stars, c.number): m.points for c in product_set.criteria() for m in c.minimums} == gates
        assert bool(product_set.shortfalls) == bool(wanted["checks_failed"])


def test_the_sheets_of_2019_equal_their_transcription(rulebook: Rulebook) -> None:
    """The 25 known sheets, found by name; one criterion number stands twice in the source and is told apart here."""
    edition, decision = rulebook.editions["2019"], law("qd-1048-2019.json")
    by_name = {s.name.vi: s for s in edition.sets.values()}
    assert len(by_name) == len(decision["sets"]) == 25
    assert edition.missing_sets
    for wanted in decision["sets"]:
        numbers: set[str] = set()
        for criterion in (c for p in wanted["parts"] for s in p["sections"] for c in s["criteria"]):
            criterion["number"] += "b" if criterion["number"] in numbers else ""
            numbers.add(criterion["number"])
        product_set = by_name[nfc(wanted["product_set"]) or ""]
        assert of_sheet(plain(sheet_to_pb(product_set, edition, voice(("vi",))))) == of_law(wanted), wanted[
            "product_set"
        ]
        assert bool(product_set.shortfalls) == bool(wanted["checks_failed"])


def test_doubtful_places_of_the_transcriptions_are_noted(rulebook: Rulebook) -> None:
    """Repairs, anomalies and unrepaired defects stand in the rule files, at the criterion or the set."""
    old = law("qd-148-2023.json")
    for repair in old["repairs"]:
        product_set = rulebook.editions["2023"].sets[str(repair["set"])]
        found = [c.oddities for c in product_set.criteria() if c.number == nfc(repair["criterion"])]
        assert any(found) or product_set.oddities, repair
    first = law("qd-1048-2019.json")
    by_name = {s.name.vi: s for s in rulebook.editions["2019"].sets.values()}
    for odd in first["repairs"] + first["anomalies"]:
        product_set = by_name[nfc(odd["set"]) or ""]
        assert product_set.oddities or any(
            c.oddities for c in product_set.criteria() if c.number == odd["criterion"]
        ), odd
