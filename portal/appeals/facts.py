"""What the pages of one appeal show, gathered once; templates ask it and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal import audit, deadlines, evidence, hx, parts, policies, review
from portal.appeals import drafts, queries
from portal.appeals.lifecycle import Draft, Wanted, answered, asked, missing, offered
from portal.appeals.models import Appeal
from portal.evidence.models import EvidenceItem
from portal.text import localised

UNSENT = ("draft", "completed")
"""Where what was never handed in is shown to read."""


@dataclass(frozen=True)
class Slot:
    """One line of the checklist with what is there for it."""

    key: str
    label: str
    hint: str
    must: bool
    items: Sequence[EvidenceItem]
    declared: str
    problems: Sequence[dict[str, Any]] = ()

    @property
    def state(self) -> str:
        """`ok` with files, `declared` with a reason why there are none, else `missing`."""
        return "ok" if self.items else "declared" if self.declared else "missing"


def names(rule: policies.Rule) -> dict[str, str]:
    """The requirements by the names the checklist gives them, in the reader's language."""
    return {requirement.key: localised(requirement, "label") for requirement in rule.evidence}


def of_draft(appeal: Appeal, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The form, the check page and the meter; `typed` are unsaved declarations, shown in place of the saved ones."""
    rule, draft, wanted = drafts.rule_of(appeal), drafts.draft_of(appeal), drafts.wanted(appeal)
    return {
        "appeal": appeal,
        "penalty": queries.penalty_of(appeal),
        "rule": rule,
        "policy": policies.body(appeal.policy_version_id),
        "slots": _slots(appeal, rule, draft.declarations if typed is None else typed),
        "meter": _meter(draft, wanted),
        "lacking": missing(draft, wanted),
        "statement_min": wanted.statement_min,
        "seen": draft.fingerprint(),
    }


def _slots(appeal: Appeal, rule: policies.Rule, declared: Mapping[str, str]) -> list[Slot]:
    items = drafts.staged(appeal)
    return [
        Slot(
            key=requirement.key,
            label=localised(requirement, "label"),
            hint=localised(requirement, "hint"),
            must=requirement.required,
            items=[item for item in items if item.requirement_code == requirement.key],
            declared=declared.get(requirement.key, ""),
        )
        for requirement in policies.file_requirements(rule)
    ]


def _meter(draft: Draft, wanted: Wanted) -> dict[str, int]:
    return {"done": answered(draft, wanted), "of": asked(wanted)}


def of_supplement(appeal: Appeal, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The page that asks for evidence, and its check page; `typed` as in `of_draft`."""
    rule, draft, request = drafts.rule_of(appeal), drafts.draft_of(appeal), drafts.open_request(appeal)
    assert request is not None
    wanted, declared = drafts.deficient(request), draft.declarations if typed is None else typed
    known, items = {r.key: r for r in policies.file_requirements(rule)}, drafts.staged(appeal)
    slots = [
        Slot(
            key,
            localised(known[key], "label"),
            localised(known[key], "hint"),
            True,
            [item for item in items if item.requirement_code == key],
            declared.get(key, ""),
            [d for d in request.deficiencies if d["requirement_code"] == key],
        )
        for key in wanted
    ]
    done = sum(slot.state != "missing" for slot in slots)
    return of_case(appeal) | {
        "slots": slots,
        "meter": {"done": done, "of": len(slots)},
        "lacking": drafts.lacking(appeal),
        "seen": draft.fingerprint(),
        **_clock(appeal, "supplement"),
    }


def of_case(appeal: Appeal) -> dict[str, Any]:
    """Everything its own party may see of a case: what was handed in, asked, decided, and when."""
    rule = drafts.rule_of(appeal)
    items = evidence.items_of("appeal", appeal.id, party="merchant")
    return {
        "appeal": appeal,
        "penalty": queries.penalty_of(appeal),
        "rule": rule,
        "names": names(rule),
        "policy": policies.body(appeal.policy_version_id),
        "submissions": evidence.submissions_of("appeal", appeal.id),
        "exhibits": [item for item in items if item.state == "sealed"],
        "unsent": [item for item in items if item.state == "staged"] if appeal.status in UNSENT else [],
        "request": review.latest_request("appeal", appeal.id),
        "decisions": review.decisions_of("appeal", appeal.id),
        **_clock(appeal, "review"),
        "timeline": audit.timeline(appeal.ref),
        "offered": offered(appeal.status, "merchant"),
        "parts": parts.of("appeal", appeal, "merchant", at=hx.arrived_at()),
    }


def _clock(appeal: Appeal, kind: str) -> dict[str, Any]:
    """The newest deadline of this kind, and the days that led to it."""
    deadline = deadlines.latest("appeal", appeal.id, kind)
    return {"deadline": deadline, "days": deadlines.explanation(deadline) if deadline else ()}
