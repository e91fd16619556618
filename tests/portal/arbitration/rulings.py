"""What the tests of rulings share: the form a reviewer sends, filled in."""

from portal import evidence, policies
from portal.arbitration.lifecycle import MAY_BEAR
from portal.arbitration.models import Arbitration
from portal.arbitration.panel import ASKED
from portal.db import session
from portal.review import words_field
from tests.arbitration import LIABLE, SHARES
from tests.portal.review.desk import seat_of

FINDINGS = "买家的照片清楚地显示了外盒的压痕和茶饼的断裂，商家的打包录像没有覆盖这一单，不能证明发货时完好。"
TO_MERCHANT, TO_BUYER = "按规则由您证明，您的材料不能证明。", "商家没有证明，支持您的请求。"
SAID = {"merchant": TO_MERCHANT, "buyer": TO_BUYER}


def a_form(case: Arbitration, choice: str = "refund_full", **fields: object) -> dict[str, object]:
    """A complete form for this choice, as the reviewer who holds the seat sends it."""
    session().rollback()
    policy = policies.body(case.policy_version_id)
    seat = seat_of(case)
    form: dict[str, object] = {
        "seat": seat.id,
        "version": seat.version,
        "draft_seen": seat.draft_mark,
        "outcome": choice,
        "findings": FINDINGS,
    }
    for item in evidence.items_of("aftersale", case.after_sale_id, state="sealed"):
        form |= {f"exhibit_{item.ref}": "accepted", f"note_exhibit_{item.ref}": "看得清"}
    return form | (_asking(policy, choice) if choice in ASKED else _ruling(policy, choice)) | fields


def _asking(policy: policies.Policy, choice: str) -> dict[str, object]:
    party = ASKED[choice]
    return {
        f"reason_{choice}": policy.reasons("needs_evidence", "arbitration")[0].code,
        words_field(choice, party): SAID[party],
        f"lack_{party}_1": "unreadable",
        f"note_lack_{party}_1": "看不清日期",
    }


def _ruling(policy: policies.Policy, kind: str) -> dict[str, object]:
    shares = {bearer: SHARES[kind].get(bearer, 0) / 100 for bearer in MAY_BEAR[kind]}
    return {
        f"reason_{kind}": policy.rulings(kind)[0].code,
        f"liability_{kind}": LIABLE.get(kind, "merchant"),
        **{words_field(kind, party): said for party, said in SAID.items()},
        **{f"bears_{kind}_{bearer}": f"{share:.2f}" for bearer, share in shares.items()},
    }
