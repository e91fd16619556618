"""What a file would change, and what was done of it, whatever its rows are. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from portal.incoming.faults import Fault

Row = TypeVar("Row")
CHUNK = 500
"""Rows in one unit of work: few enough to keep nobody waiting for the database."""


@dataclass(slots=True)
class Plan(Generic[Row]):
    """What a file would change: its new rows, and how many are there already; what differs or is wrong stays out.

    `late` are rows that are there already and now say something that was not known yet.
    """

    rows: int = 0
    new: list[Row] = field(default_factory=list)
    late: list[Row] = field(default_factory=list)
    existing: int = 0
    conflicts: list[Fault] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        """How many rows have something wrong."""
        return len({fault.line for fault in self.faults})

    @property
    def is_clean(self) -> bool:
        """Whether every row is right."""
        return not self.faults and not self.conflicts

    def chunks(self, size: int = CHUNK) -> Iterator[list[Row]]:
        """The new rows and the late ones in pieces, each for one unit of work."""
        rows = [*self.new, *self.late]
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


@dataclass(slots=True)
class Done:
    """What was done: rows that went in, rows that were there by then, and rows that differ or could not go in.

    `late` are rows that were there and said something that was not known yet.
    """

    new: int = 0
    existing: int = 0
    conflicts: list[Fault] = field(default_factory=list)
    late: int = 0

    def add(self, more: "Done") -> None:
        """Count what another chunk did."""
        self.new, self.existing = self.new + more.new, self.existing + more.existing
        self.conflicts += more.conflicts
        self.late += more.late
