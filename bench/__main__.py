"""Measure, print a table, write ``bench.json``."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import decisions, processes, wire
from bench.rounds import Times
from bench.zen_peer import Layout

TARGETS = {
    "decide_vs_zen": 3.0,
    "told_vs_zen_trace": 2.0,
    "score_full_vs_empty": 2.0,
    "score_none_vs_empty": 1.6,
    "stream_full_vs_empty": 2.0,
    "start_seconds": 1.0,
    "memory_mib": 90,
}
ZEN = f"zen {Layout.MIXED}"


def main() -> None:
    """Run."""
    args = _arguments()
    each, rounds = (2, 5) if args.quick else (8, 15)
    print(f"Python {platform.python_version()}; {rounds} rounds in turn, medians; all 26 product sets of 2026\n")
    seen = decisions.agree(4 * each)
    print("compared with zen-engine, all answers alike: " + ", ".join(f"{n} {what}" for what, n in seen.items()))
    alone, council = decisions.times(each, rounds), decisions.council_times(each, rounds)
    one, seven = wire.measure(each, rounds), wire.measure(1 if args.quick else 3, rounds, sheets=7)
    found = {
        "python": platform.python_version(),
        **_ratios(alone, one.times),
        "seven_sheets": _on_the_wire(seven.times),
        "start_seconds": round(processes.start_seconds(3), 2),
        "memory_mib": processes.memory_mib(),
        "bytes_per_level": one.sizes,
        "bytes_per_level_seven_sheets": seven.sizes,
        "microseconds": {
            **{name: _round(alone.micros(name)) for name in alone.names},
            **{f"{name}, 7 sheets": _round(council.micros(name)) for name in council.names},
            **_wire_micros(one.times, ""),
            **_wire_micros(seven.times, ", 7 sheets"),
        },
    }
    if args.calls:
        before, after = processes.memory_over_calls(args.calls)
        found["memory_over_calls"] = {"calls": args.calls, "before_mib": before, "after_mib": after}
    _print(found)
    args.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=sys.modules["bench"].__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer dossiers and rounds: for a look, not for a record")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), metavar="PATH", help="where the figures go")
    parser.add_argument("--calls", type=int, default=0, metavar="N", help="also call Score N times and compare memory")
    return parser.parse_args()


def _ratios(alone: Times, one: Mapping[str, Times]) -> dict[str, float]:
    """The figures with targets first, against zen's ``create_decision``; the same against its faster way in, by key; then the wire."""
    found = {
        "decide_vs_zen": alone.ratio(f"{ZEN} created", to="decide"),
        "told_vs_zen_trace": alone.ratio(f"{ZEN} created trace", to="told"),
        "decide_vs_zen_by_key": alone.ratio(ZEN, to="decide"),
        "told_vs_zen_by_key_trace": alone.ratio(f"{ZEN} trace", to="told"),
    }
    return {name: round(value, 2) for name, value in found.items()} | _on_the_wire(one)


def _on_the_wire(times: Mapping[str, Times]) -> dict[str, float]:
    return {
        f"{call}_{level}_vs_empty": round(of.ratio(f"{call} ours", to=f"{call} empty"), 2)
        for call in ("score", "crowd", "stream")
        for level, of in times.items()
    }


def _wire_micros(times: Mapping[str, Times], suffix: str) -> dict[str, float]:
    return {f"{name}, {level}{suffix}": _round(of.micros(name)) for level, of in times.items() for name in of.names}


def _round(micros: float) -> float:
    return round(micros, 1)


def _print(found: dict[str, Any]) -> None:
    """Ratios with their targets, then everything else, one figure on a line."""
    for name, value in found.items():
        if isinstance(value, dict):
            print(f"\n{name}")
            for part, figure in value.items():
                print(f"  {part:<34} {figure:>10,}")
        else:
            wanted = f"   target {TARGETS[name]}" if name in TARGETS else ""
            print(f"{name:<36} {value:>10}{wanted}")


if __name__ == "__main__":
    main()
