"""What a reviewer has before them: both sides of a case, and what can follow from a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import force_locale

from portal import deadlines, evidence, policies, review, text
from portal.accounts.models import Shop
from portal.appeals import actions, drafts, facts, queries
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.db import session
from portal.evidence.models import EvidenceItem
from portal.penalties.models import Measure, Penalty
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
    """The case as a verdict on it sees it: what has to be judged, and with which reasons."""

    appeal: Appeal
    penalty: Penalty
    rule: policies.Rule
    policy: policies.Policy
    shop: Shop
    exhibits: Sequence[EvidenceItem]
    supplement_due: datetime

    @property
    def measures(self) -> Sequence[Measure]:
        """The measures that are still in force."""
        return [measure for measure in self.penalty.measures if measure.effect != "lifted"]

    @property
    def requirements(self) -> Sequence[policies.Requirement]:
        """The lines of the checklist that can be found lacking."""
        return policies.file_requirements(self.rule)

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
    def choices(self) -> tuple[str, ...]:
        """What can be decided."""
        if self.again:
            return actions.REVIEWED
        return CHOICES if self.may_ask else DECIDED

    def reasons(self, outcome: str) -> tuple[policies.Reason, ...]:
        """The reasons to choose from."""
        return self.policy.reasons(outcome)

    def needs_second(self, reason: str = "") -> bool:
        """Whether a second person must agree, whatever the reason, or for this one."""
        kinds = [measure.kind for measure in self.penalty.measures]
        return self.policy.needs_second(
            amount_minor=self.appeal.amount_minor, currency=self.appeal.currency, measures=kinds, reason=reason
        )

    def words(self, reason: policies.Reason) -> str:
        """What the shop is told for this reason, in its own language; blanks only the reviewer can fill stay open."""
        said = reason.text.say(self.shop.locale)
        due_at = self.supplement_due if reason.outcome == "needs_evidence" else self.penalty.due_at
        with force_locale(LOCALES.get(self.shop.locale, "zh_Hans_CN")):
            return said.replace("{deadline}", text.due(due_at)) if due_at else said


def matter(appeal: Appeal, at: datetime) -> Matter:
    """Everything a verdict on this case rests on."""
    policy = policies.body(appeal.policy_version_id)
    due = deadlines.preview(policy.supplement, party="merchant", at=at, policy_version_id=appeal.policy_version_id)
    return Matter(
        appeal=appeal,
        penalty=queries.penalty_of(appeal),
        rule=drafts.rule_of(appeal),
        policy=policy,
        shop=session().get_one(Shop, appeal.shop_id),
        exhibits=evidence.items_of("appeal", appeal.id, party="merchant", state="sealed"),
        supplement_due=due.due_at,
    )


def shown(matter: Matter, seat: Review, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What the panel draws beside the form: the row, both sides' words and files, and what happened before."""
    appeal, penalty = matter.appeal, matter.penalty
    platform = evidence.items_of("penalty", penalty.id, party="platform")
    grounds: Mapping[str, policies.Named] = {ground.code: ground for ground in policies.grounds(matter.rule)}
    return {
        "matter": matter,
        "choices": [LOOKS[code] for code in matter.choices],
        "rule_to": url_for("appeals_ruling.rule", ref=appeal.ref),
        "words_to": url_for("appeals_ruling.words", ref=appeal.ref),
        "appeal": appeal,
        "penalty": penalty,
        "rule": matter.rule,
        "names": facts.names(matter.rule),
        "ground": grounds.get(appeal.ground_code or ""),
        "line": review.line_of(seat.id, by=by, at=at),
        "seat": seat,
        "platform": [_exhibit(appeal, item) for item in platform],
        "exhibits": matter.exhibits,
        "merchant": [_exhibit(appeal, item) for item in matter.exhibits],
        "submissions": evidence.submissions_of("appeal", appeal.id),
        "requests": review.requests_of("appeal", appeal.id),
        "decisions": review.decisions_of("appeal", appeal.id) if appeal.status == "completed" else [],
        "now": at,
    }


def _exhibit(appeal: Appeal, item: EvidenceItem) -> dict[str, Any]:
    return review.exhibit(item, url_for("appeals_review.exhibit", ref=appeal.ref, item=item.ref))
