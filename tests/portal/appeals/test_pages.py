"""What the shop reads on the pages of its appeal: all that was asked, sent, and prepared but not sent."""

from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from jobs.sweep import sweep
from portal import Portal, appeals, evidence
from portal.accounts.models import Shop as ShopRow
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.evidence import bring
from portal.refusals import Refused
from tests import make
from tests.make import NOON
from tests.reading import Element, read

DAY = timedelta(days=1)
ASKED, LACKS = "请补充其余订单的揽收清单", "缺 11 笔"
WORDS, WHY, FILE = "其余订单的底单由网点补打", "当天没有留下称重单", "没交上的清单.jpg"
pytestmark = pytest.mark.usefixtures("now")


class Shop:
    """A shop with one appeal, its owner at a browser, and a reviewer."""

    def __init__(self, app: Portal, policy: str = "douyin") -> None:
        with unit_of_work():
            shop = make.a_shop(policy_code=policy)
            owner, viewer = make.a_person("merchant_owner", shop), make.a_person("merchant_viewer", shop)
            self.by, self.reviewer = make.actor(owner, shop), make.actor(make.a_person("reviewer"))
            self.penalty = make.a_penalty(shop)
            self.id = make.a_draft(self.penalty, self.by).id
        self.ref, self.browser = self.appeal.ref, make.a_browser(app, owner)
        self.viewer = make.a_browser(app, viewer)

    @property
    def appeal(self) -> Appeal:
        """The row as it is now."""
        end_reading()
        return session().get_one(Appeal, self.id)

    def sent(self) -> "Shop":
        """With the appeal handed in."""
        with unit_of_work():
            make.file_it(session().get_one(Appeal, self.id), self.by)
        return self

    def asked(self, at: datetime = NOON) -> "Shop":
        """With evidence asked for."""
        with unit_of_work():
            make.ask_for_evidence(session().get_one(Appeal, self.id), self.reviewer, at)
        return self

    def answered(self) -> "Shop":
        """With the answer sent."""
        with unit_of_work():
            make.supplement(session().get_one(Appeal, self.id), self.by)
        return self

    def prepared(self, requirement: str = "carrier_receipt") -> "Shop":
        """With a file, a sentence and a reason of an answer that is not sent."""
        with unit_of_work():
            appeal = session().get_one(Appeal, self.id)
            file = bring(make.a_picture((9, 9, 9)), FILE)
            appeals.actions.attach(appeal, file, requirement=requirement, by=self.by, at=NOON)
            given = {"statement": WORDS, "declarations": {requirement: WHY}, "rev": appeal.draft_rev}
            appeals.actions.save_supplement(appeal, **given, by=self.by, at=NOON)
        return self

    def late(self) -> "Shop":
        """With the time over."""
        due = self.appeal.due_at or self.penalty.due_at
        end_reading()
        sweep(due + DAY)
        return self

    def page(self, what: str = "") -> Element:
        """What its owner sees."""
        end_reading()
        return read(self.browser.get(f"/appeals/{self.ref}{what}").text)


def stepped(page: Element) -> dict[str, str]:
    """Each step of the case and how it is drawn: done, now, or still to come."""
    steps = [one for one in page.one("ol", **{"class": "steps"}) if one.tag == "li"]
    return {one.one("b").text: "now" if one["aria-current"] else one["class"] for one in steps}


def card(page: Element, name: str) -> str:
    """All words of one card; nothing where there is none."""
    return "".join(one.text for one in page.all("section") if one["aria-labelledby"] == name)


@pytest.fixture
def shop(sqlite_app: Portal) -> Shop:
    """A shop with a draft."""
    return Shop(sqlite_app)


def test_what_was_prepared_and_came_too_late_can_be_read(shop: Shop) -> None:
    unsent = card(shop.sent().asked().prepared().late().page(), "unsent")
    assert shop.appeal.outcome == "closed_timeout"
    assert [words for words in (WORDS, WHY, FILE) if words not in unsent] == []


