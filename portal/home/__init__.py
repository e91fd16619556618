"""What needs me today, for each role."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts
from portal.home.views import bp

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register the page, first in the navigation."""
    app.register_blueprint(bp)
    accounts.navigation.add("home.index", _l("Home"), "home", (), 10)
