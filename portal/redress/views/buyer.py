"""The buyer's pages after the last word, opened by the link of the case."""

from flask import Blueprint, Response, abort, url_for

from portal import accounts, aftersales
from portal.redress import cases
from portal.redress.desks import Desk

bp = Blueprint("redress_buyer", __name__, url_prefix="/case")
bp.before_request(aftersales.let_in)


@bp.get("/<token>/redress/complaint")
@accounts.public
def complaint(token: str) -> Response:
    """Complain about how the case was handled."""
    return _desk(token).complaint()


@bp.post("/<token>/redress/complaint")
@accounts.public
def complain(token: str) -> Response:
    """File the complaint."""
    return _desk(token).complain()


@bp.get("/<token>/redress/disclosure")
@accounts.public
def disclosure(token: str) -> Response:
    """Ask what the decision relied on."""
    return _desk(token).disclosure()


@bp.post("/<token>/redress/disclosure")
@accounts.public
def ask(token: str) -> Response:
    """Send the request."""
    return _desk(token).ask()


def _desk(token: str) -> Desk:
    """The buyer of this link; 404 while the platform was never called in."""
    case = aftersales.case_of_link(token)
    matter = cases.of_dispute(case) or abort(404)
    by, back = aftersales.as_buyer(case), url_for("buyer.show", token=token)
    return Desk("buyer", "redress_buyer", {"token": token}, matter, by, back)
