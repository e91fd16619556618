"""`portal verify` names a reviewer who belonged to the shop, and not one who joined it later."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal import Portal, accounts, appeals
from portal.accounts.models import Membership
from portal.cli import invariants
from portal.db import session, unit_of_work
from tests import make
from tests.make import NOON

MONTH = timedelta(days=30)
[PARTIAL] = [query for what, query in invariants.BROKEN.items() if what.startswith("I9 ")]


@pytest.fixture
def joined(app: Portal) -> Membership:
    """A reviewer decided, left the platform, and belongs to the shop since."""
    with unit_of_work():
        shop = make.a_shop()
        case = make.an_appeal(shop, make.actor(make.a_person("merchant_owner", shop), shop))
        reviewer = make.a_person("reviewer")
        by = make.actor(reviewer)
        appeals.actions.decide(case, make.a_seat(case, by), verdict=make.a_verdict(case), by=by, at=NOON)
        accounts.actions.revoke(reviewer, "reviewer", at=NOON + MONTH)
        return accounts.actions.grant(reviewer, "merchant_agent", shop=shop, at=NOON + 2 * MONTH)


def test_whoever_joined_the_shop_afterwards_was_not_partial(joined: Membership) -> None:
    assert session().execute(text(PARTIAL)).all() == []


def test_whoever_belonged_to_it_is_named(joined: Membership) -> None:
    with unit_of_work():
        session().get_one(Membership, joined.id).valid_from = NOON - MONTH
    assert len(session().execute(text(PARTIAL)).all()) == 1
