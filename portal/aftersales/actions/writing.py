"""What a buyer is told. They have no box to look into: each notice is mailed, with a link that lets them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal import accounts, messages
from portal.aftersales import onward, queries, whereto
from portal.aftersales.models import AfterSale


@dataclass(frozen=True, slots=True)
class News:
    """What the buyer of a case is told; `once` tells two of one kind apart that the version doesn't.

    `params` are those that the case itself doesn't have, or another `due_at` than the earliest of the case.
    """

    case: AfterSale
    kind: str
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    once: str = ""


def write(case: AfterSale, kind: str, *, at: datetime, once: str = "", **params: Any) -> None:
    """Tell the buyer of this case, if there is an address to write to; for the slices that a case goes through."""
    messages.tell_all(to_buyers([News(case, kind, at, params, once)]))


def to_buyers(news: Sequence[News]) -> list[messages.Told]:
    """The notices for those of the buyers who can be reached, each with a link of its own."""
    reached = queries.reachable({one.case.id for one in news}) if news else {}
    told = [one for one in news if one.case.id in reached]
    if not told:
        return []
    links = accounts.links.issue_all("aftersale", [one.case.ref for one in told], "buyer", at=max(n.at for n in told))
    return [_told(one, reached[one.case.id], links[one.case.ref]) for one in told]


def of_case(case: AfterSale, due_at: datetime | None = None) -> dict[str, Any]:
    """What a notice about a case can speak of; `due_at` is the instant that matters, if not the case's earliest."""
    due = due_at or case.due_at
    return {
        "ref": case.ref,
        "order_no": case.order_no,
        "kind": case.kind,
        "requested_minor": case.requested_minor,
        "agreed_minor": case.agreed_minor,
        "currency": case.currency,
        "due_at": due.isoformat() if due else None,
    }


def _told(one: News, buyer: Any, link: int) -> messages.Told:
    case = one.case
    # Only goods that came back can bring a case back from the platform: all others were not heard before.
    heard = case.inspection is not None and onward.heard_before(case)
    return messages.Told(
        event=f"{one.kind}:{case.ref}:{case.version}{one.once and f':{one.once}'}",
        to=messages.to_guest(buyer.id),
        kind=one.kind,
        params={
            **of_case(case),
            "status": case.status,
            "resolution": case.resolution,
            "remedy": case.remedy,
            "heard": heard,
            **whereto.params(case, buyer.return_address),
            **one.params,
        },
        case=("aftersale", case.ref),
        at=one.at,
        guest=messages.Guest(buyer.relay_address, buyer.locale, buyer.zone, link),
    )
