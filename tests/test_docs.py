"""What the docs say of the code is true."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import LAYERS

ROOT = Path(__file__).parent.parent
TO_NAME = re.compile(r"\[`[^`]+` (\w+)\]\(\.\./([\w/.]+)\)")
TO_FILE = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_the_tour_names_what_is_there() -> None:
    links = TO_NAME.findall((ROOT / "docs/tour.md").read_text())
    assert len(links) >= 15
    wrong = [(name, file) for name, file in links if not _defines((ROOT / file).read_text(), name)]
    assert wrong == []


def _defines(code: str, name: str) -> bool:
    return re.search(rf"^\s*(def|class) {name}\b", code, re.MULTILINE) is not None


def test_the_tour_has_the_line_of_layers() -> None:
    line = (ROOT / "docs/tour.md").read_text().split("```")[1].replace("|", " ").split()
    slices = [name for name in LAYERS if (ROOT / "portal" / name / "__init__.py").exists()]
    assert [name for name in line if name in slices] == slices


def test_no_recipe_stands_twice() -> None:
    recipes = re.findall(r"^\*\*([^*]+)\*\*", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert len(recipes) == len(set(recipes)) > 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    targets = TO_FILE.findall(page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_test_the_promises_name_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "docs/security.md").read_text()))
    assert len(named) >= 15
    assert [name for name in named if not (ROOT / name).exists()] == []
