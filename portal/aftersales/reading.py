"""What one side wrote, as the other reads it: the one place that knows who may read what whole."""

import re
from typing import Any

from portal import audit
from portal.aftersales.lifecycle import role_of
from portal.aftersales.models import AfterSale
from portal.masking import masked

PLATFORM = "platform"
PARCEL = re.compile(r"[0-9A-Za-z-]+")


def as_read(case: AfterSale, party: str, of: str, words: str) -> str:
    """The words of `of`, a side or `PLATFORM`, as this party reads them.

    Whole where they are its own, and for `PLATFORM`, which decides; else without what leads to a person.
    """
    if party in (of, PLATFORM):
        return words
    sent = [number for number in (case.return_no, case.sent_no) if number and PARCEL.fullmatch(number)]
    return masked(words, (case.ref, case.external_id, case.order_no, *sent))


def parcel(case: AfterSale, party: str, of: str, carrier: str | None, number: str | None) -> tuple[str, str]:
    """Carrier and number of a parcel that `of` sent; a number stays whatever it looks like, words beside it don't."""
    shown = number or ""
    if not PARCEL.fullmatch(shown):
        shown = as_read(case, party, of, shown)
    return as_read(case, party, of, carrier or ""), shown


def parcels(case: AfterSale, party: str) -> dict[str, tuple[str, str]]:
    """The parcel that went back and the one that was sent out, by who sent it."""
    return {
        "buyer": parcel(case, party, "buyer", case.return_carrier, case.return_no),
        "merchant": parcel(case, party, "merchant", case.sent_carrier, case.sent_no),
    }


def withheld(case: AfterSale, party: str) -> tuple[tuple[str, int], ...]:
    """The events of its history, by chain and place, of which this party may not read the data as they are."""
    events = audit.timeline(case.ref)
    return tuple((event.chain, event.seq) for event in events if not _whole(case, party, event))


def _whole(case: AfterSale, party: str, event: Any) -> bool:
    """Whether the words in it, of a side or of the marketplace that could not pay, may be read as they stand."""
    side, said = role_of(event.actor_role), event.data
    if "carrier" in said:
        sent: tuple[str, str] = said["carrier"], said["number"]
        return parcel(case, party, side, *sent) == sent
    why: str = said.get("why", "")
    return as_read(case, party, PLATFORM, why) == why
