"""The queue, and the seats people take from it; what is decided on a case is its own slice's."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import get_timezone
from flask_babel import gettext as _

from portal import accounts, hx
from portal.accounts.models import REVIEW_ROLES
from portal.db import LARGEST_KEY, session
from portal.review import actions, casetypes, listing
from portal.review.drafts import Typed
from portal.review.models import Review
from portal.review.onward import changed, my_counts

bp = Blueprint("review", __name__, url_prefix="/review")
seats = Blueprint("seats", __name__, url_prefix="/review/seats")
accounts.guard(bp, *REVIEW_ROLES, "lead")
accounts.guard(seats, *REVIEW_ROLES)


@bp.get("")
def index() -> Response:
    """The queue by time left, or the part of it that is asked for."""
    ask, by, at, zone = listing.asked(request.args), accounts.actor(), hx.arrived_at(), get_timezone()
    counts = my_counts(at)
    total = listing.found(ask, by=by, at=at, zone=zone) if ask.address else counts.open
    return hx.render(
        "review/index.html",
        "review/_queue.html",
        ask=ask,
        page=listing.waiting(ask, by=by, at=at, zone=zone),
        counts=counts,
        total=total,
        now=at,
    )


@bp.get("/fresh")
@accounts.passive
def fresh() -> Response:
    """How many cases came since the queue was drawn: asked for every minute, 204 while nothing changed."""
    if not hx.wants_part():
        return hx.go(url_for("review.index"))
    since, *told = map(_number, ("since", "newer", "open"))
    counts = my_counts(hx.arrived_at())
    newer = listing.newer_than(since)
    if [newer, counts.open] == told:
        return Response(status=204)
    return hx.render("review/_fresh.html", "review/_fresh.html", counts=counts, newer=newer, since=since, oob=True)


@seats.post(f"/<int(max={LARGEST_KEY}):seat_id>/claim")
def claim(seat_id: int) -> Response:
    """Take the case for 25 minutes and open it."""
    seat = actions.claim(_seat(seat_id), by=accounts.actor(), at=hx.arrived_at())
    return changed(seat, open=request.form.get("open"))


@seats.post(f"/<int(max={LARGEST_KEY}):seat_id>/release")
def release(seat_id: int) -> Response:
    """Give the case back; the draft stays for whoever takes it next."""
    seat = actions.release(_seat(seat_id), by=accounts.actor(), at=hx.arrived_at())
    if hx.wants_part():
        return changed(seat, closed="1")
    return hx.done(url_for("review.index"), _("%(ref)s is back in the queue.", ref=seat.case_ref))


@seats.post(f"/<int(max={LARGEST_KEY}):seat_id>/draft")
def keep(seat_id: int) -> Response:
    """Keep what was typed so far, and the claim with it."""
    at, typed = hx.arrived_at(), Typed.of(request.form)
    seat = actions.renew(_seat(seat_id), by=accounts.actor(), at=at, typed=typed)
    if not hx.wants_part():
        return hx.done(casetypes.panel_url(seat.case_type, seat.case_ref), _("Draft saved."))
    return hx.render("shared/_kept.html", "shared/_kept.html", seat=seat, draft_seen=seat.draft_mark, kept_at=at)


def _number(name: str) -> int:
    number = request.args.get(name, 0, int)
    return number if 0 <= number <= LARGEST_KEY else 0


def _seat(seat_id: int) -> Review:
    return session().get(Review, seat_id) or abort(404)
