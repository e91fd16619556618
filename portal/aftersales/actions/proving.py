"""The exhibits of either side: staged until the act that they belong to seals them."""

from datetime import datetime
from typing import Any

from portal import evidence, policies
from portal.aftersales import lifecycle, onward
from portal.aftersales.actions.moving import lock
from portal.aftersales.models import AfterSale
from portal.aftersales.onward import Room
from portal.audit import Actor
from portal.evidence import Received, Said, Side
from portal.evidence.models import EvidenceItem
from portal.refusals import Refused


def side_of(case: AfterSale, party: str) -> Side:
    """Whose exhibits are meant."""
    return Side("aftersale", case.id, case.shop_id, party)


def staged(case: AfterSale, party: str) -> list[EvidenceItem]:
    """What this side has added and not yet handed in."""
    return evidence.items_of("aftersale", case.id, party=party, state="staged")


def attach(case: AfterSale, file: Received, *, by: Actor, at: datetime, title: str = "") -> EvidenceItem:
    """Add a file to what this side will hand in with its next act; refused where nothing can be handed in."""
    lock(case)
    party = _party(case, by)
    room = room_for(case, party)
    assert room is not None
    before = evidence.count_of("aftersale", case.id, party, "sealed", since=room.since)
    return evidence.attach(
        side_of(case, party),
        file,
        requirement=None,
        max_files=room.most,
        before=before,
        by=by,
        at=at,
        title=title,
        visibility="both",
    )


def detach(case: AfterSale, item: EvidenceItem, *, by: Actor) -> None:
    """Take a file back that is not handed in yet."""
    lock(case)
    if item.case_type != "aftersale" or item.case_id != case.id or item.owner_party != _party(case, by):
        raise Refused("transition_not_allowed")
    evidence.detach(item)


def seal(case: AfterSale, party: str, key: str, statement: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Hand in what is staged, if anything is; what the record says of it."""
    count = len(staged(case, party))
    if not count:
        return {}
    kind = "supplement" if evidence.submissions_of("aftersale", case.id) else "initial"
    sealed = evidence.seal(side_of(case, party), Said(kind, key, statement), by=by, at=at)
    return {"exhibits": count, "manifest_sha256": sealed.manifest_sha256}


def room_for(case: AfterSale, party: str) -> Room | None:
    """How many files this side may hand in, and since when they count; None where it can't add any now.

    While the sides negotiate all count; before the platform, those of the stage, so that a question can be answered.
    """
    if case.status in lifecycle.UNDER_WAY:
        return Room(policies.aftersales(case.policy_version_id).max_files)
    return onward.takes_files(case, party) if case.status == "in_arbitration" else None


def _party(case: AfterSale, by: Actor) -> str:
    role = lifecycle.role_of(by.role)
    if role not in lifecycle.PARTIES or room_for(case, role) is None:
        raise Refused("transition_not_allowed", status=case.status, verb="attach")
    return role
