"""What the pages of one appeal show, gathered once; templates ask it and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import arbitration, audit, deadlines, evidence, hx, parts, policies, review
from portal.aftersales.models import AfterSale
from portal.appeals import drafts, exchanged, queries, rounds, subjects
from portal.appeals.lifecycle import Draft, Wanted, answered, asked, missing, offered
from portal.appeals.models import Appeal
from portal.appeals.subjects import Checklist, RulingSubject, checklist_of
from portal.arbitration.models import Arbitration
from portal.evidence.models import EvidenceItem
from portal.text import localised

WINDOWS = ("file_appeal", "file_again")


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
    asked: bool = True

    @property
    def state(self) -> str:
        """`ok` with files, `declared` with a reason why there are none, else `missing`."""
        return "ok" if self.items else "declared" if self.declared else "missing"


def of_draft(appeal: Appeal, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The form, the check page and the meter; `typed` are unsaved declarations, shown in place of the saved ones."""
    checklist, draft, wanted = checklist_of(appeal), drafts.draft_of(appeal), drafts.wanted(appeal)
    subject = subjects.of(appeal)
    return {
        "appeal": appeal,
        "subject": subject,
        "rounds": rounds.of(appeal, subject, hx.arrived_at()),
        "window": next((one for one in deadlines.live(subject.type, subject.id) if one.kind in WINDOWS), None),
        "checklist": checklist,
        "policy": policies.body(appeal.policy_version_id),
        "slots": _slots(appeal, checklist, draft.declarations if typed is None else typed),
        "meter": _meter(draft, wanted),
        "lacking": missing(draft, wanted),
        "statement_min": wanted.statement_min,
        "seen": draft.fingerprint(),
    }


def _slots(appeal: Appeal, checklist: Checklist, declared: Mapping[str, str]) -> list[Slot]:
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
        for requirement in checklist.requirements
    ]


def _meter(draft: Draft, wanted: Wanted) -> dict[str, int]:
    return {"done": answered(draft, wanted), "of": asked(wanted)}


def of_supplement(appeal: Appeal, typed: Mapping[str, str] | None = None, touched: str = "") -> dict[str, Any]:
    """The page that asks for evidence, and its check page; `typed` as in `of_draft`.

    Files that an earlier request left unsent have slots too, as they are handed in with the rest; and so has `touched`,
    the line that was just changed, even if nothing is left of it.
    """
    draft, request = drafts.draft_of(appeal), drafts.open_request(appeal)
    assert request is not None
    wanted, declared = drafts.deficient(request), draft.declarations if typed is None else typed
    known, items = {line.key: line for line in checklist_of(appeal).requirements}, drafts.staged(appeal)
    read = subjects.of(appeal).reads
    left = dict.fromkeys(item.requirement_code or "" for item in items) | ({touched: None} if touched in known else {})
    slots = [
        Slot(
            key,
            localised(known[key], "label"),
            localised(known[key], "hint") if key in wanted else "",
            key in wanted,
            [item for item in items if item.requirement_code == key],
            declared.get(key, ""),
            [{**d, "note": read(d.get("note", ""))} for d in request.deficiencies if d["requirement_code"] == key],
            key in wanted,
        )
        for key in dict.fromkeys([*wanted, *left])
    ]
    done = sum(slot.state != "missing" for slot in slots if slot.asked)
    return of_case(appeal) | {
        "slots": slots,
        "meter": {"done": done, "of": len(wanted)},
        "lacking": drafts.lacking(appeal),
        "seen": draft.fingerprint(),
        **_clock(appeal, "supplement"),
    }


def of_case(appeal: Appeal) -> dict[str, Any]:
    """Everything its own party may see of a case: what was handed in, asked, decided, and when."""
    checklist, subject = checklist_of(appeal), subjects.of(appeal)
    items = evidence.items_of("appeal", appeal.id, party="merchant")
    submissions, requests = evidence.submissions_of("appeal", appeal.id), review.requests_of("appeal", appeal.id)
    return {
        "appeal": appeal,
        "subject": subject,
        "checklist": checklist,
        "names": checklist.names(),
        "policy": policies.body(appeal.policy_version_id),
        "submissions": submissions,
        "past": exchanged.past(submissions, requests[1:] if appeal.status == "needs_evidence" else requests),
        "exhibits": [item for item in items if item.state == "sealed"],
        "unsent": exchanged.unsent(appeal, [item for item in items if item.state == "staged"]),
        "request": requests[0] if requests else None,
        "decisions": review.decisions_of("appeal", appeal.id),
        **_clock(appeal, "review"),
        "timeline": audit.timeline(appeal.ref, audit.audiences("merchant")),
        "offered": offered(appeal.status, "merchant"),
        "parts": parts.of("appeal", appeal, "merchant", at=hx.arrived_at()),
        "rounds": rounds.of(appeal, subject, hx.arrived_at()),
    }


def _clock(appeal: Appeal, kind: str) -> dict[str, Any]:
    """The newest deadline of this kind, and the days that led to it."""
    deadline = deadlines.latest("appeal", appeal.id, kind)
    return {"deadline": deadline, "days": deadlines.explanation(deadline) if deadline else ()}


def of_ruling(case: AfterSale, ruled: Arbitration, at: datetime) -> dict[str, Any]:
    """The page of a ruling that the shop may appeal, or has appealed, or could have."""
    deadline = deadlines.latest("arbitration", ruled.id, "file_appeal")
    subject = RulingSubject(ruled)
    return {
        "case": case,
        "ruled": ruled,
        "subject": subject,
        "told": arbitration.ruled(ruled, "merchant"),
        "checklist": subject.checklist(ruled.policy_version_id, subject.code),
        "policy": policies.body(ruled.policy_version_id),
        "deadline": deadline,
        "days": deadlines.explanation(deadline) if deadline else (),
        "filed": queries.latest_against(subject.type, ruled.id),
        "may_file": ruled.may_be_appealed(at),
    }
