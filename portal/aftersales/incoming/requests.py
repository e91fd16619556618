"""From records to wishes: the requests of a file, every cell checked and every fault named."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from portal import incoming
from portal.accounts.models import Shop
from portal.aftersales.incoming.columns import MOST_PIECES
from portal.aftersales.lifecycle import KINDS
from portal.aftersales.wishes import Wish
from portal.incoming import BadCellError, Cell, Cells, Column, Fault, Record

REQUEST_COLUMNS = (
    Column("external_id", required=True),
    Column("shop_external_id", required=True),
    Column("order_external_id", required=True),
    Column("kind", required=True),
    Column("reason_code", required=True),
    Column("amount"),
    Column("currency"),
    Column("items"),
    Column("statement"),
    Column("requested_at"),
    Column("source"),
)
REQUIRED = frozenset(column.name for column in REQUEST_COLUMNS if column.required)
ITEM = re.compile(r"(\S{1,64})[:：]\s*(\d{1,4})", re.ASCII)
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request that can be tried, with its shop and the number of its order, and the line it stands on."""

    line: int
    shop: Shop
    order_no: str
    wish: Wish

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one and the same, however often it is imported."""
        return self.wish.source, self.wish.external_id


def read_requests(
    records: Iterable[Record], shops: Mapping[str, Shop], at: datetime
) -> tuple[list[RequestRow], list[Fault]]:
    """The requests whose cells are right, each number once, and everything that is wrong with the others."""
    rows: dict[tuple[str, str], RequestRow] = {}
    faults: list[Fault] = []
    for record in records:
        cells = Cells(record, REQUIRED)
        row = None if record.fault else _row(cells, shops, at)
        if row is None:
            faults += [record.fault] if record.fault else cells.faults
            continue
        first = rows.setdefault(row.key, row)
        if (first.shop, first.order_no, first.wish) != (row.shop, row.order_no, row.wish):
            cells.fault("external_id", "twice_in_file", {"line": first.line})
            faults += cells.faults
    return list(rows.values()), faults


def _row(cells: Cells, shops: Mapping[str, Shop], at: datetime) -> RequestRow | None:
    short = partial(incoming.words, longest=64)
    shop = cells.take("shop_external_id", partial(_shop, shops))
    order_no = cells.take("order_external_id", short)
    zone = ZoneInfo(shop.zone) if shop else ZoneInfo("UTC")
    wish = Wish(
        kind=cells.take("kind", partial(incoming.one_of, options=KINDS, code="bad_kind")) or "",
        reason_code=cells.take("reason_code", short) or "",
        currency=cells.take("currency", incoming.currency) or "CNY",
        amount_minor=cells.take("amount", incoming.amount),
        lines=cells.take("items", items) or (),
        statement=cells.take("statement", partial(incoming.words, longest=LONGEST, lines=True)) or "",
        source=cells.take("source", incoming.source) or "import",
        external_id=cells.take("external_id", short) or "",
        opened_at=cells.take("requested_at", partial(incoming.past, zone=zone, at=at)),
    )
    if cells.faults or shop is None or order_no is None:
        return None
    return RequestRow(cells.record.line, shop, order_no, wish)


def items(cell: Cell) -> tuple[tuple[str, int], ...]:
    """The items: `TEA-1:2; CUP-1:1`."""
    said = incoming.words(cell, LONGEST, lines=True) if isinstance(cell, str) else ""
    parts = [part.strip() for part in said.split(";")]
    found = [ITEM.fullmatch(part) for part in parts if part]
    if not found or None in found:
        raise BadCellError("bad_items")
    lines = tuple((match[1], int(match[2])) for match in found if match)
    if any(not 1 <= count <= MOST_PIECES for _sku, count in lines) or len({sku for sku, _count in lines}) != len(lines):
        raise BadCellError("bad_items")
    return lines


def _shop(shops: Mapping[str, Shop], cell: Cell) -> Shop:
    shop = shops.get(cell) if isinstance(cell, str) else None
    if shop is None:
        raise BadCellError("unknown_shop")
    return shop
