"""What was said and done in a case, in order: the record of its steps together with the words of both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from portal import audit, text
from portal.aftersales.lifecycle import role_of
from portal.aftersales.models import AfterSale, AfterSaleMessage, Offer
from portal.db import session
from portal.text import localised

SPOKEN = ("aftersale.offered", "aftersale.countered")


@dataclass(frozen=True, slots=True)
class Told:
    """One step: what happened, who did it (a side, or `platform` or `system`), their words, and what became of it."""

    at: datetime
    title: str
    side: str
    words: str = ""
    note: str = ""


def told(case: AfterSale, reasons: Any) -> Sequence[Told]:
    """Every step of the case, the newest first; `reasons` is the policy's catalogue."""
    offers = {offer.seq: offer for offer in case.offers}
    messages = {message.id: message.body for message in messages_of(case)}
    return [_told(case, event, offers, messages, reasons) for event in audit.timeline(case.ref)]


def messages_of(case: AfterSale) -> Sequence[AfterSaleMessage]:
    """What both sides wrote, oldest first."""
    ask = select(AfterSaleMessage).where(AfterSaleMessage.after_sale_id == case.id).order_by(AfterSaleMessage.id)
    return session().scalars(ask).all()


def terms(offer: Offer, currency: str) -> str:
    """What is offered: refund of ¥80.00, or goods instead."""
    kind = text.word(offer.kind, "offer.kind")
    if not offer.amount_minor:
        return kind
    return str(gettext("%(kind)s of %(amount)s", kind=kind, amount=text.money(offer.amount_minor, currency)))


def _told(case: AfterSale, event: Any, offers: dict[int, Offer], messages: dict[int, str], reasons: Any) -> Told:
    side, data = role_of(event.actor_role), event.data
    title, words, note = text.word(event.action, "event"), "", ""
    if event.action in SPOKEN:
        offer = offers[data["offer"]]
        title = _by(side) % {"what": terms(offer, case.currency)}
        words, note = offer.note, text.word(offer.status, "offer.status") if offer.status != "proposed" else ""
    elif event.action == "aftersale.requested":
        words = case.buyer_statement
    elif event.action == "aftersale.said":
        title, words = _wrote(side), messages[data["message"]]
    elif event.action == "aftersale.refused":
        words, note = case.refusal_note, localised(reasons.refusals[data["refusal_code"]], "name")
    elif event.action == "aftersale.reported":
        words, note = case.inspection_note, text.word(data["finding"], "aftersale.inspection")
    elif "number" in data:
        note = f"{data['carrier']} {data['number']}"
    return Told(event.at, title, side, words, " · ".join(filter(None, (note, _files(data)))))


def _by(side: str) -> str:
    return str(gettext("The merchant offers: %(what)s") if side == "merchant" else gettext("The buyer asks: %(what)s"))


def _wrote(side: str) -> str:
    return str(gettext("The merchant wrote") if side == "merchant" else gettext("The buyer wrote"))


def _files(data: dict[str, Any]) -> str:
    count = data.get("exhibits", 0)
    return str(ngettext("%(num)s file", "%(num)s files", count)) if count else ""
