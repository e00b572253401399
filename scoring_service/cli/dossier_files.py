"""Dossier files (YAML or JSON) in; a dossier, or every mistake with its place in the file, out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scoring_service.engine.dossier import Dossier, DossierError, Sheet, SheetKind
from scoring_service.rulebook.nodes import Mapping, Node, NodeError, Sequence, parse
from scoring_service.rulebook.reader import Reader
from scoring_service.text import Position, Problem, Text

MAX_BYTES = 1024 * 1024


class DossierFile:
    """One file: the dossier in it, and where each field stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = Reader()
        try:
            if path.stat().st_size > MAX_BYTES:
                raise DossierError(
                    [
                        Problem(
                            "too-large",
                            Text(
                                "Tệp lớn hơn 1 MiB; một hồ sơ chỉ vài chục KB.",
                                "The file is larger than 1 MiB; a dossier takes a few dozen KB.",
                            ),
                            position=self._start(),
                        )
                    ]
                )
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise DossierError(
                [
                    Problem(
                        "file",
                        Text(f"Không đọc được tệp: {error.strerror}.", f"The file cannot be read: {error.strerror}."),
                        position=self._start(),
                    )
                ]
            ) from error
        except UnicodeDecodeError as error:
            raise DossierError(
                [
                    Problem(
                        "encoding",
                        Text(
                            "Tệp không phải UTF-8; hãy lưu lại với mã UTF-8.",
                            "The file is not UTF-8; save it as UTF-8.",
                        ),
                        position=self._start(),
                    )
                ]
            ) from error
        self._reader.sources[str(path)] = text.splitlines()
        try:
            self._root = parse(text, str(path))
            self.dossier = self._dossier()
            self._reader.raise_if_any()
        except NodeError as error:
            raise DossierError(error.problems) from error

    def located(self, problem: Problem) -> Problem:
        """The same problem with the line of the file its field path stands on."""
        if problem.position or not problem.path:
            return problem
        position = _place(self._root, problem.path, of_key=problem.code in ("criterion-unknown", "fact-unknown"))
        lines = self._reader.sources[str(self.path)]
        excerpt = lines[position.line - 1] if position.line <= len(lines) else ""
        return replace(problem, position=position, excerpt=excerpt)

    def _start(self) -> Position:
        return Position(str(self.path), 1, 1)

    def _dossier(self) -> Dossier:
        r = self._reader
        root = r.fields(
            self._root, required=("product", "application", "council", "sheets"), optional=("facts", "edition", "note")
        )
        product = self._part(root, "product", ("name", "set"), ("code",))
        application = self._part(
            root, "application", ("kind", "filed_on"), ("proposed_on", "complete_on", "expires_on")
        )
        council = self._part(root, "council", ("level",), ("decided_on", "rules", "members", "mode"))
        return Dossier(
            product_name=r.string(product.get("name")),
            product_code=r.string(product.get("code")),
            product_set=r.string(product.get("set")),
            kind=r.string(application.get("kind")),
            filed_on=r.date(application.get("filed_on")),
            proposed_on=r.date(application.get("proposed_on")),
            complete_on=r.date(application.get("complete_on")),
            expires_on=r.date(application.get("expires_on")),
            level=r.string(council.get("level")),
            decided_on=r.date(council.get("decided_on")),
            council_rules=r.string(council.get("rules")),
            members=r.integer(council.get("members"), 1, 99) or None,
            mode=r.string(council.get("mode")),
            edition=r.string(root.get("edition")),
            facts={name: r.string(node) for name, node in r.entries(root.get("facts")).items()},
            sheets=tuple(self._sheet(node) for node in r.items(root.get("sheets"))),
        )

    def _part(
        self, root: dict[str, Node], name: str, required: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Node]:
        return self._reader.fields(root[name], required=required, optional=optional) if name in root else {}

    def _sheet(self, node: Node) -> Sheet:
        r = self._reader
        got = r.fields(node, required=("answers",), optional=("assessor", "kind", "role", "round", "edition"))
        return Sheet(
            assessor=r.string(got.get("assessor")),
            answers={number: r.string(answer) for number, answer in r.entries(got.get("answers")).items()},
            kind=SheetKind(r.choice(got.get("kind"), list(SheetKind), SheetKind.COUNCIL)),
            role=r.string(got.get("role")),
            round=r.integer(got.get("round"), 1, 99, 1),
            edition=r.string(got.get("edition")),
        )


def _place(node: Node, path: str, *, of_key: bool) -> Position:
    """Where a field path stands: its value, or its key when that is what is wrong; the nearest one above if it is absent."""
    head, _, number = path.partition(".answers.")
    parts = [*head.replace("[", ".[").split("."), *(("answers", number) if number else ())]
    position = node.position
    for part in parts:
        if isinstance(node, Sequence) and part.startswith("[") and int(part[1:-1]) < len(node.items):
            node = node.items[int(part[1:-1])]
            position = node.position
        elif isinstance(node, Mapping) and part in node.entries:
            position = node.keys[part] if of_key and part == parts[-1] else node.entries[part].position
            node = node.entries[part]
    return position
