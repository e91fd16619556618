"""What is vouched for elsewhere: submissions by their event, rules and calendars by their hash, all by the triggers."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, and_, select

from portal import evidence, guards
from portal.appeals.models import Appeal
from portal.audit import canonical
from portal.audit.models import AuditEvent
from portal.db import db, session
from portal.deadlines.models import CalendarVersion
from portal.evidence.models import Submission
from portal.policies.models import PolicyVersion

HANDED_IN = ("appeal.submitted", "appeal.supplemented")
AT_ONCE = 500

Found = Sequence[Row[str, Submission]]


def faults() -> Iterator[str]:
    """What no longer is what was vouched for, and the triggers that are gone."""
    published: list[PolicyVersion | CalendarVersion] = [
        *session().scalars(select(PolicyVersion).order_by(PolicyVersion.id)),
        *session().scalars(select(CalendarVersion).order_by(CalendarVersion.id)),
    ]
    for version in published:
        if hashlib.sha256(canonical(version.body)).hexdigest() != version.sha256:
            yield f"{version.__tablename__} {version.code} {version.number}: it was changed"
    of_appeal = and_(Submission.case_type == "appeal", Submission.case_id == Appeal.id)
    every = select(Appeal.ref, Submission).join(Submission, of_appeal).order_by(Submission.id)
    for some in session().execute(every.execution_options(yield_per=AT_ONCE)).partitions():
        yield from _changed(some)
    yield from _unguarded()


def _changed(some: Found) -> Iterator[str]:
    """The submissions that their event in the chain, which the hashes keep, describes otherwise or not at all."""
    ask = select(AuditEvent.chain, AuditEvent.data).where(AuditEvent.action.in_(HANDED_IN))
    events = session().execute(ask.where(AuditEvent.chain.in_({ref for ref, _ in some})))
    told: dict[tuple[str, int], dict[str, Any]] = {(chain, data.get("submission", 0)): data for chain, data in events}
    for ref, submission in some:
        said, words = told.get((ref, submission.seq)), evidence.words_sha256(submission)
        if said is None or said["manifest_sha256"] != submission.manifest_sha256:
            yield f"submission {submission.seq} of {ref}: it is not the one its history tells of"
        elif said.get("words_sha256", words) != words:
            yield f"submission {submission.seq} of {ref}: its words were changed"


def _unguarded() -> Iterator[str]:
    with db.engine.connect() as connection:
        there = {name for name, _table in guards.installed(connection)}
        sqlite = connection.dialect.name == "sqlite"
    for guard in guards.GUARDS.values():
        if guard.name not in there and (guard.sqlite if sqlite else guard.postgresql):
            yield f"trigger {guard.name} is missing: {guard.table} is not protected"
