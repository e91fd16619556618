"""Files as marketplaces export them."""

import csv
import io
from typing import Any

COLUMNS = ("external_id", "shop_external_id", "rule_code", "facts", "amount", "notified_at", "order_no", "concerns")
RULES = ("FAKE_SHIPMENT", "LATE_SHIPMENT", "OUT_OF_STOCK", "TRACKING_STALLED")


def a_row(number: int, shop: str, **cells: Any) -> dict[str, Any]:
    """One penalty as its row says it."""
    return {
        "external_id": f"PN-{number:06}",
        "shop_external_id": shop,
        "rule_code": RULES[number % len(RULES)],
        "facts": f"第 {number} 单：点击发货后 48 小时内没有揽收记录。",
        "amount": f"{number % 900 + 10}.{number % 100:02}",
        "notified_at": f"2026-03-02 0{number % 9}:{number % 60:02}",
        "order_no": f"69{number:010}",
        "concerns": "1 笔订单",
    } | cells


def a_csv(rows: list[dict[str, Any]], encoding: str = "utf-8", newline: str = "\r\n") -> bytes:
    """The rows as a CSV file with a header."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(COLUMNS)
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
