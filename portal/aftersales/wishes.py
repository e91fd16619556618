"""What a buyer asks for, before anything is in the database: pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import Shop
from portal.aftersales.claims import Line
from portal.audit import canonical


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Without `lines` it is about all that can still be claimed of the order.

    Without an amount it is what these items cost. `external_id` is its number where it comes from.
    """

    kind: str
    reason_code: str
    currency: str
    amount_minor: int | None = None
    lines: tuple[Line, ...] = ()
    statement: str = ""
    source: str = "portal"
    external_id: str = ""
    opened_at: datetime | None = None

    def fingerprint(self, shop: Shop, order_no: str) -> str:
        """The SHA-256 of everything its source says."""
        said = {name: getattr(self, name) for name in self.__slots__}
        said["lines"] = sorted([sku, qty] for sku, qty in self.lines)
        return hashlib.sha256(canonical({"shop": shop.external_id, "order": order_no, **said})).hexdigest()
