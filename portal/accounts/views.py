"""One's own account: language, shop, security, the way out."""

from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, flash, g, request, url_for
from flask import session as flask_session
from flask_babel import gettext as _
from flask_security import logout_user

from portal import hx
from portal.accounts import access, actions, navigation, sessions, who
from portal.accounts.access import public
from portal.accounts.who import LANGUAGE_COOKIE, LOCALES

bp = Blueprint("accounts", __name__)
access.guard(bp)

A_YEAR = 365 * 24 * 3600


@bp.get("/account")
def show() -> Response:
    """What is known of oneself, and how one signs in."""
    return hx.render("accounts/show.html", person=who.me(), roles=sorted(who.asking().roles))


@bp.post("/account/sessions")
def end_sessions() -> Response:
    """Sign out in all other browsers."""
    person = who.me() or abort(401)
    sessions.end_all(person, but=sessions.current().token)
    return hx.done(url_for("accounts.show"), _("All other browsers are signed out."))


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign out in this browser; its session is gone from the server, too."""
    if who.asking().id:
        logout_user()
    flask_session.clear()
    flash(_("You are signed out."), "good")
    return hx.go(url_for("security.login"))


@bp.post("/language")
@public
def language() -> Response:
    """Read on in the other language; remembered with the person, else in this browser."""
    code = request.form.get("language", "")
    if code not in LOCALES:
        abort(400)
    person = who.me()
    if person is not None:
        actions.choose_language(person, code)
    response = hx.go(_next())
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(LANGUAGE_COOKIE, code, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


@bp.post("/shop")
def switch_shop() -> Response:
    """Go into another of one's own shops."""
    if not who.switch_to(request.form.get("shop", "")):
        abort(404)
    return hx.go(_next())


def _next() -> str:
    """The page to go on to: one of this site, or the first."""
    url = request.form.get("next", "")
    inside = url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()
    return url if inside else "/"


def init_app(app: Flask) -> None:
    """Register the pages, and give every page what its frame shows."""
    app.register_blueprint(bp)
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    asking = who.asking()
    return {
        "me": asking if asking.id else None,
        "shop": asking.shop,
        "shops": tuple(shop for shop in asking.shops if shop != asking.shop),
        "nav": navigation.items(),
        "locale": "en" if who.locale() == "en" else "zh",
        "may": who.may,
        "demo": current_app.config["DEMO"],
        "sends_mail": bool(current_app.extensions["recourse.config"].smtp_url),
        "market": current_app.config["MARKET_NAME"],
        "request_id": g.get("request_id", "-"),
        "now": g.get("arrived_at"),
    }
