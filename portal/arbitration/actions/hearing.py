"""Both sides are heard: each hands in, answers the other, and is done, or its time is over."""

from collections.abc import Collection
from datetime import datetime

from portal import aftersales, deadlines, evidence, policies, review
from portal.aftersales.models import AfterSale
from portal.arbitration import lifecycle, queries
from portal.arbitration.actions.moving import (
    hold,
    in_stage,
    own_time,
    party_of,
    record,
    show_due,
    stage,
    submissions,
    tell,
)
from portal.arbitration.actions.writing import write
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.evidence import Said, Side
from portal.evidence.models import Submission
from portal.refusals import Refused

KINDS = {"collecting": "initial", "more_evidence": "supplement", "rebuttal": "rebuttal", "second_instance": "rebuttal"}


def submit(
    arbitration: Arbitration, statement: str, *, key: str, by: Actor, at: datetime, shown: str | None = None
) -> Submission:
    """Hand in what this side has to say and to show, sealed; `key` is the form's one-time key.

    `shown` is the stage that the page had (see `stage_of`): an answer to what was not seen yet is none.
    While evidence is collected, or a loser may still go on, more can follow until the time is over; an answer, or what
    was asked for, comes once.
    Refused with `nothing_to_hand_in` or `statement_too_long`, after its time with `too_late`, and with
    `sent_with_other_words` if the form has been sent and said something else.
    """
    case, party = hold(arbitration), party_of(by)
    before = sent_before(case, party, key)
    if before is not None and before.statement == statement:
        return before
    in_stage(arbitration, shown)
    lifecycle.require(arbitration.status, "submit", party)
    own = own_time(arbitration, party, at)
    if before is not None:
        raise Refused("sent_with_other_words")
    _has_substance(arbitration, case, party, statement)
    sealed = seal(arbitration, case, party, statement, key=key, by=by, at=at)
    record(arbitration, "submitted", by=by, at=at, data=said(sealed))
    if party == "buyer" and arbitration.status != "more_evidence":  # the merchant is told at once to answer that
        tell(arbitration, _notice(arbitration), at=at, once=str(sealed.id))
    if party == "merchant":
        write(arbitration, "buyer.shop_submitted", at=at, once=str(sealed.id))
    if own.kind == "re_review":
        arbitration.disclosed_at = at
    if own.kind in ("evidence", "re_review"):
        show_due(arbitration, at)
    else:
        _done(arbitration, party, by=by, at=at)
    return sealed


def _notice(arbitration: Arbitration) -> str:
    """What the shop is told of what the buyer handed in: when it can be seen."""
    if arbitration.status == "collecting":
        return "arbitration.buyer_submitted"
    own = queries.own_clock(arbitration, "merchant")
    return "arbitration.buyer_answered" if own else "arbitration.buyer_answer_shown"


def finish(arbitration: Arbitration, *, by: Actor, at: datetime, shown: str | None = None) -> None:
    """Say that nothing more will come from this side; once both have, the next stage begins at once.

    `shown` is the stage that the page had.
    """
    hold(arbitration)
    party = party_of(by)
    in_stage(arbitration, shown)
    lifecycle.require(arbitration.status, "finish", party)
    own_time(arbitration, party, at)
    record(arbitration, "finished", by=by, at=at, data={"party": party})
    _done(arbitration, party, by=by, at=at)


def seal(
    arbitration: Arbitration, case: AfterSale, party: str, statement: str, *, key: str, by: Actor, at: datetime
) -> Submission:
    """Seal what this side has staged, with its words."""
    request = review.latest_request("arbitration", arbitration.id, party)
    answers = request.id if request and arbitration.status == "more_evidence" else None
    kind = KINDS.get(arbitration.status, "initial")
    words = Said(kind, key, statement, answers_request_id=answers)
    return evidence.seal(Side("aftersale", case.id, case.shop_id, party), words, by=by, at=at)


def sent_before(case: AfterSale, party: str, key: str) -> Submission | None:
    """What this side has handed in by the form with this key."""
    before = evidence.submission_by_key(key)
    return before if before is not None and (before.party, before.case_id) == (party, case.id) else None


def said(sealed: Submission) -> dict[str, object]:
    """What the record says of a submission."""
    return {
        "party": sealed.party,
        "submission": sealed.seq,
        "exhibits": len(sealed.manifest),
        "manifest_sha256": sealed.manifest_sha256,
    }


def _has_substance(arbitration: Arbitration, case: AfterSale, party: str, statement: str) -> None:
    most = policies.arbitration(arbitration.policy_version_id).statement_max
    if len(statement) > most:
        raise Refused("statement_too_long", most=most, length=len(statement))
    if not statement.strip() and not aftersales.actions.staged(case, party):
        raise Refused("nothing_to_hand_in")


def _done(arbitration: Arbitration, party: str, *, by: Actor, at: datetime) -> None:
    """This side's time has ended by its own word."""
    own = queries.own_clock(arbitration, party)
    if own is not None:
        deadlines.meet(own, at=at)
    if arbitration.status == "second_instance":
        arbitration.disclosed_at = at
        show_due(arbitration, at)
    else:
        advance(arbitration, by=by, at=at)


def advance(arbitration: Arbitration, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
    """Go on to the next stage if nobody's time runs any more: what is new is disclosed, and may be answered.

    `clock_from` is when the time to answer begins, if not at `at`. The stage is over no earlier than what was handed in
    last, which can have arrived after the word that ends it.
    """
    waiting = [one.party for one in queries.clocks(arbitration) if one.party in lifecycle.PARTIES]
    new_from = heard(arbitration)
    to = lifecycle.after_hearing(arbitration.status, waiting=waiting, new_from=new_from, asked=arbitration.awaited)
    if to == arbitration.status:
        show_due(arbitration, at)
        return
    at = max([at, *(one.sealed_at for one in submissions(arbitration))])
    answering = lifecycle.answering(arbitration.status, new_from, arbitration.awaited) if to == "rebuttal" else ()
    arbitration.disclosed_at, arbitration.awaited = at, None
    action = "disclosed" if to == "rebuttal" else "heard"
    stage(arbitration, to, action=action, by=by, at=at, parties=answering, clock_from=clock_from)
    if "merchant" in answering:
        tell(arbitration, "arbitration.disclosed", at=at)
    elif to == "under_decision":
        tell(arbitration, "arbitration.heard", at=at)
    if "buyer" in answering:
        write(arbitration, "buyer.disclosed", at=at)
    elif to == "under_decision":
        write(arbitration, "buyer.heard", at=at)


def heard(arbitration: Arbitration) -> Collection[str]:
    """Who handed something in since this stage began; what was the last of the stage before belongs to that one."""
    since = [one for one in submissions(arbitration) if one.sealed_at >= arbitration.stage_at]
    kind = KINDS.get(arbitration.status)
    return {one.party for one in since if arbitration.status == "collecting" or one.kind == kind}
