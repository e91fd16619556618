"""Bringing in a file of orders: first what would change, then the change, a whole chunk at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select

from portal import incoming
from portal.accounts.models import Shop
from portal.aftersales.actions.mirroring import known, mirror_all
from portal.aftersales.incoming import COLUMNS, Row, read_orders
from portal.audit import Actor
from portal.db import session
from portal.incoming import Done, Fault

Plan: TypeAlias = incoming.Plan[Row]
"""What a file of orders would change."""

AT_ONCE = 500
COPIED = ("id", "external_id", "name", "zone", "locale", "policy_code")


def plan_orders(content: bytes, *, at: datetime) -> Plan:
    """What this file would change; raises `BadSheetError` when it can't be read as a whole. Changes nothing.

    An order that is there and has been delivered since counts as there already; its delivery is brought in.
    """
    names = [column.name for column in COLUMNS]
    records = incoming.read(content, known=names, required=[column.name for column in COLUMNS if column.required])
    shops = shops_of(incoming.named(records, "shop_external_id"))
    rows, faults = read_orders(records, shops, at)
    found = Plan(rows=len(records), faults=faults)
    there = known([row.order.key for row in rows])
    for row in rows:
        here = there.get(row.order.key)
        if here is None:
            found.new.append(row)
        elif here.content_sha256 != row.order.fingerprint:
            found.conflicts.append(_differs(row, here.ref))
        else:
            found.existing += 1
            found.late += [row] if row.order.delivered_at and not here.delivered_at else []
    return found


def bring_in_orders(rows: Sequence[Row], *, by: Actor, at: datetime) -> Done:
    """Mirror these orders of a plan; those that somebody else brought in meanwhile are counted as what they are."""
    lines = {row.order.key: row for row in rows}
    done = mirror_all([row.order for row in rows], by=by, at=at)
    conflicts = [_differs(lines[order.key], ref) for order, ref in done.conflicts]
    return Done(len(done.new), len(done.existing), conflicts, done.delivered)


def _differs(row: Row, ref: str) -> Fault:
    return Fault(row.line, "external_id", incoming.shown(row.order.external_id), "order_differs", {"ref": ref})


def shops_of(ids: Sequence[str]) -> dict[str, Shop]:
    """The shops with these numbers, as copies apart from the session."""
    columns, found = [getattr(Shop, name) for name in COPIED], {}
    for first in range(0, len(ids), AT_ONCE):
        ask = select(*columns).where(Shop.external_id.in_(ids[first : first + AT_ONCE]))
        for row in session().execute(ask):
            shop = Shop(**dict(zip(COPIED, row, strict=True)))
            found[shop.external_id] = shop
    return found
