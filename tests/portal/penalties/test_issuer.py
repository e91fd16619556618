"""Bringing in a file by the browser: seen first, confirmed once, without a line of script."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal import Portal
from portal.accounts.models import Shop
from portal.db import session, unit_of_work
from portal.penalties import issuer, shelf
from portal.penalties.models import Penalty
from tests import make
from tests.conftest import Clock, SignIn
from tests.portal.penalties.sheets import a_csv, a_row

IMPORT = "/penalties/import"


@pytest.fixture
def shop(app: Portal) -> Shop:
    with unit_of_work():
        return make.a_shop()


@pytest.fixture
def client(browser: SignIn, app: Portal, shop: Shop, now: Clock) -> FlaskClient:
    with unit_of_work():
        person = make.a_person("penalty_issuer", locale="en")
    return browser(person)


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(IMPORT).text)
    assert found
    return found[1]


def upload(client: FlaskClient, content: bytes, name: str = "penalties.csv") -> TestResponse:
    fields = {"csrf_token": token(client), "file": (io.BytesIO(content), name)}
    return client.post(IMPORT, data=fields, follow_redirects=True)


def confirm(client: FlaskClient, preview: TestResponse) -> TestResponse:
    return client.post(
        f"{preview.request.path}/confirmation", data={"csrf_token": token(client)}, follow_redirects=True
    )


def penalties() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(Penalty)) or 0


def test_a_file_is_seen_first_and_issued_on_confirmation(client: FlaskClient, shop: Shop) -> None:
    shop_id = shop.external_id
    rows = [a_row(1, shop_id), a_row(2, shop_id), a_row(3, shop_id, amount="12.345"), a_row(4, "nobody")]
    preview = upload(client, a_csv(rows, "gb18030"))
    assert preview.status_code == 200
    for words in (
        "4 rows",
        "Issue 2 penalties",
        "12.345",
        "two decimals at most",
        "nobody",
        "PN-000001",
        "Late shipment",
    ):
        assert words in preview.text, words
    assert penalties() == 0
    done = confirm(client, preview)
    assert "2 penalties were issued." in done.text
    assert penalties() == 2


def test_whoever_brings_a_file_in_is_its_issuer(client: FlaskClient, shop: Shop) -> None:
    confirm(client, upload(client, a_csv([a_row(1, shop.external_id)])))
    session().rollback()
    assert session().scalars(select(Penalty.issuer_id)).one() is not None


def test_a_file_is_used_once(client: FlaskClient, shop: Shop) -> None:
    preview = upload(client, a_csv([a_row(1, shop.external_id)]))
    confirm(client, preview)
    again = confirm(client, preview)
    assert (again.status_code, penalties()) == (200, 1)
    assert "This file is in already" in again.text
    assert "This file is in already" in client.get(preview.request.path, follow_redirects=True).text


def test_what_is_there_already_and_what_differs_is_said(client: FlaskClient, shop: Shop) -> None:
    shop_id = shop.external_id
    confirm(client, upload(client, a_csv([a_row(1, shop_id), a_row(2, shop_id)])))
    preview = upload(client, a_csv([a_row(1, shop_id), a_row(2, shop_id, amount="1.00")]))
    assert "under this external_id and says something else" in preview.text
    assert "confirmation" not in preview.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file has no rows."),
        (b"\x89PNG\r\n\x1a\n\x00", "This is not a CSV or JSON file"),
        (b"external_id,amout\nx,y\n", "There is no column amout."),
        (b"<script>alert(1)</script>,b\nx,y\n", "There is no column &lt;script&gt;alert(1)&lt;/script&gt;."),
        (b"[{", "This is not JSON from line 1 on."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_beside_the_field(
    client: FlaskClient, content: bytes, words: str
) -> None:
    answer = upload(client, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="errsum"' in answer.text


def test_a_file_with_more_rows_than_a_request_may_take_is_left_to_the_command(
    client: FlaskClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer, "MOST_AT_ONCE", 2)
    answer = upload(client, a_csv([a_row(n, shop.external_id) for n in range(3)]))
    assert answer.status_code == 422
    assert "This page takes 2 rows at once." in answer.text


def test_hostile_cells_are_shown_as_text(client: FlaskClient, shop: Shop) -> None:
    preview = upload(
        client, a_csv([a_row(1, shop.external_id, external_id="<img src=x onerror=alert(1)>", amount="=1+1")])
    )
    assert "<img src=x" not in preview.text
    assert "=1+1" in preview.text


@pytest.mark.parametrize("mark", ["x" * 64, "..%2F..%2Frecourse.db", "0" * 64, "A" * 64])
def test_nothing_but_a_kept_file_is_ever_opened(client: FlaskClient, mark: str) -> None:
    assert client.get(f"{IMPORT}/{mark}").status_code in (404, 422)


def test_what_waited_too_long_is_cleared_away(app: Portal, now: Clock) -> None:
    first = shelf.put(b"one", at=now())
    now.at = now.at.replace(year=2100)
    shelf.put(b"two", at=now())
    assert shelf.content_of(first) is None


def test_only_issuers_and_admins_get_in(browser: SignIn, client: FlaskClient, shop: Shop) -> None:
    preview = upload(client, a_csv([a_row(1, shop.external_id)])).request.path
    with unit_of_work():
        owner, reviewer, admin = (
            make.a_person(shop=shop), make.a_person("reviewer"), make.a_person("admin", locale="en"),
        )  # fmt: skip
    for path in (IMPORT, preview):
        assert browser().get(path).status_code == 401
        assert browser(owner).get(path).status_code == 403
        assert browser(reviewer).get(path).status_code == 403
        assert browser(admin).get(path).status_code == 200
    assert client.post(f"{preview}/confirmation").status_code == 400


def test_a_file_that_was_not_chosen_is_asked_for_and_not_said_to_be_there(client: FlaskClient) -> None:
    page = upload(client, b"").text
    assert "Choose the file again" in page
    assert "are still here" not in page
