"""What the tests of sign-in share: people with a password, and a browser that reads its forms."""

import itertools
import re
from html import unescape
from typing import Any

from flask_security import hash_password
from werkzeug.test import TestResponse

from portal import Portal
from portal.accounts.models import Person, Shop
from portal.db import unit_of_work
from tests import make

PASSWORD = "a quiet river at night"
_addresses = itertools.count()


def somebody(role: str = "merchant_owner", shop: Shop | None = None, **fields: Any) -> Person:
    """A person with PASSWORD, committed; a merchant gets a shop."""
    with unit_of_work():
        if role.startswith("merchant") and shop is None:
            shop = make.a_shop()
        return make.a_person(role, shop, password=hash_password(PASSWORD), **fields)


class Browser:
    """A browser: it has its own address, keeps cookies, and sends the form token of the page it saw last."""

    def __init__(self, app: Portal, **environ: str) -> None:
        self.client = app.test_client()
        number = next(_addresses)
        self.environ = {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250 + 1}", **environ}
        self.page: TestResponse | None = None
        self.token = ""

    def get(self, url: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self._saw(self.client.get(url, headers=headers, environ_base=self.environ))

    def post(self, url: str, follow: bool = False, **fields: str) -> TestResponse:
        """Send a form."""
        form = {"csrf_token": self.token, **fields}
        return self._saw(self.client.post(url, data=form, environ_base=self.environ, follow_redirects=follow))

    def sign_in(self, person: Person, password: str = PASSWORD, **more: str) -> TestResponse:
        """Open the sign-in page and send it."""
        self.get("/sign-in")
        return self.post("/sign-in", email=person.email, password=password, **more)

    @property
    def cookie(self) -> str:
        """What the browser holds."""
        kept = self.client.get_cookie("session")
        return kept.value if kept else ""

    def hold(self, value: str) -> None:
        """Put another value into the cookie, as a thief would."""
        self.client.set_cookie("session", value)

    def _saw(self, response: TestResponse) -> TestResponse:
        found = re.search(
            r'name="csrf_token"[^>]*?value="([^"]+)"', response.text if response.mimetype == "text/html" else ""
        )
        self.token = unescape(found[1]) if found else self.token
        self.page = response
        return response
