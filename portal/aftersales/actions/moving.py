"""One step of one or of many cases: the row, the order's figures, the clocks, and the record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from portal import audit, deadlines, policies
from portal.aftersales import claims, lifecycle, onward, queries
from portal.aftersales.actions.telling import tell
from portal.aftersales.models import AfterSale, Offer
from portal.audit import Actor, Entry
from portal.db import session
from portal.deadlines.models import Deadline


@dataclass(slots=True)
class Step:
    """What happens to a case. `offer_by` is whose offer waits afterwards, `met` the deadlines this has answered.

    `clock_from` is when the next deadline begins, if not `at`; `without` names those that don't begin anew. `tell` is
    the notice to the shop; none without it. The buyer is told of every step but their own.
    """

    case: AfterSale
    action: str
    to: str
    by: Actor
    at: datetime
    resolution: str | None = None
    offer_by: str | None = None
    met: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    tell: str = ""
    clock_from: datetime | None = None
    without: tuple[str, ...] = ()
    came_from: str | None = None
    is_new: bool = False
    due_at: datetime | None = None


def require(case: AfterSale, verb: str, by: Actor) -> Offer | None:
    """The open offer, if this verb may be done by this side now; else refused with `transition_not_allowed`."""
    offer = queries.open_offer(case) if case.status in lifecycle.TALKING else None
    lifecycle.require(case.status, verb, lifecycle.role_of(by.role), offer_by=offer.by_party if offer else None)
    if verb != "say":
        hold(case)
    return offer


def hold(case: AfterSale) -> None:
    """Lock the row of the case before anything that hangs on it; raises `Overtaken` if it is not what was read."""
    flag_modified(case, "moved_at")
    session().flush()


def lock(case: AfterSale) -> None:
    """Lock the row of the case and see it as it is now; no step, so that what pages show of it stays good."""
    session().refresh(case, with_for_update=True)


def in_time(case: AfterSale, at: datetime, *kinds: str) -> None:
    """Refuse with `too_late` unless each of these deadlines runs and this instant is before it."""
    for kind in kinds:
        deadlines.in_force("aftersale", case.id, kind, at=at)


def take(step: Step) -> None:
    """Do one step."""
    take_all([step])


def take_all(steps: Sequence[Step]) -> None:
    """Do the steps of many different cases at once; raises `Overtaken` if one of them moved meanwhile."""
    if not steps:
        return
    for step in steps:
        _stand(step)
    session().flush()
    _settle(steps)
    _set_clocks(steps)
    session().flush()
    audit.record_all([_entry(step) for step in steps])
    tell(steps)


def _stand(step: Step) -> None:
    case = step.case
    step.came_from = None if step.is_new else case.status
    case.status, case.tab, case.moved_at = step.to, lifecycle.TAB_OF[step.to], step.at
    if not _stays_in_arbitration(step):
        case.turn = lifecycle.turn(step.to, step.offer_by)
    if step.to == "closed":
        case.resolution, case.closed_at = step.resolution, step.at
    if not set(lifecycle.clocks(step.to, step.offer_by)) - set(step.without) and not _stays_in_arbitration(step):
        case.due_at = None
    flag_modified(case, "moved_at")


def _stays_in_arbitration(step: Step) -> bool:
    """Whose turn it is there, and until when, is the arbitration's to say: see `await_arbitration`."""
    return step.to == "in_arbitration" == step.came_from


def await_arbitration(case: AfterSale, *, turn: str, due_at: datetime | None, at: datetime) -> None:
    """Show in the lists whose turn it is in the arbitration of this case, and until when."""
    case.turn, case.due_at, case.moved_at = turn, due_at, at
    flag_modified(case, "moved_at")
    session().flush()


def _settle(steps: Sequence[Step]) -> None:
    """What was not promised before and is now; and what ended without help."""
    promised = [step.case for step in steps if step.to == "refund_pending" != step.came_from]
    ended = [step.case for step in steps if step.to == "closed"]
    ruled = onward.ruled_among([case.id for case in ended])
    released = [case for case in ended if not lifecycle.holds("closed", case.resolution, ruled=case.id in ruled)]
    claims.settle(promised, released)


def _set_clocks(steps: Sequence[Step]) -> None:
    """End the deadlines that no longer fit and start those that do; a case shows the earliest that runs."""
    running = queries.clocks([step.case.id for step in steps])
    starts: list[tuple[Step, deadlines.Start]] = []
    earliest: dict[int, list[datetime]] = {step.case.id: [] for step in steps}
    for step in steps:
        kept = _end(step, running[step.case.id])
        earliest[step.case.id] += [deadline.due_at for deadline in kept]
        there = {deadline.kind for deadline in kept}
        wanted = lifecycle.clocks(step.to, step.offer_by)
        starts += [(step, _start(step, kind, wanted[kind])) for kind in wanted if kind not in (*there, *step.without)]
    session().flush()
    counted = deadlines.start_all([start for _step, start in starts])
    for (step, _start_of), due in zip(starts, counted, strict=True):
        earliest[step.case.id].append(due.due_at)
    for step in steps:
        step.due_at = min(earliest[step.case.id], default=None)
        if step.due_at and step.to != "in_arbitration":
            step.case.due_at = step.due_at


def _end(step: Step, running: Sequence[Deadline]) -> list[Deadline]:
    """Meet what was answered, cancel what no longer matters, keep the rest."""
    wanted, kept = lifecycle.clocks(step.to, step.offer_by), []
    for deadline in running:
        if deadline.kind in step.met:
            deadlines.meet(deadline, at=step.at)
        elif wanted.get(deadline.kind) == deadline.party:
            kept.append(deadline)
        else:
            deadlines.cancel(deadline, at=step.at)
    return kept


def _start(step: Step, kind: str, party: str) -> deadlines.Start:
    policy = policies.aftersales(step.case.policy_version_id)
    return deadlines.Start(
        subject_type="aftersale",
        subject_id=step.case.id,
        kind=kind,
        party=party,
        spec=policy.windows[kind],
        at=step.clock_from or step.at,
        policy_version_id=step.case.policy_version_id,
    )


def _entry(step: Step) -> Entry:
    case = step.case
    said = step.data | ({"resolution": case.resolution} if case.resolution else {})
    said |= {"due_at": case.due_at.isoformat()} if case.due_at else {}
    return Entry(case.ref, f"aftersale.{step.action}", step.at, step.by, step.came_from, step.to, said)
