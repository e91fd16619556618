"""What a complaint and a request to see have in common: each waits for one answer, in a time of its own."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal import deadlines, policies
from portal.audit import Actor
from portal.db import session
from portal.deadlines import Start
from portal.redress import cases, lifecycle
from portal.redress.cases import Matter
from portal.redress.models import Complaint, DisclosureRequest
from portal.refusals import Overtaken, Refused

Filed = Complaint | DisclosureRequest


def columns(matter: Matter, party: str, *, key: str, by: Actor, at: datetime) -> dict[str, Any]:
    """What either says of its case and of who filed it."""
    return {
        **matter.named,
        "party": party,
        "author": by.pseudonym,
        "key": key,
        "policy_version_id": matter.policy_version_id,
        "status": "open",
        "filed_at": at,
    }


def put(row: Filed, at: datetime) -> None:
    """Insert it with its deadline; raises `Overtaken` if another one of this party was faster."""
    spec = policies.arbitration(row.policy_version_id).windows[row.way]
    counted = deadlines.preview(spec, party="platform", at=at, policy_version_id=row.policy_version_id)
    row.due_at = counted.due_at
    session().add(row)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    deadlines.start_all([Start(row.way, row.id, "answer", "platform", spec, at, row.policy_version_id)])


def held(row: Filed, *, by: Actor) -> Matter:
    """Lock it for its answer, and give its case.

    Refused with `answered_already` to who is second, and with `had_a_part` to whoever may not answer it.
    """
    session().refresh(row, with_for_update=True)
    if row.status != "open":
        raise Refused("answered_already", at=row.answered_at)
    lifecycle.require(row.way, row.status, "answer", by.role)
    matter = cases.of(row.case_type, row.case_id)
    if by.person_id in cases.barred(matter, row.way):
        raise Refused("had_a_part")
    return matter


def close(row: Filed, status: str, *, by: Actor, at: datetime) -> None:
    """It is answered; from here on the database refuses to change the row."""
    row.status, row.answered_by, row.answered_at, row.due_at = status, by.person_id, at, None
    session().flush()
    clock = deadlines.running(row.way, row.id, "answer")
    if clock is not None:
        deadlines.meet(clock, at=at)
