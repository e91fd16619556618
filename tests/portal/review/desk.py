"""What the tests of reviewing share: somebody of staff at their browser, and what their pages show."""

import re
from html import unescape

from werkzeug.test import TestResponse

from portal import Portal, review
from portal.accounts.models import Person
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.db import unit_of_work
from portal.review.models import Review
from tests import make


class Desk:
    """A person of staff, signed in; `part=True` asks as htmx does."""

    def __init__(self, app: Portal, role: str = "reviewer", name: str = "周岚", person: Person | None = None) -> None:
        if person is None:
            with unit_of_work():
                person = make.a_person(role, name=name)
        self.person = person
        self.actor = make.actor(person)
        self.client = make.a_browser(app, person)
        self.token = ""

    def get(self, url: str, part: bool = False, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(url, headers={**headers, **({"HX-Request": "true"} if part else {})})

    def status(self, url: str) -> int:
        """What opening this address, which may be a file, is answered with."""
        answer = self.get(url)
        answer.close()
        return answer.status_code

    def post(self, url: str, part: bool = False, follow: bool = False, **fields: object) -> TestResponse:
        """Send a form."""
        self.take_token()
        headers = {"HX-Request": "true"} if part else {}
        return self.client.post(
            url, data={"csrf_token": self.token, **fields}, headers=headers, follow_redirects=follow
        )

    def take_token(self) -> None:
        """Have the form token, without which nothing is sent."""
        self.token = self.token or token_of(self.get("/review").text)

    def claim(self, case: Appeal | Arbitration, part: bool = False, **fields: object) -> TestResponse:
        """Press the claim button of the case."""
        return self.post(f"/review/seats/{seat_of(case).id}/claim", part, **fields)


def token_of(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def refs(page: str) -> list[str]:
    """The cases a page shows, in its order."""
    return re.findall(r'<tbody role="rowgroup" id="case-(A[PR]-[\w-]+)"', page)


def link(page: str, rel: str) -> str:
    """Where a link of this kind leads."""
    found = re.search(rf'rel="{rel}"\s+href="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def seat_of(case: Appeal | Arbitration) -> Review:
    """The open seat of the case."""
    seat = review.open_seat_of(case.__tablename__, case.id)
    assert seat is not None
    return seat
