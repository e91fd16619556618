"""Pieces of pages that are drawn once for all who read alike, and kept: icons, marks, rows of lists, the frame.

Such a piece depends on its arguments and the reader alone. A form in it carries a mark in place of its token; the page
gets the reader's own when it is sent. Line breaks and indents are squeezed: none of them holds preformatted text.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from portal import text
from portal.reader import KEPT, Reader, reader

TOKEN = secrets.token_hex(16)
"""Stands for the form token until the page is sent; nobody outside of this process knows it."""
BREAKS = re.compile(r"\s*\n\s*")


def init_app(app: Flask) -> None:
    """Give templates `kept(macro)`, `each(…)` and `part(name, **needs)`, and the mark for `csrf_token()`."""

    @lru_cache(maxsize=KEPT, typed=True)
    def drawn(_reader: Reader, name: str, **needs: object) -> Markup:
        return _squeezed(app.jinja_env.get_template(name).render(needs))

    def part(name: str, **needs: object) -> Markup:
        """A part that shows nothing but what it is given here."""
        return drawn(reader(), name, **needs)

    app.jinja_env.template_class = Drawing
    app.jinja_env.globals.update(kept=Kept, each=each, part=part, csrf_token=lambda: TOKEN)
    adding = app.template_context_processors
    adding[None] = [add for add in adding[None] if add.__module__ != "flask_wtf.csrf"]


class Drawing(Template):
    """A template whose macros are made once: none of ours is given globals of its own, for which Jinja would look."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Kept:
    """A macro, drawn once for each reader and list of arguments.

    The type of an argument counts, so that words to be escaped are never taken for markup that says the same.
    """

    def __init__(self, macro: Callable[..., str]) -> None:
        @lru_cache(maxsize=KEPT, typed=True)
        def drawn(_reader: Reader, *args: object, **named: object) -> Markup:
            return _squeezed(macro(*args, **named))

        self.drawn = drawn

    def __call__(self, *args: object, **named: object) -> Markup:
        """The drawing."""
        return self.drawn(reader(), *args, **named)


def each(line: Kept, rows: Iterable[Any], now: datetime, *args: object) -> Markup:
    """Every row of a list, drawn by a kept macro from the row, its time left, its urgency, and the arguments.

    A loop in the template would spend more on itself than on the rows.
    """
    who = reader()
    return Markup("").join([line.drawn(who, row, *text.time_left(who, row.due_at, now), *args) for row in rows])


def finished(page: str) -> str:
    """The page with the reader's own form token in its forms."""
    return page.replace(TOKEN, generate_csrf()) if TOKEN in page else page


def _squeezed(drawn: str) -> Markup:
    return Markup(BREAKS.sub("\n", drawn))  # noqa: S704 - a template has escaped it
