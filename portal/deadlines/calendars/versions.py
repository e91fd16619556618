"""The versions of the calendars: published from the files, never changed, so each is read from the database once."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from portal import policies
from portal.db import session
from portal.deadlines.calendars.files import read
from portal.deadlines.models import CalendarVersion
from portal.deadlines.opendays import Calendar
from portal.deadlines.turns import await_turn
from portal.refusals import Overtaken, Refused

FOLDER = Path(__file__).parent
READ = "recourse.calendars"


def init_app(app: Flask) -> None:
    """Make room for the versions that have been read."""
    app.extensions[READ] = {}


def load_calendars(at: datetime, folder: Path = FOLDER) -> list[CalendarVersion]:
    """Publish every calendar of the folder whose content differs from its newest version; give back the new versions.

    What was counted before is to be counted anew afterwards (`jobs.recount`). No sweep is at work while they become
    known, so that none closes by an old version what the new one leaves open. Raises `BadFileError`, and `Overtaken` if
    another process loads too.
    """
    drafts = [_draft(read(path), at) for path in sorted(folder.glob("*.json"))]
    published = [draft for draft in drafts if _is_news(draft)]
    if published:
        await_turn()
    session().add_all(published)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return published


def calendar(version_id: int) -> Calendar:
    """The calendar of this version."""
    read_before: dict[int, Calendar] = current_app.extensions[READ]
    if version_id not in read_before:
        read_before[version_id] = Calendar.from_dict(session().get_one(CalendarVersion, version_id).body)
    return read_before[version_id]


def calendar_for(policy_version_id: int, party: str) -> int:
    """The id of the newest version of the calendar by which this party's time is counted under this policy."""
    code = policies.body(policy_version_id).calendar(party)
    ask = select(CalendarVersion.id).where(CalendarVersion.code == code)
    found = session().scalar(ask.order_by(CalendarVersion.number.desc()).limit(1))
    if found is None:
        raise Refused("no_such_calendar", name=code)
    return found


def outdated() -> dict[int, int]:
    """The versions of which a newer one knows more years: each with the newest of its calendar."""
    ask = select(CalendarVersion.code, CalendarVersion.id).order_by(CalendarVersion.number)
    versions = [(code, key) for code, key in session().execute(ask)]
    newest = dict(versions)
    return {key: newest[code] for code, key in versions if _knows_more(calendar(newest[code]), calendar(key))}


def _knows_more(newer: Calendar, older: Calendar) -> bool:
    if older.published is None:
        return False
    return newer.published is None or not set(newer.published) <= set(older.published)


def later_versions(version_id: int | None) -> list[int]:
    """The ids of the versions of the same calendar that came after this one."""
    this, later = aliased(CalendarVersion), CalendarVersion
    same = (later.code == this.code) & (later.number > this.number)
    return list(session().scalars(select(later.id).join(this, same).where(this.id == version_id).order_by(later.id)))


def newest_calendar(code: str) -> CalendarVersion | None:
    """The last version published of this calendar."""
    ask = select(CalendarVersion).where(CalendarVersion.code == code)
    return session().scalar(ask.order_by(CalendarVersion.number.desc()).limit(1))


def _draft(read_now: Calendar, at: datetime) -> CalendarVersion:
    body = read_now.to_dict()
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return CalendarVersion(code=read_now.code, body=body, sha256=digest, published_at=at)


def _is_news(draft: CalendarVersion) -> bool:
    known = newest_calendar(draft.code)
    draft.number = known.number + 1 if known else 1
    return known is None or known.sha256 != draft.sha256
