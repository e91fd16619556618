"""An order as its source states it, before anything is in the database: pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from portal.accounts.models import Shop
from portal.audit import canonical


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order."""

    sku: str
    title: str
    qty: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Who bought: a number of the source, and what the order shows of them."""

    external_id: str
    masked_name: str = ""
    relay_address: str | None = None
    locale: str = "zh"


@dataclass(frozen=True)
class Order:
    """One order of one shop."""

    shop: Shop
    external_id: str
    customer: Customer
    placed_at: datetime
    paid_minor: int
    lines: tuple[Line, ...]
    currency: str = "CNY"
    delivered_at: datetime | None = None
    source: str = "import"

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one and the same, however often it is imported."""
        return self.source, self.external_id

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of everything its source says but for the delivery, which comes later, and who it is shown as."""
        lines = sorted([line.sku, line.title, line.qty, line.unit_minor] for line in self.lines)
        said = {
            "shop": self.shop.external_id,
            "order": [self.source, self.external_id],
            "buyer": self.customer.external_id,
            "placed_at": self.placed_at,
            "paid": [self.paid_minor, self.currency],
            "lines": lines,
        }
        return hashlib.sha256(canonical(said)).hexdigest()
