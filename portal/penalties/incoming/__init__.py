"""A file of penalties as a marketplace exports it: read, checked cell by cell, and turned into findings."""

from portal.penalties.incoming.columns import COLUMNS, MAX_AMOUNT, Column
from portal.penalties.incoming.directory import Directory, directory_for
from portal.penalties.incoming.faults import BadSheetError, Fault, shown
from portal.penalties.incoming.rows import Row, read_rows
from portal.penalties.incoming.sheets import MAX_BYTES, MAX_ROWS, Record, read

__all__ = [
    "COLUMNS",
    "MAX_AMOUNT",
    "MAX_BYTES",
    "MAX_ROWS",
    "BadSheetError",
    "Column",
    "Directory",
    "Fault",
    "Record",
    "Row",
    "directory_for",
    "read",
    "read_rows",
    "shown",
]
