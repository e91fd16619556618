"""What the launcher makes ready before the parts begin: the app and its first page, which the web part inherits.

Nothing here asks the database or opens a connection: a fork must not find one open.
"""

import importlib
import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, suppress

from jinja2 import Environment, meta

from portal import Portal, assets
from portal.config import ConfigError

SERVED = "wsgi"

FIRST_PAGE = ("security/login.html", "shared/_head.html", "shared/_topbar.html")
"""The templates of signing in: itself, and the parts that are kept beside it, which no template names."""


def the_app(say: Callable[[str], None]) -> Portal | None:
    """Make the app that is served, and `say` what it logs; None if it can't be made whole.

    Then each part makes its own, says what is wrong, and has another try whenever it is started again.
    """
    logged = io.StringIO()
    try:
        with redirect_stderr(logged):
            app: Portal = importlib.import_module(SERVED).app
    except (ConfigError, OSError):
        return None
    if not app.extensions[assets.BUILT]:
        del sys.modules[SERVED]
        return None
    for line in logged.getvalue().splitlines():
        say(line)
    return app


def the_first_page(app: Portal | None) -> None:
    """Compile what the first page is made of; what stands in the way is met by whoever serves it."""
    if app is not None:
        with suppress(OSError):
            compile_all(app.jinja_env, *FIRST_PAGE)


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
