"""The machine of a case: every state, event and role, exhaustively, and what follows from each."""

import itertools
from datetime import timedelta
from functools import partial

import pytest

from portal.aftersales import ahead, lifecycle
from portal.aftersales.ahead import Standing
from portal.aftersales.lifecycle import KINDS, MOVES, OFFERS, ROLES, STATUSES, TAB_OF
from portal.policies.aftersales import SILENCE, WINDOWS
from portal.refusals import Refused
from tests.make import NOON
from tests.portal.policies.test_contents import ABROAD, DOUYIN, EUROPE

EVERY = list(itertools.product(STATUSES, MOVES, ROLES, (None, "merchant", "buyer")))
EXPECTED = {
    ("awaiting_merchant", "merchant"): {"accept", "refuse", "offer", "say"},
    ("awaiting_merchant", "buyer"): {"offer", "say", "cancel"},
    ("negotiating", "merchant"): {"offer", "say", "enter_arbitration"},
    ("negotiating", "buyer"): {"offer", "say", "cancel", "enter_arbitration"},
    ("refused", "merchant"): {"say", "enter_arbitration"},
    ("refused", "buyer"): {"say", "cancel", "enter_arbitration"},
    ("awaiting_return", "merchant"): {"say"},
    ("awaiting_return", "buyer"): {"say", "ship_back", "cancel"},
    ("return_in_transit", "merchant"): {"arrive", "say"},
    ("return_in_transit", "buyer"): {"ship_back", "say", "cancel"},
    ("return_in_transit", "platform"): {"ship_back", "arrive", "cancel"},
    ("awaiting_inspection", "merchant"): {"confirm", "report", "say", "enter_arbitration"},
    ("awaiting_inspection", "buyer"): {"say", "cancel", "enter_arbitration"},
    ("awaiting_shipment", "merchant"): {"ship", "say"},
    ("awaiting_shipment", "buyer"): {"say", "cancel"},
    ("in_arbitration", "merchant"): {"offer", "say"},
    ("in_arbitration", "buyer"): {"offer", "say", "cancel"},
    ("in_arbitration", "platform"): {"leave_arbitration", "cancel"},
    ("refund_pending", "merchant"): {"say"},
    ("refund_pending", "buyer"): {"say"},
    ("refund_pending", "platform"): {"acknowledge", "fail_payment"},
    ("closed", "merchant"): set(),
    ("closed", "buyer"): set(),
    ("closed", "platform"): set(),
    ("closed", "system"): set(),
}


@pytest.mark.parametrize(("status", "role"), EXPECTED)
def test_who_may_do_what(status: str, role: str) -> None:
    assert set(lifecycle.offered(status, role)) == EXPECTED[status, role]


def test_what_is_offered_is_what_is_accepted_for_every_state_event_and_role() -> None:
    for status, verb, role, offer_by in EVERY:
        offered = lifecycle.offered(status, role, offer_by=offer_by)
        try:
            lifecycle.require(status, verb, role, offer_by=offer_by)
        except Refused:
            assert verb not in offered
        else:
            assert verb in offered
            assert status in MOVES[verb].sources
            assert role in MOVES[verb].by
    assert len(EVERY) == 10 * len(MOVES) * 4 * 3


def test_with_an_offer_open_one_side_answers_and_the_other_waits() -> None:
    answers = {"counter", "accept_offer", "decline_offer"}
    for party in lifecycle.PARTIES:
        for status in lifecycle.TALKING:
            mine = set(lifecycle.offered(status, party, offer_by=party))
            theirs = set(lifecycle.offered(status, lifecycle.other(party), offer_by=party))
            assert mine & {*answers, "offer", "withdraw_offer"} == {"withdraw_offer"}
            assert theirs & {*answers, "offer", "withdraw_offer"} == answers


def test_every_target_is_a_status_and_every_open_status_leads_on() -> None:
    for move in MOVES.values():
        assert {*move.sources, *move.targets} <= set(STATUSES)
    for status in STATUSES:
        leads_on = {t for m in MOVES.values() if status in m.sources for t in m.targets} - {status}
        assert bool(leads_on) == (status != "closed")
    assert set(TAB_OF) == set(STATUSES)


