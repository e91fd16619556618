"""奖惩中心: what the marketplace holds against a shop, why, and what follows."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts, deadlines, text
from portal.accounts.models import MERCHANT_ROLES
from portal.penalties import issuer, notices, saying, views, words
from portal.penalties.actions import (
    Issued,
    Opening,
    Plan,
    add_evidence,
    carry_out,
    close_window,
    close_windows,
    executed,
    hold,
    issue,
    issue_all,
    lift,
    move_windows,
    not_executed,
    open_windows,
    plan,
    put_off_window,
    reduce,
    reinstate,
    remind_of_window,
    resume,
    revoke,
    take_effect,
)
from portal.penalties.drawing import Charge
from portal.penalties.filed import Filed, register_appeals
from portal.penalties.finding import Finding, NoMeasureError, Sanction
from portal.penalties.incoming import COLUMNS, Row
from portal.penalties.queries import by_number, taking_effect
from portal.penalties.saying import amount_left, at_stake, measure_words
from portal.penalties.sealing import as_issued, facts_sha256

__all__ = [
    "COLUMNS",
    "Charge",
    "Filed",
    "Finding",
    "Issued",
    "NoMeasureError",
    "Opening",
    "Plan",
    "Row",
    "Sanction",
    "add_evidence",
    "amount_left",
    "as_issued",
    "at_stake",
    "by_number",
    "carry_out",
    "close_window",
    "close_windows",
    "executed",
    "facts_sha256",
    "hold",
    "init_app",
    "issue",
    "issue_all",
    "lift",
    "measure_words",
    "move_windows",
    "open_windows",
    "plan",
    "put_off_window",
    "reduce",
    "register_appeals",
    "reinstate",
    "remind_of_window",
    "resume",
    "revoke",
    "take_effect",
    "taking_effect",
    "words",
]


def init_app(app: Flask) -> None:
    """Register the pages, the words and the notices of a penalty."""
    app.register_blueprint(views.bp)
    app.register_blueprint(issuer.bp)
    text.teach(app, saying.at_stake, measure_words, saying.fault_words)
    notices.init_app()
    deadlines.register(("penalty", "execute"), expire=not_executed)
    accounts.navigation.add("penalties.index", _l("Penalties"), "flag", MERCHANT_ROLES, 30)
    accounts.navigation.add("penalty_imports.new", _l("Import penalties"), "up", issuer.ROLES, 40)
