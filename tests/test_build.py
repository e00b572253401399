"""What is generated is up to date, what is installed is enough, and the documentation does what it says."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from conftest import ROOT
from grpc_health.v1 import health_pb2, health_pb2_grpc
from ocop.scoring.v1 import scoring_pb2 as pb

from scoring_service.engine.dossier import DOSSIER_FIELDS, SHEET_FIELDS
from scoring_service.rulebook.library import Rulebook
from scoring_service.telling.catalogue import catalogue, languages

BIN = Path(sys.executable).parent
_ROOMS = ("*.md", "docs/**/*.md", "rules/README.md", "clients/README.md", "published/README.md")
PAGES = tuple(sorted(path.relative_to(ROOT).as_posix() for room in _ROOMS for path in ROOT.glob(room)))
ONE_LANGUAGE = {"docs/codes.md", "docs/contract.md"}
PAIRS = {
    "README.md": "README.vi.md",
    **{
        page: page.replace("docs/", "docs/vi/")
        for page in PAGES
        if re.fullmatch(r"docs/[^/]+", page) and page not in ONE_LANGUAGE
    },
}
"""Each English page and its Vietnamese counterpart."""
DOORS = {
    "README.md": ("docs/calling.md", "rules/README.md", "docs/dossier.md"),
    "README.vi.md": ("docs/vi/calling.md", "rules/README.md", "docs/vi/dossier.md"),
}
"""The main pages, and the page behind each of their three doors."""
ENV = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "GRPC_VERBOSITY": "NONE"}


def test_generated_code_is_up_to_date(tmp_path: Path) -> None:
    """The Python code of the contract is what `make proto` makes of the proto file."""
    proto = "proto/ocop/scoring/v1/scoring.proto"
    outputs = [
        f"--{kind}_out={extra}{tmp_path}"
        for kind, extra in (("python", ""), ("grpc_python", ""), ("mypy", "quiet:"), ("mypy_grpc", "quiet:"))
    ]
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "-Iproto", *outputs, proto], cwd=ROOT, env=ENV, check=True
    )
    made = sorted((tmp_path / "ocop" / "scoring" / "v1").iterdir())
    assert len(made) == 4
    for path in made:
        assert (ROOT / "clients" / "ocop" / "scoring" / "v1" / path.name).read_text() == path.read_text(), (
            "run: make proto"
        )


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def with_blocks(language: str) -> list[str]:
    found = [page for page in PAGES if blocks(page, language)]
    assert found, language
    return found


@pytest.mark.parametrize("page", with_blocks("sh"))
def test_the_commands_of_the_documentation_work(page: str, tmp_path: Path) -> None:
    """Each line of a `sh` block, in a copy of the checkout."""
    for name in ("rules", "clients"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for block in blocks(page, "sh"):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=tmp_path,
            env=ENV,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", with_blocks("python"))
def test_the_python_of_the_documentation_works(page: str, address: str) -> None:
    """Each `python` block as a script, against a real server."""
    for block in blocks(page, "python"):
        done = subprocess.run(
            [sys.executable, "-c", block.replace("127.0.0.1:50051", address)],
            cwd=ROOT,
            env=ENV,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", with_blocks("yaml\n# dossier"))
def test_the_dossiers_of_the_documentation_are_scored(page: str, tmp_path: Path) -> None:
    """Each `yaml` block that starts with `# dossier`."""
    for block in (b for b in blocks(page, "yaml") if b.startswith("# dossier")):
        path = tmp_path / "dossier.yaml"
        path.write_text(block, encoding="utf-8")
        done = subprocess.run(
            [BIN / "ocop", "score", path], cwd=ROOT, env=ENV, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_target_that_a_page_names_exists() -> None:
    """Of `make`."""
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)) | {"help"}
    for page in PAGES:
        assert set(re.findall(r"`make ([a-z-]+)", text_of(page))) <= targets, page


@pytest.mark.parametrize("page", DOORS)
def test_a_main_page_is_a_shop_window(page: str) -> None:
    """A hundred lines that fit a screen; first the picture, then the two commands, then three doors, each with its page."""
    text = text_of(page)
    lines = text.splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 160
    top, run, doors, *_ = text.split("\n## ")
    assert re.search(r"!\[[^\]]+\]\(docs/picture\.(en|vi)\.svg\)", top)
    assert re.findall(r"\$ make (\w+)", run) == ["demo", "test"]
    _, *behind = doors.split("\n### ")
    for door, target in zip(behind, DOORS[page], strict=True):
        assert f"]({target})" in door
        assert re.search(r"^```(sh|console)$", door, re.MULTILINE)
    for target in ("LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"):
        assert f"]({target})" in text


@pytest.mark.parametrize("page", DOORS)
def test_the_table_of_editions_counts_what_the_rules_hold(page: str, rulebook: Rulebook) -> None:
    """Decision, product sets, criteria, star minimums; in words where there are none."""
    rows = {line.split("|")[1].strip(" `"): line for line in text_of(page).splitlines() if line.startswith("| `20")}
    assert list(rows) == list(rulebook.editions)
    for edition in rulebook.editions.values():
        criteria = [criterion for each in edition.sets.values() for criterion in each.criteria()]
        counted = (len(edition.sets), len(criteria), sum(len(criterion.minimums) for criterion in criteria))
        _, _, decision, _, *cells, _ = rows[edition.id].split("|")
        assert edition.decision in decision
        for cell, number in zip(cells, counted, strict=True):
            assert cell.split()[0] == str(number) or (not number and not re.search(r"\d", cell)), rows[edition.id]


@pytest.mark.parametrize(("language", "missing"), [("vi", "Còn thiếu để lên 4 sao"), ("en", "Missing for 4 stars")])
def test_the_demo_tells_one_story_in_one_screen(language: str, missing: str) -> None:
    """A real server, one dossier, why, what is missing, and the next command; in one language, and no day that is past."""
    done = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env={**ENV, "OCOP_LANG": language},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) <= 50
    assert any(missing in line for line in lines)
    assert "ocop score --full" in lines[-1]
    assert not [line for line in lines if "Xã kiểm tra" in line or "The commune checks" in line]


def test_the_pictures_of_the_main_pages_are_what_the_command_prints(tmp_path: Path) -> None:
    """Drawn anew from the command's own output; they load nothing from elsewhere."""
    subprocess.run([sys.executable, "-m", "demo.picture", tmp_path], cwd=ROOT, env=ENV, check=True)
    drawn = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert {f"docs/{name}": text for name, text in drawn.items()} == {
        f"docs/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.svg")
    }, "run: make picture"
    assert all("://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "") for text in drawn.values())


def test_links_between_pages_lead_somewhere() -> None:
    """Relative links of the documentation exist."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
            assert (ROOT / page).parent.joinpath(target).exists(), f"{page}: {target}"


def test_no_registry_host_in_locks_or_build_files() -> None:
    """Locks name packages and hashes only."""
    for path in [
        *ROOT.glob("requirements/*.lock"),
        ROOT / "Dockerfile",
        ROOT / "docker" / "install.sh",
        ROOT / "pyproject.toml",
        ROOT / "Makefile",
    ]:
        text = path.read_text()
        assert "://" not in text, path
        assert "--index" not in text, path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's build steps, run as the Dockerfile runs them, outside the checkout."""
    source = tmp_path_factory.mktemp("src")
    for name in ("requirements", "docker", "scoring_service", "clients"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    target = tmp_path_factory.mktemp("image") / "ocop"
    subprocess.run(
        ["sh", "docker/install.sh", str(target)],
        cwd=source,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHON": sys.executable},
    )
    return target


def test_the_image_serves_is_healthy_and_stops(installed: Path, tmp_path: Path) -> None:
    """Entry point, health check and SIGTERM of the Dockerfile, with runtime dependencies only."""
    docker = (ROOT / "Dockerfile").read_text()
    assert '"ocop", "health"' in docker
    assert "USER ocop" in docker
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    env = {"PATH": f"{installed / 'bin'}:/usr/bin:/bin", "OCOP_RULES": str(ROOT / "rules")}
    assert subprocess.run(["ocop", "health", f"127.0.0.1:{port}"], env=env, cwd=tmp_path, check=False).returncode == 1
    server = subprocess.Popen(
        ["ocop", "serve", "--host", "0.0.0.0", "--port", port], env=env, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(100):
            if (
                subprocess.run(["ocop", "health", f"127.0.0.1:{port}"], env=env, cwd=tmp_path, check=False).returncode
                == 0
            ):
                break
            time.sleep(0.1)
        else:
            pytest.fail("the service did not become healthy")
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            assert (
                health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest()).status
                == health_pb2.HealthCheckResponse.SERVING
            )
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=20)
        assert server.returncode == 0
        assert '"event": "stopped"' in log
    finally:
        server.kill()


def test_the_client_needs_nothing_of_the_service(installed: Path, tmp_path: Path, address: str) -> None:
    """Installed alone, with grpcio and protobuf only, it scores."""
    alone = tmp_path / "alone"
    subprocess.run([sys.executable, "-m", "venv", str(alone)], check=True)
    site = next((alone / "lib").glob("python*/site-packages"))
    full = next((installed / "lib").glob("python*/site-packages"))
    for name in ("ocop", "grpc", "google", "typing_extensions.py"):  # grpcio and protobuf, nothing beside them
        for found in full.glob(name):
            if found.is_dir():
                shutil.copytree(found, site / found.name, dirs_exist_ok=True)
            else:
                shutil.copy(found, site / found.name)
    assert (site / "ocop" / "py.typed").is_file()
    script = f"import ocop; print([e.id for e in ocop.ScoringClient({address!r}).editions()][-1]); import importlib.util as u; assert u.find_spec('scoring_service') is None"
    done = subprocess.run(
        [alone / "bin" / "python", "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout.strip() == "2026", done.stderr


def test_the_type_checker_refuses_to_change_a_record(tmp_path: Path) -> None:
    """Nothing guards a record at run time; so `make types` must."""
    changing = tmp_path / "changing.py"
    changing.write_text("from scoring_service.engine.mean import Mean\n\nMean(1, 2, 3).sum = 2\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        f"--cache-dir={ROOT / '.mypy_cache'}",
        changing,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 'Property "sum" defined in "Mean" is read-only' in done.stdout, done.stdout + done.stderr


def test_nothing_is_timed_while_two_engines_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark compares answers first: a peer whose bands are one point off is found, and named with its dossier."""
    monkeypatch.syspath_prepend(ROOT)
    from bench import decisions, zen_peer  # noqa: PLC0415 - it stands beside the package, not in it

    edition = decisions.ours.EDITION
    moved = [replace(b, interval=replace(b.interval, low=b.interval.low and b.interval.low + 1)) for b in edition.bands]
    wrong = zen_peer.ZenPeer(replace(edition, bands=tuple(moved)), edition.by_slug["honey"])
    monkeypatch.setitem(decisions.PEERS, ("honey", zen_peer.Layout.MIXED), wrong)
    with pytest.raises(decisions.Disagreement, match="honey, mixed"):
        decisions.agree(80)


def test_words_in_capitals_exist() -> None:
    """A status, a kind or a code that a page names is one of the contract, the catalogues or gRPC; `_TAIL` is the end of one."""
    enums = {name for enum in pb.DESCRIPTOR.enum_types_by_name.values() for name in enum.values_by_name}
    codes = {code for language in languages() for _, code, _ in catalogue(language).templates()}
    statuses = {code.name for code in grpc.StatusCode} | set(health_pb2.HealthCheckResponse.ServingStatus.keys())
    known = enums | codes | statuses | {"OCOP_LANG", "OCOP_RULES"}
    for page in PAGES:
        for word in re.findall(r"\b[A-Z]*(?:_[A-Z]+)+\b", text_of(page)):
            ends = word.startswith("_") and any(name.endswith(word) for name in enums)
            assert ends or word in known, f"{page}: {word}"


@pytest.mark.parametrize(
    "pattern",
    [r"(?<![\w-])--[a-z][a-z-]*", r"(?:^|`|\$ )ocop ([a-z]+)", r"(?a)`([\w./:-]+)`"],
    ids=["options", "commands", "words"],
)
def test_pages_in_two_languages_name_the_same_things(pattern: str) -> None:
    """Commands, options, and the fields, words and files in backticks: what is told in English is told in Vietnamese."""
    named = set()
    for pair in PAIRS.items():
        texts = (text_of(page).replace(" --lang en", "") for page in pair)  # Vietnamese need not be asked for
        english, vietnamese = (set(re.findall(pattern, text, re.MULTILINE)) for text in texts)
        assert english == vietnamese, pair
        named |= english
    assert len(named) > 10


@pytest.mark.parametrize("page", ["docs/dossier.md", "docs/vi/dossier.md"])
def test_the_page_of_the_dossier_names_every_field(page: str) -> None:
    """As a key or in backticks."""
    for one in (*DOSSIER_FIELDS, *SHEET_FIELDS):
        assert re.search(rf"\b{one.key}:|`{one.key}`", text_of(page)), one.path
