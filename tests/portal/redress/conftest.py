"""A shop with its merchant, people who judge, and people above them."""

from dataclasses import dataclass

import pytest

from portal import Portal
from portal.accounts.models import Person, Shop
from portal.audit import Actor
from portal.db import unit_of_work
from tests import make


@dataclass
class House:
    """Everybody who has a part."""

    shop: Shop
    owner: Person
    merchant: Actor
    reviewer: Actor
    other: Actor
    senior: Actor
    lead: Actor
    second_lead: Actor


@pytest.fixture
def house(app: Portal) -> House:
    """A shop under the default policy."""
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop, locale="en")
        roles = ("reviewer", "reviewer", "senior_reviewer", "lead", "lead")
        return House(shop, owner, make.actor(owner, shop), *(make.actor(make.a_person(role)) for role in roles))
