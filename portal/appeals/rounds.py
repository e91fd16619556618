"""Where one appeal stands among those against the same subject, for its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal import review
from portal.appeals import queries
from portal.appeals.lifecycle import another_round
from portal.appeals.models import Appeal
from portal.appeals.subjects import PenaltySubject, Subject


@dataclass(frozen=True)
class Rounds:
    """The other appeals against the subject, and what can follow this one.

    `next` is how that stands, "" where nothing can follow: `open` until `until`; `waits` for the person who looks at
    what the system closed; `sent`, then `later` is the appeal that followed; `over` since `until`; `none` any more.
    """

    others: Sequence[Appeal] = ()
    next: str = ""
    until: datetime | None = None
    later: Appeal | None = None

    @property
    def followed(self) -> bool:
        """Whether what became of the subject stands in a later appeal, and no more in this one."""
        return self.next == "sent"


def of(appeal: Appeal, subject: Subject, at: datetime) -> Rounds:
    """As of this instant."""
    if appeal.chance == "only" or not isinstance(subject, PenaltySubject):
        return Rounds()
    others = queries.siblings(appeal)
    later = next((one for one in others if one.round_no == appeal.round_no + 1), None)
    if later is not None and later.attempt:
        return Rounds(others, "sent", later=later)
    if not another_round(_outcome(appeal), appeal.round_no, appeal.rounds_allowed):
        return Rounds(others)
    penalty = subject.penalty
    if penalty.is_open(at):
        return Rounds(others, "open", penalty.due_at, later)
    if review.open_seat_of("appeal", appeal.id) is not None:
        return Rounds(others, "waits")
    if penalty.appeal_window == "open" or subject.ran_out:
        return Rounds(others, "over", penalty.due_at)
    return Rounds(others, "none")


def _outcome(appeal: Appeal) -> str:
    """How it ended, by the decision that counts now."""
    decisions = review.decisions_of("appeal", appeal.id)
    return decisions[0].outcome if decisions else appeal.outcome or ""
