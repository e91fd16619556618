#!/usr/bin/env python3
"""Find what tests need besides Python packages, Chromium and PostgreSQL; install it where that is allowed.

With apt-get and root (or sudo without a password) what is missing is installed. Elsewhere one sentence says what to
install, and the tests that need it are skipped; with CI=true that is a failure, because there nothing may be skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM = (
    "chromium-headless-shell",  # Debian's without windows: a fifth quicker than the other one with its windows hidden
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium():
    """The path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *CHROMIUM)))), None)


def postgres():
    """The folder of PostgreSQL's programs, or None."""
    folders = [os.environ.get("PG_BIN"), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)]
    if shutil.which("pg_config"):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        folders.append(asked.stdout.strip())
    return next((f for f in folders if f and os.access(f + "/initdb", os.X_OK)), None)


def installer():
    """The words that put a Debian package on this machine, or None where that is not ours to do."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and not subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL):
        return ["sudo", "-n", "apt-get"]
    return None


def install(names):
    """Install Debian packages; whether it worked is seen by looking again."""
    apt = installer()
    if apt is None:
        return
    print("Installing %s (apt-get) ..." % " and ".join(names), flush=True)
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.call([*apt, "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL)
    subprocess.call(
        [*apt, "install", "-y", "-qq", "--no-install-recommends", *names], env=quiet, stdout=subprocess.DEVNULL
    )


def missing(browser="chromium"):
    """What is not here, as {package: what stays untested without it}; Chromium comes in the package of this name."""
    lacking = {}
    if os.environ.get("TEST_DATABASE_URL") is None and postgres() is None:
        lacking["postgresql"] = "PostgreSQL"
    if chromium() is None:
        lacking[browser] = "the browser"
    return lacking


if __name__ == "__main__":
    for browser in ("chromium-headless-shell", "chromium"):  # the first is not packaged everywhere
        if lacking := missing(browser):
            install(sorted(lacking))
    lacking = missing()
    for package, subject in sorted(lacking.items()):
        print(
            "%s is missing, so nothing is tested on %s: install it (Debian: apt install %s)."
            % (package, subject, package)
        )
    sys.exit(1 if lacking and os.environ.get("CI") == "true" else 0)
