"""Links for people without an account: signed, for one party of one case, until they expire or are revoked.

The link is the number of its row with a signature by the portal's secret key. So nobody can make one up, one that was
altered is recognised as such, and who reads the database has none of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from itsdangerous import BadSignature, Signer
from sqlalchemy import select, update

from portal import bulk
from portal.accounts.models import CaseLink
from portal.db import session
from portal.refusals import Refused

LASTS = timedelta(days=180)
"""As long as anything can still come after a case that has ended."""


def issue(case_type: str, case_ref: str, party: str, *, at: datetime, lasts: timedelta = LASTS) -> str:
    """A new link for this party of this case: the last part of its address."""
    made = CaseLink(case_type=case_type, case_ref=case_ref, party=party, created_at=at, expires_at=at + lasts)
    session().add(made)
    session().flush()
    return token(made.id, current_app.config["SECRET_KEY"])


def issue_all(case_type: str, case_refs: Sequence[str], party: str, *, at: datetime) -> dict[str, int]:
    """A new link for this party of each of these cases, which lasts as long as any: the ids of their rows, by case."""
    cases = sorted(set(case_refs))
    rows = [
        {"case_type": case_type, "case_ref": ref, "party": party, "created_at": at, "expires_at": at + LASTS}
        for ref in cases
    ]
    made = bulk.insert(CaseLink, rows, returning=("id", "case_ref")) if rows else ()
    return {row.case_ref: row.id for row in made}


def token(link_id: int, secret: str) -> str:
    """What stands in the address for this link; it can be told again as long as the secret stays the same."""
    return _signer(secret).sign(str(link_id)).decode()


def revoke_all(case_type: str, case_ref: str, party: str, *, at: datetime) -> int:
    """From now on none of the party's links opens the case; how many there were."""
    there = update(CaseLink).where(
        CaseLink.case_type == case_type, CaseLink.case_ref == case_ref, CaseLink.party == party
    )
    done = session().execute(there.where(CaseLink.revoked_at.is_(None), CaseLink.expires_at > at).values(revoked_at=at))
    return int(done.rowcount)  # type: ignore[attr-defined]


def opened(text: str, case_type: str, *, at: datetime) -> CaseLink:
    """The link with this token.

    Refused with `link_unknown` if it was altered or never made, with `link_expired` or `link_revoked` if it is over.
    """
    try:
        key = int(_signer(current_app.config["SECRET_KEY"]).unsign(text))
    except (BadSignature, ValueError) as why:
        raise Refused("link_unknown") from why
    if text != token(key, current_app.config["SECRET_KEY"]):  # base64 reads two last characters as one
        raise Refused("link_unknown")
    link = session().scalar(select(CaseLink).where(CaseLink.id == key, CaseLink.case_type == case_type))
    if link is None:
        raise Refused("link_unknown")
    if link.revoked_at is not None:
        raise Refused("link_revoked")
    if at >= link.expires_at:
        raise Refused("link_expired")
    return link


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="case link", digest_method=sha256)
