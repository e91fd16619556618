"""`portal config`: every setting, from the code that reads it."""

import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields

import click

from portal.config import Config

PAGE = """# Settings

Read once from the environment when a process starts; a bad or weak value is refused with one sentence that says what to
set. `portal config` shows them with the values in force. This page is made by `portal config --markdown`.

| variable | default | meaning |
|---|---|---|
{rows}
"""


@click.command("config")
@click.option("--markdown", is_flag=True, help="Print docs/configuration.md instead.")
def command(*, markdown: bool) -> None:
    """Show every setting: its name, the value in force, its default and its meaning.

    Secrets are masked. Settings are environment variables:

    \b
      PORT=9000 portal serve
      portal config | grep URL
    """
    click.echo(page() if markdown else table(os.environ), nl=not markdown)


def table(environ: Mapping[str, str]) -> str:
    """The settings as aligned columns; a value that differs from its default is marked with a star."""
    rows = [("", "NAME", "VALUE", "DEFAULT", "MEANING"), *_rows(environ)]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join([*map(_padded, row, widths), row[-1]]) for row in rows)


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _rows(environ: Mapping[str, str]) -> Iterator[tuple[str, str, str, str, str]]:
    for setting in fields(Config):
        about = setting.metadata
        given = environ.get(about["env"], "").strip()
        shown = "(set)" if given and about["secret"] else given or about["default"]
        mark = "*" if given and given != about["default"] else " "
        yield mark, about["env"], shown or "-", about["default"] or "-", about["meaning"]


def page() -> str:
    """docs/configuration.md."""
    rows = (
        f"| `{about['env']}` | {_code(about['default'])} | {about['meaning']}{' (secret)' if about['secret'] else ''} |"
        for about in (setting.metadata for setting in fields(Config))
    )
    return PAGE.format(rows="\n".join(rows))


def _code(value: str) -> str:
    return f"`{value}`" if value else ""
