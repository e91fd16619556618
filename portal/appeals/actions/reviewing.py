"""The human review of an appeal that a machine closed: one look by a person, decided on the file as it is.

The appeal's row is over and stays as it is. What comes after stands in rows of its own: a deadline for the right to
ask, a seat of the next attempt, and a decision of round 2.
"""

from datetime import datetime

from portal import audit, deadlines, messages, policies, review
from portal.accounts.models import Shop
from portal.appeals import subjects
from portal.appeals.actions.again import Ended, give_up, open_next, put_off
from portal.appeals.actions.deciding import weigh
from portal.appeals.actions.ending import told
from portal.appeals.actions.filing import open_seat
from portal.appeals.models import Appeal
from portal.appeals.queries import Swept
from portal.appeals.subjects import Subject
from portal.audit import Actor
from portal.db import session
from portal.deadlines import Start
from portal.policies import Spec
from portal.refusals import Refused
from portal.review import Verdict
from portal.review.models import Decision, Review

KIND = "human_review"
ROUND = 2
OUTCOMES = ("upheld", "partially_upheld", "rejected")
MOVED = ("completed", "completed")


def right_to_ask(appeal: Swept, at: datetime, calendar_version_id: int | None) -> list[Start]:
    """The deadline of the merchant's right, from the machine's decision on; none where the policy gives no such right,
    or where a person has decided what was appealed.

    For the sweep, which starts those of a whole batch in one statement.
    """
    days = policies.body(appeal.policy_version_id).human_review_days
    if not days or subjects.BY_TYPE[appeal.subject_type].by_a_person:
        return []
    spec = Spec("calendar_days", days)
    return [Start("appeal", appeal.id, KIND, "merchant", spec, at, appeal.policy_version_id, calendar_version_id)]


def ask_human(appeal: Appeal, *, by: Actor, at: datetime) -> Review:
    """Have a person look at what a machine decided; once, and only while the right lasts (`too_late` after it).

    Another appeal, where the policy allows one, waits meanwhile: see `again.put_off`.
    """
    subject = subjects.held(appeal)
    deadlines.meet(deadlines.in_force("appeal", appeal.id, KIND, at=at), at=at)
    put_off(appeal, subject, at=at)
    policy = policies.body(appeal.policy_version_id)
    due = deadlines.start(
        "appeal",
        appeal.id,
        kind="review",
        party="platform",
        spec=policy.review,
        policy_version_id=appeal.policy_version_id,
        at=at,
    )
    seat = open_seat(appeal, at, attempt=appeal.attempt + 1, due_at=due.due_at)
    said = {"due_at": due.due_at.isoformat()}
    audit.record(appeal.ref, "appeal.human_review_asked", by=by, at=at, moved=MOVED, data=said)
    _tell(appeal, "appeal.human_review_asked", at, due_at=said["due_at"])
    return seat


def decide_again(appeal: Appeal, seat: Review, *, verdict: Verdict, by: Actor, at: datetime) -> Decision | None:
    """Give the verdict of a seat of the human review; the decision of round 2, or None while a second must agree."""
    if appeal.status != "completed" or verdict.outcome not in OUTCOMES:
        raise Refused("transition_not_allowed", status=appeal.status, verb="decide_again")
    subject = subjects.held(appeal)
    agreed = weigh(appeal, subject, seat, verdict=verdict, by=by, at=at)
    return _final(appeal, subject, *agreed, by=by, at=at) if agreed else None


def _final(
    appeal: Appeal, subject: Subject, verdict: Verdict, first: int | None, *, by: Actor, at: datetime
) -> Decision:
    decision = review.record_decision(
        case_type="appeal",
        case_id=appeal.id,
        case_ref=appeal.ref,
        verdict=verdict,
        rules=subject.rules(),
        redress=[redress.code for redress in policies.body(appeal.policy_version_id).redress],
        locale=session().get_one(Shop, appeal.shop_id).locale,
        by=by,
        decided_by=first or by.person_id,
        second_by=by.person_id if first else None,
        round=ROUND,
        at=at,
    )
    subject.judged(verdict, by=by, at=at)
    clock = deadlines.running("appeal", appeal.id, "review")
    if clock is not None:
        deadlines.meet(clock, at=at)
    said = {"outcome": verdict.outcome, "decision_sha256": decision.sha256}
    audit.record(appeal.ref, "appeal.human_review_decided", by=by, at=at, moved=MOVED, data=said)
    _tell(appeal, "appeal.human_review_decided", at, outcome_code=verdict.outcome)
    if not subject.ran_out:  # who let that time pass doesn't get it back
        open_next([Ended(appeal, subject, verdict.outcome, at)], by=by)
    return decision


def overruled(appeal: Appeal, *, at: datetime) -> None:
    """Something above it has decided: no right to ask, no seat of the review and no further appeal is open any more."""
    deadlines.cancel_all("appeal", appeal.id, at=at)
    review.cancel_seats("appeal", appeal.id, at=at)
    give_up(appeal, subjects.of(appeal), at=at)


def _tell(appeal: Appeal, kind: str, at: datetime, **more: str) -> None:
    messages.tell(
        f"{kind}:{appeal.ref}",
        to=messages.to_shop(appeal.shop_id),
        kind=kind,
        params=told(appeal) | more,
        case=("appeal", appeal.ref),
        at=at,
    )
