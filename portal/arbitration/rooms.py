"""What an arbitration does for its after-sales case, and tells of it."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from portal import many, policies
from portal.aftersales import Arbitrators, Hidden, Room
from portal.aftersales.models import AfterSale
from portal.arbitration import actions, queries
from portal.arbitration.models import Arbitration
from portal.db import session

A_MOMENT = timedelta(microseconds=1)
WITH_FILES = ("evidence", "rebuttal", "supplement", "re_review")
"""Whose time is one to hand in files; an appeal has files of its own."""


def takes_files(case: AfterSale, party: str) -> Room | None:
    """How many files this side may hand in to the stage it is in; None while it may add none."""
    arbitration = queries.live_of(case)
    own = queries.own_clock(arbitration, party) if arbitration else None
    if arbitration is None or own is None or own.kind not in WITH_FILES:
        return None
    return Room(policies.arbitration(case.policy_version_id).max_files, since=arbitration.stage_at)


def hides(case: AfterSale) -> Hidden | None:
    """What is handed in stays with its side until the stage is over; what was never disclosed stays there for good."""
    found = queries.of_case(case)
    return _hidden(found[-1]) if found else None


def _hidden(arbitration: Arbitration) -> Hidden | None:
    if arbitration.status == "final":
        return None
    return Hidden(arbitration.disclosed_at or arbitration.opened_at - A_MOMENT, arbitration.ended_at)


def chains(case: AfterSale) -> tuple[str, ...]:
    """Where the history of the hearings stands."""
    return tuple(arbitration.ref for arbitration in queries.of_case(case))


def ruled(ids: Collection[int]) -> Collection[int]:
    """In which of these cases a ruling was given."""
    ask = select(Arbitration.after_sale_id).where(many.among(Arbitration.after_sale_id, ids))
    return set(session().scalars(ask.where(Arbitration.outcome.is_not(None))))


ARBITRATORS = Arbitrators(
    open=actions.open_first,
    end=actions.end,
    takes_files=takes_files,
    hides=hides,
    chains=chains,
    case_id=queries.case_id,
    ruled=ruled,
)
