"""Calling in the platform, by one of the two sides."""

from datetime import datetime

from portal.aftersales import onward
from portal.aftersales.actions.saying import say
from portal.aftersales.models import AfterSale
from portal.audit import Actor


def escalate(case: AfterSale, words: str, *, key: str, by: Actor, at: datetime) -> None:
    """Call in the platform; what one has to say about it, if anything, is a message like any other.

    `key` is the form's one-time key.
    """
    if words.strip():
        say(case, words, key=key, by=by, at=at)
    onward.arbitrators(case).open(case, by=by, at=at)
