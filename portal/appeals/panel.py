"""What a reviewer has before them: both sides of a case, and what can follow from a verdict."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import force_locale

from portal import arbitration, deadlines, evidence, policies, review, text
from portal.accounts.models import Shop
from portal.appeals import actions, queries, subjects
from portal.appeals.models import Appeal
from portal.appeals.subjects import Checklist, PenaltySubject, RulingSubject, Subject, checklist_of
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.evidence.models import EvidenceItem
from portal.penalties.models import Measure
from portal.review import DECIDED, Choice
from portal.review.models import Review

LOOKS = {
    choice.code: choice
    for choice in (
        Choice("upheld", "a", "okc", "ok"),
        Choice("partially_upheld", "p", "half", "ok"),
        Choice("rejected", "r", "noc", "need"),
        Choice("inadmissible", "i", "lock", "need"),
        Choice("needs_evidence", "e", "back", "todo", asks=True),
    )
}
CHOICES = tuple(LOOKS)
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


@dataclass(frozen=True)
class Matter:
    """The case as a verdict on it sees it: what has to be judged, and with which reasons.

    `written`: the decision of a form that came too late; it is drawn whole, even if it can't be made any more.
    """

    appeal: Appeal
    subject: Subject
    checklist: Checklist
    policy: policies.Policy
    shop: Shop
    exhibits: Sequence[EvidenceItem]
    supplement_due: datetime
    written: str = ""

    @property
    def measures(self) -> Sequence[Measure]:
        """The measures that are still in force; all of them beside what was written before one was lifted."""
        if not isinstance(self.subject, PenaltySubject):
            return ()
        return [one for one in self.subject.penalty.measures if self.written or one.effect != "lifted"]

    @property
    def ruled(self) -> Arbitration | None:
        """The ruling that is appealed, in whose place the decision may put another one; None if it is a penalty."""
        return self.subject.ruled if isinstance(self.subject, RulingSubject) else None

    @property
    def bearers(self) -> tuple[str, ...]:
        """Who can bear a part of what is in dispute."""
        return arbitration.BEARERS

    @property
    def requirements(self) -> Sequence[policies.Requirement]:
        """The lines of the checklist that can be found lacking."""
        return self.checklist.requirements

    @property
    def again(self) -> bool:
        """Whether this is the human review of what a machine decided: the file is as it is."""
        return self.appeal.status == "completed"

    @property
    def may_ask(self) -> bool:
        """Whether the policy leaves a round to ask for evidence."""
        return (
            not self.again
            and self.appeal.supplement_rounds < self.policy.max_supplement_rounds
            and bool(self.requirements)
        )

    @property
    def chance(self) -> str:
        """Whether another appeal may follow the decision; not if its time has passed before a person looked again."""
        gone = self.again and self.appeal.chance == "more" and self.subject.ran_out
        return "last" if gone else self.appeal.chance

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be decided, and what was written before it no longer could."""
        if self.again:
            can: Collection[str] = actions.REVIEWED
        else:
            can = CHOICES if self.may_ask else DECIDED
        return tuple(code for code in CHOICES if code in can or code == self.written)

    def reasons(self, outcome: str) -> tuple[policies.Reason, ...]:
        """The reasons to choose from."""
        return self.policy.reasons(outcome, self.subject.type)

    def told(self, choice: str) -> tuple[str, ...]:
        """Who is told the reasons of this decision, the shop first."""
        return ("merchant",) if choice == "needs_evidence" else ("merchant", *self.subject.also_told())

    def locale(self, party: str) -> str:
        """In which language this party is written to."""
        return self.shop.locale if party == "merchant" else self.subject.also_told()[party]

    def needs_second(self, reason: str = "") -> bool:
        """Whether a second person must agree, whatever the reason, or for this one."""
        return self.policy.needs_second(
            amount_minor=self.appeal.amount_minor,
            currency=self.appeal.currency,
            measures=self.subject.measures,
            reason=reason,
        )

    def words(self, reason: policies.Reason, party: str = "merchant") -> str:
        """What this party is told for this reason, in its language; blanks only the reviewer can fill stay open."""
        locale = self.locale(party)
        said = reason.said_to(party, locale)
        with force_locale(LOCALES.get(locale, "zh_Hans_CN")):
            if reason.outcome == "needs_evidence":
                said = said.replace("{deadline}", text.due(self.supplement_due))
            return review.words.open_blanks(said)


