"""Opening the arbitration of a case."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import aftersales
from portal.aftersales.models import AfterSale
from portal.arbitration import lifecycle, queries
from portal.arbitration.actions.moving import party_of, stage, tell
from portal.arbitration.actions.writing import write
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.refs import new_ref
from portal.refusals import Overtaken, Refused


def open_first(case: AfterSale, /, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
    """Take a case to the platform: both sides get the same time to hand in what they have.

    Called by either side, by the platform, or by the sweep for a merchant who was silent, whose `clock_from` is when
    the sides' time begins. Refused with `heard_before` if it has been heard; raises `Overtaken` if somebody opens it at
    the same time.
    """
    if queries.of_case(case):
        raise Refused("heard_before")
    aftersales.enter_arbitration(case, by=by, at=at)
    arbitration = _row(case, opened_by=party_of(by), at=at)
    put(arbitration)
    stage(arbitration, "collecting", action="opened", by=by, at=at, parties=lifecycle.PARTIES, clock_from=clock_from)
    tell(arbitration, "arbitration.opened", at=at)
    write(arbitration, "buyer.hearing_opened", at=at)


def put(arbitration: Arbitration) -> None:
    """Insert it; raises `Overtaken` if this round of the case is there already."""
    session().add(arbitration)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why


def again(parent: Arbitration, *, ground: str, by: Actor, at: datetime) -> Arbitration:
    """The re-review of a ruling, as a row that is not there yet."""
    row = _row(parent.after_sale, opened_by=party_of(by), at=at)
    row.round, row.parent_id, row.ground = 2, parent.id, ground
    return row


def _row(case: AfterSale, *, opened_by: str, at: datetime) -> Arbitration:
    return Arbitration(
        ref=new_ref("AR", at),
        after_sale=case,
        shop_id=case.shop_id,
        opened_by="platform" if opened_by == "reviewer" else opened_by,
        reason_code=case.reason_code,
        order_no=case.order_no,
        amount_minor=case.requested_minor,
        currency=case.currency,
        policy_version_id=case.policy_version_id,
        status="collecting",
        opened_at=at,
        stage_at=at,
    )
