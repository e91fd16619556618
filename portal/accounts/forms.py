"""Flask-Security's forms as we use them: no remembered sign-in, and right guesses are taken off the count."""

import hmac
from typing import Any

from flask import session as flask_session
from flask_babel import lazy_gettext as _l
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninResponseForm,
)
from flask_security.forms import (
    EmailValidation,
    EqualToLocalize,
    IsString,
    RequiredLocalize,
    email_required,
    password_required,
    valid_user_email,
)
from flask_security.utils import get_message, validate_redirect_url
from wtforms import EmailField, Field, HiddenField, PasswordField, RadioField, StringField, ValidationError

from portal.accounts import guesses
from portal.accounts.factors import CHALLENGE
from portal.accounts.passwords import LONGEST

PRESENT = {"autocomplete": "current-password"}
NEW = {"autocomplete": "new-password"}
SAME = "RETYPE_PASSWORD_MISMATCH"


def _fold(email: str | None) -> str | None:
    return email.strip().casefold() if email else email


def _not_endless(_form: Any, field: Field) -> None:
    if len(field.data or "") > LONGEST:
        raise ValidationError(_l("This password is too long."))


class Guessed:
    """A form whose secret may be guessed."""

    def validate(self, **kwargs: Any) -> bool:
        """As the form does; if it is right, the try is not counted."""
        valid: bool = super().validate(**kwargs)  # type: ignore[misc]
        if valid:
            guesses.right()
        return valid


class Inside:
    """A form that leads on to a page."""

    def validate_next(self, field: Field) -> None:
        """Forget a page of another site: whoever was sent such a link can sign in all the same."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""


class SignIn(Inside, Guessed, LoginForm):
    """E-mail address and password."""

    email = EmailField(
        _l("E-mail address"),
        filters=[_fold],
        render_kw={"autocomplete": "username"},
        validators=[IsString(), email_required, EmailValidation(verify=False)],
    )
    password = PasswordField(
        _l("Password"), render_kw=PRESENT, validators=[IsString(), password_required, _not_endless]
    )
    remember = None  # type: ignore[assignment]


class Forgot(ForgotPasswordForm):
    """The address to which a link to a new password goes."""

    email = EmailField(
        _l("E-mail address"),
        filters=[_fold],
        render_kw={"autocomplete": "username"},
        validators=[IsString(), email_required, EmailValidation(verify=True), valid_user_email],
    )


class FirstPassword(ResetPasswordForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"), render_kw=NEW, validators=[IsString(), password_required, _not_endless]
    )
    password_confirm = PasswordField(
        _l("New password once more"),
        render_kw=NEW,
        validators=[IsString(), EqualToLocalize("password", message=SAME), password_required],
    )


class ProveAgain(Inside, Guessed, VerifyForm):
    """The password once more."""

    password = PasswordField(
        _l("Password"), render_kw=PRESENT, validators=[IsString(), password_required, _not_endless]
    )


class NewPassword(Guessed, ChangePasswordForm):
    """The present password, and the new one twice."""

    password = PasswordField(_l("Present password"), render_kw=PRESENT, validators=[_not_endless])
    new_password = PasswordField(
        _l("New password"), render_kw=NEW, validators=[IsString(), password_required, _not_endless]
    )
    new_password_confirm = PasswordField(
        _l("New password once more"),
        render_kw=NEW,
        validators=[IsString(), EqualToLocalize("new_password", message=SAME), password_required],
    )


class SetUp(TwoFactorSetupForm):
    """Whether to set the authenticator app up or to do without."""

    setup = StringField()  # type: ignore[assignment]


class WaysBack(TwoFactorRescueForm):
    """Ways to sign in without the phone, as Flask-Security lists them; our page has a link to the recovery codes."""

    help_setup = RadioField(choices=[], validate_choice=False)


class Code(Guessed, TwoFactorVerifyCodeForm):
    """Six digits of the authenticator app."""

    code = StringField(
        _l("Code of the authenticator app"),
        filters=[lambda code: code.replace(" ", "") if isinstance(code, str) else code],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 7, "class": "otp"},
        validators=[IsString(), RequiredLocalize(message="TWO_FACTOR_INVALID_TOKEN")],
    )


class RecoveryCode(Guessed, MfRecoveryForm):
    """One of the recovery codes."""

    code = StringField(
        _l("Recovery code"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "mono"},
        validators=[IsString(), RequiredLocalize(message="INVALID_RECOVERY_CODE")],
    )


class Answered:
    """What a passkey sent: it answers the question that was put to this browser last, and to it alone."""

    challenge: str
    credential: HiddenField

    def validate(self, **kwargs: Any) -> bool:
        """As the form does, if the question was this one."""
        if not hmac.compare_digest(flask_session.pop(CHALLENGE, ""), self.challenge):
            self.credential.errors = [get_message("WEBAUTHN_NO_VERIFY")[0]]
            return False
        valid: bool = super().validate(**kwargs)  # type: ignore[misc]
        return valid


class KeySignsIn(Inside, Answered, WebAuthnSigninResponseForm):
    """A passkey's answer at sign-in, or when it proves again who is there."""


class KeyAdded(Answered, WebAuthnRegisterResponseForm):
    """A new passkey's answer."""


class NewPasskey(WebAuthnRegisterForm):
    """The name of a passkey to be added; it signs in by itself."""

    name = StringField(
        _l("Name of the passkey"),
        render_kw={"autocomplete": "off", "maxlength": 64},
        validators=[IsString(), RequiredLocalize(message="WEBAUTHN_NAME_REQUIRED")],
    )
    usage = HiddenField(default="first", filters=[lambda _: "first"])  # type: ignore[assignment]
