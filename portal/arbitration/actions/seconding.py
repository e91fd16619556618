"""The one second instance of a ruling: whoever of the losers comes first opens it, the other one joins it."""

from datetime import datetime

from portal import aftersales, deadlines, policies
from portal.arbitration import lifecycle, onward, queries
from portal.arbitration.actions.ending import conclude, finalise, ruling_of
from portal.arbitration.actions.hearing import said, seal, sent_before
from portal.arbitration.actions.moving import (
    hold,
    in_stage,
    own_time,
    party_of,
    record,
    show_due,
    stage,
    start_of,
    tell,
)
from portal.arbitration.actions.opening import again, put
from portal.arbitration.actions.writing import write
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.refusals import Refused

STATEMENT_LEAST = 20


def ask_again(
    arbitration: Arbitration,
    *,
    ground: str,
    statement: str,
    key: str,
    by: Actor,
    at: datetime,
    shown: str | None = None,
) -> Arbitration:
    """Ask for the one re-review, on a new fact or a stated error; another reviewer looks, after the other side.

    An appeal of the other side that is not decided yet ends with it: both are heard here. `key` is the form's one-time
    key, `shown` the stage that the page had. Refused to whoever lost nothing, after its time, or where the policy gives
    this side another way.
    """
    case, party = hold(arbitration), party_of(by)
    before = sent_before(case, party, key)
    if before is not None and before.statement == statement:
        return queries.of_case(case)[-1]
    in_stage(arbitration, shown)
    _require(arbitration, party, again=True)
    if policies.arbitration(arbitration.policy_version_id).second_instance[party] != "re_review":
        raise Refused("other_way")
    own_time(arbitration, party, at)
    _substance(arbitration, ground, statement)
    row = again(arbitration, ground=ground, by=by, at=at)
    put(row)
    sealed = seal(row, case, party, statement, key=key, by=by, at=at)
    _take_up(arbitration, "re_review", party, by=by, at=at)
    onward.ended(arbitration, by=by, at=at)
    row.disclosed_at = at
    other = "buyer" if party == "merchant" else "merchant"
    noted = {"ground": ground, **said(sealed)}
    stage(row, "rebuttal", action="re_review_opened", by=by, at=at, parties=(other,), data=noted)
    if other == "merchant":
        tell(row, "arbitration.re_review", at=at)
    else:
        write(row, "buyer.re_review", at=at)
    return row


def appealed(arbitration: Arbitration, *, by: Actor, at: datetime) -> None:
    """The merchant's appeal of this ruling has been handed in; the buyer may answer it, and so is heard there too.

    A buyer who lost as well keeps the whole of the own time, to answer or to ask for the re-review of both. The caller
    has checked that the window is open. What happens to the appeal comes back by `await_appeal`, `supplemented`,
    `conclude` and `given_up`.
    """
    hold(arbitration)
    _require(arbitration, "merchant", again=False)
    own_time(arbitration, "merchant", at)
    arbitration.appeal_rights_used += 1
    _take_up(arbitration, "appeal", "merchant", by=by, at=at)
    _may_answer(arbitration, at)
    write(arbitration, "buyer.appealed", at=at)


def supplemented(arbitration: Arbitration, *, by: Actor, at: datetime) -> None:
    """The merchant has handed in what the reviewer of the appeal asked for; the buyer may answer that, too."""
    hold(arbitration)
    _may_answer(arbitration, at)
    write(arbitration, "buyer.appeal_supplemented", at=at)


def given_up(arbitration: Arbitration, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
    """The appeal of this ruling ended undecided: the ruling applies, unless the buyer's own time to go on runs.

    `clock_from` is when the next party's time begins, if not at `at`.
    """
    own = queries.own_clock(arbitration, "buyer")
    if own is None or own.kind != "re_review" or not deadlines.in_time(own.due_at, at):
        conclude(arbitration, None, by=by, at=at, clock_from=clock_from)
        return
    lifecycle.require(arbitration.status, "conclude", "system")
    arbitration.status, arbitration.stage_at = "decided", at
    show_due(arbitration, at)
    record(arbitration, "appeal_given_up", by=by, at=at, moved=("second_instance", "decided"))
    write(arbitration, "buyer.appeal_given_up", at=at)


def await_appeal(arbitration: Arbitration, *, turn: str, due_at: datetime, at: datetime) -> None:
    """Show in the lists whose turn it is in the appeal of this ruling, and until when."""
    arbitration.due_at = due_at
    show_due(arbitration, at)
    aftersales.actions.await_arbitration(arbitration.after_sale, turn=turn, due_at=due_at, at=at)


def window_over(arbitration: Arbitration, party: str, *, by: Actor, at: datetime, clock_from: datetime) -> None:
    """A loser's time to go on is over; once that is so for all, the ruling applies, and the next time begins."""
    if party == "merchant" and arbitration.appeal_window == "open":
        arbitration.appeal_window = "closed"
    record(arbitration, "accepted_by_silence", by=by, at=at, data={"party": party})
    others = [one for one in queries.clocks(arbitration) if one.party in lifecycle.PARTIES]
    if others or arbitration.status == "second_instance":
        show_due(arbitration, at)
    else:
        finalise(arbitration, ruling_of(arbitration), by=by, at=at, action="final", clock_from=clock_from)


def _require(arbitration: Arbitration, party: str, *, again: bool) -> None:
    """Go on once; an appeal that is looked at can still be joined, `again`, in the own time for a re-review."""
    own = queries.own_clock(arbitration, party)
    joins = again and own is not None and own.kind == "re_review"
    if arbitration.status == "second_instance" and not joins:
        raise Refused("transition_not_allowed", status=arbitration.status, verb="ask_again")
    lifecycle.require(arbitration.status, "ask_again", party)


def _may_answer(arbitration: Arbitration, at: datetime) -> None:
    if queries.own_clock(arbitration, "buyer") is None:
        deadlines.start_all([start_of(arbitration, "rebuttal", "buyer", at)])


def _substance(arbitration: Arbitration, ground: str, statement: str) -> None:
    most = policies.arbitration(arbitration.policy_version_id).statement_max
    if ground not in lifecycle.AGAIN_GROUNDS:
        raise Refused("no_such_ground")
    if not STATEMENT_LEAST <= len(statement.strip()) <= most:
        raise Refused("statement_length", least=STATEMENT_LEAST, most=most, length=len(statement.strip()))


def _take_up(arbitration: Arbitration, way: str, party: str, *, by: Actor, at: datetime) -> None:
    """The ruling waits for its second instance; a re-review ends the other loser's time, because it is in this one."""
    for own in queries.clocks(arbitration):
        if own.party == party:
            deadlines.meet(own, at=at)
        elif way == "re_review":
            deadlines.cancel(own, at=at)
    if arbitration.appeal_window == "open":
        arbitration.appeal_window = "closed"
    came_from, arbitration.status = arbitration.status, "second_instance"
    arbitration.second_via, arbitration.stage_at, arbitration.due_at = way, at, None
    session().flush()
    record(arbitration, "second_instance", by=by, at=at, moved=(came_from, "second_instance"), data={"way": way})
