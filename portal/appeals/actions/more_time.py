"""What hangs on a deadline that moved: the rows that show when it is due, the drafts, the seats, and the shops."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from portal import arbitration, audit, deadlines, messages, penalties, review
from portal.appeals import notices, queries, subjects
from portal.appeals.actions.ending import told
from portal.appeals.models import Appeal
from portal.appeals.subjects import PenaltySubject
from portal.audit import SYSTEM
from portal.db import session
from portal.deadlines import Moved
from portal.deadlines.models import Deadline

HELD_BY = {"merchant": "needs_evidence", "platform": "under_review"}
"""In which status the appeal shows the time of whom."""


def windows_moved(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Penalties can be appealed until a later day, and drafts of it sent until then."""
    against = PenaltySubject.locked([deadline.subject_id for deadline in batch])
    moved = {one.deadline.subject_id: one for one in deadlines.recount_all(batch, at=at)}
    _move_drafts("penalty", moved)
    penalties.move_windows(moved, [against[key].penalty for key in moved], at=at)


def ruling_windows_moved(batch: Sequence[Deadline], *, at: datetime) -> None:
    """The same for rulings."""
    moved = arbitration.actions.time_moved(batch, at=at)
    _move_drafts("arbitration", {one.deadline.subject_id: one for one in moved})


def time_moved(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Appeals are waited for, or decided, until a later day.

    The row of one that is over shows no time: there it is a person who looks once more, and the seat moves alone.
    """
    ids = [deadline.subject_id for deadline in batch]
    against = subjects.locked(queries.subjects_of(ids))  # before the appeals, as in every verb that locks both
    appeals = queries.by_ids(ids)
    for one in deadlines.recount_all(batch, at=at):
        appeal, party = appeals[one.deadline.subject_id], one.deadline.party
        if appeal.status == HELD_BY[party]:
            appeal.due_at = one.due_at
            session().flush()
            against[appeal.subject_type, appeal.subject_id].awaits(party, one.due_at, at=at)
        if party == "platform":
            review.move_due("appeal", appeal.id, due_at=one.due_at)
        stays = (appeal.status, appeal.status)
        audit.record(appeal.ref, "appeal.more_time", by=SYSTEM, at=at, moved=stays, data=one.said)
        if party == "merchant":
            _tell(appeal, one, at)


def _move_drafts(subject_type: str, moved: Mapping[int, Moved]) -> None:
    for draft in queries.drafts_against(subject_type, list(moved)):
        draft.due_at = moved[draft.subject_id].due_at
    session().flush()


def _tell(appeal: Appeal, one: Moved, at: datetime) -> None:
    due_at = one.due_at.isoformat()
    messages.tell(
        f"appeal.more_time:{appeal.ref}:{due_at}",
        to=messages.to_shop(appeal.shop_id),
        kind=notices.kind_of("appeal.more_time", appeal.subject_type),
        params=told(appeal) | {"due_at": due_at},
        case=("appeal", appeal.ref),
        at=at,
    )
