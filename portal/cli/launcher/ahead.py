"""What the launcher makes ready before the parts begin: the app and its first page, which the web part inherits.

Nothing here asks the database or opens a connection: a fork must not find one open.
"""

import importlib
import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, suppress

from portal import Portal, assets
from portal.config import ConfigError

SERVED = "wsgi"

FIRST_PAGE = (
    "layout.html",
    "security/login.html",
    "shared/_flashes.html",
    "shared/_head.html",
    "shared/_language.html",
    "shared/_menu.html",
    "shared/_topbar.html",
    "shared/_unread.html",
    "shared/macros/forms.html",
    "shared/macros/marks.html",
    "shared/macros/parts.html",
    "shared/macros/time.html",
)
"""The templates of signing in, with all that they name: written down, as to look for them takes half as long again."""


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
            for name in FIRST_PAGE:
                app.jinja_env.get_template(name)
