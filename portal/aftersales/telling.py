"""What was said and done in a case, in order: the record of its steps together with the words of both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from portal import audit, evidence, text
from portal.aftersales import onward
from portal.aftersales.lifecycle import PARTIES, role_of
from portal.aftersales.models import AfterSale, AfterSaleMessage, Offer
from portal.aftersales.reading import PLATFORM, as_read, parcel
from portal.aftersales.words import terms
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


def told(case: AfterSale, party: str, reasons: Any) -> Sequence[Told]:
    """Every step of the case and of its arbitration, the newest first; `reasons` is the policy's catalogue.

    What the other side wrote is shown without the numbers and addresses in it; to `PLATFORM`, which decides, whole.
    """
    offers = {offer.seq: offer for offer in case.offers}
    messages = {message.id: message.body for message in messages_of(case)}
    handed_in = _handed_in(case, party)
    audiences = ("parties", *PARTIES) if party == PLATFORM else audit.audiences(party)
    events = [event for chain in reversed(onward.chains(case)) for event in audit.timeline(chain, audiences)]
    events.sort(key=lambda event: event.at, reverse=True)
    return [_told(case, party, event, offers, messages, handed_in, reasons) for event in events]


def messages_of(case: AfterSale) -> Sequence[AfterSaleMessage]:
    """What both sides wrote, oldest first."""
    ask = select(AfterSaleMessage).where(AfterSaleMessage.after_sale_id == case.id).order_by(AfterSaleMessage.id)
    return session().scalars(ask).all()


def _handed_in(case: AfterSale, party: str) -> dict[tuple[str, int], str]:
    """The statements that this side may read, by side and number: its own, and what was disclosed."""
    hidden = onward.hidden(case)
    return {
        (one.party, one.seq): one.statement
        for one in evidence.submissions_of("aftersale", case.id)
        if party in (one.party, PLATFORM) or not hidden.holds(one.sealed_at)
    }


def _told(
    case: AfterSale,
    party: str,
    event: Any,
    offers: Mapping[int, Offer],
    messages: Mapping[int, str],
    handed_in: Mapping[tuple[str, int], str],
    reasons: Any,
) -> Told:
    side, data = role_of(event.actor_role), event.data
    title, of, words, note = _title(event.action, data.get("party", side)), side, "", ""
    if event.action in SPOKEN:
        offer = offers[data["offer"]]
        title = _by(side) % {"what": terms(offer.kind, offer.amount_minor, case.currency)}
        words, note = offer.note, text.word(offer.status, "offer.status") if offer.status != "proposed" else ""
    elif event.action == "aftersale.requested":
        of, words = "buyer", case.buyer_statement  # whoever brought the request in
    elif event.action == "aftersale.said":
        title, words = _wrote(side), messages[data["message"]]
    elif event.action == "aftersale.refused":
        words, note = case.refusal_note, localised(reasons.refusals[data["refusal_code"]], "name")
    elif event.action == "aftersale.reported":
        words, note = case.inspection_note, text.word(data["finding"], "aftersale.inspection")
    elif "submission" in data:
        words = handed_in.get((data["party"], data["submission"]), "")
    elif "number" in data:
        note = " ".join(parcel(case, party, side, data["carrier"], data["number"]))
    said = as_read(case, party, of, words)
    return Told(event.at, title, side, said, " · ".join(filter(None, (note, _files(data)))))


def _title(action: str, side: str) -> str:
    """What happened, with who did it where that is told apart."""
    told_apart = f"{action}:{side}"
    named = text.word(told_apart, "event")
    return text.word(action, "event") if named == told_apart else named


def _by(side: str) -> str:
    return str(gettext("The merchant offers: %(what)s") if side == "merchant" else gettext("The buyer asks: %(what)s"))


def _wrote(side: str) -> str:
    return str(gettext("The merchant wrote") if side == "merchant" else gettext("The buyer wrote"))


def _files(data: dict[str, Any]) -> str:
    count = data.get("exhibits", 0)
    return str(ngettext("%(num)s file", "%(num)s files", count)) if count else ""