def matter(appeal: Appeal, at: datetime) -> Matter:
    """Everything a verdict on this case rests on."""
    policy = policies.body(appeal.policy_version_id)
    due = deadlines.preview(policy.supplement, party="merchant", at=at, policy_version_id=appeal.policy_version_id)
    return Matter(
        appeal=appeal,
        subject=subjects.of(appeal),
        checklist=checklist_of(appeal),
        policy=policy,
        shop=session().get_one(Shop, appeal.shop_id),
        exhibits=evidence.items_of("appeal", appeal.id, party="merchant", state="sealed"),
        supplement_due=due.due_at,
    )


def shown(matter: Matter, seat: Review, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What the panel draws beside the form: the row, both sides' words and files, and what happened before."""
    appeal = matter.appeal
    return {
        "matter": matter,
        "choices": [LOOKS[code] for code in matter.choices],
        "rule_to": url_for("appeals_ruling.rule", ref=appeal.ref),
        "words_to": url_for("appeals_ruling.words", ref=appeal.ref),
        "appeal": appeal,
        "subject": matter.subject,
        "names": matter.checklist.names(),
        "ground": matter.checklist.ground(appeal.ground_code),
        "line": review.line_of(seat.id, by=by, at=at),
        "seat": seat,
        "exhibits": matter.exhibits,
        "merchant": [_exhibit(appeal, item) for item in matter.exhibits],
        "submissions": evidence.submissions_of("appeal", appeal.id),
        "requests": review.requests_of("appeal", appeal.id),
        "decisions": review.decisions_of("appeal", appeal.id) if appeal.status == "completed" else [],
        "may_move": any(clock.may_move for clock in deadlines.live("appeal", appeal.id)),
        "heard_until": matter.subject.heard_until(at),
        "now": at,
        **_before(matter),
        "rounds": [_round(one) for one in queries.before(appeal)],
    }


def _round(earlier: Appeal) -> dict[str, Any]:
    """An appeal before this one against the same, as its next reviewer sees it."""
    items = evidence.items_of("appeal", earlier.id, party="merchant", state="sealed")
    return {
        "appeal": earlier,
        "exhibits": [_exhibit(earlier, item) for item in items],
        "submissions": evidence.submissions_of("appeal", earlier.id),
        "decisions": review.decisions_of("appeal", earlier.id),
    }


def _before(matter: Matter) -> dict[str, Any]:
    """What the appeal is against: the platform's evidence for a penalty, or the dispute with what either side had."""
    case_type, case_id = matter.subject.case
    items = [item for item in evidence.items_of(case_type, case_id) if _seen(item)]
    if matter.ruled is None:
        return {"platform": [_exhibit(matter.appeal, item) for item in items]}
    said = evidence.submissions_of(case_type, case_id)
    sides = [
        (
            party,
            [_exhibit(matter.appeal, item) for item in items if item.owner_party == party],
            [one for one in said if one.party == party],
        )
        for party in ("buyer", "merchant")
    ]
    return {"told": arbitration.ruled(matter.ruled, "merchant"), "sides": sides, "case": matter.ruled.after_sale}


def item_of(appeal: Appeal, ref: str) -> EvidenceItem | None:
    """An exhibit of the appeal, or of what it is against, if a reviewer may see it."""
    found = evidence.item_of("appeal", appeal.id, ref) or evidence.item_of(*subjects.of(appeal).case, ref)
    return found if found is not None and _seen(found) else None


def _seen(item: EvidenceItem) -> bool:
    """What a party has not handed in stays its own."""
    return item.owner_party == "platform" or item.state == "sealed"


def _exhibit(appeal: Appeal, item: EvidenceItem) -> dict[str, Any]:
    return review.exhibit(item, url_for("appeals_review.exhibit", ref=appeal.ref, item=item.ref))
