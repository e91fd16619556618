"""What needs me today, for each role."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts
from portal.accounts.models import ROLES
from portal.home.views import LEADS, bp, not_carried_out

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register the pages; the first one comes first in the navigation."""
    app.register_blueprint(bp)
    app.register_blueprint(not_carried_out)
    accounts.navigation.add("home.index", _l("Home"), "home", ROLES, 10)
    accounts.navigation.add("not_carried_out.index", _l("Not done"), "cash", LEADS, 26)
