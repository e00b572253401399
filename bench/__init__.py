"""`make bench`: this engine against a compiled decision-table engine and against an empty RPC, in one run on one machine.

Ratios are what counts: absolute times belong to one machine on one day.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "rules"

# The makers of random dossiers stand with the tests, which import them by bare names.
sys.path.insert(0, str(ROOT / "tests"))
