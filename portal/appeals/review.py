"""The reviewer's page of an appeal: both sides, and the ruling."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Flask, Response, abort, request
from flask_babel import gettext as _
from sqlalchemy import select

from portal import accounts, evidence, hx, review
from portal.accounts.models import REVIEW_ROLES
from portal.appeals import actions, panel, ruling_forms, subjects
from portal.appeals.models import Appeal
from portal.appeals.panel import Matter
from portal.appeals.ruling_forms import RulingForm, ruling_form
from portal.audit import Actor
from portal.db import session
from portal.refusals import Overtaken
from portal.review.models import Review

bp = Blueprint("appeals_review", __name__, url_prefix="/review/appeals")
ruling = Blueprint("appeals_ruling", __name__, url_prefix="/review/appeals")
accounts.guard(bp, *REVIEW_ROLES, "lead")
accounts.guard(ruling, *REVIEW_ROLES)

PAGE, CASE = "appeals_review/show.html", "appeals_review/_case.html"


def init_app(app: Flask) -> None:
    """Register the pages, and tell the queue where an appeal is looked at and ruled on."""
    app.register_blueprint(bp)
    app.register_blueprint(ruling)
    review.register("appeal", panel="appeals_review.show", rule="appeals_ruling.rule")


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """The case, as a page of its own or opened in its row of the queue."""
    by, at = accounts.actor(), hx.arrived_at()
    matter = panel.matter(_appeal(ref), at)
    seat = _seat(matter.appeal)
    form = ruling_form(matter, seat.draft, version=seat.version)
    return review.opened(form, seat, (PAGE, CASE), panel.shown(matter, seat, by=by, at=at), by=by, at=at)


@bp.get("/<ref>/evidence/<item>")
def exhibit(ref: str, item: str) -> Response:
    """A file of either side; what a party has not handed in stays its own."""
    found = panel.item_of(_appeal(ref), item) or abort(404)
    return evidence.send(found, to=evidence.STAFF, preview="preview" in request.args)


@ruling.post("/<ref>/words")
def words(ref: str) -> Response:
    """The standard text of the chosen reason, put where nobody wrote their own."""
    matter = panel.matter(_appeal(ref), hx.arrived_at())
    form = ruling_form(matter)
    if form.choice:
        ruling_forms.suggest(form, matter, form.choice)
    return _again(matter, form, part="shared/_words.html", choice=panel.LOOKS[form.choice or abort(400)])


@ruling.post("/<ref>/ruling")
def rule(ref: str) -> Response:
    """Decide the case or ask for evidence; who comes second is told who was first, and keeps what they typed."""
    by, at = accounts.actor(), hx.arrived_at()
    appeal = _appeal(ref)
    subjects.held(appeal)
    matter = panel.matter(appeal, at)
    form, typed = ruling_form(matter), review.Typed.of(request.form)
    try:
        seat = review.hold(_seat(matter.appeal, form.seat_seen), by=by, at=at, version=form.seen, typed=typed)
    except Overtaken as why:
        late = replace(matter, written=form.choice)
        return _again(late, ruling_form(late), status=409, why=why)
    if not ruling_forms.check(form, matter):
        review.renew(seat, by=by, at=at, typed=typed)
        return _again(matter, form, status=422)
    return review.onward(seat, says=RULINGS[form.choice](matter, seat, form, by, at), by=by, at=at)


def _decide(matter: Matter, seat: Review, form: RulingForm, by: Actor, at: datetime) -> str:
    verdict = ruling_forms.verdict_of(form, matter)
    decide = actions.decide_again if matter.again else actions.decide
    if decide(matter.appeal, seat, verdict=verdict, by=by, at=at) is None:
        return str(_("%(ref)s goes to another person for their opinion.", ref=matter.appeal.ref))
    return str(_("%(ref)s is decided.", ref=matter.appeal.ref))


def _ask(matter: Matter, seat: Review, form: RulingForm, by: Actor, at: datetime) -> str:
    actions.ask_for_evidence(
        matter.appeal,
        seat,
        reason_code=ruling_forms.reason_of(form),
        text_to_party=form.told("merchant"),
        deficiencies=ruling_forms.deficiencies_of(form, matter),
        by=by,
        at=at,
    )
    return str(_("%(ref)s went back to the merchant for evidence.", ref=matter.appeal.ref))


RULINGS: dict[str, Callable[[Matter, Review, RulingForm, Actor, datetime], str]] = {
    "upheld": _decide,
    "partially_upheld": _decide,
    "rejected": _decide,
    "inadmissible": _decide,
    "needs_evidence": _ask,
}


def _again(
    matter: Matter,
    form: RulingForm,
    *,
    part: str = "appeals_review/_ruling.html",
    status: int = 200,
    why: Overtaken | None = None,
    **more: object,
) -> Response:
    """The form with everything typed, and what is wrong with it or who was faster."""
    seat, by, at = _seat(matter.appeal), accounts.actor(), hx.arrived_at()
    shown = panel.shown(matter, seat, by=by, at=at) | more
    return review.again(form, seat, (PAGE, part), shown, by=by, at=at, status=status, why=why)


def _appeal(ref: str) -> Appeal:
    """The appeal of this number, once it was handed in; a draft is its shop's alone."""
    found = session().scalar(select(Appeal).where(Appeal.ref == ref, Appeal.attempt > 0))
    return found or abort(404)


def _seat(appeal: Appeal, seen: int = 0) -> Review:
    """The newest seat, or the one a form was made from: once that is concluded nobody is sent to claim the next one."""
    return review.last_seat_of("appeal", appeal.id, seen) or abort(404)
