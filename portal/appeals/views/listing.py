"""The list with its four tabs."""

from flask import Response, request

from portal import accounts, hx
from portal.appeals import listing
from portal.appeals.views.blueprint import bp


@bp.get("")
def index() -> Response:
    """申诉中心: the tab that is asked for, with the totals of all four."""
    shop, ask = accounts.present_shop(), listing.asked(request.args)
    totals = listing.totals(shop.id)
    return hx.render(
        "appeals/index.html",
        "appeals/_list.html",
        ask=ask,
        totals=totals,
        page=listing.rows(shop.id, ask, hx.arrived_at()),
        found=listing.found(shop.id, ask, hx.arrived_at()) if ask.filtered else totals[ask.tab],
        types=listing.types(shop.id),
        once=listing.once(shop.id, hx.arrived_at()),
    )
