"""The workbench's lists: tabs by time left, pages by key, and found by any number a person may have at hand."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal import Portal, aftersales
from portal.aftersales import actions
from portal.db import db, end_reading, unit_of_work
from tests.aftersales import an_after_sale
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, anew
from tests.portal.aftersales.doing import a_case, do

HOUR = timedelta(hours=1)


def test_a_tab_is_read_by_time_left_page_by_page(market: Market, abroad: Market) -> None:
    with unit_of_work():
        refs = [an_after_sale(market.shop, at=NOON + n * HOUR).ref for n in reversed(range(45))]
        an_after_sale(abroad.shop)
    end_reading()
    seen, cursor = [], ""
    for _ in range(3):
        page = aftersales.in_tab(market.shop.id, "to_handle", cursor)
        seen += [row.ref for row in page.rows]
        cursor = page.after
    assert (seen, cursor) == (refs[::-1], "")


def test_what_waits_for_nobody_of_the_two_is_read_by_what_moved_last(market: Market) -> None:
    first, second = a_case(market), a_case(market)
    do(actions.accept, anew(second), by=market.merchant, at=NOON)
    do(actions.accept, anew(first), by=market.merchant, at=NOON + HOUR)
    rows = aftersales.in_tab(market.shop.id, "completed").rows
    assert [row.ref for row in rows] == [anew(first).ref, anew(second).ref]
    totals = {"to_handle": 0, "to_return": 0, "to_inspect": 0, "in_arbitration": 0, "completed": 2}
    assert aftersales.totals(market.shop.id) == totals


def test_a_case_is_found_by_its_number_its_order_and_its_parcels(market: Market, abroad: Market) -> None:
    case = a_case(market, "exchange")
    a_case(market)
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF77", by=market.buyer(anew(case)), at=NOON)
    ref, order_no = anew(case).ref, anew(case).order_no
    for number in (ref, order_no, f" {order_no} ", "SF77"):
        assert [row.ref for row in aftersales.found(market.shop.id, number)] == [ref]
        assert list(aftersales.found(abroad.shop.id, number)) == []
    assert list(aftersales.found(market.shop.id, "%")) == []


@pytest.mark.parametrize(("tab", "order", "index"), [
    ("to_handle", "due_at", "ix_after_sale_tab"), ("completed", "moved_at", "ix_after_sale_moved"),
])  # fmt: skip
def test_a_tab_is_read_in_the_order_of_its_index(app: Portal, tab: str, order: str, index: str) -> None:
    ask = f"SELECT id FROM after_sale WHERE shop_id = 1 AND tab = '{tab}' ORDER BY {order}, id LIMIT 21"
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {ask}")))
            assert "TEMP B-TREE" not in plan
        else:
            connection.execute(text("SET enable_seqscan = off"))
            plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN {ask}")))
            assert "Sort" not in plan
    assert index in plan
