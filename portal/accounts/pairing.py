"""While an authenticator app is set up: a mistyped code shows the same picture again instead of losing it."""

from typing import Any

from flask import Response, current_app
from flask import session as flask_session
from flask_security import views

from portal import hx
from portal.accounts import forms, who
from portal.accounts.models import Person

SET_UP = "security/two_factor_setup.html"


def begun() -> str | None:
    """The secret that this browser is about to confirm; None if it has begun no set-up."""
    return flask_session.get("tf_totp_secret") if flask_session.get("tf_state") == "validating_profile" else None


def picture(secret: str, person: Person) -> dict[str, Any]:
    """What the set-up page needs to show the picture and the key of this secret."""
    values = current_app.extensions["security"].totp_factory.fetch_setup_values(secret, person)
    shown = {"authr_qrcode": values["image"], "authr_key": values["key"]}
    return shown | {"chosen_method": "authenticator", "changing": bool(who.asking().id), "choices": ()}


def confirm(token: str) -> Any:
    """Flask-Security's view of the code that ends a set-up on the account page; a wrong one keeps the picture.

    Flask-Security forgets what was begun in every other case: when it is done, or when the token is no longer good.
    """
    answer = views.two_factor_setup_validate(token)
    whole, state = current_app.extensions["security"].tf_setup_serializer.loads_unsafe(token)
    person = who.me()
    return _again(token, state["totp_secret"], person) if begun() and whole and person else answer


def _again(token: str, secret: str, person: Person) -> Response:
    """The page with what is wrong above it, which Flask-Security has said already."""
    code = forms.Code(formdata=None)
    context = picture(secret, person) | {"two_factor_verify_code_form": code, "state_token": token}
    return hx.render(SET_UP, status=422, failed=True, **context)
