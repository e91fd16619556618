"""Rulings that the shop lost and their appeals, for tests: real rows, made by the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from portal import appeals, arbitration, policies
from portal.accounts.models import Shop
from portal.appeals.models import Appeal
from portal.arbitration import Ruling
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.review import Verdict
from tests import arbitration as dispute
from tests import make
from tests.make import NOON, _numbers

LATER = NOON + timedelta(days=3)
"""When the buyer's time to answer an appeal filed at noon is over."""
BETTER = {
    "upheld": Ruling("claim_rejected", "buyer", {"buyer": dispute.DISPUTED}),
    "partially_upheld": Ruling("refund_partial", "shared", {"merchant": 5_000, "buyer": 7_000}),
}


def lost(shop: Shop, merchant: Actor, judge: Actor, at: datetime = NOON, kind: str = "refund_full") -> Arbitration:
    """A ruling against the shop, which it can appeal."""
    return dispute.ruled(shop, merchant, judge, kind, at)


def an_appeal(ruled: Arbitration, merchant: Actor, at: datetime = NOON) -> Appeal:
    """The appeal of it, under review."""
    return make.file_it(make.a_draft(ruled, merchant, at), merchant, at)


def heard(ruled: Arbitration, at: datetime = NOON) -> None:
    """The buyer says that nothing more will come."""
    arbitration.actions.finish(ruled, by=dispute.buyer_of(ruled), at=at)


def a_verdict(appeal: Appeal, outcome: str, **fields: Any) -> Verdict:
    """A complete verdict, with the better ruling that the outcome needs, and the reason's words to the buyer."""
    better, reason = BETTER.get(outcome), policies.reasons(appeal.policy_version_id, outcome, appeal.subject_type)[0]
    given = {"terms": better.to_dict() if better else None, "texts": {"buyer": reason.said_to("buyer", "zh")}}
    return make.a_verdict(appeal, outcome, **given | fields)


def decide(appeal: Appeal, by: Actor, outcome: str, at: datetime = LATER, **fields: Any) -> None:
    """Claim the seat and decide."""
    verdict = a_verdict(appeal, outcome, **fields)
    appeals.actions.decide(appeal, make.a_seat(appeal, by, at), verdict=verdict, by=by, at=at)


def ask_again(ruled: Arbitration, at: datetime = NOON) -> Arbitration:
    """The buyer's re-review."""
    words, key = "新的检测报告证明茶饼在发货前就已经受潮，请重新审核。", f"again-{next(_numbers)}"
    by = dispute.buyer_of(ruled)
    return arbitration.actions.ask_again(ruled, ground="new_fact", statement=words, key=key, by=by, at=at)
