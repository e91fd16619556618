"""What a buyer is told of the hearing of their case, by mail."""

from datetime import datetime
from typing import Any

from portal import aftersales, policies
from portal.arbitration import queries
from portal.arbitration.actions.moving import gains
from portal.arbitration.lifecycle import Ruling
from portal.arbitration.models import Arbitration

FINAL = {"upheld": "buyer.final_upheld", "replaced": "buyer.final_replaced"}


def write(arbitration: Arbitration, kind: str, *, at: datetime, once: str = "", **more: Any) -> None:
    """Tell the buyer; until the end of their own time, if it runs, or else of whatever runs."""
    own = queries.own_clock(arbitration, "buyer")
    due = own.due_at if own else arbitration.due_at
    said = {
        **gains(arbitration),
        "due_at": due.isoformat() if due else None,
        **more,
    }
    once = f"{arbitration.ref}:{arbitration.version}{once and f':{once}'}"
    aftersales.actions.write(arbitration.after_sale, kind, at=at, once=once, **said)


def write_ruling(arbitration: Arbitration, ruling: Ruling, *, at: datetime) -> None:
    """Tell the buyer what was ruled, and whether it is they who can go on, or the shop alone."""
    way = policies.arbitration(arbitration.policy_version_id).second_instance["buyer"]
    lost = "buyer" in ruling.losers() and way == "re_review"
    write(arbitration, "buyer.judged_against" if lost else "buyer.judged", at=at)


def write_final(arbitration: Arbitration, action: str, *, at: datetime) -> None:
    """Tell the buyer that the last word is spoken, once the case has gone on, and what follows there."""
    kind = FINAL.get(action, "buyer.final")
    aftersales.actions.write(arbitration.after_sale, kind, at=at, once=arbitration.ref)
