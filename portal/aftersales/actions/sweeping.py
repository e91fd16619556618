"""What time alone does: whole batches at once, stamped with the due instant and not with the sweep's."""

from collections.abc import Callable, Sequence
from datetime import datetime

from portal import deadlines, policies
from portal.aftersales import lifecycle, onward, queries
from portal.aftersales.actions.answering import agree
from portal.aftersales.actions.moving import Step, take_all
from portal.aftersales.actions.telling import wake_leads
from portal.aftersales.models import AfterSale, Offer
from portal.audit import SYSTEM
from portal.db import session
from portal.deadlines import Running

Due = tuple[AfterSale, Running]


def time_out(batch: Sequence[Running], *, at: datetime) -> None:
    """What each deadline of the batch leads to when it runs out; a case that has left the state is left alone."""
    cases = queries.by_ids([deadline.subject_id for deadline in batch])
    due = [(cases[deadline.subject_id], deadline) for deadline in batch]
    due = [(case, deadline) for case, deadline in due if case.status in _move(deadline).sources]
    deadlines.expire_all([deadline for _case, deadline in due])
    offers = queries.open_offers(list(cases))
    for case, _deadline in due:
        if case.id in offers:
            _expire(offers[case.id], _deadline.due_at)
    session().flush()
    up = [one for one in due if _goes_up(*one)]  # asked once: a case that has gone up has been heard
    for case, deadline in up:
        begins = deadlines.next_from(deadline.due_at, at)
        onward.arbitrators(case).open(case, by=SYSTEM, at=deadline.due_at, clock_from=begins)
    take_all([_step(case, deadline, at) for case, deadline in due if (case, deadline) not in up])
    wake_leads([(case, one.due_at) for case, one in due if one.kind == "execute"], "aftersale.not_paid")


def _move(deadline: Running) -> lifecycle.Move:
    return lifecycle.MOVES[f"{deadline.kind}_over"]


def _expire(offer: Offer, at: datetime) -> None:
    offer.status, offer.answered_at = "expired", at


def _goes_up(case: AfterSale, deadline: Running) -> bool:
    """Whether the policy sends the silence of this merchant to the platform, which hears a case once."""
    if deadline.kind not in ("merchant_response", "ship") or onward.heard_before(case):
        return False
    return policies.aftersales(case.policy_version_id).on_merchant_silence == "in_arbitration"


def _step(case: AfterSale, deadline: Running, at: datetime) -> Step:
    step = STEPS[deadline.kind](case, deadline.due_at)
    step.data["deadline"] = deadline.kind
    step.clock_from = deadlines.next_from(deadline.due_at, at)
    return step


def _merchant_silent(case: AfterSale, at: datetime) -> Step:
    to = lifecycle.after_silence(case.status, case.kind, "refund_pending")
    owed = case.agreed_minor or case.requested_minor  # of goods that were ruled: the part that was ruled to be owed
    agree(case)
    if to == "refund_pending":
        case.remedy, case.agreed_minor = "refund", owed
    said = {"agreed_minor": case.agreed_minor}
    return Step(case, "merchant_silent", to, SYSTEM, at, data=said, tell="aftersale.merchant_silent")


def _offer_expired(case: AfterSale, at: datetime) -> Step:
    return Step(case, "offer_expired", case.status, SYSTEM, at, tell="aftersale.offer_expired")


def _not_agreed(case: AfterSale, at: datetime) -> Step:
    heard = onward.heard_before(case)
    to = lifecycle.without_agreement(case.remedy or "refund", heard_before=heard)
    return Step(case, "not_agreed", to, SYSTEM, at, tell=NOT_AGREED[to])


def _not_escalated(case: AfterSale, at: datetime) -> Step:
    return Step(case, "not_escalated", "closed", SYSTEM, at, resolution="no_escalation", tell="aftersale.closed")


def _not_returned(case: AfterSale, at: datetime) -> Step:
    return Step(case, "not_returned", "closed", SYSTEM, at, resolution="buyer_no_return", tell="aftersale.closed")


def _watched_long_enough(case: AfterSale, at: datetime) -> Step:
    return Step(case, "watch_over", "awaiting_inspection", SYSTEM, at, tell="aftersale.watch_over")


def _not_inspected(case: AfterSale, at: datetime) -> Step:
    to, case.inspection = lifecycle.after_inspection(case.remedy or "refund"), "ok"
    return Step(case, "not_inspected", to, SYSTEM, at, tell="aftersale.merchant_silent")


def _not_paid(case: AfterSale, at: datetime) -> Step:
    return Step(case, "not_paid", "refund_pending", SYSTEM, at, tell="aftersale.refund_late", without=("execute",))


NOT_AGREED = {
    "refused": "aftersale.not_agreed",
    "refund_pending": "aftersale.ruling_stands",
    "awaiting_shipment": "aftersale.ship_after_all",
}
STEPS: dict[str, Callable[[AfterSale, datetime], Step]] = {
    "merchant_response": _merchant_silent,
    "offer_answer": _offer_expired,
    "negotiation": _not_agreed,
    "escalate": _not_escalated,
    "buyer_return": _not_returned,
    "delivery_watch": _watched_long_enough,
    "inspection": _not_inspected,
    "ship": _merchant_silent,
    "execute": _not_paid,
}