def test_each_clock_has_its_move_and_each_waiting_status_a_clock() -> None:
    kinds = {kind for kind, _party in lifecycle.CLOCKS.values()} | {"offer_answer"}
    assert kinds == set(WINDOWS) == {verb.removesuffix("_over") for verb in MOVES if verb.endswith("_over")}
    for status in STATUSES:
        for kind in lifecycle.clocks(status, "buyer"):
            assert status in MOVES[f"{kind}_over"].sources
    assert {s for s in STATUSES if not lifecycle.clocks(s, None)} == {"in_arbitration", "closed"}


def test_what_follows_is_among_the_targets() -> None:
    for kind, silence in itertools.product(KINDS, SILENCE):
        assert lifecycle.after_acceptance(kind) in MOVES["accept"].targets
        assert lifecycle.after_silence("awaiting_merchant", kind, silence) in MOVES["merchant_response_over"].targets
        assert lifecycle.after_silence("awaiting_shipment", kind, silence) in MOVES["ship_over"].targets
        assert lifecycle.after_inspection(lifecycle.remedy_of(kind)) in MOVES["confirm"].targets
        assert lifecycle.sent_as(kind, "goods", ruled=True) in lifecycle.HELPED
        assert lifecycle.sent_as(kind, "none", ruled=False) == "no_refund"
        assert lifecycle.sent_as(kind, "none", ruled=True) == "dismissed"
        assert lifecycle.paid_as(kind, 5, 9) in lifecycle.PAID
    for offer, kind, back, there in itertools.product(OFFERS, KINDS, (False, True), (False, True)):
        to = lifecycle.after_agreement(offer, kind, goods_back=back, at_shop=there)
        assert to in MOVES["accept_offer"].targets
        assert to in MOVES["leave_arbitration"].targets


def test_goods_that_came_back_need_not_come_back_twice() -> None:
    after = partial(lifecycle.after_agreement, at_shop=True)
    assert after("refund_with_return", "refund_only", goods_back=False) == "awaiting_return"
    assert after("refund_with_return", "refund_only", goods_back=True) == "refund_pending"
    assert after("replacement", "exchange", goods_back=True) == "awaiting_shipment"
    assert after("no_refund", "exchange", goods_back=True) == "awaiting_shipment"
    assert lifecycle.after_agreement("no_refund", "exchange", goods_back=True, at_shop=False) == "closed"


@pytest.mark.parametrize("kind", KINDS)
def test_goods_instead_come_after_those_that_the_buyer_was_to_send_back(kind: str) -> None:
    first = kind in ("return_refund", "exchange", "repair")
    assert lifecycle.goods_first("replacement", kind, goods_back=False) == first
    assert lifecycle.after_agreement("replacement", kind, goods_back=False, at_shop=False) == (
        "awaiting_return" if first else "awaiting_shipment"
    )


def test_roles_of_people_are_sides() -> None:
    roles = ("merchant_owner", "merchant_agent", "buyer", "system", "reviewer", "api_client")
    assert [lifecycle.role_of(role) for role in roles] == [
        "merchant", "merchant", "buyer", "system", "platform", "platform",
    ]  # fmt: skip


def test_each_default_is_told_before_it_happens() -> None:
    for policy in (DOUYIN, EUROPE, ABROAD):
        assert policy.aftersales is not None
        for status, kind, offer_by, heard in itertools.product(
            STATUSES, KINDS, (None, "buyer", "merchant"), (False, True)
        ):
            standing = Standing(status, kind, lifecycle.remedy_of(kind), offer_by, heard)
            due = {clock: NOON + timedelta(hours=n) for n, clock in enumerate(lifecycle.clocks(status, offer_by))}
            told = ahead.defaults(standing, due, policy.aftersales)
            assert [default.due_at for default in told] == sorted(due.values())
            for default in told:
                targets = {*MOVES[f"{default.kind}_over"].targets, *lifecycle.RESOLUTIONS, "expired", "not_paid"}
                assert default.outcome in targets
                assert default.window == policy.aftersales.windows[default.kind]
