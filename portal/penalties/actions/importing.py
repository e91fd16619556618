"""Bringing in a file of penalties: first what would change, then the change, a whole chunk at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.audit import Actor
from portal.penalties import incoming
from portal.penalties.actions.issuing import issue_all
from portal.penalties.incoming import Fault, Row
from portal.penalties.queries import known

CHUNK = 500
"""Rows in one unit of work: few enough to keep nobody waiting for the database."""


@dataclass(slots=True)
class Plan:
    """What a file would change: its new rows, and how many are there already; what differs or is wrong stays out."""

    rows: int = 0
    new: list[Row] = field(default_factory=list)
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

    def chunks(self) -> Iterator[list[Row]]:
        """The new rows in pieces, each for one unit of work."""
        for start in range(0, len(self.new), CHUNK):
            yield self.new[start : start + CHUNK]


@dataclass(slots=True)
class Done:
    """What was done: penalties issued, penalties that were there by then, and rows that differ from what was there."""

    new: int = 0
    existing: int = 0
    conflicts: list[Fault] = field(default_factory=list)

    def add(self, more: "Done") -> None:
        """Count what another chunk did."""
        self.new, self.existing = self.new + more.new, self.existing + more.existing
        self.conflicts += more.conflicts


def plan(content: bytes, *, at: datetime) -> Plan:
    """What this file would change; raises `BadSheetError` when it can't be read as a whole. Changes nothing."""
    names = [column.name for column in incoming.COLUMNS]
    records = incoming.read(content, known=names, required=[c.name for c in incoming.COLUMNS if c.required])
    shops = [shop for record in records if isinstance(shop := record.cells.get("shop_external_id"), str)]
    rows, faults = incoming.read_rows(records, incoming.directory_for(shops, at=at))
    found = Plan(rows=len(records), faults=faults)
    found.existing = len(records) - len(rows) - found.bad_rows
    there = known([row.charge.key for row in rows])
    for row in rows:
        here = there.get(row.charge.key)
        if here is None:
            found.new.append(row)
        elif here.content_sha256 == row.charge.fingerprint:
            found.existing += 1
        else:
            found.conflicts.append(_differs(row, here.ref))
    return found


def carry_out(rows: Sequence[Row], *, by: Actor, at: datetime) -> Done:
    """Issue these rows of a plan; those that somebody else brought in meanwhile are counted as what they are."""
    lines = {row.charge.key: row for row in rows}
    issued = issue_all([row.charge for row in rows], by=by, at=at)
    conflicts = [_differs(lines[charge.key], ref) for charge, ref in issued.conflicts]
    return Done(len(issued.new), len(issued.existing), conflicts)


def _differs(row: Row, ref: str) -> Fault:
    return Fault(row.line, "external_id", incoming.shown(row.charge.finding.external_id), "differs", {"ref": ref})
