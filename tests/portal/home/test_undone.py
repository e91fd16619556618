"""What the marketplace has not carried out: who finds what there, how they get there, and when it is gone."""

import re
from datetime import timedelta

import pytest

from jobs.sweep import sweep
from portal import Portal, penalties
from portal.accounts.models import Person
from portal.aftersales.models import AfterSale
from portal.db import LARGEST_KEY, end_reading, session, unit_of_work
from portal.home import undone
from portal.paging import Cursor
from portal.penalties.models import Penalty
from tests import make
from tests.aftersales import PLATFORM, actions, an_after_sale
from tests.conftest import NOON, Clock
from tests.reading import Visitor

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
PAGE = "/not-carried-out"
WHY = "the buyer's account is closed"


@pytest.fixture
def lead(app: Portal, now: Clock) -> Person:
    """Whom it concerns."""
    with unit_of_work():
        return make.a_person("lead", locale="en")


@pytest.fixture
def case(lead: Person) -> AfterSale:
    """A refund of ¥120.00, owed since noon."""
    return a_refund()


@pytest.fixture
def penalty(lead: Person) -> Penalty:
    """One that was overturned at noon, so that its measures have to be undone."""
    with unit_of_work():
        made = make.a_penalty(make.a_shop("木石家居"))
        penalties.lift(made, by=make.actor(make.a_person("reviewer")), at=NOON)
        return made


def a_refund() -> AfterSale:
    with unit_of_work():
        shop = make.a_shop()
        case = an_after_sale(shop)
        actions.accept(case, by=make.actor(make.a_person("merchant_owner", shop), shop), at=NOON)
        return case


def fail(case: AfterSale, why: str, hours: int) -> None:
    with unit_of_work() as rows:
        actions.fail_payment(rows.get_one(AfterSale, case.id), why=why, by=PLATFORM, at=NOON + hours * HOUR)


def carry_out(penalty: Penalty, hours: int, failed: str = "") -> None:
    with unit_of_work() as rows:
        penalties.executed(rows.get_one(Penalty, penalty.id), failed=failed, by=PLATFORM, at=NOON + hours * HOUR)


def listed() -> list[str]:
    """The numbers of the cases that are listed."""
    end_reading()
    refs = [line.ref for line in undone.page().rows]
    assert undone.how_many() == len(refs)
    return refs


def test_a_refund_is_listed_once_its_time_is_over_until_it_is_paid(
    app: Portal, lead: Person, case: AfterSale, now: Clock
) -> None:
    assert listed() == []
    sweep(NOON + 25 * HOUR)
    fail(case, WHY, hours=25)
    now.at = NOON + 26 * HOUR
    page = Visitor(app, lead).open("/").follow("See what is owed")
    assert page.url == PAGE
    for words in (case.ref, case.order_no, "岚山茶铺", "Refund of CN¥120.00", "2 hours 0 minutes overdue", WHY):
        assert words in page.text
    assert page.page.one("code").text == f"portal executed {case.ref} --amount 120.00"
    assert listed() == [case.ref]
    with unit_of_work() as rows:
        there = rows.get_one(AfterSale, case.id)
        actions.acknowledge(there, amount_minor=12_000, currency="CNY", by=PLATFORM, at=now.at)
    assert listed() == []
    assert "Nothing is owed" in page.open(PAGE).text
    assert "See what is owed" not in page.open("/").text


def test_a_try_that_failed_is_listed_at_once_with_the_last_reason(case: AfterSale) -> None:
    fail(case, "try again later", hours=1)
    fail(case, WHY, hours=2)
    end_reading()
    [line] = undone.page().rows
    assert (line.since, line.due_at, line.why) == (NOON, NOON + DAY, WHY)


def test_the_notice_leads_to_its_case_alone_and_says_when_it_is_settled(
    app: Portal, lead: Person, case: AfterSale, penalty: Penalty
) -> None:
    sweep(NOON + 25 * HOUR)
    box = Visitor(app, lead).open("/messages")
    links = {form["action"] for form in box.page.all("form") if "reading" in form["action"]}
    assert len(links) >= 2
    box.press("See what is owed")
    alone = re.fullmatch(rf"{PAGE}\?ref=(.+)", box.url)
    assert alone
    assert [head.text for head in box.page.all("h2")] == [alone[1]]
    box.follow("Show all")
    assert {head.text for head in box.page.all("h2")} == {case.ref, penalty.ref}
    carry_out(penalty, 26)
    box.open(f"{PAGE}?ref={penalty.ref}")
    assert "What this message was about is settled." in box.text
    assert [head.text for head in box.page.all("h2")] == [case.ref]


def test_the_measures_of_a_penalty_are_listed_from_the_last_confirmation_on(penalty: Penalty) -> None:
    carry_out(penalty, 1, failed="the fine was paid out already")
    end_reading()
    [line] = undone.page().rows
    assert (line.why, line.command) == ("the fine was paid out already", f"portal executed {penalty.ref}")
    assert [measure.effect for measure in line.measures] == ["lifted"] * len(penalty.measures)
    carry_out(penalty, 2)
    assert listed() == []
    with unit_of_work() as rows:
        penalties.reinstate(rows.get_one(Penalty, penalty.id), by=make.actor(make.a_person("lead")), at=NOON + 3 * HOUR)
    assert listed() == []
    sweep(NOON + 28 * HOUR)
    end_reading()
    [line] = undone.page().rows
    assert (line.since, line.due_at, line.why) == (NOON + 3 * HOUR, NOON + 27 * HOUR, "")
    assert {measure.effect for measure in line.measures} == {"active"}


def test_what_came_into_force_by_itself_has_no_time_limit_and_can_fail(lead: Person) -> None:
    with unit_of_work():
        penalty = make.a_penalty(make.a_shop())
        for measure in penalty.measures:
            measure.execution = "pending"
    carry_out(penalty, 1, failed="no such shop")
    end_reading()
    [line] = undone.page().rows
    assert (line.since, line.due_at, line.why, len(line.measures)) == (
        NOON + HOUR,
        None,
        "no such shop",
        len(penalty.measures),
    )


def test_what_was_told_first_comes_first_and_a_place_in_the_address_begins_behind_it(
    app: Portal, lead: Person, case: AfterSale
) -> None:
    later = a_refund()
    fail(later, WHY, hours=2)
    fail(case, WHY, hours=1)
    assert listed() == [case.ref, later.ref]
    place = Cursor(NOON + HOUR, LARGEST_KEY, back=False)
    page = Visitor(app, lead).open(f"{PAGE}?at={place}")
    assert [head.text for head in page.page.all("h2")] == [later.ref]
    page.follow("Previous")
    assert [head.text for head in page.page.all("h2")] == [case.ref]


def test_without_a_lead_the_admins_are_told_and_nobody_else_gets_in(app: Portal, now: Clock) -> None:
    with unit_of_work():
        admin, reviewer = make.a_person("admin", locale="en"), make.a_person("reviewer")
        owner = make.a_person("merchant_owner", make.a_shop())
    case = a_refund()
    sweep(NOON + 25 * HOUR)
    assert case.ref in Visitor(app, admin).open("/messages").press("See what is owed").text
    assert [Visitor(app, person).open(PAGE).status for person in (reviewer, owner)] == [403, 403]
    assert session().get_one(AfterSale, case.id).status == "refund_pending"
