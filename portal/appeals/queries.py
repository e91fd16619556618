"""Which appeals, for the tabs, the pages and the sweep."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import load_only

from portal import bulk
from portal.appeals.models import Appeal
from portal.db import session
from portal.penalties.models import Penalty

SWEPT = (
    Appeal.ref, Appeal.shop_id, Appeal.subject_id, Appeal.subject_ref, Appeal.rule_code, Appeal.amount_minor,
    Appeal.currency, Appeal.status, Appeal.attempt, Appeal.policy_version_id, Appeal.due_at, Appeal.overdue,
    Appeal.version,
)  # fmt: skip
"""What the sweep reads of each."""


def penalty_of(appeal: Appeal) -> Penalty:
    """The penalty that is appealed."""
    return session().get_one(Penalty, appeal.subject_id)


def first_against(penalty: Penalty) -> Appeal | None:
    """The appeal that uses up the penalty's one chance, draft or not."""
    ask = select(Appeal).where(Appeal.subject_type == "penalty", Appeal.subject_id == penalty.id)
    return session().scalar(ask.where(Appeal.appellant == "merchant").order_by(Appeal.round_no.desc()).limit(1))


def drafts_against(penalty_ids: Sequence[int]) -> list[Appeal]:
    """The drafts against these penalties."""
    ask = select(Appeal).where(Appeal.subject_type == "penalty", bulk.among(Appeal.subject_id, penalty_ids))
    return list(session().scalars(ask.where(Appeal.status == "draft")))


def subjects_of(ids: Sequence[int]) -> list[int]:
    """What these appeals are against."""
    return list(session().scalars(select(Appeal.subject_id).where(bulk.among(Appeal.id, ids))))


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
