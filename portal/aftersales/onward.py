"""What lies beyond a case: its arbitration, of which this slice knows no more than what it asks of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from portal.aftersales.models import AfterSale
from portal.audit import Actor

How = Literal["settled", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What one side hands in after `since`, and not after `until` if there is an end, the other does not see."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether what was handed in at this instant is hidden."""
        return self.since is not None and at > self.since and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True)
class Room:
    """At most so many files, counting those handed in since this moment, or all of them."""

    most: int
    since: datetime | None = None


class Open(Protocol):
    """Opens the arbitration of a case, and moves the case there by `enter_arbitration`."""

    def __call__(
        self, after_sale: AfterSale, /, *, by: Actor, at: datetime, clock_from: datetime | None = None
    ) -> None:
        """Open it in the unit of work at hand; the parties' time begins at `clock_from`, if not at `at`."""


class End(Protocol):
    """Ends the arbitration of a case that the parties agreed on, or that the buyer called off."""

    def __call__(self, after_sale: AfterSale, how: How, /, *, by: Actor, at: datetime) -> None:
        """End it in the unit of work at hand, before the case moves on."""


@dataclass(frozen=True, slots=True)
class Arbitrators:
    """What an arbitration does for a case, and tells of it.

    `takes_files` says how many files a party may hand in while it may add some, None while it may not; `hides` after
    which moment (and up to which, if it is over) a party does not see what the other side handed in; `chains` where its
    history stands; `ruled` which of these it has ruled on; `case_id` which case is heard under this number.
    """

    open: Open
    end: End
    takes_files: Callable[[AfterSale, str], Room | None]
    hides: Callable[[AfterSale], Hidden | None]
    chains: Callable[[AfterSale], tuple[str, ...]]
    ruled: Callable[[Collection[int]], Collection[int]]
    case_id: Callable[[str], int | None]


class NoArbitrationError(LookupError):
    """The policy sends a case to an arbitration that nobody has registered; a person must look at it."""


REGISTERED: list[Arbitrators] = []


def register_arbitration(arbitrators: Arbitrators) -> None:
    """From now on a case can go to arbitration, and this is who it goes to."""
    REGISTERED[:] = [arbitrators]


def arbitrators(case: AfterSale) -> Arbitrators:
    """Who arbitrates this case; raises `NoArbitrationError` while there is nobody."""
    if not REGISTERED:
        raise NoArbitrationError(f"{case.ref} goes to arbitration, and there is none")
    return REGISTERED[0]


def heard_before(case: AfterSale) -> bool:
    """Whether the platform has heard the case already; it does so once."""
    return bool(REGISTERED) and bool(REGISTERED[0].chains(case))


def ruled(case: AfterSale) -> bool:
    """Whether the platform has ruled on the case, so that only its ruling or an agreement ends it."""
    return case.id in ruled_among([case.id])


def ruled_among(ids: Collection[int]) -> Collection[int]:
    """Those of these cases that the platform has ruled on."""
    return REGISTERED[0].ruled(ids) if REGISTERED and ids else ()


def chains(case: AfterSale) -> tuple[str, ...]:
    """Where the history of the case stands, its own first."""
    return (case.ref, *(REGISTERED[0].chains(case) if REGISTERED else ()))


def case_id(number: str) -> int | None:
    """The case whose arbitration has this number."""
    return REGISTERED[0].case_id(number) if REGISTERED else None


def hidden(case: AfterSale) -> Hidden:
    """Between which moments one side does not see what the other handed in."""
    return (REGISTERED[0].hides(case) if REGISTERED else None) or Hidden()


def takes_files(case: AfterSale, party: str) -> Room | None:
    """How many files this side may hand in to the arbitration of the case; None if it can't add any there now."""
    return REGISTERED[0].takes_files(case, party) if REGISTERED else None
