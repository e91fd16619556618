"""The mails of Flask-Security go through the same outbox as all others."""

from typing import Any

from flask_security import MailUtil

from portal import text
from portal.hx import arrived_at
from portal.messages import actions


class OutboxMailUtil(MailUtil):
    """Puts the mails of sign-in into the outbox, with the open unit of work, instead of sending them there and then."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Queue one mail; the sender is the portal's own, and its words leave the database when it is sent."""
        address = recipient if isinstance(recipient, str) else recipient[1]
        words = {"subject": str(subject), "text": str(body or ""), "html": str(html or "")}
        actions.post(address, text.language(), words, at=arrived_at())
