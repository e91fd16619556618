"""Which appeals, for the tabs, the pages and the sweep."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import load_only

from portal import bulk
from portal.appeals.models import Appeal
from portal.db import session

SWEPT = (
    Appeal.ref, Appeal.shop_id, Appeal.subject_type, Appeal.subject_id, Appeal.subject_ref, Appeal.subject_no,
    Appeal.rule_code, Appeal.amount_minor, Appeal.currency, Appeal.status, Appeal.attempt, Appeal.policy_version_id,
    Appeal.due_at, Appeal.overdue, Appeal.version,
)  # fmt: skip
"""What the sweep reads of each."""


def first_against(subject_type: str, subject_id: int) -> Appeal | None:
    """The merchant's appeal that uses up the one chance against this subject, draft or not."""
    ask = select(Appeal).where(Appeal.subject_type == subject_type, Appeal.subject_id == subject_id)
    return session().scalar(ask.where(Appeal.appellant == "merchant").order_by(Appeal.round_no.desc()).limit(1))


def drafts_against(subject_type: str, subject_ids: Sequence[int]) -> list[Appeal]:
    """The drafts against these subjects."""
    ask = select(Appeal).where(Appeal.subject_type == subject_type, bulk.among(Appeal.subject_id, subject_ids))
    return list(session().scalars(ask.where(Appeal.status == "draft")))


def subjects_of(ids: Sequence[int]) -> list[tuple[str, int]]:
    """What these appeals are against, by type and id."""
    rows = session().execute(select(Appeal.subject_type, Appeal.subject_id).where(bulk.among(Appeal.id, ids)))
    return [(subject_type, subject_id) for subject_type, subject_id in rows]


def by_ids(ids: Sequence[int]) -> dict[int, Appeal]:
    """The appeals with these ids, locked where the database can, in the order of their ids.

    What was written in them is read only when it is asked for.
    """
    ask = (
        select(Appeal)
        .where(bulk.among(Appeal.id, ids))
        .options(load_only(*SWEPT))
        .order_by(Appeal.id)
        .with_for_update()
    )
    return {appeal.id: appeal for appeal in session().scalars(ask)}
