"""The rulings that a shop can still appeal, as rows of the tab that lists them beside the penalties."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, null, or_, select, text

from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.appeals.subjects.ruling import PREFIX
from portal.arbitration.models import Arbitration

MOST = 100
"""More rulings than a shop ever has open at once; beyond, the least urgent wait until others are dealt with."""
IS_OPEN = text("arbitration.appeal_window = 'open'")
"""Written out rather than bound: only so do both engines use the partial index."""
CODE = literal(PREFIX) + Arbitration.reason_code


@cache
def waiting(filters: frozenset[str]) -> Select[Any]:
    """Those that the filters of the tab leave, the most urgent first, with the columns of a penalty's row."""
    return _narrowed(filters).order_by(Arbitration.appeal_due_at, Arbitration.id).limit(MOST)


@cache
def count(filters: frozenset[str]) -> Select[Any]:
    """How many there are of them."""
    return select(func.count()).select_from(_narrowed(filters).limit(MOST).subquery())


def begins(*numbers: Any) -> list[ColumnElement[bool]]:
    """One of these numbers begins with what was typed; a range, because LIKE has wildcards and no index."""
    ranges = ("low", "high"), ("low_upper", "high_upper")
    return [and_(number >= bindparam(low), number < bindparam(high)) for low, high in ranges for number in numbers]


def _narrowed(filters: frozenset[str]) -> Select[Any]:
    ask: Select[Any] = _open()
    if "type" in filters:
        ask = ask.where(bindparam("type") == CODE)
    if "due" in filters:
        ask = ask.where(Arbitration.appeal_due_at <= bindparam("until"))
    return ask.where(or_(*begins(AfterSale.ref, Arbitration.ref, Arbitration.order_no))) if "q" in filters else ask


def _open() -> Any:
    draft = and_(Appeal.subject_type == "arbitration", Appeal.subject_id == Arbitration.id, Appeal.status == "draft")
    return (
        select(
            Arbitration.id, AfterSale.ref, CODE.label("rule_code"),
            AfterSale.ref.label("concerns"), Arbitration.order_no, Arbitration.amount_minor, Arbitration.currency,
            Arbitration.appeal_due_at.label("due_at"), Arbitration.order_no.label("subject_no"),
            Appeal.ref.label("draft_ref"), literal("arbitration").label("subject_type"),
            null().label("penalty_status"), null().label("earlier_ref"), null().label("earlier_outcome"),
        )
        .join(AfterSale, AfterSale.id == Arbitration.after_sale_id)
        .outerjoin(Appeal, draft)
        .where(Arbitration.shop_id == bindparam("shop"), IS_OPEN)
    )  # fmt: skip
