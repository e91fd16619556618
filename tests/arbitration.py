"""Arbitrations for tests: real rows, made by the real verbs."""

from datetime import datetime
from typing import Any

from portal import aftersales, arbitration, evidence, policies, review
from portal.accounts.models import Shop
from portal.aftersales.models import AfterSale
from portal.arbitration import Ruling, actions
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.review import Verdict
from portal.review.models import Review
from tests.aftersales import an_after_sale
from tests.make import NOON, _numbers

DISPUTED = 12_000
SHARES = {
    "refund_full": {"merchant": DISPUTED},
    "refund_partial": {"merchant": 8_000, "buyer": 4_000},
    "return_then_refund": {"merchant": DISPUTED},
    "exchange_or_reship": {"merchant": DISPUTED},
    "claim_rejected": {"buyer": DISPUTED},
    "platform_compensates": {"platform": DISPUTED},
}
LIABLE = {"refund_partial": "shared", "claim_rejected": "buyer", "platform_compensates": "platform"}


def a_refused_case(shop: Shop, merchant: Actor, at: datetime = NOON, **fields: Any) -> AfterSale:
    """A request about CNY 120 that the shop has refused."""
    case = an_after_sale(shop, at=at, **fields)
    key = f"refusal-{next(_numbers)}"
    aftersales.actions.refuse(case, reason_code="AMOUNT_TOO_HIGH", note="金额过高", key=key, by=merchant, at=at)
    return case


def an_arbitration(shop: Shop, merchant: Actor, at: datetime = NOON, **fields: Any) -> Arbitration:
    """One that the buyer called in, in which evidence is being collected."""
    case = a_refused_case(shop, merchant, at, **fields)
    key = f"call-{next(_numbers)}"
    aftersales.actions.escalate(case, "商家不肯退款", key=key, by=aftersales.as_buyer(case), at=at)
    found = arbitration.first_of(case)
    assert found is not None
    return found


def buyer_of(found: Arbitration) -> Actor:
    """The buyer as one who acts."""
    return aftersales.as_buyer(found.after_sale)


def hand_in(found: Arbitration, by: Actor, at: datetime = NOON, words: str = "情况如材料所示") -> None:
    """A statement of this side."""
    actions.submit(found, words, key=f"hand-in-{next(_numbers)}", by=by, at=at)


def under_decision(shop: Shop, merchant: Actor, at: datetime = NOON, **fields: Any) -> Arbitration:
    """One in which nobody had anything to hand in."""
    found = an_arbitration(shop, merchant, at, **fields)
    actions.finish(found, by=merchant, at=at)
    actions.finish(found, by=buyer_of(found), at=at)
    return found


def a_seat(found: Arbitration, by: Actor, at: datetime = NOON) -> Review:
    """The open seat, claimed."""
    seat = review.open_seat_of("arbitration", found.id)
    assert seat is not None
    return review.claim(seat, by=by, at=at)


def a_ruling(kind: str = "refund_full", **fields: Any) -> Ruling:
    """A ruling that is whole."""
    given = {"liability": LIABLE.get(kind, "merchant"), "amounts": SHARES[kind]}
    return Ruling(kind, **given | fields)


def a_verdict(found: Arbitration, kind: str = "refund_full", ruling: Ruling | None = None, **fields: Any) -> Verdict:
    """A verdict that is complete."""
    reason = policies.body(found.policy_version_id).rulings(kind)[0]
    items = evidence.items_of("aftersale", found.after_sale_id, state="sealed")
    given = {
        "outcome": kind,
        "reason_code": reason.code,
        "findings": "买家的照片清楚地显示了外盒的压痕和茶饼的断裂，商家的打包录像没有覆盖这一单，不能证明发货时完好。",
        "text_to_party": reason.merchant.zh,
        "texts": {"buyer": reason.buyer.zh},
        "evidence_verdicts": tuple({"evidence": item.ref, "verdict": "accepted", "note": ""} for item in items),
        "terms": (ruling or a_ruling(kind)).to_dict(),
    }
    return Verdict(**given | fields)


def rule(found: Arbitration, by: Actor, kind: str = "refund_full", at: datetime = NOON, **fields: Any) -> Arbitration:
    """Claim the seat and rule."""
    actions.decide(found, a_seat(found, by, at), verdict=a_verdict(found, kind, **fields), by=by, at=at)
    return found


def ruled(
    shop: Shop, merchant: Actor, reviewer: Actor, kind: str = "refund_full", at: datetime = NOON, **fields: Any
) -> Arbitration:
    """One that has been ruled on, with the losers' time running."""
    return rule(under_decision(shop, merchant, at, **fields), reviewer, kind, at)
