"""Handing in: the appeal, and its supplement."""

from datetime import datetime

from portal import audit, deadlines, evidence, messages, policies, review
from portal.accounts.models import Shop
from portal.appeals import drafts, queries, subjects
from portal.appeals.actions.drafting import in_time_to_supplement
from portal.appeals.actions.ending import barred
from portal.appeals.lifecycle import require
from portal.appeals.models import Appeal
from portal.appeals.subjects import Subject, checklist_of
from portal.audit import Actor
from portal.db import session
from portal.deadlines.models import Deadline
from portal.evidence import Said, Side
from portal.evidence.models import Submission
from portal.refusals import Refused
from portal.review.models import EvidenceRequest, Review


class AlreadyAppealed(Refused):
    """This chance is used: `first` is the appeal that did."""

    def __init__(self, first: Appeal) -> None:
        code = "already_appealed" if first.chance == "only" else "already_sent"
        super().__init__(code, ref=first.ref, at=first.submitted_at)
        self.first = first


class NothingAsked(Refused):
    """No evidence is asked for: the request was answered already, or is over."""


def submit(appeal: Appeal, *, key: str, seen: str, by: Actor, at: datetime) -> Submission:
    """Hand in the appeal: sealed, timed, queued, told. It can't be changed or repeated.

    `key` is the form's one-time key, `seen` the fingerprint of what its check page showed. Raises `AlreadyAppealed`,
    or `Refused` with what is missing, when the draft changed since, or when the window is over.
    """
    subject = subjects.held(appeal)
    if appeal.status != "draft":
        raise AlreadyAppealed(appeal)
    subject.require_open(at)
    _complete(appeal, seen)
    subject.filed(by=by, at=at)
    for earlier in queries.before(appeal):  # a person looks at it now, so nobody need ask for one
        deadlines.cancel_all("appeal", earlier.id, at=at)
    said = Said("initial", key, appeal.statement, appeal.ground_code, appeal.declarations)
    submission = evidence.seal(Side("appeal", appeal.id, appeal.shop_id), said, by=by, at=at)
    _to_review(appeal, subject, by, at, "appeal.submitted", submission)
    appeal.submitted_at, appeal.submitted_by = at, by.person_id
    session().flush()
    _receipt(appeal, "appeal.submitted", at)
    return submission


def _complete(appeal: Appeal, seen: str) -> None:
    lacking = drafts.lacking(appeal)
    if lacking:
        raise Refused("incomplete", count=len(lacking))
    if drafts.draft_of(appeal).fingerprint() != seen:
        raise Refused("draft_changed")


def _to_review(appeal: Appeal, subject: Subject, by: Actor, at: datetime, action: str, submission: Submission) -> None:
    """Move to the reviewers: the clock, the seat and the event of it."""
    came_from = appeal.status
    appeal.status, appeal.attempt, appeal.overdue = "under_review", appeal.attempt + 1, False
    due = review_clock(appeal, at)
    appeal.due_at = due.due_at
    open_seat(appeal, at)
    subject.awaits("platform", due.due_at, at=at)
    audit.record(
        appeal.ref,
        action,
        by=by,
        at=at,
        moved=(came_from, "under_review"),
        data={
            "submission": submission.seq,
            "exhibits": len(submission.manifest),
            "manifest_sha256": submission.manifest_sha256,
            "words_sha256": evidence.words_sha256(submission),
            "review_due_at": due.due_at.isoformat(),
        },
    )


def review_clock(appeal: Appeal, at: datetime) -> Deadline:
    """Start the reviewers' time, or let it run on where the policy only paused it."""
    policy = policies.body(appeal.policy_version_id)
    paused = [d for d in deadlines.live("appeal", appeal.id) if d.kind == "review" and d.state == "paused"]
    if paused:
        deadlines.resume(paused[0], at=at)
        return paused[0]
    return deadlines.start(
        "appeal",
        appeal.id,
        kind="review",
        party="platform",
        spec=policy.review,
        policy_version_id=appeal.policy_version_id,
        at=at,
    )


def open_seat(appeal: Appeal, at: datetime, *, attempt: int = 0, due_at: datetime | None = None) -> Review:
    """Put the case into the reviewers' queue; `attempt` and `due_at` of a human review, as its row doesn't change."""
    until = due_at or appeal.due_at
    assert until is not None
    earlier = review.deciders_of("appeal", appeal.id) if attempt else set()
    sealed = evidence.items_of("appeal", appeal.id, party="merchant", state="sealed")
    answered, wanted = {item.requirement_code for item in sealed}, checklist_of(appeal).keys
    return review.open_seat(
        case_type="appeal",
        case_id=appeal.id,
        case_ref=appeal.ref,
        attempt=attempt or appeal.attempt,
        seat="primary",
        title_code=appeal.rule_code,
        shop=session().get_one(Shop, appeal.shop_id),
        amount_minor=appeal.amount_minor,
        currency=appeal.currency,
        exhibits=f"{len(answered & wanted)}/{len(wanted)}",
        due_at=until,
        barred=sorted({*barred(appeal), *earlier}),
        at=at,
    )


def supplement(appeal: Appeal, *, key: str, seen: str, by: Actor, at: datetime) -> Submission:
    """Hand in what the reviewer asked for; the case goes back into review. Once per request, then `NothingAsked`."""
    subject = subjects.held(appeal)
    if appeal.status != "needs_evidence":
        raise NothingAsked("evidence_sent" if drafts.answered(appeal) else "nothing_asked", ref=appeal.ref)
    in_time_to_supplement(appeal, at)
    request = drafts.open_request(appeal)
    assert request is not None
    _complete(appeal, seen)
    submission = _seal_supplement(appeal, request, key, by, at)
    deadlines.meet(deadlines.in_force("appeal", appeal.id, "supplement", at=at), at=at)
    subject.supplemented(by=by, at=at)
    _to_review(appeal, subject, by, at, "appeal.supplemented", submission)
    appeal.supplement_statement, appeal.supplement_declarations = "", {}
    session().flush()
    _receipt(appeal, "appeal.supplemented", at)
    return submission


def _seal_supplement(appeal: Appeal, request: EvidenceRequest, key: str, by: Actor, at: datetime) -> Submission:
    require(appeal.status, "supplement")
    said = Said(
        "supplement",
        key,
        appeal.supplement_statement,
        None,
        drafts.declared(appeal, request),
        answers_request_id=request.id,
    )
    return evidence.seal(Side("appeal", appeal.id, appeal.shop_id), said, by=by, at=at)


def _receipt(appeal: Appeal, kind: str, at: datetime) -> None:
    assert appeal.due_at is not None
    messages.tell(
        f"{kind}:{appeal.ref}:{appeal.attempt}",
        to=messages.to_shop(appeal.shop_id),
        kind=kind,
        params={"ref": appeal.ref, "rule_code": appeal.rule_code, "due_at": appeal.due_at.isoformat()},
        case=("appeal", appeal.ref),
        at=at,
    )
