"""Files that a marketplace exports: read, checked cell by cell, and what each of them would change."""

from portal.incoming.cells import (
    MAX_AMOUNT,
    Cells,
    Column,
    amount,
    currency,
    moment,
    named,
    one_of,
    past,
    source,
    typed_amount,
    whole,
    words,
)
from portal.incoming.faults import BadCellError, BadSheetError, Fault, shown
from portal.incoming.plans import CHUNK, Done, Plan
from portal.incoming.saying import said
from portal.incoming.sheets import MAX_BYTES, MAX_ROWS, Cell, Record, read

__all__ = [
    "CHUNK",
    "MAX_AMOUNT",
    "MAX_BYTES",
    "MAX_ROWS",
    "BadCellError",
    "BadSheetError",
    "Cell",
    "Cells",
    "Column",
    "Done",
    "Fault",
    "Plan",
    "Record",
    "amount",
    "currency",
    "moment",
    "named",
    "one_of",
    "past",
    "read",
    "said",
    "shown",
    "source",
    "typed_amount",
    "whole",
    "words",
]
