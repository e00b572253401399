"""The files of an edition folder, with those of the edition that it amends below them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_service.problems import Position, Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.amend import in_printed_order, overlaid, without
from scoring_service.rulebook.folder import CRITERIA, EDITION_FILE, FACTS, FOLDERS, KNOCK_OUTS, SINGLE_FILES, strangers
from scoring_service.rulebook.forms_of_editions import NOT_INHERITED
from scoring_service.rulebook.like import with_their_patterns
from scoring_service.rulebook.nodes import Node, Scalar
from scoring_service.rulebook.reader import Reader
from scoring_service.rulebook.rule_reader import RuleReader
from scoring_service.rulebook.translations import FILE as ENGLISH
from scoring_service.rulebook.unmatched import without_unmatched

_MAX_CHAIN = 20
_SPARED = {
    EDITION_FILE: ("MINIMUM", "PART_UNKNOWN", "ROW_BEFORE_PART", "ANNEX_MISSING"),
    FACTS: ("FACT_NOT_DECLARED", "DERIVE_COVER"),
    KNOCK_OUTS: ("KNOCK_OUT_UNKNOWN", "KNOCK_OUT_UNUSED"),
    CRITERIA: ("CRITERION_NOT_SHARED", "CRITERION_UNUSED", "KNOCK_OUT_UNUSED"),
    "sets": ("CRITERION_UNUSED", "KNOCK_OUT_UNUSED", "NAME_UNUSED", "LIKE_UNKNOWN"),
    "councils": ("COUNCIL_MISSING",),
}
"""What an unreadable file would make untrue."""
Trees = dict[str, Node]


@dataclass(frozen=True, slots=True)
class Files:
    """Trees by name: the single files, ``criteria`` (all shared criteria in one), ``sets/<short name>``, ``councils/<name>``.

    ``annexes``: folder -> where its decision prints the sheets.
    """

    folder: str
    trees: Mapping[str, Node]
    annexes: Mapping[str, str]
    digest: str

    @property
    def sets(self) -> tuple[str, ...]:
        """The short names of the sets."""
        return tuple(name.removeprefix("sets/") for name in self.trees if name.startswith("sets/"))

    @property
    def root(self) -> Mapping[str, Node]:
        """The entries of the edition file."""
        tree = self.trees[EDITION_FILE]
        return tree.entries if isinstance(tree, nodes.Mapping) else {}


def rule_files(folder: Path) -> list[Path]:
    """The files that decide results, in a fixed order; samples, translations and what is made from the rules are not among them."""
    own = [path for name in SINGLE_FILES if (path := folder / name).is_file() or name == EDITION_FILE]
    return own + [path for name in FOLDERS for path in sorted((folder / name).glob("*.yaml"))]


def digest(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over names and texts: changes when anything changes that a result could depend on."""
    total = hashlib.sha256()
    for name, text in files:
        total.update(f"{name}\0{len(text)}\0{text}\0".encode())
    return "sha256:" + total.hexdigest()


def read_files(folder: Path, r: RuleReader, chain: tuple[Path, ...] = ()) -> Files:
    """Every rule file as a tree; what cannot be read is noted, and what depends on it spared.

    Raises:
        NodeError: neither the edition file nor the facts can be read.
    """
    texts, trees = _own_files(folder, r)
    for problem in () if chain else strangers(folder):
        r.note(problem)
    if EDITION_FILE not in trees and FACTS not in trees:
        r.raise_if_any()  # it may amend another: without that one, nothing of the rest can be judged
    empty = nodes.Mapping({}, Position(f"{folder.name}/{EDITION_FILE}", 1, 1))
    root = trees.setdefault(EDITION_FILE, empty)
    entries = r.entries(root)
    r.decisions[folder.name] = r.string(entries.get("decision"))
    annexes = {folder.name: r.string(entries["annex"])} if "annex" in entries else {}
    below = _below(folder, entries["amends"], r, (*chain, folder)) if "amends" in entries else None
    own = list(trees)
    if below is not None:
        trees = _amended(below.trees, trees, r)
        texts.append(("amends", below.digest))
        annexes = {**below.annexes, **annexes}
    else:
        for name in (FACTS, KNOCK_OUTS):
            if name not in trees and f"{folder.name}/{name}" not in r.unread:
                r.problem("FILE_MISSING", Position(f"{folder.name}/{name}", 1, 1))
                r.silent.update(_SPARED[name])
    shown = f"{folder.name}/{ENGLISH}"
    english = r.file(folder / ENGLISH, shown, unfilled=True) if (folder / ENGLISH).is_file() else None
    if english is not None:
        r.translations.add(english, r, own=not chain)
    trees = with_their_patterns(trees, own, folder.name, _parts(trees, r), r)
    trees = {**dict.fromkeys((FACTS, KNOCK_OUTS, CRITERIA), empty), **trees}
    return Files(folder.name, trees, annexes, digest(texts))


