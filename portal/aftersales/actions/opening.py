"""Bringing in a file of after-sales requests: first what would change, then each request by the verb that opens one."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select

from portal import incoming
from portal.accounts.models import Shop
from portal.aftersales import queries
from portal.aftersales.actions.importing import shops_of
from portal.aftersales.actions.requesting import granted, request
from portal.aftersales.incoming import REQUEST_COLUMNS, RequestRow, read_requests
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.db import attempt, session
from portal.incoming import Done, Fault
from portal.refusals import Overtaken, Refused
from portal.text import sentence

Plan: TypeAlias = incoming.Plan[RequestRow]
"""What a file of requests would change."""


def plan_requests(content: bytes, *, at: datetime) -> Plan:
    """What this file would change; raises `BadSheetError` when it can't be read as a whole. Changes nothing.

    Each request is held against its order as it is now; what two of one file ask for together shows when they go in.
    """
    required = [column.name for column in REQUEST_COLUMNS if column.required]
    records = incoming.read(content, known=[column.name for column in REQUEST_COLUMNS], required=required)
    shops = shops_of(incoming.named(records, "shop_external_id"))
    rows, faults = read_requests(records, shops, at)
    found = Plan(rows=len(records), faults=faults)
    found.existing = len(records) - len(rows) - found.bad_rows
    for row in rows:
        _place(row, found, at)
    return found


def bring_in_requests(rows: Sequence[RequestRow], *, by: Actor, at: datetime) -> Done:
    """Open these requests of a plan; one that is refused leaves nothing and keeps no other from going in."""
    done = Done()
    for row in sorted(rows, key=lambda row: row.key):
        try:
            with attempt():
                order = queries.order_of(row.wish.source, row.order_no)
                case = request(session().get_one(Shop, row.shop.id), order, row.wish, by=by, at=at)
                done.new, done.existing = done.new + (case.imported_at == at), done.existing + (case.imported_at != at)
        except Overtaken:
            raise
        except Refused as why:
            done.conflicts.append(_refused(row, why))
    return done


def _place(row: RequestRow, found: Plan, at: datetime) -> None:
    ask = select(AfterSale.ref, AfterSale.content_sha256).where(
        AfterSale.source == row.wish.source, AfterSale.external_id == row.wish.external_id
    )
    there = session().execute(ask).one_or_none()
    if there is not None and there.content_sha256 == row.wish.fingerprint(row.shop, row.order_no):
        found.existing += 1
        return
    try:
        if there is not None:
            raise Refused("after_sale_differs", ref=there.ref)
        granted(row.shop, queries.order_of(row.wish.source, row.order_no), row.wish, at)
    except Refused as why:
        found.conflicts.append(_refused(row, why))
    else:
        found.new.append(row)


def _refused(row: RequestRow, why: Refused) -> Fault:
    number = incoming.shown(row.wish.external_id)
    return Fault(row.line, "external_id", number, "refused", {"why": sentence(why.code, why.params)})
