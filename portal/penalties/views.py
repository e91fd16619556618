"""奖惩中心 as the shop sees it."""

from typing import Any

from flask import Blueprint, Response, abort, request

from portal import accounts, evidence, hx
from portal.accounts.models import MERCHANT_ROLES
from portal.penalties import facts
from portal.penalties.models import Penalty
from portal.penalties.queries import of_shop

bp = Blueprint("penalties", __name__, url_prefix="/penalties")
accounts.guard(bp, *MERCHANT_ROLES)


@bp.get("")
def index() -> Response:
    """Every penalty of the shop, newest first."""
    before, after = (_place(request.args.get(name)) for name in ("before", "after"))
    listed = of_shop(accounts.present_shop().id, before=before, after=after)
    names = {penalty.id: facts.rule_of(penalty) for penalty in listed.rows}
    return hx.render("penalties/index.html", "penalties/_list.html", listed=listed, rules=names, now=hx.arrived_at())


def _place(ref: str | None) -> Any:
    """Where the page begins: beside a penalty of this shop."""
    if not ref:
        return None
    penalty = accounts.mine(Penalty, ref)
    return penalty.notified_at, penalty.id


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """Why there is this penalty, what follows from it, and how to appeal."""
    penalty = accounts.mine(Penalty, ref)
    return hx.render("penalties/show.html", **facts.of_penalty(penalty, hx.arrived_at()))


@bp.get("/<ref>/evidence/<item>")
def exhibit(ref: str, item: str) -> Response:
    """What the platform's finding rests on: the file, or with `preview` a small picture of it."""
    found = evidence.item_of("penalty", accounts.mine(Penalty, ref).id, item)
    if found is None or found.state != "sealed":
        abort(404)
    return evidence.send(found, to="merchant", preview="preview" in request.args)
