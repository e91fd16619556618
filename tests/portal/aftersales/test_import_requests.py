"""After-sales requests by file: each held against its order, each known again, each fault a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import select

from portal import Portal, clock
from portal.accounts.models import Shop
from portal.aftersales import REQUEST_COLUMNS
from portal.aftersales.models import AfterSale
from portal.cli import imports, invariants
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.aftersales import a_purchase
from tests.conftest import NOON, Clock
from tests.portal.aftersales.test_importing import a_csv, count

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
REQUESTS = PAGE.split("# After-sales requests\n")[1]


@pytest.fixture
def shop(app: Portal, now: Clock) -> str:
    """A shop with forty orders, and another one with one."""
    with unit_of_work():
        here = make.a_shop()
        for number in range(40):
            a_purchase(here, external_id=f"O-{number}")
        a_purchase(make.a_shop(), external_id="O-elsewhere")
        return here.external_id


def a_row(number: int, shop: str, **cells: Any) -> dict[str, Any]:
    """One request as its row says it."""
    return {
        "external_id": f"R-{number:04}",
        "shop_external_id": shop,
        "order_external_id": f"O-{number}",
        "kind": "refund_only",
        "reason_code": "QUALITY_DEFECT",
        "amount": "120.00",
        "items": "TEA-1:1",
        "statement": "茶饼受潮",
        "requested_at": "2026-03-01 10:00",
        "currency": "",
    } | cells


def run(app: Portal, content: bytes, *arguments: str, kind: str = "after-sales") -> Result:
    end_reading()
    info = ScriptInfo(create_app=lambda: app)
    return CliRunner().invoke(imports.command, [kind, "-", *arguments], input=content, obj=info)


def test_requests_go_in_and_again_without_effect(app: Portal, shop: str) -> None:
    rows = [a_row(number, shop) for number in range(40)]
    first = run(app, a_csv(rows, "gb18030"))
    assert first.exit_code == 0, first.output
    assert "40 requests were brought in." in first.stdout
    end_reading()
    case = session().scalars(select(AfterSale).order_by(AfterSale.id)).first()
    assert case is not None
    assert (case.status, case.imported_at, case.opened_at < NOON) == ("awaiting_merchant", NOON, True)
    assert case.due_at == NOON.replace(day=4)
    again = run(app, json.dumps(rows).encode())
    assert "40 rows: 0 new, 40 there already" in again.stdout
    assert (again.exit_code, count(AfterSale), list(invariants.faults())) == (0, 40, [])


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"amount": "12.345"}, 'amount, "12.345": an amount in currency units'),
        ({"kind": "gift"}, 'kind, "gift": one of: refund_only, return_refund'),
        ({"items": "TEA-1"}, 'items, "TEA-1": items such as TEA-1:2; CUP-1:1'),
        ({"items": "TEA-1:0"}, "items such as"),
        ({"items": "TEA-1:1; TEA-1:1"}, "items such as"),
        ({"items": "TEA\x1b[31m:1"}, "leave out line breaks and control characters"),
        ({"shop_external_id": "S-\0"}, "the external id of a shop of this portal"),
        ({"requested_at": "2030-01-01 10:00"}, "a moment that is not in the future"),
        ({"shop_external_id": "nobody"}, "the external id of a shop of this portal"),
        ({"currency": "EUR"}, "This order was paid in CNY"),
        ({"amount": "300.01"}, "Of this order CN¥300.00 can still be asked for"),
        ({"items": "TEA-1:3"}, "Of item TEA-1, 2 can still be claimed"),
        ({"items": "CAKE:1"}, "The order has no item CAKE."),
        ({"reason_code": "PRICE_DROP"}, "This reason does not go with this kind of request."),
        ({"order_external_id": "O-elsewhere"}, "The order O-elsewhere belongs to another shop."),
        ({"order_external_id": "O-none"}, "There is no order O-none."),
    ],
)
def test_each_fault_is_a_clear_sentence_and_nothing_changes(
    app: Portal, shop: str, cells: dict[str, str], complaint: str
) -> None:
    done = run(app, a_csv([a_row(1, shop) | cells]), "--strict")
    assert "line 2, " in done.stderr
    assert complaint in done.stderr
    assert (done.exit_code, count(AfterSale)) == (1, 0)


def test_two_of_one_file_for_the_same_piece_are_one(app: Portal, shop: str) -> None:
    cup = {"items": "CUP-1:1", "amount": "60", "order_external_id": "O-1"}
    rows = [a_row(1, shop, **cup), a_row(2, shop, **cup)]
    done = run(app, a_csv([*rows, a_row(3, shop)]))
    assert 'line 3, external_id, "R-0002": Of item CUP-1, 0 can still be claimed' in done.stderr
    assert (done.exit_code, count(AfterSale), list(invariants.faults())) == (1, 2, [])


def test_other_content_under_a_known_number_is_reported_and_left_alone(app: Portal, shop: str) -> None:
    run(app, a_csv([a_row(1, shop)]))
    done = run(app, a_csv([a_row(1, shop, amount="1.00")]))
    assert "is there under this number and says something else" in done.stderr
    assert (done.exit_code, count(AfterSale)) == (1, 1)


def test_a_dry_run_changes_nothing(app: Portal, shop: str) -> None:
    done = run(app, a_csv([a_row(1, shop)]), "--dry-run")
    assert "1 rows: 1 new" in done.stdout
    assert (done.exit_code, count(AfterSale)) == (0, 0)


def test_the_documentation_names_every_column_and_its_example_goes_in(app: Portal, now: Clock) -> None:
    for column in REQUEST_COLUMNS:
        assert f"| `{column.name}` | {'yes' if column.required else ''} |" in REQUESTS, column.name
    now.at = now.at.replace(year=2027)
    with unit_of_work():
        session().add(Shop(ref="SH-1", external_id="88012", name="岚山茶铺", created_at=clock.now()))
    orders, requests = (part.split("```csv\n")[1].split("```")[0] for part in (PAGE.split("# Orders\n")[1], REQUESTS))
    assert run(app, orders.encode(), kind="orders").exit_code == 0
    done = run(app, requests.encode(), "--strict")
    assert (done.exit_code, count(AfterSale)) == (0, 1), done.stderr
