"""A shop with its merchant, two reviewers, a senior one and a lead."""

from dataclasses import dataclass

import pytest

from portal import Portal
from portal.accounts.models import Shop
from portal.audit import Actor
from portal.db import unit_of_work
from tests import make


@dataclass
class Court:
    """Who stands before the platform, and who judges."""

    shop: Shop
    merchant: Actor
    reviewer: Actor
    other: Actor
    senior: Actor


def a_court(policy: str = "douyin") -> Court:
    """A shop under this policy, and reviewers."""
    shop = make.a_shop(policy_code=policy)
    owner = make.actor(make.a_person("merchant_owner", shop), shop)
    judges = [make.actor(make.a_person(role)) for role in ("reviewer", "reviewer", "senior_reviewer")]
    make.a_person("lead")
    return Court(shop, owner, *judges)


@pytest.fixture
def court(app: Portal) -> Court:
    """A shop under the default policy, and reviewers."""
    with unit_of_work():
        return a_court()
