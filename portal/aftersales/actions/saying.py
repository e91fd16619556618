"""What both sides write to each other: it moves nothing and stops no clock."""

from datetime import datetime

from portal import audit, messages
from portal.accounts.models import Shop
from portal.aftersales import lifecycle
from portal.aftersales.actions.answering import words
from portal.aftersales.actions.moving import notice, require
from portal.aftersales.models import AfterSale, AfterSaleMessage
from portal.audit import Actor
from portal.db import session
from portal.refusals import Refused


def say(case: AfterSale, body: str, *, by: Actor, at: datetime) -> AfterSaleMessage:
    """Write to the other side; it is kept as it is."""
    require(case, "say", by)
    if not body.strip():
        raise Refused("message_empty")
    party = lifecycle.role_of(by.role)
    said = AfterSaleMessage(after_sale_id=case.id, by_party=party, author=by.pseudonym, body=words(case, body), at=at)
    session().add(said)
    session().flush()
    audit.record(case.ref, "aftersale.said", by=by, at=at, moved=(case.status, case.status), data={"message": said.id})
    if party == "buyer":
        shop = session().get_one(Shop, case.shop_id)
        messages.tell_all([notice(case, "aftersale.said", shop, at, once=str(said.id))])
    return said
