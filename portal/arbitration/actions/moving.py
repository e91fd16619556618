"""From stage to stage: the row, its clocks, what the lists show of it, the record, and who is told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal import aftersales, audit, deadlines, messages, policies, review
from portal.accounts.models import Membership, Shop
from portal.aftersales.models import AfterSale
from portal.arbitration import lifecycle, queries
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.deadlines.models import Deadline
from portal.evidence.models import Submission
from portal.refusals import Overtaken, Refused
from portal.review.models import Review

OF_PARTY = "merchant_"
TO_APPEAL = ("arbitration.ruled_against", "arbitration.appeal_reminder", "arbitration.more_time_to_appeal")
LEADS_TO = dict.fromkeys(TO_APPEAL, "ruling")
"""The notices that lead to the ruling, where it is appealed; all else is done in the after-sales case."""


def party_of(by: Actor) -> str:
    """The side on which this person acts, or `reviewer`, `platform`, `system`."""
    if by.role.startswith(OF_PARTY):
        return "merchant"
    if by.role in ("reviewer", "senior_reviewer"):
        return "reviewer"
    return by.role if by.role in ("buyer", "system") else "platform"


def hold(arbitration: Arbitration) -> AfterSale:
    """Lock the case and its hearings as they are now, in the order of every verb; what was read before is renewed."""
    ask = select(AfterSale).where(AfterSale.id == arbitration.after_sale_id).with_for_update()
    case = session().scalars(ask.execution_options(populate_existing=True)).one()
    again = select(Arbitration).where(Arbitration.after_sale_id == case.id).order_by(Arbitration.id).with_for_update()
    session().scalars(again.execution_options(populate_existing=True)).all()
    return case


def touch(arbitration: Arbitration) -> None:
    """Write the row, and with it its version: of two verbs at once the second is told; raises `Overtaken`."""
    flag_modified(arbitration, "stage_at")
    session().flush()


def stage_of(arbitration: Arbitration) -> str:
    """The stage as a page shows it; what either side does within it leaves it as it is."""
    return f"{arbitration.ref}:{arbitration.status}:{arbitration.stage_at.isoformat()}"


def in_stage(arbitration: Arbitration, shown: str | None) -> None:
    """Raise `Overtaken` if this is another stage than the one the page `shown` to the person had; None asks nothing."""
    if shown is not None and shown != stage_of(arbitration):
        raise Overtaken("stage_over")


def own_time(arbitration: Arbitration, party: str, at: datetime) -> Deadline:
    """The deadline of this party, if its time runs and this instant is before its end; else refused with `too_late`."""
    own = queries.own_clock(arbitration, party)
    if own is None or not deadlines.in_time(own.due_at, at):
        raise Refused("too_late", due_at=own.due_at if own else None)
    return own


def stage(
    arbitration: Arbitration,
    to: str,
    *,
    action: str,
    by: Actor,
    at: datetime,
    parties: Collection[str] = (),
    data: Mapping[str, Any] | None = None,
    clock_from: datetime | None = None,
) -> None:
    """Enter a stage: whose time begins (`parties`), or the platform's, which goes on where it was stopped.

    The parties' time begins at `clock_from`, if not at `at`; the platform's own never waits for its sweep.
    """
    came_from = arbitration.status
    arbitration.status, arbitration.stage_at = to, at
    if to == "under_decision":
        _decision_clock(arbitration, at)
    else:
        begins = clock_from or at
        clocks = [(clock_of(arbitration, to, party), party) for party in parties]
        deadlines.start_all([start_of(arbitration, kind, party, begins) for kind, party in clocks])
    show_due(arbitration, at)
    record(arbitration, action, by=by, at=at, moved=(came_from, to), data=data)
    if to == "under_decision":
        open_seat(arbitration, "primary", at=at)


def clock_of(arbitration: Arbitration, status: str, party: str) -> str:
    """Which kind of deadline runs for this party in this status; a loser's is that of its way to go on."""
    if status != "decided":
        return lifecycle.CLOCKS[status]
    way = policies.arbitration(arbitration.policy_version_id).second_instance[party]
    return {"appeal": "file_appeal", "re_review": "re_review"}[way]


def start_of(arbitration: Arbitration, kind: str, party: str, at: datetime) -> deadlines.Start:
    """A deadline of this kind for this party, to be started."""
    windows = policies.arbitration(arbitration.policy_version_id).windows
    return deadlines.Start(
        subject_type="arbitration",
        subject_id=arbitration.id,
        kind=kind,
        party=party,
        spec=windows["second_instance" if kind in ("file_appeal", "re_review") else kind],
        at=at,
        policy_version_id=arbitration.policy_version_id,
    )


