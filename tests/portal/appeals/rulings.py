"""What the tests of rulings share: the form a reviewer sends, filled in."""

from portal import evidence, policies
from portal.appeals.models import Appeal
from portal.db import session
from tests.portal.review.desk import seat_of

FINDINGS = (
    "寄件清单没有网点章，也没有运单号，不能证明这些包裹在处罚认定的时间之前已经交给了快递，因此无法支持您的主张。"
)
SAID = "您提交的材料不能证明包裹已经交付。"


def a_ruling(appeal: Appeal, choice: str = "rejected", **fields: object) -> dict[str, object]:
    """A complete form for this choice, as the reviewer who holds the seat sends it."""
    session().rollback()
    reason = policies.reasons(appeal.policy_version_id, choice)[0].code
    seat = seat_of(appeal)
    form: dict[str, object] = {
        "seat": seat.id,
        "version": seat.version,
        "draft_seen": seat.draft_mark,
        "outcome": choice,
        f"reason_{choice}": reason,
        f"words_{choice}": SAID,
        "findings": FINDINGS,
    }
    for item in evidence.items_of("appeal", appeal.id, party="merchant", state="sealed"):
        form |= {f"exhibit_{item.ref}": "rejected", f"note_exhibit_{item.ref}": "没有网点章"}
    if choice == "needs_evidence":
        form |= {"lack_carrier_receipt": "incomplete", "note_lack_carrier_receipt": "缺 11 笔"}
    return form | fields