def _own_files(folder: Path, r: RuleReader) -> tuple[list[tuple[str, str]], Trees]:
    """The texts and trees of the folder itself; what depends on those that could not be read is spared."""
    texts: list[tuple[str, str]] = []
    trees: Trees = {}
    for path in rule_files(folder):
        name = path.relative_to(folder).as_posix()
        shown = f"{folder.name}/{name}"
        text = r.text(path, shown)
        tree = r.tree(text, shown)
        if text is not None:
            texts.append((name, text))
        if tree is None:
            r.unread.add(shown)
        else:
            _add(trees, name, tree, r)
        if tree is None or any(p.code == "KEYS_REPEATED" and p.where.startswith(f"{shown}:") for p in r.problems):
            # In the second case the name of an entry is lost.
            r.silent.update(_SPARED.get(name, _SPARED.get(name.partition("/")[0], ())))
    return texts, trees


def _add(trees: Trees, name: str, tree: Node, r: RuleReader) -> None:
    """One file under the name by which others find it: shared criteria in one tree, sets by their short name."""
    room, _, file = name.partition("/")
    if room == "sets":
        number, _, slug = file.removesuffix(".yaml").partition("-")
        trees[f"sets/{slug or number}"] = tree
    elif room == "councils":
        trees[f"councils/{file.removesuffix('.yaml')}"] = tree
    elif room == CRITERIA:
        known = trees.setdefault(CRITERIA, nodes.Mapping({}, tree.position))
        if isinstance(known, nodes.Mapping):
            for key, node in r.entries(tree).items():
                if key in known.entries:
                    r.problem("CRITERION_REPEATED", node, key=key, at=known.entries[key].position)
                known.entries[key] = node
                known.keys[key] = tree.keys[key] if isinstance(tree, nodes.Mapping) else node.position
    else:
        trees[name] = tree


def _below(folder: Path, named: Node, r: RuleReader, chain: tuple[Path, ...]) -> Files | None:
    """The files of the amended edition: of the folder beside this one whose edition file has that id."""
    asked = r.string(named)
    beside = editions_in(folder.resolve().parent, r, folder.resolve())
    found = beside.get(asked)
    if found is None and beside.unread:
        return None
    if found is None or found in chain or len(chain) > _MAX_CHAIN:
        known = [e for e, path in beside.items() if path not in chain]
        r.problem("AMENDS_UNKNOWN", named, edition=asked, suggestion=Suggestion.of(asked, known))
        return None
    return read_files(found, r, chain)


class Beside(dict[str, Path]):
    """The editions in the folders of some rules, by their ids; ``unread``: one of them cannot be read."""

    unread = False


def editions_in(rules: Path, r: Reader | None = None, own: Path | None = None) -> Beside:
    """The folder of every edition below ``rules``, by the id that its edition file states; what cannot be read is noted in ``r``.

    What is wrong with ``own`` is told where it is loaded.
    """
    found = Beside()
    for path in sorted(rules.glob(f"*/{EDITION_FILE}")):
        shown, reader = f"{path.parent.name}/{EDITION_FILE}", Reader()
        root = reader.file(path, shown)
        if root is None and path.parent != own:
            found.unread = True
            if r:
                for problem in reader.problems:
                    r.note(problem)
        node = root.entries.get("edition") if isinstance(root, nodes.Mapping) else None
        if isinstance(node, Scalar):
            found[node.value] = path.parent
    return found


def _parts(trees: Mapping[str, Node], r: RuleReader) -> Mapping[str, Node]:
    root = trees.get(EDITION_FILE)
    return r.entries(root.entries.get("parts")) if isinstance(root, nodes.Mapping) else {}


def _amended(base: Mapping[str, Node], change: Trees, r: RuleReader) -> Trees:
    stripped = {name: without(tree, *NOT_INHERITED) if name == EDITION_FILE else tree for name, tree in base.items()}
    merged = overlaid(stripped, without_unmatched(stripped, change, r), r)
    parts = _parts(merged, r)
    # Here and not where sheets are read: a further decree amends them in the order of the print.
    return {
        n: in_printed_order(tree, base.get(n), parts) if n.startswith("sets/") else tree for n, tree in merged.items()
    }
