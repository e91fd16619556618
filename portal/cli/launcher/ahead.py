"""What the launcher does while the database is made ready: the app and its first page, which the web part inherits.

Nothing here asks the database or opens a connection: a fork must not find one open.
"""

import importlib
from contextlib import suppress

from jinja2 import Environment, meta

from portal.config import ConfigError

FIRST_PAGE = ("security/login.html", "shared/_head.html", "shared/_topbar.html")
"""The templates of signing in: itself, and the parts that are kept beside it, which no template names."""


def the_first_page() -> None:
    """Make the app, and compile what its first page is made of; a bad setting is said by whoever needs it."""
    with suppress(ConfigError):
        compile_all(importlib.import_module("wsgi").app.jinja_env, *FIRST_PAGE)


def compile_all(templates: Environment, *names: str) -> set[str]:
    """Compile templates and all that they name, and keep them; their names."""
    assert templates.loader is not None
    found, waiting = set(), list(names)
    while waiting:
        found.add(one := waiting.pop())
        templates.get_template(one)
        named = meta.find_referenced_templates(templates.parse(templates.loader.get_source(templates, one)[0]))
        waiting += [other for other in named if other and other not in found]
    return found
