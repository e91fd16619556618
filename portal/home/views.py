"""The first page after signing in: what needs me today, by deadline."""

from flask import Blueprint, Response, request

from portal import accounts, hx
from portal.accounts.models import ROLES
from portal.home import day, undone
from portal.paging import Page

bp = Blueprint("home", __name__)
accounts.guard(bp, *ROLES)

LEADS = ("lead", "admin")

not_carried_out = Blueprint("not_carried_out", __name__, url_prefix="/not-carried-out")
accounts.guard(not_carried_out, *LEADS)


@bp.get("/")
def index() -> Response:
    """A merchant's day, or a reviewer's."""
    at = hx.arrived_at()
    if accounts.is_staff():
        queue = accounts.has_role("reviewer", "senior_reviewer", "lead")
        number = undone.how_many() if accounts.has_role("lead") else 0
        return hx.render(
            "home/index.html",
            staff=True,
            queue=queue,
            decides=accounts.has_role("reviewer", "senior_reviewer"),
            owed=number,
            **day.of_staff(accounts.asking().id, at),
        )
    return hx.render("home/index.html", staff=False, **day.of_shop(accounts.present_shop().id, at))


@not_carried_out.get("", endpoint="index")
def owed() -> Response:
    """What the marketplace owes; where a notice leads, that of its case alone, or that it is settled."""
    ref = request.args.get("ref", "")
    only = undone.of(ref) if ref else None
    page = undone.page("" if ref else request.args.get("at", "")) if only is None else Page([only])
    return hx.render(
        "not_carried_out/index.html", page=page, only=only, settled=ref and only is None, now=hx.arrived_at()
    )
