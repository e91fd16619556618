"""The outbox: waiting mails are claimed with a lease, sent while nothing is locked, and settled.

The truth is the rows with `done_at` null. Whoever dies between a claim and its settling loses only the lease: when it
ends, another drainer sends again, under the same Message-ID.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import CursorResult, null, select, update

from portal import many
from portal.accounts import DEFAULT_ZONE
from portal.db import session, unit_of_work
from portal.messages.models import Delivery, Notice
from portal.messages.queries import zones_of

LEASE = timedelta(seconds=45)
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
MOST_CLAIMS = 100
LONGEST_ERROR = 500

log = structlog.get_logger(__name__)


class Letter(NamedTuple):
    """A claimed mail as plain values: of a notice (`template`, `params`, …), or with its own words in `payload`."""

    id: int
    channel: str
    address: str
    locale: str
    message_id: str
    payload: dict[str, Any] | None
    attempts: int
    failures: int
    created_at: datetime
    recipient: str | None
    category: str | None
    template: str | None
    params: dict[str, Any] | None
    case_type: str | None
    case_ref: str | None
    zone: str = DEFAULT_ZONE


@dataclass(frozen=True)
class Outcome:
    """What became of a letter: sent, or why not and whether it ever could be."""

    letter: Letter
    error: str | None = None
    permanent: bool = False


def claim(now: datetime, limit: int) -> Sequence[Letter]:
    """Take up to `limit` due mails until the lease ends, the longest waiting first; no two drainers get the same."""
    due = (
        select(Delivery.id)
        .where(Delivery.done_at.is_(None), Delivery.next_at <= now, Delivery.attempts < MOST_CLAIMS)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    lease = (
        update(Delivery)
        .where(Delivery.id.in_(select(due.c.id)))
        .values(attempts=Delivery.attempts + 1, next_at=now + LEASE)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    with unit_of_work() as current:
        claimed = [row[0] for row in current.connection().execute(lease)]
        letters = _letters(claimed) if claimed else []
    for letter in letters:
        if letter.attempts == MOST_CLAIMS:
            log.error("delivery.stuck", id=letter.id, why="whoever claimed it died; this is its last claim")
    return letters


def _letters(ids: Sequence[int]) -> list[Letter]:
    ask = (
        select(
            Delivery.id, Delivery.channel, Delivery.address, Delivery.locale, Delivery.message_id, Delivery.payload,
            Delivery.attempts, Delivery.failures, Delivery.created_at,
            Notice.recipient, Notice.category, Notice.template, Notice.params, Notice.case_type, Notice.case_ref,
        )
        .outerjoin(Notice, Notice.id == Delivery.notice_id)
        .where(many.among(Delivery.id, ids))
        .order_by(Delivery.created_at, Delivery.id)
    )  # fmt: skip
    letters = [Letter(*row) for row in session().connection().execute(ask)]
    zones = zones_of({letter.recipient for letter in letters if letter.recipient})
    return [letter._replace(zone=zones.get(letter.recipient or "", DEFAULT_ZONE)) for letter in letters]


def settle(now: datetime, outcomes: Iterable[Outcome]) -> None:
    """Write down what became of the letters, in one unit: done, tried again later, or given up with an alarm."""
    outcomes = list(outcomes)
    sent = [outcome.letter.id for outcome in outcomes if outcome.error is None]
    with unit_of_work():
        if sent:
            _done(sent, now, "sent")
        given_up = [o for o in outcomes if o.error is not None and _failed(o, now)]
    for outcome in given_up:
        letter = outcome.letter
        log.error("delivery.given_up", id=letter.id, channel=letter.channel, tries=letter.attempts, why=outcome.error)


def release(now: datetime, letters: Sequence[Letter]) -> None:
    """Give back letters that were not tried, so that nobody waits for the lease to end."""
    with unit_of_work():
        for letter in letters:
            _still_ours(letter, next_at=now, attempts=letter.attempts - 1)


def _done(ids: Sequence[int], now: datetime, state: str) -> None:
    """A sent mail is done even if its lease had ended meanwhile: whoever claimed it anew need not send it again."""
    session().execute(
        update(Delivery)
        .where(many.among(Delivery.id, ids), Delivery.done_at.is_(None))
        .values(state=state, done_at=now, last_error=None, payload=null())
        .execution_options(synchronize_session=False)
    )


def _failed(outcome: Outcome, now: datetime) -> bool:
    """Whether the letter is given up by this."""
    letter, error = outcome.letter, (outcome.error or "")[:LONGEST_ERROR]
    if not outcome.permanent and letter.failures < len(RETRY_AFTER):
        after = now + RETRY_AFTER[letter.failures]
        _still_ours(letter, next_at=after, failures=letter.failures + 1, last_error=error)
        return False
    state = "bounced" if outcome.permanent else "failed"
    return _still_ours(letter, state=state, done_at=now, failures=letter.failures + 1, last_error=error, payload=null())


def _still_ours(letter: Letter, **values: Any) -> bool:
    """Change the row unless another drainer has claimed or settled it since; whether it was changed."""
    result = session().execute(
        update(Delivery)
        .where(Delivery.id == letter.id, Delivery.attempts == letter.attempts, Delivery.done_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
