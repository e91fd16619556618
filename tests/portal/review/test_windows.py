"""Several windows on one seat: none overwrites words that it was not drawn with nor wrote; whatever the case type."""

from datetime import timedelta

import pytest

from portal import Portal, review
from portal.accounts.models import Person
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.db import session, unit_of_work
from portal.refusals import Refused
from portal.review.drafts import Typed, mark_of
from portal.review.models import Review
from tests import arbitration, make
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.appeals.rulings import a_ruling
from tests.portal.arbitration.rulings import a_form
from tests.portal.review.desk import Desk, seat_of
from tests.reading import Visitor

pytestmark = pytest.mark.usefixtures("now")
OLD, NEW = "这一窗口的旧话。", "另一窗口后来写的话。"
STANDING = {"findings": "站着的话", "window": "a"}


@pytest.fixture(params=["appeal", "arbitration"])
def case(app: Portal, request: pytest.FixtureRequest) -> Appeal | Arbitration:
    """A case that waits in the queue."""
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.actor(make.a_person(shop=shop), shop)
        if request.param == "appeal":
            return make.an_appeal(shop, merchant)
        return arbitration.under_decision(shop, merchant)


@pytest.fixture
def me(app: Portal, case: Appeal | Arbitration) -> Desk:
    """Who holds it."""
    desk = Desk(app)
    desk.claim(case)
    return desk


class Window(Visitor):
    """One drawing of the form in which somebody writes their verdict."""

    def __init__(self, app: Portal, person: Person, case: Appeal | Arbitration, *, htmx: bool = True) -> None:
        super().__init__(app, person, htmx=htmx)
        self.open(f"/review/{case.__tablename__}s/{case.ref}")

    def writes(self, findings: str) -> int:
        """Write, and rest; what the autosave is answered with."""
        self.page.one("textarea", name="findings").typed = findings
        return self.rest().status

    def decides(self, findings: str) -> int:
        """Write, and press the button at once; what that is answered with."""
        self.page.one("textarea", name="findings").typed = findings
        self.press(self.page.all("button", data_submits="")[0].text)
        return self.status

    @property
    def keeps(self) -> bool:
        """Whether what is written in it goes on to be kept."""
        return bool(self.page.all("form", id="verdict")) and "data-autosave" in self.page.one("form", id="verdict")

    @property
    def findings(self) -> str:
        """What stands in its field."""
        return self.page.one("textarea", name="findings").text

    def value(self, name: str) -> str:
        """What stands in a hidden field."""
        return self.page.one("input", name=name)["value"]


def kept(case: Appeal | Arbitration) -> str:
    """The findings as the seat keeps them."""
    session().rollback()
    session().expire_all()
    return str(seat_of(case).draft.get("findings", ""))


def test_a_window_goes_on_from_answer_to_answer(case: Appeal | Arbitration, me: Desk, app: Portal) -> None:
    window = Window(app, me.person, case)
    before = window.value("draft_seen")

    assert [window.writes(OLD), window.writes(OLD + NEW)] == [200, 200]
    assert kept(case) == OLD + NEW
    assert before != window.value("draft_seen") == seat_of(case).draft_mark


def test_a_window_whose_answer_got_lost_goes_on(case: Appeal | Arbitration, me: Desk, app: Portal) -> None:
    window = Window(app, me.person, case)
    form = window.page.one("form", id="verdict")
    arrived = window.fields(form) | {"findings": OLD}
    window.client.post(form["data-autosave"], data=arrived, headers={"HX-Request": "true"})

    assert kept(case) == OLD
    assert window.writes(OLD + NEW) == 200
    assert window.decides(OLD + NEW) == 422
    assert kept(case) == OLD + NEW


def test_a_window_that_is_behind_gets_no_right_from_a_verdict(
    case: Appeal | Arbitration, me: Desk, app: Portal
) -> None:
    first, second = Window(app, me.person, case), Window(app, me.person, case)
    assert (second.writes(NEW), first.writes(OLD)) == (200, 409)
    assert first.decides(OLD) == 409

    assert "处理意见在另一窗口改过" in first.text
    assert (first.findings, first.keeps, first.page.all("button", data_submits="")) == (OLD, False, [])
    assert kept(case) == NEW
    assert (second.writes(NEW + OLD), kept(case)) == (200, NEW + OLD)


def test_a_whole_verdict_is_not_given_over_words_it_does_not_know(
    case: Appeal | Arbitration, me: Desk, app: Portal
) -> None:
    whole = a_ruling(case) if isinstance(case, Appeal) else a_form(case)
    second = Window(app, me.person, case)
    assert second.writes(NEW) == 200
    url = f"/review/{case.__tablename__}s/{case.ref}/ruling"

    assert me.post(url, **whole).status_code == 409
    assert me.post(url, **whole | {"draft_seen": second.value("draft_seen")}).status_code == 303


