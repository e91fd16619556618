"""Arbitration (退款仲裁): the platform hears both sides of an after-sales case, rules, and looks once more if asked."""

from flask import Flask

from portal import aftersales, deadlines, messages
from portal.arbitration import actions, answers, buyer_notices, casefile, notices, review, rooms
from portal.arbitration import refusing as refusing
from portal.arbitration import words as words
from portal.arbitration.actions.deciding import rule_of
from portal.arbitration.actions.ending import ruling_of
from portal.arbitration.actions.moving import barred
from portal.arbitration.casefile import describe
from portal.arbitration.facts import borne, paid, proof_of, ruled
from portal.arbitration.lifecycle import BEARERS, LIABLE, MERCHANT_LIABLE, Ruling
from portal.arbitration.onward import register_appeals
from portal.arbitration.queries import by_ids, first_of, live_of, of_case, own_clock
from portal.arbitration.ruling_forms import minor_of

__all__ = [
    "BEARERS",
    "LIABLE",
    "MERCHANT_LIABLE",
    "Ruling",
    "actions",
    "barred",
    "borne",
    "by_ids",
    "describe",
    "first_of",
    "init_app",
    "live_of",
    "minor_of",
    "of_case",
    "own_clock",
    "paid",
    "proof_of",
    "register_appeals",
    "rule_of",
    "ruled",
    "ruling_of",
]


def init_app(app: Flask) -> None:
    """Register the verbs and their forms, the notices, the case file, and what answers the deadlines."""
    aftersales.register_arbitration(rooms.ARBITRATORS)
    answers.register(app)
    casefile.register()
    notices.learn()
    buyer_notices.learn()
    review.init_app(app)
    messages.register_case("arbitration", "", staff="arbitration_review.show")
    remind, moved = actions.remind, actions.time_moved
    for kind in ("evidence", "rebuttal", "supplement"):
        deadlines.register(("arbitration", kind), expire=actions.hearing_over, remind=remind, moved=moved)
    deadlines.register(("arbitration", "re_review"), expire=actions.second_instance_over, remind=remind, moved=moved)
    deadlines.register(("arbitration", "decision"), expire=actions.flag_overdue, moved=moved)
