"""The merchant's pages after the last word."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from portal import accounts, appeals, hx
from portal.accounts.models import MERCHANT_ROLES
from portal.redress import cases, forms, ways
from portal.redress.desks import Desk
from portal.refusals import Refused

bp = Blueprint("redress", __name__, url_prefix="/redress")
accounts.guard(bp, *MERCHANT_ROLES)


@bp.before_request
def writers_only() -> None:
    """A viewer reads; what can't be taken back needs the right to send."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if not accounts.may("write"):
        raise Refused("viewer_only")
    if not accounts.may("submit"):
        raise Refused("may_not_send")


@bp.get("/<ref>/complaint")
def complaint(ref: str) -> Response:
    """Complain about how the case was handled."""
    return _desk(ref).complaint()


@bp.post("/<ref>/complaint")
def complain(ref: str) -> Response:
    """File the complaint."""
    return _desk(ref).complain()


@bp.get("/<ref>/disclosure")
def disclosure(ref: str) -> Response:
    """Ask what the decision relied on."""
    return _desk(ref).disclosure()


@bp.post("/<ref>/disclosure")
def ask(ref: str) -> Response:
    """Send the request."""
    return _desk(ref).ask()


@bp.get("/<ref>/human-review")
def human_review(ref: str) -> Response:
    """Ask for a person, where a machine decided."""
    return _human_review(_desk(ref), forms.HumanReviewForm(formdata=None))


@bp.post("/<ref>/human-review")
def ask_human(ref: str) -> Response:
    """Have a person look at it; asked before is asked."""
    desk, form, at = _desk(ref), forms.HumanReviewForm(), hx.arrived_at()
    state, _until = ways.human_review_of(desk.matter, at)
    if state == "available" and not form.validate():
        return _human_review(desk, form, 422)
    if state != "asked":
        matter = cases.locked(desk.matter)
        if matter.case_type != cases.APPEAL:
            raise Refused("transition_not_allowed")
        appeals.actions.ask_human(matter.row, by=desk.by, at=at)
    return hx.done(desk.back, _("A person will look at it and decide anew."))


def _human_review(desk: Desk, form: forms.HumanReviewForm, status: int = 200) -> Response:
    at = hx.arrived_at()
    state, until = ways.human_review_of(desk.matter, at)
    shown = {"desk": desk, "matter": desk.matter, "form": form, "state": state, "until": until, "now": at}
    return hx.render("redress/human_review.html", status=status, failed=status != 200, **shown)


def _desk(ref: str) -> Desk:
    matter = cases.mine(ref)
    page = "appeals.show" if matter.case_type == cases.APPEAL else "aftersales.show"
    back = url_for(page, ref=matter.shown_ref)
    may = accounts.may("submit")
    return Desk("merchant", "redress", {"ref": matter.shown_ref}, matter, accounts.actor(), back, may_file=may)
