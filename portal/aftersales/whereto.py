"""Where goods go back to: the shop's address, shown unmasked to the buyer who is to send them, for as long as that."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from portal.accounts.models import Shop
from portal.aftersales import lifecycle
from portal.aftersales.models import AfterSale, Offer
from portal.db import session

ASKED = "awaiting_return"


def shown(case: AfterSale, party: str, offer: Offer | None) -> str | None:
    """The address that the buyer is shown, empty if the shop has given none; None where nothing is to be sent back.

    The shop sees it before it agrees, too.
    """
    if case.status == ASKED or (party == "merchant" and _may_come_back(case, offer)):
        return session().get_one(Shop, case.shop_id).return_address
    return None


def _may_come_back(case: AfterSale, offer: Offer | None) -> bool:
    if case.status == "awaiting_merchant":
        return lifecycle.after_acceptance(case.kind) == ASKED
    return offer is not None and case.goods_first(offer.kind)


def params(case: AfterSale, address: str) -> dict[str, str]:
    """What a notice to the buyer keeps of it, where it asks them to send goods back."""
    return {"return_address": address} if case.status == ASKED else {}


def added(said: str, params: Mapping[str, Any]) -> str:
    """What a mail says, and where to send the goods if that is what it asks."""
    if "return_address" not in params:
        return said
    address = ", ".join(params["return_address"].splitlines())
    where = (
        gettext("Send them to: %(address)s", address=address)
        if address
        else gettext("The shop has not given a return address yet: ask it in your case, or look in your order.")
    )
    return str(gettext("%(lead)s %(text)s", lead=said, text=where))
