"""Case files taken at the same time: each is whole, and each is on record."""

from collections import Counter
from collections.abc import Iterator

import pytest

from portal import Portal, audit
from portal.accounts.models import Person
from portal.db import unit_of_work
from tests import make
from tests.conftest import Clock, SignIn
from tests.faults.test_races import all_at_once

AT_ONCE = 8


@pytest.fixture
def sent(app: Portal, now: Clock) -> Iterator[tuple[str, Person]]:
    """An appeal, and the merchant who sent it."""
    app.config["WTF_CSRF_ENABLED"] = False
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.a_person("merchant_owner", shop)
        given = make.an_appeal(shop, make.actor(merchant, shop)).ref, merchant
    yield given
    app.config["WTF_CSRF_ENABLED"] = True


def test_case_files_taken_at_once_are_all_whole_and_on_record(
    app: Portal, sent: tuple[str, Person], browser: SignIn
) -> None:
    ref, merchant = sent
    browsers = [browser(merchant) for _ in range(AT_ONCE)]

    def take(number: int) -> tuple[int, bytes]:
        with browsers[number].post(f"/appeals/{ref}/case-file", data={"lang": "zh"}) as answer:
            return answer.status_code, answer.data

    results = all_at_once(app, [lambda n=n: take(n) for n in range(AT_ONCE)])  # type: ignore[misc]
    assert Counter(status for status, _whole in results) == {200: AT_ONCE}  # type: ignore[misc,has-type]
    assert len({whole for _status, whole in results}) == 1  # type: ignore[misc,has-type]
    assert [link.seq for link in audit.links("exports", ())] == list(range(1, AT_ONCE + 1))
    assert list(audit.faults()) == []
