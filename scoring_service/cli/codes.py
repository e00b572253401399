"""The page of all codes, for readers of the contract: made from the types of findings and from the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring_service.engine.compare import Differs
from scoring_service.engine.findings import types
from scoring_service.telling.catalogue import Catalogue, Template, catalogue

_HEAD = """# Codes

Every code that an answer or an error can carry, with the ids of its values. A code never changes its meaning. This page is written by `make docs` from the
types and catalogues; a test says when it is out of date.
"""


def codes_page() -> str:
    """The page in Markdown."""
    words = catalogue("en")
    lines = [
        _HEAD,
        "## Findings\n",
        "`Finding.code`, `Finding.values`.\n",
        *_table((one.code, one.own, words.findings[one.code]) for one in types()),
        "\n## Comparisons\n",
        "`CompareReason.code`, beside the codes of findings that decided one side only.\n",
        *_table((code, sorted(words.sentences[code].names()), words.sentences[code]) for code in Differs),
        "\n## Problems\n",
        "`Violation.code`, `Violation.values`; `reason` of google.rpc.BadRequest. Those of rule files appear in `ocop check` only.",
        "What is wrong on several sheets in the same way is told once, with the value `elsewhere`: on how many more.\n",
        *_table((code, sorted(t.names()), t) for code, t in sorted(words.problems.items())),
        "\n## Words\n",
        "Closed vocabularies of `Value.word`.\n",
        "| vocabulary | words |",
        "|---|---|",
        *(f"| {group} | {', '.join(f'`{word}`' for word in known)} |" for group, known in _vocabularies(words)),
    ]
    return "\n".join(lines) + "\n"


def _table(rows: Iterable[tuple[str, Iterable[str], Template]]) -> Iterator[str]:
    yield "| code | values | sentence |"
    yield "|---|---|---|"
    for code, values, template in rows:
        yield f"| `{code}` | {', '.join(f'`{v}`' for v in values)} | {_sentence(template)} |"


def _sentence(template: Template) -> str:
    places = [f"*{place.name}*" for place in template.places]
    said = template.literals[0] + "".join(p + after for p, after in zip(places, template.literals[1:], strict=True))
    return said.replace("|", "\\|").strip()


def _vocabularies(words: Catalogue) -> Iterator[tuple[str, list[str]]]:
    for group in ("effect", "minimum_by", "role", "sheet_kind", "printed"):
        yield group, list(words.words[group])
