"""The states of a penalty and the moves between them: pure."""

from dataclasses import dataclass
from datetime import datetime

from portal.refusals import Refused


@dataclass(frozen=True, slots=True)
class Move:
    """What may happen to a penalty, in which states, and where it leads."""

    event: str
    sources: tuple[str, ...]
    target: str


MOVES = {
    move.event: move
    for move in (
        Move("take_effect", ("notified",), "active"),
        Move("hold", ("notified", "active"), "held"),
        Move("resume", ("held",), "active"),
        Move("wait_again", ("held",), "notified"),
        # A policy may allow a second appeal, so what was reduced can still be reduced further or overturned.
        Move("overturn", ("notified", "active", "held", "served", "reduced"), "overturned"),
        Move("reduce", ("notified", "active", "held", "served", "reduced"), "reduced"),
        Move("revoke", ("notified", "active", "held"), "revoked"),
        Move("reinstate", ("overturned", "reduced"), "active"),
        Move("serve", ("active", "reduced"), "served"),
    )
}
FINAL = ("overturned", "revoked")


def after(status: str, event: str) -> str:
    """The status that this event leads to; refused with `transition_not_allowed` in a state where it can't happen."""
    move = MOVES[event]
    if status not in move.sources:
        raise Refused("transition_not_allowed", status=status, verb=event)
    return move.target


def can(status: str, event: str) -> bool:
    """Whether the event can happen in this state."""
    return status in MOVES[event].sources


def first_status(effective_at: datetime, at: datetime) -> str:
    """The status of a penalty that is issued at this instant: announced only, or in force."""
    return "active" if effective_at <= at else "notified"


def on_resuming(effective_at: datetime, at: datetime) -> str:
    """The event by which a suspended penalty goes on at this instant."""
    return "resume" if effective_at <= at else "wait_again"


def window(due_at: datetime | None, at: datetime) -> str:
    """Whether a shop may still file: a window that is over when it becomes known is closed from the start."""
    return "open" if due_at is not None and at < due_at else "closed"
