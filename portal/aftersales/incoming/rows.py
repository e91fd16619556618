"""From records to orders: every cell checked, every fault named, and an order whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from portal import incoming
from portal.accounts.models import Shop
from portal.aftersales.incoming import columns
from portal.aftersales.orders import Customer, Line, Order
from portal.incoming import BadCellError, Cell, Cells, Fault, Record

REQUIRED = frozenset(column.name for column in columns.COLUMNS if column.required)
LOCALES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Row:
    """An order that can be brought in, and the line it begins on."""

    line: int
    order: Order


def read_orders(records: Iterable[Record], shops: Mapping[str, Shop], at: datetime) -> tuple[list[Row], list[Fault]]:
    """The orders that can be brought in, and everything that is wrong with the others.

    The rows of an order may stand anywhere in the file. One wrong row leaves its whole order out.
    """
    groups: dict[tuple[object, object], list[Record]] = {}
    faults: list[Fault] = []
    for record in records:
        if record.fault:
            faults.append(record.fault)
            continue
        key = str(record.cells.get("source") or "import"), str(record.cells.get("external_id"))
        groups.setdefault(key, []).append(record)
    rows = []
    for group in groups.values():
        order, wrong = _order(group, shops, at)
        faults += wrong
        if order is not None:
            rows.append(Row(group[0].line, order))
    return rows, sorted(faults, key=lambda fault: fault.line)


def _order(group: Sequence[Record], shops: Mapping[str, Shop], at: datetime) -> tuple[Order | None, list[Fault]]:
    cells = [Cells(record, REQUIRED) for record in group]
    lines = [_line(one) for one in cells]
    for one in cells[1:]:
        _same(one, cells[0].record)
    _no_sku_twice(cells)
    order = _head(cells[0], shops, at, tuple(line for line in lines if line))
    faults = [fault for one in cells for fault in one.faults]
    return (None if faults else order), faults


def _line(cells: Cells) -> Line | None:
    sku = cells.take("sku", partial(incoming.words, longest=64))
    title = cells.take("title", partial(incoming.words, longest=200))
    qty, price = cells.take("qty", columns.pieces), cells.take("unit_price", incoming.amount)
    return None if sku is None or title is None or qty is None or price is None else Line(sku, title, qty, price)


def _same(cells: Cells, first: Record) -> None:
    """What is said of the order is said the same on each of its lines."""
    for column in columns.COLUMNS:
        here, there = cells.record.cells.get(column.name, ""), first.cells.get(column.name, "")
        if column.name not in columns.OF_LINE and here != there:
            cells.fault(column.name, "order_disagrees", {"line": first.line})


def _no_sku_twice(cells: Sequence[Cells]) -> None:
    seen: dict[object, int] = {}
    for one in cells:
        sku = str(one.record.cells.get("sku"))
        if seen.setdefault(sku, one.record.line) != one.record.line:
            one.fault("sku", "sku_twice", {"line": seen[sku]})


def _head(cells: Cells, shops: Mapping[str, Shop], at: datetime, lines: tuple[Line, ...]) -> Order | None:
    shop = cells.take("shop_external_id", partial(_shop, shops))
    zone = ZoneInfo(shop.zone) if shop else ZoneInfo("UTC")
    number = cells.take("external_id", partial(incoming.words, longest=64))
    placed_at = cells.take("placed_at", partial(incoming.past, zone=zone, at=at))
    delivered_at = cells.take("delivered_at", partial(incoming.past, zone=zone, at=at))
    paid = cells.take("paid", incoming.amount)
    customer, source = _customer(cells), cells.take("source", incoming.source) or "import"
    currency = cells.take("currency", incoming.currency) or "CNY"
    if shop is None or number is None or placed_at is None or paid is None or customer is None:
        return None
    return Order(shop, number, customer, placed_at, paid, lines, currency, delivered_at, source)


def _customer(cells: Cells) -> Customer | None:
    number = cells.take("buyer", partial(incoming.words, longest=64))
    name = cells.take("buyer_name", columns.masked) or ""
    address = cells.take("buyer_relay", columns.relay)
    locale = cells.take("buyer_locale", partial(incoming.one_of, options=LOCALES, code="bad_locale")) or "zh"
    return None if number is None else Customer(number, name, address, locale)


def _shop(shops: Mapping[str, Shop], cell: Cell) -> Shop:
    shop = shops.get(cell) if isinstance(cell, str) else None
    if shop is None:
        raise BadCellError("unknown_shop")
    return shop
