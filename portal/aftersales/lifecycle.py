"""Which verb an after-sales case allows when and to whom, and what follows from it: pure.

Negotiation stands here; what an arbitration does to a case comes back by `enter_arbitration` and `leave_arbitration`.
"""

from dataclasses import dataclass

from portal.refusals import Refused

KINDS = ("refund_only", "return_refund", "exchange", "reship", "repair", "compensation")
TABS = {
    "to_handle": ("awaiting_merchant", "negotiating", "refused", "awaiting_shipment"),
    "to_return": ("awaiting_return", "return_in_transit"),
    "to_inspect": ("awaiting_inspection",),
    "in_arbitration": ("in_arbitration",),
    "completed": ("refund_pending", "closed"),
}
STATUSES = tuple(status for statuses in TABS.values() for status in statuses)
TAB_OF = {status: tab for tab, statuses in TABS.items() for status in statuses}
OPEN = tuple(status for status in STATUSES if status not in ("refund_pending", "closed"))
UNDER_WAY = tuple(status for status in OPEN if status != "in_arbitration")
TALKING = ("negotiating", "in_arbitration")
"""Where offers are made and answered: both sides may settle while the platform hears them."""
RESOLUTIONS = (
    "refunded",
    "partial",
    "compensated",
    "exchanged",
    "reshipped",
    "repaired",
    "replaced",
    "no_refund",
    "no_escalation",
    "buyer_no_return",
    "cancelled",
    "dismissed",
)
PAID = ("refunded", "partial", "compensated")
HELPED = (*PAID, "exchanged", "reshipped", "repaired", "replaced")
SETTLED = (*HELPED, "dismissed")
"""The resolutions that gave the buyer something, or were ruled: their items can't be claimed again."""

OFFERS = ("refund", "partial_refund", "refund_with_return", "replacement", "no_refund")
WITHOUT_AMOUNT = ("replacement", "no_refund")
OFFER_STATUSES = ("proposed", "accepted", "declined", "countered", "withdrawn", "expired")
FINDINGS = ("damaged", "empty", "missing", "different")
ROLES = ("merchant", "buyer", "platform", "system")
PARTIES = ("merchant", "buyer")
OUTSIDE = ("platform", "system")


@dataclass(frozen=True, slots=True)
class Move:
    """From which statuses a verb leads where, and who may do it; `offer` says which open offer it needs.

    `offer`: "none" there is none, "own" or "other" one by this side or the other, "" it does not matter.
    """

    verb: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    by: tuple[str, ...]
    offer: str = ""


AGREED = ("awaiting_return", "awaiting_shipment", "refund_pending")
SILENT = ("refund_pending", "awaiting_return", "awaiting_shipment", "in_arbitration")
MOVES = {
    move.verb: move
    for move in (
        Move("accept", ("awaiting_merchant",), AGREED, ("merchant",)),
        Move("refuse", ("awaiting_merchant",), ("refused",), ("merchant",)),
        Move("offer", ("awaiting_merchant", *TALKING), TALKING, PARTIES, "none"),
        Move("counter", TALKING, TALKING, PARTIES, "other"),
        Move("accept_offer", TALKING, (*AGREED, "closed"), PARTIES, "other"),
        Move("decline_offer", TALKING, TALKING, PARTIES, "other"),
        Move("withdraw_offer", TALKING, TALKING, PARTIES, "own"),
        Move("say", (*OPEN, "refund_pending"), (*OPEN, "refund_pending"), PARTIES),
        Move("ship_back", ("awaiting_return", "return_in_transit"), ("return_in_transit",), ("buyer", *OUTSIDE)),
        Move("arrive", ("return_in_transit",), ("awaiting_inspection",), ("merchant", *OUTSIDE)),
        Move("confirm", ("awaiting_inspection",), ("refund_pending", "awaiting_shipment"), ("merchant",)),
        Move("report", ("awaiting_inspection",), ("negotiating",), ("merchant",)),
        Move("ship", ("awaiting_shipment",), ("closed",), ("merchant",)),
        Move("acknowledge", ("refund_pending",), ("closed",), OUTSIDE),
        Move("fail_payment", ("refund_pending",), ("refund_pending",), OUTSIDE),
        Move("cancel", OPEN, ("closed",), ("buyer", *OUTSIDE)),
        Move(
            "enter_arbitration",
            ("refused", "negotiating", "awaiting_inspection"),
            ("in_arbitration",),
            ("merchant", "buyer", "platform"),
        ),
        Move("leave_arbitration", ("in_arbitration",), (*AGREED, "closed"), OUTSIDE),
        Move("merchant_response_over", ("awaiting_merchant",), SILENT, ("system",)),
        Move("offer_answer_over", TALKING, TALKING, ("system",)),
        Move("negotiation_over", ("negotiating",), ("refused", "refund_pending", "awaiting_shipment"), ("system",)),
        Move("escalate_over", ("refused",), ("closed",), ("system",)),
        Move("buyer_return_over", ("awaiting_return",), ("closed",), ("system",)),
        Move("delivery_watch_over", ("return_in_transit",), ("awaiting_inspection",), ("system",)),
        Move("inspection_over", ("awaiting_inspection",), ("refund_pending", "awaiting_shipment"), ("system",)),
        Move("execute_over", ("refund_pending",), ("refund_pending",), ("system",)),
        Move("ship_over", ("awaiting_shipment",), ("refund_pending", "in_arbitration"), ("system",)),
    )
}
"""Every move there is; a deadline that runs out moves the case by its own name and `_over`."""

