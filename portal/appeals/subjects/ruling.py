"""A ruling on a refund, which the shop lost, as what is appealed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from flask_babel import gettext

from portal import aftersales, arbitration, deadlines, policies, text
from portal.appeals.subjects.checklist import Checklist
from portal.appeals.subjects.subject import Lines, Pairs, Subject
from portal.arbitration import Ruling
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.policies import Line, Requirement, Text
from portal.refusals import Refused
from portal.review import Fault, Verdict
from portal.review.models import Decision

PREFIX = "ruling:"
"""Before the reason of the request, so that a ruling is told from a type of penalty that bears the same code."""
REPLACED = ("upheld", "partially_upheld")
FILES = ("image", "pdf", "video")
MILDER = {"exchange_or_reship": 1, "return_then_refund": 1}
"""The rulings after which the shop gets its goods back, or money for goods: for the same amount they cost it less."""


class RulingSubject(Subject):
    """The first ruling on a dispute, and what takes its place."""

    type, words, endpoint = "arbitration", "appeal.of_ruling", "appeals.ruling"
    by_a_person = True

    def __init__(self, ruled: Arbitration) -> None:
        self.ruled = ruled

    @classmethod
    def found(cls, subject_id: int) -> Self:
        """The ruling of this arbitration."""
        return cls(session().get_one(Arbitration, subject_id))

    @classmethod
    def locked(cls, ids: Sequence[int]) -> Mapping[int, Self]:
        """These rulings, their cases locked first."""
        return {key: cls(ruled) for key, ruled in arbitration.by_ids(ids).items()}

    @classmethod
    def checklist(cls, policy_version_id: int, rule_code: str) -> Checklist:
        """What helps a merchant in a dispute of this reason, none of which is a must; something must be told."""
        catalogue = policies.body(policy_version_id).catalogue
        lines = catalogue.causes[rule_code.removeprefix(PREFIX)].requirements["merchant"]
        return Checklist(tuple(map(_requirement, lines)), tuple(catalogue.ruling_grounds.values()), must_tell=True)

    @property
    def id(self) -> int:
        """The id of the arbitration."""
        return self.ruled.id

    @property
    def case(self) -> tuple[str, int]:
        """The after-sales case, in which both sides handed in theirs."""
        return "aftersale", self.ruled.after_sale_id

    @property
    def ref(self) -> str:
        """The after-sales case, which people know; the arbitration's own number stands in its history."""
        return self.ruled.after_sale.ref

    @property
    def number(self) -> str:
        """The order."""
        return self.ruled.order_no

    @property
    def stake(self) -> str:
        """What the shop bears by the ruling."""
        return text.money(self.ruling.amounts.get("merchant", 0), self.ruled.currency)

    @property
    def code(self) -> str:
        """What it is about, as its appeal and its seats keep it."""
        return f"{PREFIX}{self.ruled.reason_code}"

    @property
    def ruling(self) -> Ruling:
        """What was ruled."""
        return arbitration.ruling_of(self.ruled)

    @property
    def rule(self) -> str:
        """Who must prove what in a dispute of this reason."""
        return arbitration.proof_of(self.ruled)

    def summary(self) -> Lines:
        """What was in dispute, what was ruled, and where it stands."""
        said = [
            (gettext("In dispute"), text.money(self.ruled.amount_minor, self.ruled.currency)),
            (gettext("The ruling"), text.word(self.ruled.outcome or "", "ruling")),
            *arbitration.borne(self.ruling, self.ruled.currency),
            (gettext("Status"), text.word(self.ruled.status, "arbitration.status")),
        ]
        return [(label, value, "") for label, value in said]

    def row(self) -> dict[str, Any]:
        """What an appeal keeps of it."""
        ruled = self.ruled
        return {
            "shop_id": ruled.shop_id,
            "subject_no": ruled.order_no,
            "rounds_allowed": 1,
            "rule_code": self.code,
            "order_no": ruled.order_no,
            "amount_minor": ruled.amount_minor,
            "currency": ruled.currency,
            "policy_version_id": ruled.policy_version_id,
            "due_at": ruled.appeal_due_at,
        }

    def reads(self, words: str) -> str:
        """Without what leads to the buyer, whose words the reviewer has read whole."""
        return aftersales.as_read(self.ruled.after_sale, "merchant", aftersales.PLATFORM, words)

    def hold(self) -> None:
        """Lock the case and its hearings; what was read of them is read anew."""
        arbitration.actions.hold(self.ruled)

    def require_open(self, at: datetime) -> None:
        """Refused with `re_review_first`, `ruling_not_appealable`, `window_over` or `window_closed`."""
        if self.ruled.second_via == "re_review":
            raise Refused("re_review_first")
        if self.ruled.appeal_due_at is None:
            raise Refused("ruling_not_appealable")
        if at >= self.ruled.appeal_due_at:
            raise Refused("window_over", due_at=self.ruled.appeal_due_at, arrived_at=at)
        if self.ruled.appeal_window != "open":
            raise Refused("window_closed")

    def filed(self, *, by: Actor, at: datetime) -> None:
        """The second instance begins, in which the buyer may answer."""
        arbitration.actions.appealed(self.ruled, by=by, at=at)

    def supplemented(self, *, by: Actor, at: datetime) -> None:
        """The buyer may answer what is new."""
        arbitration.actions.supplemented(self.ruled, by=by, at=at)

    def awaits(self, turn: str, due_at: datetime, *, at: datetime) -> None:
        """The lists of both sides show it."""
        arbitration.actions.await_appeal(self.ruled, turn=turn, due_at=due_at, at=at)

    def also_told(self) -> Mapping[str, str]:
        """The buyer, who won what is appealed."""
        return {"buyer": self.ruled.after_sale.purchase.buyer.locale}

    def heard_until(self, at: datetime) -> datetime | None:
        """As long as the buyer's time to answer runs, or to go on as well."""
        clocks = [deadlines.running("arbitration", self.ruled.id, kind) for kind in ("rebuttal", "re_review")]
        return max((one.due_at for one in clocks if one and deadlines.in_time(one.due_at, at)), default=None)

    def barred(self) -> Collection[int]:
        """Whoever judged the dispute, or handed something in."""
        return arbitration.barred(self.ruled)

    def rules(self) -> list[dict[str, Any]]:
        """Who had to prove what."""
        return [arbitration.rule_of(self.ruled)]

    def faults(self, verdict: Verdict) -> list[Fault]:
        """What the appeal brings must be a whole ruling, and one that is better for the shop; the rest brings none."""
        if verdict.outcome not in REPLACED:
            return []
        new, old = Ruling.from_dict(verdict.terms) if verdict.terms else None, self.ruling
        if new is None or new.kind not in policies.RULINGS:
            return [Fault("kind", "ruling_missing")]
        found = [Fault(*fault) for fault in new.faults(self.ruled.amount_minor)]
        return found or _not_better(verdict.outcome, old, new)

    def judged(self, verdict: Verdict, *, by: Actor, at: datetime) -> None:
        """The first ruling stands, or another one takes its place; it applies, and is carried out."""
        new = Ruling.from_dict(verdict.terms or {}) if verdict.outcome in REPLACED else None
        arbitration.actions.conclude(self.ruled, new, by=by, at=at, findings=verdict.findings if new else None)

    def stands(self, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
        """The ruling stands and is carried out, unless the buyer still goes on."""
        arbitration.actions.given_up(self.ruled, by=by, at=at, clock_from=clock_from)

    def terms(self, decision: Decision) -> Pairs:
        """The new ruling."""
        if not decision.terms:
            return ()
        new = Ruling.from_dict(decision.terms)
        return [
            (gettext("The new ruling"), text.word(new.kind, "ruling")),
            (gettext("Liability"), text.word(new.liability, "liability")),
            *arbitration.borne(new, self.ruled.currency),
            (gettext("Paid to the buyer"), arbitration.paid(new, self.ruled)),
        ]


def _requirement(line: Line) -> Requirement:
    return Requirement(line.key, line.label, Text("", ""), required=False, accept=FILES)


def _not_better(outcome: str, old: Ruling, new: Ruling) -> list[Fault]:
    """In full the shop bears nothing any more; in part it bears less, or as much in a way that costs it less."""
    was, bears = old.amounts.get("merchant", 0), new.amounts.get("merchant", 0)
    if outcome == "upheld":
        return [Fault("amounts", "upheld_bears")] if bears else []
    if not bears:
        return [Fault("amounts", "partly_bears_nothing")]
    worse = bears > was or (bears == was and MILDER.get(new.kind, 0) <= MILDER.get(old.kind, 0))
    return [Fault("amounts", "ruling_no_better")] if worse else []
