"""The engine and the plain second evaluation agree on every product set of every edition."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from pathlib import Path
from random import Random

import oracle
import pytest
from dossiers import random_dossier
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.engine import durable
from scoring_service.engine.engine import Engine
from scoring_service.engine.inference import KnockOutHolds, Program, Rule
from scoring_service.rulebook.model import Comparison, Condition, Of, Op, Subject

# 26 product sets x 800 = 20,800 dossiers of the edition in force.
PER_SET = 800


def compare(engine: Engine, edition_id: str, per_set: int, seed: int) -> int:
    """Score random dossiers both ways; returns how many."""
    edition = engine.rulebook.editions[edition_id]
    seen: dict[str, int] = {}
    for product_set in edition.sets.values():
        rng = Random(f"{seed}/{edition_id}/{product_set.number}")
        for _ in range(per_set):
            dossier = random_dossier(rng, edition, product_set)
            got, want = engine.assess(dossier).verdict, oracle.judge(dossier, edition, product_set)
            assert (got.status.value, got.total.exact if got.total else None) == (want.status, want.total), dossier
            assert (got.by_points or 0) == want.by_points, dossier
            stars = got.stars
            lines = (stars.after_minimums, stars.recognisable, stars.potential) if stars else (0, 0, 0)
            assert lines == (want.after_minimums, want.recognisable, want.potential), dossier
            key = f"{want.status} {want.by_points}>{want.after_minimums}"
            seen[key] = seen.get(key, 0) + 1
    possible = {oracle.STATUS[out.effect.value] for s in edition.sets.values() for out in s.knock_outs}
    for status in ("scored", "incomplete", "score_again", *possible):
        assert any(key.startswith(status) for key in seen), f"no random dossier ended {status}: {sorted(seen)}"
    held = [key for key in seen if key.startswith("scored") and key[-1] != key[-3]]
    assert held or not any(c.minimums for s in edition.sets.values() for c in s.criteria())
    return sum(seen.values())


def test_twenty_thousand_random_dossiers_have_one_verdict(engine: Engine) -> None:
    """Band edges, failing minimums and knock-outs over all 26 sets: no difference."""
    assert compare(engine, "2026", PER_SET, seed=1) >= 20_000


SUBJECTS = st.sampled_from([Subject(Of.FACT, name) for name in "abcd"])
VALUES = st.one_of(
    st.integers(-5, 100), st.fractions(min_value=0, max_value=100, max_denominator=15), st.decimals(0, 100, places=4)
)
TESTS = st.builds(Comparison, SUBJECTS, st.sampled_from(list(Op)), st.integers(0, 100).map(Decimal))
CONDITIONS = st.lists(st.lists(TESTS, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3).map(
    lambda t: Condition(tuple(t))
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(CONDITIONS, min_size=1, max_size=12), st.lists(st.dictionaries(SUBJECTS, VALUES), min_size=1, max_size=5)
)
def test_any_program_fires_the_rules_that_hold(conditions: list[Condition], cases: list[dict[Subject, object]]) -> None:
    """Fractions, decimals, unknown facts, several alternatives: the inference engine fires exactly the rules that hold."""
    program = Program("random", tuple(Rule(KnockOutHolds(i), c) for i, c in enumerate(conditions)))
    for facts in cases:
        assert durable.fire(program, facts) == oracle.plain_fire(program, facts)  # type: ignore[arg-type]


@pytest.mark.soak
def test_a_hundred_thousand_more(engine: Engine) -> None:
    """The long form of the comparison, every edition."""
    for edition in engine.rulebook.editions:
        print(edition, compare(engine, edition, 1_300, seed=int(time.time())))


@pytest.mark.soak
def test_eight_threads_a_minute(engine: Engine) -> None:
    """Eight threads for a minute: no crash, no wrong answer, no growth of memory once warm."""
    edition = engine.rulebook.editions["2026"]
    work = [
        (d, oracle.judge(d, edition, s))
        for s in edition.sets.values()
        for d in (random_dossier(Random(f"{s.number}/{i}"), edition, s) for i in range(20))
    ]
    counts, wrong = [0] * 8, []
    stop = threading.Event()

    def run(index: int) -> None:
        rng = Random(index)
        while not stop.is_set():
            dossier, want = rng.choice(work)
            got = engine.assess(dossier)
            counts[index] += 1
            stars = got.verdict.stars.after_minimums if got.verdict.stars else 0
            if (got.verdict.status.value, stars) != (want.status, want.after_minimums):
                wrong.append(dossier)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(15)
    warm = _resident_kb()
    time.sleep(45)
    grown = _resident_kb() - warm
    stop.set()
    for thread in threads:
        thread.join()
    print(
        f"{sum(counts):,} dossiers, {len(wrong)} wrong, resident {warm // 1024} MiB warm, {grown / 1024:+.1f} MiB after 45 s more"
    )
    assert not wrong
    assert grown < 8 * 1024


def _resident_kb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])
