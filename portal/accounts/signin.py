"""Sign-in by Flask-Security: its settings, and what we change about it."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, Response, abort, g, render_template, request
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, user_authenticated
from flask_security.core import AnonymousUser
from flask_security.signals import password_changed, password_reset, tf_disabled, tf_profile_changed
from flask_security.utils import set_request_attr
from wtforms import Form

from portal import clock, hx, text
from portal.accounts import factors, forms, guesses, pairing, passwords, sessions, who, words
from portal.accounts.models import Passkey, Person
from portal.accounts.who import BOTH_FACTORS
from portal.config import Config
from portal.db import db

visitor: Callable[[], Any] = AnonymousUser
FRESH = timedelta(minutes=30)
CEREMONY = timedelta(minutes=5)
CODE_ASKED = "security/two_factor_token_validation.html"
SETTINGS: dict[str, Any] = {
    "SESSION_PROTECTION": None,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": passwords.STRENGTH,
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.LEAST_LENGTH,
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=1),
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "accounts.show",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_ALLOW_USER_HINTS": False,
    "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
    "SECURITY_WAN_SIGNIN_WITHIN": CEREMONY,
    "SECURITY_WAN_POST_REGISTER_VIEW": "accounts.show",
    "SECURITY_FRESHNESS": FRESH,
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "SECURITY_POST_VERIFY_VIEW": "accounts.show",
    "SECURITY_POST_CHANGE_VIEW": "accounts.show",
    "SECURITY_DATETIME_FACTORY": clock.now,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": str.casefold, "case_insensitive": False}}],
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
    "SECURITY_LOGIN_USER_TEMPLATE": "security/login.html",
    "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "security/email/change_notice",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": CODE_ASKED,
}
FORMS: dict[str, Any] = {
    "login_form": forms.SignIn,
    "forgot_password_form": forms.Forgot,
    "reset_password_form": forms.FirstPassword,
    "verify_form": forms.ProveAgain,
    "change_password_form": forms.NewPassword,
    "two_factor_setup_form": forms.SetUp,
    "two_factor_rescue_form": forms.WaysBack,
    "two_factor_verify_code_form": forms.Code,
    "mf_recovery_form": forms.RecoveryCode,
    "wan_register_form": forms.NewPasskey,
    "wan_register_response_form": forms.KeyAdded,
    "wan_signin_response_form": forms.KeySignsIn,
}


class People(SQLAlchemyUserDatastore):
    """Flask-Security's way to our people. Its commit only flushes: the unit of work commits."""

    def commit(self) -> None:
        """Send what changed to the database; it is committed with the request."""
        db.session.flush()


def init_app(app: Flask, mail: type[MailUtil]) -> None:
    """Set Flask-Security up with our settings, people, forms, templates and mail."""
    app.config.from_mapping(SETTINGS | words.settings() | _own_settings(app))
    security = Security(
        app,
        _people(),
        register_blueprint=False,
        mail_util_cls=mail,
        totp_cls=factors.AppCodes,
        webauthn_util_cls=factors.Passkeys,
        mf_recovery_codes_util_cls=factors.RecoveryCodes,
        **FORMS | {"render_template": render},
    )
    security.want_json(lambda _: False)
    security.mail_context_processor(partial(_of_mails, app.extensions["recourse.config"]))
    security.unauthn_handler(lambda *_, **__: abort(401))
    guesses.init_app(app)
    passwords.init_app(app, security)
    _load_only_once(app, security)
    user_authenticated.connect(_signed_in, app)
    for changed in (password_changed, password_reset, tf_disabled, tf_profile_changed):
        changed.connect(_end_other_sessions, app)


def _of_mails(config: Config) -> dict[str, str]:
    """What each of its mails needs besides what it is about."""
    return {"site": config.url, "market": config.market, "locale": text.language()}


def _people() -> People:
    models: Any = (Person, type(None), Passkey)
    return People(db, *models)


def _own_settings(app: Flask) -> dict[str, Any]:
    secret = hashlib.sha256(f"authenticator apps {app.config['SECRET_KEY']}".encode()).hexdigest()
    return {
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [app.config["BABEL_TRANSLATION_DIRECTORIES"]],
        "SECURITY_TOTP_SECRETS": {1: secret},
        "SECURITY_TOTP_ISSUER": app.config["MARKET_NAME"],
        "SECURITY_WAN_RP_NAME": app.config["MARKET_NAME"],
        "SECURITY_EMAIL_SENDER": app.extensions["recourse.config"].mail_from,
    }


def _load_only_once(app: Flask, security: Security) -> None:
    """The person was found with the session: take out the look-ups that Flask-Login and Flask-Principal add to a page.

    Their remember-me cookie and their tokens in header and address are thereby gone, too.
    """
    login: Any = security.login_manager
    login._load_user = _load  # noqa: SLF001
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001
    app.after_request_funcs[None].remove(login._update_remember_cookie)  # noqa: SLF001
    app.template_context_processors[None] = [
        add for add in app.template_context_processors[None] if add.__module__ != "flask_login.utils"
    ]


def _load() -> None:
    setattr(g, "_login_user", who.me() or visitor())  # noqa: B010 - the name under which Flask-Login looks
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", sessions.current().get("fs_paa", 0))


def _signed_in(_app: Flask, user: Person, authn_via: list[str] | None = None, **_: Any) -> None:
    """Remember whether both factors were shown: a passkey is both, a code is asked for after the password only."""
    visit = sessions.current()
    visit.pop("_remember", None)
    if authn_via != ["change"]:
        visit["factors"] = 1 if authn_via == ["password"] else BOTH_FACTORS


def _end_other_sessions(_app: Flask, user: Person, **_: Any) -> None:
    """A new password or a new factor ends the sessions of every other browser, and gives this one a new id."""
    sessions.end_all(user)
    visit = sessions.current()
    visit.renewed = visit.get("_user_id") == user.fs_uniquifier


def render(template: str, **context: Any) -> str | Response:
    """A page of ours, 422 if its form was sent and is wrong; a mail as it is. A set-up keeps its picture."""
    if "/email/" in template:
        return render_template(template, **context)
    secret = pairing.begun() if template == CODE_ASKED else None
    if secret:
        person = context["two_factor_verify_code_form"].user
        template, context = pairing.SET_UP, context | pairing.picture(secret, person)
    sent = [form for form in context.values() if isinstance(form, Form)] if request.method == "POST" else []
    failed = any(form.errors for form in sent)
    return hx.render(template, status=422 if failed else 200, failed=failed, **context)
