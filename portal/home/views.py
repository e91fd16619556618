"""The first page after signing in: what needs me today, by deadline."""

from flask import Blueprint, Response

from portal import accounts, hx
from portal.accounts.models import MERCHANT_ROLES, STAFF_ROLES
from portal.home import day

bp = Blueprint("home", __name__)
accounts.guard(bp, *MERCHANT_ROLES, *STAFF_ROLES)


@bp.get("/")
def index() -> Response:
    """A merchant's day, or a reviewer's."""
    at = hx.arrived_at()
    if accounts.is_staff():
        queue = accounts.has_role("reviewer", "senior_reviewer", "lead")
        return hx.render("home/index.html", staff=True, queue=queue, **day.of_staff(accounts.asking().id, at))
    return hx.render("home/index.html", staff=False, **day.of_shop(accounts.present_shop().id, at))
