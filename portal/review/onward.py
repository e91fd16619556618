"""From case to case: what stands around an opened one, and where a verdict leads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, url_for
from flask_babel import get_timezone, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from portal import accounts, hx, text
from portal.audit import Actor
from portal.db import session
from portal.refusals import Overtaken
from portal.review import casetypes, listing
from portal.review.drafts import Typed
from portal.review.figures import Counts
from portal.review.forms import VerdictForm
from portal.review.models import Review


def around(args: Mapping[str, str], seat: Review, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What the answer to opening a case brings along, for the template of any case type.

    `opened`, or `closed` by the reader; `closing`, the row that was open before; after a verdict `moved` (the row of
    this case stood further down) with the new `counts`, which a claim and a release bring too.
    """
    closed = "closed" in args
    shown: dict[str, Any] = {"opened": not (closed and hx.wants_part()), "closed": closed, "says": ""}
    before = args.get("open", "")
    if before and before != seat.case_ref:
        shown["closing"] = _last_line(before, by=by, at=at)
    if "done" in args or "counts" in args:
        shown["counts"] = my_counts(at)
    if "done" in args:
        shown["moved"] = True
        shown["says"] = _left(args["done"], shown["counts"].open)
    return shown


def my_counts(at: datetime) -> Counts:
    """The figures over the queue of whoever asks, whose day ends where they are."""
    senior = not accounts.has_role("reviewer")
    return listing.counts(at=at, zone=get_timezone(), person_id=accounts.asking().id, senior=senior)


def onward(seat: Review, *, says: str, by: Actor, at: datetime) -> Response:
    """A verdict was given: open the next case this person can take, in the queue in the place of this one."""
    line = listing.next_after(seat.due_at, seat.id, by=by, at=at)
    nothing_more, this_is_next = _("There is nothing more you can take at the moment."), _("This is the next case.")
    if line is None:
        return hx.done(url_for("review.index"), _joined(says, nothing_more))
    if hx.wants_part() and not _on_its_own_page(seat):
        return hx.go(casetypes.panel_url(line.row.case_type, line.row.case_ref, done=seat.case_ref))
    return hx.done(line.panel, _joined(says, this_is_next))


def _joined(first: str, then: str) -> str:
    return str(_("%(lead)s %(text)s", lead=first, text=then))


def changed(seat: Review, **more: str | None) -> Response:
    """The seat changed hands: draw its row anew, in the queue with the new counts of the tabs."""
    if hx.wants_part() and not _on_its_own_page(seat):
        more["counts"] = "1"
    return hx.go(casetypes.panel_url(seat.case_type, seat.case_ref, **more))


def _left(ref: str, number: int) -> str:
    left = ngettext("%(num)s more waits.", "%(num)s more wait.", number)
    done = _("%(ref)s is dealt with.", ref=ref[:40])
    return _joined(done, left)


def _on_its_own_page(seat: Review) -> bool:
    there = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return there == casetypes.panel_url(seat.case_type, seat.case_ref)


def _last_line(ref: str, *, by: Actor, at: datetime) -> listing.Line | None:
    newest = select(Review.id).where(Review.case_ref == ref).order_by(Review.id.desc()).limit(1)
    seat_id = session().scalar(newest)
    return listing.line_of(seat_id, by=by, at=at) if seat_id else None


def opened(
    form: VerdictForm, seat: Review, pages: tuple[str, str], shown: Mapping[str, Any], *, by: Actor, at: datetime
) -> Response:
    """The case, as a page of its own or opened in its row of the queue."""
    form.seat.data, form.window.data = str(seat.id), hx.new_window()
    context = {**shown, **around(request.args, seat, by=by, at=at), "form": form, "draft_seen": seat.draft_mark}
    if context["says"] and hx.wants_part():
        return hx.done(request.url, context["says"], pages[1], **context)
    return hx.render(*pages, **context)


def again(
    form: VerdictForm,
    seat: Review,
    pages: tuple[str, str],
    shown: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    status: int = 200,
    why: Overtaken | None = None,
) -> Response:
    """The page, or its part, with the form as it was typed: with what is wrong with it, or who was faster (`why`).

    It stays the window it was: one that is behind is drawn anew from its own words, not from what was written since.
    """
    typed = Typed.of(request.form)
    context = {
        **shown,
        **around({}, seat, by=by, at=at),
        "form": form,
        "draft_seen": typed.seen if typed.differs(seat.draft) else seat.draft_mark,
        "conflict": text.sentence(why.code, why.params) if why else "",
    }
    answer = hx.render(*pages, status=status, failed=status != 200, typed=True, **context)
    return answer if status == 200 else hx.aside(answer, "#ruling")
