"""The columns of a file of orders, and what the cells may say that only it has. Pure."""

import re

from portal import incoming
from portal.incoming import BadCellError, Cell, Column

COLUMNS = (
    Column("external_id", required=True),
    Column("shop_external_id", required=True),
    Column("buyer", required=True),
    Column("placed_at", required=True),
    Column("paid", required=True),
    Column("sku", required=True),
    Column("title", required=True),
    Column("qty", required=True),
    Column("unit_price", required=True),
    Column("currency"),
    Column("delivered_at"),
    Column("buyer_name"),
    Column("buyer_relay"),
    Column("buyer_locale"),
    Column("source"),
)
OF_LINE = ("sku", "title", "qty", "unit_price")
"""What differs from line to line of one order; all else is said once, or the same each time."""

MOST_PIECES = 9999
ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")


def pieces(cell: Cell) -> int:
    """How many, one at least."""
    count = incoming.whole(cell, MOST_PIECES, "bad_pieces")
    if not count:
        raise BadCellError("bad_pieces", most=MOST_PIECES)
    return count


def masked(cell: Cell) -> str:
    """A name as the order shows it, with its masking: a whole name is not for this portal."""
    name = incoming.words(cell, 40)
    if "*" not in name:
        raise BadCellError("name_not_masked")
    return name


def relay(cell: Cell) -> str:
    """The address of the marketplace's relay."""
    address = incoming.words(cell, 254)
    if not ADDRESS.fullmatch(address):
        raise BadCellError("bad_address")
    return address
