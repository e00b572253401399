"""ocop explain-code: what a code means, what usually causes it, and what to do."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable, Iterator

from scoring_service.cli.common import OK, Commands, Parents, UsageError, foreign, voice_of
from scoring_service.problems import Problem, Suggestion
from scoring_service.telling.explained import Code, Kind, codes, outline
from scoring_service.telling.teller import Teller


def add(commands: Commands, parents: Parents) -> None:
    """The command."""
    explaining = commands.add_parser("explain-code", parents=[parents.common], help=parents.said("explain-code"))
    explaining.add_argument("code", nargs="?", default="", metavar="CODE")
    explaining.set_defaults(run=explain_code)


def explain_code(args: argparse.Namespace) -> int:
    """One code, or all of them by kind where none is named."""
    to = voice_of(args)
    known = codes(to.words)
    if not args.code:
        print("\n".join(_listed(known.values(), to)))
        return OK
    code = known.get(args.code.upper().replace("-", "_"))
    if code is None:
        meant = Suggestion.of(args.code.upper(), known)
        raise UsageError(to.sentence("CODE_UNKNOWN", given=foreign(args.code), suggestion=meant))
    print("\n".join(_page(code, to)))
    return OK


def _listed(known: Iterable[Code], to: Teller) -> Iterator[str]:
    for kind, of_kind in itertools.groupby(known, key=lambda code: code.kind):
        yield to.word("code_kind", kind)
        for code in of_kind:
            yield f"  {code.id:28} {outline(code.template)}"
        yield ""


def _page(code: Code, to: Teller) -> Iterator[str]:
    weight = "" if code.kind is Kind.FINDING else f", {to.word('weight', Problem(code.id).weight)}"
    yield f"{code.id} ({to.word('code_kind', code.kind)}{weight})"
    yield ""
    yield f"{to.screen('code_says')}: {outline(code.template)}"
    if code.values:
        yield f"{to.screen('code_values')}: {', '.join(code.values)}"
    if code.more is None:
        return
    yield f"{to.screen('code_cause')}: {code.more.cause}"
    yield f"{to.screen('code_remedy')}: {code.more.remedy}"
    for heading, example in (("code_wrong", code.more.wrong), ("code_right", code.more.right)):
        if example:
            yield ""
            yield f"{to.screen(heading)}:"
            yield from (f"    {line}" for line in example.splitlines())
