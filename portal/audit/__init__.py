"""The append-only, hash-chained history of every case."""

from portal.audit.chain import canonical, first_fault, instant
from portal.audit.links import Link
from portal.audit.queries import Head, absent, audiences, faults, happened, heads, links, timeline
from portal.audit.record import SYSTEM, Actor, Ends, Entry, ends_of, record, record_all, wait_turn

__all__ = [
    "SYSTEM",
    "Actor",
    "Ends",
    "Entry",
    "Head",
    "Link",
    "absent",
    "audiences",
    "canonical",
    "ends_of",
    "faults",
    "first_fault",
    "happened",
    "heads",
    "instant",
    "links",
    "record",
    "record_all",
    "timeline",
    "wait_turn",
]
