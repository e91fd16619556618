"""What is vouched for elsewhere: submissions, decisions and case files by their events, rules and calendars by their
hash, all by the triggers.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal import audit, evidence, many, triggers
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.audit import canonical
from portal.audit.models import AuditEvent
from portal.cli import penalty_seals, seat_seals
from portal.db import session
from portal.deadlines.models import CalendarVersion
from portal.evidence.models import Submission
from portal.penalties.models import Penalty
from portal.policies.models import PolicyVersion
from portal.review.models import Decision

AT_ONCE = 500
HISTORIES = (
    ("appeal", Appeal.id, Appeal.ref),
    ("penalty", Penalty.id, Penalty.ref),
    ("aftersale", AfterSale.id, AfterSale.ref),
    ("aftersale", Arbitration.after_sale_id, Arbitration.ref),
)
"""Which histories tell of what is handed in: what both sides of a dispute do, in one of two."""

Case = tuple[str, int]


def faults() -> Iterator[str]:
    """What no longer is what was vouched for, and the triggers that are gone or do something else."""
    published: list[PolicyVersion | CalendarVersion] = [
        *session().scalars(select(PolicyVersion).order_by(PolicyVersion.id)),
        *session().scalars(select(CalendarVersion).order_by(CalendarVersion.id)),
    ]
    for version in published:
        if hashlib.sha256(canonical(version.body)).hexdigest() != version.sha256:
            yield f"{version.__tablename__} {version.code} {version.number}: it was changed"
    submissions = select(Submission).order_by(Submission.id).execution_options(yield_per=AT_ONCE)
    for some in session().scalars(submissions).partitions():
        yield from _submissions(some)
    decisions = select(Decision.case_ref, Decision.decided_at, Decision.sha256).order_by(Decision.id)
    for rows in session().execute(decisions.execution_options(yield_per=AT_ONCE)).partitions():
        yield from _decisions(rows)
    yield from penalty_seals.faults()
    yield from seat_seals.faults()
    yield from _exports()
    yield from triggers.faults(session().connection())


def _submissions(some: Sequence[Submission]) -> Iterator[str]:
    """Those that their event in the chain, which the hashes keep, describes otherwise or not at all."""
    histories = _histories(some)
    told = _told({name for names in histories.values() for name in names}, "manifest_sha256")
    for one in some:
        names = histories.get((one.case_type, one.case_id))
        if not names:  # an order from above: its own row names the document
            continue
        said = next((data for name in names for data in told[name] if _is_of(data, one)), None)
        if said is None:
            yield f"submission {one.seq} of {names[0]}: it is not the one its history tells of"
        elif "words_sha256" in said and said["words_sha256"] != evidence.words_sha256(one):
            yield f"submission {one.seq} of {names[0]}: its words were changed"


def _histories(some: Sequence[Submission]) -> Mapping[Case, list[str]]:
    found: dict[Case, list[str]] = defaultdict(list)
    for case_type, key, ref in HISTORIES:
        ids = {one.case_id for one in some if one.case_type == case_type}
        for case_id, name in session().execute(select(key, ref).where(many.among(key, sorted(ids)))) if ids else ():
            found[case_type, case_id].append(name)
    return found


def _is_of(data: Mapping[str, Any], one: Submission) -> bool:
    told = data["manifest_sha256"], data.get("submission", one.seq), data.get("party", one.party)
    return told == (one.manifest_sha256, one.seq, one.party)


def _decisions(rows: Sequence[Any]) -> Iterator[str]:
    """Those that are not what their event says they were; the events of older versions didn't say."""
    told = _told({row.case_ref for row in rows}, "decision_sha256")
    for row in rows:
        said = {data["decision_sha256"] for data in told[row.case_ref] if data["at"] == row.decided_at}
        if said and row.sha256 not in said:
            yield f"decision of {row.case_ref}: it is not the one its history tells of"


def _told(names: Collection[str], what: str) -> Mapping[str, list[dict[str, Any]]]:
    """What these histories tell that has such a hash, with the instant of it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ask = select(AuditEvent.chain, AuditEvent.at, AuditEvent.data).where(many.among(AuditEvent.chain, sorted(names)))
    for name, at, data in session().execute(ask.order_by(AuditEvent.chain, AuditEvent.seq)):
        if what in data:
            found[name].append(data | {"at": at})
    return found


def _exports() -> Iterator[str]:
    """Histories that are not any more what they were when somebody took the file of their case."""
    ask = select(AuditEvent.data).where(AuditEvent.action == "export.made").order_by(AuditEvent.chain, AuditEvent.seq)
    taken = {
        (head["chain"], head["events"], head["head"]): said["case"]
        for said in session().scalars(ask)
        for head in said["chains"]
    }
    for head in audit.absent(taken):
        yield f"{head[0]}: not what it was when the file of {taken[head]} was taken, {head[1]} events long"
