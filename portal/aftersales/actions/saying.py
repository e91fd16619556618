"""What both sides write to each other: it moves nothing and stops no clock."""

from datetime import datetime

from sqlalchemy import select

from portal import audit, messages
from portal.accounts.models import Shop
from portal.aftersales import lifecycle
from portal.aftersales.actions.answering import words
from portal.aftersales.actions.moving import lock, require
from portal.aftersales.actions.proving import seal
from portal.aftersales.actions.telling import notice
from portal.aftersales.actions.writing import write
from portal.aftersales.models import AfterSale, AfterSaleMessage
from portal.audit import Actor
from portal.db import session
from portal.refusals import Refused

KEPT_BACK = {("merchant", "awaiting_merchant"), ("merchant", "awaiting_inspection")}
"""Where files wait for the answer that may need them, and don't go with a message; in an arbitration they always do."""


def say(case: AfterSale, body: str, *, key: str, by: Actor, at: datetime) -> AfterSaleMessage:
    """Write to the other side, and hand over the files that were added; it is kept as it is.

    `key` is the form's one-time key: a message that is sent again is there once; refused with `sent_with_other_words`
    if this is another one.
    """
    lock(case)
    require(case, "say", by)
    if not body.strip():
        raise Refused("message_empty")
    party = lifecycle.role_of(by.role)
    before = _with_key(case, key)
    if before is not None and before.body != body:
        raise Refused("sent_with_other_words")
    if before is not None:
        return before
    said = AfterSaleMessage(
        after_sale_id=case.id, by_party=party, author=by.pseudonym, body=words(case, body), key=key, at=at
    )
    session().add(said)
    session().flush()
    kept_back = case.status == "in_arbitration" or (party, case.status) in KEPT_BACK
    with_it = {} if kept_back else seal(case, party, f"say:{key}", body, by=by, at=at)
    noted = {"message": said.id} | with_it
    audit.record(case.ref, "aftersale.said", by=by, at=at, moved=(case.status, case.status), data=noted)
    if party == "buyer":
        shop = session().get_one(Shop, case.shop_id)
        messages.tell_all([notice(case, "aftersale.said", messages.to_shop(shop), at, once=str(said.id))])
    else:
        write(case, "buyer.said", at=at, once=str(said.id))
    return said


def _with_key(case: AfterSale, key: str) -> AfterSaleMessage | None:
    ask = select(AfterSaleMessage).where(AfterSaleMessage.after_sale_id == case.id, AfterSaleMessage.key == key)
    return session().scalar(ask)
