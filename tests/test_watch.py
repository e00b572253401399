"""`ocop watch`: a real process over real files, which checks again whenever one is saved."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from test_cli import OCOP, ocop

SECONDS = 120
"""Within which a round must end, on a machine that does much else."""


class Watching:
    """A running `ocop watch` and what it says, line by line."""

    def __init__(self, rules: Path) -> None:
        self.process = subprocess.Popen(
            [OCOP, "watch", str(rules)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, text: str) -> str:
        """Everything it says up to a line with this text."""
        said, end = "", time.monotonic() + SECONDS
        while text not in said.rpartition("\n")[0].rpartition("\n")[2]:
            try:
                said += self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"not said: {text}\n{said}")
        return said

    def interrupt(self) -> tuple[int, str]:
        """As Ctrl-C does: the exit code, and its last words."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(SECONDS)
        self._listening.join(SECONDS)
        return code, "".join(iter(lambda: self._lines.get_nowait() if not self._lines.empty() else "", ""))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


@pytest.fixture
def watching(desk: Path) -> Iterator[Watching]:
    one = Watching(desk)
    yield one
    one.process.kill()
    one.process.wait()
    assert one.process.stdout is not None
    one.process.stdout.close()


def test_every_save_is_checked_and_ctrl_c_ends_it_cleanly(desk: Path, watching: Watching) -> None:
    """Sound at first; a mistake is told with its file; mended, all is sound again; Ctrl-C is no failure."""
    begun = watching.until("Đúng cả")
    assert f"Theo dõi {desk}" in begun
    assert "QĐ 26/2026/QĐ-TTg, 26 bộ sản phẩm" in begun
    assert "\033" not in begun  # the screen is cleared on a terminal only
    path = desk / "2026" / "edition.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("months: 36", "months: ba sáu"), encoding="utf-8")
    told = watching.until("Còn chỗ phải sửa")
    assert "Đã lưu: 2026/edition.yaml" in told
    assert "'ba sáu'" in told
    path.write_text(text, encoding="utf-8")
    assert "Đã lưu: 2026/edition.yaml" in watching.until("Đúng cả")
    code, last = watching.interrupt()
    assert (code, last) == (0, "Đã dừng theo dõi.\n")


def test_many_files_saved_at_once_are_one_round(desk: Path, watching: Watching) -> None:
    """As an editor saves all, or git switches: the first few are named, the others counted."""
    watching.until("Đúng cả")
    for path in sorted((desk / "2026" / "sets").glob("*.yaml")):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told = watching.until("Đúng cả")
    assert told.count("Đã lưu:") == 1
    assert "và 21 tệp khác" in told


def test_only_who_watches_needs_the_library(tmp_path: Path) -> None:
    """Without it every other command works, and watch says what to install."""
    (tmp_path / "watchfiles.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), *filter(None, sys.path)))
    assert ocop("sets", "--json", PYTHONPATH=path).returncode == 0
    done = ocop("watch", PYTHONPATH=path)
    assert done.returncode == 2
    assert "pip install 'ocop-scoring[workshop]'" in done.stderr


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Before anything is watched."""
    done = ocop("watch", tmp_path / "rulse")
    assert (done.returncode, "rulse" in done.stderr) == (2, True)