@pytest.mark.parametrize("htmx", [True, False])
def test_what_is_written_for_a_verdict_that_lacks_something_is_kept(
    case: Appeal | Arbitration, me: Desk, app: Portal, htmx: bool
) -> None:
    window = Window(app, me.person, case, htmx=htmx)

    assert (window.decides(OLD), kept(case), window.keeps) == (422, OLD, True)
    other = Window(app, me.person, case)
    assert other.findings == OLD
    assert (window.writes(OLD + NEW), other.writes(NEW), kept(case)) == (200, 409, OLD + NEW)


def test_after_it_a_window_is_refused_once_another_has_gone_on(
    case: Appeal | Arbitration, me: Desk, app: Portal
) -> None:
    first = Window(app, me.person, case)
    assert first.decides(OLD) == 422
    assert Window(app, me.person, case).writes(NEW) == 200

    assert (first.writes(OLD), first.decides(OLD), kept(case)) == (409, 409, NEW)


def test_a_case_claimed_anew_keeps_nothing_from_the_window_before(
    case: Appeal | Arbitration, me: Desk, app: Portal
) -> None:
    before = Window(app, me.person, case)
    me.post(f"/review/seats/{seat_of(case).id}/release")
    me.claim(case)
    assert Window(app, me.person, case).writes(NEW) == 200

    assert before.decides(OLD) == 409
    assert "您重新领取过这张单" in before.text
    assert (before.findings, before.keeps, kept(case)) == (OLD, False, NEW)


def test_the_standard_words_make_no_window_newer_than_it_is(case: Appeal | Arbitration, me: Desk, app: Portal) -> None:
    window = Window(app, me.person, case, htmx=False)
    names = ("seat", "version", "draft_seen", "window")
    drawn = [window.value(name) for name in names]
    me.post(f"/review/seats/{seat_of(case).id}/release")
    me.claim(case)
    assert Window(app, me.person, case).writes(NEW) == 200
    form = window.page.one("form", id="verdict")
    choice = window.page.all("input", name="outcome")[0]["value"]
    fields = window.fields(form) | {"outcome": choice, "findings": OLD}
    window._send("POST", form["action"].replace("/ruling", "/words"), form, fields)

    assert [window.value(name) for name in names] == drawn
    assert (window.decides(OLD), kept(case)) == (409, NEW)


def test_words_for_a_first_verdict_never_land_on_the_second_seat(sqlite_app: Portal, now: Clock) -> None:
    with unit_of_work():
        shop = make.a_shop()
        case = make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop), amount_minor=2_000_000)
    me, faster = Desk(sqlite_app, "senior_reviewer"), Desk(sqlite_app, name="陈立")
    me.claim(case)
    late = Window(sqlite_app, me.person, case)
    now.at += review.CLAIM_LEASE
    faster.claim(case)
    faster.post(f"/review/appeals/{case.ref}/ruling", **a_ruling(case))
    now.at += timedelta(minutes=1)
    me.claim(case)
    assert Window(sqlite_app, me.person, case).writes(NEW) == 200

    assert late.decides(OLD) == 409
    assert (late.findings, late.keeps, seat_of(case).seat, kept(case)) == (OLD, False, "second", NEW)


def test_no_copy_of_a_window_is_stored_and_no_two_have_one_name(
    case: Appeal | Arbitration, me: Desk, app: Portal
) -> None:
    windows = [Window(app, me.person, case) for _ in range(2)]

    assert len({window.value("window") for window in windows}) == 2
    assert {window.answer.headers["Cache-Control"] for window in windows if window.answer} == {"no-store"}


@pytest.mark.parametrize(
    ("typed", "overtaken", "behind"),
    [
        (Typed({"findings": "别的话"}), False, True),
        (Typed({"findings": "别的话"}, window="b"), False, True),
        (Typed({"findings": "别的话"}, window="a"), False, False),
        (Typed({"findings": "别的话"}, window="a"), True, True),
        (Typed({"findings": "站着的话"}, window="b"), True, False),
        (Typed({"findings": "别的话"}, mark_of(STANDING), "b"), True, False),
    ],
)
def test_a_window_knows_what_it_wrote_itself_and_in_which_order(typed: Typed, overtaken: bool, behind: bool) -> None:
    assert typed.behind(STANDING, overtaken=overtaken) is behind


def test_an_autosave_that_a_later_one_overtook_overwrites_nothing(app: Portal) -> None:
    with unit_of_work():
        shop, by = make.a_shop(), make.actor(make.a_person("reviewer"))
        case = make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))
        seat: Review = review.claim(seat_of(case), by=by, at=NOON)
        drawn = seat.draft_mark
        later, sooner = NOON + timedelta(seconds=2), NOON + timedelta(seconds=1)
        review.renew(seat, by=by, at=later, typed=Typed({"findings": NEW}, drawn, "a"))
        with pytest.raises(Refused, match="ruling_elsewhere"):
            review.renew(seat, by=by, at=sooner, typed=Typed({"findings": OLD}, drawn, "a"))
        review.renew(seat, by=by, at=later, typed=Typed({"findings": NEW + OLD}, drawn, "a"))

    assert kept(case) == NEW + OLD
