"""The drainer: everything goes out, once, whoever else drains, whatever one letter does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from jobs import deliver
from portal import Portal, clock, messages, queue
from portal.config import Config
from portal.db import unit_of_work
from portal.messages import ChannelError, Letter, channels, kinds, outbox
from portal.messages.channels import Send
from tests import make
from tests.conftest import Clock
from tests.portal.messages.arrange import eml_files, mails, tell_now

Sends = Callable[[Send], None]


@pytest.fixture
def box(app: Portal) -> messages.Recipient:
    with unit_of_work():
        return messages.to_shop(make.a_shop())


@pytest.fixture
def sends(monkeypatch: pytest.MonkeyPatch) -> Sends:
    """Puts a channel of the test's own in the place of e-mail."""

    def use(send: Send) -> None:
        @contextmanager
        def line(config: Config) -> Iterator[Send]:
            yield send

        monkeypatch.setitem(channels.CHANNELS, "email", line)

    return use


def states() -> list[str]:
    return [mail.state for mail in mails()]


def test_all_that_waits_goes_out_as_files(app: Portal, box: messages.Recipient, now: Clock):
    before = set(eml_files(app))
    tell_now(box, "one", "two", "three")
    deliver.run()
    assert states() == ["sent"] * 3
    new = set(eml_files(app)) - before
    assert new == {f"20260302T040000Z-{mail.message_id}.eml" for mail in mails()}


def test_more_than_a_batch_goes_out_in_one_run(
    box: messages.Recipient, now: Clock, sends: Sends, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliver, "BATCH", 2)
    sent: list[Letter] = []
    sends(sent.append)
    tell_now(box, *"abcde")
    deliver.run()
    assert len(sent) == 5
    assert states() == ["sent"] * 5


def test_nothing_is_locked_and_no_transaction_is_open_while_a_mail_is_sent(
    box: messages.Recipient, now: Clock, sends: Sends
):
    def send(letter: Letter) -> None:
        with unit_of_work():  # a unit inside a unit would be refused
            make.a_shop()

    sends(send)
    tell_now(box, "one")
    deliver.run()
    assert states() == ["sent"]


def test_a_letter_that_can_not_be_written_blocks_no_other_and_comes_again(
    box: messages.Recipient, now: Clock, monkeypatch: pytest.MonkeyPatch
):
    broken = messages.NoticeKind("test.broken", "system", lambda **_: 1 / 0, "")  # type: ignore[arg-type,return-value]
    monkeypatch.setitem(kinds.KINDS, "test.broken", broken)
    with unit_of_work():
        messages.tell("broken", to=box, kind="test.broken", at=now.at)
    tell_now(box, "after")
    with capture_logs() as logs:
        deliver.run()
    bad, good = mails()
    assert (bad.state, bad.failures, bad.last_error) == ("queued", 1, "ZeroDivisionError: division by zero")
    assert good.state == "sent"
    assert "delivery.broken" in {entry["event"] for entry in logs}


def test_a_refusal_for_good_and_one_for_now_are_settled_each_in_its_way(
    box: messages.Recipient, now: Clock, sends: Sends
):
    why = iter((ChannelError("550 no", permanent=True), ChannelError("451 later")))

    def send(letter: Letter) -> None:
        raise next(why)

    sends(send)
    tell_now(box, "one", "two")
    deliver.run()
    assert [(mail.state, mail.next_at > now.at) for mail in mails()] == [("bounced", True), ("queued", True)]
    now.at += timedelta(seconds=61)
    sends(lambda letter: None)
    deliver.run()
    assert states() == ["bounced", "sent"]


def test_a_slow_batch_is_given_back_before_its_lease_ends(box: messages.Recipient, now: Clock, sends: Sends):
    sent: list[int] = []

    def send(letter: Letter) -> None:
        sent.append(letter.id)
        now.at += timedelta(seconds=15)

    sends(send)
    tell_now(box, *"abcde")
    deliver.run()
    assert len(sent) == len(set(sent)) == 5
    assert {(mail.state, mail.attempts) for mail in mails()} == {("sent", 1)}


def test_several_drainers_at_once_send_each_mail_once(app: Portal, box: messages.Recipient, sends: Sends):
    sent: list[str] = []
    sends(lambda letter: sent.append(letter.message_id))
    tell_now(box, *(f"e{n}" for n in range(120)))
    all_there = threading.Barrier(5)

    def drain() -> None:
        with app.app_context():
            all_there.wait()
            while letters := messages.claim(clock.now(), 7):
                deliver._send_batch(letters)

    drainers = [threading.Thread(target=drain) for _ in range(5)]
    for drainer in drainers:
        drainer.start()
    for drainer in drainers:
        drainer.join()
    assert len(sent) == len(set(sent)) == 120
    assert set(states()) == {"sent"}


def test_a_run_that_lasts_too_long_passes_on_to_a_fresh_one(
    box: messages.Recipient, now: Clock, sends: Sends, monkeypatch: pytest.MonkeyPatch
):
    woken: list[str] = []
    tell_now(box, "one", "two")
    monkeypatch.setattr(deliver, "BATCH", 1)
    monkeypatch.setattr(deliver, "LONGEST_RUN", -1.0)
    monkeypatch.setattr(queue, "wake_now", woken.append)
    sends(lambda letter: None)
    deliver.run()
    assert (sorted(states()), woken) == (["queued", "sent"], [deliver.NAME])


def test_what_was_sent_is_settled_while_the_batch_goes_on(
    box: messages.Recipient, now: Clock, sends: Sends, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliver, "SETTLE_EVERY", -1.0)
    seen: list[list[str]] = []
    sends(lambda letter: seen.append(states()))
    tell_now(box, "one", "two")
    deliver.run()
    assert seen == [["queued", "queued"], ["sent", "queued"]]


def test_the_lease_outlives_the_slowest_mail_that_may_still_be_begun():
    assert deliver.LATEST_START < outbox.LEASE
    assert outbox.LEASE + timedelta(seconds=10) <= timedelta(seconds=60)
