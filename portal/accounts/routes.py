"""The addresses of Flask-Security's pages: those we use, and no others."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from flask_security import views
from flask_security import webauthn as keys
from flask_security.recovery_codes import mf_recovery, mf_recovery_codes

from portal.accounts import access, pairing

BOTH = ("GET", "POST")
OPEN: tuple[tuple[str, str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("/sign-in", "login", views.login, BOTH),
    ("/sign-in/code", "two_factor_token_validation", views.two_factor_token_validation, BOTH),
    ("/sign-in/recovery-code", "mf_recovery", mf_recovery, BOTH),
    ("/sign-in/passkey", "wan_signin", keys.webauthn_signin, BOTH),
    ("/sign-in/passkey/<token>", "wan_signin_response", keys.webauthn_signin_response, ("POST",)),
    ("/password/forgotten", "forgot_password", views.forgot_password, BOTH),
    ("/password/forgotten/<token>", "reset_password", views.reset_password, BOTH),
    ("/account/authenticator", "two_factor_setup", views.two_factor_setup, BOTH),
)
SIGNED_IN: tuple[tuple[str, str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("/account/authenticator/<token>", "two_factor_setup_validate", pairing.confirm, ("POST",)),
    ("/account/password", "change_password", views.change_password, BOTH),
    ("/account/recovery-codes", "mf_recovery_codes", mf_recovery_codes, BOTH),
    ("/account/passkeys", "wan_register", keys.webauthn_register, BOTH),
    ("/account/passkeys/<token>", "wan_register_response", keys.webauthn_register_response, ("POST",)),
    ("/account/passkeys/removal", "wan_delete", keys.webauthn_delete, ("POST",)),
    ("/confirm", "verify", views.verify, BOTH),
    ("/confirm/passkey", "wan_verify", keys.webauthn_verify, BOTH),
    ("/confirm/passkey/<token>", "wan_verify_response", keys.webauthn_verify_response, ("POST",)),
)


def blueprint() -> Blueprint:
    """Flask-Security's views under our addresses; what is not open asks for a signed-in person."""
    bp = Blueprint("security", __name__)
    for rule, endpoint, view, methods in OPEN + SIGNED_IN:
        bp.add_url_rule(rule, endpoint, view, methods=methods)
    bp.add_url_rule("/sign-in/help", "two_factor_rescue", build_only=True)
    bp.after_request(_never_stored)
    access.OPEN.update(f"security.{endpoint}" for _, endpoint, _, _ in OPEN)
    access.guard(bp)
    return bp


def _never_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
