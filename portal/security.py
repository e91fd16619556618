"""The headers that every answer carries, partials and errors included."""

from itertools import chain

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class Illegible(BadRequest):
    """Text with a NUL character, which nobody types and PostgreSQL can't keep. Answered with 400."""


def turn_away_the_illegible() -> None:
    """Let no text into a view that can't be kept, from the address or from a form."""
    pairs = (*request.args.items(multi=True), *request.form.items(multi=True))
    if any("\0" in text for text in (request.path, *chain.from_iterable(pairs))):
        raise Illegible


def init_app(app: Flask) -> None:
    """Put the headers on every answer; a stricter one set by a view stays."""
    app.after_request(_harden)
    if app.config["SESSION_COOKIE_SECURE"]:
        app.after_request(_https_only)


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["X-Request-ID"] = g.get("request_id", "-")
    return response


def _https_only(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response
