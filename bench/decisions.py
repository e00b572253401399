"""Deciding and telling, against zen-engine over the same dossiers; nothing is timed before both agree on all of them."""

from __future__ import annotations

from collections import Counter
from itertools import starmap

from bench import ours
from bench.dossiers_at_random import dossiers
from bench.rounds import Times, in_turn, over
from bench.zen_peer import Layout, ZenPeer

PEERS = {
    (product_set.slug, layout): ZenPeer(ours.EDITION, product_set, layout)
    for product_set in ours.EDITION.sets.values()
    for layout in Layout
}


class Disagreement(Exception):  # noqa: N818 - it is what it says
    """The two engines answer one dossier differently: a mistake in either, and no time of either is worth anything."""


def agree(each: int, seed: int = 1) -> Counter[str]:
    """Compare ``each`` dossiers of every product set, in every layout.

    Returns:
        How many there were, and how many of them minimums held down and knock-outs ended.

    Raises:
        Disagreement: an answer differs.
    """
    seen: Counter[str] = Counter()
    for product_set, dossier in dossiers(seed, each):
        mine = ours.outcome(ours.prepare(dossier))
        for layout in Layout:
            peer = PEERS[product_set.slug, layout]
            theirs = peer.outcome(peer.context(dossier))
            if theirs != mine:
                raise Disagreement(f"{product_set.slug}, {layout}: {mine} here, {theirs} of zen-engine, on {dossier}")
        seen["dossiers"] += 1
        seen["held by a minimum"] += mine.status == "scored" and mine.after_minimums < mine.by_points
        seen["knocked out"] += mine.status != "scored"
    if not (seen["held by a minimum"] and seen["knocked out"]):
        raise Disagreement(f"the dossiers do not show what they should: {dict(seen)}")
    return seen


def times(each: int, rounds: int, seed: int = 2) -> Times:
    """``decide`` and ``told`` of ours; zen's ways in, without and with its trace; every layout of zen's graph."""
    sample = list(dossiers(seed, each))
    cases = [ours.prepare(dossier) for _, dossier in sample]
    passes = {"decide": over(ours.decide, cases), "told": over(ours.told, cases)}
    for layout in Layout:
        work = [(peer := PEERS[s.slug, layout], peer.context(dossier)) for s, dossier in sample]
        calls = {"": ZenPeer.decide, " trace": ZenPeer.traced}
        if layout is Layout.MIXED:
            calls |= {" created": ZenPeer.created, " created trace": ZenPeer.created_traced}
        for what, call in calls.items():
            passes[f"zen {layout}{what}"] = lambda call=call, work=work: list(starmap(call, work))  # type: ignore[misc]
    return in_turn(passes, len(sample), rounds)


def council_times(each: int, rounds: int, seed: int = 3) -> Times:
    """``decide`` and ``told`` on dossiers of seven sheets, which zen's graph does not know."""
    cases = [ours.prepare(dossier) for _, dossier in dossiers(seed, each, sheets=7)]
    return in_turn({"decide": over(ours.decide, cases), "told": over(ours.told, cases)}, len(cases), rounds)
