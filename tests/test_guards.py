"""What guards the rules: boundary cases that are fresh, coverage, and mutants that somebody notices."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from scoring_service.authoring.boundaries import StaleKind, generate, stale_cases, write
from scoring_service.authoring.boundary_files import read_boundaries
from scoring_service.authoring.coverage import Coverage, Reach, coverage, percent
from scoring_service.authoring.equivalents import read_equivalents
from scoring_service.authoring.mutants import Mutant
from scoring_service.authoring.mutation import Bench, By, all_mutants, sampled
from scoring_service.authoring.mutation_run import run
from scoring_service.authoring.suite import Suite, load_suite
from scoring_service.cli.main import main
from scoring_service.engine.engine import Engine
from scoring_service.problems import Position
from scoring_service.rulebook.library import Rulebook
from scoring_service.rulebook.nodes import NodeError
from scoring_service.telling.teller import teller

EDITIONS = ("2019", "2023", "2026")
SAMPLE = 25  # of what the sets of an edition share, and as many of the sets


@pytest.fixture(scope="module")
def suites(rules: Path, rulebook: Rulebook) -> dict[str, Suite]:
    return {edition: load_suite(rules, rulebook, edition) for edition in EDITIONS}


@pytest.fixture(scope="module")
def benches(suites: dict[str, Suite], engine: Engine) -> dict[str, Bench]:
    return {edition: Bench(engine, suite, read_equivalents(suite.folder)) for edition, suite in suites.items()}


@pytest.fixture(scope="module")
def mutants(rulebook: Rulebook) -> dict[str, list[Mutant]]:
    return {edition.id: all_mutants(edition) for edition in rulebook.editions.values()}


@pytest.fixture
def one_edition(tmp_path: Path) -> Path:
    """A folder of rules of the 2026 edition alone, to be changed."""
    shutil.copytree(ROOT / "rules" / "2026", tmp_path / "rules" / "2026")
    shutil.copytree(ROOT / "rules" / "documents", tmp_path / "rules" / "documents")
    return tmp_path / "rules"


# --- boundary cases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_boundary_cases_are_those_that_the_rules_give(
    edition: str, engine: Engine, suites: dict[str, Suite]
) -> None:
    """To the letter; run `make golden` after a change of the rules."""
    suite = suites[edition]
    assert not suite.problems
    assert not list(stale_cases(suite.folder, suite.boundaries, generate(engine, suite.edition)))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_boundary_file_can_be_read_through(edition: str, suites: dict[str, Suite]) -> None:
    """A file for each set and one for the rest, one case a line, some two hundred lines for a set."""
    suite = suites[edition]
    assert len(suite.boundaries) == len(suite.edition.sets) + 1
    for file in suite.boundaries:
        lines = file.path.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 265, file.path
        assert len({line.position.line for line in file.lines}) == len(file.lines)
        assert {line.dossier.product_set for line in file.lines} == {file.product_set}


def test_what_differs_from_the_rules_is_told_by_case(one_edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that is gone, one too many, one with another result: each with its line; written anew nothing differs."""
    path = one_edition / "2026" / "boundaries" / "04-honey.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("    1.1=b: 99 ★5/5/5\n", "").replace("1.3=b: 99 ★5/4/0", "1.3=b: 99 ★5/5/5")
    path.write_text(text.replace("    12=b:", "    12=b 11=a: 98 ★5/5/5\n    12=b:"), encoding="utf-8")
    assert main(["boundaries", str(one_edition), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "case missing full 1.1=b: 99 ★5/5/5" in said
    assert "case too many full 12=b 11=a" in said
    assert re.search(r"04-honey\.yaml:\d+:\d+: case full 1\.3=b: the file says .*; now 99 ★5/4/0 missed:1\.3@5", said)
    assert main(["boundaries", str(one_edition), "--write"]) == 0
    assert main(["boundaries", str(one_edition)]) == 0


def test_cases_that_people_added_stay_and_are_run(one_edition: Path) -> None:
    """Under `added`, with their comments, however often the file is written anew."""
    path = one_edition / "2026" / "boundaries" / "04-honey.yaml"
    added = "\n# Hai mức thấp cùng lúc\nadded:\n  full:\n    11=a 12=b: 98 ★5/5/5\n"
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    assert main(["boundaries", str(one_edition)]) == 0
    path.write_text(path.read_text(encoding="utf-8").replace("    12=a: 98", "    12=a: 97"), encoding="utf-8")
    assert main(["boundaries", str(one_edition), "--write"]) == 0
    assert path.read_text(encoding="utf-8").endswith(added)
    [line] = [line for line in read_boundaries(path, "04-honey.yaml").lines if line.added]
    assert line.key == ("full", "11=a 12=b")
    path.write_text(path.read_text(encoding="utf-8").replace("12=b: 98", "12=b: 99"), encoding="utf-8")
    assert main(["test", str(one_edition)]) == 1


def test_a_set_without_its_file_and_a_file_without_its_set_are_told(
    engine: Engine, suites: dict[str, Suite], tmp_path: Path
) -> None:
    """And written: the one made, the other removed."""
    suite = suites["2026"]
    folder = tmp_path / "2026"
    shutil.copytree(suite.folder / "boundaries", folder / "boundaries")
    (folder / "boundaries" / "04-honey.yaml").rename(folder / "boundaries" / "99-honeycomb.yaml")
    generated = generate(engine, suite.edition)
    read = [read_boundaries(path, path.name) for path in sorted((folder / "boundaries").glob("*.yaml"))]
    found = list(stale_cases(folder, read, generated))
    assert {one.kind for one in found} == {StaleKind.MISSING, StaleKind.SURPLUS}
    assert [one.position.file for one in found if one.kind is StaleKind.SURPLUS] == [
        "2026/boundaries/99-honeycomb.yaml"
    ]
    assert {path.name for path in write(folder, generated)} == {"04-honey.yaml", "99-honeycomb.yaml"}
    assert sorted(path.name for path in (folder / "boundaries").iterdir()) == sorted(generated)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (("full:\n    #", "ful:\n    #"), "CHOICE"),
        (("    1.1=a: ", "    1.1a: "), "CASE_WORD"),
        (("    1.1=a: 98", "    1.1=a: scored 98 halted"), "CASE_WORD"),
        (("cases:", "case:"), "KEY_UNKNOWN"),
    ],
)
def test_a_boundary_file_that_means_nothing_is_told(damage: tuple[str, str], code: str, tmp_path: Path) -> None:
    """A base that is not there, a change that is none, a result that is none, a key that is none."""
    path = tmp_path / "04-honey.yaml"
    text = (ROOT / "rules" / "2026" / "boundaries" / "04-honey.yaml").read_text(encoding="utf-8")
    assert damage[0] in text
    path.write_text(text.replace(*damage, 1), encoding="utf-8")
    with pytest.raises(NodeError) as error:
        read_boundaries(path, path.name)
    assert code in {problem.code for problem in error.value.problems}


