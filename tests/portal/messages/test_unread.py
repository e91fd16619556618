"""The number in the navigation: right, cheap, and silent while nothing changes."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from flask_babel import refresh
from sqlalchemy import event

from portal import Portal, messages
from portal.accounts.models import Person, Shop
from portal.db import db, session, unit_of_work
from portal.guards import Tally
from tests import make
from tests.portal.messages.arrange import notices, tell_now

HTMX = {"HX-Request": "true"}
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def shop(app: Portal) -> Shop:
    with unit_of_work():
        shop = make.a_shop()
    tell_now(messages.to_shop(shop.id), "one", "two")
    return shop


@pytest.fixture
def owner(shop: Shop) -> Person:
    with unit_of_work():
        return make.a_person("merchant_owner", shop)


@pytest.fixture
def statements(app: Portal) -> Iterator[list[str]]:
    """What the database is asked."""
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", note := lambda *args: asked.append(args[2]))
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_the_number_is_what_nobody_has_read(owner: Person, browser: SignIn):
    page = browser(owner).get("/messages/unread", headers=HTMX).text
    assert '<span id="unread"' in page
    assert ">2<" in page.replace("\n", "")


def test_while_it_is_the_same_nothing_is_sent(owner: Person, browser: SignIn):
    here = browser(owner)
    mark = here.get("/messages/unread", headers=HTMX).headers["ETag"]
    again = here.get("/messages/unread", headers=HTMX | {"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_a_new_notice_or_another_language_changes_it(owner: Person, shop: Shop, browser: SignIn):
    here = browser(owner)
    mark = here.get("/messages/unread", headers=HTMX).headers["ETag"]
    tell_now(messages.to_shop(shop.id), "three")
    assert here.get("/messages/unread", headers=HTMX | {"If-None-Match": mark}).status_code == 200
    mark = here.get("/messages/unread", headers=HTMX).headers["ETag"]
    with unit_of_work():
        session().get_one(Person, owner.id).locale = "en"
    refresh()
    assert here.get("/messages/unread", headers=HTMX | {"If-None-Match": mark}).status_code == 200


def test_a_browser_that_goes_there_finds_the_box(owner: Person, browser: SignIn):
    answer = browser(owner).get("/messages/unread")
    assert (answer.status_code, answer.location) == (303, "/messages")


def test_a_poll_is_one_read_besides_who_is_asking(owner: Person, browser: SignIn, statements: list[str]):
    here = browser(owner)
    here.get("/messages/unread", headers=HTMX)
    statements.clear()
    here.get("/messages/unread", headers=HTMX)
    assert len([asked for asked in statements if asked.startswith("SELECT")]) <= 2
    assert [asked for asked in statements if "FROM notice" in asked] == []


def test_the_number_is_kept_by_the_database_itself(owner: Person, shop: Shop):
    box = messages.to_shop(shop.id)
    with unit_of_work() as current:
        current.connection().exec_driver_sql("UPDATE notice SET read_at = created_at WHERE event = 'one'")
        current.connection().exec_driver_sql("UPDATE notice SET read_at = created_at WHERE event = 'one'")
    assert session().get_one(Tally, (box.key, "unread:appeal")).n == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("template = 'gone'", "says what no slice knows"),
        ("case_type = 'gone', case_ref = 'X'", "leads to a case that no slice knows"),
        ("case_ref = 'X'", "has a case type or a number, and not both"),
        ("read_at = created_at", "was read by nobody"),
        ("recipient = 'shop:999'", "is in nobody's box"),
    ],
)
def test_a_notice_that_can_not_be_right_is_a_fault(shop: Shop, change: str, says: str):
    with unit_of_work() as current:
        current.connection().exec_driver_sql(f"UPDATE notice SET {change} WHERE event = 'two'")
    assert f"notice two: {says}" in list(messages.faults())
    assert len(notices()) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("state = 'sent'", "is settled and still queued, or the reverse"),
        ("state = 'sent', done_at = created_at", "was sent without having been claimed"),
        ("notice_id = NULL", "has neither a notice nor words of its own"),
    ],
)
def test_a_mail_that_can_not_be_right_is_a_fault(shop: Shop, change: str, says: str):
    with unit_of_work() as current:
        current.connection().exec_driver_sql(f"UPDATE delivery SET {change} WHERE notice_id = 1")
    assert [fault.partition(": ")[2] for fault in messages.faults()][:1] == [says]
