"""Show me what you relied on: asked by a party once, answered by the platform with reasons and the exhibits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import audit, deadlines, policies
from portal.audit import Actor
from portal.db import session
from portal.deadlines import Start
from portal.redress import cases, lifecycle, queries
from portal.redress.actions.telling import tell_party
from portal.redress.cases import Matter
from portal.redress.models import DisclosureRequest
from portal.refs import new_ref
from portal.refusals import Overtaken, Refused


def ask_to_see(matter: Matter, asked: str, *, key: str, by: Actor, at: datetime) -> DisclosureRequest:
    """Ask what the decision relied on; once for each party of a case.

    Refused with `not_decided_yet`, `asked_already`, or `statement_length`; the same form sent again finds the first.
    """
    matter, party = cases.locked(matter), lifecycle.party_of(by.role)
    before = queries.disclosure_of(matter, party)
    if before is not None and before.key == key:
        return before
    if not matter.decided or party not in matter.parties:
        raise Refused("not_decided_yet")
    if before is not None:
        raise Refused("asked_already", ref=before.ref)
    lifecycle.require("disclosure", "none", "ask", party)
    row = DisclosureRequest(
        ref=new_ref("DR", at),
        **matter.named,
        party=party,
        author=by.pseudonym,
        asked=lifecycle.words(asked, lifecycle.ASKED),
        key=key,
        policy_version_id=matter.policy_version_id,
        status="open",
        filed_at=at,
        exhibits=[],
        rules=[],
    )
    _put(row, at)
    said = {"request": row.ref, "party": party}
    audit.record(matter.case_ref, "redress.disclosure_asked", by=by, at=at, data=said)
    tell_party(row, "disclosure.asked", at=at, case_type="disclosure", party=party, due_at=row.due_at)
    return row


def _put(row: DisclosureRequest, at: datetime) -> None:
    """Insert it with its deadline; raises `Overtaken` if another one of this party was faster."""
    spec = policies.arbitration(row.policy_version_id).windows["disclosure"]
    counted = deadlines.preview(spec, party="platform", at=at, policy_version_id=row.policy_version_id)
    row.due_at = counted.due_at
    session().add(row)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    deadlines.start_all([Start("disclosure", row.id, "answer", "platform", spec, at, row.policy_version_id)])


def disclose(
    request: DisclosureRequest, *, outcome: str, reason: str, exhibits: Collection[str], by: Actor, at: datetime
) -> DisclosureRequest:
    """Answer with reasons and the exhibits relied on; none can be named that this party may not see.

    Refused with `answered_already`, `not_independent`, `no_such_outcome`, `no_such_exhibit`, or `statement_length`.
    """
    session().refresh(request, with_for_update=True)
    if request.status != "open":
        raise Refused("answered_already", at=request.answered_at)
    lifecycle.require("disclosure", request.status, "answer", by.role)
    matter = cases.of(request.case_type, request.case_id)
    if by.person_id in cases.involved(matter):
        raise Refused("not_independent")
    if outcome not in lifecycle.SHOWN:
        raise Refused("no_such_outcome")
    seen = {item.ref: item for item in cases.exhibits(matter, request.party)}
    if not set(exhibits) <= seen.keys():
        raise Refused("no_such_exhibit")
    request.reason = lifecycle.words(reason, lifecycle.REASON)
    request.exhibits = [
        {"ref": ref, "label": item.exhibit_label or "", "title": item.title, "party": item.owner_party}
        for ref, item in seen.items()
        if ref in exhibits and outcome != "refused"
    ]
    request.rules = sorted({rule["code"] for one in matter.decisions for rule in one.rules})
    request.status, request.answered_by, request.answered_at, request.due_at = outcome, by.person_id, at, None
    session().flush()
    clock = deadlines.running("disclosure", request.id, "answer")
    if clock is not None:
        deadlines.meet(clock, at=at)
    said = {"request": request.ref, "party": request.party, "answer": outcome}
    audit.record(request.case_ref, "redress.disclosure_answered", by=by, at=at, data=said)
    tell_party(request, "disclosure.answered", at=at, case_type="disclosure", party=request.party, outcome_code=outcome)
    return request
