"""The time to appeal: closed by an appeal, or by the clock."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm.attributes import set_committed_value

from portal import audit, messages
from portal.accounts.models import Shop
from portal.audit import SYSTEM, Actor, Entry
from portal.db import session
from portal.deadlines import Moved, Running
from portal.penalties.models import Penalty
from portal.penalties.queries import rule_words

IS_OPEN = text("penalty.appeal_window = 'open'")


@dataclass(frozen=True, slots=True)
class Opening:
    """A penalty that may be appealed again, from one instant until another."""

    penalty: Penalty
    at: datetime
    due_at: datetime


def close_window(penalty: Penalty, *, at: datetime) -> None:
    """Nothing can be filed against this penalty any more, because an appeal was; the appeal's event says so."""
    penalty.appeal_window = "closed"
    session().flush()


def put_off_window(penalty: Penalty, *, at: datetime) -> None:
    """Nothing can be filed against this penalty for now, because somebody else looks at it; its history says so."""
    close_window(penalty, at=at)
    stays = (penalty.status, penalty.status)
    audit.record(penalty.ref, "penalty.window_put_off", by=SYSTEM, at=at, moved=stays)


def open_windows(batch: Sequence[Opening], *, by: Actor) -> None:
    """Let each of these penalties be appealed again until another instant; its history says so."""
    for one in batch:
        one.penalty.appeal_window, one.penalty.due_at = "open", one.due_at
    session().flush()
    audit.record_all([_reopened(one.penalty, one, by) for one in batch])


def move_windows(moved: Mapping[int, Moved], batch: Sequence[Penalty], *, at: datetime) -> None:
    """These penalties (with what moved, by id) can be appealed until a later day; their shops are told."""
    for penalty in batch:
        penalty.due_at = moved[penalty.id].due_at
    session().flush()
    audit.record_all(
        [Entry(p.ref, "penalty.more_time", at, SYSTEM, p.status, p.status, moved[p.id].said) for p in batch]
    )
    _tell(batch, "penalty.more_time", {p.id: at for p in batch}, {p.id: f":{p.due_at}" for p in batch})


def _reopened(penalty: Penalty, one: Opening, by: Actor) -> Entry:
    said = {"due_at": one.due_at.isoformat()}
    return Entry(penalty.ref, "penalty.window_again", one.at, by, penalty.status, penalty.status, said)


def close_windows(batch: Sequence[Penalty], *, at: Mapping[int, datetime], told: Container[int] = frozenset()) -> None:
    """Close windows that ran out, each at its own instant (by the penalty's id), in one statement for all.

    The shops are told, but for the penalties (by id) in `told`, of which they hear otherwise.
    """
    closing = [penalty for penalty in batch if penalty.appeal_window == "open"]
    if not closing:
        return
    ours = Penalty.id.in_([penalty.id for penalty in closing])
    change = update(Penalty).where(ours, IS_OPEN).values(appeal_window="closed", version=Penalty.version + 1)
    session().execute(change.execution_options(synchronize_session=False))
    for penalty in closing:
        set_committed_value(penalty, "appeal_window", "closed")
        set_committed_value(penalty, "version", penalty.version + 1)
    audit.record_all([Entry(p.ref, "penalty.window_over", at[p.id], SYSTEM, p.status, p.status) for p in closing])
    _tell([penalty for penalty in closing if penalty.id not in told], "penalty.window_over", at, {})


def remind_of_window(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the shops that can still appeal; once for each reminder that is due."""
    due = {deadline.subject_id: deadline for deadline in batch}
    ask = select(Penalty).where(Penalty.id.in_(due)).order_by(Penalty.id)
    open_still = [penalty for penalty in session().scalars(ask) if penalty.appeal_window == "open"]
    once = {penalty.id: f":{due[penalty.id].remind_at}" for penalty in open_still}
    _tell(open_still, "penalty.reminder", dict.fromkeys(once, at), once)


def _tell(batch: Sequence[Penalty], kind: str, at: Mapping[int, datetime], once: Mapping[int, str]) -> None:
    """Tell each penalty's shop; `once` tells one reminder from the next."""
    ask = select(Shop).where(Shop.id.in_({penalty.shop_id for penalty in batch}))
    shops = {shop.id: shop for shop in session().scalars(ask)} if batch else {}
    messages.tell_all(
        [
            messages.Told(
                event=f"{kind}:{penalty.ref}{once.get(penalty.id, '')}",
                to=messages.to_shop(shops[penalty.shop_id]),
                kind=kind,
                params={"ref": penalty.external_id, "due_at": penalty.due_at, **rule_words(penalty)},
                case=("penalty", penalty.ref),
                at=at[penalty.id],
            )
            for penalty in batch
        ]
    )
