"""``--help`` of every command, and what is said of a wrong call: in the language of all other output."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache

import pytest
from test_cli import ocop

from scoring_service.cli.main import main
from scoring_service.telling.catalogue import catalogue, languages

LITERAL = re.compile(
    r"-{1,2}[a-z][\w-]*|\{[\w,-]+\}|\b[A-Z][A-Z_]*\b|\$\w+|`[^`]*`|'[^']*'|\b\w+/|\./\w+|\b[A-Z]\w*[a-z][A-Z]\w*\b"
)
"""Options, the words they take, metavars, variables, commands, folders, messages of the contract."""
SAME = {
    "http", "json", "yaml", "xml", "junit", "schema", "sarif", "grpc", "protobuf", "score", "assessment", "host", "ocop",
    "self", "council", "text", "trai", "con", "the", "theo", "sao",
}  # fmt: skip
"""Names that are the same in both languages, and Vietnamese words that are spelt like English ones."""
WORD = re.compile(r"[^\W\d_]{3,}")


def called(*call: str, lang: str) -> tuple[object, str, str]:
    """Exit code, output and complaints of a call that ends where it is read; Vietnamese is what no variable names."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as env,
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        env.setenv("COLUMNS", "200")
        env.delenv("OCOP_LANG", raising=False)
        if lang != "vi":
            env.setenv("OCOP_LANG", lang)
        main(call)
    return end.value.code, out.getvalue(), err.getvalue()


@lru_cache
def page(command: str, lang: str) -> str:
    """The help of a command, asked for as people do."""
    code, out, _ = called(*command.split(), "--help", lang=lang)
    assert code == 0
    return out


def listed(command: str, lang: str) -> list[str]:
    """The commands that stand below one on its page."""
    names = re.findall(r"^ {4}([a-z][a-z-]*)(?:\s{2,}\S|$)", page(command, lang), re.MULTILINE)
    return [f"{command} {name}".strip() for name in names]


@lru_cache
def commands(lang: str) -> tuple[str, ...]:
    """Every command, and those below ``new``."""
    first = listed("", lang)
    return ("", *first, *listed("new", lang))


def words(text: str) -> set[str]:
    """The words of a page that are no literals."""
    return {word.lower() for word in WORD.findall(LITERAL.sub(" ", text))}


def test_every_command_is_on_the_page_of_commands() -> None:
    """In both languages the same; as many as the catalogues describe."""
    described = {name for name in catalogue("vi").words["help"] if name in commands("vi")}
    assert len(described) > 20
    assert commands("vi") == commands("en")
    assert set(commands("vi")) - {""} == described


@pytest.mark.parametrize("command", commands("vi"), ids=lambda command: command or "ocop")
def test_help_is_vietnamese_by_default_and_english_on_request(command: str) -> None:
    """No word of the English page stands on the Vietnamese one, but literals; each option says what it is for."""
    vietnamese, english = page(command, "vi"), page(command, "en")
    assert vietnamese.startswith("cách dùng: ocop")
    assert english.startswith("usage: ocop")
    names = set(WORD.findall(command)) | {word for below in listed(command, "vi") for word in WORD.findall(below)}
    assert words(vietnamese) & words(english) - SAME - names == set()
    for option in re.findall(r"^  (?:-\w, )?(--[\w-]+)", vietnamese, re.MULTILINE):
        assert re.search(rf"^  (?:-\w, )?{option}\b.*?(?:\s{{2,}}|\n\s{{10,}})[^\W_]", vietnamese, re.MULTILINE), option


def test_the_language_may_be_named_anywhere_in_the_call() -> None:
    """``--lang`` wins over the environment, before the command and after it, also where the command has no other use for it."""
    for call in (("--lang", "en", "--help"), ("serve", "--help", "--lang", "en"), ("--lang=en", "new", "set", "-h")):
        assert ocop(*call, OCOP_LANG="vi").stdout.startswith("usage: ")
    assert ocop("score", "-h", "--lang", "vi", OCOP_LANG="en").stdout.startswith("cách dùng: ")


WRONG = (
    ("score",), ("chek",), ("check", "--stric=1"), ("check", "--format", "xml"), ("score", "--sheets"), ("mutate", "--seed", "a"),
    ("serve", "--port", "65536"), ("serve", "--notice-seconds", "nan"), ("coverage", "--floor", "101"), ("check", "--xyz"),
    ("new", "edition", "2030", "--amends", "--whole"), ("compare", "--l", "self", "a"), ("test", "--accept"), ("new",), ("test", "--jobs", "x"),
)  # fmt: skip


@pytest.mark.parametrize("call", WRONG, ids=" ".join)
def test_a_wrong_call_is_answered_in_one_language(call: tuple[str, ...]) -> None:
    """Exit code 2; the last line says what is wrong."""
    vietnamese, english = _complaint(call, "vi"), _complaint(call, "en")
    assert "gọi lệnh sai: " in vietnamese
    assert ": error: " in english
    assert words(vietnamese) & words(english) - SAME <= set(WORD.findall(" ".join(call)))


def _complaint(call: tuple[str, ...], lang: str) -> str:
    code, out, err = called(*call, lang=lang)
    assert (code, out) == (2, "")
    return err.splitlines()[-1]


def test_the_catalogues_describe_nothing_that_no_command_has() -> None:
    """Each description stands on some page."""
    for lang in languages():
        shown = " ".join(" ".join(page(command, lang).split()) for command in commands(lang))
        for name, text in _described(lang):
            assert text in shown, (lang, name)


def _described(lang: str) -> Iterator[tuple[str, str]]:
    for name, text in catalogue(lang).words["help"].items():
        yield name, " ".join(text.partition("%(default)s")[0].split())
