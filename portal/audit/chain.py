"""The hash of an event, and the walk along a chain: pure."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Protocol

from portal.jsons import write_canonical

GENESIS = "0" * 64


class Event(Protocol):
    """What a link of the chain must have."""

    chain: Any
    seq: Any
    at: Any
    actor: Any
    actor_role: Any
    action: Any
    from_status: Any
    to_status: Any
    audience: Any
    data: Any
    salt: Any
    data_hash: Any
    prev_hash: Any
    hash: Any


def canonical(value: object) -> bytes:
    """JSON as bytes that are the same for the same meaning: UTF-8, sorted keys, no blanks, no floats."""
    return write_canonical(value, _refuse)


def _refuse(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def instant(at: datetime) -> str:
    """The instant as it enters a hash: UTC, microseconds, Z."""
    return at.astimezone(UTC).isoformat("T", "microseconds").removesuffix("+00:00") + "Z"


def new_salts(number: int) -> Iterator[str]:
    """For each event 16 random bytes as hex: without them a withheld one's data can't be guessed from its hash."""
    drawn = secrets.token_bytes(16 * number)  # at once: for thousands of events each call to the system counts
    return (drawn[start : start + 16].hex() for start in range(0, len(drawn), 16))


def hash_data(salt: str, data: dict[str, Any]) -> str:
    """SHA-256(salt ‖ canonical data): shown to all, while salt and data go only to those who may see them."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(data)).hexdigest()


def hash_event(event: Event) -> str:
    """SHA-256(previous hash ‖ canonical header ‖ data hash)."""
    header = {
        "chain": event.chain,
        "seq": event.seq,
        "at": instant(event.at),
        "actor": event.actor,
        "actor_role": event.actor_role,
        "action": event.action,
        "from": event.from_status,
        "to": event.to_status,
        "audience": event.audience,
    }
    return hashlib.sha256(
        bytes.fromhex(event.prev_hash) + canonical(header) + bytes.fromhex(event.data_hash)
    ).hexdigest()


def first_fault(events: Iterable[Event]) -> str | None:
    """What is wrong with the first bad event of a chain given in order of `seq`; None if the chain is whole.

    Where salt and data are withheld, the header and the hash of the data are checked all the same.
    """
    previous, expected = GENESIS, 1
    for event in events:
        name = f"{event.chain} event {event.seq}"
        if event.seq != expected:
            return f"{event.chain}: event {expected} is missing"
        if event.prev_hash != previous:
            return f"{name}: does not follow the event before it"
        if event.salt is not None and hash_data(event.salt, event.data) != event.data_hash:
            return f"{name}: its data was changed"
        if hash_event(event) != event.hash:
            return f"{name}: its header was changed"
        previous, expected = event.hash, expected + 1
    return None