# --- coverage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_cases_of_an_edition_reach_every_rule(edition: str, engine: Engine, suites: dict[str, Suite]) -> None:
    """Every option, row, minimum, knock-out, band, level, window, term and council rule."""
    found = coverage(engine, suites[edition])
    assert [(point, str(place)) for point, place in found.missing()] == []
    assert found.percent == 100


def test_a_weakened_suite_reaches_less(engine: Engine, suites: dict[str, Suite]) -> None:
    """Without the boundary cases of honey: what nothing else reaches is told with the line of its rule."""
    suite = suites["2026"]
    weak = replace(suite, boundaries=tuple(file for file in suite.boundaries if file.product_set != "honey"))
    found = coverage(engine, weak)
    assert found.percent < 100
    missing = dict(found.missing())
    assert {point.slug for point in missing} == {"honey"}
    assert {point.reach for point in missing} >= {Reach.OPTION, Reach.ROW, Reach.MISSED, Reach.FIRED}
    option = next(place for point, place in missing.items() if point.at == ("1.1", "a"))
    line = (ROOT / "rules" / option.file).read_text(encoding="utf-8").splitlines()[option.line - 1]
    assert line.strip().startswith("a: {points: 1")


def test_a_percentage_is_never_rounded_up() -> None:
    """One of a thousand not reached is 99, and a floor of 100 fails."""
    assert (percent(999, 1000), percent(1000, 1000), percent(0, 0), percent(1, 300)) == (99, 100, 100, 0)