def test_what_was_prepared_before_the_appeal_was_taken_back_can_be_read(shop: Shop) -> None:
    shop.sent().asked().prepared()
    with unit_of_work():
        appeals.actions.withdraw(session().get_one(Appeal, shop.id), by=shop.by, at=NOON)
    assert WORDS in card(shop.page(), "unsent")


def test_where_all_was_sent_nothing_is_said_to_be_unsent(shop: Shop) -> None:
    assert card(shop.sent().page(), "unsent") == ""


def test_who_only_reads_sees_what_is_prepared_for_the_reviewer(shop: Shop) -> None:
    shop.sent().asked().prepared()
    assert WORDS in card(read(shop.viewer.get(f"/appeals/{shop.ref}").text), "unsent")


def test_who_only_reads_is_offered_to_open_what_could_be_appealed(shop: Shop) -> None:
    with unit_of_work():
        another = make.a_penalty(session().get_one(ShopRow, shop.appeal.shop_id), external_id="PN-NO-DRAFT")
    page = read(shop.viewer.get("/appeals?tab=to_appeal").text)
    offered = {row["href"]: row.text.split()[0] for row in page.all("a") if row["class"].startswith("btn sm")}
    assert offered == {f"/appeals/{shop.ref}/draft": "打开", f"/penalties/{another.ref}": "打开"}


def test_a_draft_that_lapsed_shows_its_ground_and_what_it_has_not(shop: Shop) -> None:
    with unit_of_work():
        appeal = session().get_one(Appeal, shop.id)
        ground, given = appeal.ground_code, {"declarations": {"carrier_receipt": WHY}, "rev": appeal.draft_rev}
        appeals.actions.save(appeal, ground=ground, statement=WORDS, **given, by=shop.by, at=NOON)
    unsent = card(shop.late().page(), "unsent")
    named = appeals.subjects.checklist_of(shop.appeal).ground(ground or "")
    assert shop.appeal.outcome == "lapsed"
    assert [words for words in (WORDS, WHY, named) if words not in unsent] == []


def test_what_was_asked_stays_beside_its_answer(shop: Shop) -> None:
    shop.sent().asked().answered()
    names = [one["aria-labelledby"] for one in shop.page().all("section")]
    assert [name for name in names if name.startswith(("asked", "submission"))] == [
        "submission-1",
        "asked-1",
        "submission-2",
    ]
    assert ASKED in card(shop.page(), "asked-1")
    assert LACKS in card(shop.page(), "asked-1")


def test_what_was_asked_stays_where_nothing_came(shop: Shop) -> None:
    assert LACKS in card(shop.sent().asked().late().page(), "asked-1")


def test_whoever_answers_sees_what_the_shop_sent_before_once(shop: Shop) -> None:
    page = shop.sent().asked().page("/supplement")
    assert shop.appeal.statement in card(page, "submission-1")
    assert page.text.count("A1 ") == 1
    assert card(page, "asked-1") == ""


