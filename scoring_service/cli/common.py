"""What the commands share: exit codes, the language and width of output, JSON, problems as people see them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from rich.console import Console

from scoring_service.cli.render import Renderer
from scoring_service.plaintext import visible
from scoring_service.problems import Position, Problem
from scoring_service.telling.teller import Teller, Told, teller

OK, BAD_INPUT, USAGE = 0, 1, 2
_PIPED_WIDTH = 110


class UsageError(Exception):
    """The command cannot run as it was called."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One problem in words, as a screen or a JSON document has it."""

    code: str
    text: str
    where: str
    path: str
    line: int
    column: int
    excerpt: str

    @classmethod
    def of(cls, problem: Problem, text: str) -> Shown:
        """A problem with its sentence."""
        at = problem.position
        return cls(
            problem.code,
            text,
            problem.where,
            problem.path,
            at.line if at else 0,
            at.column if at else 0,
            problem.excerpt,
        )

    def json(self) -> dict[str, str]:
        """Its place and its sentence."""
        return {"code": self.code, "path": self.path, "where": self.where, "text": self.text}


def told(problems: Iterable[Problem], to: Teller) -> list[Shown]:
    """The problems in words."""
    return [Shown.of(problem, to.problem(problem)) for problem in problems]


def voice_of(args: argparse.Namespace) -> Teller:
    """The teller of the language asked for."""
    return teller(args.lang)


def foreign(text: object) -> Told:
    """A path, an address or what a server says, to stand in a sentence in full."""
    return Told(visible(str(text)))


def renderer(args: argparse.Namespace, to: TextIO) -> Renderer:
    """A renderer in the language asked for, as wide as the terminal."""
    width = None if to.isatty() else _PIPED_WIDTH
    return Renderer(Console(file=to, width=width, highlight=False, markup=False), voice_of(args))


def plain(message: Message) -> dict[str, object]:
    """A message as protobuf JSON, with the fields that are empty but not those that are absent."""
    return MessageToDict(message, always_print_fields_with_no_presence=True)


def print_json(document: object, indent: int | None = None) -> int:
    """Print a document; always ``OK``."""
    print(json.dumps(document, ensure_ascii=False, indent=indent))
    return OK


def under(problem: Problem, rules: Path) -> Problem:
    """The problem with a path that can be clicked."""
    if problem.position is None or Path(problem.position.file).exists():
        return problem
    return replace(problem, position=at(problem.position, rules))


def at(position: Position, rules: Path) -> Position:
    """A place as seen from here: rule positions are relative to the folder of all editions."""
    root = rules.parent if (rules / "edition.yaml").is_file() else rules
    return replace(position, file=str(root / position.file))
