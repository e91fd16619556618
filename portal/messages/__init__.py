"""The message box: what happened, told once to each who should know, and mailed by an outbox that loses nothing."""

from functools import cache

from flask import Flask
from flask_babel import lazy_gettext as _l
from werkzeug.local import LocalProxy

from portal import accounts
from portal.messages import words
from portal.messages.actions import Told, tell, tell_all
from portal.messages.box import latest
from portal.messages.channels import ChannelError, Lines
from portal.messages.faults import faults
from portal.messages.kinds import NoticeKind, register, register_case
from portal.messages.outbox import Letter, Outcome, claim, release, settle
from portal.messages.queries import Guest, Recipient, to_guest, to_person, to_shop
from portal.messages.security import OutboxMailUtil
from portal.messages.views import bp, unread_count

__all__ = [
    "ChannelError", "Guest", "Letter", "Lines", "NoticeKind", "OutboxMailUtil", "Outcome", "Recipient", "Told", "claim",
    "faults", "init_app", "latest", "register", "register_case", "release", "settle", "tell", "tell_all", "to_guest",
    "to_person", "to_shop", "unread_count",
]  # fmt: skip


def init_app(app: Flask) -> None:
    """Register the box and its words; `unread` in a template is counted once, and only where it is drawn."""
    app.register_blueprint(bp)
    accounts.navigation.add("messages.index", _l("Messages"), "bell", (), 50)
    words.learn()
    app.context_processor(lambda: {"unread": LocalProxy(cache(unread_count))})