def test_a_floor_fails_below_it(one_edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the JSON says the same as the table."""
    assert main(["coverage", str(one_edition), "--floor", "100"]) == 0
    shutil.rmtree(one_edition / "2026" / "boundaries")
    assert main(["coverage", str(one_edition), "--floor", "99"]) == 1
    assert main(["coverage", str(one_edition)]) == 0
    capsys.readouterr()
    assert main(["coverage", str(one_edition), "--json"]) == 0
    [document] = json.loads(capsys.readouterr().out)
    assert document["percent"] == 100 * document["reached"] // document["all"] < 99
    assert len(document["missing"]) == document["all"] - document["reached"]
    with pytest.raises(SystemExit):
        main(["coverage", str(one_edition), "--floor", "99.9"])


# --- mutation --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_sample_of_mutants_is_noticed(
    edition: str, benches: dict[str, Bench], mutants: dict[str, list[Mutant]]
) -> None:
    """Fifty of each edition, half of them of what its sets share; `make mutate` tries all."""
    bench, everything = benches[edition], mutants[edition]
    assert len({mutant.key for mutant in everything}) == len(everything)
    shared, own = ([m for m in everything if bool(m.slug) is of_a_set] for of_a_set in (False, True))
    fates = [bench.tried(mutant) for mutant in (*sampled(shared, SAMPLE, seed=8), *sampled(own, SAMPLE, seed=8))]
    assert [(fate.key, fate.what) for fate in fates if fate.by is By.NOTHING] == []
    assert {By.CHECK, By.CASE} <= {fate.by for fate in fates}


def test_without_boundary_cases_mutants_survive(
    engine: Engine, suites: dict[str, Suite], mutants: dict[str, list[Mutant]]
) -> None:
    """An end of a range that no sample comes near is moved unnoticed, and noticed by the case below it."""
    suite = suites["2026"]
    weak = Bench(engine, replace(suite, boundaries=()))
    edges = [m for m in mutants[suite.edition.id] if m.key.startswith("honey/3.3/derive/edge.local_labour_share")]
    fates = {fate.key: fate for fate in map(weak.tried, edges)}
    lowered = fates["honey/3.3/derive/edge.local_labour_share.50-0.0001"]
    assert lowered.by in (By.NOTHING, By.PRINTED)
    strong = Bench(engine, suite)
    assert {strong.tried(mutant).by for mutant in edges} == {By.CASE, By.CHECK}
    assert strong.tried(next(m for m in edges if m.key == lowered.key)).what == (
        "boundaries/04-honey/full 3.3=- local_labour_share=49.9999"
    )


def test_the_rules_as_they_are_are_no_mutant(benches: dict[str, Bench], mutants: dict[str, list[Mutant]]) -> None:
    """Nothing notices a mutant that changes nothing."""
    bench = benches["2026"]
    mutant = next(m for m in mutants["2026"] if m.slug == "honey")
    same = replace(mutant, make=lambda: bench.edition)
    fate = bench.tried(same)
    assert (fate.by, fate.what) == (By.NOTHING, "")


def test_a_run_goes_on_where_it_was_broken_off(
    benches: dict[str, Bench], mutants: dict[str, list[Mutant]], tmp_path: Path
) -> None:
    """What is in the file is not tried again, as long as rules and cases are the same; in whatever number of processes."""
    bench, everything, file = benches["2019"], mutants["2019"], tmp_path / "run"
    chosen = sampled(everything, 100, seed=3)
    told: list[int] = []
    first = run(bench, everything, chosen[:60], (), jobs=1, kept=file, told=told.append)
    again = run(bench, everything, chosen, (), jobs=2, kept=file, told=told.append)
    assert again.fates[:60] == first.fates
    assert told[0] == 0
    assert 60 in told
    assert sum(told) == 160
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 101
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[:-20], encoding="utf-8")  # broken off in the middle of a line
    assert run(bench, everything, chosen, (), jobs=1, kept=file).fates == again.fates
    assert file.read_text(encoding="utf-8") == whole
    file.write_text(json.dumps({"state": "of other rules"}) + "\n", encoding="utf-8")
    told.clear()
    assert run(bench, everything, chosen, (), jobs=1, kept=file, told=told.append).fates == again.fates
    assert told[0] == 0


def test_a_survivor_comes_with_a_case_that_would_notice_it(
    engine: Engine, suites: dict[str, Suite], mutants: dict[str, list[Mutant]]
) -> None:
    """Found among the cases that the rules, or the mutant, would give."""
    suite = suites["2026"]
    weak = Bench(engine, replace(suite, boundaries=(), samples=()))
    wanted = ("councils/central/quorum:3/5", "honey/1.3/b/points+1")
    # Their prints differ, which is seen before they count as survivors; so they are asked for a case of their own.
    cases = [weak.suggested(m) for m in mutants["2026"] if m.key in wanted]
    here = "council.level=central council.rules=central application.filed_on=2026-05-22"
    assert cases == [f"full {here} council.members=7 sheets.role=chair|member|member|member|member", "full 1.3=b"]


def test_what_the_printed_sheet_alone_notices_is_named(one_edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without its boundary cases the sheet of a set guards much; with --details and in JSON each such mutant is there."""
    (one_edition / "2026" / "boundaries" / "04-honey.yaml").unlink()
    call = ["mutate", str(one_edition), "--jobs", "1", "--set", "honey", "--sample", "12", "--lang", "en"]
    assert main([*call, "--json"]) in (0, 1)
    (found,) = json.loads(capsys.readouterr().out)
    alone = found["printed_alone"]
    assert len(alone) == found["printed"] > 0
    assert main([*call, "--details"]) in (0, 1)
    said = [line for line in capsys.readouterr().out.splitlines() if ": noticed by the printed sheet alone: " in line]
    assert [line.rpartition("[")[2].rstrip("]") for line in said] == [one["key"] for one in alone]
    assert main(call) in (0, 1)
    assert "printed sheet alone:" not in capsys.readouterr().out


def test_an_explanation_that_does_not_hold_is_told(
    one_edition: Path, benches: dict[str, Bench], mutants: dict[str, list[Mutant]], capsys: pytest.CaptureFixture[str]
) -> None:
    """One that names no mutant, and one of a mutant that a case notices; each with its line."""
    path = one_edition / "2026" / "equivalent.yaml"
    wrong = 'certificate/months+1: "không đổi gì"\nhoney/9.9/*: "không có"\n'
    path.write_text(path.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    bench, everything, entries = benches["2026"], mutants["2026"], read_equivalents(path.parent)
    certificate = [mutant for mutant in everything if mutant.key.startswith("certificate/")]
    found = [(one.pattern, key) for one, key in run(bench, everything, certificate, entries, jobs=1).unfounded]
    assert found == [("certificate/months+1", "certificate/months+1"), ("honey/9.9/*", "")]
    assert main(["mutate", str(one_edition), "--jobs", "1", "--set", "honey", "--sample", "5", "--lang", "en"]) == 1
    assert re.search(r"equivalent\.yaml:\d+:\d+: honey/9\.9/\*: no mutant is named so", capsys.readouterr().out)


def test_a_suite_that_fails_teaches_nothing_of_mutants(one_edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused, and so is a set that is not there."""
    assert main(["mutate", str(one_edition), "--set", "honeycomb"]) == 2
    path = one_edition / "2026" / "boundaries" / "04-honey.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("1.1=b: 99", "1.1=b: 98"), encoding="utf-8")
    assert main(["mutate", str(one_edition), "--sample", "5", "--lang", "en"]) == 2
    assert "the suite of 2026 does not hold: 1 wrong" in capsys.readouterr().err


@pytest.mark.parametrize("page", ["docs/guarding.md", "docs/vi/guarding.md"])
def test_the_figures_of_the_docs_are_of_the_rules_as_they_are(
    page: str, rulebook: Rulebook, mutants: dict[str, list[Mutant]]
) -> None:
    """Digest, number of mutants, and that none survived; run `make mutate` after a change of the rules."""
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{4}) \| (.+) \| `(sha256:\w+)` \|$", text, re.MULTILINE)
    assert {edition: digest for edition, _, digest in rows} == {e.id: e.digest for e in rulebook.editions.values()}
    for edition, cells, _ in rows:
        count, check, case, equivalent, printed, nothing, _ = (int(re.sub(r"\D", "", n)) for n in cells.split("|"))
        assert count == len(mutants[edition])
        assert count == check + case + equivalent + printed + nothing
        assert nothing == 0


def test_every_sentence_of_a_mutant_can_be_told(mutants: dict[str, list[Mutant]]) -> None:
    """In both languages, with its place."""
    for everything in mutants.values():
        for mutant in sampled(everything, 500, seed=4):
            assert isinstance(mutant.position, Position)
            for language in ("vi", "en"):
                assert teller(language).sentence(mutant.code, set=mutant.slug, **mutant.values)


def test_a_coverage_counts_by_set(engine: Engine, suites: dict[str, Suite]) -> None:
    """The sets and what they share add up to all."""
    found: Coverage = coverage(engine, suites["2026"])
    counts = [found.of(slug) for slug in ("", *found.edition.by_slug)]
    assert sum(count for _, count in counts) == len(found.points)
    assert sum(reached for reached, _ in counts) == len(found.reached)


@pytest.mark.parametrize("wrong", [
    ["--sample", "-5"], ["--jobs", "two"], ["--page", "docs/guarding.md", "--sample", "5"], ["--page", "nowhere.md"], ["--resume", "nowhere/run", "--sample", "5"], ["--edition", "1999"],
])  # fmt: skip
def test_a_call_that_cannot_be_run_is_refused_before_the_work(
    wrong: list[str], one_edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2 and a sentence, and not after minutes of work."""
    try:
        code = main(["mutate", str(one_edition), *wrong])
    except SystemExit as error:
        code = int(error.code or 0)
    assert code == 2
    assert capsys.readouterr().err
