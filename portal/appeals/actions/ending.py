"""How an appeal ends, whoever ends it: one place that completes the row and tells everybody."""

from datetime import datetime

from sqlalchemy import select

from portal import audit, deadlines, messages, penalties, policies, review
from portal.accounts.models import Membership, Person
from portal.appeals import notices, queries, subjects
from portal.appeals.lifecycle import require
from portal.appeals.models import Appeal
from portal.appeals.queries import Swept
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.evidence.models import Submission
from portal.penalties.models import Penalty


def complete(
    appeal: Appeal, outcome: str, *, by: Actor, at: datetime, action: str, decision: str = "", **more: object
) -> None:
    """Give the appeal its final outcome; from here on the database refuses to change the row.

    `decision` is the hash of what decided it, for the history; `more` is what the notice names beside the usual.

    What was prepared but never handed in stays beside it, for its shop alone to read.
    """
    came_from = appeal.status
    deadlines.cancel_all("appeal", appeal.id, at=at)
    review.cancel_seats("appeal", appeal.id, at=at)
    appeal.status, appeal.outcome, appeal.completed_at, appeal.due_at = "completed", outcome, at, None
    session().flush()
    said = {"outcome": outcome} | ({"decision_sha256": decision} if decision else {})
    audit.record(appeal.ref, action, by=by, at=at, moved=(came_from, "completed"), data=said)
    messages.tell(
        f"{action}:{appeal.ref}",
        to=messages.to_shop(appeal.shop_id),
        kind=notices.kind_of(f"appeal.{outcome}", appeal.subject_type),
        params=told(appeal) | more,
        case=("appeal", appeal.ref),
        at=at,
    )


def told(appeal: Appeal | Swept) -> dict[str, object]:
    """What every notice about an appeal can name."""
    return {
        "ref": appeal.ref,
        "rule_code": appeal.rule_code,
        "penalty_ref": appeal.subject_no,  # as the pages name it
        "order_no": appeal.subject_no,
        "amount_minor": appeal.amount_minor,
        "currency": appeal.currency,
    }


def news(
    appeal: Appeal | Swept, kind: str, at: datetime, lead: Person | None = None, *, once: str = "", **more: str
) -> messages.Told:
    """One thing that is told to the shop of an appeal, or to a lead."""
    return messages.Told(
        event=f"{kind}:{appeal.ref}:{appeal.attempt}:{once}",
        to=messages.to_person(lead) if lead else messages.to_shop(appeal.shop_id),
        kind=notices.kind_of(kind, appeal.subject_type),
        params=told(appeal) | more,
        case=("appeal", appeal.ref),
        at=at,
    )


def closes_by_itself(appeal: Swept) -> bool:
    """Whether the machine may close it when nothing came, or a person must."""
    return policies.body(appeal.policy_version_id).closes_by_itself


def withdraw(appeal: Appeal, *, by: Actor, at: datetime) -> None:
    """Take the appeal back; what was appealed stands, and no other appeal follows, whatever the policy allows."""
    subject = subjects.held(appeal)
    require(appeal.status, "withdraw")
    subject.stands(by=by, at=at)
    complete(appeal, "withdrawn", by=by, at=at, action="appeal.withdrawn")


def revoke(penalty: Penalty, *, reason: str, by: Actor, at: datetime) -> None:
    """The platform takes its penalty back: its measures are lifted and a running appeal ends as moot."""
    appeal = queries.latest_against("penalty", penalty.id)
    deadlines.cancel_all("penalty", penalty.id, at=at)
    penalties.revoke(penalty, reason=reason, by=by, at=at)  # which starts the watch over its execution
    if appeal is not None and appeal.status != "completed":
        require(appeal.status, "revoke")
        complete(appeal, "moot", by=by, at=at, action="appeal.moot")


def overtaken(arbitration: Arbitration, /, *, by: Actor, at: datetime) -> None:
    """The parties settled, the buyer called it off, or asked for a re-review first: the appeal of it ends as moot."""
    appeal = queries.latest_against("arbitration", arbitration.id)
    if appeal is not None and appeal.status != "completed":
        require(appeal.status, "overtake")
        complete(appeal, "moot", by=by, at=at, action="appeal.overtaken", status_code=arbitration.status)


def barred(appeal: Appeal) -> list[int]:
    """Who may not decide this case: who had a part in its subject, whoever handed in, and everybody of the shop.

    Of an appeal that follows another one, nor whoever gave a verdict on that, in whatever seat.
    """
    judged = [review.deciders_of("appeal", one.id) for one in queries.before(appeal)]
    involved = [*subjects.of(appeal).barred(), *(person for people in judged for person in people)]
    members = session().scalars(select(Membership.person_id).where(Membership.shop_id == appeal.shop_id))
    submitters = session().scalars(
        select(Submission.sealed_by).where(Submission.case_type == "appeal", Submission.case_id == appeal.id)
    )
    return sorted({person for person in (*members, *submitters, *involved) if person is not None})
