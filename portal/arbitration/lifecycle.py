"""Which verb an arbitration allows when and to whom, and what a ruling must hold: pure.

The stages follow the UNCITRAL notes on online dispute resolution: the negotiation before it stands in `aftersales`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from portal.refusals import Refused

STATUSES = (
    "collecting",
    "rebuttal",
    "under_decision",
    "more_evidence",
    "decided",
    "second_instance",
    "final",
    "settled",
    "withdrawn",
)
OVER = ("final", "settled", "withdrawn")
OPEN = tuple(status for status in STATUSES if status not in OVER)
BEFORE_RULING = ("collecting", "rebuttal", "under_decision", "more_evidence")
HEARING = ("collecting", "rebuttal", "more_evidence")
ANSWERED = (*HEARING, "second_instance")
"""Where a party may hand in, while its own time runs; in an appeal of the other side it answers that."""

PARTIES = ("merchant", "buyer")
OUTSIDE = ("platform", "system")
BEARERS = ("merchant", "buyer", "platform", "carrier", "creator")
LIABLE = ("merchant", "buyer", "shared", "platform", "carrier", "creator", "none")
MERCHANT_LIABLE = ("merchant", "shared")
ROUNDS = (1, 2)
AGAIN_GROUNDS = ("new_fact", "error")
"""On what a re-review can rest: a fact that was not known, or an error of the ruling."""


@dataclass(frozen=True, slots=True)
class Move:
    """From which statuses a verb leads where, and who may do it; `own_time`: only while a deadline of its own runs."""

    verb: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    by: tuple[str, ...]
    own_time: bool = False


WAITING = ("decided", "second_instance")
"""Where a loser may still go on; while the other one's appeal is looked at, too."""
HEARD = ("collecting", "rebuttal", "under_decision", "more_evidence", "second_instance")
MOVES = {
    move.verb: move
    for move in (
        Move("submit", ANSWERED, HEARD, PARTIES, own_time=True),
        Move("finish", ANSWERED, HEARD, PARTIES, own_time=True),
        Move("hearing_over", ANSWERED, HEARD, ("system",)),
        Move("ask_for_evidence", ("under_decision",), ("more_evidence",), ("reviewer",)),
        Move("recommend", ("under_decision",), ("under_decision",), ("reviewer",)),
        Move("decide", ("under_decision",), ("decided", "final"), ("reviewer",)),
        Move("flag_overdue", ("under_decision",), ("under_decision",), ("system",)),
        Move("ask_again", ("decided", "second_instance"), ("second_instance",), PARTIES, own_time=True),
        Move("second_instance_over", WAITING, (*WAITING, "final"), ("system",)),
        Move("conclude", ("second_instance",), ("decided", "final"), ("system",)),
        Move("settle", OPEN, ("settled",), PARTIES),
        Move("withdraw", BEFORE_RULING, ("withdrawn",), ("buyer", *OUTSIDE)),
    )
}
"""Every move there is. `second_instance` covers the re-review of a buyer and the appeal of a merchant alike."""

CLOCKS = {
    "collecting": "evidence",
    "rebuttal": "rebuttal",
    "more_evidence": "supplement",
    "under_decision": "decision",
    "decided": "second_instance",
}
"""Which kind of deadline runs in a status; the parties' own ones run once for each of them."""


def allows(status: str, verb: str, role: str, *, own_time: bool = True) -> bool:
    """Whether this role may do it in this status; `own_time`: whether a deadline of its own runs."""
    move = MOVES[verb]
    return status in move.sources and role in move.by and (own_time or not move.own_time)


def offered(status: str, role: str, *, own_time: bool = True) -> tuple[str, ...]:
    """The verbs this role may do: what a page offers is what is accepted."""
    return tuple(verb for verb in MOVES if allows(status, verb, role, own_time=own_time))


def require(status: str, verb: str, role: str, *, own_time: bool = True) -> Move:
    """The move, or `Refused("transition_not_allowed")`."""
    if not allows(status, verb, role, own_time=own_time):
        raise Refused("transition_not_allowed", status=status, verb=verb)
    return MOVES[verb]


def after_hearing(status: str, *, waiting: Collection[str], new_from: Collection[str], asked: str | None) -> str:
    """Where a hearing leads: it goes on while somebody's time runs; what is new is answered; then comes the ruling.

    `waiting` are the parties whose time still runs, `new_from` those who handed in something in this stage, `asked`
    the party that more was asked of.
    """
    if waiting:
        return status
    if status == "collecting" and new_from:
        return "rebuttal"
    if status == "more_evidence" and asked in new_from:
        return "rebuttal"
    return "under_decision"


