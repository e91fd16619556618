"""What the pages of one case show, gathered once; templates ask it and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal import evidence, parts, policies
from portal.aftersales import ahead, answering, lifecycle, onward, queries, reading, telling, whereto
from portal.aftersales.actions.proving import room_for
from portal.aftersales.ahead import Standing
from portal.aftersales.models import AfterSale, Offer
from portal.aftersales.words import foretold, terms
from portal.evidence.models import EvidenceItem


def of_case(case: AfterSale, party: str, at: datetime) -> dict[str, Any]:
    """Everything this side may see of a case, and what it may do now."""
    offer = next((one for one in case.offers if one.status == "proposed"), None)
    catalogue = policies.body(case.policy_version_id).catalogue
    items = evidence.items_of("aftersale", case.id)
    return {
        "case": case,
        "order": case.purchase,
        "reason": catalogue.causes[case.reason_code],
        "offer": offer,
        "terms": _terms(case, offer) if offer else "",
        "offered": (*offered(case, party, offer), *answering.offered_beside(case, party, at)),
        "parts": parts.of("aftersale", case, party, at=at),
        "ahead": coming(case, offer),
        "heard": onward.heard_before(case),
        "ruled": onward.ruled(case),
        "return_to": whereto.shown(case, party, offer),
        "parcels": reading.parcels(case, party),
        "told": telling.told(case, party, catalogue),
        "exhibits": seen(case, party, items),
        "staged": [item for item in items if item.state == "staged" and item.owner_party == party],
        "adds_files": room_for(case, party) is not None,
        "policy": policies.aftersales(case.policy_version_id),
    }


def _terms(case: AfterSale, offer: Offer) -> str:
    return terms(offer.kind, offer.amount_minor, case.currency, goods_first=case.goods_first(offer.kind))


def offered(case: AfterSale, party: str, offer: Offer | None) -> tuple[str, ...]:
    """The verbs this side may do now."""
    by = offer.by_party if offer else None
    verbs = lifecycle.offered(case.status, party, offer_by=by)
    never = {"enter_arbitration"} if onward.heard_before(case) else set()
    if case.status == "in_arbitration" and onward.ruled(case):
        never.add("cancel")
    return tuple(verb for verb in verbs if verb not in never)


def coming(case: AfterSale, offer: Offer | None) -> list[dict[str, Any]]:
    """What will happen by itself, the earliest first: whose time it is, until when, and then what."""
    by, heard = offer.by_party if offer else None, onward.heard_before(case)
    standing = Standing(case.status, case.kind, case.remedy, by, heard)
    clocks = {deadline.kind: deadline for deadline in queries.clocks([case.id])[case.id]}
    due = {kind: clock.due_at for kind, clock in clocks.items()}
    found = ahead.defaults(standing, due, policies.aftersales(case.policy_version_id))
    return [
        {
            "party": one.party,
            "due_at": one.due_at,
            "may_move": clocks[one.kind].may_move,
            "kind": one.kind,
            "then": foretold(one),
        }
        for one in found
    ]


def seen_by(case: AfterSale, party: str) -> list[EvidenceItem]:
    """The sealed files of the case that a side may see."""
    return seen(case, party, evidence.items_of("aftersale", case.id))


def seen(case: AfterSale, party: str, items: Sequence[EvidenceItem]) -> list[EvidenceItem]:
    """The sealed ones of these files that a side may see."""
    hidden = onward.hidden(case)
    return [item for item in items if item.state == "sealed" and may_see(item, party, hidden)]


def may_see(item: EvidenceItem, party: str, hidden: onward.Hidden) -> bool:
    """Whether a side may see a file: its own, or what the other side has handed in for both and is not hidden yet."""
    if item.owner_party == party:
        return True
    return item.visibility == "both" and item.sealed_at is not None and not hidden.holds(item.sealed_at)
