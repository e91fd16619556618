"""What a reviewer does with a dispute: rule on it, recommend a ruling to a second person, or ask one side for more."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal import audit, deadlines, policies, review
from portal.accounts.models import Shop
from portal.arbitration import lifecycle, queries
from portal.arbitration.actions.ending import conclude, finalise
from portal.arbitration.actions.moving import open_seat, record, stage, tell
from portal.arbitration.actions.writing import write, write_ruling
from portal.arbitration.lifecycle import Ruling
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.refusals import Refused
from portal.review import Verdict
from portal.review.models import Decision, EvidenceRequest, Review


def decide(arbitration: Arbitration, seat: Review, *, verdict: Verdict, by: Actor, at: datetime) -> Decision | None:
    """Give the verdict of this seat; the decision, or None while a second person must agree.

    `seat` is held by `by` (see `review.hold`), `verdict.terms` is the `Ruling`. The first verdict of two is kept out of
    the second person's sight; if they differ, a third seat decides.
    """
    lifecycle.require(arbitration.status, "decide", "reviewer")
    review.conclude(seat, by=by, at=at, verdict=verdict.to_dict())
    if seat.seat == "primary" and needs_second(arbitration, verdict.reason_code):
        _pass_on(arbitration, seat, "second", by=by, at=at)
        return None
    if seat.seat == "second":
        first = review.seat_of("arbitration", arbitration.id, attempt=arbitration.attempt, seat="primary")
        agreed = Verdict.from_dict(first.verdict or {})
        if not agreed.agrees(verdict, _grave(arbitration)):
            _pass_on(arbitration, seat, "tiebreak", by=by, at=at)
            return None
        return _final(arbitration, agreed, by=by, first=first.concluded_by, at=at)
    return _final(arbitration, verdict, by=by, first=None, at=at)


def needs_second(arbitration: Arbitration, reason: str = "") -> bool:
    """Whether a second person must agree, by the amount in dispute or by the reason given."""
    return policies.body(arbitration.policy_version_id).needs_second(
        amount_minor=arbitration.amount_minor, currency=arbitration.currency, measures=(), reason=reason
    )


def _grave(arbitration: Arbitration) -> set[str]:
    reasons = policies.body(arbitration.policy_version_id).catalogue.ruling_reasons.values()
    return {reason.code for reason in reasons if reason.four_eyes}


def _pass_on(arbitration: Arbitration, seat: Review, next_seat: str, *, by: Actor, at: datetime) -> None:
    open_seat(arbitration, next_seat, at=at)
    said = {"seat": seat.seat, "next": next_seat}
    record(arbitration, "recommended", by=by, at=at, data=said, audience="platform")


def _final(arbitration: Arbitration, verdict: Verdict, *, by: Actor, first: int | None, at: datetime) -> Decision:
    ruling = Ruling.from_dict(verdict.terms or {})
    policy = policies.body(arbitration.policy_version_id)
    decision = review.record_decision(
        case_type="arbitration",
        case_id=arbitration.id,
        case_ref=arbitration.ref,
        verdict=verdict,
        rules=[rule_of(arbitration)],
        redress=[redress.code for redress in policy.redress],
        locale=session().get_one(Shop, arbitration.shop_id).locale,
        by=by,
        decided_by=first or by.person_id,
        second_by=by.person_id if first else None,
        at=at,
    )
    clock = deadlines.running("arbitration", arbitration.id, "decision")
    if clock is not None:
        deadlines.meet(clock, at=at)
    arbitration.outcome, arbitration.liability, arbitration.decided_at = verdict.outcome, ruling.liability, at
    arbitration.refund_minor = ruling.refund_minor(arbitration.amount_minor)
    arbitration.overdue = False
    _after_ruling(arbitration, ruling, decision.sha256, by=by, at=at)
    return decision


def rule_of(arbitration: Arbitration) -> dict[str, Any]:
    """The rule a ruling rests on: who had to prove what for this reason of a request, as the policy words it."""
    cause = policies.body(arbitration.policy_version_id).catalogue.causes[arbitration.reason_code]
    said = {
        "name": [cause.name.zh, cause.name.en],
        "burden_of_proof": cause.burden_of_proof,
        "merchant": [cause.merchant_evidence.zh, cause.merchant_evidence.en],
        "buyer": [cause.buyer_evidence.zh, cause.buyer_evidence.en],
    }
    digest = hashlib.sha256(audit.canonical(said)).hexdigest()
    return {"code": cause.code, "text_sha256": digest, "policy": arbitration.policy_version_id}


def _after_ruling(arbitration: Arbitration, ruling: Ruling, decision: str, *, by: Actor, at: datetime) -> None:
    """The losers of a first ruling may go on; a re-review is the last word."""
    losers = ruling.losers()
    if arbitration.round == 2:
        parent = queries.rounds(arbitration)[0]
        finalise(arbitration, ruling, by=by, at=at, action="ruled", decision=decision)
        found = review.decisions_of("arbitration", arbitration.id)[0].findings
        conclude(parent, ruling, by=by, at=at, findings=found)
        return
    if not losers:
        finalise(arbitration, ruling, by=by, at=at, action="ruled", decision=decision)
        return
    said = {"outcome": arbitration.outcome, "liability": ruling.liability, "decision_sha256": decision}
    stage(arbitration, "decided", action="ruled", by=by, at=at, parties=losers, data=said)
    _may_appeal(arbitration)
    _tell_ruling(arbitration, ruling, at=at)


def _tell_ruling(arbitration: Arbitration, ruling: Ruling, *, at: datetime) -> None:
    """Tell both sides what was ruled; to a shop that lost, by the way the policy gives it to go on."""
    own = queries.own_clock(arbitration, "merchant")
    if own is None:
        tell(arbitration, "arbitration.ruled", at=at)
    else:
        kind = "arbitration.ruled_against" if own.kind == "file_appeal" else "arbitration.ruled_re_review"
        tell(arbitration, kind, at=at, due_at=own.due_at.isoformat())
    write_ruling(arbitration, ruling, at=at)


def _may_appeal(arbitration: Arbitration) -> None:
    for own in queries.clocks(arbitration):
        if own.kind == "file_appeal" and own.party == "merchant":
            arbitration.appeal_window, arbitration.appeal_due_at = "open", own.due_at
    session().flush()


def ask_for_evidence(
    arbitration: Arbitration,
    seat: Review,
    *,
    party: str,
    reason_code: str,
    text_to_party: str,
    deficiencies: Sequence[dict[str, Any]],
    by: Actor,
    at: datetime,
) -> EvidenceRequest:
    """Ask one side for more; the platform's time stops until it has come, or that side's time is over.

    Raises `Refused` when nothing is named, something unknown is named, or the policy's rounds are used up.
    """
    lifecycle.require(arbitration.status, "ask_for_evidence", "reviewer")
    policy = policies.arbitration(arbitration.policy_version_id)
    if arbitration.supplement_rounds >= policy.max_supplement_rounds:
        raise Refused("no_more_rounds", rounds=policy.max_supplement_rounds)
    _named(arbitration, party, deficiencies)
    asked = {"reason_code": reason_code, "text_to_party": text_to_party, "deficiencies": list(deficiencies)}
    review.conclude(seat, by=by, at=at, verdict=None, asked={"party": party, **asked})
    _stop_the_clock(arbitration, at)
    arbitration.supplement_rounds, arbitration.awaited = arbitration.supplement_rounds + 1, party
    said = {"party": party, "requirements": [lack["requirement_code"] for lack in deficiencies]}
    stage(arbitration, "more_evidence", action="evidence_requested", by=by, at=at, parties=(party,), data=said)
    if party == "merchant":
        tell(arbitration, "arbitration.evidence_requested", at=at, count=len(deficiencies))
    else:
        tell(arbitration, "arbitration.buyer_asked", at=at)
        write(arbitration, "buyer.evidence_requested", at=at)
    own = queries.own_clock(arbitration, party)
    assert own is not None
    return review.record_request(
        case_type="arbitration", case_id=arbitration.id, party=party, round=arbitration.supplement_rounds,
        reason_code=reason_code, text_to_party=text_to_party, deficiencies=deficiencies, by=by, at=at,
        deadline_id=own.id,
    )  # fmt: skip


def _named(arbitration: Arbitration, party: str, deficiencies: Sequence[dict[str, Any]]) -> None:
    cause = policies.body(arbitration.policy_version_id).catalogue.causes[arbitration.reason_code]
    known = {line.key for line in cause.requirements[party]} | {f"{party}_other"}
    if not deficiencies:
        raise Refused("no_deficiency")
    for deficiency in deficiencies:
        if deficiency["requirement_code"] not in known:
            raise Refused("no_such_requirement", requirement=deficiency["requirement_code"])


def _stop_the_clock(arbitration: Arbitration, at: datetime) -> None:
    running = deadlines.running("arbitration", arbitration.id, "decision")
    if running is not None:
        deadlines.pause(running, at=at)
