"""What Flask-Security says on screen and in mails, in our words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal import text


def N_(words: str) -> str:  # noqa: N802 - the name by which Babel finds words
    """Mark words for translation; Flask-Security translates them when it says them."""
    return words


def init_app() -> None:
    """Register the words of roles and refusals."""
    text.learn("role", ROLES)
    text.learn("refusal", REFUSALS)


ROLES = {
    "merchant_owner": _l("Owner"),
    "merchant_agent": _l("Agent"),
    "merchant_viewer": _l("Viewer"),
    "reviewer": _l("Reviewer"),
    "senior_reviewer": _l("Senior reviewer"),
    "lead": _l("Lead"),
    "penalty_issuer": _l("Penalty issuer"),
    "policy_admin": _l("Policy administrator"),
    "auditor": _l("Auditor"),
    "admin": _l("Administrator"),
}

REFUSALS = {
    "link_unknown": _l("This link is not complete or was changed. Open it again from the message it came in."),
    "link_expired": _l("This link has expired. Ask the marketplace for a new one; your case is still there."),
    "link_revoked": _l("This link was taken back. Open the newest message, or ask the marketplace for a new link."),
    "viewer_only": _l("Your role in this shop can read, but not change or send."),
    "may_not_send": _l("You can prepare it; the owner of the shop, or somebody with the right to send, sends it."),
    "mixed_roles": _l("One person can't work for the marketplace and for a shop. Use a second account."),
    "email_taken": _l("There is already an account with this e-mail address."),
    "email_invalid": _l("This is not an e-mail address."),
    "shop_taken": _l("There is already a shop with this number."),
    "role_unknown": _l("There is no such role."),
    "role_of_shop": _l("This role is one in a shop: say in which."),
    "role_of_platform": _l("This role is one of the marketplace, and of no shop."),
    "role_missing": _l("This person does not have this role."),
    "password_short": _l("A password has at least %(least)s characters."),
    "password_illegible": _l("A password is UTF-8 text."),
}

_ERROR, _GOOD, _INFO = "bad", "good", "info"

MESSAGES: dict[str, tuple[str, str]] = {
    "API_ERROR": (N_("This could not be read. Please try again."), _ERROR),
    "GENERIC_AUTHN_FAILED": (N_("E-mail address and password do not match an account."), _ERROR),
    "UNAUTHENTICATED": (N_("Please sign in first."), _INFO),
    "REAUTHENTICATION_REQUIRED": (N_("Please confirm that it is you before you go on."), _INFO),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), _GOOD),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are not the same."), _ERROR),
    "INVALID_REDIRECT": (N_("This link leads away from this site and was ignored."), _ERROR),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right, or was used already."), _ERROR),
    "PASSWORD_RESET_REQUEST": (
        N_("If %(email)s has an account here, a mail with a link is on its way. The link is good for one hour."),
        _INFO,
    ),
    "PASSWORD_RESET_EXPIRED": (N_("This link was good for %(within)s. Please ask for a new one."), _ERROR),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("This link was used already or is not complete. Please ask for a new one."),
        _ERROR,
    ),
    "DISABLED_ACCOUNT": (N_("E-mail address and password do not match an account."), _ERROR),
    "EMAIL_NOT_PROVIDED": (N_("Enter your e-mail address."), _ERROR),
    "INVALID_EMAIL_ADDRESS": (N_("Enter an e-mail address such as name@example.com."), _ERROR),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password."), _ERROR),
    "PASSWORD_INVALID_LENGTH": (N_("Use at least %(length)s characters."), _ERROR),
    "USER_DOES_NOT_EXIST": (N_("E-mail address and password do not match an account."), _ERROR),
    "INVALID_PASSWORD": (N_("This is not your present password."), _ERROR),
    "FORGOT_PASSWORD": (N_("Forgot your password?"), _INFO),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password is changed. Please sign in with the new one."), _GOOD),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the same as the present one."), _ERROR),
    "PASSWORD_CHANGE": (N_("Your password is changed. Other browsers are signed out."), _GOOD),
    "TWO_FACTOR_INVALID_TOKEN": (N_("This code is not right, or was used already. Wait for the next one."), _ERROR),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), _GOOD),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("The authenticator app is set up."), _GOOD),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Please begin again with your password."), _INFO),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("This is not possible for your account."), _ERROR),
    "TWO_FACTOR_DISABLED": (N_("The authenticator app is no longer asked for."), _GOOD),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("This took longer than %(within)s. Please begin again."), _ERROR),
    "WEBAUTHN_EXPIRED": (N_("This took longer than %(within)s. Please begin again."), _ERROR),
    "WEBAUTHN_NAME_REQUIRED": (N_("Give the passkey a name, such as the device it is on."), _ERROR),
    "WEBAUTHN_NAME_INUSE": (N_("You already have a passkey named %(name)s."), _ERROR),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey named %(name)s."), _ERROR),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (N_("Use letters, digits, spaces, hyphens and underscores."), _ERROR),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("The passkey %(name)s is removed."), _GOOD),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("The passkey %(name)s is set up."), _GOOD),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey is set up already."), _ERROR),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (N_("This passkey is not known here. Sign in with your password."), _ERROR),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (N_("This passkey is not known here. Sign in with your password."), _ERROR),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey could not be checked. Please try again."), _ERROR),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (N_("This passkey is not known here. Sign in with your password."), _ERROR),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (N_("This passkey belongs to another account."), _ERROR),
}

SUBJECTS = {
    "EMAIL_SUBJECT_PASSWORD_RESET": N_("Set a new password"),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": N_("Your password was changed"),
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": N_("Your password was changed"),
}


def settings() -> dict[str, Any]:
    """The words as Flask-Security wants them."""
    messages = {f"SECURITY_MSG_{code}": said for code, said in MESSAGES.items()}
    return messages | {f"SECURITY_{code}": subject for code, subject in SUBJECTS.items()}
