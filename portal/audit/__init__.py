"""The append-only, hash-chained history of every case."""

from portal.audit.chain import canonical
from portal.audit.queries import faults, timeline
from portal.audit.record import SYSTEM, Actor, Entry, record, record_all

__all__ = ["SYSTEM", "Actor", "Entry", "canonical", "faults", "record", "record_all", "timeline"]
