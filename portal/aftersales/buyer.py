"""The buyer's page of one case, opened by a link that needs no account."""

from flask import Blueprint, Response, abort, g, request
from sqlalchemy import select

from portal import accounts, evidence, hx, text
from portal.accounts.models import CaseLink, Shop
from portal.aftersales import queries
from portal.aftersales.desks import Desk
from portal.aftersales.models import AfterSale
from portal.db import session
from portal.refusals import Refused

bp = Blueprint("buyer", __name__, url_prefix="/case")
GONE = {"link_unknown": 404, "link_expired": 410, "link_revoked": 410}


@bp.before_request
def let_in() -> Response | None:
    """Only who has the link; who has an old or a broken one is told so, and what to do about it."""
    try:
        link = _link((request.view_args or {}).get("token", ""))
    except Refused as why:
        says = text.sentence(why.code, why.params)
        page = hx.render("errors/link.html", "errors/_refusal.html", status=GONE[why.code], says=says, code=why.code)
        return hx.aside(page, "#notices")
    of_case = select(Shop.zone).join(AfterSale, AfterSale.shop_id == Shop.id).where(AfterSale.ref == link.case_ref)
    g.case_zone = session().scalar(of_case)
    return None


@bp.get("/<token>")
@accounts.public
def show(token: str) -> Response:
    """What happened, what can be done now, and until when."""
    return _desk(token).show(_case(token))


@bp.post("/<token>/answers/<verb>")
@accounts.public
def answer(token: str, verb: str) -> Response:
    """Answer an offer, make one, write, send back, call off."""
    return _desk(token).answer(_case(token), verb)


@bp.post("/<token>/evidence")
@accounts.public
@evidence.takes_files
def attach(token: str) -> Response:
    """Add a file to the next message."""
    return _desk(token).attach(_case(token))


@bp.post("/<token>/evidence/<item>/removal")
@accounts.public
def detach(token: str, item: str) -> Response:
    """Take a file back."""
    return _desk(token).detach(_case(token), item)


@bp.get("/<token>/evidence/<item>")
@accounts.public
def exhibit(token: str, item: str) -> Response:
    """A file of either side."""
    return _desk(token).exhibit(_case(token), item)


@bp.post("/<token>/case-file")
@accounts.public
def case_file(token: str) -> Response:
    """The case file, to take away."""
    return _desk(token).case_file(_case(token))


def case_of_link(token: str) -> AfterSale:
    """The case that this link opens, for the buyer's pages of other slices; they let in by `let_in` too."""
    return _case(token)


def _link(token: str) -> CaseLink:
    return accounts.links.opened(token, "aftersale", at=hx.arrived_at())


def _case(token: str) -> AfterSale:
    """The case of this link, which is looked at once more inside the unit of work."""
    found = session().scalar(select(AfterSale).where(AfterSale.ref == _link(token).case_ref))
    return found or abort(404)


def _desk(token: str) -> Desk:
    return Desk("buyer", "buyer", {"token": token}, queries.as_buyer(_case(token)))
