"""The one second instance of a ruling: whoever of the losers comes first opens it, the other one joins it."""

from datetime import datetime

from portal import aftersales, deadlines, evidence, policies
from portal.arbitration import lifecycle, onward, queries
from portal.arbitration.actions.ending import finalise, ruling_of
from portal.arbitration.actions.hearing import said, seal
from portal.arbitration.actions.moving import hold, own_time, party_of, record, show_due, stage, start_of, tell
from portal.arbitration.actions.opening import again, put
from portal.arbitration.actions.writing import write
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session
from portal.refusals import Refused

STATEMENT_LEAST = 20


def ask_again(
    arbitration: Arbitration, *, ground: str, statement: str, key: str, by: Actor, at: datetime
) -> Arbitration:
    """Ask for the one re-review, on a new fact or a stated error; another reviewer looks, after the other side.

    `key` is the form's one-time key. Refused to whoever lost nothing, after its time, or where the policy gives this
    side another way.
    """
    case, party = hold(arbitration), party_of(by)
    before = evidence.submission_by_key(key)
    if before is not None and before.party == party and before.case_id == case.id:
        return queries.of_case(case)[-1]
    lifecycle.require(arbitration.status, "ask_again", party)
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
    stage(
        row,
        "rebuttal",
        action="re_review_opened",
        by=by,
        at=at,
        parties=(other,),
        data={"ground": ground, **said(sealed)},
    )
    if other == "merchant":
        tell(row, "arbitration.re_review", at=at)
    else:
        write(row, "buyer.re_review", at=at)
    return row


def appealed(arbitration: Arbitration, *, by: Actor, at: datetime) -> None:
    """The merchant's appeal of this ruling has been handed in; the buyer may answer it, and so is heard there too.

    The caller has checked that the window is open. What happens to the appeal comes back by `await_appeal` and
    `conclude`.
    """
    hold(arbitration)
    lifecycle.require(arbitration.status, "ask_again", "merchant")
    own_time(arbitration, "merchant", at)
    arbitration.appeal_rights_used += 1
    _take_up(arbitration, "appeal", "merchant", by=by, at=at)
    deadlines.start_all([start_of(arbitration, "rebuttal", "buyer", at)])
    write(arbitration, "buyer.appealed", at=at)


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
    if [one for one in queries.clocks(arbitration) if one.party in lifecycle.PARTIES]:
        show_due(arbitration, at)
    else:
        finalise(arbitration, ruling_of(arbitration), by=by, at=at, action="final", clock_from=clock_from)


def _substance(arbitration: Arbitration, ground: str, statement: str) -> None:
    most = policies.arbitration(arbitration.policy_version_id).statement_max
    if ground not in lifecycle.AGAIN_GROUNDS:
        raise Refused("no_such_ground")
    if not STATEMENT_LEAST <= len(statement.strip()) <= most:
        raise Refused("statement_length", least=STATEMENT_LEAST, most=most, length=len(statement.strip()))


def _take_up(arbitration: Arbitration, way: str, party: str, *, by: Actor, at: datetime) -> None:
    """The ruling waits for its second instance; the other loser's time to open one ends, because it is in this one."""
    for own in queries.clocks(arbitration):
        if own.party == party:
            deadlines.meet(own, at=at)
        else:
            deadlines.cancel(own, at=at)
    if arbitration.appeal_window == "open":
        arbitration.appeal_window = "closed"
    came_from, arbitration.status = arbitration.status, "second_instance"
    arbitration.second_via, arbitration.stage_at, arbitration.due_at = way, at, None
    session().flush()
    record(arbitration, "second_instance", by=by, at=at, moved=(came_from, "second_instance"), data={"way": way})
