"""A ruling that both sides lost: the appeal of the shop takes nothing from the buyer's own time."""

import pytest

from jobs.sweep import sweep
from portal import appeals
from portal.appeals.models import Appeal
from portal.arbitration import queries
from portal.arbitration.models import Arbitration
from portal.db import end_reading, session
from tests import make as world
from tests import rulings
from tests.arbitration import buyer_of, hand_in
from tests.make import NOON
from tests.portal.arbitration.conftest import Court
from tests.portal.arbitration.doing import DAY, HOUR, anew, case_of, do, refused, sound


@pytest.fixture
def shared(court: Court) -> Arbitration:
    """Each bears a part of it."""
    ruled: Arbitration = do(rulings.lost, court.shop, court.merchant, court.reviewer, kind="refund_partial")
    return ruled


@pytest.fixture
def appealed(court: Court, shared: Arbitration) -> Appeal:
    """The shop has appealed it."""
    appeal: Appeal = do(rulings.an_appeal, shared, court.merchant)
    return appeal


def fresh(appeal: Appeal) -> Appeal:
    """The row as it is now."""
    end_reading()
    return session().get_one(Appeal, appeal.id)


def clock(found: Arbitration) -> str:
    """Which time of the buyer runs."""
    own = queries.own_clock(anew(found), "buyer")
    return own.kind if own else ""


def test_an_appeal_taken_back_gives_nothing_away_for_the_buyer(
    court: Court, shared: Arbitration, appealed: Appeal
) -> None:
    assert (anew(shared).status, clock(shared)) == ("second_instance", "re_review")
    do(appeals.actions.withdraw, fresh(appealed), by=court.merchant, at=NOON + HOUR)
    assert (anew(shared).status, clock(shared), case_of(shared).turn) == ("decided", "re_review", "buyer")
    sound()
    second = do(rulings.ask_again, anew(shared), NOON + 2 * DAY)
    assert (anew(shared).second_via, anew(second).status) == ("re_review", "rebuttal")
    sound()


def test_an_appeal_that_ran_out_of_time_gives_nothing_away_either(
    court: Court, shared: Arbitration, appealed: Appeal
) -> None:
    do(appeals.actions.withdraw, fresh(appealed), by=court.merchant, at=NOON + HOUR)
    sweep(NOON + 9 * DAY)
    assert (anew(shared).status, case_of(shared).status) == ("final", "refund_pending")
    sound()


def test_nobody_decides_the_appeal_while_the_buyer_may_still_go_on(
    court: Court, shared: Arbitration, appealed: Appeal
) -> None:
    do(hand_in, anew(shared), buyer_of(anew(shared)), NOON + HOUR, "商家说的不对")
    assert clock(shared) == "re_review"
    early = {"by": court.other, "outcome": "rejected", "at": NOON + 2 * DAY}
    assert refused(rulings.decide, fresh(appealed), **early) == "other_side_not_heard"
    sweep(NOON + 9 * DAY)
    assert (anew(shared).status, clock(shared)) == ("second_instance", "")
    do(rulings.decide, fresh(appealed), **early | {"at": NOON + 9 * DAY})
    assert (anew(shared).status, anew(shared).replaced, case_of(shared).status) == ("final", False, "refund_pending")
    sound()


def test_a_buyer_who_is_done_lets_the_appeal_be_decided(court: Court, shared: Arbitration, appealed: Appeal) -> None:
    do(rulings.heard, anew(shared), NOON + HOUR)
    do(rulings.decide, fresh(appealed), court.other, "partially_upheld", NOON + 2 * HOUR)
    assert (anew(shared).status, anew(shared).replaced) == ("final", True)
    sound()


def test_what_the_shop_adds_can_be_answered_too(court: Court) -> None:
    found = do(rulings.lost, court.shop, court.merchant, court.reviewer)
    appeal = do(rulings.an_appeal, found, court.merchant)
    assert clock(found) == "rebuttal"
    do(rulings.heard, anew(found), NOON + HOUR)
    do(world.ask_for_evidence, fresh(appeal), court.other, NOON + 2 * HOUR)
    assert clock(found) == ""
    do(world.supplement, fresh(appeal), court.merchant, NOON + 3 * HOUR)
    assert clock(found) == "rebuttal"
    sound()
