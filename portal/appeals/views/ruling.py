"""A ruling that the shop lost, and the way to its one appeal, whichever way somebody came."""

from flask import Response, abort, request, url_for

from portal import accounts, arbitration, hx, text
from portal.aftersales.models import AfterSale
from portal.appeals import actions, facts
from portal.appeals.views.blueprint import bp
from portal.arbitration.models import Arbitration
from portal.refusals import Refused

FROM_NOTICE = "message"
CHANNELS = ("appeal_centre", "after_sale", FROM_NOTICE)
"""Every link here from a page says which page it is; an address that says nothing is that of a notice."""


@bp.get("/rulings/<ref>")
def ruling(ref: str) -> Response:
    """What was ruled and why, until when it can be appealed, and what to prepare."""
    case = accounts.mine(AfterSale, ref)
    shown = facts.of_ruling(case, _ruled(case), hx.arrived_at())
    may_file = shown["may_file"] and accounts.may("write")
    return hx.render("appeals/ruling.html", **shown | {"may_file": may_file, "via": _via(request.args.get("via"))})


@bp.post("/rulings/<ref>")
def start_ruling(ref: str) -> Response:
    """Begin the one appeal of this ruling, or go on with the one there is; where there can be none, say why."""
    case = accounts.mine(AfterSale, ref)
    via = _via(request.form.get("via"))
    try:
        appeal = actions.start(_ruled(case), by=accounts.actor(), at=hx.arrived_at(), via=via)
    except Refused as why:
        if hx.wants_part():
            raise
        return hx.done(url_for("appeals.ruling", ref=ref), text.sentence(why.code, why.params), kind="bad")
    return hx.go(url_for("appeals.draft" if appeal.status == "draft" else "appeals.show", ref=appeal.ref))


def _ruled(case: AfterSale) -> Arbitration:
    """The first ruling of this case; there is no page before it was given."""
    found = arbitration.first_of(case)
    return found if found is not None and found.outcome else abort(404)


def _via(said: str | None) -> str:
    return said if said in CHANNELS else FROM_NOTICE
