"""The reviewers' seats: queue, claim, lease, draft, and what is decided; whatever the case type."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import accounts
from portal.accounts.models import REVIEW_ROLES
from portal.review import words
from portal.review.actions import asker, cancel_seats, claim, conclude, hold, move_due, open_seat, release, renew
from portal.review.casetypes import register
from portal.review.drafts import Typed
from portal.review.exhibits import exhibit
from portal.review.fields import Fields
from portal.review.figures import Counts
from portal.review.forms import Choice, VerdictForm, words_field
from portal.review.lifecycle import (
    CLAIM_LEASE,
    DECIDED,
    EVIDENCE_VERDICTS,
    MEASURE_RESULTS,
    Fault,
    Verdict,
    text_faults,
)
from portal.review.listing import Line, line_of, mine
from portal.review.onward import again, my_counts, onward, opened
from portal.review.queries import (
    deciders_of,
    decisions_of,
    last_seat_of,
    latest_request,
    open_seat_of,
    requests_of,
    seat_of,
    seated_in,
)
from portal.review.records import ASKED, record_decision, record_decisions, record_request, seal_holds, words_sha256
from portal.review.views import bp, seats

__all__ = [
    "ASKED",
    "CLAIM_LEASE",
    "DECIDED",
    "EVIDENCE_VERDICTS",
    "MEASURE_RESULTS",
    "Choice",
    "Counts",
    "Fault",
    "Fields",
    "Line",
    "Typed",
    "Verdict",
    "VerdictForm",
    "again",
    "asker",
    "cancel_seats",
    "claim",
    "conclude",
    "deciders_of",
    "decisions_of",
    "exhibit",
    "hold",
    "init_app",
    "last_seat_of",
    "latest_request",
    "line_of",
    "mine",
    "move_due",
    "my_counts",
    "onward",
    "open_seat",
    "open_seat_of",
    "opened",
    "record_decision",
    "record_decisions",
    "record_request",
    "register",
    "release",
    "renew",
    "requests_of",
    "seal_holds",
    "seat_of",
    "seated_in",
    "text_faults",
    "words",
    "words_field",
    "words_sha256",
]


def init_app(app: Flask) -> None:
    """Put the queue and its seats into the app."""
    app.register_blueprint(bp)
    app.register_blueprint(seats)
    accounts.navigation.add("review.index", _l("Review queue"), "inbox", (*REVIEW_ROLES, "lead"), 20)
