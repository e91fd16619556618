"""Which appeals, for the tabs, the pages and the sweep."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only

from portal import bulk
from portal.appeals.models import Appeal
from portal.db import session

SWEPT = (
    Appeal.ref, Appeal.shop_id, Appeal.subject_type, Appeal.subject_id, Appeal.subject_ref, Appeal.subject_no,
    Appeal.rule_code, Appeal.amount_minor, Appeal.currency, Appeal.status, Appeal.attempt, Appeal.policy_version_id,
    Appeal.due_at, Appeal.overdue, Appeal.round_no, Appeal.rounds_allowed, Appeal.version,
)  # fmt: skip
"""What the sweep reads of each."""


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