def answering(status: str, new_from: Collection[str], asked: str | None) -> tuple[str, ...]:
    """Who may answer in the rebuttal that follows this stage: whoever has not seen what the other side handed in."""
    if status == "more_evidence":
        return tuple(party for party in PARTIES if party != asked)
    return tuple(party for party in PARTIES if set(new_from) - {party})


@dataclass(frozen=True)
class Ruling:
    """Who is liable, what the buyer gets, and who bears how much of the disputed amount, in minor units.

    `penalty`: the merchant is to be penalised for it too, by the policy's rule.
    """

    kind: str
    liability: str
    amounts: Mapping[str, int]
    penalty: bool = False

    @property
    def borne_by_buyer(self) -> int:
        """How much of what was asked for the buyer does not get."""
        return self.amounts.get("buyer", 0)

    def refund_minor(self, disputed_minor: int) -> int:
        """What the buyer is paid; goods instead, or nothing, are no money."""
        return 0 if self.kind in ("exchange_or_reship", "claim_rejected") else self.worth_minor(disputed_minor)

    def worth_minor(self, disputed_minor: int) -> int:
        """What it is worth to the buyer, in money or in goods."""
        return disputed_minor - self.borne_by_buyer

    @classmethod
    def usual(cls, kind: str, disputed_minor: int) -> Self:
        """The ruling of this kind that is given most, from which a reviewer starts."""
        half = disputed_minor // 2
        shares = {"merchant": disputed_minor - half, "buyer": half} if kind == "refund_partial" else {}
        alone = {"claim_rejected": "buyer", "platform_compensates": "platform"}.get(kind, "merchant")
        return cls(kind, "shared" if shares else alone, shares or {alone: disputed_minor})

    def losers(self) -> tuple[str, ...]:
        """The parties of the dispute that bear something of it, and so may go on."""
        return tuple(party for party in PARTIES if self.amounts.get(party, 0) > 0)

    def faults(self, disputed_minor: int) -> list[tuple[str, str, dict[str, object]]]:
        """What keeps the ruling from standing: place on the form, code for its words, figures for them."""
        found: list[tuple[str, str, dict[str, object]]] = []
        total = sum(self.amounts.values())
        if self.liability not in LIABLE:
            found.append(("liability", "liability_missing", {}))
        elif any(not self.amounts.get(party) for party in self._named()):
            found.append(("liability", "liable_bears_nothing", {}))
        if self.penalty and self.liability not in MERCHANT_LIABLE:
            found.append(("penalty", "penalty_without_liability", {}))
        if any(minor < 0 for minor in self.amounts.values()):
            found.append(("amounts", "amount_negative", {}))
        if total != disputed_minor:
            figures: dict[str, object] = {"total_minor": total, "disputed_minor": disputed_minor}
            found.append(("amounts", "amounts_dont_sum", figures))
        elif not self._fits(disputed_minor):
            found.append(("amounts", f"{self.kind}_amounts", {}))
        return found

    def _named(self) -> tuple[str, ...]:
        return {"shared": PARTIES, "none": ()}.get(self.liability, (self.liability,))

    def _fits(self, disputed_minor: int) -> bool:
        buyer = self.borne_by_buyer
        return {
            "refund_full": buyer == 0,
            "refund_partial": 0 < buyer < disputed_minor,
            "return_then_refund": buyer < disputed_minor,
            "exchange_or_reship": buyer < disputed_minor,
            "claim_rejected": buyer == disputed_minor,
            "platform_compensates": buyer < disputed_minor and self.amounts.get("platform", 0) > 0,
        }[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as a decision stores them; who bears nothing is left out."""
        borne = {party: minor for party, minor in self.amounts.items() if minor}
        return {"kind": self.kind, "liability": self.liability, "amounts": borne, "penalty": self.penalty}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The ruling a decision stored."""
        return cls(stored["kind"], stored["liability"], stored["amounts"], bool(stored.get("penalty")))


MAY_BEAR = dict.fromkeys(("refund_partial", "return_then_refund", "exchange_or_reship"), BEARERS) | {
    "refund_full": tuple(bearer for bearer in BEARERS if bearer != "buyer"),
    "claim_rejected": ("buyer",),
    "platform_compensates": BEARERS,
}
"""Who can bear something under each ruling."""

OFFER_OF = {
    "refund_full": "refund",
    "refund_partial": "partial_refund",
    "return_then_refund": "refund_with_return",
    "exchange_or_reship": "replacement",
    "claim_rejected": "no_refund",
    "platform_compensates": "refund",
}
"""What each ruling is in the words of an agreement, which is what the after-sales case goes on with."""
