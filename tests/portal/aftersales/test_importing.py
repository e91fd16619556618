"""Orders by file: thousands of rows, twice, at once, half wrong; what goes in and what is left out."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from portal import Portal, aftersales, audit, incoming
from portal.accounts.models import Shop
from portal.aftersales import ORDER_COLUMNS, actions
from portal.aftersales.models import Buyer, Purchase, PurchaseItem
from portal.audit import SYSTEM
from portal.cli import imports, invariants
from portal.db import end_reading, session, unit_of_work
from portal.refusals import Overtaken
from tests import make
from tests.aftersales import a_wish
from tests.conftest import NOON, Clock
from tests.jobs.test_sweep_races import together

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8").split("# Orders\n")[1]


@pytest.fixture
def shop(app: Portal, now: Clock) -> str:
    with unit_of_work():
        return make.a_shop().external_id


def a_row(number: int, shop: str, sku: str = "TEA-1", **cells: Any) -> dict[str, Any]:
    """One line of an order as its row says it."""
    return {
        "external_id": f"6921{number:08}",
        "shop_external_id": shop,
        "buyer": f"u-{number % 50}",
        "buyer_name": "林**",
        "placed_at": "2026-02-27 10:00",
        "paid": "300.00",
        "sku": sku,
        "title": "春茶礼盒",
        "qty": "2",
        "unit_price": "120.00",
    } | cells


def a_csv(rows: list[dict[str, Any]], encoding: str = "utf-8") -> bytes:
    """The rows as a CSV file with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def run(app: Portal, content: bytes, *arguments: str) -> Result:
    end_reading()
    info = ScriptInfo(create_app=lambda: app)
    return CliRunner().invoke(imports.command, ["orders", "-", *arguments], input=content, obj=info)


def count(model: Any) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_thousands_of_lines_go_in_and_again_without_effect(app: Portal, shop: str, encoding: str) -> None:
    rows = [a_row(number, shop, sku) for number in range(1200) for sku in ("TEA-1", "CUP-1")]
    first = run(app, a_csv(rows, encoding))
    assert first.exit_code == 0, first.output
    assert "2400 rows: 1200 new, 0 there already, 0 that differ, 0 wrong." in first.stdout
    assert "1200 orders were brought in." in first.stdout
    assert (count(Purchase), count(PurchaseItem), count(Buyer)) == (1200, 2400, 50)
    again = run(app, json.dumps(rows).encode())
    assert "0 new, 1200 there already" in again.stdout
    assert (again.exit_code, count(Purchase), count(PurchaseItem)) == (0, 1200, 2400)
    order = aftersales.order_of("import", "692100000007")
    assert [event.action for event in audit.timeline(order.ref)] == ["order.imported"]


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"paid": "12.345"}, 'paid, "12.345": an amount in currency units'),
        ({"unit_price": "1,5"}, 'unit_price, "1,5": an amount'),
        ({"qty": "0"}, 'qty, "0": a whole number from 1 to 9999'),
        ({"qty": "1.5"}, 'qty, "1.5": a whole number'),
        ({"currency": "JPY"}, 'currency, "JPY": a currency code with two decimals'),
        ({"buyer_name": "林小满"}, 'buyer_name, "林小满": the name as the order shows it'),
        ({"buyer_relay": "13800000000"}, "the address of the marketplace's relay"),
        ({"buyer_locale": "fr"}, 'buyer_locale, "fr": one of: zh, en'),
        ({"placed_at": "2030-01-01 10:00"}, "a moment that is not in the future"),
        ({"shop_external_id": "nobody"}, "the external id of a shop of this portal"),
        ({"title": ""}, "title: this must not be empty"),
    ],
)
def test_a_bad_cell_is_named_with_its_place_and_what_is_allowed(
    app: Portal, shop: str, cells: dict[str, str], complaint: str
) -> None:
    done = run(app, a_csv([a_row(1, shop, buyer_relay="", buyer_locale="", currency=""), a_row(2, shop) | cells]))
    assert "line 3, " in done.stderr
    assert complaint in done.stderr
    assert (done.exit_code, count(Purchase)) == (1, 1)


