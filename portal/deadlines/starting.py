"""A window becomes a deadline: the one function that counts, for what is shown before and for what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from portal import policies
from portal.db import session
from portal.deadlines import workdays
from portal.deadlines.calendars import calendar, calendar_for
from portal.deadlines.lifecycle import next_reminder
from portal.deadlines.models import Deadline
from portal.deadlines.registry import reminds
from portal.deadlines.workdays import Due
from portal.policies import Spec
from portal.refusals import Overtaken

_Plain = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Start:
    """A deadline to be started; without a calendar version, the newest one of the party's calendar counts."""

    subject_type: str
    subject_id: int
    kind: str
    party: str
    spec: Spec
    at: datetime
    policy_version_id: int
    calendar_version_id: int | None = None


def preview(
    spec: Spec, *, party: str, at: datetime, policy_version_id: int, calendar_version_id: int | None = None
) -> Due:
    """When a window of this party would be over if it started at this instant, and why: what `start` would store."""
    version = calendar_version_id or calendar_for(policy_version_id, party)
    return workdays.due(at, spec, calendar(version))


def start(
    subject_type: str,
    subject_id: int,
    *,
    kind: str,
    party: str,
    spec: Spec,
    at: datetime,
    policy_version_id: int,
    calendar_version_id: int | None = None,
) -> Deadline:
    """Start a deadline now; raises `Overtaken` if one of this kind already runs for the party."""
    version = calendar_version_id or calendar_for(policy_version_id, party)
    asked = Start(subject_type, subject_id, kind, party, spec, at, policy_version_id, version)
    counted = preview(spec, party=party, at=at, policy_version_id=policy_version_id, calendar_version_id=version)
    deadline = Deadline(**_row(asked, version, counted, workdays.plain(counted.days)))
    session().add(deadline)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return deadline


def start_all(asked: Iterable[Start]) -> list[Due]:
    """Start many deadlines in one statement; the answers are in the order of the question. Raises `Overtaken`."""
    asked = list(asked)
    versions = _versions(asked)
    known: dict[Any, tuple[Due, _Plain]] = {}
    answers = [_counted(one, version, known) for one, version in zip(asked, versions, strict=True)]
    rows = [_row(one, version, *answer) for one, version, answer in zip(asked, versions, answers, strict=True)]
    if rows:
        try:
            session().execute(insert(cast(Table, Deadline.__table__)), rows)
        except IntegrityError as why:
            raise Overtaken from why
    return [counted for counted, _explained in answers]


def _versions(asked: Sequence[Start]) -> list[int]:
    of_policy: dict[tuple[int, str], int] = {}
    for one in asked:
        key = (one.policy_version_id, one.party)
        if one.calendar_version_id is None and key not in of_policy:
            of_policy[key] = calendar_for(*key)
    return [one.calendar_version_id or of_policy[one.policy_version_id, one.party] for one in asked]


def _counted(one: Start, version: int, known: dict[Any, tuple[Due, _Plain]]) -> tuple[Due, _Plain]:
    """The answer; days are the same for all who start on the same one, so they are counted once."""
    from_when = calendar(version).day_of(one.at) if one.spec.in_days else one.at
    key = (version, one.spec, from_when)
    if key not in known:
        counted = workdays.due(one.at, one.spec, calendar(version))
        known[key] = counted, workdays.plain(counted.days)
    return known[key]


def _row(one: Start, version: int, counted: Due, explained: _Plain) -> dict[str, Any]:
    hours: tuple[int, ...] = ()
    if reminds(one.subject_type, one.kind):
        hours = policies.body(one.policy_version_id).reminders_hours
    return {
        "subject_type": one.subject_type,
        "subject_id": one.subject_id,
        "kind": one.kind,
        "party": one.party,
        "starts_at": one.at,
        "base_due_at": counted.due_at,
        "due_at": counted.due_at,
        "state": "running",
        "spec": one.spec.to_dict(),
        "explain": explained,
        "provisional": counted.provisional,
        "zone": calendar(version).zone,
        "calendar_version_id": version,
        "policy_version_id": one.policy_version_id,
        "reminders": list(hours),
        "remind_at": next_reminder(counted.due_at, hours, one.at),
    }
