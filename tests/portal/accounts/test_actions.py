"""People, shops and roles: what is done to them, and what is refused."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import Portal, accounts, audit, text
from portal.accounts.models import MERCHANT_ROLES, ROLES, STAFF_ROLES, Person, Shop
from portal.audit.models import AuditEvent
from portal.db import session, unit_of_work
from portal.refusals import Refused
from tests.conftest import NOON
from tests.portal.accounts.people import Browser

PASSWORD = "recourse-demo"


def a_pair() -> tuple[Person, Shop]:
    """Somebody without a role, and a shop."""
    shop = accounts.actions.add_shop(external_id="10023", name="岚山茶铺", at=NOON)
    return accounts.actions.add_person(email="lan@shops.example", name="岚山", password=PASSWORD, at=NOON), shop


def refused(role: str, *, first: str) -> str:
    """With which code the second role is refused to somebody who has the first."""
    with unit_of_work():
        person, shop = a_pair()
        accounts.actions.grant(person, first, shop=shop if first in MERCHANT_ROLES else None, at=NOON)
    with pytest.raises(Refused) as why, unit_of_work():
        accounts.actions.grant(person, role, shop=shop if role in MERCHANT_ROLES else None, at=NOON)
    return why.value.code


def test_somebody_new_signs_in_with_the_role_they_were_given(app: Portal) -> None:
    with unit_of_work():
        person, shop = a_pair()
        accounts.actions.grant(person, "merchant_owner", shop=shop, at=NOON)
    browser = Browser(app)
    assert browser.sign_in(person, PASSWORD).status_code == 302
    assert shop.ref in browser.get("/account").text


@pytest.mark.parametrize("staff", STAFF_ROLES)
def test_nobody_works_for_the_marketplace_and_for_a_shop(sqlite_app: Portal, staff: str) -> None:
    assert refused(staff, first="merchant_viewer") == "mixed_roles"


@pytest.mark.parametrize("merchant", MERCHANT_ROLES)
def test_nobody_works_for_a_shop_and_for_the_marketplace(sqlite_app: Portal, merchant: str) -> None:
    assert refused(merchant, first="auditor") == "mixed_roles"


def test_the_other_side_is_open_once_the_first_role_has_ended(app: Portal) -> None:
    with unit_of_work():
        person, shop = a_pair()
        accounts.actions.grant(person, "merchant_agent", shop=shop, at=NOON)
        accounts.actions.revoke(person, "merchant_agent", shop=shop, at=NOON + timedelta(days=1))
        later = NOON + timedelta(days=2)
        accounts.actions.grant(person, "reviewer", at=later)
        assert list(person.roles_at(later)) == ["reviewer"]
        assert list(person.roles_at(NOON, shop.id)) == ["merchant_agent"]


@pytest.mark.parametrize(
    ("role", "code"),
    [("owner", "role_unknown"), ("", "role_unknown"), *((one, "role_of_shop") for one in MERCHANT_ROLES)],
)
def test_a_merchant_role_needs_a_shop_and_every_role_a_known_name(sqlite_app: Portal, role: str, code: str) -> None:
    with pytest.raises(Refused, match=code), unit_of_work():
        accounts.actions.grant(a_pair()[0], role, at=NOON)


def test_a_staff_role_is_not_of_a_shop(sqlite_app: Portal) -> None:
    with pytest.raises(Refused, match="role_of_platform"), unit_of_work():
        person, shop = a_pair()
        accounts.actions.grant(person, "admin", shop=shop, at=NOON)


def test_an_address_belongs_to_one_person_whatever_its_case(app: Portal) -> None:
    with unit_of_work():
        a_pair()
    for email, code in (("LAN@Shops.example", "email_taken"), ("lan", "email_invalid"), ("a@b@c", "email_invalid")):
        with pytest.raises(Refused, match=code), unit_of_work():
            accounts.actions.add_person(email=email, name="x", at=NOON)


def test_a_short_password_is_refused(sqlite_app: Portal) -> None:
    with pytest.raises(Refused, match="password_short"), unit_of_work():
        accounts.actions.add_person(email="x@people.example", name="x", password="ninechars", at=NOON)


def test_a_new_or_lost_role_ends_the_sessions(app: Portal) -> None:
    with unit_of_work():
        person, shop = a_pair()
        accounts.actions.grant(person, "merchant_owner", shop=shop, at=NOON)
    for change in (accounts.actions.revoke, accounts.actions.grant):
        browser = Browser(app)
        browser.sign_in(person, PASSWORD)
        assert browser.get("/account").status_code == 200
        with unit_of_work() as current:
            kept, shop = current.get_one(Person, person.id), current.get_one(Shop, shop.id)
            change(kept, "merchant_owner", shop=shop, at=NOON + timedelta(days=1))
        assert browser.get("/account").status_code == 401


def test_who_was_disabled_can_be_let_in_again(app: Portal) -> None:
    with unit_of_work():
        person, _ = a_pair()
        accounts.actions.disable(person, at=NOON)
    assert Browser(app).sign_in(person, PASSWORD).status_code == 422
    with unit_of_work() as current:
        accounts.actions.enable(current.get_one(Person, person.id), at=NOON)
    assert Browser(app).sign_in(person, PASSWORD).status_code == 302


def test_every_change_is_in_the_history_under_a_pseudonym(app: Portal) -> None:
    with unit_of_work():
        person, shop = a_pair()
        accounts.actions.grant(person, "merchant_owner", shop=shop, at=NOON)
        accounts.actions.set_password(person, "another password", at=NOON)
        accounts.actions.disable(person, at=NOON)
    events = list(session().scalars(select(AuditEvent).where(AuditEvent.chain == "accounts").order_by(AuditEvent.seq)))
    assert [event.action.removeprefix("account.") for event in events] == [
        "shop_added", "person_added", "role_granted", "password_set", "person_disabled",
    ]  # fmt: skip
    told = " ".join(str(event.data) for event in events)
    assert person.pseudonym in told
    assert person.email not in told
    assert person.name not in told
    assert list(audit.faults()) == []


def test_every_role_has_a_name_on_screen(sqlite_app: Portal) -> None:
    with sqlite_app.test_request_context():
        assert [role for role in ROLES if text.word(role, "role") == role] == []


def test_both_sides_at_once_still_give_one_role(app: Portal) -> None:
    with unit_of_work():
        person, shop = a_pair()
        ids = person.id, shop.id
    start, outcomes = threading.Barrier(2), []

    def one(role: str, *, in_shop: bool) -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work() as current:
                    where = current.get_one(Shop, ids[1]) if in_shop else None
                    accounts.actions.grant(current.get_one(Person, ids[0]), role, shop=where, at=NOON)
                outcomes.append("granted")
            except Refused as why:
                outcomes.append(why.code)

    threads = [
        threading.Thread(target=one, args=("merchant_owner",), kwargs={"in_shop": True}),
        threading.Thread(target=one, args=("reviewer",), kwargs={"in_shop": False}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["granted", "mixed_roles"], ["granted", "overtaken"])