CLOCKS = {
    "awaiting_merchant": ("merchant_response", "merchant"),
    "negotiating": ("negotiation", "platform"),
    "refused": ("escalate", "buyer"),
    "awaiting_return": ("buyer_return", "buyer"),
    "return_in_transit": ("delivery_watch", "platform"),
    "awaiting_inspection": ("inspection", "merchant"),
    "awaiting_shipment": ("ship", "merchant"),
    "refund_pending": ("execute", "platform"),
}
"""Which deadline runs in a status, and whose it is; beside it `offer_answer` while an offer waits."""

RETURNED = ("return_refund", "exchange", "repair")
GOODS = {"exchange": "exchanged", "reship": "reshipped", "repair": "repaired"}


def role_of(actor_role: str) -> str:
    """The side on which somebody with this role acts."""
    if actor_role.startswith("merchant_"):
        return "merchant"
    return actor_role if actor_role in ("buyer", "system") else "platform"


def other(party: str) -> str:
    """The other side."""
    return "buyer" if party == "merchant" else "merchant"


def allows(status: str, verb: str, role: str, *, offer_by: str | None = None) -> bool:
    """Whether this role may do it in this status, while the offer of `offer_by` waits, or none does."""
    move = MOVES[verb]
    if status not in move.sources or role not in move.by:
        return False
    whose = "none" if offer_by is None else "own" if offer_by == role else "other"
    return move.offer in ("", whose)


def offered(status: str, role: str, *, offer_by: str | None = None) -> tuple[str, ...]:
    """The verbs this role may do: what a page offers is what is accepted."""
    return tuple(verb for verb in MOVES if allows(status, verb, role, offer_by=offer_by))


def require(status: str, verb: str, role: str, *, offer_by: str | None = None) -> Move:
    """The move, or `Refused("transition_not_allowed")`."""
    if not allows(status, verb, role, offer_by=offer_by):
        raise Refused("transition_not_allowed", status=status, verb=verb)
    return MOVES[verb]


def clocks(status: str, offer_by: str | None) -> dict[str, str]:
    """The deadlines that run in this status, each with the party whose time it is."""
    kind, party = CLOCKS.get(status, ("", ""))
    running = {kind: party} if kind else {}
    return running | {"offer_answer": other(offer_by)} if status in TALKING and offer_by else running


def turn(status: str, offer_by: str | None) -> str:
    """Who must act: in a negotiation without an open offer it is both."""
    if status == "negotiating":
        return other(offer_by) if offer_by else "both"
    if status == "closed":
        return "nobody"
    return CLOCKS[status][1] if status in CLOCKS else "platform"


def after_acceptance(kind: str) -> str:
    """Where a request leads that is met as it stands."""
    if kind in RETURNED:
        return "awaiting_return"
    return "awaiting_shipment" if kind == "reship" else "refund_pending"


def goods_first(offer_kind: str, kind: str, *, goods_back: bool) -> bool:
    """Whether the buyer sends something back before they get anything: once, and where the request was about that."""
    wanted = offer_kind == "refund_with_return" or (offer_kind == "replacement" and kind in RETURNED)
    return wanted and not goods_back


def after_agreement(offer_kind: str, kind: str, *, goods_back: bool, at_shop: bool) -> str:
    """Where an agreement or a ruling leads; goods known to be `at_shop` are paid for, or go to the buyer again."""
    if offer_kind == "no_refund":
        return "awaiting_shipment" if at_shop else "closed"
    if goods_first(offer_kind, kind, goods_back=goods_back):
        return "awaiting_return"
    return "awaiting_shipment" if offer_kind == "replacement" else "refund_pending"


def after_inspection(remedy: str) -> str:
    """Where goods lead that came back as they should."""
    return "awaiting_shipment" if remedy == "goods" else "refund_pending"


def without_agreement(remedy: str, *, heard_before: bool) -> str:
    """Where a negotiation leads that comes to nothing: what was ruled, or settled before the platform, stands."""
    return after_inspection(remedy) if heard_before else "refused"


def after_silence(status: str, kind: str, policy: str) -> str:
    """Where the silence of a merchant leads: to the platform, or as if the merchant had agreed.

    Whoever did not send the goods in time pays instead, since nobody can make them send.
    """
    if policy == "in_arbitration":
        return "in_arbitration"
    return after_acceptance(kind) if status == "awaiting_merchant" else "refund_pending"


def remedy_of(kind: str) -> str:
    """Whether a request is about money or about goods."""
    return "goods" if kind in GOODS else "refund"


def paid_as(kind: str, agreed_minor: int, requested_minor: int) -> str:
    """What a refund is called that has been paid."""
    if kind == "compensation":
        return "compensated"
    return "refunded" if agreed_minor == requested_minor else "partial"


def sent_as(kind: str, remedy: str, *, ruled: bool) -> str:
    """What it is called that goods were sent: instead of others, or, where there is no remedy, the buyer's own."""
    if remedy == "none":
        return without_remedy(ruled=ruled)
    return GOODS.get(kind, "replaced")


def without_remedy(*, ruled: bool) -> str:
    """What it is called that the buyer gets nothing."""
    return "dismissed" if ruled else "no_refund"


def claims(kind: str) -> bool:
    """Whether a request uses up its items; a compensation leaves them as they are."""
    return kind != "compensation"


def holds(status: str, resolution: str | None, *, ruled: bool) -> bool:
    """Whether a case still stands in the way of another one about the same items; once ruled on, it does for good."""
    return status != "closed" or resolution in SETTLED or ruled


def reserves(status: str, resolution: str | None) -> bool:
    """Whether the agreed amount counts as given back."""
    return status == "refund_pending" or resolution in PAID
