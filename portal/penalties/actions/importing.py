"""Bringing in a file of penalties: first what would change, then the change, a whole chunk at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from portal import incoming
from portal.audit import Actor
from portal.incoming import Done, Fault
from portal.penalties.actions.issuing import issue_all
from portal.penalties.incoming import COLUMNS, Row, directory_for, read_rows
from portal.penalties.queries import known

Plan: TypeAlias = incoming.Plan[Row]
"""What a file of penalties would change."""


def plan(content: bytes, *, at: datetime) -> Plan:
    """What this file would change; raises `BadSheetError` when it can't be read as a whole. Changes nothing."""
    names = [column.name for column in COLUMNS]
    records = incoming.read(content, known=names, required=[c.name for c in COLUMNS if c.required])
    shops = incoming.named(records, "shop_external_id")
    rows, faults = read_rows(records, directory_for(shops, at=at))
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
