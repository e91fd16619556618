"""What time alone will do to a case, told before it does: pure, and by the same rules as the sweep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.aftersales import lifecycle
from portal.policies import AfterSales, Spec


@dataclass(frozen=True, slots=True)
class Default:
    """If `party` does nothing within `window`, until `due_at`, then `outcome`: a status, a resolution or `expired`."""

    kind: str
    party: str
    window: Spec
    due_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a case decides where silence leads."""

    status: str
    kind: str
    remedy: str | None = None
    offer_by: str | None = None
    heard_before: bool = False


def outcome(standing: Standing, clock: str, policy: AfterSales) -> str:
    """Where it leads that this deadline runs out."""
    if clock in ("merchant_response", "ship"):
        policy_says = "refund_pending" if standing.heard_before else policy.on_merchant_silence
        return lifecycle.after_silence(standing.status, standing.kind, policy_says)
    if clock == "inspection":
        return lifecycle.after_inspection(standing.remedy or "refund")
    return {
        "offer_answer": "expired",
        "negotiation": lifecycle.without_agreement(standing.remedy or "refund", heard_before=standing.heard_before),
        "escalate": "no_escalation",
        "buyer_return": "buyer_no_return",
        "delivery_watch": "awaiting_inspection",
        "execute": "not_paid",
    }[clock]


def defaults(standing: Standing, due: Mapping[str, datetime], policy: AfterSales) -> tuple[Default, ...]:
    """What happens by itself, the earliest first; `due` has the instant of each deadline that runs."""
    parties = lifecycle.clocks(standing.status, standing.offer_by)
    ahead = [
        Default(clock, parties[clock], policy.windows[clock], at, outcome(standing, clock, policy))
        for clock, at in due.items()
    ]
    return tuple(sorted(ahead, key=lambda default: (default.due_at, default.kind)))
