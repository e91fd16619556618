"""What a source says of one violation, and what follows from it under a rule: pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.audit import canonical
from portal.policies import Policy, Rule

DETECTED = ("assisted", "full")
WITH_AMOUNT = ("fine", "withhold_funds")


@dataclass(frozen=True, slots=True)
class Sanction:
    """One consequence: its kind, for how many days, and what else is to be said of it."""

    kind: str
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation as its source states it; None where the source says nothing and the rule or the moment decides."""

    external_id: str
    rule_code: str
    facts: str
    source: str = "import"
    order_no: str | None = None
    concerns: str = ""
    amount_minor: int = 0
    currency: str = "CNY"
    points: int | None = None
    sanctions: tuple[Sanction, ...] = ()
    notified_at: datetime | None = None
    effective_at: datetime | None = None
    automated: str = "none"
    issuer_id: int | None = None

    def fingerprint(self, shop_external_id: str) -> str:
        """The SHA-256 of everything the source says, and of the shop it says it about."""
        said = {name: getattr(self, name) for name in self.__slots__}
        said["sanctions"] = [[sanction.kind, sanction.days, sanction.note] for sanction in self.sanctions]
        return hashlib.sha256(canonical({"shop": shop_external_id, **said})).hexdigest()


class NoMeasureError(ValueError):
    """What the source says leaves no measure, or a measure without its figure; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def measures(finding: Finding, rule: Rule) -> list[tuple[str, dict[str, Any]]]:
    """Kind and parameters of each measure: those the source names, else those that are usual under the rule.

    Raises `NoMeasureError` when there would be none, or a fee without an amount, or an amount that no measure takes.
    """
    sanctions = finding.sanctions or tuple(_usual(finding, rule))
    kinds = [sanction.kind for sanction in sanctions]
    if not kinds:
        raise NoMeasureError("measures_none")
    if "fine" in kinds and not finding.amount_minor:
        raise NoMeasureError("amount_missing")
    if finding.amount_minor and not set(kinds).intersection(WITH_AMOUNT):
        raise NoMeasureError("amount_without_measure")
    if "points" in kinds and not points(finding, rule):
        raise NoMeasureError("points_missing")
    if finding.points and "points" not in kinds:
        raise NoMeasureError("points_without_measure")
    return [(sanction.kind, _params(sanction, finding, rule)) for sanction in sanctions]


def points(finding: Finding, rule: Rule) -> int:
    """The points: as stated, else the rule's; none where measures are stated and points are not among them."""
    if finding.points is not None:
        return finding.points
    named = [sanction.kind for sanction in finding.sanctions]
    return rule.points if not named or "points" in named else 0


def _usual(finding: Finding, rule: Rule) -> Iterator[Sanction]:
    """The rule's measures as far as the finding gives their figures; an amount is a fee if the rule names nothing."""
    if finding.amount_minor and not set(rule.measures).intersection(WITH_AMOUNT):
        yield Sanction("fine")
    for kind in rule.measures:
        if (kind != "fine" or finding.amount_minor) and (kind != "points" or points(finding, rule)):
            yield Sanction(kind)
    if finding.points and "points" not in rule.measures:
        yield Sanction("points")


def _params(sanction: Sanction, finding: Finding, rule: Rule) -> dict[str, Any]:
    params: dict[str, Any] = {}
    if sanction.kind in WITH_AMOUNT and finding.amount_minor:
        params |= {"amount_minor": finding.amount_minor, "currency": finding.currency}
    if sanction.kind == "points":
        params["points"] = points(finding, rule)
    if sanction.days:
        params["days"] = sanction.days
    if sanction.note:
        params["note"] = sanction.note
    return params


def reasons(finding: Finding, rule: Rule, policy: Policy) -> Mapping[str, Any]:
    """The statement of reasons beside the facts: the ground, the rule's text by its hash, and what can be done."""
    return {
        "ground": {"zh": rule.basis.zh, "en": rule.basis.en},
        "rule_sha256": hashlib.sha256(canonical({"zh": rule.text.zh, "en": rule.text.en})).hexdigest(),
        "automated_detection": finding.automated in DETECTED,
        "automated_decision": finding.automated == "full",
        "territorial_scope": policy.jurisdiction,
        "redress": (["appeal"] if rule.appealable else []) + [redress.code for redress in policy.redress],
    }
