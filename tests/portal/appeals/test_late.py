"""Who hears of a late review, and where that leads."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, messages
from portal.accounts.models import Person
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.messages import claim, letters
from portal.messages.actions import read_all
from portal.messages.models import Notice
from tests import make
from tests.conftest import Clock

DAY = timedelta(days=1)


@pytest.fixture
def late(app: Portal) -> Appeal:
    with unit_of_work():
        shop = make.a_shop()
        return make.an_appeal(shop, make.actor(make.a_person("merchant_owner", shop), shop))


def told_late(app: Portal, appeal: Appeal, person: Person, now: Clock) -> tuple[str, str]:
    """Where the box leads this person from the notice, and where their mail does."""
    end_reading()
    sweep(appeal.due_at + DAY)
    end_reading()
    with unit_of_work():
        box = messages.to_person(person)
        read_all(box=box, upto=1000, category="", by=person.id, at=appeal.due_at + DAY)
    page = make.a_browser(app, person).get("/messages").text
    assert "有一件审核超时" in page
    link = re.search(r'href="(/review/appeals/[^"]*)"', page)
    [mail] = [one for one in claim(appeal.due_at + DAY, 50) if one.recipient == f"person:{person.id}"]
    words = letters.words_of(mail, app.extensions["recourse.config"])
    found = re.search(r"http://[^\s/]+(/review/appeals/\S+)?", words.text)
    assert found
    return link[1] if link else "", found[1] or ""


def test_a_lead_is_led_to_the_case(app: Portal, late: Appeal, now: Clock) -> None:
    with unit_of_work():
        lead = make.a_person("lead")
    way, mailed = told_late(app, late, lead, now)
    assert way == mailed == f"/review/appeals/{late.ref}"
    assert make.a_browser(app, lead).get(mailed).status_code == 200


def test_without_a_lead_an_admin_hears_of_it_and_is_led_nowhere_they_may_not_go(
    app: Portal, late: Appeal, now: Clock
) -> None:
    with unit_of_work():
        admin = make.a_person("admin")
    way, mailed = told_late(app, late, admin, now)
    assert (way, mailed) == ("", "")


def test_where_being_late_suspends_the_measures_the_shop_is_told_so(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop(policy_code="eu-platform")
        appeal = make.an_appeal(shop, make.actor(make.a_person("merchant_owner", shop), shop))
        make.a_person("lead")
    end_reading()
    sweep(appeal.due_at + DAY)
    end_reading()
    told = list(session().scalars(select(Notice.template).where(Notice.recipient == f"shop:{shop.id}")))
    assert (told.count("penalty.held"), told.count("appeal.overdue")) == (1, 1)
