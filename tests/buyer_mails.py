"""What buyers were told: the notices, and the mails as they come out of the wire."""

from email.message import EmailMessage

from sqlalchemy import select

from portal import Portal
from portal.db import end_reading, session
from portal.messages import claim
from portal.messages.channels.email import compose
from portal.messages.models import Delivery, Notice
from tests.make import NOON


def told_buyer(ref: str) -> list[str]:
    """What the buyer of this case was told, oldest first, each with exactly one mail."""
    end_reading()
    ask = select(Notice.id, Notice.template).where(Notice.recipient.startswith("guest:"), Notice.case_ref == ref)
    notices = session().execute(ask.order_by(Notice.id)).all()
    mails = session().scalars(select(Delivery.notice_id).where(Delivery.notice_id.in_([one.id for one in notices])))
    assert sorted(mails) == [one.id for one in notices]
    return [one.template.removeprefix("buyer.") for one in notices]


def mails_to_buyer(app: Portal, at: object = NOON) -> list[EmailMessage]:
    """The mails that wait for buyers, as they will be sent."""
    end_reading()
    config = app.extensions["recourse.config"]
    waiting = claim(at, 500)  # type: ignore[arg-type]
    return [compose(letter, config) for letter in waiting if (letter.recipient or "").startswith("guest:")]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """Its words as text or HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
