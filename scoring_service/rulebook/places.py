"""Where a key of a rule file stands, for messages about what was read from it."""

from __future__ import annotations

from scoring_service.problems import Position
from scoring_service.rulebook import nodes
from scoring_service.rulebook.files import Files
from scoring_service.rulebook.folder import EDITION_FILE
from scoring_service.rulebook.nodes import Node


class Places:
    """Positions of keys in the files of one edition, those of the edition that it amends below them."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def of(self, name: str, *keys: str | int) -> Position:
        """The place of a key within keys (of an item of a list by its number), or of the innermost that is there."""
        node: Node | None = self._files.trees.get(name)
        at = node.position if node else Position(f"{self._files.folder}/{name}", 1, 1)
        for key in keys:
            if isinstance(node, nodes.Mapping) and isinstance(key, str) and key in node.entries:
                at, node = node.keys.get(key, at), node.entries[key]
            elif isinstance(node, nodes.Sequence) and isinstance(key, int) and key < len(node.items):
                node = node.items[key]
                at = node.position
            else:
                break
        return at

    def node(self, name: str, *keys: str) -> Node | None:
        """What a file says of a key within keys, where it is there."""
        node = self._files.trees.get(name)
        for key in keys:
            node = node.entries.get(key) if isinstance(node, nodes.Mapping) else None
        return node

    def keys(self, name: str, *keys: str) -> dict[str, Position]:
        """The entries of a mapping of a file, each with its place."""
        node = self.node(name, *keys)
        return (
            {key: node.keys.get(key, node.position) for key in node.entries} if isinstance(node, nodes.Mapping) else {}
        )

    def texts(self, name: str, *keys: str) -> list[tuple[Position, str]]:
        """The texts of a mapping of a file, each with the place of its key."""
        listed = ((at, self.node(name, *keys, key)) for key, at in self.keys(name, *keys).items())
        return [(at, node.value) for at, node in listed if isinstance(node, nodes.Scalar)]

    def of_edition(self, *keys: str | int) -> Position:
        """The same in edition.yaml."""
        return self.of(EDITION_FILE, *keys)

    def is_own(self, position: Position) -> bool:
        """Whether a place is in the edition's own files, not in those of the one it amends."""
        return position.folder == self._files.folder
