"""Reads knock-outs.yaml: the ways out other than points, and the bundles in which sheets name several at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring_service.problems import Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.forms import Entry
from scoring_service.rulebook.forms_of_sheets import BUNDLE, KNOCK_OUT
from scoring_service.rulebook.label import STATED, Basis
from scoring_service.rulebook.model import Condition, Effect, KnockOut
from scoring_service.rulebook.nodes import Node
from scoring_service.rulebook.read_conditions import ConditionReader
from scoring_service.rulebook.rule_reader import RuleReader
from scoring_service.rulebook.sources import Printed, since


class KnockOutReader:
    """The knock-outs of an edition by their ids; ``sets``: short names of its sets, ``used``: those, and the bundles, that a sheet named."""

    def __init__(self, reader: RuleReader, conditions: ConditionReader, tree: Node, sets: Iterable[str]) -> None:
        self._reader, self._conditions, self._sets = reader, conditions, tuple(sets)
        entries = reader.entries(tree)
        self._single = {k: KNOCK_OUT.read(n, reader) for k, n in entries.items() if not isinstance(n, nodes.Sequence)}
        self._bundles = {k: _members(n, reader) for k, n in entries.items() if isinstance(n, nodes.Sequence)}
        self.used: set[str] = set()

    def named(self, by: Entry, where: str, printed: Printed) -> Iterator[KnockOut]:
        """The knock-outs that a set or row lists: ids of them or of bundles, or ``{use: id, reading: ...}`` where the print does not say it.

        One that a decree added since is cited by the paragraph which did, all others by ``where`` they are printed.
        """
        r = self._reader
        for got in by["knock_outs"]:
            name = got["use"]
            for key, item in self._bundles.get(name, {name: got.node}).items():
                if key not in self._single:
                    known = (*self._single, *self._bundles)
                    r.problem("KNOCK_OUT_UNKNOWN", got.node, key=key, suggestion=Suggestion.of(key, known))
                    continue
                self.used |= {key, name}
                reference = where
                for at in (one.position for one in (got.node, item) if r.is_older(printed.origin, one.position)):
                    reference = next((cited for cited, folder in since(r, by).items() if folder == at.folder), "")
                    if not reference and not self._single[key]["reference"]:
                        r.problem("AMENDED_WITHOUT_REFERENCE", at, key=key)
                yield self._read(key, reference, got["reading"])

    def of_all_sets(self, slug: str, named: set[str], printed: Printed) -> Iterator[KnockOut]:
        """Those that act in every set, and so in this one; but for the ones that its sheet has ``named`` itself."""
        for key, got in self._single.items():
            spared = {self._reader.choice(one, self._sets) for one in got["except"]}
            if got["all_sets"] and key not in named and slug not in spared:
                self.used.add(key)
                if self._reader.is_older(printed.origin, got.position) and not got["reference"]:
                    self._reader.problem("AMENDED_WITHOUT_REFERENCE", got.node, key=key)
                yield self._read(key, printed.where, STATED)

    def unused(self, key: str) -> None:
        """Read what nobody names, so that its mistakes are told."""
        if key in self._single:
            self._read(key, "", STATED)

    def _read(self, key: str, reference: str, reading: Basis) -> KnockOut:
        r, got = self._reader, self._single[key]
        conditions = [got["when"]] if got["when"] is not None else list(got["when_any"])
        both = got["when"] is not None and got["when_any"]
        if (not conditions and isinstance(got.node, nodes.Mapping)) or both:
            r.problem("KNOCK_OUT_WHEN", got.node)
        if got.amends and not got["reference"]:
            r.problem("AMENDED_WITHOUT_REFERENCE", got.node, key=key)
        return KnockOut(
            id=key,
            effect=Effect(got["effect"] or Effect.HALT),
            name=got["name"],
            when=Condition(tuple(tests for c in conditions for tests in self._conditions.comparisons(c))),
            presumed_clear=got["presumed_clear"],
            reference=got["reference"] or reference,
            basis=got["reading"] if reading.stated else reading,
            position=got.position,
        )


def _members(bundle: nodes.Sequence, r: RuleReader) -> dict[str, Node]:
    """The knock-outs of a bundle, each with its place in it."""
    return dict(zip(BUNDLE.read(bundle, r), bundle.items, strict=True))
