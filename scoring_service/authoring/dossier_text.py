"""A dossier file written anew: the file's own fields and their style, with the set, edition, days, facts and answers of another dossier."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import yaml

from scoring_service.authoring.written import said
from scoring_service.engine.dossier import DOSSIER_FIELDS, Dossier, Holds
from scoring_service.plaintext import nfc

_WIDTH = 120
_TEXT = "tag:yaml.org,2002:str"
_Pairs: TypeAlias = "list[tuple[yaml.ScalarNode, yaml.Node]]"


class _Dumper(yaml.dumper.BaseDumper):
    """Writes each scalar in the style it was read in; no word has a type here."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - as it is called
        """Lists stand indented below their key, as the samples write them."""
        del indentless
        super().increase_indent(flow, False)


def rewritten(path: Path, dossier: Dossier, remarks: list[str]) -> str:
    """The text of a readable dossier file with what carrying and moving change in it, in YAML with ``remarks`` on top.

    Fields that this system does not know are kept, and the comments at the top of the file; other comments are not.

    Raises:
        OSError: the file cannot be read any more.
    """
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        text = yaml.safe_dump(json.loads(text, parse_float=str), allow_unicode=True, sort_keys=False)
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if isinstance(root, yaml.MappingNode):
        _change(root, dossier)
    head = "".join(f"{line}\n" for line in (*(f"# {remark}".rstrip() for remark in remarks), *said(text)))
    return head + str(yaml.serialize(root, Dumper=_Dumper, allow_unicode=True, width=_WIDTH))


def _change(root: yaml.MappingNode, dossier: Dossier) -> None:
    fields = _entries(root)
    root.value = [pair for pair in root.value if pair[0].value != "edition"]
    if dossier.edition:
        edition = _leaf(fields, "edition") or _scalar("", '"')
        edition.value = dossier.edition
        root.value.insert(0, (_scalar("edition"), edition))
    product_set = _leaf(_entries(fields.get("product")), "set")
    if product_set:
        product_set.value = dossier.product_set
    _set_days(fields, dossier)
    facts, sheets = fields.get("facts"), fields.get("sheets")
    if isinstance(facts, yaml.MappingNode):
        facts.value = [pair for pair in facts.value if nfc(pair[0].value) in dossier.facts]
        for key, value in facts.value:
            _put(value, dossier.facts[nfc(key.value)])
    for node, sheet in zip(sheets.value if isinstance(sheets, yaml.SequenceNode) else (), dossier.sheets, strict=True):
        own = _entries(node)
        filled_on, answers = _leaf(own, "edition"), own.get("answers")
        if filled_on:
            filled_on.value = sheet.edition
        if isinstance(answers, yaml.MappingNode):
            answers.value = _answers(answers.value, sheet.answers)


def _set_days(fields: Mapping[str, yaml.Node], dossier: Dossier) -> None:
    for one in DOSSIER_FIELDS:
        if one.of is Holds.DAY:
            group, _, key = one.path.rpartition(".")
            _put(_leaf(_entries(fields.get(group)), key), getattr(dossier, one.name))


def _put(node: yaml.Node | None, text: object) -> None:
    """Another text in the style of the one that stood there; the same one stays as it was written."""
    if isinstance(node, yaml.ScalarNode) and isinstance(text, str) and nfc(node.value).strip() != text:
        node.value = text


def _answers(before: _Pairs, answers: Mapping[str, str]) -> _Pairs:
    """Entries in the style of those that stood there."""
    styles = before[0][0].style if before else '"'
    there = {(key.value, value.value): (key, value) for key, value in before}
    return [there.get(one) or (_scalar(one[0], styles), _scalar(one[1])) for one in answers.items()]


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _leaf(fields: Mapping[str, yaml.Node], key: str) -> yaml.ScalarNode | None:
    node = fields.get(key)
    return node if isinstance(node, yaml.ScalarNode) else None


def _scalar(value: str, style: str | None = None) -> yaml.ScalarNode:
    return yaml.ScalarNode(_TEXT, value, style=style)
