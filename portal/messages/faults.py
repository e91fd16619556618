"""What `portal verify` asks of the message box and its outbox."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, String, cast, or_, select, union_all

from portal.accounts.models import Person, Shop
from portal.db import session
from portal.messages.kinds import ENDPOINTS, KINDS
from portal.messages.models import Delivery, Notice
from portal.messages.outbox import MOST_CLAIMS
from portal.messages.queries import GUEST


def faults() -> Iterator[str]:
    """Each notice or mail that can't be right, named."""
    yield from _notices()
    yield from _mails()


def _notices() -> Iterator[str]:
    wrong = {
        "says what no slice knows": Notice.template.not_in(KINDS),
        "leads to a case that no slice knows": Notice.case_type.not_in(ENDPOINTS),
        "has a case type or a number, and not both": Notice.case_type.is_(None) != Notice.case_ref.is_(None),
        "was read by nobody": (Notice.read_at.is_(None) != Notice.read_by.is_(None)),
        "is in nobody's box": ~_box_exists(),
    }
    for what, condition in wrong.items():
        for event in session().scalars(select(Notice.event).where(condition).order_by(Notice.id).limit(1)):
            yield f"notice {event}: {what}"


def _box_exists() -> ColumnElement[bool]:
    boxes = union_all(select("shop:" + cast(Shop.id, String)), select("person:" + cast(Person.id, String)))
    return or_(Notice.recipient.in_(boxes), Notice.recipient.startswith(GUEST))


def _mails() -> Iterator[str]:
    wrong = {
        "is settled and still queued, or the reverse": Delivery.done_at.is_(None) != (Delivery.state == "queued"),
        "is claimed over and over and never settled": Delivery.done_at.is_(None) & (Delivery.attempts >= MOST_CLAIMS),
        "was sent without having been claimed": (Delivery.state == "sent") & (Delivery.attempts == 0),
        "has neither a notice nor words of its own": (
            Delivery.notice_id.is_(None) & Delivery.done_at.is_(None) & Delivery.payload.is_(None)
        ),
    }
    for what, condition in wrong.items():
        for name in session().scalars(select(Delivery.message_id).where(condition).order_by(Delivery.id).limit(1)):
            yield f"mail {name}: {what}"
