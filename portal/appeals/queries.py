"""Which appeals, for the tabs, the pages and the sweep."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.appeals.models import Appeal
from portal.db import session
from portal.penalties.models import Penalty


def penalty_of(appeal: Appeal) -> Penalty:
    """The penalty that is appealed."""
    return session().get_one(Penalty, appeal.subject_id)


def first_against(penalty: Penalty) -> Appeal | None:
    """The appeal that uses up the penalty's one chance, draft or not."""
    ask = select(Appeal).where(Appeal.subject_type == "penalty", Appeal.subject_id == penalty.id)
    return session().scalar(ask.where(Appeal.appellant == "merchant").order_by(Appeal.round_no.desc()).limit(1))


def drafts_against(penalty_ids: Sequence[int]) -> list[Appeal]:
    """The drafts against these penalties."""
    ask = select(Appeal).where(Appeal.subject_type == "penalty", Appeal.subject_id.in_(penalty_ids))
    return list(session().scalars(ask.where(Appeal.status == "draft")))


def subjects_of(ids: Sequence[int]) -> list[int]:
    """What these appeals are against."""
    return list(session().scalars(select(Appeal.subject_id).where(Appeal.id.in_(ids))))


def by_ids(ids: Sequence[int]) -> dict[int, Appeal]:
    """The appeals with these ids, locked where the database can, in the order of their ids."""
    ask = select(Appeal).where(Appeal.id.in_(ids)).order_by(Appeal.id).with_for_update()
    return {appeal.id: appeal for appeal in session().scalars(ask)}
