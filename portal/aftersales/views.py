"""The merchant's pages: the workbench with its tabs, and one case."""

from flask import Blueprint, Response, request

from portal import accounts, evidence, hx
from portal.accounts.models import MERCHANT_ROLES
from portal.aftersales import lifecycle, queries
from portal.aftersales.desks import Desk
from portal.aftersales.models import AfterSale
from portal.paging import Page
from portal.refusals import Refused

bp = Blueprint("aftersales", __name__, url_prefix="/after-sales")
accounts.guard(bp, *MERCHANT_ROLES)


@bp.before_request
def writers_only() -> None:
    """A viewer reads; what can't be taken back needs the right to send."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if not accounts.may("write"):
        raise Refused("viewer_only")
    if request.endpoint == "aftersales.answer" and not accounts.may("submit"):
        raise Refused("may_not_send")


@bp.get("")
def index() -> Response:
    """售后工作台: one tab by time left, or whatever bears the number that was searched for."""
    shop, sought = accounts.present_shop(), request.args.get("q", "").strip()[:64]
    tab = request.args.get("tab", "") if request.args.get("tab", "") in lifecycle.TABS else "to_handle"
    cursor = request.args.get("at", "")
    return hx.render(
        "aftersales/index.html",
        "aftersales/_list.html",
        tab="" if sought else tab,
        sought=sought,
        totals=queries.totals(shop.id),
        page=Page(queries.found(shop.id, sought)) if sought else queries.in_tab(shop.id, tab, cursor),
    )


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """One case; or what can be done in it, opened in its row."""
    return _desk(ref).show(_case(ref))


@bp.post("/<ref>/answers/<verb>")
def answer(ref: str, verb: str) -> Response:
    """Accept, refuse, offer, inspect, send, write."""
    return _desk(ref).answer(_case(ref), verb)


@bp.post("/<ref>/evidence")
@evidence.takes_files
def attach(ref: str) -> Response:
    """Add a file to the next answer."""
    return _desk(ref).attach(_case(ref))


@bp.post("/<ref>/evidence/<item>/removal")
def detach(ref: str, item: str) -> Response:
    """Take a file back."""
    return _desk(ref).detach(_case(ref), item)


@bp.get("/<ref>/evidence/<item>")
def exhibit(ref: str, item: str) -> Response:
    """A file of either side."""
    return _desk(ref).exhibit(_case(ref), item)


@bp.post("/<ref>/case-file")
def case_file(ref: str) -> Response:
    """The case file, to take away."""
    return _desk(ref).case_file(_case(ref))


def _case(ref: str) -> AfterSale:
    return accounts.mine(AfterSale, ref)


def _desk(ref: str) -> Desk:
    return Desk("merchant", "aftersales", {"ref": ref}, accounts.actor(), may_answer=accounts.may("submit"))
