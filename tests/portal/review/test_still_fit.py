"""Who holds a seat must be fit to judge when the verdict comes, and not only when they took it."""

from dataclasses import replace

import pytest

from portal import Portal, accounts, review
from portal.accounts.models import Shop
from portal.appeals.models import Appeal
from portal.db import unit_of_work
from portal.refusals import Refused
from tests import make
from tests.conftest import Clock
from tests.portal.review.desk import seat_of


@pytest.fixture
def shop(app: Portal) -> Shop:
    """A shop."""
    with unit_of_work():
        return make.a_shop()


@pytest.fixture
def case(shop: Shop, now: Clock) -> Appeal:
    """An appeal under review whose amount asks for two people."""
    with unit_of_work():
        return make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop), amount_minor=2_000_000)


def test_who_joined_the_shop_since_the_claim_gives_no_verdict(shop: Shop, case: Appeal, now: Clock) -> None:
    with unit_of_work():
        reviewer = make.a_person("reviewer")
        by = make.actor(reviewer)
    with unit_of_work():
        seat = make.a_seat(case, by, now.at)
    with unit_of_work():
        accounts.actions.revoke(reviewer, "reviewer", at=now.at)
        accounts.actions.grant(reviewer, "merchant_agent", shop=shop, at=now.at)
        accounts.actions.revoke(reviewer, "merchant_agent", shop=shop, at=now.at)
        accounts.actions.grant(reviewer, "reviewer", at=now.at)

    with pytest.raises(Refused, match="not_independent"), unit_of_work():
        review.hold(seat, by=by, at=now.at, version=seat.version)


def test_who_is_no_senior_any_more_gives_no_second_verdict(shop: Shop, case: Appeal, now: Clock) -> None:
    with unit_of_work():
        first, second = (make.actor(make.a_person("senior_reviewer", name=name)) for name in ("周岚", "吴桐"))
    with unit_of_work():
        primary = make.a_seat(case, first, now.at)
        review.conclude(primary, by=first, at=now.at, verdict={"outcome": "rejected"})
        review.open_seat(
            **{name: getattr(primary, name) for name in ("case_type", "case_id", "case_ref", "attempt", "title_code")},
            seat="second", shop=shop, amount_minor=primary.amount_minor, currency="CNY", exhibits="1/1",
            due_at=primary.due_at, barred=(), at=now.at,
        )  # fmt: skip
        seat = review.claim(seat_of(case), by=second, at=now.at)

    with pytest.raises(Refused, match="seat_for_senior"), unit_of_work():
        review.hold(seat, by=replace(second, role="reviewer"), at=now.at, version=seat.version)
    with unit_of_work():
        assert review.hold(seat, by=second, at=now.at, version=seat.version).id == seat.id
