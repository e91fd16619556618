"""How an appeal ends, whoever ends it: one place that completes the row and tells everybody."""

from datetime import datetime

from sqlalchemy import select

from portal import audit, deadlines, messages, penalties, review
from portal.accounts.models import Membership, Shop
from portal.appeals import queries
from portal.appeals.lifecycle import require
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.db import session
from portal.evidence.models import Submission
from portal.penalties.models import Penalty


def complete(appeal: Appeal, outcome: str, *, by: Actor, at: datetime, action: str) -> None:
    """Give the appeal its final outcome; from here on the database refuses to change the row.

    What was prepared but never handed in stays beside it, for its shop alone to read.
    """
    came_from = appeal.status
    deadlines.cancel_all("appeal", appeal.id, at=at)
    review.cancel_seats("appeal", appeal.id, at=at)
    appeal.status, appeal.outcome, appeal.completed_at, appeal.due_at = "completed", outcome, at, None
    session().flush()
    audit.record(appeal.ref, action, by=by, at=at, moved=(came_from, "completed"), data={"outcome": outcome})
    messages.tell(
        f"{action}:{appeal.ref}",
        to=messages.to_shop(session().get_one(Shop, appeal.shop_id)),
        kind=f"appeal.{outcome}",
        params=told(appeal),
        case=("appeal", appeal.ref),
        at=at,
    )


def told(appeal: Appeal) -> dict[str, object]:
    """What every notice about an appeal can name."""
    return {
        "ref": appeal.ref,
        "rule_code": appeal.rule_code,
        "penalty_ref": appeal.subject_ref,
        "amount_minor": appeal.amount_minor,
        "currency": appeal.currency,
    }


def withdraw(appeal: Appeal, *, by: Actor, at: datetime) -> None:
    """Take the appeal back; the one chance is used up all the same, and the penalty stands."""
    require(appeal.status, "withdraw")
    penalties.resume(queries.penalty_of(appeal), by=by, at=at)
    complete(appeal, "withdrawn", by=by, at=at, action="appeal.withdrawn")


def revoke(penalty: Penalty, *, reason: str, by: Actor, at: datetime) -> None:
    """The platform takes its penalty back: its measures are lifted and a running appeal ends as moot."""
    appeal = queries.first_against(penalty)
    penalties.revoke(penalty, reason=reason, by=by, at=at)
    deadlines.cancel_all("penalty", penalty.id, at=at)
    if appeal is not None and appeal.status != "completed":
        require(appeal.status, "revoke")
        complete(appeal, "moot", by=by, at=at, action="appeal.moot")


def barred(appeal: Appeal) -> list[int]:
    """The people who may not decide this case: the issuer, whoever handed in, and everybody of the shop."""
    penalty = queries.penalty_of(appeal)
    members = session().scalars(select(Membership.person_id).where(Membership.shop_id == appeal.shop_id))
    submitters = session().scalars(
        select(Submission.sealed_by).where(Submission.case_type == "appeal", Submission.case_id == appeal.id)
    )
    return sorted({person for person in (*members, *submitters, penalty.issuer_id) if person is not None})
