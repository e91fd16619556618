"""What is typed into a draft, as browsers send it."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from portal import Portal
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.portal.review.desk import token_of

pytestmark = pytest.mark.usefixtures("now")


@dataclass
class Writer:
    """A shop's owner at a draft whose files are all there."""

    draft: Appeal
    browser: FlaskClient

    def send(self, statement: str, *, multipart: bool = False, **more: object) -> int:
        """Send the form; what it is answered with."""
        url = f"/appeals/{self.draft.ref}/draft"
        token = token_of(self.browser.get(url).text)
        fields = {"csrf_token": token, "ground": self.now.ground_code, "statement": statement, **more}
        kind = "multipart/form-data" if multipart else None
        return self.browser.post(url, data=fields, content_type=kind).status_code

    @property
    def now(self) -> Appeal:
        """The draft as it is now."""
        end_reading()
        return session().get_one(Appeal, self.draft.id, populate_existing=True)


@pytest.fixture
def writer(sqlite_app: Portal) -> Writer:
    """Somebody who writes."""
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop)
        draft = make.a_draft(make.a_penalty(shop), make.actor(owner, shop))
    return Writer(draft, make.a_browser(sqlite_app, owner))


@pytest.mark.parametrize("multipart", [False, True])
def test_a_line_break_counts_once_as_the_page_counts_it(writer: Writer, multipart: bool) -> None:
    typed = "\n".join(["字" * 98] * 20) + "尾" * 10
    assert (len(typed), typed.count("\n")) == (1989, 19)

    sent = writer.send(typed.replace("\n", "\r\n"), multipart=multipart, rev=writer.now.draft_rev, next="1")

    assert (sent, writer.now.statement) == (303, typed)


def test_what_was_saved_by_itself_and_is_sent_again_is_no_change(writer: Writer) -> None:
    seen = writer.now.draft_rev
    writer.send("第一行\n第二行", rev=seen)

    assert writer.send("第一行\r\n第二行", rev=seen) == 303
    assert writer.now.draft_rev == seen + 1
