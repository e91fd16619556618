"""Both sides are heard, in stages, and the silence of one blocks nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import aftersales, audit, evidence, policies
from portal.arbitration import actions, queries, rooms
from portal.arbitration.actions.hearing import heard
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.evidence import bring
from portal.messages.models import Notice
from portal.refusals import Refused
from tests import arbitration as make
from tests.make import NOON, a_picture
from tests.portal.aftersales.doing import told
from tests.portal.arbitration.conftest import Court
from tests.portal.arbitration.doing import do

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def again(found):
    """The row as it is now."""
    end_reading()
    return session().get_one(type(found), found.id)


def test_evidence_is_collected_answered_and_ruled_on(court: Court) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
        make.hand_in(found, court.merchant)
        make.hand_in(found, make.buyer_of(found))
        actions.finish(found, by=court.merchant, at=NOON)
        assert found.status == "collecting"
        actions.finish(found, by=make.buyer_of(found), at=NOON)
        assert found.status == "rebuttal"
        make.hand_in(found, court.merchant, NOON + HOUR)
        make.hand_in(found, make.buyer_of(found), NOON + HOUR)
        assert found.status == "under_decision"
    assert list(invariants.faults()) == []


def test_a_side_that_used_its_files_can_still_show_what_answers_the_other(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
    one = replace(policies.arbitration(found.policy_version_id), max_files=1)
    monkeypatch.setattr(policies, "arbitration", lambda _version: one)

    def show(at: datetime) -> None:
        file = bring(a_picture((at.hour, at.minute, 9)), "图.jpg")
        do(aftersales.actions.attach, again(found).after_sale, file, by=court.merchant, at=at)

    show(NOON)
    for by in (court.merchant, make.buyer_of(again(found))):
        do(make.hand_in, again(found), by)
    with pytest.raises(Refused, match="too_many_files"):
        show(NOON + timedelta(minutes=1))
    for by in (court.merchant, make.buyer_of(again(found))):
        do(actions.finish, again(found), by=by, at=NOON + HOUR)
    show(NOON + HOUR)


def test_the_silence_of_both_is_written_down_and_blocks_nothing(court: Court) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
    sweep(NOON + 4 * DAY)
    assert again(found).status == "under_decision"
    silent = [event for event in audit.timeline(found.ref) if event.action == "arbitration.silent"]
    assert sorted(event.data["party"] for event in silent) == ["buyer", "merchant"]
    assert list(invariants.faults()) == []


@pytest.mark.parametrize("party", ["buyer", "merchant"])
def test_only_the_side_that_handed_nothing_in_is_silent(court: Court, party: str) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
        make.hand_in(found, court.merchant if party == "merchant" else make.buyer_of(found), NOON + HOUR)
    sweep(NOON + 4 * DAY)
    silent = [event for event in audit.timeline(found.ref) if event.action == "arbitration.silent"]
    assert [event.data["party"] for event in silent] == [{"buyer": "merchant", "merchant": "buyer"}[party]]
    assert again(found).status == "rebuttal"


def test_what_came_in_just_before_the_last_word_is_there_to_be_answered(court: Court) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
        make.hand_in(found, court.merchant, NOON + HOUR + timedelta(milliseconds=5))
        actions.finish(found, by=court.merchant, at=NOON + HOUR + timedelta(milliseconds=5))
        actions.finish(found, by=make.buyer_of(found), at=NOON + HOUR)
        assert found.status == "rebuttal"
        [handed_in] = evidence.submissions_of("aftersale", found.after_sale_id)
        assert not rooms.ARBITRATORS.hides(found.after_sale).holds(handed_in.sealed_at)
        assert heard(found) == set()


def test_the_shop_is_told_when_it_will_see_what_the_buyer_handed_in_and_what_the_buyer_is_asked(court: Court) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
        make.hand_in(found, court.merchant)
        make.hand_in(found, make.buyer_of(found))
        actions.finish(found, by=court.merchant, at=NOON)
        actions.finish(found, by=make.buyer_of(found), at=NOON)
        make.hand_in(found, make.buyer_of(found), NOON + HOUR)
        make.hand_in(found, court.merchant, NOON + HOUR)
        make.ask(found, court.reviewer, at=NOON + HOUR)
        make.hand_in(found, make.buyer_of(found), NOON + HOUR)
    kinds = [kind.removeprefix("arbitration.") for kind in told(court.shop.id) if kind.startswith("arbitration.")]
    assert kinds == ["opened", "buyer_submitted", "disclosed", "buyer_answered", "heard", "buyer_asked", "disclosed"]


def test_the_shop_is_told_until_when_to_send_what_was_ruled(court: Court) -> None:
    with unit_of_work():
        found = make.ruled(court.shop, court.merchant, court.reviewer, "exchange_or_reship")
    sweep(NOON + 9 * DAY)
    case = again(found).after_sale
    notice = session().scalars(select(Notice).where(Notice.template == "aftersale.ship_due")).one()
    assert case.due_at is not None
    assert (case.status, notice.params["due_at"]) == ("awaiting_shipment", case.due_at.isoformat())


def test_a_sweep_that_comes_late_takes_nobodys_time(court: Court) -> None:
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
        make.hand_in(found, make.buyer_of(found), NOON + HOUR)
    late = NOON + 40 * DAY
    sweep(late)
    now = again(found)
    clock = queries.own_clock(now, "merchant")
    assert (now.status, clock and clock.starts_at) == ("rebuttal", late)
    assert clock is not None
    assert clock.due_at > late
    assert now.disclosed_at is not None
    assert now.disclosed_at < late
    assert list(invariants.faults()) == []


def test_a_late_sweep_leaves_whoever_must_carry_out_the_ruling_the_whole_time(court: Court) -> None:
    with unit_of_work():
        found = make.ruled(court.shop, court.merchant, court.reviewer, "return_then_refund")
    late = NOON + 40 * DAY
    sweep(late)
    case = again(found).after_sale
    assert case.status == "awaiting_return"
    assert case.due_at is not None
    assert case.due_at > late


def test_a_ruling_is_final_once_the_losers_let_their_time_pass(court: Court) -> None:
    with unit_of_work():
        found = make.ruled(court.shop, court.merchant, court.reviewer, "refund_partial")
    assert again(found).status == "decided"
    sweep(NOON + 20 * DAY)
    now = again(found)
    assert (now.status, now.after_sale.status, now.after_sale.agreed_minor) == ("final", "refund_pending", 8_000)
    assert list(invariants.faults()) == []
