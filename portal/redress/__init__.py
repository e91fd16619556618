"""What a party may do after the last word: complain, ask what was relied on, have a person look, obey an order."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts, deadlines, parts
from portal.accounts.models import REVIEW_ROLES
from portal.parts import Part
from portal.redress import actions, casefile, notices, staff, ways
from portal.redress import words as words
from portal.redress.views import BLUEPRINTS

__all__ = ["actions", "init_app"]

TEMPLATE = "redress/_ways.html"


def init_app(app: Flask) -> None:
    """Register the pages, the notices, the part on the pages of the cases, and what answers the deadlines."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    notices.learn()
    casefile.register()
    accounts.navigation.add("complaints.index", _l("Complaints"), "chat", staff.COMPLAINTS, 25)
    accounts.navigation.add("disclosures.index", _l("Requests to see"), "eye", REVIEW_ROLES, 25)
    parts.register(app, "appeal", Part(TEMPLATE, ways.of_appeal))
    parts.register(app, "aftersale", Part(TEMPLATE, ways.of_dispute))
    deadlines.register(("complaint", "answer"), expire=actions.complaint_overdue, moved=actions.complaint_moved)
    deadlines.register(("disclosure", "answer"), expire=actions.disclosure_overdue, moved=actions.disclosure_moved)
