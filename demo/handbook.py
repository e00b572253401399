"""Walks the handbook of rule authors: writes its files, runs its commands, and puts what they print under them.

On its pages a ``yaml`` block that begins with ``# rules/…`` is a file of a decree, written where it stands in the story; a further block of the
same name is added to it. A ``console`` block is a command after ``$`` with what it prints. ``python -m demo.handbook`` writes the pages anew.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scoring_service.cli.main import main as ocop

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"vi": ROOT / "docs" / "vi" / "handbook.md", "en": ROOT / "docs" / "handbook.md"}
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TOOK = re.compile(r"\d+[.,]\d(?= (?:giây|s)\b)")
"""How long a run took, which is never the same."""
_FILE = re.compile(r"# (rules/\S+)\n(.*)", re.DOTALL)


def files(page: str) -> dict[str, str]:
    """The files that a page writes, each whole, by their names."""
    found: dict[str, str] = {}
    for kind, text in _BLOCK.findall(page):
        if kind == "yaml" and (file := _FILE.fullmatch(text)):
            found[file[1]] = found.get(file[1], "") + file[2]
    return found


def walked(language: str, folder: Path) -> str:
    """The page with what its commands print now, walked in an empty ``folder``."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    begun: set[str] = set()

    def step(block: re.Match[str]) -> str:
        kind, text = block.groups()
        if kind == "console":
            return f"```console\n{''.join(_printed(text))}```"
        if file := _FILE.fullmatch(text):
            path = Path(file[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if file[1] in begun else "w", encoding="utf-8") as written:
                written.write(file[2])
            begun.add(file[1])
        return block[0]

    with contextlib.chdir(folder), _language(language):
        return _BLOCK.sub(step, PAGES[language].read_text(encoding="utf-8"))


def _printed(block: str) -> Iterator[str]:
    """Each command of a block and what it prints, on either channel."""
    for line in block.splitlines():
        if line.startswith("$ ocop "):
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                ocop(shlex.split(line.removeprefix("$ ocop "), comments=True))
            rows = _TOOK.sub("…", out.getvalue()).strip().splitlines()
            yield line + "\n" + "".join(f"{row.rstrip()}\n" for row in rows)


@contextlib.contextmanager
def _language(language: str) -> Iterator[None]:
    before = os.environ.get("OCOP_LANG")
    os.environ["OCOP_LANG"] = language
    try:
        yield
    finally:
        if before is None:
            del os.environ["OCOP_LANG"]
        else:
            os.environ["OCOP_LANG"] = before


def main() -> None:
    """Write the pages anew."""
    for language, page in PAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            text = walked(language, Path(folder))
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
