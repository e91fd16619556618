"""Told people what happened, in the transaction in which it happens."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Row, update

from portal import bulk, queue
from portal.db import session
from portal.messages.kinds import KINDS, Case
from portal.messages.models import Delivery, Notice
from portal.messages.queries import Address, Guest, Recipient, addresses

BATCH = 2000
DRAINER = "jobs.deliver.run"
LONGEST_HOST = 40

Guests = Mapping[tuple[str, str], Guest]


@dataclass(frozen=True)
class Told:
    """What is told to whom. `event` names what happened, so that each recipient is told once.

    A notice to a guest comes with the `guest`, whose mail it is.
    """

    event: str
    to: Recipient
    kind: str
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    case: Case | None = None
    guest: Guest | None = None


def tell(
    event: str,
    *,
    to: Recipient,
    kind: str,
    at: datetime,
    params: Mapping[str, Any] | None = None,
    case: Case | None = None,
) -> None:
    """Put a notice into a box and its mail into the outbox, with the open unit of work; the same event twice is once.

    Params are plain JSON values or instants: `…_at` instants, `…_minor` amounts beside `currency`, `…_code` codes, and
    `…_zh` with `…_en` what has words in both languages. Raises `ValueError` for a kind nobody registered, or for params
    that its words need and that are not there.
    """
    tell_all([Told(event=event, to=to, kind=kind, at=at, params=params or {}, case=case)])


def tell_all(news: Sequence[Told]) -> None:
    """Tell many things at once: one statement for a thousand notices, one for their mails."""
    rows = sorted((_notice(told) for told in news), key=lambda row: (row["recipient"], row["event"]))
    guests = {(told.to.key, told.event): told.guest for told in news if told.guest}
    for start in range(0, len(rows), BATCH):
        _put(rows[start : start + BATCH], guests)


def post(address: str, locale: str, payload: Mapping[str, str], *, at: datetime) -> None:
    """Put a mail without a notice into the outbox; `payload` has its subject, text and html."""
    mail = _delivery(Address("", address, locale), None, at) | {"payload": dict(payload)}
    session().add(Delivery(**mail))
    _wake()


def read(notice_id: int, *, box: Recipient, by: int, at: datetime) -> None:
    """Mark a notice of the box as read by this person, unless a colleague was first."""
    _read(Notice.id == notice_id, box, by, at)


def read_all(*, box: Recipient, upto: int, category: str, by: int, at: datetime) -> None:
    """Mark what is unread in the box, or in one category of it, as read: only what was there when the reader looked."""
    which = (Notice.id <= upto) & (Notice.category == category) if category else Notice.id <= upto
    _read(which, box, by, at)


def _read(which: ColumnElement[bool], box: Recipient, by: int, at: datetime) -> None:
    session().execute(
        update(Notice)
        .where(which, Notice.recipient == box.key, Notice.read_at.is_(None))
        .values(read_at=at, read_by=by)
        .execution_options(synchronize_session=False)
    )


def _notice(told: Told) -> dict[str, Any]:
    kind = KINDS.get(told.kind)
    if kind is None:
        raise ValueError(f"no slice registered the notice {told.kind}")
    if lacks := kind.lacks(told.params):
        raise ValueError(f"the notice {told.kind} lacks {', '.join(sorted(lacks))}")
    case_type, case_ref = told.case or (None, None)
    return {
        "event": told.event,
        "recipient": told.to.key,
        "category": kind.category,
        "template": kind.code,
        "params": {name: _plain(value) for name, value in told.params.items()},
        "case_type": case_type,
        "case_ref": case_ref,
        "created_at": told.at,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _put(rows: list[dict[str, Any]], guests: Guests) -> None:
    """Insert in the order of recipients: two units that tell the same people never wait for each other crosswise."""
    unless, returning = ("event", "recipient"), ("id", "event", "recipient", "created_at")
    new = bulk.insert(Notice, rows, unless=unless, returning=returning)
    if new:
        _mail(new)
        _mail_guests([(row, guests[key]) for row in new if (key := (row.recipient, row.event)) in guests])


def _mail(fresh: Sequence[Row[Any]]) -> None:
    book: dict[str, list[Address]] = {}
    for address in addresses({Recipient(row.recipient) for row in fresh}, max(row.created_at for row in fresh)):
        book.setdefault(address.recipient, []).append(address)
    _queue([_delivery(address, row.id, row.created_at) for row in fresh for address in book.get(row.recipient, ())])


def _mail_guests(fresh: Sequence[tuple[Row[Any], Guest]]) -> None:
    """The mails of guests; how their link is made stands in the mail until it is sent, the link itself nowhere."""
    _queue(
        [
            _delivery(Address(row.recipient, guest.address, guest.locale), row.id, row.created_at)
            | {"payload": {"link": guest.link, "zone": guest.zone}}
            for row, guest in fresh
        ]
    )


def _queue(mails: Sequence[dict[str, Any]]) -> None:
    if mails:
        bulk.send(Delivery, mails)
        _wake()


def _delivery(address: Address, notice_id: int | None, at: datetime) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "channel": "email",
        "address": address.email,
        "locale": address.locale,
        "message_id": f"{int(at.timestamp() * 1000):012x}.{secrets.token_hex(12)}@{_host()}",  # the newest go last
        "state": "queued",
        "attempts": 0,
        "failures": 0,
        "next_at": at,
        "created_at": at,
    }


def _host() -> str:
    """The right-hand side of a Message-ID, short enough for its column."""
    return str(current_app.config["TRUSTED_HOSTS"][0])[-LONGEST_HOST:].lstrip(".-") or "localhost"


def _wake() -> None:
    """Wake the drainer after the commit, once per unit of work however often it tells."""
    current = session()
    unit = current.get_transaction()
    if current.info.get("messages.woken") is not unit:
        current.info["messages.woken"] = unit
        queue.wake(DRAINER)
