"""Somebody above the platform decided otherwise: one person proposes with the document, another one confirms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal import appeals, audit, evidence, penalties
from portal.audit import Actor
from portal.db import session
from portal.evidence import Received, Said, Side
from portal.penalties.models import Penalty
from portal.redress import cases, lifecycle, queries
from portal.redress.actions.telling import tell_party
from portal.redress.cases import Matter
from portal.redress.models import OverrideRecord
from portal.refs import new_ref
from portal.refusals import Overtaken, Refused


def propose(
    matter: Matter,
    document: Received,
    *,
    authority: str,
    reference: str,
    effect: str,
    change: str,
    results: Sequence[Mapping[str, Any]] = (),
    by: Actor,
    at: datetime,
) -> OverrideRecord:
    """Put before a second person what a court or authority decided, and what follows from it; the document is sealed.

    `change` and `results`, as `penalties.reduce` takes them, are for a penalty; a ruling's money is the marketplace's.
    """
    matter = cases.locked(matter)
    _open_to(matter, by)
    _none_waits(matter)
    if authority not in lifecycle.AUTHORITIES or change not in possible(matter):
        raise Refused("no_such_outcome")
    _reduces(matter, change, results)
    row = OverrideRecord(
        ref=new_ref("OV", at),
        **matter.named,
        authority=authority,
        reference=lifecycle.words(reference, lifecycle.REFERENCE),
        effect=lifecycle.words(effect, lifecycle.EFFECT),
        change=change,
        results=[dict(one) for one in results] if change == "reduce" else [],
        status="proposed",
        proposed_by=by.person_id,
        proposed_at=at,
    )
    _put(row)
    row.document_ref = _sealed(row, document, by, at)
    session().flush()
    said = {"override": row.ref, "authority": authority}
    audit.record(matter.case_ref, "redress.override_proposed", by=by, at=at, data=said, audience="platform")
    return row


def _none_waits(matter: Matter) -> None:
    for one in queries.overrides_of(matter):
        if one.status == "proposed":
            raise Refused("override_waiting", ref=one.ref)


def _put(row: OverrideRecord) -> None:
    """Insert it; raises `Overtaken` if another one of this case was faster."""
    session().add(row)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why


def possible(matter: Matter) -> tuple[str, ...]:
    """What can follow for the penalty as it stands now; for a ruling nothing but the record of it."""
    penalty = matter.penalty
    return lifecycle.changes(penalty.status) if penalty else ("none",)


def confirm(record: OverrideRecord, *, by: Actor, at: datetime) -> OverrideRecord:
    """Let it take effect; a person other than who proposed it. The parties are told, and the penalty follows.

    Refused with `two_people`, `not_independent`, `override_closed`, or what the penalty says to it.
    """
    matter = cases.locked(cases.of(record.case_type, record.case_id))
    _still_open(record)
    _open_to(matter, by)
    if by.person_id == record.proposed_by:
        raise Refused("two_people")
    if record.change not in possible(matter):
        raise Refused("penalty_moved")
    _close(record, "confirmed", by, at)
    if matter.case_type == cases.APPEAL:
        appeals.actions.overruled(matter.row, at=at)
    if matter.penalty is not None:
        _apply(matter.penalty, record, by, at)
    said = {"override": record.ref, "authority": record.authority, "change": record.change}
    audit.record(record.case_ref, done := "redress.overridden", by=by, at=at, data=said)
    leads_to = "appeal" if matter.case_type == cases.APPEAL else "aftersale"
    for party in matter.parties:
        tell_party(record, done, at=at, case_type=leads_to, party=party, authority_code=record.authority)
    return record


def decline(record: OverrideRecord, *, by: Actor, at: datetime) -> OverrideRecord:
    """Let it not take effect: a second person disagrees, or who proposed it takes it back."""
    matter = cases.locked(cases.of(record.case_type, record.case_id))
    _still_open(record)
    lifecycle.require("override", record.status, "decline", by.role)
    if by.person_id in cases.involved(matter):
        raise Refused("not_independent")
    _close(record, "declined", by, at)
    said = {"override": record.ref}
    audit.record(record.case_ref, "redress.override_declined", by=by, at=at, data=said, audience="platform")
    return record


def _open_to(matter: Matter, by: Actor) -> None:
    """Whether the case is over and this person may have a hand in it: nobody on a side, and nobody who judged it."""
    if not matter.ended or (matter.case_type == cases.APPEAL and matter.row.outcome == "moot"):
        raise Refused("not_over_yet")
    if by.role not in lifecycle.ABOVE:
        raise Refused("transition_not_allowed", status="ended", verb="propose")
    if by.person_id in cases.involved(matter) | cases.judges(matter):
        raise Refused("not_independent")


def _still_open(record: OverrideRecord) -> None:
    session().refresh(record, with_for_update=True)
    if record.status != "proposed":
        raise Refused("override_closed", at=record.closed_at)


def _close(record: OverrideRecord, status: str, by: Actor, at: datetime) -> None:
    record.status, record.closed_by, record.closed_at = status, by.person_id, at
    session().flush()


def _reduces(matter: Matter, change: str, results: Sequence[Mapping[str, Any]]) -> None:
    """A reduction names what becomes of each measure, and changes at least one of them."""
    if change != "reduce" or matter.penalty is None:
        return
    measures = {measure.id: measure for measure in matter.penalty.measures}
    if not [one for one in results if one["result"] != "keep"]:
        raise Refused("nothing_reduced")
    for one in results:
        measure = measures.get(one["measure_id"])
        if measure is None:
            raise Refused("measure_unknown", measure_id=one["measure_id"])
        if one["result"] == "reduce":
            figure = measure.figure
            if figure is None or not 0 < (one.get("params") or {}).get(figure[0], 0) < figure[1]:
                raise Refused("measure_not_less", measure_id=measure.id)


def _apply(penalty: Penalty, record: OverrideRecord, by: Actor, at: datetime) -> None:
    if record.change == "lift":
        penalties.lift(penalty, by=by, at=at)
    elif record.change == "reinstate":
        penalties.reinstate(penalty, by=by, at=at)
    elif record.change == "reduce":
        penalties.reduce(penalty, results=record.results, by=by, at=at)


def _sealed(row: OverrideRecord, document: Received, by: Actor, at: datetime) -> str:
    """Keep the document, sealed, beside the record; who may see the record may see it."""
    side = Side("override", row.id, row.shop_id, "platform")
    item = evidence.attach(side, document, requirement=None, max_files=1, by=by, at=at, visibility="platform")
    evidence.seal(side, Said("initial", f"override:{row.ref}"), by=by, at=at)
    return item.ref