@pytest.fixture
def passed_on(sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose answer was left unsent, and that is asked for something else now."""
    shop = Shop(sqlite_app, "eu-platform").sent().asked().prepared().late()
    monkeypatch.setattr(make, "asked_for", lambda _appeal: "tracking_trace")
    return shop.asked(NOON + 20 * DAY)


def test_what_an_earlier_request_left_unsent_is_shown_before_it_is_sent(passed_on: Shop) -> None:
    form = passed_on.page("/supplement")
    assert FILE in card(form, "slot-carrier_receipt-title")
    assert form.one("progress")["max"] == "1"
    assert [one["name"] for one in form.all("input") if one["name"].startswith("declare")] == ["declare-tracking_trace"]
    with unit_of_work():
        appeal = session().get_one(Appeal, passed_on.id)
        given = {"statement": "", "declarations": {"tracking_trace": WORDS}, "rev": appeal.draft_rev}
        appeals.actions.save_supplement(appeal, **given, by=passed_on.by, at=NOON)
    assert FILE in passed_on.page("/supplement/check").text


def test_what_an_earlier_request_left_unsent_can_be_removed(passed_on: Shop) -> None:
    form = passed_on.page("/supplement")
    [removal] = [one["hx-post"] for one in form.all("form") if one["hx-post"].endswith("/removal")]
    token = next(one["value"] for one in form.all("input") if one["name"] == "csrf_token")
    answer = passed_on.browser.post(removal, data={"csrf_token": token}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert read(answer.text).one("section", id="slot-carrier_receipt").all("form") == []
    assert FILE not in passed_on.page("/supplement").text


def test_a_reason_for_what_is_not_asked_any_more_is_not_sent(passed_on: Shop) -> None:
    appeal = passed_on.appeal
    assert (appeal.supplement_declarations, appeals.drafts.draft_of(appeal).declarations) == (
        {"carrier_receipt": WHY},
        {},
    )
    with unit_of_work():
        appeal = session().get_one(Appeal, passed_on.id)
        make.supplement(appeal, passed_on.by)
    sent = evidence.submissions_of("appeal", passed_on.id)[-1]
    assert (sent.declarations, len(sent.manifest)) == ({}, 2)


def test_evidence_that_never_came_is_not_drawn_as_added(shop: Shop) -> None:
    assert stepped(shop.sent().asked().late().page())["补充举证"] == ""
    assert "再次审核" not in stepped(shop.page())


def test_evidence_that_came_is_drawn_as_added_and_the_next_review_as_under_way(shop: Shop) -> None:
    steps = stepped(shop.sent().asked().answered().page())
    assert (steps["补充举证"], steps["再次审核"]) == ("done", "now")


def test_while_evidence_is_asked_for_again_the_review_after_it_is_still_to_come(passed_on: Shop) -> None:
    steps = stepped(passed_on.page("/supplement"))
    assert (steps["补充举证"], steps["再次审核"]) == ("now", "")


def test_a_receipt_opened_later_leads_to_the_case(shop: Shop) -> None:
    receipt = f"/appeals/{shop.ref}/receipt"
    assert shop.sent().browser.get(receipt).status_code == 200
    for later in (shop.asked, shop.late):
        answer = later().browser.get(receipt)
        assert (answer.status_code, answer.location) == (303, f"/appeals/{shop.ref}")


def test_a_supplement_takes_files_for_what_is_asked_and_nothing_else(shop: Shop) -> None:
    with pytest.raises(Refused, match="no_such_requirement"):
        shop.sent().asked().prepared("tracking_trace")


def test_a_supplement_is_saved_only_once_something_was_written_for_it(shop: Shop) -> None:
    shop.sent().asked()
    path = f"/appeals/{shop.ref}/supplement"
    assert "草稿已保存" not in shop.browser.get(path).text
    with unit_of_work():
        session().get_one(Appeal, shop.id).saved_at = NOON + timedelta(minutes=1)
    assert "草稿已保存" in shop.browser.get(path).text


def test_after_the_last_round_the_receipt_promises_no_other(shop: Shop) -> None:
    receipt, another = f"/appeals/{shop.ref}/receipt", "如果审核员认为举证不足"
    assert another in shop.sent().browser.get(receipt).text
    said = shop.asked().answered().browser.get(receipt).text
    assert (another in said, "之后不会再要求补充材料" in said) == (False, True)


@pytest.mark.parametrize("late", [False, True])
def test_evidence_sent_from_a_second_page_leads_to_the_case_and_says_so(shop: Shop, late: bool) -> None:
    shop.sent().asked().prepared()
    first, second = (shop.page("/supplement/check") for _ in range(2))
    if late:
        shop.late()
    else:
        sent(shop, first)
    answer = sent(shop, second)
    assert (answer.status_code, answer.location) == (303, f"/appeals/{shop.ref}")
    assert ("没有提交" if late else "已经提交过") in shop.page().one("div", id="notices").text


def sent(shop: Shop, page: Element) -> TestResponse:
    """What came of pressing the button of a check page."""
    given = {one["name"]: one["value"] or "y" for one in page.all("input") if one["name"]}
    return shop.browser.post(f"/appeals/{shop.ref}/supplement/submission", data=given)
