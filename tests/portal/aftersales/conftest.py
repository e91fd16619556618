"""A shop with its merchant, and a buyer of it."""

from dataclasses import dataclass

import pytest

from portal import Portal, aftersales
from portal.accounts.models import Shop
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.db import end_reading, session, unit_of_work
from tests import make


@dataclass
class Market:
    """A shop, and who acts for it; its policy sends silence to the platform unless `policy` says otherwise."""

    shop: Shop
    merchant: Actor

    def buyer(self, case: AfterSale) -> Actor:
        """The buyer of this case."""
        return aftersales.as_buyer(case)


def a_market(policy: str = "douyin") -> Market:
    """A shop under this policy."""
    shop = make.a_shop(policy_code=policy)
    return Market(shop, make.actor(make.a_person("merchant_owner", shop), shop))


@pytest.fixture
def market(app: Portal) -> Market:
    """A shop under the default policy."""
    with unit_of_work():
        return a_market()


@pytest.fixture
def abroad(app: Portal) -> Market:
    """A shop whose policy pays when the merchant is silent."""
    with unit_of_work():
        return a_market("tiktok-like")


def anew(case: AfterSale) -> AfterSale:
    """The case as the database has it."""
    end_reading()
    return session().get_one(AfterSale, case.id)
