"""The reviewer's page of a dispute: both sides, and the ruling."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Flask, Response, abort, request
from flask_babel import gettext as _
from sqlalchemy import select

from portal import accounts, evidence, hx, review
from portal.accounts.models import REVIEW_ROLES
from portal.arbitration import actions, panel, ruling_forms
from portal.arbitration.models import Arbitration
from portal.arbitration.panel import ASKED, Dispute
from portal.arbitration.ruling_forms import RulingForm, ruling_form
from portal.audit import Actor
from portal.db import session
from portal.refusals import Overtaken
from portal.review.models import Review

bp = Blueprint("arbitration_review", __name__, url_prefix="/review/arbitrations")
ruling = Blueprint("arbitration_ruling", __name__, url_prefix="/review/arbitrations")
accounts.guard(bp, *REVIEW_ROLES, "lead")
accounts.guard(ruling, *REVIEW_ROLES)

PAGE, CASE = "arbitration_review/show.html", "arbitration_review/_case.html"


def init_app(app: Flask) -> None:
    """Register the pages, and tell the queue where a dispute is looked at and ruled on."""
    app.register_blueprint(bp)
    app.register_blueprint(ruling)
    where = {"panel": "arbitration_review.show", "rule": "arbitration_ruling.rule"}
    review.register("arbitration", **where, title=panel.title, kind=panel.kind)


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """The case, as a page of its own or opened in its row of the queue."""
    by, at = accounts.actor(), hx.arrived_at()
    dispute = panel.dispute(_arbitration(ref), at)
    seat = _seat(dispute.arbitration)
    form = ruling_form(dispute, seat.draft, version=seat.version)
    return review.opened(form, seat, (PAGE, CASE), panel.shown(dispute, seat, by=by, at=at), by=by, at=at)


@bp.get("/<ref>/evidence/<item>")
def exhibit(ref: str, item: str) -> Response:
    """A file of either side; what a party has not handed in stays its own."""
    found = evidence.item_of("aftersale", _arbitration(ref).after_sale_id, item)
    if found is None or found.state != "sealed":
        abort(404)
    return evidence.send(found, to=evidence.STAFF, preview="preview" in request.args)


@ruling.post("/<ref>/words")
def words(ref: str) -> Response:
    """The standard texts of the chosen reason, put where nobody wrote their own."""
    dispute = panel.dispute(_arbitration(ref), hx.arrived_at())
    form = ruling_form(dispute)
    if form.choice:
        ruling_forms.suggest(form, dispute, form.choice)
    choice = panel.LOOKS[form.choice or abort(400)]
    return _again(dispute, form, part="shared/_words.html", choice=choice, matter=dispute)


@ruling.post("/<ref>/ruling")
def rule(ref: str) -> Response:
    """Rule on the case or ask one side for more; who comes second is told who was first, and keeps what they typed."""
    by, at = accounts.actor(), hx.arrived_at()
    arbitration = _arbitration(ref)
    actions.hold(arbitration)
    dispute = panel.dispute(arbitration, at)
    form, typed = ruling_form(dispute), review.Typed.of(request.form)
    try:
        seat = review.hold(_seat(arbitration, form.seat_seen), by=by, at=at, version=form.seen, typed=typed)
    except Overtaken as why:
        late = replace(dispute, written=form.choice)
        return _again(late, form, status=409, why=why)
    if not ruling_forms.check(form, dispute):
        review.renew(seat, by=by, at=at, typed=typed)
        return _again(dispute, form, status=422)
    do = _ask if form.choice in ASKED else _decide
    return review.onward(seat, says=do(dispute, seat, form, by, at), by=by, at=at)


def _decide(dispute: Dispute, seat: Review, form: RulingForm, by: Actor, at: datetime) -> str:
    verdict = ruling_forms.verdict_of(form, dispute)
    if actions.decide(dispute.arbitration, seat, verdict=verdict, by=by, at=at) is None:
        return str(_("%(ref)s goes to another person for their opinion.", ref=dispute.arbitration.ref))
    return str(_("%(ref)s is decided.", ref=dispute.arbitration.ref))


def _ask(dispute: Dispute, seat: Review, form: RulingForm, by: Actor, at: datetime) -> str:
    party = ASKED[form.choice]
    actions.ask_for_evidence(
        dispute.arbitration,
        seat,
        party=party,
        reason_code=ruling_forms.reason_of(form),
        text_to_party=form.told(party),
        deficiencies=ruling_forms.deficiencies_of(form, dispute),
        by=by,
        at=at,
    )
    if party == "merchant":
        return str(_("%(ref)s: the merchant is asked for more.", ref=dispute.arbitration.ref))
    return str(_("%(ref)s: the buyer is asked for more.", ref=dispute.arbitration.ref))


def _again(
    dispute: Dispute,
    form: RulingForm,
    *,
    part: str = "arbitration_review/_ruling.html",
    status: int = 200,
    why: Overtaken | None = None,
    **more: object,
) -> Response:
    """The form with everything typed, and what is wrong with it or who was faster."""
    seat, by, at = _seat(dispute.arbitration), accounts.actor(), hx.arrived_at()
    shown = panel.shown(dispute, seat, by=by, at=at) | more
    return review.again(form, seat, (PAGE, part), shown, by=by, at=at, status=status, why=why)


def _arbitration(ref: str) -> Arbitration:
    return session().scalar(select(Arbitration).where(Arbitration.ref == ref)) or abort(404)


def _seat(arbitration: Arbitration, seen: int = 0) -> Review:
    """The newest seat, or the one of the form; while the parties are heard for the first time there is none."""
    return review.last_seat_of("arbitration", arbitration.id, seen) or abort(404)
