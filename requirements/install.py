#!/usr/bin/env python3
"""Set the project up in `.venv`: hashed requirements, vendored assets checked, translations compiled.

    python3 requirements/install.py            what the portal needs to run
    python3 requirements/install.py --dev      what tests and checks need besides

Quick when there is nothing to do: a copy of each installed lock is kept in `.venv` and compared.
Only the standard library may be used here; an old Python must be able to read this file, to be told so.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = """#!/bin/sh
# The `portal` command; written by requirements/install.py.
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" exec "$root/.venv/bin/python" -P "$root/portal/__main__.py" "$@"
"""


def stop(sentence):
    """End with one sentence instead of a traceback."""
    sys.exit("portal: " + sentence)


def venv():
    """Make `.venv` unless a working one is there."""
    version = "%d.%d" % sys.version_info[:2]
    if sys.version_info < (3, 11):
        stop("Python 3.11 or newer is needed, this is " + version + "; say which one: make PYTHON=python3.12")
    if PYTHON.exists() and not subprocess.call([str(PYTHON), "-I", "-S", "-c", ""], stderr=subprocess.DEVNULL):
        return
    print("Making .venv with Python " + version + " ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if re.search("ensurepip|No module named venv", made.stdout + made.stderr):
            stop("this Python can't make a virtual environment; install the rest of it: apt install python3-venv")
        stop("no virtual environment could be made in .venv: " + (made.stderr or made.stdout).strip())


def packages(lock):
    """Install a lock, every file checked against its hash, unless it is the one installed last."""
    source, stamp = ROOT / "requirements" / lock, VENV / lock
    if stamp.exists() and stamp.read_bytes() == source.read_bytes():
        return
    print("Installing requirements/" + lock + " (about a minute) ...", flush=True)
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
    ]
    if subprocess.call([*pip, "-r", str(source)]):
        stop("requirements/" + lock + " could not be installed, see above; nothing was started.")
    shutil.copyfile(source, stamp)


def command():
    """Write `.venv/bin/portal`, so that the README's commands work from any folder."""
    path = VENV / "bin" / "portal"
    if not path.exists() or path.read_text() != COMMAND:
        path.write_text(COMMAND)
        path.chmod(0o755)


def assets():
    """Compare each vendored file with the SHA-384 that VENDORED.md promises."""
    folder = ROOT / "static" / "vendor"
    promised = folder / "VENDORED.md"
    page = promised.read_text(encoding="utf-8") if promised.exists() else ""
    for path in sorted(folder.iterdir()):
        if path.name == "VENDORED.md" or "LICENSE" in path.name.upper():
            continue
        digest = hashlib.sha384(path.read_bytes()).digest()
        lines = "\n".join(line for line in page.splitlines() if path.name in line)
        found = re.findall(r"[0-9a-f]{96}|[A-Za-z0-9+/]{64}", lines)
        if digest.hex() not in found and base64.b64encode(digest).decode() not in found:
            stop(
                "static/vendor/" + path.name + " is not the file that VENDORED.md names; "
                "restore it: git checkout static/vendor"
            )


def words():
    """Compile each catalogue that is newer than its .mo."""
    for source in sorted(ROOT.glob("translations/*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        compiler = [str(PYTHON), "-m", "babel.messages.frontend", "--quiet", "compile"]
        if subprocess.call([*compiler, "-i", str(source), "-o", str(target)]):
            stop(str(source) + " could not be compiled, see above.")


if __name__ == "__main__":
    venv()
    packages("base.txt")
    if "--dev" in sys.argv:
        packages("dev.txt")
    command()
    assets()
    words()
