"""Writes the lock files from pyproject.toml with pip-tools, in a throw-away environment."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPTIONS = (
    "--quiet", "--generate-hashes", "--allow-unsafe", "--strip-extras", "--no-annotate", "--no-header",
    "--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links",
)  # fmt: skip


def main() -> None:
    """Compile build.lock, runtime.lock and dev.lock; dev agrees with runtime."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    runtime = [d for d in project["dependencies"] if d != "ocop-client"]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)  # noqa: S603
        inputs = {
            "build": (HERE / "build.in").read_text().split(),
            "runtime": runtime,
            "dev": runtime + optional["workshop"] + optional["dev"],
        }
        for name, lines in inputs.items():
            source = Path(folder, f"{name}.in")
            source.write_text("\n".join(lines) + ("\n-c " + str(HERE / "runtime.lock") if name == "dev" else ""))
            subprocess.run(  # noqa: S603
                [python, "-m", "piptools", "compile", *OPTIONS, "-o", str(HERE / f"{name}.lock"), str(source)],
                check=True,
            )
    sys.stdout.write("requirements/*.lock written; review with git diff\n")


if __name__ == "__main__":
    main()
