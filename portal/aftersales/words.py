"""What the codes of an after-sales case are called on screen, and what will happen by itself."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal import text
from portal.aftersales.ahead import Default
from portal.aftersales.lifecycle import remedy_of
from portal.policies import Spec

text.learn(
    "aftersale.kind",
    {
        "refund_only": _l("Refund only"),
        "return_refund": _l("Return and refund"),
        "exchange": _l("Exchange"),
        "reship": _l("Reship"),
        "repair": _l("Repair"),
        "compensation": _l("Compensation"),
    },
)
text.learn(
    "aftersale.status",
    {
        "awaiting_merchant": _l("Awaiting the merchant"),
        "negotiating": _l("In negotiation"),
        "refused": _l("Refused by the merchant"),
        "awaiting_return": _l("Awaiting the return"),
        "return_in_transit": _l("On its way back"),
        "awaiting_inspection": _l("Awaiting inspection"),
        "awaiting_shipment": _l("Awaiting shipment"),
        "in_arbitration": _l("In arbitration"),
        "refund_pending": _l("Refund under way"),
        "closed": _l("Closed"),
    },
)
text.learn(
    "aftersale.tab",
    {
        "to_handle": _l("To handle"),
        "to_return": _l("To be returned"),
        "to_inspect": _l("To inspect"),
        "in_arbitration": _l("In arbitration"),
        "completed": _l("Finished"),
    },
)
text.learn(
    "aftersale.resolution",
    {
        "refunded": _l("Refunded"),
        "partial": _l("Refunded in part"),
        "compensated": _l("Compensated"),
        "exchanged": _l("Exchanged"),
        "reshipped": _l("Reshipped"),
        "repaired": _l("Repaired"),
        "replaced": _l("Replaced"),
        "no_refund": _l("Agreed on no refund"),
        "no_escalation": _l("Refused, and not taken further"),
        "buyer_no_return": _l("Closed: nothing was sent back"),
        "cancelled": _l("Called off by the buyer"),
        "dismissed": _l("Ruled for the merchant"),
    },
)
text.learn(
    "offer.kind",
    {
        "refund": _l("Refund"),
        "partial_refund": _l("Partial refund"),
        "refund_with_return": _l("Refund against return"),
        "replacement": _l("Replacement"),
        "replacement:goods_first": _l("Replacement against return"),
        "no_refund": _l("No refund"),
    },
)
text.learn(
    "offer.status",
    {
        "proposed": _l("Waits for an answer"),
        "accepted": _l("Accepted"),
        "declined": _l("Declined"),
        "countered": _l("Answered with another offer"),
        "withdrawn": _l("Withdrawn"),
        "expired": _l("Not answered in time"),
    },
)
text.learn(
    "aftersale.inspection",
    {
        "ok": _l("as it should be"),
        "damaged": _l("damaged"),
        "empty": _l("empty parcel, or nothing came"),
        "missing": _l("something is missing"),
        "different": _l("something else"),
    },
)
text.learn(
    "aftersale.ahead",
    {
        "merchant_response:refund_pending": _l("If the merchant does nothing within %(window)s, the refund is paid."),
        "merchant_response:awaiting_return": _l(
            "If the merchant does nothing within %(window)s, the request counts as accepted and the goods go back."
        ),
        "merchant_response:awaiting_shipment": _l(
            "If the merchant does nothing within %(window)s, the request counts as accepted and must be shipped."
        ),
        "merchant_response:in_arbitration": _l(
            "If the merchant does nothing within %(window)s, the case goes to the platform."
        ),
        "offer_answer:expired": _l("If the offer is not answered within %(window)s, it lapses."),
        "negotiation:refused": _l(
            "Without an agreement within %(window)s, the request counts as refused; then the platform can be called in."
        ),
        "negotiation:refund_pending": _l(
            "Without an agreement within %(window)s, what was ruled or settled before the platform stands and is paid."
        ),
        "negotiation:awaiting_shipment": _l(
            "Without an agreement within %(window)s, what was ruled or settled before the platform stands, "
            "and the goods must be sent."
        ),
        "escalate:no_escalation": _l("If nobody calls in the platform within %(window)s, the case closes."),
        "buyer_return:buyer_no_return": _l("If nothing is sent back within %(window)s, the case closes."),
        "delivery_watch:awaiting_inspection": _l(
            "If the carrier reports nothing within %(window)s, the goods count as delivered and must be inspected."
        ),
        "inspection:refund_pending": _l(
            "If the merchant reports nothing within %(window)s, the goods count as accepted and the refund is paid."
        ),
        "inspection:awaiting_shipment": _l(
            "If the merchant reports nothing within %(window)s, the goods count as accepted and must be sent again."
        ),
        "execute:not_paid": _l("If the payment is not confirmed within %(window)s, the platform's leads are told."),
        "ship:refund_pending": _l("If the merchant sends nothing within %(window)s, the refund is paid instead."),
        "ship:in_arbitration": _l("If the merchant sends nothing within %(window)s, the case goes to the platform."),
    },
)
text.learn(
    "event",
    {
        "order.imported": _l("Order received"),
        "order.delivered": _l("The order was delivered, says the marketplace"),
        "aftersale.requested": _l("The buyer asked for after-sales"),
        "aftersale.accepted": _l("The merchant accepted"),
        "aftersale.refused": _l("The merchant refused"),
        "aftersale.offered": _l("An offer was made"),
        "aftersale.countered": _l("An offer was answered with another"),
        "aftersale.offer_accepted": _l("An offer was accepted"),
        "aftersale.offer_declined": _l("An offer was declined"),
        "aftersale.offer_withdrawn": _l("An offer was withdrawn"),
        "aftersale.offer_expired": _l("An offer was not answered in time"),
        "aftersale.said": _l("A message was written"),
        "aftersale.shipped_back": _l("The goods were sent back"),
        "aftersale.parcel_corrected": _l("The buyer corrected the return parcel"),
        "aftersale.arrived": _l("The goods came back"),
        "aftersale.arrived:merchant": _l("The merchant noted that the parcel is there"),
        "aftersale.watch_over": _l("The carrier reported nothing in time; the merchant is to look whether it came"),
        "aftersale.confirmed": _l("The merchant confirmed the goods"),
        "aftersale.reported": _l("The merchant reported a fault in what came back"),
        "aftersale.shipped": _l("The merchant sent the goods"),
        "aftersale.paid": _l("The marketplace paid the refund"),
        "aftersale.payment_failed": _l("The marketplace could not pay the refund; the platform's leads were told"),
        "aftersale.not_paid": _l("The refund was not confirmed in time; the platform's leads were told"),
        "aftersale.cancelled": _l("The buyer called it off"),
        "aftersale.in_arbitration": _l("The platform was called in"),
        "aftersale.in_arbitration:merchant": _l("The merchant called in the platform"),
        "aftersale.in_arbitration:buyer": _l("The buyer called in the platform"),
        "aftersale.ruled": _l("The platform's ruling applies"),
        "aftersale.more_time": _l("More time: the holidays of that year are known now"),
        "aftersale.merchant_silent": _l("The merchant did nothing in time"),
        "aftersale.not_inspected": _l("Nothing was reported in time"),
        "aftersale.not_agreed": _l("No agreement in time"),
        "aftersale.not_escalated": _l("Nobody called in the platform"),
        "aftersale.not_returned": _l("Nothing was sent back in time"),
    },
)
text.learn(
    "clock",
    {
        "merchant_response": _l("Time for the merchant to answer"),
        "offer_answer": _l("Time to answer the offer"),
        "negotiation": _l("Time to agree"),
        "escalate": _l("Time to call in the platform"),
        "buyer_return": _l("Time to send the goods back"),
        "delivery_watch": _l("Time for the goods to arrive"),
        "inspection": _l("Time to look at what came back"),
        "ship": _l("Time to send the goods"),
    },
)
text.learn(
    "cell",
    {
        "refused": "%(why)s",
        "bad_kind": _l("one of: %(allowed)s"),
        "bad_items": _l("items such as TEA-1:2; CUP-1:1, each once"),
        "bad_pieces": _l("a whole number from 1 to %(most)s"),
        "name_not_masked": _l("the name as the order shows it, masked such as 林**; never the whole name"),
        "bad_address": _l("the address of the marketplace's relay, such as b123@relay.example"),
        "bad_locale": _l("one of: %(allowed)s"),
        "order_disagrees": _l("line %(line)s of the same order says something else"),
        "sku_twice": _l("line %(line)s has the same sku; write their pieces in one line"),
        "order_differs": _l("order %(ref)s is there under this external_id and says something else; it stays as it is"),
    },
)


def foretold(default: Default) -> str:
    """What will happen by itself, in one sentence."""
    return text.word(f"{default.kind}:{default.outcome}", "aftersale.ahead") % {"window": window_words(default.window)}


def asked_for(kind: str, minor: int, currency: str) -> str:
    """What a request asks for: its kind, and how much where it is money that is asked for."""
    named = text.word(kind, "aftersale.kind")
    return named if remedy_of(kind) == "goods" else f"{named} {text.money(minor, currency)}"


def terms(kind: str, minor: int, currency: str, *, goods_first: bool = False) -> str:
    """What is offered: refund of ¥80.00, or goods instead; `goods_first` if these come after others went back."""
    apart = goods_first and kind == "replacement"
    named = text.word(f"{kind}:goods_first" if apart else kind, "offer.kind")
    if not minor:
        return named
    return str(gettext("%(kind)s of %(amount)s", kind=named, amount=text.money(minor, currency)))


def window_words(spec: Spec) -> str:
    """How long somebody has: 48 hours, 7 days, 5 working days."""
    if spec.mode == "elapsed":
        return str(ngettext("%(num)s hour", "%(num)s hours", spec.n))
    if spec.mode == "calendar_days":
        return str(ngettext("%(num)s day", "%(num)s days", spec.n))
    if spec.mode == "working_days":
        return str(gettext("%(count)s working days", count=spec.n))
    return str(gettext("%(count)s working hours", count=spec.n))
