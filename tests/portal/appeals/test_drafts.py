"""What is typed into a draft, as browsers send it, and in which window."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal import Portal, appeals
from portal.appeals.models import Appeal
from portal.audit import SYSTEM
from portal.db import end_reading, session, unit_of_work
from portal.refusals import Refused
from tests import make
from tests.make import NOON
from tests.portal.review.desk import token_of
from tests.reading import Visitor

pytestmark = pytest.mark.usefixtures("now")
OLD, NEW = "这一窗口的旧话。", "另一窗口后来写的话。"


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


class Window(Visitor):
    """One drawing of the form, of a draft or of a supplement."""

    def writes(self, statement: str, *, lost: bool = False) -> int:
        """Write, and rest; what the autosave is answered with, unless that is lost on its way."""
        self.page.one("textarea", id="statement").typed = statement
        form = self.page.one("form", id="draft")
        if not lost:
            return self.rest().status
        return self.client.post(
            form["data-autosave"], data=self.fields(form), headers={"HX-Request": "true"}
        ).status_code


@pytest.fixture(params=["draft", "supplement"])
def windows(app: Portal, request: pytest.FixtureRequest) -> tuple[Window, Window]:
    """Two windows of a shop on one draft, or on one supplement."""
    with unit_of_work():
        shop, judge = make.a_shop(), make.actor(make.a_person("reviewer"))
        owner = make.a_person("merchant_owner", shop)
        by = make.actor(owner, shop)
        draft = make.a_draft(make.a_penalty(shop), by)
        if request.param == "supplement":
            make.ask_for_evidence(make.file_it(draft, by), judge)
    first, second = (Window(app, owner).open(f"/appeals/{draft.ref}/{request.param}") for _ in range(2))
    assert isinstance(first, Window)
    assert isinstance(second, Window)
    return first, second


def kept() -> str:
    """What is written there as it is now."""
    end_reading()
    session().expire_all()
    appeal = session().query(Appeal).one()
    return appeal.statement if appeal.status == "draft" else appeal.supplement_statement


def test_a_window_whose_answer_got_lost_goes_on(windows: tuple[Window, Window]) -> None:
    window, _other = windows
    assert (window.writes(OLD, lost=True), kept()) == (200, OLD)
    assert (window.writes(OLD + NEW), window.writes(NEW), kept()) == (200, 200, NEW)


def test_a_window_is_refused_once_another_has_gone_on(windows: tuple[Window, Window]) -> None:
    first, second = windows
    assert (first.writes(OLD), second.writes(NEW), kept()) == (200, 409, OLD)
    second.open(second.url)
    assert (second.writes(NEW), first.writes(OLD + OLD), kept()) == (200, 409, NEW)


def test_no_copy_of_a_window_is_stored_and_no_two_have_one_name(windows: tuple[Window, Window]) -> None:
    assert len({window.page.one("input", name="window")["value"] for window in windows}) == 2
    assert {window.answer.headers["Cache-Control"] for window in windows if window.answer} == {"no-store"}


def test_a_name_that_no_window_was_given_is_nobodys(writer: Writer) -> None:
    assert writer.send(OLD, rev=writer.now.draft_rev, window="x" * 4000) == 303
    assert writer.now.draft_window == "x" * 32
    assert (writer.send(NEW, rev=0), writer.send(NEW, rev=0, window="")) == (409, 409)


def test_words_that_later_ones_overtook_on_their_way_overwrite_nothing(writer: Writer) -> None:
    typed = {"ground": writer.now.ground_code, "declarations": {}, "rev": writer.now.draft_rev, "window": "a"}
    sooner, later = (NOON + timedelta(seconds=n) for n in (1, 2))
    with unit_of_work():
        draft = session().get_one(Appeal, writer.draft.id)
        appeals.actions.save(draft, **typed, statement=NEW, by=SYSTEM, at=later)
        with pytest.raises(Refused, match="draft_elsewhere"):
            appeals.actions.save(draft, **typed, statement=OLD, by=SYSTEM, at=sooner)
        appeals.actions.save(draft, **typed, statement=NEW + OLD, by=SYSTEM, at=later)
    assert writer.now.statement == NEW + OLD
