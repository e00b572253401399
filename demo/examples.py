"""Compiles the examples in other languages where their tools are at hand, and says skipped where they are not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "clients" / "examples"
CONTRACT = "ocop/scoring/v1/scoring.proto"


def main() -> int:
    """Try each; the exit code is 1 when one that could be tried failed."""
    failed = False
    for language, tools, check in (
        ("go", ("go", "protoc-gen-go", "protoc-gen-go-grpc"), _go),
        ("php", ("php",), lambda _: ["php", "-l", str(EXAMPLES / "php" / "score.php")]),
        ("csharp", ("dotnet",), lambda _: ["dotnet", "build", str(EXAMPLES / "csharp")]),
        ("java", ("javac", "protoc-gen-grpc-java"), lambda _: ["javac", str(EXAMPLES / "java" / "Score.java")]),
    ):
        missing = [tool for tool in tools if not shutil.which(tool)]
        if missing:
            print(f"{language}: skipped, not at hand: {', '.join(missing)}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(check(Path(folder)), cwd=folder, check=False)
        print(f"{language}: {'compiled' if done.returncode == 0 else 'FAILED'}")
        failed = failed or done.returncode != 0
    return int(failed)


def _go(folder: Path) -> list[str]:
    shutil.copy(EXAMPLES / "go" / "main.go", folder)
    (folder / "go.mod").write_text("module example\n\ngo 1.22\n", encoding="utf-8")
    mapped = f"M{CONTRACT}=example/scoringv1"
    options = [f"--go_out={folder}", f"--go-grpc_out={folder}"]
    options += [f"--{kind}_opt={value}" for kind in ("go", "go-grpc") for value in (mapped, "module=example")]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", *options, CONTRACT]
    subprocess.run(command, check=True)
    subprocess.run(["go", "mod", "tidy"], cwd=folder, check=True)
    return ["go", "build", "./..."]


if __name__ == "__main__":
    sys.exit(main())
