"""Where the shop's owner says where goods go back to."""

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from portal import accounts, hx, text
from portal.accounts.models import Shop
from portal.aftersales.forms import AddressForm

bp = Blueprint("return_address", __name__, url_prefix="/after-sales/return-address")
accounts.guard(bp, "merchant_owner")


@bp.get("")
def show() -> Response:
    """The address as it is, to be changed."""
    shop = _shop()
    return _page(shop, AddressForm(formdata=None, version=_version(shop), address=shop.return_address))


@bp.post("")
def save() -> Response:
    """Take the new one, unless the page showed another shop, or somebody changed it meanwhile."""
    shop, form = _shop(), AddressForm()
    if not form.validate():
        return _page(shop, form, 422)
    if form.version.data != _version(shop):
        form.version.data = _version(shop)
        return _page(shop, form, 409, conflict=text.sentence("overtaken", {}))
    accounts.actions.set_return_address(shop, form.address.data or "", by=accounts.actor(), at=hx.arrived_at())
    return hx.done(url_for("aftersales.index"), _("The return address was saved."))


def _page(shop: Shop, form: AddressForm, status: int = 200, conflict: str = "") -> Response:
    return hx.render("return_address/show.html", status=status, form=form, there=shop, conflict=conflict)


def _shop() -> Shop:
    return accounts.shop() or abort(403)


def _version(shop: Shop) -> str:
    return f"{shop.ref}.{shop.version}"
