"""`portal config`, and the page made from it."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from portal.cli import portal
from portal.cli.config import page, table

DOCS = Path(__file__).parents[2] / "docs"


def test_the_documented_settings_are_those_of_the_code() -> None:
    assert (DOCS / "configuration.md").read_text() == page(), "run: portal config --markdown > docs/configuration.md"


def test_the_command_prints_the_page() -> None:
    assert CliRunner().invoke(portal, ["config", "--markdown"]).output == page()


def test_secrets_are_masked_and_given_values_are_marked() -> None:
    lines = table({"SECRET_KEY": "a-secret-nobody-may-read", "PORT": "9000"}).splitlines()
    assert not any("nobody-may-read" in line for line in lines)
    assert any(line.startswith("*  SECRET_KEY") and "(set)" in line for line in lines)
    assert any(line.startswith("*  PORT") and "9000" in line for line in lines)
    assert any(line.startswith("   HOST") for line in lines)


def leaves(group: click.Group, path: str) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", (group.help or "") + (command.help or "")


@pytest.mark.parametrize(("command", "words"), list(leaves(portal, "portal")))
def test_every_command_says_what_it_does_and_shows_an_example(command: str, words: str) -> None:
    assert f"{command}\n" in words + "\n" or f"{command} " in words
