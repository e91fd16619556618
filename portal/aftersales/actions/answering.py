"""What a merchant answers to a request: yes, or no and why."""

from datetime import datetime

from portal import policies
from portal.aftersales import lifecycle
from portal.aftersales.actions.moving import Step, in_time, require, take
from portal.aftersales.actions.proving import seal, staged
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.refusals import Refused


def accept(case: AfterSale, *, by: Actor, at: datetime) -> None:
    """Agree to what is asked, as it is asked."""
    require(case, "accept", by)
    in_time(case, at, "merchant_response")
    agree(case)
    to = lifecycle.after_acceptance(case.kind)
    said = {"agreed_minor": case.agreed_minor}
    take(Step(case, "accepted", to, by, at, met=("merchant_response",), data=said, tell=due_notice(to)))


def agree(case: AfterSale) -> None:
    """What is asked is what is agreed."""
    case.remedy = lifecycle.remedy_of(case.kind)
    case.agreed_minor = case.requested_minor if case.remedy == "refund" else None


def due_notice(to: str) -> str:
    """The notice of a step that leads here: only the money's end is told to whoever agreed to it."""
    return "aftersale.refund_due" if to == "refund_pending" else ""


def refuse(case: AfterSale, *, reason_code: str, note: str, key: str, by: Actor, at: datetime) -> None:
    """Refuse, with a reason; the policy says which ones need an exhibit, which is sealed with it.

    `key` is the form's one-time key. The buyer can then go to the platform, for as long as the policy says.
    """
    require(case, "refuse", by)
    in_time(case, at, "merchant_response")
    policy = policies.aftersales(case.policy_version_id)
    if reason_code not in policies.body(case.policy_version_id).catalogue.refusals:
        raise Refused("no_such_reason", name=reason_code)
    if reason_code in policy.refusals_with_evidence and not staged(case, "merchant"):
        raise Refused("refusal_needs_evidence")
    case.refusal_code, case.refusal_note = reason_code, words(case, note)
    said = {"refusal_code": reason_code} | seal(case, "merchant", key, note, by=by, at=at)
    take(Step(case, "refused", "refused", by, at, met=("merchant_response",), data=said))


def words(case: AfterSale, text: str) -> str:
    """What somebody wrote, if it is not too long."""
    most = policies.aftersales(case.policy_version_id).statement_max
    if len(text) > most:
        raise Refused("statement_too_long", most=most, length=len(text))
    return text