def test_one_wrong_row_leaves_its_whole_order_out(app: Portal, shop: str) -> None:
    rows = [a_row(1, shop), a_row(2, shop), a_row(1, shop, "CUP-1", paid="299.00"), a_row(2, shop)]
    done = run(app, a_csv(rows))
    assert 'line 4, paid, "299.00": line 2 of the same order says something else' in done.stderr
    assert 'line 5, sku, "TEA-1": line 3 has the same sku' in done.stderr
    assert (done.exit_code, count(Purchase)) == (1, 0)


def test_strict_and_dry_run_bring_in_nothing(app: Portal, shop: str) -> None:
    rows = [a_row(1, shop), a_row(2, shop, qty="x")]
    assert run(app, a_csv(rows), "--strict").exit_code == 1
    assert run(app, a_csv(rows[:1]), "--dry-run").exit_code == 0
    assert count(Purchase) == 0


def test_a_delivery_that_comes_later_is_added_and_nothing_else_changes(app: Portal, shop: str) -> None:
    run(app, a_csv([a_row(1, shop)]))
    with unit_of_work():
        order = aftersales.order_of("import", "692100000001")
        case = actions.request(session().get_one(Shop, order.shop_id), order, a_wish(), by=SYSTEM, at=NOON)
    for _time in range(2):
        late = run(app, a_csv([a_row(1, shop, delivered_at="2026-03-01 09:00")]))
        assert "0 new, 1 there already" in late.stdout
        assert ("1 delivery is new" in late.stdout) == (_time == 0)
    end_reading()
    [told] = [one for one in audit.timeline(case.ref) if one.action == "order.delivered"]
    assert told.to_status is None  # of no status: somebody may move the case meanwhile
    assert aftersales.order_of("import", "692100000001").delivered_at is not None
    differs = run(app, a_csv([a_row(1, shop, qty="3")]))
    assert "is there under this external_id and says something else" in differs.stderr
    assert (differs.exit_code, session().scalars(select(PurchaseItem.qty)).all()) == (1, [2])


def test_two_imports_at_once_make_each_order_once(app: Portal, shop: str) -> None:
    content = a_csv([a_row(number, shop) for number in range(700)])
    end_reading()

    def bring_in() -> int:
        found = aftersales.actions.plan_orders(content, at=make.NOON)
        end_reading()
        return imports._in_chunks(found, "orders", aftersales.actions.bring_in_orders).new

    assert sum(together(app, bring_in, bring_in)) == 700  # type: ignore[arg-type]
    assert (count(Purchase), count(PurchaseItem)) == (700, 700)
    assert list(invariants.faults()) == []


def test_the_documentation_names_every_column(app: Portal) -> None:
    for column in ORDER_COLUMNS:
        assert f"| `{column.name}` | {'yes' if column.required else ''} |" in PAGE, column.name


def test_the_example_of_the_documentation_goes_in(app: Portal, now: Clock) -> None:
    now.at = now.at.replace(year=2027)
    with unit_of_work():
        session().add(Shop(ref="SH-1", external_id="88012", name="岚山茶铺", created_at=now.at))
    assert run(app, PAGE.split("```csv\n")[1].split("```")[0].encode(), "--strict").exit_code == 0
    assert (count(Purchase), count(PurchaseItem)) == (1, 2)


def test_the_address_a_buyer_last_came_with_is_where_they_are_written_to(app: Portal, shop: str) -> None:
    for number, address in ((1, ""), (51, "b1@relay.example"), (101, ""), (151, "new@relay.example")):
        assert run(app, a_csv([a_row(number, shop, buyer_relay=address)]), "--strict").exit_code == 0
    end_reading()
    assert session().scalars(select(Buyer.relay_address)).all() == ["new@relay.example"]


def test_an_import_that_meets_somebody_on_a_case_is_tried_again(sqlite_app: Portal) -> None:
    tries = iter((Overtaken(), None))

    def act(_rows: Any, **_how: Any) -> incoming.Done:
        if why := next(tries):
            raise why
        return incoming.Done(new=1)

    assert imports._one_chunk([], act).new == 1
