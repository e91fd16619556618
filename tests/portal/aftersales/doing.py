"""Verbs run as a request runs them, each in a unit of work of its own, and what they leave."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.aftersales.models import AfterSale, Purchase, PurchaseItem
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.refusals import Refused
from portal.text import sentence
from tests.aftersales import an_after_sale
from tests.portal.aftersales.conftest import Market

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def refused(act: Callable[..., Any], *given: Any, **more: Any) -> Refused:
    """Run a verb that must be refused, in a unit of work of its own, and leave no fault."""
    end_reading()
    with pytest.raises(Refused) as why, unit_of_work():
        act(*given, **more)
    assert sentence(why.value.code, why.value.params) != sentence("?", {})
    assert list(invariants.faults()) == []
    return why.value


def told(shop_id: int) -> list[str]:
    """The kinds of notice in the shop's box, oldest first."""
    end_reading()
    ask = select(Notice.template).where(Notice.recipient == f"shop:{shop_id}").order_by(Notice.id)
    return list(session().scalars(ask))


def committed(case: AfterSale) -> int:
    """What of its order is promised."""
    end_reading()
    return session().get_one(Purchase, case.purchase_id).committed_minor


def claimed(case: AfterSale) -> dict[str, int]:
    """How many of each item are claimed."""
    end_reading()
    ask = select(PurchaseItem.sku, PurchaseItem.claimed_qty).where(PurchaseItem.purchase_id == case.purchase_id)
    return {row.sku: row.claimed_qty for row in session().execute(ask)}


def a_case(market: Market, kind: str = "refund_only", **fields: Any) -> AfterSale:
    """A request in a unit of work of its own."""
    end_reading()
    with unit_of_work():
        return an_after_sale(market.shop, kind, **fields)


def do(act: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Run a verb in a unit of work of its own."""
    end_reading()
    with unit_of_work():
        return act(*given, **more)
