"""The `portal` command itself: how it is begun, and what that spares it."""

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

from tests.faults.running import ROOT, START

WATCHED = f"""
import gc, runpy, sys
seen = []
def looks(phase, about):
    if "portal" in sys.modules and not gc.get_freeze_count():
        seen.append(phase)
gc.callbacks.append(looks)
sys.argv = ["portal", "--help"]
try:
    runpy.run_path({START[-1]!r}, run_name="__main__")
finally:
    print(len(seen), "collections; much is frozen:", gc.get_freeze_count() > 100_000)
"""


def test_no_garbage_is_sought_while_the_modules_load() -> None:
    said = subprocess.run(
        [*START[:-1], "-c", WATCHED],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines()[-1] == "0 collections; much is frozen: True"


def test_the_command_is_begun_by_its_file_not_by_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `-m portal` the whole package is there before the file's first line is."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "requirements" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    install = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(install)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$PYTHONPATH: $@"\n')
    python.chmod(0o755)
    install.command()
    said = subprocess.run(
        [python.parent / "portal", "serve"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == f"{tmp_path}: -P {tmp_path}/portal/__main__.py serve\n"
    assert said.stdout.split()[1:-1] == [word.replace(str(ROOT), str(tmp_path)) for word in START[1:]]
