"""The second factor: codes of an authenticator app, passkeys, and recovery codes of which we keep the hashes."""

import hashlib
import hmac
import secrets
from typing import Any

import qrcode
from flask import session as flask_session
from flask_security import MfRecoveryCodesUtil, Totp, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Person
from portal.refs import ALPHABET

QUIET = 4
CHALLENGE = "challenge"


class Picture(str):
    """A QR code as the outline of its dark squares, for the `d` of an SVG path; `side` is its width in squares."""

    side: int


class AppCodes(Totp):
    """Six digits that change every 30 seconds; each is good once."""

    def generate_qrcode(self, username: str, totp: str) -> Picture:
        """The picture an authenticator app reads."""
        code = qrcode.QRCode(border=QUIET)
        code.add_data(self.get_totp_uri(username, totp))
        squares = code.get_matrix()
        dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(squares) for x, square in enumerate(row) if square)
        picture = Picture("".join(dark))
        picture.side = len(squares)
        return picture

    def generate_recovery_codes(self, number: int) -> list[str]:
        """New codes of 80 random bits, in groups that can be typed."""
        return ["-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(number)]

    def get_last_counter(self, user: Any) -> int | None:
        """Which code was used last."""
        counter: int | None = user.totp_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember which code was used, so that it is not taken twice."""
        user.totp_counter = tmatch.counter


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes for the day the phone is lost: shown once, kept as hashes, each good once."""

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [_digest(code) for code in codes]

    def _decrypt_codes(self, codes: list[str]) -> list[str]:
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether the code is one of theirs that was not used yet."""
        return any(hmac.compare_digest(kept, _digest(code)) for kept in user.mf_recovery_codes)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use the code up."""
        left = [kept for kept in user.mf_recovery_codes if kept != _digest(code)]
        used = len(left) < len(user.mf_recovery_codes)
        user.mf_recovery_codes = left
        return used


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()


class Passkeys(WebauthnUtil):
    """Keys that name their owner and ask for finger, face or screen lock: both factors at once."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """What the key must sign; it is good in this browser, once."""
        challenge = super().generate_challenge(nbytes)
        flask_session[CHALLENGE] = challenge
        return challenge

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Which keys may be added."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """A passkey alone signs in, so it always checks who holds it."""
        return UserVerificationRequirement.REQUIRED


def forget(person: Person) -> None:
    """Take every second factor from the person, so that they set one up at the next sign-in."""
    person.tf_totp_secret = person.tf_primary_method = person.totp_counter = None
    person.mf_recovery_codes = []
    person.webauthn.clear()
