"""The small words that say what a figure, a date or a number means: on the home page, the receipt, in the messages."""

import re

import pytest
from flask.testing import FlaskClient

from portal import Portal, accounts, text
from portal.appeals.models import Appeal
from portal.db import unit_of_work
from tests import aftersales, make
from tests.conftest import Clock, SignIn


@pytest.fixture
def appeal(app: Portal, now: Clock) -> Appeal:
    """An appeal under review, of a shop that can still appeal something else and has a request to answer."""
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop, email="owner@shop.example", locale="en")
        make.a_penalty(shop)
        aftersales.an_after_sale(shop)
        return make.an_appeal(shop, make.actor(owner, shop))


@pytest.fixture
def client(appeal: Appeal, browser: SignIn) -> FlaskClient:
    """The browser of the shop's owner."""
    return browser(accounts.by_email("owner@shop.example"))


def test_each_figure_of_the_home_page_says_what_it_means(client: FlaskClient) -> None:
    tiles = re.findall(r'class="tile".*?<b>(\d+)</b>\s*<small>\s*(.*?)\s*</small>', client.get("/").text, re.S)
    assert [words for _figure, words in tiles[1:3]] == ["Nothing for you to do", "Nothing here now"]
    assert re.fullmatch(r"First: 7 days \d+ hours left", tiles[0][1])
    assert re.fullmatch(r"First: 2 days left", tiles[3][1])
    assert (tiles[4], tiles[5][1]) == (("0", "Nothing here now"), "Newest 2 March 12:00")


def test_the_receipt_says_how_many_working_days_and_folds_the_reason_away(client: FlaskClient, appeal: Appeal) -> None:
    said = client.get(f"/appeals/{appeal.ref}/receipt").text
    assert "The platform decides within 5 working days." in said
    assert re.search(r'<details[^>]*>\s*<summary>Why this date</summary>\s*<ol class="cal">', said)


def test_the_number_of_a_case_is_not_broken_in_a_message(client: FlaskClient, appeal: Appeal) -> None:
    for path in ("/", "/messages"):
        assert f'<span class="nowrap">{appeal.ref}</span>' in client.get(path).text, path


def test_only_numbers_of_cases_are_kept_whole() -> None:
    assert text.references("售后单AS-2026-RNDNUJ8Z。") == [("售后单", False), ("AS-2026-RNDNUJ8Z", True), ("。", False)]
    assert text.references("PN-20261123-0119") == [("", False), ("PN-20261123-0119", True), ("", False)]
    assert text.references("a re-review, UTF-8 and <b>") == [("a re-review, UTF-8 and <b>", False)]


def test_days_that_are_not_the_readers_are_said_to_be_so(app: Portal) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert text.days_of("Asia/Shanghai") == ""
        assert "Central European Time (Europe/Berlin)" in text.days_of("Europe/Berlin")
