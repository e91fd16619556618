"""Offers and what becomes of them: one waits at a time, and everything said is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.aftersales import lifecycle, onward
from portal.aftersales.actions.answering import due_notice, words
from portal.aftersales.actions.moving import Step, in_time, require, take
from portal.aftersales.models import AfterSale, Offer
from portal.aftersales.whereabouts import at_the_shop
from portal.audit import Actor
from portal.db import session
from portal.refusals import Overtaken, Refused

ANSWER = {"negotiating": ("offer_answer", "negotiation"), "in_arbitration": ("offer_answer",)}
"""Within which times an offer can be answered."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What one side proposes: money, money for the goods, goods instead, or nothing.

    `worth_minor`: of goods that are ruled, what is paid instead if they don't come.
    """

    kind: str
    amount_minor: int = 0
    note: str = ""
    worth_minor: int = 0


def offer(case: AfterSale, terms: Terms, *, by: Actor, at: datetime) -> Offer:
    """Propose something; the other side has the policy's time to answer. Also the answer to a request that waits."""
    require(case, "offer", by)
    if case.status == "awaiting_merchant" and fitting(case, terms).kind == "no_refund":
        raise Refused("refuse_instead")
    clocks = {"awaiting_merchant": ("merchant_response",), "negotiating": ("negotiation",)}.get(case.status, ())
    in_time(case, at, *clocks)
    answers = case.status == "awaiting_merchant" and lifecycle.role_of(by.role) == "merchant"
    return _put(case, terms, "offered", clocks if answers else (), by, at)


def counter(case: AfterSale, terms: Terms, *, by: Actor, at: datetime) -> Offer:
    """Answer an offer with another one."""
    waiting = _waiting(case, "counter", by)
    in_time(case, at, *ANSWER[case.status])
    _answer(waiting, "countered", at)
    return _put(case, terms, "countered", ("offer_answer",), by, at)


def accept_offer(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """Agree to the other side's offer; from then on it is what counts."""
    waiting = _waiting(case, "accept_offer", by)
    in_time(case, at, *(met := ANSWER[case.status]))
    _answer(waiting, "accepted", at)
    if case.status == "in_arbitration":
        onward.arbitrators(case).end(case, "settled", by=by, at=at)
    to = settle_on(case, waiting.kind, waiting.amount_minor)
    said = {"offer": waiting.seq, "kind": waiting.kind, "agreed_minor": waiting.amount_minor}
    tell = "aftersale.offer_accepted" if by.role == "buyer" else due_notice(to)
    ends = lifecycle.without_remedy(ruled=False) if to == "closed" else None
    take(Step(case, "offer_accepted", to, by, at, resolution=ends, met=met, data=said, tell=tell))


def decline_offer(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """Say no to the other side's offer; the negotiation goes on."""
    waiting = _waiting(case, "decline_offer", by)
    in_time(case, at, *ANSWER[case.status])
    _answer(waiting, "declined", at)
    said = {"offer": waiting.seq}
    tell = "aftersale.offer_declined" if by.role == "buyer" else ""
    take(Step(case, "offer_declined", case.status, by, at, met=("offer_answer",), data=said, tell=tell))


def withdraw_offer(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """Take one's own offer back before it is answered."""
    waiting = _waiting(case, "withdraw_offer", by)
    in_time(case, at, *ANSWER[case.status])
    _answer(waiting, "withdrawn", at)
    said = {"offer": waiting.seq}
    tell = "aftersale.offer_withdrawn" if by.role == "buyer" else ""
    take(Step(case, "offer_withdrawn", case.status, by, at, data=said, tell=tell))


def settle_on(case: AfterSale, kind: str, amount_minor: int) -> str:
    """Write down what was agreed or ruled, and say where it leads."""
    case.remedy = {"replacement": "goods", "no_refund": "none"}.get(kind, "refund")
    case.agreed_minor = amount_minor if case.remedy == "refund" else None
    return lifecycle.after_agreement(kind, case.kind, goods_back=case.sent_back, at_shop=at_the_shop(case))


def fitting(case: AfterSale, terms: Terms) -> Terms:
    """The terms, if they fit the case: an amount where money is offered, and no more of it than is asked for."""
    if terms.kind not in lifecycle.OFFERS:
        raise Refused("no_such_offer")
    if (terms.kind in lifecycle.WITHOUT_AMOUNT) != (terms.amount_minor == 0):
        raise Refused("offer_amount_missing" if terms.amount_minor == 0 else "offer_without_amount")
    if not 0 <= terms.amount_minor <= case.requested_minor:
        raise Refused("offer_above_request", requested_minor=case.requested_minor, currency=case.currency)
    return terms


def _waiting(case: AfterSale, verb: str, by: Actor) -> Offer:
    found = require(case, verb, by)
    assert found is not None
    return found


def _answer(offer: Offer, status: str, at: datetime) -> None:
    offer.status, offer.answered_at = status, at


def _put(case: AfterSale, terms: Terms, action: str, met: tuple[str, ...], by: Actor, at: datetime) -> Offer:
    fitting(case, terms)
    session().flush()
    party = lifecycle.role_of(by.role)
    made = Offer(
        after_sale_id=case.id,
        seq=(session().scalar(select(func.max(Offer.seq)).where(Offer.after_sale_id == case.id)) or 0) + 1,
        by_party=party,
        kind=terms.kind,
        amount_minor=terms.amount_minor,
        note=words(case, terms.note),
        status="proposed",
        at=at,
    )
    session().add(made)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    said = {"offer": made.seq, "kind": made.kind, "amount_minor": made.amount_minor}
    tell = "aftersale.offered" if party == "buyer" else ""
    to = "in_arbitration" if case.status == "in_arbitration" else "negotiating"
    take(Step(case, action, to, by, at, offer_by=party, met=met, data=said, tell=tell))
    return made
