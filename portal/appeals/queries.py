"""Which appeals, for the tabs, the pages and the sweep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from portal import many
from portal.appeals.models import Appeal
from portal.db import session


class Swept(NamedTuple):
    """An appeal as the sweep reads it: plain values, because it reads thousands."""

    id: int
    ref: str
    shop_id: int
    subject_type: str
    subject_id: int
    subject_ref: str
    subject_no: str
    rule_code: str
    amount_minor: int
    currency: str
    status: str
    attempt: int
    policy_version_id: int
    due_at: datetime | None
    round_no: int
    rounds_allowed: int


SWEPT = [getattr(Appeal, name) for name in Swept._fields]
HELD = select(*SWEPT).order_by(Appeal.id).with_for_update()
SUBJECTS = select(Appeal.subject_type, Appeal.subject_id)


def latest_against(subject_type: str, subject_id: int) -> Appeal | None:
    """The merchant's last appeal against this subject, draft or not."""
    return session().scalar(_against(subject_type, subject_id).order_by(Appeal.round_no.desc()).limit(1))


def all_against(subject_type: str, subject_id: int) -> list[Appeal]:
    """Every appeal of the merchant against this subject, the first one first; the last may be a draft."""
    return list(session().scalars(_against(subject_type, subject_id).order_by(Appeal.round_no)))


def siblings(appeal: Appeal) -> list[Appeal]:
    """The other appeals against the same subject, the first one first; no question where there can be none."""
    if appeal.rounds_allowed == 1:
        return []
    return [one for one in all_against(appeal.subject_type, appeal.subject_id) if one.id != appeal.id]


def before(appeal: Appeal) -> list[Appeal]:
    """Those of the rounds before."""
    return [one for one in siblings(appeal) if one.round_no < appeal.round_no]


def _against(subject_type: str, subject_id: int) -> Select[Appeal]:
    ask = select(Appeal).where(Appeal.subject_type == subject_type, Appeal.subject_id == subject_id)
    return ask.where(Appeal.appellant == "merchant")


def drafts_against(subject_type: str, subject_ids: Sequence[int]) -> list[Appeal]:
    """The drafts against these subjects."""
    return list(session().scalars(_drafts(select(Appeal), subject_type, subject_ids)))


def _drafts(ask: Select[Any], subject_type: str, subject_ids: Sequence[int]) -> Select[Any]:
    ours = Appeal.subject_type == subject_type, many.among(Appeal.subject_id, subject_ids)
    return ask.where(*ours, Appeal.status == "draft")


def subjects_of(ids: Sequence[int]) -> list[tuple[str, int]]:
    """What these appeals are against, by type and id."""
    return [tuple(row) for row in many.rows(SUBJECTS, Appeal.id, ids)]


def by_ids(ids: Sequence[int]) -> dict[int, Appeal]:
    """The appeals with these ids, locked where the database can, in the order of their ids.

    What was written in them is read only when it is asked for.
    """
    ask = select(Appeal).where(many.among(Appeal.id, ids)).options(load_only(*SWEPT, Appeal.overdue, Appeal.version))
    return {appeal.id: appeal for appeal in session().scalars(ask.order_by(Appeal.id).with_for_update())}


def swept(ids: Sequence[int]) -> dict[int, Swept]:
    """The same to read only."""
    return {row[0]: Swept._make(row) for row in many.rows(HELD, Appeal.id, ids)}


def swept_drafts(subject_type: str, subject_ids: Sequence[int]) -> list[Swept]:
    """The drafts against these subjects, to read only."""
    return [Swept._make(row) for row in session().execute(_drafts(select(*SWEPT), subject_type, subject_ids))]
