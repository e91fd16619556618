"""A round over many deadlines: batch by batch, each a unit of work, the oldest first.

A batch that fails is halved down to the one deadline that makes it fail, which is given up and alarmed, so that it
never keeps the others waiting.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError

from portal import deadlines
from portal.db import unit_of_work
from portal.deadlines import Running
from portal.deadlines.models import Deadline
from portal.refusals import Overtaken

BATCH = 500
PATIENCE = 10
"""So many failures of the database (a lock, a lost connection, a full disk) end a sweep; the next one goes on."""

Clock = TypeVar("Clock", Running, Deadline)
"""A deadline as the sweep hands it out, or its row."""

log = structlog.get_logger(__name__)


@dataclass
class Swept:
    """What was done; `recounted` had to be counted anew, `hindered` counts the times the database itself failed."""

    expired: int = 0
    reminded: int = 0
    set_aside: int = 0
    hindered: int = 0
    recounted: int = 0


@dataclass(frozen=True)
class Round:
    """How to find what is due, what to do with it, what to do with one that can't be done, and whose turn it is."""

    name: str
    due: Callable[[datetime, int, deadlines.Place | None], list[deadlines.Place]]
    settle: Callable[[Sequence[int], datetime], int]
    give_up: Callable[[int, str, datetime], None]
    turn: Callable[[], bool] = deadlines.take_turn


def walk(this: Round, now: datetime, swept: Swept) -> int:
    """Do the round as of this instant; how many were settled."""
    done, place = 0, None
    while swept.hindered < PATIENCE and (places := this.due(now, BATCH, place)):
        place = places[-1]
        done += _settle(this, [key for _at, key in places], now, swept)
    return done


def _settle(this: Round, ids: Sequence[int], now: datetime, swept: Swept, *, again: bool = False) -> int:
    """Settle these in one unit of work, or in halves if they fail together."""
    if swept.hindered >= PATIENCE:
        return 0
    try:
        with unit_of_work():
            return this.settle(ids, now) if this.turn() else 0
    except Exception as why:
        swept.hindered += _is_hindrance(why)
        if len(ids) == 1:
            return _alone(this, ids[0], now, swept, why, again)
    half = len(ids) // 2
    return _settle(this, ids[:half], now, swept) + _settle(this, ids[half:], now, swept)


def _alone(this: Round, key: int, now: datetime, swept: Swept, why: Exception, again: bool) -> int:
    """The one that fails: left for the next sweep if the database failed, tried anew if somebody was faster."""
    if _is_hindrance(why):
        log.warning("sweep.hindered", round=this.name, deadline=key, why=str(why)[:500])
        return 0
    if isinstance(why, Overtaken) and not again:
        return _settle(this, [key], now, swept, again=True)
    swept.set_aside += 1
    log.error("sweep.set_aside", round=this.name, deadline=key, exc_info=why)
    with unit_of_work():
        this.give_up(key, f"{type(why).__name__}: {why}", now)
    return 0


def _is_hindrance(why: Exception) -> bool:
    """Whether the database failed, and not what was asked of it (SQLite tells both by the same class)."""
    return isinstance(why, OperationalError) and "no such" not in str(why.orig)


def by_kind(batch: Sequence[Clock]) -> list[tuple[tuple[str, str], list[Clock]]]:
    """The batch by kind, always in the same order, so that two units never lock two cases in opposite orders."""
    kinds = sorted(batch, key=_kind)
    return [(kind, sorted(group, key=lambda d: d.subject_id)) for kind, group in groupby(kinds, key=_kind)]


def _kind(deadline: Running | Deadline) -> tuple[str, str]:
    return deadline.subject_type, deadline.kind


def set_aside(key: int, why: str, now: datetime) -> None:
    """Take one that can't be done out of the way, for a person to look at."""
    deadlines.set_aside(key, why=why, at=now)
