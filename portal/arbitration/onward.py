"""The appeal of a ruling, of which this slice knows no more than that something else can overtake it."""

from datetime import datetime
from typing import Protocol

from portal.arbitration.models import Arbitration
from portal.audit import Actor


class Ended(Protocol):
    """The parties ended the dispute while the ruling was appealed, or a re-review came before the appeal."""

    def __call__(self, arbitration: Arbitration, /, *, by: Actor, at: datetime) -> None:
        """End the appeal too, in the unit of work at hand."""


REGISTERED: list[Ended] = []


def register_appeals(when_ended: Ended) -> None:
    """From now on this is told when an arbitration is settled, called off, or taken to its re-review."""
    REGISTERED[:] = [when_ended]


def ended(arbitration: Arbitration, *, by: Actor, at: datetime) -> None:
    """Tell whoever has an appeal of it."""
    for tell in REGISTERED:
        tell(arbitration, by=by, at=at)
