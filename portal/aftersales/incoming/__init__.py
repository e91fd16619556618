"""Files as a marketplace exports them: orders, with a row for each line of one, and requests about them."""

from portal.aftersales.incoming.columns import COLUMNS
from portal.aftersales.incoming.requests import REQUEST_COLUMNS, RequestRow, read_requests
from portal.aftersales.incoming.rows import Row, read_orders

__all__ = ["COLUMNS", "REQUEST_COLUMNS", "RequestRow", "Row", "read_orders", "read_requests"]
