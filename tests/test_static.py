"""What the browser is given: vendored files unchanged, small enough, and nothing an old browser or the CSP refuses."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
KB = 1024
ROW = re.compile(r"^\| (?P<file>[\w.-]+) \|.*\| (?P<digest>[0-9a-f]{96}) \|$", re.MULTILINE)
TOO_NEW = re.compile(r":has\(|light-dark\(|color-mix\(|@container|@scope|oklch\(|\bsubgrid\b|^\s*&", re.MULTILINE)
FORBIDDEN = re.compile(
    r"\beval\(|new Function|\.innerHTML|\.outerHTML\s*=|document\.write|insertAdjacentHTML|https?://|\.style\b"
)
WEIGHTS = {"portal.css": 8, "staff.css": 2, "portal.js": 6.5, "staff.js": 2, "icons.svg": 2}
"""In KB as sent. The half beyond six is what keeps a draft on its way and a decision from overtaking each other."""

FIRST_LOAD = (
    "portal.css",
    "portal.js",
    "icons.svg",
    "vendor/bootstrap-reboot-5.3.8.min.css",
    "vendor/htmx-2.0.11.min.js",
)


def zipped(name: str) -> int:
    """How many bytes the file is when it is sent."""
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "browser" / "vendor"], ids=["served", "tests"])
def test_each_vendored_file_is_the_one_that_its_row_names(folder: Path) -> None:
    rows = {row["file"]: row["digest"] for row in ROW.finditer((folder / "VENDORED.md").read_text())}
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "VENDORED.md"}
    assert rows == {name: hashlib.sha384(content).hexdigest() for name, content in files.items()}


@pytest.mark.parametrize(("name", "most"), WEIGHTS.items())
def test_no_file_outgrows_its_budget(name: str, most: float) -> None:
    assert zipped(name) <= most * KB


def test_the_first_load_leaves_room_for_the_page() -> None:
    assert sum(zipped(name) for name in FIRST_LOAD) <= 39 * KB


@pytest.mark.parametrize("name", ["portal.css", "staff.css"])
def test_the_style_sheets_run_in_old_in_app_browsers(name: str) -> None:
    assert not TOO_NEW.findall((STATIC / name).read_text().split("*/", 1)[1])


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_our_scripts_build_no_markup_from_text_and_ask_no_other_site(path: Path) -> None:
    assert not FORBIDDEN.findall(path.read_text())


def test_events_of_htmx_are_named_in_one_file_only() -> None:
    named = [path.name for path in STATIC.glob("*.js") if "htmx:" in path.read_text()]
    assert named == ["portal.js"]


def test_nothing_static_points_to_another_site() -> None:
    for path in [*STATIC.glob("*.css"), *STATIC.glob("*.svg")]:
        assert not re.findall(r"(?:url\(|href=)[\"']?(?:https?:)?//", path.read_text()), path.name


def test_every_icon_that_is_asked_for_exists() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text()))
    sources = [path.read_text() for path in TEMPLATES.rglob("*.html")]
    asked = {name for source in sources for name in re.findall(r'\bicon\("(\w+)"', source)}
    scripted = set(re.findall(r'\bicon\("(\w+)"\)', (STATIC / "portal.js").read_text()))
    assert (asked | scripted) - drawn == set()


def test_the_style_sheets_name_the_vendored_files_that_exist() -> None:
    named = set(
        re.findall(
            r"vendor/[\w.-]+\.(?:css|js)", (STATIC / "portal.css").read_text() + (TEMPLATES / "layout.html").read_text()
        )
    )
    assert {name for name in named if not (STATIC / name).is_file()} == set()
