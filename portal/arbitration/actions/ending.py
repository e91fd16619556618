"""How an arbitration ends: its ruling applies, or the parties end it before."""

from datetime import datetime
from textwrap import shorten

from portal import aftersales, deadlines, penalties, policies, review
from portal.accounts.models import Shop
from portal.aftersales import How, Terms
from portal.aftersales.models import AfterSale
from portal.arbitration import lifecycle, onward, queries
from portal.arbitration.actions.moving import gains, party_of, record, tell
from portal.arbitration.actions.writing import write_final
from portal.arbitration.lifecycle import Ruling
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM, Actor
from portal.db import session
from portal.penalties import Finding, Sanction

LONGEST_FACTS = 1000


def finalise(
    arbitration: Arbitration,
    ruling: Ruling | None,
    *,
    by: Actor,
    at: datetime,
    action: str,
    findings: str | None = None,
    clock_from: datetime | None = None,
    decision: str = "",
) -> None:
    """The last word is spoken: what was ruled applies to the case; with None it is another round's to apply.

    `findings` are those of the ruling, if not the first one's; `clock_from` is when the next party's time begins;
    `decision` is the hash of the decision that ended it, for the history.
    """
    came_from = arbitration.status
    _close(arbitration, "final", at)
    said = {"outcome": arbitration.outcome} if arbitration.outcome else {}
    said |= {"decision_sha256": decision} if decision else {}
    record(arbitration, action, by=by, at=at, moved=(came_from, "final"), data=said)
    if ruling is None or arbitration.round == 2:
        return
    refund = ruling.refund_minor(arbitration.amount_minor)
    tell(arbitration, "arbitration.final", at=at, **gains(arbitration, ruling))
    terms = Terms(lifecycle.OFFER_OF[ruling.kind], refund, worth_minor=ruling.worth_minor(arbitration.amount_minor))
    aftersales.leave_arbitration(arbitration.after_sale, terms, by=SYSTEM, at=at, clock_from=clock_from)
    write_final(arbitration, action, at=at)
    if ruling.penalty:
        _penalise(arbitration, findings, clock_from or at)


def conclude(
    arbitration: Arbitration,
    ruling: Ruling | None,
    *,
    by: Actor,
    at: datetime,
    findings: str | None = None,
    clock_from: datetime | None = None,
) -> None:
    """The second instance of a ruling has ended: with another one and its findings, or with None: the first stands.

    It follows by itself from what ended there; `by` is who did that, and nobody can do this alone.
    """
    lifecycle.require(arbitration.status, "conclude", party_of(SYSTEM))
    first = ruling_of(arbitration)
    arbitration.replaced = ruling is not None and ruling.to_dict() != first.to_dict()
    action = "replaced" if arbitration.replaced else "upheld"
    finalise(arbitration, ruling or first, by=by, at=at, action=action, findings=findings, clock_from=clock_from)


def ruling_of(arbitration: Arbitration) -> Ruling:
    """What was ruled in this round, as its decision has it."""
    return Ruling.from_dict(review.decisions_of("arbitration", arbitration.id)[0].terms or {})


def end(case: AfterSale, how: How, /, *, by: Actor, at: datetime) -> None:
    """The parties agreed, or the buyer called it off: every open round of the case ends with it."""
    for arbitration in reversed(queries.of_case(case)):
        if arbitration.status in lifecycle.OVER:
            continue
        came_from = arbitration.status
        lifecycle.require(came_from, "settle" if how == "settled" else "withdraw", party_of(by))
        _close(arbitration, how, at)
        record(arbitration, how, by=by, at=at, moved=(came_from, how))
        onward.ended(arbitration, by=by, at=at)


def _close(arbitration: Arbitration, status: str, at: datetime) -> None:
    """From here on the database refuses to change the row."""
    deadlines.cancel_all("arbitration", arbitration.id, at=at)
    review.cancel_seats("arbitration", arbitration.id, at=at)
    arbitration.status, arbitration.ended_at, arbitration.due_at = status, at, None
    arbitration.stage_at, arbitration.overdue = at, False
    if status == "final":
        arbitration.disclosed_at = at
    if arbitration.appeal_window == "open":
        arbitration.appeal_window = "closed"
    session().flush()


def _penalise(arbitration: Arbitration, findings: str | None, at: datetime) -> None:
    """A ruling may bring a penalty with it, which has an appeal of its own; that one never reopens the refund.

    Its facts are what was found, as the shop may read it.
    """
    code = policies.arbitration(arbitration.policy_version_id).penalty_rule
    if not code:
        return
    found = findings or review.decisions_of("arbitration", arbitration.id)[0].findings
    shown = aftersales.as_read(arbitration.after_sale, "merchant", aftersales.PLATFORM, found)
    finding = Finding(
        external_id=arbitration.ref,
        source="arbitration",
        rule_code=code,
        facts=shorten(shown, LONGEST_FACTS, placeholder="…"),
        order_no=arbitration.order_no,
        currency=arbitration.currency,
        sanctions=(Sanction("points"),),
        notified_at=at,
    )
    penalties.issue(session().get_one(Shop, arbitration.shop_id), finding, by=SYSTEM, at=at)
