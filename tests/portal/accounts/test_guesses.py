"""Guessing is slow: counted before it is looked at, from any number of browsers at once."""

import threading
from datetime import timedelta

import pytest

from portal import Portal
from portal.accounts import guesses
from portal.accounts.guesses import ACCOUNT, ADDRESS, BOTH
from portal.db import unit_of_work
from tests.conftest import NOON, Clock
from tests.portal.accounts.people import PASSWORD, Browser, somebody


class Here:
    """One address, from which browsers guess."""

    last = 0

    def __init__(self) -> None:
        Here.last += 1
        self.address = f"198.51.100.{Here.last}"

    def browser(self, app: Portal) -> Browser:
        """A new browser at this address."""
        return Browser(app, REMOTE_ADDR=self.address)


@pytest.fixture
def here() -> Here:
    """An address nobody guessed from before: how often it may knock is counted for as long as the app lives."""
    return Here()


def guess(app: Portal, here: Here, email: str, password: str = "wrong password") -> int:
    """The status of one try, from a browser of its own."""
    browser = here.browser(app)
    browser.get("/sign-in")
    return browser.post("/sign-in", email=email, password=password).status_code


def test_after_ten_wrong_passwords_even_the_right_one_must_wait(app: Portal, now: Clock, here: Here) -> None:
    person = somebody()
    assert [guess(app, here, person.email) for _ in range(11)] == [422] * 10 + [429]
    assert guess(app, here, person.email, PASSWORD) == 429
    now.at += timedelta(minutes=15)
    assert guess(app, here, person.email, PASSWORD) == 302


def test_the_answer_says_when_to_try_again(app: Portal, now: Clock, here: Here) -> None:
    person, browser = somebody(), here.browser(app)
    for _ in range(10):
        guess(app, here, person.email)
    now.at += timedelta(minutes=5)
    response = browser.sign_in(person)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "600")
    assert "请在 10 分钟后再试" in response.text


@pytest.mark.parametrize(
    ("waits", "language", "says"),
    [
        (timedelta(minutes=119), "zh", "请在 119 分钟后再试"),
        (timedelta(hours=2), "zh", "请在 2 小时后再试"),
        (timedelta(hours=4), "zh", "请在 4 小时后再试"),
        (timedelta(hours=3, minutes=1), "en", "Try again in 4 hours."),
    ],
)
def test_a_long_wait_is_said_in_hours(
    app: Portal, here: Here, monkeypatch: pytest.MonkeyPatch, waits: timedelta, language: str, says: str
) -> None:
    monkeypatch.setattr(guesses, "BOTH", guesses.Limit(10, waits, waits))
    person, browser = somebody(), here.browser(app)
    browser.environ["HTTP_ACCEPT_LANGUAGE"] = language
    for _ in range(10):
        browser.sign_in(person, "wrong password")
    assert says in browser.sign_in(person).text


def test_an_unknown_address_is_counted_like_a_known_one(app: Portal, now: Clock, here: Here) -> None:
    assert [guess(app, here, "nobody@people.example") for _ in range(11)] == [422] * 10 + [429]


def test_the_right_password_forgets_the_wrong_ones(app: Portal, now: Clock, here: Here) -> None:
    person = somebody()
    for _ in range(3):
        assert [guess(app, here, person.email) for _ in range(9)] == [422] * 9
        assert guess(app, here, person.email, PASSWORD) == 302


def test_others_are_not_kept_out(app: Portal, now: Clock, here: Here) -> None:
    person, colleague = somebody(), somebody()
    for _ in range(10):
        guess(app, here, person.email)
    assert guess(app, here, colleague.email, PASSWORD) == 302
    assert guess(app, Here(), person.email, PASSWORD) == 302


def test_each_further_wrong_try_doubles_the_waiting(app: Portal) -> None:
    counters, at, waits = guesses.keys("password", "a@people.example", "198.51.100.7"), NOON, []
    for _ in range(21):
        until = guesses.count(counters, at)
        if until is not None:
            waits.append((until - at) // timedelta(minutes=1))
            at = until
    assert waits == [15, 30, 60, 120, 240, 240]


def test_the_waiting_is_over_after_an_hour_of_peace(app: Portal) -> None:
    counters = guesses.keys("password", "a@people.example", "198.51.100.7")
    for _ in range(10):
        guesses.count(counters, NOON)
    later = NOON + timedelta(minutes=75)
    assert [guesses.count(counters, later) for _ in range(10)] == [None] * 10
    assert guesses.count(counters, later) == later + timedelta(minutes=15)


def test_nine_wrong_tries_a_quarter_are_never_kept_waiting(app: Portal) -> None:
    counters = guesses.keys("password", "a@people.example", "198.51.100.7")
    for quarter in range(8):
        at = NOON + quarter * timedelta(minutes=15)
        assert [guesses.count(counters, at + timedelta(seconds=n)) for n in range(9)] == [None] * 9


@pytest.mark.parametrize(
    ("limit", "address", "email"), [(ADDRESS, "{}@x", "198.51.100.7"), (ACCOUNT, "a@x", "10.0.0.{}")]
)
def test_many_accounts_from_one_address_and_many_addresses_on_one_account_are_slowed_down(
    app: Portal, limit: guesses.Limit, address: str, email: str
) -> None:
    tries = [guesses.count(guesses.keys("password", address.format(n), email.format(n)), NOON) for n in range(120)]
    assert tries.count(None) == limit.allowed
    assert {until for until in tries if until} == {NOON + limit.first}


def test_a_hundred_at_once_get_ten_guesses(app: Portal) -> None:
    counters, passed = guesses.keys("password", "a@people.example", "198.51.100.7"), []

    def one() -> None:
        with app.app_context():
            passed.append(guesses.count(counters, NOON) is None)

    threads = [threading.Thread(target=one) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (100, BOTH.allowed)


def test_codes_and_the_password_asked_again_are_counted_too(app: Portal, now: Clock, here: Here) -> None:
    browser = here.browser(app)
    browser.sign_in(somebody())
    for path in ("/confirm", "/account/password"):
        browser.get(path)
    answers = [browser.post("/confirm", password="wrong password").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_refused_request_keeps_its_count(app: Portal, now: Clock, here: Here) -> None:
    person = somebody()
    with pytest.raises(RuntimeError, match="rolled back"), unit_of_work():
        raise RuntimeError("rolled back")
    for _ in range(10):
        guess(app, here, person.email)
    assert guess(app, here, person.email) == 429
