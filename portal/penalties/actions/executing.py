"""What a decision changed is carried out by the marketplace, which says so; who waits too long is told of."""

from collections.abc import Sequence
from datetime import datetime

from portal import accounts, audit, deadlines, messages, policies
from portal.accounts.models import Shop
from portal.audit import Actor
from portal.db import session
from portal.deadlines import Running
from portal.penalties.models import Penalty
from portal.penalties.queries import by_ids, rule_words
from portal.refusals import Refused

OPEN = ("pending", "failed")


def watch(penalty: Penalty, *, at: datetime) -> None:
    """From now on the marketplace has the policy's time to carry out what was changed."""
    running = deadlines.running("penalty", penalty.id, "execute")
    if running is not None:
        return
    deadlines.start_all(
        [
            deadlines.Start(
                subject_type="penalty",
                subject_id=penalty.id,
                kind="execute",
                party="platform",
                spec=policies.body(penalty.policy_version_id).execute,
                at=at,
                policy_version_id=penalty.policy_version_id,
            )
        ]
    )


def executed(penalty: Penalty, *, failed: str = "", by: Actor, at: datetime) -> None:
    """The marketplace has carried out every measure as it now stands, or says why it could not (`failed`).

    Refused with `nothing_to_execute` if there is none that waits. The shop is told, and the leads of a failure.
    """
    waiting = [measure for measure in penalty.measures if measure.execution in OPEN]
    if not waiting:
        raise Refused("nothing_to_execute", ref=penalty.ref)
    for measure in waiting:
        measure.execution = "failed" if failed else "acknowledged"
    session().flush()
    running = deadlines.running("penalty", penalty.id, "execute")
    if running is not None and not failed:
        deadlines.meet(running, at=at)
    action = "penalty.not_executed" if failed else "penalty.executed"
    said = {"kinds": [measure.kind for measure in waiting]} | ({"why": failed} if failed else {})
    moved = (penalty.status, penalty.status)
    audit.record(penalty.ref, action, by=by, at=at, moved=moved, data=said)
    if failed:
        _wake_leads([penalty], at)
        return
    shop = session().get_one(Shop, penalty.shop_id)
    messages.tell_all([_told(penalty, "penalty.executed", messages.to_shop(shop), at)])


def not_executed(batch: Sequence[Running], *, at: datetime) -> None:
    """Tell the leads of what nobody has carried out in time."""
    late = {deadline.subject_id: deadline for deadline in batch}
    deadlines.expire_all(batch)
    penalties = list(by_ids(list(late)).values())
    for penalty in penalties:
        deadline = late[penalty.id]
        audit.record(
            penalty.ref, "penalty.execution_late", by=audit.SYSTEM, at=deadline.due_at,
            moved=(penalty.status, penalty.status),
        )  # fmt: skip
    _wake_leads(penalties, at)


def _wake_leads(penalties: Sequence[Penalty], at: datetime) -> None:
    leads = [messages.to_person(lead) for lead in accounts.leads()]
    messages.tell_all([_told(penalty, "penalty.execution_late", lead, at) for penalty in penalties for lead in leads])


def _told(penalty: Penalty, kind: str, to: messages.Recipient, at: datetime) -> messages.Told:
    return messages.Told(
        event=f"{kind}:{penalty.ref}:{at.isoformat()}",
        to=to,
        kind=kind,
        at=at,
        params={"ref": penalty.external_id, **rule_words(penalty)},
        case=("penalty", penalty.ref),
    )
