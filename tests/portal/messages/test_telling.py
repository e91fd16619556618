"""Telling: in the transaction of the change, once per event and recipient."""

from datetime import timedelta

import pytest

from portal import Portal, guards, messages, queue
from portal.db import unit_of_work
from tests import make
from tests.make import NOON
from tests.portal.messages.arrange import mails, notices, told


def test_a_notice_and_its_mail_are_written_with_the_change(app: Portal):
    with unit_of_work():
        shop = make.a_shop(locale="en")
        messages.tell("e", to=messages.to_shop(shop), kind="test.plain", params={"ref": "R", "seen_at": NOON}, at=NOON)
    [notice], [mail] = notices(), mails()
    assert (notice.recipient, notice.category, notice.params) == (
        f"shop:{shop.id}", "appeal", {"ref": "R", "seen_at": "2026-03-02T04:00:00+00:00"},
    )  # fmt: skip
    assert (mail.notice_id, mail.address, mail.locale, mail.state) == (notice.id, shop.contact_email, "en", "queued")
    assert mail.next_at == NOON


def test_what_is_rolled_back_was_never_told(app: Portal):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        told(messages.to_shop(make.a_shop()))
        raise ZeroDivisionError
    assert notices() == mails() == []


def test_the_same_event_is_told_once_to_each_recipient(app: Portal):
    with unit_of_work():
        one, other = make.a_shop(), make.a_shop()
    for _time in range(3):
        with unit_of_work():
            told(messages.to_shop(one))
            told(messages.to_shop(other.id))
            told(messages.to_shop(one))
    assert len(notices()) == len(mails()) == 2


def test_an_event_that_stands_twice_in_one_list_is_told_once(app: Portal):
    with unit_of_work():
        shop = messages.to_shop(make.a_shop())
        messages.tell_all([messages.Told("e", shop, "test.plain", NOON, {"ref": "1"})] * 3)
    assert len(notices()) == len(mails()) == 1


def test_ten_thousand_are_told_at_once(app: Portal):
    with unit_of_work():
        boxes = [messages.to_shop(make.a_shop()) for _ in range(40)]
        messages.tell_all(
            [messages.Told(f"e{n}", box, "test.plain", NOON, {"ref": str(n)}) for n in range(250) for box in boxes]
        )
    assert len({mail.message_id for mail in mails()}) == 10_000


def test_a_shop_without_a_contact_address_is_reached_through_its_owners(app: Portal):
    with unit_of_work():
        shop = make.a_shop()
        shop.contact_email = None
        owner = make.a_person("merchant_owner", shop, locale=None)
        make.a_person("merchant_agent", shop)
        make.a_person("merchant_owner", shop, active=False)
        former = make.a_person("merchant_owner", shop)
        former.memberships[0].valid_to = NOON - timedelta(days=1)
        told(messages.to_shop(shop))
    assert [(mail.address, mail.locale) for mail in mails()] == [(owner.email, "zh")]


def test_a_shop_nobody_can_write_to_still_has_its_notice(app: Portal):
    with unit_of_work():
        shop = make.a_shop()
        shop.contact_email = None
        told(messages.to_shop(shop))
    assert len(notices()) == 1
    assert mails() == []


def test_staff_are_told_at_their_own_address_unless_they_left(app: Portal):
    with unit_of_work():
        lead = make.a_person("lead", locale="en")
        told(messages.to_person(lead))
        told(messages.to_person(make.a_person("lead", active=False)))
    assert [(mail.address, mail.locale) for mail in mails()] == [(lead.email, "en")]


def test_a_guest_is_written_to_once_where_the_caller_says(app: Portal):
    guest = messages.Guest("b1@relay.example", "en", "Europe/Berlin", 7)
    for _time in range(2):
        with unit_of_work():
            to = messages.to_guest(3)
            messages.tell_all([messages.Told("e", to, "test.plain", NOON, {"ref": "R"}, guest=guest)] * 2)
    [notice], [mail] = notices(), mails()
    assert (notice.recipient, mail.notice_id, mail.address, mail.locale) == (
        "guest:3", notice.id, "b1@relay.example", "en",
    )  # fmt: skip
    assert mail.payload == {"link": 7, "zone": "Europe/Berlin"}
    messages.settle(NOON, [messages.Outcome(messages.claim(NOON, 1)[0])])
    assert [(mail.state, mail.payload) for mail in mails()] == [("sent", None)]
    assert guards.tallied("guest:3") == {}
    assert list(messages.faults()) == []


def test_a_guest_of_whom_nobody_says_where_they_are_has_a_notice_and_no_mail(app: Portal):
    with unit_of_work():
        lead = make.a_person("lead")
        told(messages.to_guest(lead.id))
    assert (len(notices()), mails()) == (1, [])


def test_a_kind_nobody_registered_is_refused(app: Portal):
    with unit_of_work(), pytest.raises(ValueError, match="no slice registered the notice nonsense"):
        messages.tell("e", to=messages.to_shop(1), kind="nonsense", at=NOON)


def test_a_notice_that_lacks_what_its_words_mention_is_refused(app: Portal):
    with unit_of_work(), pytest.raises(ValueError, match=r"the notice test\.plain lacks ref"):
        messages.tell("e", to=messages.to_shop(1), kind="test.plain", at=NOON)


def test_the_drainer_is_woken_once_per_unit_and_only_after_it(app: Portal, monkeypatch: pytest.MonkeyPatch):
    woken: list[str] = []
    monkeypatch.setattr(queue, "wake_now", woken.append)
    for _unit in range(2):
        with unit_of_work():
            shop = make.a_shop()
            told(messages.to_shop(shop), "one")
            told(messages.to_shop(shop), "two")
            before = list(woken)
    assert before == ["jobs.deliver.run"]
    assert woken == ["jobs.deliver.run"] * 2


def test_nobody_is_woken_for_what_was_told_before(app: Portal, monkeypatch: pytest.MonkeyPatch):
    with unit_of_work():
        shop = make.a_shop()
        told(messages.to_shop(shop))
    monkeypatch.setattr(queue, "wake_now", lambda job: pytest.fail(f"{job} was woken"))
    with unit_of_work():
        told(messages.to_shop(shop))
