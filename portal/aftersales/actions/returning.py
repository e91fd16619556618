"""Goods on their way: back to the shop, looked at there, or sent out again."""

from datetime import datetime

from portal.aftersales import lifecycle, onward
from portal.aftersales.actions.answering import due_notice, words
from portal.aftersales.actions.moving import Step, in_time, require, take
from portal.aftersales.actions.proving import seal, staged
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.refusals import Refused

LONGEST = 64


def ship_back(case: AfterSale, *, carrier: str, number: str, by: Actor, at: datetime) -> None:
    """The goods are on their way back, with this carrier under this number; said again, the parcel is corrected."""
    require(case, "ship_back", by)
    if case.status == "return_in_transit":
        _correct(case, _parcel(carrier, number), by, at)
        return
    in_time(case, at, "buyer_return")
    case.return_carrier, case.return_no = _parcel(carrier, number)
    said = {"carrier": case.return_carrier, "number": case.return_no}
    take(
        Step(
            case, "shipped_back", "return_in_transit", by, at,
            met=("buyer_return",), data=said, tell="aftersale.shipped_back",
        )
    )  # fmt: skip


def _correct(case: AfterSale, parcel: tuple[str, str], by: Actor, at: datetime) -> None:
    """Another carrier or number for goods that are under way already; the time in which they must arrive runs on."""
    in_time(case, at, "delivery_watch")
    if parcel == (case.return_carrier, case.return_no):
        raise Refused("parcel_unchanged")
    case.return_carrier, case.return_no = parcel
    said = {"carrier": case.return_carrier, "number": case.return_no}
    take(
        Step(
            case, "parcel_corrected", "return_in_transit", by, at, data=said, tell="aftersale.parcel_corrected",
        )
    )  # fmt: skip


def arrive(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """The goods are at the shop, as it says itself or the marketplace does; it now has the policy's time to look."""
    require(case, "arrive", by)
    in_time(case, at, "delivery_watch")
    tell = "" if lifecycle.role_of(by.role) == "merchant" else "aftersale.arrived"
    take(Step(case, "arrived", "awaiting_inspection", by, at, met=("delivery_watch",), tell=tell))


def confirm(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """The goods came back as they should."""
    require(case, "confirm", by)
    in_time(case, at, "inspection")
    case.inspection = "ok"
    to = lifecycle.after_inspection(case.remedy or "refund")
    take(Step(case, "confirmed", to, by, at, met=("inspection",), tell=due_notice(to)))


def report(case: AfterSale, *, finding: str, note: str, key: str, by: Actor, at: datetime) -> None:
    """The goods did not come back as they should, and both sides negotiate.

    What they had agreed is off; what the platform ruled, or they settled before it, stands unless they agree on
    something else. Needs at least one exhibit, which is sealed with it. `key` is the form's one-time key.
    """
    require(case, "report", by)
    in_time(case, at, "inspection")
    if finding not in lifecycle.FINDINGS:
        raise Refused("no_such_finding")
    if not staged(case, "merchant"):
        raise Refused("report_needs_evidence")
    case.inspection, case.inspection_note = finding, words(case, note)
    if not onward.heard_before(case):
        case.remedy, case.agreed_minor = None, None
    said = {"finding": finding, "agreed_minor": case.agreed_minor} | seal(case, "merchant", key, note, by=by, at=at)
    take(Step(case, "reported", "negotiating", by, at, met=("inspection",), data=said))


def ship(case: AfterSale, *, carrier: str, number: str, by: Actor, at: datetime) -> None:
    """The goods were sent out again, or instead; with that the case has ended."""
    require(case, "ship", by)
    in_time(case, at, "ship")
    case.sent_carrier, case.sent_no = _parcel(carrier, number)
    said = {"carrier": case.sent_carrier, "number": case.sent_no}
    ends = lifecycle.sent_as(case.kind, case.remedy or "goods", ruled=onward.ruled(case))
    take(Step(case, "shipped", "closed", by, at, resolution=ends, met=("ship",), data=said, tell="aftersale.closed"))


def _parcel(carrier: str, number: str) -> tuple[str, str]:
    carrier, number = carrier.strip(), number.strip()
    if not carrier or not number:
        raise Refused("parcel_incomplete")
    if len(carrier) > LONGEST or len(number) > LONGEST:
        raise Refused("statement_too_long", most=LONGEST, length=max(len(carrier), len(number)))
    return carrier, number
