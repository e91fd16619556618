"""Writing history: one event per state change, in the transaction of the change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from portal import bulk, many
from portal.audit import chain
from portal.audit.models import AuditEvent
from portal.db import dialect, session


@dataclass(frozen=True)
class Actor:
    """Who acts: a pseudonym and the role acted in. `person_id` and `shop_id` never enter the chain."""

    pseudonym: str
    role: str
    person_id: int | None = None
    shop_id: int | None = None


Ends = Mapping[str, tuple[int, str]]
SYSTEM = Actor("system", "system")


@dataclass(frozen=True)
class Entry:
    """What is to be written about one case."""

    chain: str
    action: str
    at: datetime
    by: Actor
    from_status: str | None = None
    to_status: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    audience: str = "parties"


def record(
    case: str,
    action: str,
    *,
    by: Actor,
    at: datetime,
    moved: tuple[str | None, str | None] = (None, None),
    data: dict[str, Any] | None = None,
    audience: str = "parties",
) -> None:
    """Append one event to the chain of `case` (its ref); raises `Overtaken` if another unit appended first."""
    record_all([Entry(case, action, at, by, moved[0], moved[1], data or {}, audience)])


def record_all(entries: Sequence[Entry], ends: Ends | None = None) -> None:
    """Append many events at once, in the given order; entries of one chain follow each other.

    `ends` is where the chains stood when `ends_of` was asked in this unit of work, for those who ask first and send
    what they change ahead.
    """
    if not entries:
        return
    heads = dict(ends_of({entry.chain for entry in entries}) if ends is None else ends)
    rows = []
    for entry, salt in zip(entries, chain.new_salts(len(entries)), strict=True):
        seq, previous = heads.get(entry.chain, (0, chain.GENESIS))
        event = _event(entry, seq + 1, previous, salt)
        heads[entry.chain] = (event.seq, event.hash)
        rows.append(vars(event))
    bulk.send(AuditEvent, rows)


def wait_turn(case: str) -> None:
    """Let other units that append to this chain finish first; for a chain that everybody writes to.

    SQLite has one writer at a time anyway. The turn ends with the unit of work.
    """
    if dialect().name == "postgresql":
        session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(case, 0))))


@dataclass
class _Event:
    """A row to be: plain values, because an object of the session costs more than its hashes."""

    chain: str
    seq: int
    at: datetime
    actor: str
    actor_role: str
    action: str
    from_status: str | None
    to_status: str | None
    audience: str
    data: dict[str, Any]
    salt: str
    prev_hash: str
    data_hash: str = ""
    hash: str = ""


def _event(entry: Entry, seq: int, previous: str, salt: str) -> _Event:
    event = _Event(
        chain=entry.chain,
        seq=seq,
        at=entry.at,
        actor=entry.by.pseudonym,
        actor_role=entry.by.role,
        action=entry.action,
        from_status=entry.from_status,
        to_status=entry.to_status,
        audience=entry.audience,
        data=entry.data,
        salt=salt,
        prev_hash=previous,
    )
    event.data_hash = chain.hash_data(event.salt, event.data)
    event.hash = chain.hash_event(event)
    return event


_LAST_OF_EACH = {
    "postgresql": text(
        "SELECT given.chain, last.seq, last.hash FROM unnest(CAST(:chains AS varchar[])) AS given (chain), LATERAL "
        "(SELECT seq, hash FROM audit_event WHERE chain = given.chain ORDER BY seq DESC LIMIT 1) AS last"
    ),
    "sqlite": text(
        "SELECT last.chain, last.seq, last.hash FROM json_each(:chains) AS given CROSS JOIN audit_event AS last "
        "ON last.chain = given.value AND last.seq = (SELECT max(seq) FROM audit_event WHERE chain = given.value)"
    ),
}
"""Down the index for each chain, to its end."""


def ends_of(chains: Collection[str]) -> Ends:
    """The number and the hash of each chain's last event; chains without one are left out."""
    ask = _LAST_OF_EACH[dialect().name]
    rows = session().execute(ask, {"chains": many.sent(chains)})
    return {name: (seq, digest) for name, seq, digest in rows}
