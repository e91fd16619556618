"""Arbitration (退款仲裁): the platform hears both sides of an after-sales case, rules, and looks once more if asked."""

from flask import Flask

from portal import aftersales, deadlines, messages
from portal.arbitration import actions, answers, casefile, notices, review, rooms
from portal.arbitration import words as words
from portal.arbitration.lifecycle import BEARERS, LIABLE, Ruling
from portal.arbitration.onward import register_appeals
from portal.arbitration.queries import appealable, by_ids, deciders, first_of, live_of, of_case

__all__ = [
    "BEARERS",
    "LIABLE",
    "Ruling",
    "actions",
    "appealable",
    "by_ids",
    "deciders",
    "first_of",
    "init_app",
    "live_of",
    "of_case",
    "register_appeals",
]


def init_app(app: Flask) -> None:
    """Register the verbs and their forms, the notices, the case file, and what answers the deadlines."""
    aftersales.register_arbitration(rooms.ARBITRATORS)
    answers.register(app)
    casefile.register()
    notices.learn()
    review.init_app(app)
    messages.register_case("arbitration", "", staff="arbitration_review.show")
    for kind in ("evidence", "rebuttal", "supplement"):
        deadlines.register(("arbitration", kind), expire=actions.hearing_over, remind=actions.remind)
    deadlines.register(("arbitration", "re_review"), expire=actions.second_instance_over)
    deadlines.register(("arbitration", "file_appeal"), expire=actions.second_instance_over, remind=actions.remind)
    deadlines.register(("arbitration", "decision"), expire=actions.flag_overdue)
