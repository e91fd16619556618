"""A shop's day: what it must do, by deadline, whatever kind of thing it is."""

from datetime import datetime, timedelta

import pytest

from portal import Portal
from portal.accounts.models import Person, Shop
from portal.audit import Actor
from portal.db import unit_of_work
from portal.home import day
from tests import make
from tests.aftersales import an_after_sale
from tests.conftest import NOON, Clock
from tests.reading import Visitor

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


class Trader:
    """A shop with its owner, and what waits for it: where the home page leads, and until when."""

    def __init__(self) -> None:
        with unit_of_work():
            self.shop: Shop = make.a_shop()
            self.owner: Person = make.a_person("merchant_owner", self.shop)
            self.merchant: Actor = make.actor(self.owner, self.shop)
            self.reviewer = make.actor(make.a_person("reviewer"))
        self.due: dict[str, datetime] = {}

    def penalty(self, at: datetime) -> None:
        """A penalty that can be appealed."""
        with unit_of_work():
            made = make.a_penalty(self.shop, at)
            self.due[f"/penalties/{made.ref}"] = made.due_at

    def asked(self, at: datetime) -> None:
        """An appeal that evidence is asked for."""
        with unit_of_work():
            made = make.ask_for_evidence(make.an_appeal(self.shop, self.merchant, at), self.reviewer, at)
            self.due[f"/appeals/{made.ref}/supplement"] = made.due_at

    def request(self, at: datetime) -> None:
        """A buyer's request that waits for an answer."""
        with unit_of_work():
            made = an_after_sale(self.shop, at=at)
            self.due[f"/after-sales/{made.ref}"] = made.due_at

    @property
    def by_deadline(self) -> list[str]:
        """Where the things to do are done, by deadline."""
        return sorted(self.due, key=self.due.__getitem__)


@pytest.fixture
def trader(app: Portal, now: Clock) -> Trader:
    """Somebody with nothing to do yet."""
    return Trader()


def listed(app: Portal, trader: Trader) -> list[str]:
    """Where the things that the home page lists lead, from top to bottom."""
    todo = Visitor(app, trader.owner).open("/").page.one("section", aria_labelledby="todo")
    return [link["href"] for head in todo.all("h3") for link in head.all("a")]


def test_what_waits_for_the_shop_is_listed_by_deadline_whatever_its_kind(app: Portal, trader: Trader) -> None:
    trader.penalty(NOON)
    trader.penalty(NOON - 5 * DAY)
    trader.asked(NOON)
    trader.asked(NOON - 2 * DAY)
    trader.request(NOON)
    trader.request(NOON - 30 * HOUR)
    kinds = [where.split("/")[1] for where in trader.by_deadline]
    assert kinds == ["after-sales", "appeals", "after-sales", "penalties", "appeals", "penalties"]
    assert listed(app, trader) == trader.by_deadline


def test_where_not_everything_is_shown_it_is_the_most_urgent(
    app: Portal, trader: Trader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "SHOWN", 3)
    for days in range(3):
        trader.penalty(NOON - days * DAY)
    trader.asked(NOON)
    trader.request(NOON)
    shown = listed(app, trader)
    assert shown == trader.by_deadline[:3]
    assert [where.split("/")[1] for where in shown] == ["after-sales", "appeals", "penalties"]
