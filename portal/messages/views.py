"""The message box (消息盒子): a shop's people share theirs, each of the staff has their own."""

from typing import Any

from flask import Blueprint, Response, abort, has_request_context, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from portal import accounts, hx, text
from portal.db import LARGEST_KEY
from portal.hx import arrived_at
from portal.messages import actions
from portal.messages import box as boxes
from portal.messages.box import Place
from portal.messages.models import CATEGORIES
from portal.messages.queries import Recipient, to_person, to_shop

ALL = 0

bp = Blueprint("messages", __name__, url_prefix="/messages")
accounts.guard(bp)

MOST_SHOWN = 100


@bp.get("")
def index() -> Response:
    """The box, or one category of it."""
    return hx.render("messages/index.html", "messages/_box.html", **_shown(Place.of(request.args)))


@bp.post(f"/<int(max={LARGEST_KEY}):notice_id>/reading")
def read(notice_id: int) -> Response:
    """Mark one as read; the button that leads to its case does both at once."""
    box, place = _mine(), Place.of(request.args)
    actions.read(notice_id, box=box, by=_reader(), at=arrived_at())
    line = boxes.line(box, notice_id) or abort(404)
    if "open" in request.form and line.href:
        return hx.go(line.href)
    if not hx.wants_part():
        return hx.go(place.url())
    return hx.render("messages/index.html", "messages/_box.html", **_shown(place, fresh=notice_id))


@bp.post("/reading")
def read_all() -> Response:
    """Mark as read what the reader has seen listed."""
    place = Place.of(request.args)
    upto = max(0, min(request.form.get("upto", 0, type=int), LARGEST_KEY))
    actions.read_all(box=_mine(), upto=upto, category=place.category, by=_reader(), at=arrived_at())
    return hx.done(place.url(), _("All marked as read."), "messages/_box.html", **_shown(place, fresh=ALL))


@bp.get("/unread")
@accounts.passive
def unread() -> Response:
    """The number in the navigation, asked for every minute: nothing is drawn while it is the same."""
    if not hx.wants_part():
        return hx.go(url_for(".index"))
    number = min(unread_count(), MOST_SHOWN)
    mark = f"{text.language()}-{number}"
    same = request.if_none_match.contains_weak(mark)
    response = Response(status=304) if same else Response(render_template("shared/_unread.html", unread=number))
    response.set_etag(mark, weak=True)
    response.vary.add("HX-Request")
    return response


def unread_count() -> int:
    """How many notices in the reader's box nobody has read; 0 for a visitor, and while the database is away."""
    if not has_request_context() or not accounts.asking().id:
        return 0
    try:
        return sum(boxes.unread(_mine()).values())
    except OperationalError:
        return 0


def _mine() -> Recipient:
    here = accounts.asking()
    return to_shop(here.shop.id) if here.shop else to_person(here.id)


def _reader() -> int:
    return accounts.asking().id


def _shown(place: Place, fresh: int | None = None) -> dict[str, Any]:
    box = _mine()
    counts = boxes.unread(box)
    return {
        "place": place,
        "fresh": fresh,
        "categories": CATEGORIES,
        "counts": counts,
        "page": boxes.lines(box, place),
        "total": boxes.total(box, place.category),
        "newest": boxes.newest(),
        "unread": sum(counts.values()),
    }
