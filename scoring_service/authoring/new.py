"""New files for rule authors, made from the nearest ones: an edition, a product set, a shared criterion.

What nobody but the author can know stands there as a mark (``rulebook.to_fill``), which ``ocop check`` lists with its place. Nothing that
is there is overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoring_service.authoring.rule_schemas import KEYS
from scoring_service.authoring.schema_files import FOLDER as SCHEMAS
from scoring_service.authoring.written import block, folded, quoted, scalar
from scoring_service.plaintext import parse_day
from scoring_service.problems import Problem, Suggestion
from scoring_service.rulebook import nodes
from scoring_service.rulebook.amend import natural, without
from scoring_service.rulebook.files import Files, editions_in, read_files, rule_files
from scoring_service.rulebook.folder import BESIDE_EDITIONS, CRITERIA, EDITION_FILE, set_stem
from scoring_service.rulebook.forms_of_sheets import FORMS, NAME
from scoring_service.rulebook.load import texts_to_translate
from scoring_service.rulebook.nodes import Node, NodeError, Scalar
from scoring_service.rulebook.rule_reader import RuleReader
from scoring_service.rulebook.to_fill import is_mark, mark
from scoring_service.rulebook.translations import FILE as ENGLISH
from scoring_service.telling.teller import Teller

_OWN = ("edition", "amends", "decision", "name", "issued", "document", "windows", "closes")
"""The keys of an edition file that a new whole edition writes for itself."""
_EXAMPLES = {"edition": "2028", "set": "dried-fruit", "criterion": "local-labour"}


class NewError(Exception):
    """It cannot be made; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Given:
    """What an author knows already of a new edition; empty: to be filled in."""

    id: str
    older: str = ""
    decision: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Files to be written, by path; ``added``: lines to be put at the end of a file that is there."""

    files: Mapping[Path, str]
    added: Mapping[Path, str] = field(default_factory=dict)
    older: str = ""

    def write(self) -> None:
        """Write them.

        Raises:
            NewError: one of them is there already; then nothing was written.
        """
        for path in self.files:
            if path.exists():
                raise NewError(Problem("NEW_EXISTS", {"file": str(path)}))
        for path, text in self.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for path, text in self.added.items():
            before = path.read_text(encoding="utf-8")
            path.write_text(before + ("" if before.endswith("\n") else "\n") + text, encoding="utf-8")


class Maker:
    """Makes new files below the folder of all editions; ``to``: the language in which marks say what to write."""

    def __init__(self, rules: Path, to: Teller) -> None:
        self._rules, self._to = rules, to
        self._editions = editions_in(rules)

    def edition(self, given: Given, *, whole: bool) -> Made:
        """A folder for a new edition: only what an amending decree has to say for itself, or a ``whole`` copy.

        Raises:
            NewError: a name is spelt wrongly, taken or unknown.
            NodeError: the older edition file cannot be read.
        """
        _expect_name(given.id, "edition")
        folder = self._rules / given.id
        if given.id in self._editions or folder.exists() or given.id in BESIDE_EDITIONS:
            raise NewError(Problem("NEW_EXISTS", {"file": str(folder)}))
        if given.issued and parse_day(given.issued) is None:
            raise NewError(Problem("DATE", {"given": given.issued}))
        older = given.older or self._newest()
        files = self._read(older)
        if not whole:
            return Made({folder / EDITION_FILE: self._amending(given, older, files)}, older=older)
        if "amends" in files.root:
            base = _text(files.root["amends"])
            raise NewError(Problem("NEW_OF_AMENDING", {"older": older, "base": base}))
        return Made(dict(self._whole(given, older, files, folder)), older=older)

    def product_set(self, edition: str, slug: str, *, like: str = "", number: str = "", name: str = "") -> Made:
        """A file for a new product set: one that is ``like`` another, or the frame of a sheet.

        Raises:
            NewError: a name or number is spelt wrongly, taken or unknown.
        """
        _expect_name(slug, "set")
        files, folder = self._read(edition), self._folder(edition)
        sets = {known: files.trees[f"sets/{known}"] for known in files.sets}
        if slug in sets:
            raise NewError(Problem("NEW_EXISTS", {"file": sets[slug].position.file}))
        if like and like not in sets:
            raise NewError(Problem("LIKE_UNKNOWN", {"slug": like, "suggestion": Suggestion.of(like, sets)}))
        numbers = {_entry(tree, "set"): tree.position.file for tree in sets.values()}
        number = number or str(max((int(n) for n in numbers if n.isdecimal()), default=0) + 1)
        if number in numbers:
            raise NewError(Problem("SET_REPEATED", {"set": number, "at": numbers[number]}))
        lines = [self._modeline(files, "set"), f"set: {scalar(number)}", f"name: {self._value(name, 'set.name')}"]
        if like:
            lines += [f"like: {like}", self._remark("NEW_ROWS", like=like)]
        else:
            lines += self._frame(files)
        made = {folder / "sets" / f"{set_stem(number, slug)}.yaml": _lines(lines)}
        annex = (
            {}
            if files.annexes.get(files.folder)
            else {folder / EDITION_FILE: f"annex: {self._mark('edition.annex')}\n"}
        )
        return Made(made, annex, older=like)

    def criterion(self, edition: str, key: str, *, like: str = "") -> Made:
        """A file for a new shared criterion, with the options and rules of the one it is ``like``, if any.

        Raises:
            NewError: a name is spelt wrongly, taken or unknown.
        """
        _expect_name(key, "criterion")
        files, folder = self._read(edition), self._folder(edition)
        known = files.trees[CRITERIA]
        shared = known.entries if isinstance(known, nodes.Mapping) else {}
        if key in shared:
            raise NewError(Problem("CRITERION_REPEATED", {"key": key, "at": shared[key].position}))
        if like and like not in shared:
            raise NewError(Problem("CRITERION_NOT_SHARED", {"key": like, "suggestion": Suggestion.of(like, shared)}))
        lines = [self._modeline(files, "criteria"), f"{key}:"]
        if like:
            pattern = without(shared[like], "name", "reference")
            lines.append(f"  name: {self._mark('criteria.*.name', was=_entry(shared[like], 'name'))}")
            lines += block(pattern.entries if isinstance(pattern, nodes.Mapping) else {}, 2)
        else:
            option = f"{{points: {self._mark('points')}, text: {self._mark('text')}}}"
            lines += [
                f"  name: {self._mark('criteria.*.name')}",
                f"  {FORMS[0]}:",
                f"    a: {option}",
                f"    b: {option}",
            ]
        return Made({folder / CRITERIA / f"{key}.yaml": _lines(lines)}, older=like)

    def words(self, edition: str) -> Made:
        """Pairs for the edition's catalogue, one for each text without English, which is to be filled in; nothing where none is missing.

        Raises:
            NewError: there is no such edition, or the catalogue that is there cannot be added to.
            NodeError: the edition cannot be read.
        """
        path = self._folder(edition) / ENGLISH
        english = mark(self._to.sentence("NEW_ENGLISH"))
        added = "".join(
            f"{folded('- vi', text)}\n{folded('  en', english)}\n" for text in texts_to_translate(path.parent)
        )
        if not added or not path.is_file():
            return Made({path: added} if added else {})
        try:
            whole = nodes.parse(f"{path.read_text(encoding='utf-8')}\n{added}", ENGLISH)
        except NodeError:
            whole = None
        if not isinstance(whole, nodes.Sequence):
            raise NewError(Problem("NEW_PAIRS", {"file": str(path)}))
        return Made({}, {path: added})

    # --- an edition --------------------------------------------------------------------------------------------

    def _amending(self, given: Given, older: str, files: Files) -> str:
        lines = [self._modeline(files, "edition", amending=False), self._remark("NEW_AMENDS", older=older)]
        lines += self._head(given, files, amends=older)
        return _lines(lines)

    def _head(self, given: Given, files: Files, amends: str = "") -> list[str]:
        """What every edition says for itself."""
        kinds = files.root.get("kinds")
        listed = ", ".join(kinds.entries) if isinstance(kinds, nodes.Mapping) else ""
        older = amends or _text(files.root.get("edition"))
        return [
            f"edition: {quoted(given.id)}",
            *([f"amends: {quoted(amends)}"] if amends else []),
            f"decision: {self._value(given.decision, 'edition.decision')}",
            f"name: {self._mark('edition.name')}",
            f"issued: {given.issued or self._mark('edition.issued')}",
            "document:",
            f"  effective: {self._mark('effective')}",
            f"  articles: {self._mark('articles')}",
            "windows:",
            f"  - kinds: [{listed}]",
            f"    filed_from: {self._mark('windows.filed_from')}",
            f"    reference: {self._mark('reference')}",
            "closes:",
            f"  - edition: {quoted(older)}",
            f"    filed_until: {self._mark('closes.filed_until')}",
            f"    reference: {self._mark('reference')}",
        ]

    def _whole(self, given: Given, older: str, files: Files, folder: Path) -> Iterable[tuple[Path, str]]:
        source = self._folder(older)
        for path in [*rule_files(source), source / ENGLISH]:
            if not path.is_file():
                continue
            name = path.relative_to(source)
            text = path.read_text(encoding="utf-8")
            tree = nodes.parse(text, name.as_posix()) if name.name != ENGLISH else None
            if tree is not None:
                text = self._to_be_cited(text, tree)
            if name.as_posix() == EDITION_FILE:
                head = [self._modeline(files, "edition", amending=False), self._remark("NEW_WHOLE", older=older)]
                text = _lines([*head, *self._head(given, files)]) + "\n" + _without_blocks(text, tree, _OWN)
            yield folder / name, text

    def _to_be_cited(self, text: str, tree: Node) -> str:
        """The text with a mark in the place of every reference, since those of the older decision are not those of this one."""
        lines = text.splitlines()
        for node in reversed(list(_references(tree))):  # from the end, so that places stay true within a line
            row, at = node.position.line - 1, node.position.column - 1
            line = lines[row]
            raw = next((w for w in (node.value, quoted(node.value)) if line.startswith(w, at)), None)
            if raw is not None:
                new = quoted(mark(self._to.sentence("NEW_CITED", was=node.value)))
                lines[row] = line[:at] + new + line[at + len(raw) :]
        return _lines(lines)

    # --- pieces ------------------------------------------------------------------------------------------------

    def _frame(self, files: Files) -> list[str]:
        """The head and rows of a sheet of which nothing is known but the parts."""
        groups, parts = files.root.get("groups"), files.root.get("parts")
        known = ", ".join(groups.entries) if isinstance(groups, nodes.Mapping) else ""
        most = self._mark("max")
        lines = [f"group: {self._mark('set.group', known=known)}", "sheet:"]
        for at, part in enumerate(parts.entries if isinstance(parts, nodes.Mapping) else (), 1):
            lines += [
                f"  {part}: {{max: {most}}}",
                f'  "{at}": {{section: {self._mark("section")}, max: {most}}}',
                f'  "{at}.1": {{use: {self._mark("sheet.*.use")}}}',
            ]
        return lines

    def _value(self, known: str, key: str) -> str:
        return quoted(known) if known else self._mark(key)

    def _mark(self, key: str, *, was: str = "", known: str = "") -> str:
        """The mark for a key; ``was``: what stands there in the pattern, ``known``: what may stand there."""
        what = self._to.word(KEYS, key)
        if was:
            what = self._to.sentence("NEW_WAS", what=what, was=was)
        if known:
            what = self._to.sentence("NEW_KNOWN", what=what, known=known)
        return quoted(mark(what))

    def _remark(self, code: str, **values: str) -> str:
        return f"# {self._to.sentence(code, **values)}"

    def _modeline(self, files: Files, kind: str, *, amending: bool | None = None) -> str:
        """The comment by which editors find the schema, wherever the folder of the rules lies."""
        up = "../" if kind == "edition" else "../../"
        of = ".amending" if ("amends" in files.root if amending is None else amending) else ""
        return f"# yaml-language-server: $schema={up}{SCHEMAS}/{kind}{of}.schema.json"

    def _folder(self, edition: str) -> Path:
        if edition not in self._editions:
            meant = Suggestion.of(edition, self._editions)
            raise NewError(Problem("EDITION_UNKNOWN", {"given": edition, "suggestion": meant}))
        return self._editions[edition]

    def _read(self, edition: str) -> Files:
        """The files of an edition as they are; what they have wrong does not matter here."""
        return read_files(self._folder(edition), RuleReader())

    def _newest(self) -> str:
        """The edition that was issued last; one without a day yet is no pattern for others."""
        if not self._editions:
            raise NewError(Problem("NO_EDITIONS", {"folder": str(self._rules), "file": EDITION_FILE}))
        issued = {e: _text(self._read(e).root.get("issued")) for e in self._editions}
        return max(issued, key=lambda e: (parse_day(issued[e]) is not None, issued[e], natural(e)))


def _expect_name(given: str, kind: str) -> None:
    """Names are those that rule files can use, and safe as names of files."""
    if not re.fullmatch(NAME, given):
        raise NewError(Problem("NEW_NAME", {"given": given, "example": _EXAMPLES[kind]}))


def _text(node: Node | None) -> str:
    return node.value.strip() if isinstance(node, Scalar) else ""


def _entry(tree: Node, key: str) -> str:
    return _text(tree.entries.get(key)) if isinstance(tree, nodes.Mapping) else ""


def _references(node: Node, key: str = "") -> Iterable[Scalar]:
    if isinstance(node, Scalar):
        if key in ("reference", "annex") and not is_mark(node):
            yield node
    elif isinstance(node, nodes.Mapping):
        for name, value in node.entries.items():
            yield from _references(value, name)
    else:
        for item in node.items:
            yield from _references(item, key)


def _without_blocks(text: str, tree: Node | None, keys: Iterable[str]) -> str:
    """A text without some of its top-level entries, the remarks above these, and those at the head of the file."""
    lines = text.splitlines()
    places = {k: p.line - 1 for k, p in tree.keys.items()} if isinstance(tree, nodes.Mapping) else {}
    starts = [*sorted(places.values()), len(lines)]
    drop = set(range(starts[0]))
    for key in (k for k in keys if k in places):
        start = places[key]
        end = starts[starts.index(start) + 1]
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        while start and lines[start - 1].startswith("#"):
            start -= 1
        drop |= set(range(start, end))
    kept = [line for row, line in enumerate(lines) if row not in drop]
    return _lines(kept).lstrip("\n")


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
