"""One URL, two shapes: a page for a browser, a part of it for htmx."""

import json
import secrets
from datetime import datetime
from typing import Any

from flask import Response, after_this_request, flash, g, make_response, redirect, render_template, request
from werkzeug.datastructures import Headers

from portal import kept


def arrived_at() -> datetime:
    """The instant this request arrived: the time of its verdict, read once, before its body was."""
    at: datetime = g.arrived_at
    return at


def wants_part() -> bool:
    """Whether htmx asks for a part; a boosted link or a restored history entry gets the page."""
    headers = request.headers
    return "HX-Request" in headers and "HX-Boosted" not in headers and "HX-History-Restore-Request" not in headers


def render(page: str, part: str | None = None, /, *, status: int = 200, **context: Any) -> Response:
    """The part if htmx asks for it, else the page, which includes that part; caches keep the two apart."""
    template = part if part and wants_part() else page
    drawn = render_template(template, as_part=template == part, **context)
    response = make_response(kept.finished(drawn), status)
    response.vary.add("HX-Request")
    return response


def done(url: str, text: str, part: str | None = None, *, kind: str = "good", **context: Any) -> Response:
    """What was asked is done: htmx gets the part and an announcement, a browser a message and 303 to `url`.

    Without a part htmx is sent to `url` as well.
    """
    if not wants_part():
        flash(text, kind)
        return go(url)
    if part is None:
        flash(text, kind)
        return Response(status=200, headers={"HX-Redirect": url})
    response = render(part, part, **context)
    response.headers["HX-Trigger"] = json.dumps({"say": {"text": text, "kind": kind}})
    return response


def new_window() -> str:
    """A name for a form with a draft as it is drawn now, which stands for the window it is in.

    Its page is not stored: a browser that went back to a copy would take that for the window whose words are newer.
    """
    after_this_request(_unstored)
    return secrets.token_hex(8)


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def go(url: str) -> Response:
    """303 to an address of ours; after it a reload repeats nothing."""
    response = make_response(redirect(url, 303))
    response.vary.add("HX-Request")
    return response


def aside(response: Response, target: str) -> Response:
    """Land an answer that is not the part asked for in `target`, so that it never replaces a row or a form."""
    if wants_part():
        response.headers.extend(Headers({"HX-Retarget": target, "HX-Reswap": "innerHTML"}))
    return response
