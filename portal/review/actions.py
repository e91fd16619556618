"""What happens to a seat: opened, claimed, kept, given back, concluded, cancelled.

Each change is one conditional UPDATE on the seat's version, so that of two people who reach for it one is told about
the other, on both databases. Autosaves leave the version alone: it stands for whose claim it is.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.accounts.models import Shop
from portal.audit import Actor
from portal.db import session
from portal.refusals import Overtaken, Refused
from portal.review import lifecycle, queries
from portal.review.drafts import Typed
from portal.review.lifecycle import CLAIM_LEASE, OPEN_STATES, Asker
from portal.review.models import Review
from portal.review.records import words_sha256

FIRST = frozenset({"already_decided", "left_review", "claimed_by_other", "not_claimed", "claimed_anew"})


def open_seat(
    *,
    case_type: str,
    case_id: int,
    case_ref: str,
    attempt: int,
    seat: str,
    title_code: str,
    shop: Shop,
    amount_minor: int,
    currency: str,
    exhibits: str,
    due_at: datetime,
    barred: Collection[int],
    at: datetime,
) -> Review:
    """Queue a seat for this attempt of a case; raises `Overtaken` if it is there already.

    `barred` are the people who may not take it; `exhibits` is what the queue shows of the evidence, such as 3/4.
    """
    row = Review(
        case_type=case_type, case_id=case_id, case_ref=case_ref, attempt=attempt, seat=seat, state="queued",
        title_code=title_code, shop_id=shop.id, shop_name=shop.name, amount_minor=amount_minor, currency=currency,
        exhibits=exhibits, due_at=due_at, barred=sorted(set(barred)), draft={}, opened_at=at,
    )  # fmt: skip
    session().add(row)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return row


def claim(seat: Review, *, by: Actor, at: datetime) -> Review:
    """Take the seat for `CLAIM_LEASE`; who holds it already has the lease renewed.

    Refused to people who may not judge this case (see `lifecycle.unfit`); raises `Overtaken` with who holds it and
    until when, or with who decided it. Only a claim that changes hands enters the case's history.
    """
    _refuse(seat, lifecycle.untakeable(seat, asker(seat, by), at), at)
    lease = at + CLAIM_LEASE
    if lifecycle.held_by(seat, by.person_id):
        return renew(seat, by=by, at=at)
    unheld = or_(Review.state == "queued", (Review.state == "claimed") & (Review.lease_until <= at))
    if not _change(seat, unheld, state="claimed", claimed_by=by.person_id, lease_until=lease, version=seat.version + 1):
        _explain(seat, lifecycle.untakeable(seat, asker(seat, by), at), at)
    audit.record(seat.case_ref, "review.claimed", by=by, at=at, data={"seat": seat.seat}, audience="platform")
    return seat


def renew(seat: Review, *, by: Actor, at: datetime, typed: Typed | None = None) -> Review:
    """Keep what was typed and extend the lease; one that ran out too, as long as nobody else took the seat.

    Refused with `ruling_elsewhere` where words would be lost that the window of `typed` does not know.
    """
    kept = {}
    if typed is not None:
        session().refresh(seat, with_for_update=True)
        if lifecycle.held_by(seat, by.person_id) and _behind(seat, typed, at):
            raise Refused("ruling_elsewhere")
        kept = {"draft": typed.draft} if typed.differs(seat.draft) else {}
    if not _change(seat, _mine(by), lease_until=at + CLAIM_LEASE, **kept):
        _explain(seat, lifecycle.unheld(seat, by.person_id, at, seat.version), at)
    return seat


def release(seat: Review, *, by: Actor, at: datetime) -> Review:
    """Give the seat back to the queue; the draft stays for whoever takes it next. Done already is done."""
    if seat.state == "queued":
        return seat
    free = {"state": "queued", "claimed_by": None, "lease_until": None}
    if not _change(seat, _mine(by), version=seat.version + 1, **free):
        _explain(seat, lifecycle.unheld(seat, by.person_id, at, seat.version), at)
    return seat


def hold(seat: Review, *, by: Actor, at: datetime, version: int, typed: Typed | None = None) -> Review:
    """Make sure the seat is still this person's, as they saw it, and that they may still judge the case.

    Its row is locked where the database can.

    Lock the case's own row first (lock order). Raises `Overtaken`: `already_decided` with `who` and `when_at`,
    `claimed_by_other` with `who` and `until`, `left_review`, `not_claimed`, `claimed_anew`, or `written_anew` where the
    window of `typed` does not know what was written.
    """
    ask = select(Review).where(Review.id == seat.id).with_for_update(of=Review)
    now = session().scalars(ask.execution_options(populate_existing=True)).one()
    _refuse(now, lifecycle.unheld(now, by.person_id, at, version) or lifecycle.unfit(now, asker(now, by)), at)
    if typed is not None and _behind(now, typed, at):
        raise Overtaken("written_anew")
    return now


def conclude(
    seat: Review,
    *,
    by: Actor,
    at: datetime,
    verdict: dict[str, Any] | None,
    asked: Mapping[str, Any] | None = None,
) -> Review:
    """End the seat with this verdict, or with none when evidence was asked for instead: with what was `asked`.

    The case's history keeps the hash of either, for the platform alone: by it nobody else can guess the words.
    """
    ended = {"state": "concluded", "claimed_by": None, "lease_until": None, "concluded_at": at}
    if not _change(seat, _mine(by), concluded_by=by.person_id, verdict=verdict, version=seat.version + 1, **ended):
        _explain(seat, lifecycle.unheld(seat, by.person_id, at, seat.version), at)
    what, words = ("verdict_sha256", seat.verdict) if seat.verdict else ("request_sha256", asked or {})
    said = {"seat": seat.seat, what: words_sha256(words)}
    audit.record(seat.case_ref, "review.concluded", by=by, at=at, data=said, audience="platform")
    return seat


def cancel_seats(case_type: str, case_id: int, *, at: datetime) -> None:
    """End every open seat of a case that left review; who is working on one is told when they next touch it."""
    of_case = (Review.case_type == case_type) & (Review.case_id == case_id)
    session().execute(
        update(Review)
        .where(of_case, Review.state.in_(OPEN_STATES))
        .values(state="cancelled", claimed_by=None, lease_until=None, concluded_at=at, version=Review.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def move_due(case_type: str, case_id: int, *, due_at: datetime) -> None:
    """Show the open seats of a case under their new due time; whoever works on one may go on undisturbed."""
    of_case = (Review.case_type == case_type) & (Review.case_id == case_id)
    session().execute(
        update(Review)
        .where(of_case, Review.state.in_(OPEN_STATES))
        .values(due_at=due_at, version=Review.version)
        .execution_options(synchronize_session="fetch")
    )


def asker(seat: Review, by: Actor) -> Asker:
    """What decides whether this person may take this seat."""
    of_shop = by.person_id is not None and queries.belongs(by.person_id, seat.shop_id)
    return Asker(by.person_id, by.role, of_shop, by.person_id in queries.deciders_of(seat.case_type, seat.case_id))


def _mine(by: Actor) -> ColumnElement[bool]:
    return (Review.state == "claimed") & (Review.claimed_by == by.person_id)


def _behind(seat: Review, typed: Typed, at: datetime) -> bool:
    """Whether the draft of this seat, which is held, has words that the window of `typed` does not know."""
    return typed.behind(seat.draft, overtaken=seat.lease_until is not None and at + CLAIM_LEASE < seat.lease_until)


def _change(seat: Review, condition: ColumnElement[bool], **values: Any) -> bool:
    """Change the row if it is still what was read and the condition holds; either way `seat` is what it is now."""
    session().flush()
    values.setdefault("version", seat.version)
    change = update(Review).where(Review.id == seat.id, Review.version == seat.version, condition).values(**values)
    done = session().execute(change, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    session().refresh(seat)
    return done.rowcount == 1


def _explain(seat: Review, code: str | None, at: datetime) -> NoReturn:
    """Say who was first; a generic word makes the request look again."""
    _refuse(seat, code, at)
    raise Overtaken


def _refuse(seat: Review, code: str | None, at: datetime) -> None:
    if code is None:
        return
    if code not in FIRST:
        raise Refused(code)
    if code == "claimed_by_other":
        raise Overtaken(code, who=queries.name_of(seat.claimed_by), until=seat.lease_until)
    raise Overtaken(code, who=queries.name_of(seat.concluded_by), when_at=seat.concluded_at or at)
