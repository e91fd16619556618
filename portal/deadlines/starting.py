"""A window becomes a deadline: the one function that counts, for what is shown before and for what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal import bulk, policies
from portal.db import session
from portal.deadlines import workdays
from portal.deadlines.calendars import calendar, calendar_for
from portal.deadlines.lifecycle import next_reminder
from portal.deadlines.models import Deadline
from portal.deadlines.registry import reminds
from portal.deadlines.workdays import Due
from portal.policies import Spec
from portal.refusals import Overtaken


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


@dataclass(frozen=True, slots=True)
class _Counted:
    """When it is due, and the columns that all who start on the same day have in common."""

    due: Due
    columns: dict[str, Any]


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
    deadline = Deadline(**_row(asked, _counted(asked, version, {})))
    session().add(deadline)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return deadline


def start_all(asked: Iterable[Start]) -> list[Due]:
    """Start many deadlines in one statement; the answers are in the order of the question. Raises `Overtaken`."""
    asked = list(asked)
    known: dict[Any, _Counted] = {}
    answers = [_counted(one, version, known) for one, version in zip(asked, _versions(asked), strict=True)]
    rows = [_row(one, answer) for one, answer in zip(asked, answers, strict=True)]
    if rows:
        bulk.send(Deadline, rows)
    return [answer.due for answer in answers]


def _versions(asked: Sequence[Start]) -> list[int]:
    of_policy: dict[tuple[int, str], int] = {}
    for one in asked:
        key = (one.policy_version_id, one.party)
        if one.calendar_version_id is None and key not in of_policy:
            of_policy[key] = calendar_for(*key)
    return [one.calendar_version_id or of_policy[one.policy_version_id, one.party] for one in asked]


def _counted(one: Start, version: int, known: dict[Any, _Counted]) -> _Counted:
    """The answer; days are the same for all who start on the same one, so they are counted once."""
    here = calendar(version)
    from_when = here.day_of(one.at) if one.spec.in_days else one.at
    reminded = reminds(one.subject_type, one.kind)
    key = (version, one.spec, from_when, one.policy_version_id if reminded else None)
    if key not in known:
        hours = policies.body(one.policy_version_id).reminders_hours if reminded else ()
        due = workdays.due(one.at, one.spec, here)
        known[key] = _Counted(
            due,
            {
                "calendar_version_id": version,
                "zone": here.zone,
                "spec": one.spec.to_dict(),
                "explain": workdays.plain(due.days),
                "provisional": due.provisional,
                "base_due_at": due.due_at,
                "due_at": due.due_at,
                "reminders": list(hours),
            },
        )
    return known[key]


def _row(one: Start, counted: _Counted) -> dict[str, Any]:
    return counted.columns | {
        "subject_type": one.subject_type,
        "subject_id": one.subject_id,
        "kind": one.kind,
        "party": one.party,
        "starts_at": one.at,
        "state": "running",
        "policy_version_id": one.policy_version_id,
        "remind_at": next_reminder(counted.due.due_at, counted.columns["reminders"], one.at),
        "version": 1,
    }
