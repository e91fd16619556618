"""For whom an answer is: language, zone and year; and the words of the catalogue, each looked up once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, g, has_request_context
from flask_babel import force_locale, get_locale, get_timezone, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

KEPT = 8192


class Reader(NamedTuple):
    """All that words and figures depend on besides what they say."""

    locale: str
    zone: str
    year: int | None

    @property
    def language(self) -> str:
        """`zh` or `en`."""
        return "en" if self.locale.startswith("en") else "zh"


def reader() -> Reader:
    """For whom this answer is; found once in a request for each language that is spoken in it."""
    try:
        here = vars(g._get_current_object())  # noqa: SLF001 - g asks the context each time
    except RuntimeError:
        return Reader("", "UTC", None)
    found: tuple[Any, Reader] | None = here.get("reader")
    if found is None or found[0] is not getattr(here.get("_flask_babel"), "babel_locale", None):
        found = here["reader"] = get_locale(), _find()
    return found[1]


@contextmanager
def reading_as(locale: str, zone: str) -> Iterator[None]:
    """Speak to somebody who is not the one asking, such as the reader of a mail."""
    with force_locale(locale):
        g.reader = get_locale(), Reader(str(get_locale()), zone, None)
        try:
            yield
        finally:
            del g.reader


def _find() -> Reader:
    zone = get_timezone()
    year = g.arrived_at.astimezone(zone).year if has_request_context() and "arrived_at" in g else None
    return Reader(str(get_locale()), str(zone), year)


def init_app(app: Flask) -> None:
    """Give templates the words of the catalogue by a shorter way than Flask-Babel's: a page asks for a hundred."""
    app.jinja_env.globals.update(_=_translated, gettext=_translated, ngettext=_counted)


@pass_eval_context
def _translated(around: EvalContext, words: str, /, **params: object) -> str:
    """The words in the reader's language, filled with the params, which are escaped in a page."""
    return _filled(around, _known(reader().locale, words), params)


@pass_eval_context
def _counted(around: EvalContext, one: str, many: str, num: int, /, **params: object) -> str:
    """The words for so many, in the reader's language."""
    return _filled(around, _known_for(reader().locale, one, many, num), {"num": num} | params)


def _filled(around: EvalContext, words: str, params: Mapping[str, object]) -> str:
    filled = Markup(words) if around.autoescape else words  # noqa: S704 - the catalogue is ours
    return filled % params if "%" in words else filled


@lru_cache(maxsize=KEPT)
def _known(_locale: str, words: str) -> str:
    return str(get_translations().ugettext(words))


@lru_cache(maxsize=KEPT)
def _known_for(_locale: str, one: str, many: str, num: int) -> str:
    return str(get_translations().ungettext(one, many, num))
