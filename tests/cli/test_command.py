"""The `portal` command itself: how it is begun, and what that spares it."""

import os
import subprocess

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
