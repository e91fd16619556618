"""The after-sales workbench (售后工作台): orders, requests about them, and what both sides make of them."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts, deadlines, text
from portal.accounts.models import MERCHANT_ROLES
from portal.aftersales import actions, address, buyer, buyer_notices, casefile, notices
from portal.aftersales import refusing as refusing
from portal.aftersales.actions import Terms, Wish, enter_arbitration, leave_arbitration
from portal.aftersales.ahead import Default, Standing, defaults
from portal.aftersales.answering import Answer
from portal.aftersales.answering import register as register_answers
from portal.aftersales.buyer import case_of_link, let_in
from portal.aftersales.casefile import describe
from portal.aftersales.facts import seen, seen_by
from portal.aftersales.forms import AnswerForm
from portal.aftersales.incoming import COLUMNS as ORDER_COLUMNS
from portal.aftersales.incoming import REQUEST_COLUMNS, Row
from portal.aftersales.onward import Arbitrators, Hidden, How, NoArbitrationError, Room, register_arbitration
from portal.aftersales.orders import Customer, Line, Order
from portal.aftersales.queries import as_buyer, due_of, found, how_many_wait, in_tab, order_of, totals, waiting
from portal.aftersales.reading import PLATFORM, as_read
from portal.aftersales.telling import told
from portal.aftersales.views import bp
from portal.aftersales.whereabouts import at_the_shop
from portal.aftersales.words import asked_for, foretold
from portal.policies import WINDOWS

__all__ = [
    "ORDER_COLUMNS",
    "PLATFORM",
    "REQUEST_COLUMNS",
    "Answer",
    "AnswerForm",
    "Arbitrators",
    "Customer",
    "Default",
    "Hidden",
    "How",
    "Line",
    "NoArbitrationError",
    "Order",
    "Room",
    "Row",
    "Standing",
    "Terms",
    "Wish",
    "actions",
    "as_buyer",
    "as_read",
    "at_the_shop",
    "case_of_link",
    "defaults",
    "describe",
    "due_of",
    "enter_arbitration",
    "foretold",
    "found",
    "how_many_wait",
    "in_tab",
    "init_app",
    "leave_arbitration",
    "let_in",
    "order_of",
    "register_answers",
    "register_arbitration",
    "seen",
    "seen_by",
    "told",
    "totals",
    "waiting",
]

REMINDED = ("merchant_response", "offer_answer", "escalate", "buyer_return", "inspection", "ship")


def init_app(app: Flask) -> None:
    """Register the pages, the words, the notices, the case file and the verbs that answer the deadlines."""
    app.register_blueprint(bp)
    app.register_blueprint(address.bp)
    text.teach(app, asked_for)
    app.register_blueprint(buyer.bp)
    accounts.navigation.add("aftersales.index", _l("After-sales"), "box", MERCHANT_ROLES, 35)
    notices.init_app()
    buyer_notices.learn()
    casefile.register()
    for kind in WINDOWS:
        remind = actions.remind if kind in REMINDED else None
        deadlines.register(("aftersale", kind), expire=actions.time_out, remind=remind, moved=actions.time_moved)
