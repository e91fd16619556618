"""Show me what you relied on: asked by a party once, answered by the platform with reasons and the exhibits."""

from collections.abc import Collection
from datetime import datetime

from portal import audit
from portal.audit import Actor
from portal.redress import cases, lifecycle, queries
from portal.redress.actions import answering
from portal.redress.actions.telling import tell_party
from portal.redress.cases import Matter
from portal.redress.models import DisclosureRequest
from portal.refs import new_ref
from portal.refusals import Refused


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
        **answering.columns(matter, party, key=key, by=by, at=at),
        asked=lifecycle.words(asked, lifecycle.ASKED),
        exhibits=[],
        rules=[],
    )
    answering.put(row, at)
    said = {"request": row.ref, "party": party}
    audit.record(matter.case_ref, "redress.disclosure_asked", by=by, at=at, data=said, audience=party)
    tell_party(row, "disclosure.asked", at=at, case_type="disclosure", party=party, due_at=row.due_at)
    return row


def disclose(
    request: DisclosureRequest, *, outcome: str, reason: str, exhibits: Collection[str], by: Actor, at: datetime
) -> DisclosureRequest:
    """Answer with reasons and the exhibits relied on; none can be named that this party may not see.

    Refused with `answered_already`, `had_a_part`, `no_such_outcome`, `no_such_exhibit`, or `statement_length`.
    """
    matter = answering.held(request, by=by)
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
    answering.close(request, outcome, by=by, at=at)
    said = {"request": request.ref, "party": request.party, "answer": outcome}
    done = "redress.disclosure_answered"
    audit.record(request.case_ref, done, by=by, at=at, data=said, audience=request.party)
    tell_party(request, "disclosure.answered", at=at, case_type="disclosure", party=request.party, outcome_code=outcome)
    return request
