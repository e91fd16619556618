"""Reading history."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import TypeAlias

from sqlalchemy import exists, func, select

from portal.audit import chain
from portal.audit.links import Link
from portal.audit.models import AuditEvent
from portal.db import session

Head: TypeAlias = tuple[str, int, str]
"""How far a history goes: its name, the number of its events, and the hash of the last, which covers them all."""


def audiences(party: str) -> tuple[str, ...]:
    """Whose data a party of a case may see: what is for all parties, and what is for it alone."""
    return "parties", party


def timeline(case: str, audience: tuple[str, ...] = ("parties",)) -> list[AuditEvent]:
    """The events of a case that this audience may see, newest first."""
    ask = select(AuditEvent).where(AuditEvent.chain == case, AuditEvent.audience.in_(audience))
    return list(session().scalars(ask.order_by(AuditEvent.seq.desc())))


def happened(case: str, action: str) -> bool:
    """Whether the history of a case tells of such an event."""
    return bool(session().scalar(select(exists().where(AuditEvent.chain == case, AuditEvent.action == action))))


def links(case: str, audiences: tuple[str, ...]) -> list[Link]:
    """The whole chain of a case in its order, the data of each event only where one of these audiences may see it."""
    ask = select(AuditEvent).where(AuditEvent.chain == case).order_by(AuditEvent.seq)
    return [Link.of(event, audiences) for event in session().scalars(ask)]


def faults() -> Iterator[str]:
    """What is wrong with each broken chain: the first bad event of it, named."""
    ask = select(AuditEvent.__table__).order_by(AuditEvent.chain, AuditEvent.seq)
    rows = session().execute(ask.execution_options(yield_per=1000))
    for _name, events in groupby(rows, key=lambda row: row.chain):
        fault = chain.first_fault(events)
        if fault:
            yield fault


def heads() -> list[Head]:
    """How far every history goes, by name."""
    last = select(AuditEvent.chain, func.max(AuditEvent.seq).label("seq")).group_by(AuditEvent.chain).subquery()
    same = (AuditEvent.chain == last.c.chain) & (AuditEvent.seq == last.c.seq)
    rows = session().execute(select(AuditEvent.chain, AuditEvent.seq, AuditEvent.hash).join(last, same))
    return sorted((name, seq, digest) for name, seq, digest in rows)


def absent(known: Collection[Head]) -> list[Head]:
    """Those that no history goes through any more: it was cut off before, or is another one. One read of all events."""
    missing = set(known)
    ask = select(AuditEvent.chain, AuditEvent.seq, AuditEvent.hash).execution_options(yield_per=1000)
    for name, seq, digest in session().execute(ask) if missing else ():
        missing.discard((name, seq, digest))
    return sorted(missing)
