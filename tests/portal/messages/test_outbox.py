"""Claim, settle, release: a lease, a schedule of tries, and an end."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from portal import Portal, messages
from portal.db import session, unit_of_work
from portal.messages import Outcome, claim, outbox, release, settle
from portal.messages.actions import post
from tests import make
from tests.make import NOON
from tests.portal.messages.arrange import mails, tell_now

SECOND = timedelta(seconds=1)


@pytest.fixture
def box(app: Portal) -> messages.Recipient:
    with unit_of_work():
        return messages.to_shop(make.a_shop())


def test_a_claimed_mail_is_nobody_elses_until_the_lease_ends(box: messages.Recipient):
    tell_now(box, "one")
    [letter] = claim(NOON, 10)
    assert (letter.attempts, letter.template, letter.params) == (1, "test.plain", {"ref": "AP-1"})
    assert claim(NOON + outbox.LEASE - SECOND, 10) == []
    [again] = claim(NOON + outbox.LEASE, 10)
    assert (again.id, again.attempts, again.message_id) == (letter.id, 2, letter.message_id)


def test_the_longest_waiting_come_first_and_no_more_than_asked_for(box: messages.Recipient):
    tell_now(box, "late", at=NOON)
    tell_now(box, "early", "early too", at=NOON - SECOND)
    assert [letter.created_at for letter in claim(NOON, 2)] == [NOON - SECOND] * 2
    assert [letter.created_at for letter in claim(NOON, 2)] == [NOON]


def test_what_is_not_due_yet_waits(box: messages.Recipient):
    tell_now(box, "one", at=NOON + SECOND)
    assert claim(NOON, 10) == []


def test_a_sent_mail_is_done(box: messages.Recipient):
    tell_now(box, "one")
    settle(NOON, [Outcome(letter) for letter in claim(NOON, 10)])
    [mail] = mails()
    assert (mail.state, mail.done_at, mail.failures) == ("sent", NOON, 0)
    assert claim(NOON + timedelta(days=30), 10) == []


def test_a_mail_that_fails_is_tried_after_1_5_and_30_minutes_2_and_12_hours_and_then_given_up(box: messages.Recipient):
    tell_now(box, "one")
    now, waits = NOON, []
    with capture_logs() as logs:
        for _try in range(6):
            settle(now, [Outcome(letter, "451 later") for letter in claim(now, 1)])
            [mail] = mails()
            waits.append((mail.next_at - now).total_seconds() / 60)
            now = mail.next_at
    assert waits[:5] == [1, 5, 30, 120, 720]
    assert (mail.state, mail.failures, mail.attempts, mail.last_error) == ("failed", 6, 6, "451 later")
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["delivery.given_up"]


def test_a_permanent_failure_bounces_at_once_with_an_alarm(box: messages.Recipient):
    tell_now(box, "one")
    with capture_logs() as logs:
        settle(NOON, [Outcome(letter, "550 " + "x" * 600, permanent=True) for letter in claim(NOON, 1)])
    [mail] = mails()
    assert (mail.state, mail.done_at, len(mail.last_error or "")) == ("bounced", NOON, 500)
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("delivery.given_up", "error")]


def test_drainers_that_died_cost_no_try(box: messages.Recipient):
    tell_now(box, "one")
    now = NOON
    for _death in range(8):
        claim(now, 1)
        now += outbox.LEASE
    settle(now, [Outcome(letter, "451 later") for letter in claim(now, 1)])
    [mail] = mails()
    assert (mail.state, mail.failures, mail.next_at) == ("queued", 1, now + timedelta(minutes=1))


def test_a_mail_that_kills_whoever_claims_it_is_left_alone_in_the_end(box: messages.Recipient):
    tell_now(box, "one")
    now = NOON
    with capture_logs() as logs:
        for _death in range(outbox.MOST_CLAIMS):
            assert len(claim(now, 1)) == 1
            now += outbox.LEASE
    assert claim(now, 1) == []
    assert [entry["event"] for entry in logs] == ["delivery.stuck"]
    assert [fault.partition(": ")[2] for fault in messages.faults()] == ["is claimed over and over and never settled"]


def test_a_late_failure_says_nothing_about_a_mail_that_another_has_claimed(box: messages.Recipient):
    tell_now(box, "one")
    slow = claim(NOON, 1)
    [quick] = claim(NOON + outbox.LEASE, 1)
    settle(NOON + outbox.LEASE, [Outcome(slow[0], "550 gone", permanent=True)])
    [mail] = mails()
    assert (mail.state, mail.attempts) == ("queued", quick.attempts)


def test_a_late_success_spares_the_second_sending(box: messages.Recipient):
    tell_now(box, "one")
    slow = claim(NOON, 1)
    quick = claim(NOON + outbox.LEASE, 1)
    settle(NOON + outbox.LEASE, [Outcome(slow[0])])
    settle(NOON + outbox.LEASE, [Outcome(quick[0], "451 later")])
    assert [mail.state for mail in mails()] == ["sent"]


def test_what_was_not_tried_is_given_back(box: messages.Recipient):
    tell_now(box, "one", "two")
    release(NOON + SECOND, claim(NOON, 2))
    assert [(mail.attempts, mail.next_at) for mail in mails()] == [(0, NOON + SECOND)] * 2
    assert len(claim(NOON + SECOND, 2)) == 2


def test_the_words_of_a_mail_leave_the_database_when_it_is_done(app: Portal):
    with unit_of_work():
        post("a@people.example", "en", {"subject": "Reset", "text": "https://…/token", "html": ""}, at=NOON)
    [letter] = claim(NOON, 1)
    assert letter.payload == {"subject": "Reset", "text": "https://…/token", "html": ""}
    settle(NOON, [Outcome(letter)])
    assert session().connection().exec_driver_sql("SELECT payload FROM delivery").scalar() is None
