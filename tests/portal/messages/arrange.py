"""Notices for the tests of the box and the outbox: one registered kind, told the short way."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from portal import Portal, messages
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Delivery, Notice
from portal.messages.queries import Recipient
from tests.make import NOON

messages.register(
    *(
        messages.NoticeKind(f"test.{name}", category, _l("Messages"), "%(ref)s")
        for name, category in (("plain", "appeal"), ("sale", "aftersale"), ("system", "system"), ("fine", "penalty"))
    ),
    messages.NoticeKind(
        "test.rich",
        "penalty",
        "处罚 %(rule)s",
        lambda count, amount_minor, due_at, **_: (
            ngettext("%(num)s thing", "%(num)s things", count) + f" {amount_minor} {due_at}"
        ),
        "去申诉",
        "needs_evidence",
    ),
)


def told(to: Recipient, event: str = "one", at: datetime = NOON, kind: str = "test.plain", **params: Any) -> None:
    """Tell a recipient something plain, inside the open unit of work."""
    messages.tell(event, to=to, kind=kind, params={"ref": "AP-1"} | params, at=at)


def tell_now(to: Recipient, *events: str, at: datetime = NOON) -> None:
    """Tell each event in a unit of its own."""
    for event in events:
        with unit_of_work():
            told(to, event, at)


def notices() -> list[Notice]:
    """All notices there are, as the database has them."""
    end_reading()
    return list(session().scalars(select(Notice).order_by(Notice.id).execution_options(populate_existing=True)))


def mails() -> list[Delivery]:
    """All mails there are, as the database has them."""
    end_reading()
    return list(session().scalars(select(Delivery).order_by(Delivery.id).execution_options(populate_existing=True)))


def eml_files(app: Portal) -> list[str]:
    """The names of the mails that were written as files."""
    folder = app.extensions["recourse.config"].data_dir / "mail"
    return sorted(file.name for file in folder.glob("*.eml"))
