"""A date that may still move is marked on every page that shows it, and on none that shows one that stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal import Portal
from portal.db import unit_of_work
from tests import arbitration, make, rulings
from tests.aftersales import an_after_sale
from tests.calendars import publish
from tests.conftest import Clock

MARK = "The date may still move later, never earlier."
DECEMBER = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("at", [make.NOON, DECEMBER], ids=["known", "provisional"])
def test_the_pages_say_that_the_date_may_still_move(app: Portal, now: Clock, at: datetime) -> None:
    now.at = at
    before = at - timedelta(days=4) if at == DECEMBER else at
    with unit_of_work():
        shop = make.a_shop()
        owner, judge = make.a_person("merchant_owner", shop, locale="en"), make.a_person("reviewer", locale="en")
        merchant, reviewer = make.actor(owner, shop), make.actor(judge)
        penalty = make.a_penalty(shop, before)
        draft = make.a_draft(penalty, merchant, at)
        sent = make.an_appeal(shop, merchant, at)
        asked = make.ask_for_evidence(make.an_appeal(shop, merchant, at), reviewer, at)
        heard = arbitration.under_decision(shop, merchant, at)
        lost = rulings.lost(shop, merchant, reviewer, before)
        pages = {
            owner: [
                f"/penalties/{penalty.ref}",
                f"/appeals/{draft.ref}/draft",
                f"/appeals/{draft.ref}/check",
                f"/appeals/{sent.ref}/receipt",
                f"/appeals/{sent.ref}",
                f"/appeals/{asked.ref}/supplement",
                f"/after-sales/{heard.after_sale.ref}",
                f"/appeals/rulings/{lost.after_sale.ref}",
            ],
            judge: [f"/review/appeals/{sent.ref}", f"/review/arbitrations/{heard.ref}"],
        }
    for person, urls in pages.items():
        browser = make.a_browser(app, person)
        for url in urls:
            page = browser.get(url)
            assert page.status_code == 200, url
            assert (MARK in page.text) == (at == DECEMBER), url


def test_an_after_sales_case_says_so_too(app: Portal, now: Clock, tmp_path: Path) -> None:
    now.at = DECEMBER
    publish(tmp_path, "EU", library={"market": "XECB", "years": [2026]})
    with unit_of_work():
        shop = make.a_shop(policy_code="eu-platform")
        owner = make.a_person("merchant_owner", shop, locale="en")
        case = an_after_sale(shop, at=DECEMBER)
    assert MARK in make.a_browser(app, owner).get(f"/after-sales/{case.ref}").text
