"""A file of penalties as a marketplace exports it: checked cell by cell, and turned into findings."""

from portal.penalties.incoming.columns import COLUMNS
from portal.penalties.incoming.directory import Directory, directory_for
from portal.penalties.incoming.rows import Row, read_rows

__all__ = ["COLUMNS", "Directory", "Row", "directory_for", "read_rows"]
