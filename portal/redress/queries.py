"""Which complaints, requests and overrides."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select, text

from portal.accounts.models import Shop
from portal.db import session
from portal.paging import Listing, Page
from portal.redress.cases import Matter
from portal.redress.models import Complaint, DisclosureRequest, OverrideRecord

WAITS: dict[str, tuple[type[Any], str, str, str]] = {
    "complaint": (Complaint, "status = 'open'", "due_at", "answered_at"),
    "disclosure_request": (DisclosureRequest, "status = 'open'", "due_at", "answered_at"),
    "override_record": (OverrideRecord, "status = 'proposed'", "proposed_at", "closed_at"),
}
"""What waits, in which order, and in which order the rest stands. The conditions are written out rather than bound:
only so do both engines use the partial indexes."""


def complaints_of(matter: Matter, party: str) -> Sequence[Complaint]:
    """What this party complained of, the newest first."""
    ask = select(Complaint).where(Complaint.case_type == matter.case_type, Complaint.case_id == matter.case_id)
    return session().scalars(ask.where(Complaint.party == party).order_by(Complaint.id.desc())).all()


def disclosure_of(matter: Matter, party: str) -> DisclosureRequest | None:
    """The one request of this party."""
    ask = select(DisclosureRequest).where(
        DisclosureRequest.case_type == matter.case_type,
        DisclosureRequest.case_id == matter.case_id,
        DisclosureRequest.party == party,
    )
    return session().scalar(ask)


def filed_in(hearings: Collection[tuple[str, int]], party: str) -> list[Complaint | DisclosureRequest]:
    """Everything that this party filed about any of these hearings, in the order it came."""
    models: tuple[type[Complaint | DisclosureRequest], ...] = (Complaint, DisclosureRequest)
    found: list[Any] = []
    for model in models:
        for case_type, case_id in hearings:
            ask = select(model).where(model.case_type == case_type, model.case_id == case_id, model.party == party)
            found += session().scalars(ask).all()
    return sorted(found, key=lambda row: (row.filed_at, row.way, row.id))


def overrides_of(matter: Matter) -> Sequence[OverrideRecord]:
    """What was proposed and confirmed above this case, the newest first."""
    ask = select(OverrideRecord).where(
        OverrideRecord.case_type == matter.case_type, OverrideRecord.case_id == matter.case_id
    )
    return session().scalars(ask.order_by(OverrideRecord.id.desc())).all()


def complaint(ref: str) -> Complaint | None:
    """The complaint with this number."""
    return session().scalar(select(Complaint).where(Complaint.ref == ref))


def disclosure(ref: str) -> DisclosureRequest | None:
    """The request with this number."""
    return session().scalar(select(DisclosureRequest).where(DisclosureRequest.ref == ref))


def override(ref: str) -> OverrideRecord | None:
    """The record with this number."""
    return session().scalar(select(OverrideRecord).where(OverrideRecord.ref == ref))


def by_ids(model: type[Any], ids: Collection[int]) -> dict[int, Any]:
    """The rows with these ids, locked where the database can, in the order of their ids."""
    ask = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update()
    return {row.id: row for row in session().scalars(ask)}


def waiting(model: type[Any], cursor: str = "") -> Page[Any]:
    """One page of the filings of this kind that wait, by time left."""
    return _whole(model, _listing(model.__tablename__, True).page(cursor))


def done(model: type[Any], cursor: str = "") -> Page[Any]:
    """One page of those that were answered or closed, the newest first."""
    return _whole(model, _listing(model.__tablename__, False).page(cursor))


def shops(rows: Sequence[Any]) -> dict[int, str]:
    """What the shops of these rows are called."""
    ask = select(Shop.id, Shop.name).where(Shop.id.in_({row.shop_id for row in rows}))
    return {shop.id: shop.name for shop in session().execute(ask)} if rows else {}


def _whole(model: type[Any], page: Page[Any]) -> Page[Any]:
    """The page with the rows themselves in place of their keys."""
    ids = [row.id for row in page.rows]
    found = {row.id: row for row in session().scalars(select(model).where(model.id.in_(ids)))} if ids else {}
    return Page([found[key] for key in ids], page.before, page.after)


@cache
def _listing(table: str, waits: bool) -> Listing:
    model, condition, due, ended = WAITS[table]
    at = getattr(model, due if waits else ended)
    where = text(condition if waits else condition.replace("=", "<>"))
    ask: Any = select(model.id, at).where(where)
    return Listing(ask, at=at, key=model.id, newest_first=not waits)
