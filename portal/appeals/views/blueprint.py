"""The blueprint: only people of a shop get in, and only its writers may change anything."""

from flask import Blueprint, request

from portal import accounts, hx, text
from portal.accounts.models import MERCHANT_ROLES
from portal.refusals import Refused

bp = Blueprint("appeals", __name__, url_prefix="/appeals")
accounts.guard(bp, *MERCHANT_ROLES)

SENDING = {"appeals.submit", "appeals.submit_supplement", "appeals.withdraw"}


@bp.before_request
def writers_only() -> None:
    """A viewer reads; sending needs the right to send."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if not accounts.may("write"):
        raise Refused("viewer_only")
    if request.endpoint in SENDING and not accounts.may("submit"):
        raise Refused("may_not_send")


def said_elsewhere(why: Refused) -> str:
    """That somebody saved other words meanwhile, for a page that shows both; every other refusal goes on its way.

    To an autosave it is a refusal too: what was typed stays where it is.
    """
    if why.code != "draft_elsewhere" or hx.wants_part():
        raise why
    return text.sentence(why.code, why.params)
