"""One appeal, in whatever state it is."""

from flask import Response, url_for

from portal import accounts, hx
from portal.appeals import facts
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp

ELSEWHERE = {"draft": "appeals.draft", "needs_evidence": "appeals.supplement"}


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """The case as its own party sees it; where something is to be done, the page to do it for who may."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status in ELSEWHERE and accounts.may("write"):
        return hx.go(url_for(ELSEWHERE[appeal.status], ref=ref))
    return hx.render("appeals/show.html", **facts.of_case(appeal))
