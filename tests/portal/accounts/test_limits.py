"""Too often is 429, from one address or of one person."""

import pytest
from limits.storage import storage_from_string

from portal import Portal
from portal.accounts import limits, passwords
from tests.portal.accounts.people import Browser


def test_one_address_knocks_only_so_often_and_is_told_when_to_come_back(
    sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "SAME_TIME", 0)
    browser = Browser(sqlite_app)
    browser.get("/password/forgotten")
    answers = [browser.post("/password/forgotten", email="nobody@people.example") for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900


def test_looking_is_never_too_often(sqlite_app: Portal) -> None:
    browser = Browser(sqlite_app)
    assert {browser.get("/sign-in").status_code for _ in range(60)} == {200}


def test_every_limited_route_exists(sqlite_app: Portal) -> None:
    assert limits.MOST.keys() <= sqlite_app.view_functions.keys()


@pytest.mark.parametrize("address", ["unix:///tmp/nobody.sock", "redis://localhost:1/0", "rediss://localhost:1/0"])
def test_redis_is_counted_in_by_its_own_client_alone(address: str) -> None:
    counters = storage_from_string(limits._storage(address))
    assert isinstance(counters, limits.Counters)
    assert counters.dependencies.keys() == {"redis"}
