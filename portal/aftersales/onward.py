"""The arbitration of a case, of which this slice knows no more than how one is opened."""

from datetime import datetime
from typing import Protocol

from portal.aftersales.models import AfterSale
from portal.audit import Actor


class Open(Protocol):
    """Opens the arbitration of a case, and moves the case there by `enter_arbitration`."""

    def __call__(self, after_sale: AfterSale, /, *, by: Actor, at: datetime) -> None:
        """Open it in the unit of work at hand."""


class NoArbitrationError(LookupError):
    """The policy sends a case to an arbitration that nobody has registered; a person must look at it."""


OPENERS: list[Open] = []


def register_arbitration(*, open: Open) -> None:  # noqa: A002 - it reads as what it registers
    """From now on a case can go to arbitration, and `open` is what takes it there."""
    OPENERS[:] = [open]


def has_arbitration() -> bool:
    """Whether there is somebody to take a case to."""
    return bool(OPENERS)


def open_arbitration(after_sale: AfterSale, *, by: Actor, at: datetime) -> None:
    """Take the case to arbitration; raises `NoArbitrationError` while there is none."""
    if not OPENERS:
        raise NoArbitrationError(f"{after_sale.ref} goes to arbitration, and there is none")
    OPENERS[0](after_sale, by=by, at=at)
