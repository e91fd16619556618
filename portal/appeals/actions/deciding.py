"""What a reviewer does with a case: decide it, recommend a decision to a second person, or ask for evidence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal import audit, deadlines, messages, policies, review
from portal.accounts.models import Shop
from portal.appeals import drafts, notices, subjects
from portal.appeals.actions.again import Ended, open_next
from portal.appeals.actions.ending import barred, complete, told
from portal.appeals.lifecycle import require
from portal.appeals.models import Appeal
from portal.appeals.subjects import Subject, checklist_of
from portal.audit import Actor
from portal.db import session
from portal.deadlines.models import Deadline
from portal.refusals import Refused
from portal.review import Verdict
from portal.review.models import Decision, EvidenceRequest, Review


def decide(appeal: Appeal, seat: Review, *, verdict: Verdict, by: Actor, at: datetime) -> Decision | None:
    """Give the verdict of this seat; the decision, or None while a second person must agree.

    `seat` is held by `by` (see `review.hold`). The first verdict of two is kept out of the second person's sight; if
    they differ, a third seat decides. Refused with `other_side_not_heard` while somebody else may still answer.
    """
    subject = subjects.held(appeal)
    require(appeal.status, "decide")
    _may_stand(subject, verdict, at)
    agreed = weigh(appeal, subject, seat, verdict=verdict, by=by, at=at)
    return _final(appeal, subject, agreed[0], by=by, first=agreed[1], at=at) if agreed else None


def weigh(
    appeal: Appeal, subject: Subject, seat: Review, *, verdict: Verdict, by: Actor, at: datetime
) -> tuple[Verdict, int | None] | None:
    """End the seat; the verdict that counts with who gave it first of two, or None while another seat must decide."""
    review.conclude(seat, by=by, at=at, verdict=verdict.to_dict())
    if seat.seat == "primary" and _needs_second(appeal, subject, verdict):
        _pass_on(appeal, seat, "second", by=by, at=at)
        return None
    if seat.seat == "second":
        first = review.seat_of("appeal", appeal.id, attempt=seat.attempt, seat="primary")
        agreed = Verdict.from_dict(first.verdict or {})
        if not agreed.agrees(verdict, _grave(appeal)):
            _pass_on(appeal, seat, "tiebreak", by=by, at=at)
            return None
        return agreed, first.concluded_by
    return verdict, None


def _may_stand(subject: Subject, verdict: Verdict, at: datetime) -> None:
    until = subject.heard_until(at)
    if until is not None:
        raise Refused("other_side_not_heard", due_at=until)
    for fault in subject.faults(verdict):
        raise Refused(fault.code, **fault.params)


def _grave(appeal: Appeal) -> set[str]:
    """The reasons that count only if both people give them, because they call for two pairs of eyes by themselves."""
    reasons = policies.body(appeal.policy_version_id).catalogue.reasons.values()
    return {reason.code for reason in reasons if reason.four_eyes}


def _needs_second(appeal: Appeal, subject: Subject, verdict: Verdict) -> bool:
    return policies.body(appeal.policy_version_id).needs_second(
        amount_minor=appeal.amount_minor,
        currency=appeal.currency,
        measures=subject.measures,
        reason=verdict.reason_code,
    )


def _pass_on(appeal: Appeal, seat: Review, next_seat: str, *, by: Actor, at: datetime) -> None:
    """Open a seat for another person; the case stays under review and its deadline runs on."""
    deciders = review.deciders_of("appeal", appeal.id)
    review.open_seat(
        case_type="appeal",
        case_id=appeal.id,
        case_ref=appeal.ref,
        attempt=seat.attempt,
        seat=next_seat,
        title_code=seat.title_code,
        shop=session().get_one(Shop, appeal.shop_id),
        amount_minor=seat.amount_minor,
        currency=seat.currency,
        exhibits=seat.exhibits,
        due_at=seat.due_at,
        barred=sorted({*barred(appeal), *deciders}),
        at=at,
    )
    if appeal.status != "completed":  # the row of a human review is over
        appeal.saved_at = at
    session().flush()
    audit.record(
        appeal.ref,
        "appeal.recommended",
        by=by,
        at=at,
        moved=(appeal.status, appeal.status),
        data={"seat": seat.seat, "next": next_seat},
        audience="platform",
    )


def _final(
    appeal: Appeal, subject: Subject, verdict: Verdict, *, by: Actor, first: int | None, at: datetime
) -> Decision:
    policy = policies.body(appeal.policy_version_id)
    decision = review.record_decision(
        case_type="appeal",
        case_id=appeal.id,
        case_ref=appeal.ref,
        verdict=verdict,
        rules=subject.rules(),
        redress=[redress.code for redress in policy.redress],
        locale=session().get_one(Shop, appeal.shop_id).locale,
        by=by,
        decided_by=first or by.person_id,
        second_by=by.person_id if first else None,
        automated="none",
        at=at,
    )
    subject.judged(verdict, by=by, at=at)
    clock = deadlines.running("appeal", appeal.id, "review")
    if clock is not None:
        deadlines.meet(clock, at=at)
    complete(appeal, verdict.outcome, by=by, at=at, action="appeal.decided", decision=decision.sha256)
    open_next([Ended(appeal, subject, verdict.outcome, at)], by=by)
    return decision


def ask_for_evidence(
    appeal: Appeal,
    seat: Review,
    *,
    reason_code: str,
    text_to_party: str,
    deficiencies: Sequence[dict[str, Any]],
    by: Actor,
    at: datetime,
) -> EvidenceRequest:
    """Send the case back (驳回待处理): what is lacking, per requirement, and until when.

    Raises `Refused` when nothing is named, an unknown requirement is named, or the policy's rounds are used up.
    """
    subject = subjects.held(appeal)
    require(appeal.status, "ask_for_evidence")
    policy = policies.body(appeal.policy_version_id)
    if appeal.supplement_rounds >= policy.max_supplement_rounds:
        raise Refused("no_more_rounds", rounds=policy.max_supplement_rounds)
    _named(appeal, deficiencies)
    said = {"reason_code": reason_code, "text_to_party": text_to_party, "deficiencies": list(deficiencies)}
    review.conclude(seat, by=by, at=at, verdict=None, asked={"party": "merchant", **said})
    deadline = _to_merchant(appeal, policy, at)
    subject.awaits("merchant", deadline.due_at, at=at)
    request = review.record_request(
        case_type="appeal",
        case_id=appeal.id,
        party="merchant",
        round=appeal.supplement_rounds,
        reason_code=reason_code,
        text_to_party=text_to_party,
        deficiencies=list(deficiencies),
        by=by,
        at=at,
        deadline_id=deadline.id,
    )
    _tell_what_is_lacking(appeal, request, by, at)
    return request


def _to_merchant(appeal: Appeal, policy: policies.Policy, at: datetime) -> Deadline:
    """Stop the reviewers' clock and start the merchant's."""
    appeal.status, appeal.supplement_rounds = "needs_evidence", appeal.supplement_rounds + 1
    appeal.overdue = False
    _stop_review_clock(appeal, policy.review_clock, at)
    deadline = deadlines.start(
        "appeal",
        appeal.id,
        kind="supplement",
        party="merchant",
        spec=policy.supplement,
        policy_version_id=appeal.policy_version_id,
        at=at,
    )
    appeal.due_at = deadline.due_at
    session().flush()
    return deadline


def _named(appeal: Appeal, deficiencies: Sequence[dict[str, Any]]) -> None:
    known = checklist_of(appeal).keys
    if not deficiencies:
        raise Refused("no_deficiency")
    for deficiency in deficiencies:
        if deficiency["requirement_code"] not in known:
            raise Refused("no_such_requirement", requirement=deficiency["requirement_code"])


def _stop_review_clock(appeal: Appeal, clock: str, at: datetime) -> None:
    running = deadlines.running("appeal", appeal.id, "review")
    if running is not None and clock == "pause":
        deadlines.pause(running, at=at)
    elif running is not None:
        deadlines.cancel(running, at=at)


def _tell_what_is_lacking(appeal: Appeal, request: EvidenceRequest, by: Actor, at: datetime) -> None:
    assert appeal.due_at is not None
    audit.record(
        appeal.ref,
        "appeal.evidence_requested",
        by=by,
        at=at,
        moved=("under_review", "needs_evidence"),
        data={
            "round": request.round,
            "reason_code": request.reason_code,
            "due_at": appeal.due_at.isoformat(),
            "requirements": [d["requirement_code"] for d in request.deficiencies],
        },
    )
    messages.tell(
        f"appeal.evidence_requested:{appeal.ref}:{request.round}",
        to=messages.to_shop(appeal.shop_id),
        kind=notices.asked(
            "appeal.evidence_requested", closes=policies.body(appeal.policy_version_id).closes_by_itself
        ),
        params=told(appeal) | {"count": len(drafts.deficient(request)), "due_at": appeal.due_at.isoformat()},
        case=("appeal", appeal.ref),
        at=at,
    )
