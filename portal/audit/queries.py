"""Reading history."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select

from portal.audit import chain
from portal.audit.links import Link
from portal.audit.models import AuditEvent
from portal.db import session


def audiences(party: str) -> tuple[str, ...]:
    """Whose data a party of a case may see: what is for all parties, and what is for it alone."""
    return "parties", party


def timeline(case: str, audience: tuple[str, ...] = ("parties",)) -> list[AuditEvent]:
    """The events of a case that this audience may see, newest first."""
    ask = select(AuditEvent).where(AuditEvent.chain == case, AuditEvent.audience.in_(audience))
    return list(session().scalars(ask.order_by(AuditEvent.seq.desc())))


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
