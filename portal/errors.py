"""The only place that turns an exception into an answer: a page for a browser, a note for htmx."""

import re

import structlog
from flask import Flask, Response, current_app, g, request
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    SecurityError,
    TooManyRequests,
    Unauthorized,
)

from portal import hx, text
from portal.db import end_reading
from portal.refusals import Refused
from portal.security import Illegible

log = structlog.get_logger(__name__)

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})
FROM_HOURS_ON = 120
"""So many minutes are said in hours."""
RETRY_AFTER = 5
DISK_FULL = "53100"

ELSEWHERE = {"cross-site", "same-site"}
WORDS = re.compile(r"\s|[^\x00-\x7f]")
"""What a person typed has a blank or a letter that no token has."""

text.learn(
    "refusal",
    {
        "overtaken": _l("Somebody else changed this a moment ago. Please look at it again before you go on."),
        "busy": _l("Very many people are working at the moment. Nothing was lost; please try again in a few seconds."),
        "disk_full": _l("There is no room left on our server, so this was not saved. Please try again later."),
    },
)


def init_app(app: Flask) -> None:
    """Register the answers."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(OperationalError, overloaded)
    app.register_error_handler(Exception, broken)


def refused(why: Refused) -> Response:
    """A rule says no: 409 with its sentence, which never replaces a row."""
    return _answer(409, text.sentence(why.code, why.params), code=why.code)


def http(why: HTTPException) -> Response:
    """What Flask, a guard or a view raised: its page, with the headers it asked for."""
    if why.response is not None:
        return current_app.make_response(why.response)
    if isinstance(why, SecurityError):
        return Response(
            "This host name is not served here. Whoever runs the portal names it in PUBLIC_URL or TRUSTED_HOSTS.\n",
            400,
            mimetype="text/plain",
        )
    code = why.code or 500
    if isinstance(why, Unauthorized):
        return _signed_out()
    response = _answer(code, _words(why), code=type(why).__name__)
    if isinstance(why, TooManyRequests):
        response.headers["Retry-After"] = str(_seconds(why))
    if isinstance(why, MethodNotAllowed) and why.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(why.valid_methods))
    return response


def _words(why: HTTPException) -> str | None:
    if isinstance(why, CSRFError):
        return str(_l("This form is too old or was not made by this site. Reload the page and send it again."))
    if isinstance(why, Illegible):
        return str(_l("There is an invisible character in it that can't be kept. Write it anew without copying it."))
    if isinstance(why, TooManyRequests) and isinstance(why.retry_after, int):
        return _too_many(-(-why.retry_after // 60))
    return None


def _too_many(minutes: int) -> str:
    if minutes < FROM_HOURS_ON:
        said = ngettext(
            "There were too many wrong tries. Try again in %(num)s minute. No deadline changes because of this.",
            "There were too many wrong tries. Try again in %(num)s minutes. No deadline changes because of this.",
            minutes,
        )
    else:
        said = ngettext(
            "There were too many wrong tries. Try again in %(num)s hour. No deadline changes because of this.",
            "There were too many wrong tries. Try again in %(num)s hours. No deadline changes because of this.",
            -(-minutes // 60),
        )
    return str(said)


def _seconds(why: TooManyRequests) -> int:
    return int(why.retry_after) if isinstance(why.retry_after, int | float) else 60


def _signed_out() -> Response:
    response = hx.render("errors/401.html", "errors/_session.html", status=401, typed=typed())
    return hx.aside(response, "#session")


def overloaded(why: OperationalError) -> Response:
    """The database can't take it now: 503, and when to try again."""
    log.error("database.unavailable", why=str(why.orig))
    code = "disk_full" if _is_full(why) else "busy"
    response = _answer(503, text.sentence(code, {}), code=code)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _is_full(why: OperationalError) -> bool:
    return getattr(why.orig, "sqlstate", None) == DISK_FULL or "disk is full" in str(why.orig)


def broken(why: Exception) -> Response:
    """Anything else is our fault: 500 with the request's number, and the log has the rest."""
    log.error("request.failed", path=request.path, request_id=g.get("request_id"), exc_info=why)
    return _answer(500, None, code=InternalServerError.__name__)


def typed() -> list[str]:
    """The words of a form that was not taken, so that they can be copied where no script keeps them.

    Not those that another site had sent: they would be its words on our page.
    """
    if request.method != "POST" or hx.wants_part() or request.headers.get("Sec-Fetch-Site", "none") in ELSEWHERE:
        return []
    try:
        said = [value for name, value in request.form.items(multi=True) if "password" not in name]
    except HTTPException:  # too much of it, or none that can be read
        return []
    return [value for value in said if WORDS.search(value.strip())]


def _answer(status: int, says: str | None, *, code: str) -> Response:
    end_reading()
    page = f"errors/{status if status in PAGES else 400}.html"
    response = hx.render(page, "errors/_refusal.html", status=status, says=says, code=code, typed=typed())
    return hx.aside(response, "#notices")
