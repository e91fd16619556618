"""A complaint about how a case was handled: filed by a party, answered by a lead. It changes nothing of the outcome."""

from datetime import datetime

from sqlalchemy import select

from portal import audit, deadlines, policies
from portal.audit import Actor
from portal.db import session
from portal.redress import cases, lifecycle, queries
from portal.redress.actions import answering
from portal.redress.actions.telling import tell_party
from portal.redress.cases import Matter
from portal.redress.models import Complaint
from portal.refs import new_ref
from portal.refusals import Refused


def filing_until(matter: Matter, party: str) -> datetime | None:
    """Until when this party can complain; None while the case goes on."""
    if matter.over_at is None or party not in matter.parties:
        return None
    spec = policies.arbitration(matter.policy_version_id).windows["complaint_filing"]
    due = deadlines.preview(spec, party=party, at=matter.over_at, policy_version_id=matter.policy_version_id)
    return due.due_at


def complain(matter: Matter, statement: str, *, key: str, by: Actor, at: datetime) -> Complaint:
    """File a complaint; `key` is the form's one-time key, so that sending it again finds the first.

    Refused with `not_over_yet`, `complaint_late`, `complaint_open` while one waits, or `statement_length`.
    """
    matter, party = cases.locked(matter), lifecycle.party_of(by.role)
    before = session().scalar(select(Complaint).where(Complaint.key == key))
    if before is not None and (before.case_ref, before.party) == (matter.case_ref, party):
        return before
    _may_file(matter, party, at)
    row = Complaint(
        ref=new_ref("CP", at),
        **answering.columns(matter, party, key=key, by=by, at=at),
        statement=lifecycle.words(statement, lifecycle.STATEMENT),
    )
    answering.put(row, at)
    said = {"case": matter.case_ref, "party": party}
    audit.record(row.ref, "complaint.filed", by=by, at=at, moved=(None, "open"), data=said)
    tell_party(row, "complaint.filed", at=at, case_type="complaint", party=party, due_at=row.due_at)
    return row


def _may_file(matter: Matter, party: str, at: datetime) -> None:
    until = filing_until(matter, party)
    if until is None:
        raise Refused("not_over_yet")
    if not deadlines.in_time(until, at):
        raise Refused("complaint_late", due_at=until)
    earlier = queries.complaints_of(matter, party)
    state = earlier[0].status if earlier else "none"
    if state == "open":
        raise Refused("complaint_open", ref=earlier[0].ref)
    lifecycle.require("complaint", state, "file", party)


def answer(complaint: Complaint, *, outcome: str, words: str, by: Actor, at: datetime) -> Complaint:
    """Answer it, with reasons; who is second is refused with `answered_already` and who was first.

    Refused with `had_a_part` to whoever is on a side of the case, or had a part in judging it.
    """
    answering.held(complaint, by=by)
    if outcome not in lifecycle.FOUND:
        raise Refused("no_such_outcome")
    complaint.answer, complaint.outcome = lifecycle.words(words, lifecycle.ANSWER), outcome
    answering.close(complaint, "answered", by=by, at=at)
    said = {"outcome": outcome}
    audit.record(complaint.ref, "complaint.answered", by=by, at=at, moved=("open", "answered"), data=said)
    tell_party(
        complaint, "complaint.answered", at=at, case_type="complaint", party=complaint.party, outcome_code=outcome
    )
    return complaint
