"""How a case ends: paid, or called off; and what arbitration does to it."""

from datetime import datetime

from portal.aftersales import lifecycle, onward, queries
from portal.aftersales.actions.moving import Step, in_time, require, take
from portal.aftersales.actions.offering import Terms, fitting, settle_on
from portal.aftersales.actions.telling import wake_leads
from portal.aftersales.models import AfterSale, Offer
from portal.audit import Actor
from portal.db import session
from portal.refusals import Refused

BOUND = {"refused": "escalate", "awaiting_inspection": "inspection"}
"""Until when somebody may still call the platform in; a negotiation that is over counts as refused, and waits."""


def acknowledge(case: AfterSale, *, amount_minor: int, currency: str, by: Actor, at: datetime) -> None:
    """The marketplace has paid, and says how much; any other amount than the agreed one is refused."""
    require(case, "acknowledge", by)
    if (amount_minor, currency) != (case.agreed_minor, case.currency):
        raise Refused("other_amount_paid", agreed_minor=case.agreed_minor, currency=case.currency)
    ends = lifecycle.paid_as(case.kind, amount_minor, case.requested_minor)
    said = {"amount_minor": amount_minor, "currency": currency}
    take(Step(case, "paid", "closed", by, at, resolution=ends, data=said, tell="aftersale.paid"))


def fail_payment(case: AfterSale, *, why: str, by: Actor, at: datetime) -> None:
    """The marketplace could not pay, and says why; the refund stays owed, and the leads are told at once."""
    require(case, "fail_payment", by)
    take(
        Step(
            case,
            "payment_failed",
            "refund_pending",
            by,
            at,
            data={"why": why},
            tell="aftersale.refund_failed",
            without=("execute",),
        )
    )
    wake_leads([(case, at)], "aftersale.payment_failed", why=why)


def cancel(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """The buyer calls it off, and with it an offer that waits. Refused with `ruled_already` once it was ruled on."""
    offer = require(case, "cancel", by)
    if case.status == "in_arbitration" and onward.ruled(case):
        raise Refused("ruled_already")
    _drop(offer, at)
    if case.status == "in_arbitration":
        onward.arbitrators(case).end(case, "withdrawn", by=by, at=at)
    take(Step(case, "cancelled", "closed", by, at, resolution="cancelled", tell="aftersale.cancelled"))


def enter_arbitration(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """The platform decides from here on; called by the arbitration that has been opened, in the same unit of work.

    The parties' deadlines end, and an offer that waits is withdrawn. The system's own entry is a silent merchant's.
    """
    if lifecycle.role_of(by.role) == "system":
        if case.status not in ("awaiting_merchant", "awaiting_shipment"):
            raise Refused("transition_not_allowed", status=case.status, verb="enter_arbitration")
    else:
        _drop(require(case, "enter_arbitration", by), at)
        if case.status in BOUND:
            in_time(case, at, BOUND[case.status])
    take(Step(case, "in_arbitration", "in_arbitration", by, at))


def leave_arbitration(
    case: AfterSale, terms: Terms, *, by: Actor, at: datetime, clock_from: datetime | None = None
) -> None:
    """What was ruled applies; an offer that waits is gone with it; `clock_from` is when the next time begins."""
    require(case, "leave_arbitration", by)
    _drop(queries.open_offer(case), at)
    to = settle_on(case, fitting(case, terms).kind, terms.amount_minor)
    if case.remedy == "goods":
        case.agreed_minor = terms.worth_minor or None
    said = {"kind": terms.kind, "agreed_minor": case.agreed_minor or 0}
    ends = lifecycle.without_remedy(ruled=True) if to == "closed" else None
    tell = "aftersale.ship_due" if to == "awaiting_shipment" else ""
    take(Step(case, "ruled", to, by, at, resolution=ends, data=said, tell=tell, clock_from=clock_from))


def _drop(offer: Offer | None, at: datetime) -> None:
    if offer is not None:
        offer.status, offer.answered_at = "withdrawn", at
        session().flush()
