"""A penalty drawn up from a finding, before anything is in the database."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from portal import deadlines, policies
from portal.accounts.models import Shop
from portal.penalties import finding as stated
from portal.penalties.finding import Finding
from portal.penalties.lifecycle import first_status, window
from portal.policies import Edition, Policy, Rule, Spec
from portal.refs import new_ref


@dataclass(frozen=True)
class Charge:
    """A finding, and the shop it is about."""

    shop: Shop
    finding: Finding

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one and the same, however often it is imported."""
        return self.finding.source, self.finding.external_id

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of everything its source says."""
        return self.finding.fingerprint(self.shop.external_id)


class Terms:
    """The version of a policy that binds penalties issued at one instant, with its calendar; asked for once a batch."""

    def __init__(self, edition: Edition, at: datetime) -> None:
        self.at = at
        self.version_id = edition.id
        self.policy = edition.policy
        self.calendar_id = deadlines.calendar_for(self.version_id, "merchant")
        self._due: dict[tuple[Spec, object], datetime] = {}

    def due_at(self, rule: Rule, notified_at: datetime) -> datetime | None:
        """Until when an appeal can be filed; windows in days end together for all that begin on one day."""
        if not rule.appealable:
            return None
        window = self.policy.filing(rule)
        day = deadlines.calendar(self.calendar_id).day_of(notified_at)
        key = (window, day if window.in_days else notified_at)
        if key not in self._due:
            self._due[key] = deadlines.preview(
                window, party="merchant", at=notified_at, policy_version_id=self.version_id,
                calendar_version_id=self.calendar_id,
            ).due_at  # fmt: skip
        return self._due[key]


@dataclass(slots=True)
class Drawn:
    """What will be inserted for a charge: the penalty's row, its measures, and the terms they follow."""

    charge: Charge
    row: dict[str, Any]
    rule: Rule
    terms: Terms
    measures: list[tuple[str, dict[str, Any]]]
    id: int = 0

    def is_open(self) -> bool:
        """Whether there is still time to appeal."""
        return bool(self.row["appeal_window"] == "open")


def draw_up(charge: Charge, terms: Terms, *, issuer_id: int | None) -> Drawn:
    """The penalty that follows from this finding under these terms."""
    rule = policies.rule(terms.version_id, charge.finding.rule_code)
    row = {
        "ref": new_ref("PN", terms.at),
        "shop_id": charge.shop.id,
        "policy_version_id": terms.version_id,
        "content_sha256": charge.fingerprint,
        "issuer_id": charge.finding.issuer_id or issuer_id,
        "imported_at": terms.at,
        "appealable": rule.appealable,
        **_as_stated(charge.finding, rule, terms.policy),
        **_times(charge.finding, rule, terms),
    }
    return Drawn(charge, row, rule, terms, stated.measures(charge.finding, rule))


def _as_stated(finding: Finding, rule: Rule, policy: Policy) -> dict[str, Any]:
    return {
        "source": finding.source,
        "external_id": finding.external_id,
        "rule_code": finding.rule_code,
        "facts": finding.facts,
        "reasons": stated.reasons(finding, rule, policy),
        "automated": finding.automated,
        "order_no": finding.order_no,
        "concerns": finding.concerns,
        "amount_minor": finding.amount_minor,
        "currency": finding.currency,
        "points": stated.points(finding, rule),
    }


def _times(finding: Finding, rule: Rule, terms: Terms) -> dict[str, Any]:
    notified_at = finding.notified_at or terms.at
    effective_at = finding.effective_at or notified_at
    due_at = terms.due_at(rule, notified_at)
    return {
        "notified_at": notified_at,
        "effective_at": effective_at,
        "status": first_status(effective_at, terms.at),
        "appeal_window": window(due_at, terms.at),
        "due_at": due_at,
    }
