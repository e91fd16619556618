"""Two at once: one wins, the other is told, and the figures hold."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from jobs.sweep import sweep
from portal import Portal
from portal.accounts.models import Shop
from portal.aftersales import actions
from portal.aftersales.models import AfterSale, Offer, Purchase, PurchaseItem
from portal.audit import SYSTEM
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.refusals import Refused
from tests.aftersales import a_purchase, a_wish, an_offer
from tests.jobs.test_sweep_races import together
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, anew
from tests.portal.aftersales.doing import a_case, claimed, committed, do

ROUNDS = 8
SECONDS = timedelta(seconds=10)


def on(key: int, act: Callable[[AfterSale], object]) -> Callable[[], str]:
    """Do it as a request would, and say who won."""

    def run() -> str:
        with unit_of_work():
            act(session().get_one(AfterSale, key))
        return "done"

    return run


def outcome(results: list[object]) -> list[str]:
    """`done` or `no` of each; anything but a refusal (or a victim's deadlock) is a fault."""
    for result in results:
        is_victim = isinstance(result, OperationalError) and isinstance(result.orig, DeadlockDetected)
        assert result == "done" or isinstance(result, Refused) or is_victim, result
    return ["done" if result == "done" else "no" for result in results]


def test_accepting_and_refusing_at_once_is_one_of_them(app: Portal, market: Market) -> None:
    no = {"reason_code": "AMOUNT_TOO_HIGH", "note": "", "by": market.merchant, "at": NOON}
    for number in range(ROUNDS):
        case = a_case(market)
        end_reading()
        results = together(
            app,
            on(case.id, lambda c: actions.accept(c, by=market.merchant, at=NOON)),
            on(case.id, lambda c, key=f"k{number}": actions.refuse(c, key=key, **no)),
        )
        assert sorted(outcome(results)) == ["done", "no"]
        promised = 12_000 if outcome(results)[0] == "done" else 0
        assert (committed(case), anew(case).status == "refund_pending") == (promised, promised > 0)
    assert list(invariants.faults()) == []


def test_accepting_an_offer_while_it_is_withdrawn_or_countered_is_one_of_them(app: Portal, market: Market) -> None:
    for number in range(ROUNDS):
        case = a_case(market)
        do(an_offer, anew(case), market.merchant)
        buyer = market.buyer(anew(case))
        end_reading()
        theirs = actions.withdraw_offer if number % 2 else actions.accept_offer
        by = market.merchant if number % 2 else buyer
        results = together(
            app,
            on(case.id, lambda c, theirs=theirs, by=by: theirs(c, by=by, at=NOON)),
            on(case.id, lambda c, buyer=buyer: actions.counter(c, actions.Terms("refund", 9_000), by=buyer, at=NOON)),
        )
        assert sorted(outcome(results)) == ["done", "no"]
        end_reading()
        ask = select(func.count()).where(Offer.after_sale_id == case.id, Offer.status == "proposed")
        assert (session().scalar(ask) or 0) <= 1
    assert list(invariants.faults()) == []


def test_twenty_requests_for_one_item_are_one_case(app: Portal, market: Market) -> None:
    with unit_of_work():
        key, shop_id = a_purchase(market.shop).id, market.shop.id

    def ask() -> str:
        with unit_of_work():
            shop, order = session().get_one(Shop, shop_id), session().get_one(Purchase, key)
            actions.request(shop, order, a_wish(lines=(("CUP-1", 1),)), by=SYSTEM, at=NOON)
        return "done"

    end_reading()
    results = together(app, *[ask] * 20)
    assert outcome(results).count("done") == 1
    end_reading()
    assert session().scalars(select(PurchaseItem.claimed_qty).where(PurchaseItem.sku == "CUP-1")).all() == [1]
    assert list(invariants.faults()) == []


@pytest.mark.parametrize("late", [False, True])
def test_at_the_boundary_the_merchant_is_in_time_or_the_sweep_has_its_way(
    app: Portal, abroad: Market, late: bool
) -> None:
    """The request arrived in time (or just not), but is held up so long that the sweep may act."""
    for _ in range(ROUNDS // 2):
        case = a_case(abroad, "return_refund", at=NOON)
        due_at = anew(case).due_at
        assert due_at is not None
        at = due_at if late else due_at - timedelta(microseconds=1)
        end_reading()
        acted, _swept = together(
            app,
            on(case.id, lambda c, at=at: actions.offer(c, actions.Terms("refund", 9_000), by=abroad.merchant, at=at)),
            lambda now=due_at + SECONDS: sweep(now),
        )
        sweep(due_at + SECONDS)
        won = outcome([acted])[0] == "done"
        assert anew(case).status == ("negotiating" if won else "awaiting_return")
        assert not (late and won)
    assert list(invariants.faults()) == []


def test_what_fails_halfway_leaves_nothing(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_case(market)
    before = anew(case).version

    def crash(*_: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("portal.aftersales.actions.moving.tell", crash)
    with pytest.raises(RuntimeError):
        do(actions.accept, anew(case), by=market.merchant, at=NOON)
    assert (anew(case).version, anew(case).status, committed(case)) == (before, "awaiting_merchant", 0)
    assert claimed(case)["TEA-1"] == 1
    assert list(invariants.faults()) == []
