"""The Appeal Centre (申诉中心): one appeal per decision, or as many as the policy allows; the last outcome is final."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts, arbitration, deadlines, messages, parts, penalties
from portal.accounts.models import MERCHANT_ROLES
from portal.appeals import actions, appealed, beside, buyer, casefile, chances, drafts, notices, review, words
from portal.appeals.appealed import handed_in, shown
from portal.appeals.listing import needing_evidence, once, to_appeal, totals
from portal.appeals.queries import siblings
from portal.appeals.views import bp

__all__ = [
    "actions",
    "chances",
    "drafts",
    "handed_in",
    "init_app",
    "needing_evidence",
    "once",
    "shown",
    "siblings",
    "to_appeal",
    "totals",
]


def init_app(app: Flask) -> None:
    """Register the pages, the words, the notices and the verbs that answer the deadlines."""
    app.register_blueprint(bp)
    review.init_app(app)
    accounts.navigation.add("appeals.index", _l("Appeals"), "scale", MERCHANT_ROLES, 20)
    notices.learn()
    words.learn_rulings()
    messages.register_case("appeal", "appeals.show", staff="appeals_review.show")
    casefile.register()
    appealed.register()
    messages.register_case("ruling", "appeals.ruling", staff="")
    penalties.register_appeals(beside.against_penalty)
    arbitration.register_appeals(actions.overtaken)
    app.register_blueprint(buyer.bp)
    parts.register(app, "aftersale", beside.PART, buyer.PART)
    remind, moved = actions.remind_filing, actions.windows_moved
    deadlines.register(("penalty", "file_appeal"), expire=actions.close_windows, remind=remind, moved=moved)
    deadlines.register(("penalty", "file_again"), expire=actions.close_next_windows, remind=remind, moved=moved)
    deadlines.register(
        ("arbitration", "file_appeal"),
        expire=actions.close_ruling_windows,
        remind=arbitration.actions.remind,
        moved=actions.ruling_windows_moved,
    )
    remind, moved = actions.remind_supplement, actions.time_moved
    deadlines.register(("appeal", "supplement"), expire=actions.time_out, remind=remind, moved=moved)
    deadlines.register(("appeal", "review"), expire=actions.flag_overdue, moved=moved)
    deadlines.register(("appeal", "human_review"), expire=actions.human_review_over)
