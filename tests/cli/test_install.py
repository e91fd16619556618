"""The set-up script: what it checks before anything starts."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shutil.copytree(ROOT / "static" / "vendor", tmp_path / "static" / "vendor")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def test_the_vendored_files_are_those_that_were_promised(install: ModuleType) -> None:
    install.assets()


def test_a_changed_vendored_file_is_named_before_anything_starts(install: ModuleType, tmp_path: Path) -> None:
    victim = next((tmp_path / "static" / "vendor").glob("htmx*.js"))
    victim.write_bytes(victim.read_bytes() + b"\n")
    with pytest.raises(SystemExit, match=f"{victim.name} is not the file that VENDORED.md names"):
        install.assets()


def test_a_vendored_file_that_nobody_wrote_down_is_refused(install: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "static" / "vendor" / "extra.js").write_text("1")
    with pytest.raises(SystemExit, match=r"extra\.js is not the file"):
        install.assets()


def test_an_old_python_is_told_so_in_a_sentence(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed, this is 3\.9"):
        install.venv()


def test_the_command_is_begun_by_its_file_not_by_the_package(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `-m portal` the whole package is there before the file's first line is."""
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$PYTHONPATH: $@"\n')
    python.chmod(0o755)
    install.command()
    said = subprocess.check_output([python.parent / "portal", "serve"], env={"PATH": os.environ["PATH"]}, text=True)
    assert said == f"{tmp_path}: -P {tmp_path}/portal/__main__.py serve\n"


def test_the_locks_name_every_file_by_its_hash_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock
        assert text.count("\n") > 100, lock
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert all("==" in pin and pin.endswith("\\") for pin in pins), lock


@pytest.mark.parametrize("name", ["base", "dev"])
def test_the_locks_hold_everything_that_is_asked_for(name: str) -> None:
    folder = ROOT / "requirements"
    wanted = re.findall(r"^([A-Za-z][\w-]*)", (folder / f"{name}.in").read_text(), re.MULTILINE)
    assert len(wanted) > 8
    locked = re.findall(r"^([A-Za-z0-9_-]+)(?:\[.*\])?==", (folder / f"{name}.txt").read_text(), re.MULTILINE)
    assert {one.lower() for one in wanted} - set(locked) == set()


@pytest.fixture
def set_up_by(tmp_path: Path) -> Callable[[str], str]:
    """The Python that `make run` sets up with, when that of .venv is this script."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)

    def by(script: str) -> str:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "MAKEFLAGS"}}
        told = subprocess.run(
            ["make", "--no-print-directory", "-n", "run"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout.partition(" requirements/install.py")[0]

    return by


def test_a_set_up_portal_is_looked_over_by_its_own_python(set_up_by: Callable[[str], str]) -> None:
    assert set_up_by("exit 0") == ".venv/bin/python"


@pytest.mark.parametrize("broken", ["exit 1", "exec /no/such/python3.11"])
def test_a_broken_environment_is_mended_by_another_python(set_up_by: Callable[[str], str], broken: str) -> None:
    assert re.fullmatch(r"python3(\.\d+)?", set_up_by(broken))
