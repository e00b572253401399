"""Draws the pictures of the main pages anew, from what the command really prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
STORY = "rules/2026/samples/dried-lychee-held-at-3-stars.yaml"
LANGUAGES = ("vi", "en")
_WIDTH = 110

# As rich draws it, with a font that every reader has: a page of ours loads nothing from elsewhere.
_FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{
        font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace;
        font-size: {char_height}px;
        line-height: {line_height}px;
    }}
    .{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial; }}
{styles}
    </style>
    <defs>
    <clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
    </defs>
    {chrome}
    <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
    </g>
    </g>
</svg>
"""


def picture(language: str) -> str:
    """The answer of `ocop score` for the story, as SVG."""
    command = ["score", "--lang", language, STORY]
    done = subprocess.run(
        [Path(sys.executable).with_name("ocop"), *command],
        cwd=ROOT,
        env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(_WIDTH)},
        capture_output=True,
        text=True,
        check=True,
    )
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(file=nowhere, record=True, width=_WIDTH, force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(done.stdout), soft_wrap=True)
        return console.export_svg(
            title=f"ocop {' '.join(command)}", code_format=_FRAME, unique_id="ocop", font_aspect_ratio=0.602
        )


def main(folder: Path) -> None:
    """Write them."""
    for language in LANGUAGES:
        (folder / f"picture.{language}.svg").write_text(picture(language), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs")
