"""What a reviewer has before them: both sides of a dispute, what was ruled before, and what can follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal import aftersales, deadlines, evidence, policies, review, text
from portal.accounts.models import Shop
from portal.aftersales.models import AfterSale
from portal.arbitration import actions, facts, queries
from portal.arbitration.lifecycle import MAY_BEAR, PARTIES
from portal.arbitration.models import AGAIN, Arbitration
from portal.audit import Actor
from portal.db import session
from portal.evidence.models import EvidenceItem
from portal.policies import RULINGS
from portal.reader import reading_as
from portal.review import Choice
from portal.review.models import Review

LOOKS = {
    choice.code: choice
    for choice in (
        Choice("refund_full", "f", "cash", "ok"),
        Choice("refund_partial", "p", "half", "ok"),
        Choice("return_then_refund", "t", "back", "ok"),
        Choice("exchange_or_reship", "x", "box", "ok"),
        Choice("claim_rejected", "r", "noc", "need"),
        Choice("platform_compensates", "l", "scale", "ok"),
        Choice("ask_merchant", "m", "shop", "todo", asks=True),
        Choice("ask_buyer", "b", "user", "todo", asks=True),
    )
}
CHOICES = tuple(LOOKS)
ASKED = {"ask_merchant": "merchant", "ask_buyer": "buyer"}
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
LIABLE_FOR = {"claim_rejected": ("buyer", "none")}
"""Who can be found liable, where it is not anybody."""


@dataclass(frozen=True)
class Dispute:
    """The case as a ruling on it sees it: what has to be judged, and with which reasons.

    `written`: the decision of a form that came too late; it is drawn whole, even if it can't be made any more.
    """

    arbitration: Arbitration
    case: AfterSale
    shop: Shop
    policy: policies.Policy
    cause: policies.Cause
    exhibits: Sequence[EvidenceItem]
    supplement_due: datetime
    second_due: datetime
    written: str = ""

    @property
    def may_ask(self) -> bool:
        """Whether the policy leaves a round to ask one side for more."""
        return self.arbitration.supplement_rounds < self.policy.arbitration.max_supplement_rounds

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be decided, and what was written before it no longer could."""
        can = CHOICES if self.may_ask else RULINGS
        return tuple(code for code in CHOICES if code in can or code == self.written)

    @property
    def goods_at_shop(self) -> bool:
        """Whether the shop has what the buyer sent back."""
        return aftersales.at_the_shop(self.case)

    @property
    def may_penalise(self) -> bool:
        """Whether a penalty can come with a ruling against the merchant."""
        return bool(self.policy.arbitration.penalty_rule)

    def reasons(self, choice: str) -> Sequence[policies.Reason | policies.RulingReason]:
        """The reasons to choose from."""
        if choice in ASKED:
            return self.policy.reasons("needs_evidence", "arbitration")
        return self.policy.rulings(choice)

    def told(self, choice: str) -> tuple[str, ...]:
        """Who is told the reasons of this decision."""
        return (ASKED[choice],) if choice in ASKED else PARTIES

    def shares(self, choice: str) -> dict[str, str]:
        """The fields of who bears how much, by bearer; where but one can, it is all of it and there is none."""
        bearers = MAY_BEAR[choice] if len(MAY_BEAR[choice]) > 1 else ()
        return {bearer: f"bears_{choice}_{bearer}" for bearer in bearers}

    def lines(self, party: str) -> dict[str, str]:
        """What this side can be asked for."""
        return facts.asked_of(self.arbitration, party)

    def needs_second(self) -> bool:
        """Whether a second person must agree, whatever the reason."""
        return actions.needs_second(self.arbitration)

    def locale(self, party: str) -> str:
        """In which language this side is written to."""
        return self.shop.locale if party == "merchant" else self.case.purchase.buyer.locale

    def words(self, reason: policies.Reason | policies.RulingReason, party: str) -> str:
        """What this side is told for this reason, in its language; blanks only the reviewer can fill stay open."""
        locale = self.locale(party)
        if isinstance(reason, policies.RulingReason):
            said = (reason.merchant if party == "merchant" else reason.buyer).say(locale)
        else:
            said = reason.text.say(locale)
        with reading_as(LOCALES.get(locale, "zh_Hans_CN"), self.shop.zone):
            return review.words.open_blanks(said.replace("{deadline}", text.due(self.supplement_due)))


def dispute(arbitration: Arbitration, at: datetime) -> Dispute:
    """Everything a ruling on this case rests on."""
    policy = policies.body(arbitration.policy_version_id)
    case = arbitration.after_sale

    def due(kind: str) -> datetime:
        spec, version = policy.arbitration.windows[kind], arbitration.policy_version_id
        return deadlines.preview(spec, party="merchant", at=at, policy_version_id=version).due_at

    return Dispute(
        arbitration=arbitration,
        case=case,
        shop=session().get_one(Shop, arbitration.shop_id),
        policy=policy,
        cause=facts.cause_of(arbitration),
        exhibits=evidence.items_of("aftersale", case.id, state="sealed"),
        supplement_due=due("supplement"),
        second_due=due("second_instance"),
    )


def title(code: str) -> str:
    """What the dispute is about."""
    return text.word(code.removeprefix(AGAIN), "aftersale.reason")


def kind(code: str) -> str:
    """Which kind of case it is, in the queue."""
    return text.word("re_review" if code.startswith(AGAIN) else "arbitration", "review.case")


def shown(dispute: Dispute, seat: Review, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What the panel draws beside the form: the row, both sides, the order, and what happened before."""
    arbitration, case, ref = dispute.arbitration, dispute.case, dispute.arbitration.ref
    rounds = queries.rounds(arbitration)
    return {
        "dispute": dispute,
        "arbitration": arbitration,
        "case": case,
        "order": case.purchase,
        "cause": dispute.cause,
        "names": facts.names_of(arbitration),
        "sides": [_side(dispute, party) for party in ("buyer", "merchant")],
        "exhibits": dispute.exhibits,
        "told": aftersales.told(case, "platform", dispute.policy.catalogue),
        "rulings": [one for one in (facts.ruled(row, "merchant") for row in rounds) if one],
        "choices": [LOOKS[code] for code in dispute.choices],
        "rule_to": url_for("arbitration_ruling.rule", ref=ref),
        "words_to": url_for("arbitration_ruling.words", ref=ref),
        "line": review.line_of(seat.id, by=by, at=at),
        "seat": seat,
        "may_move": any(clock.may_move for clock in queries.clocks(arbitration)),
        "now": at,
    }


def _side(dispute: Dispute, party: str) -> Mapping[str, Any]:
    """One side: its words and files, and what it was asked for."""
    arbitration = dispute.arbitration
    requests = [one for row in queries.rounds(arbitration) for one in review.requests_of("arbitration", row.id)]
    return {
        "party": party,
        "exhibits": [_exhibit(arbitration, item) for item in dispute.exhibits if item.owner_party == party],
        "submissions": [one for one in evidence.submissions_of("aftersale", dispute.case.id) if one.party == party],
        "requests": [one for one in requests if one.party == party],
        "lines": facts.lines_of(arbitration, party),
        "proves": dispute.cause.burden_of_proof == party,
    }


def _exhibit(arbitration: Arbitration, item: EvidenceItem) -> dict[str, Any]:
    href = url_for("arbitration_review.exhibit", ref=arbitration.ref, item=item.ref)
    return review.exhibit(item, href)
