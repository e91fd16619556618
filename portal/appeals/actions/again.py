"""The appeal that may follow a decision: when it can be begun, and when not any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal import deadlines, messages, penalties, policies
from portal.appeals import queries
from portal.appeals.actions.ending import complete, told
from portal.appeals.lifecycle import another_round
from portal.appeals.models import Appeal
from portal.appeals.queries import Swept
from portal.appeals.subjects import PenaltySubject, Subject
from portal.appeals.subjects.penalty import AGAIN
from portal.audit import SYSTEM, Actor
from portal.deadlines import Start
from portal.penalties import Opening
from portal.penalties.models import Penalty
from portal.refusals import Refused


@dataclass(frozen=True, slots=True)
class Ended:
    """An appeal that was decided: what it was against, how it ended, and when its shop was told."""

    appeal: Appeal | Swept
    subject: Subject
    outcome: str
    at: datetime


class UsedUp(Refused):
    """There is no further appeal: `last` is the last one there was."""

    def __init__(self, last: Appeal) -> None:
        refs = [one.ref for one in (*queries.before(last), last)]
        super().__init__("appeals_used_up", refs=", ".join(refs), count=len(refs))
        self.last = last


def may_follow(last: Appeal, subject: Subject) -> bool:
    """Whether another appeal can be begun after this one; raises `UsedUp` once the policy's last one was sent."""
    if last.status != "completed" or last.chance == "only":
        return False
    if last.chance == "last" and last.attempt:
        raise UsedUp(last)
    return last.chance == "more" and subject.is_open_again()


def open_next(ended: Sequence[Ended], *, by: Actor) -> None:
    """Start the time for another appeal after what was decided against the shop, where the policy has one left."""
    found = [
        (one, one.subject.penalty)
        for one in ended
        if isinstance(one.subject, PenaltySubject)
        and another_round(one.outcome, one.appeal.round_no, one.appeal.rounds_allowed)
    ]
    if not found:
        return
    dues = deadlines.start_all([_window(one, penalty) for one, penalty in found])
    opened = list(zip(found, (due.due_at for due in dues), strict=True))
    penalties.open_windows([Opening(penalty, one.at, due_at) for (one, penalty), due_at in opened], by=by)
    messages.tell_all([_told(one, due_at) for (one, _penalty), due_at in opened])


def _window(one: Ended, penalty: Penalty) -> Start:
    rule = policies.rule(penalty.policy_version_id, penalty.rule_code)
    spec = policies.body(penalty.policy_version_id).filing(rule, one.appeal.round_no + 1)
    return Start("penalty", penalty.id, AGAIN, "merchant", spec, one.at, penalty.policy_version_id)


def _told(one: Ended, due_at: datetime) -> messages.Told:
    said = {"due_at": due_at.isoformat()}
    return messages.Told(
        event=f"appeal.again:{one.appeal.ref}:{said['due_at']}",
        to=messages.to_shop(one.appeal.shop_id),
        kind="appeal.again",
        params=told(one.appeal) | said,
        case=("penalty", one.appeal.subject_ref),
        at=one.at,
    )


def put_off(appeal: Appeal, subject: Subject, *, at: datetime) -> None:
    """While a person looks at what the system closed, another appeal waits; its time starts anew with the answer.

    Refused with `next_appeal_begun` if there is a draft of it, which would outlive its window.
    """
    last = queries.latest_against(appeal.subject_type, appeal.subject_id)
    if last is not None and last.status == "draft":
        raise Refused("next_appeal_begun", ref=last.ref)
    _close(subject, at)


def give_up(appeal: Appeal, subject: Subject, *, at: datetime) -> None:
    """Somebody above has decided: nothing more can be filed, and what was prepared stays unsent."""
    last = queries.latest_against(appeal.subject_type, appeal.subject_id)
    if last is not None and last.status == "draft":
        complete(last, "lapsed", by=SYSTEM, at=at, action="appeal.lapsed")
    _close(subject, at)


def _close(subject: Subject, at: datetime) -> None:
    """Close the window of another appeal, if there is one that is open."""
    running = deadlines.running(subject.type, subject.id, AGAIN)
    if running is not None and isinstance(subject, PenaltySubject):
        deadlines.cancel(running, at=at)
        penalties.put_off_window(subject.penalty, at=at)