def _decision_clock(arbitration: Arbitration, at: datetime) -> None:
    paused = [one for one in queries.clocks(arbitration) if one.kind == "decision" and one.state == "paused"]
    if paused:
        deadlines.resume(paused[0], at=at)
    else:
        deadlines.start_all([start_of(arbitration, "decision", "platform", at)])
    arbitration.overdue = False


def show_due(arbitration: Arbitration, at: datetime) -> None:
    """Put the earliest time that runs, and whose it is, where the lists read it.

    While a second instance goes on that is its time, not this one's: see `await_appeal`.
    """
    if arbitration.status == "second_instance":
        touch(arbitration)
        return
    running = [one for one in queries.clocks(arbitration) if one.state == "running"]
    if running:
        arbitration.due_at = min(one.due_at for one in running)
    touch(arbitration)
    if arbitration.ended_at is None:
        whose = {one.party for one in running}
        turn = "both" if whose >= set(lifecycle.PARTIES) else next(iter(whose & set(lifecycle.PARTIES)), "platform")
        aftersales.actions.await_arbitration(arbitration.after_sale, turn=turn, due_at=arbitration.due_at, at=at)


def open_seat(arbitration: Arbitration, seat: str, *, at: datetime) -> Review:
    """Put the case into the reviewers' queue; a first look opens a new attempt."""
    if seat == "primary":
        arbitration.attempt += 1
        session().flush()
    assert arbitration.due_at is not None
    sides = [one.party for one in submissions(arbitration)]
    return review.open_seat(
        case_type="arbitration",
        case_id=arbitration.id,
        case_ref=arbitration.ref,
        attempt=arbitration.attempt,
        seat=seat,
        title_code=arbitration.title_code,
        shop=session().get_one(Shop, arbitration.shop_id),
        amount_minor=arbitration.amount_minor,
        currency=arbitration.currency,
        exhibits=f"{len(set(sides))}/2",
        due_at=arbitration.due_at,
        barred=barred(arbitration),
        at=at,
    )


def submissions(arbitration: Arbitration) -> Sequence[Submission]:
    """What either side handed in about the case, in negotiation or since, oldest first."""
    ask = select(Submission).where(Submission.case_type == "aftersale", Submission.case_id == arbitration.after_sale_id)
    return session().scalars(ask.order_by(Submission.id)).all()


def barred(arbitration: Arbitration) -> list[int]:
    """Who may not decide: whoever belongs to the shop, handed something in, or judged this dispute before."""
    members = session().scalars(select(Membership.person_id).where(Membership.shop_id == arbitration.shop_id))
    submitters = [one.sealed_by for one in submissions(arbitration)]
    everybody = (*members, *submitters, *queries.deciders(arbitration))
    return sorted({person for person in everybody if person is not None})


def record(
    arbitration: Arbitration,
    action: str,
    *,
    by: Actor,
    at: datetime,
    moved: tuple[str | None, str | None] | None = None,
    data: Mapping[str, Any] | None = None,
    audience: str = "parties",
) -> None:
    """Write into the history of this arbitration; without `moved` it stays in its status."""
    due = {"due_at": arbitration.due_at.isoformat()} if arbitration.due_at else {}
    stays = (arbitration.status, arbitration.status)
    said = {**(data or {}), **due}
    audit.record(
        arbitration.ref, f"arbitration.{action}", by=by, at=at, moved=moved or stays, data=said, audience=audience
    )


def tell(
    arbitration: Arbitration,
    kind: str,
    *,
    at: datetime,
    to: messages.Recipient | None = None,
    once: str = "",
    **more: Any,
) -> None:
    """Tell the shop, or whoever `to` is; `once` tells two of one kind apart that the version doesn't."""
    case = arbitration.after_sale
    due = arbitration.due_at.isoformat() if arbitration.due_at else None
    messages.tell(
        f"{kind}:{arbitration.ref}:{arbitration.version}{once and f':{once}'}",
        to=to or messages.to_shop(arbitration.shop_id),
        kind=kind,
        params={
            "ref": case.ref,
            "order_no": case.order_no,
            "amount_minor": arbitration.amount_minor,
            **gains(arbitration),
            "currency": arbitration.currency,
            "due_at": due,
            **more,
        },
        case=("arbitration", arbitration.ref) if to else (LEADS_TO.get(kind, "aftersale"), case.ref),
        at=at,
    )


def gains(arbitration: Arbitration, ruling: lifecycle.Ruling | None = None) -> dict[str, Any]:
    """What a notice can say of what was ruled: how, how much money (none for goods), and if goods go back first.

    `ruling` is the one that applies, if it is not this arbitration's own.
    """
    outcome = ruling.kind if ruling else arbitration.outcome
    refund = ruling.refund_minor(arbitration.amount_minor) if ruling else arbitration.refund_minor
    first = outcome == "exchange_or_reship" and arbitration.after_sale.goods_first("replacement")
    return {"outcome": outcome, "refund_minor": refund or 0, "goods_first": first}
