"""What both sides are told of a hearing and a ruling: what is due, be it money or not, and where one can go on."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, messages, policies
from portal.arbitration import actions, queries
from portal.arbitration.models import Arbitration
from portal.db import end_reading, session, unit_of_work
from portal.messages import box
from portal.messages.models import Notice
from portal.reader import reading_as
from tests import arbitration as make
from tests import rulings
from tests.buyer_mails import body, mails_to_buyer, told_buyer
from tests.make import NOON
from tests.portal.arbitration.conftest import Court, a_court
from tests.portal.arbitration.doing import DAY, HOUR, anew, case_of, do

BEFORE = ["requested", "refused", "hearing_opened"]


@pytest.fixture
def here(sqlite_app: Portal) -> Court:
    """A shop and reviewers, where what is said does not depend on the database."""
    with unit_of_work():
        return a_court()


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that gives the merchant a re-review too."""
    as_it_is = policies.arbitration
    ways = {"merchant": "re_review", "buyer": "re_review"}
    monkeypatch.setattr(policies, "arbitration", lambda version: replace(as_it_is(version), second_instance=ways))


def told_since(found: Arbitration) -> list[str]:
    """What the buyer was told since the platform was called in."""
    told = told_buyer(case_of(found).ref)
    assert told[: len(BEFORE)] == BEFORE
    return told[len(BEFORE) :]


def lines(court: Court, app: Portal, locale: str = "zh_Hans_CN") -> list[box.Line]:
    """What stands in the shop's box, the newest first, in this language."""
    end_reading()
    with app.test_request_context(), reading_as(locale, "Asia/Shanghai"):
        return messages.latest(messages.to_shop(court.shop), 20)


def test_the_buyer_is_told_of_each_stage_and_what_to_do_until_when(court: Court) -> None:
    found = do(make.an_arbitration, court.shop, court.merchant)
    do(make.hand_in, anew(found), court.merchant)
    do(actions.finish, anew(found), by=court.merchant, at=NOON)
    do(actions.finish, anew(found), by=make.buyer_of(anew(found)), at=NOON)
    do(actions.finish, anew(found), by=make.buyer_of(anew(found)), at=NOON)
    do(make.ask, anew(found), court.reviewer)
    assert told_since(found) == ["shop_submitted", "disclosed", "heard", "evidence_requested"]
    sweep(NOON + 30 * DAY)  # nobody adds anything, so the platform has its time, and lets it pass
    sweep(NOON + 60 * DAY)
    do(make.rule, anew(found), court.other, "refund_partial", at=NOON + 60 * DAY)
    sweep(NOON + 90 * DAY)
    assert told_since(found)[4:] == ["heard", "ruling_overdue", "judged_against", "final"]


@pytest.mark.parametrize(
    ("kind", "says"),
    [("claim_rejected", "final_upheld"), ("refund_full", "final_replaced")],
)
def test_a_re_review_is_told_as_what_it_leaves(here: Court, kind: str, says: str) -> None:
    found = do(make.ruled, here.shop, here.merchant, here.reviewer, "claim_rejected")
    second = do(make.looked_at_again, anew(found))
    do(make.hand_in, anew(second), here.merchant)
    do(make.rule, anew(second), here.other, kind)
    assert told_since(found) == ["heard", "judged_against", "shop_submitted", "heard", says]


def test_the_appeal_of_a_shop_is_told_when_it_is_filed_and_when_it_is_decided(sqlite_app: Portal, here: Court) -> None:
    found = do(rulings.lost, here.shop, here.merchant, here.reviewer)
    appeal = do(rulings.an_appeal, anew(found), here.merchant)
    do(rulings.heard, anew(found))
    do(rulings.decide, session().merge(appeal), here.other, "rejected")
    assert told_since(found)[-3:] == ["judged", "appealed", "final_upheld"]
    filed = next(mail for mail in mails_to_buyer(sqlite_app, NOON + 30 * DAY) if "提出了申诉" in mail["Subject"])
    assert "您可以在" in body(filed)


def remind(found: Arbitration, due_at: datetime) -> None:
    """Two sweeps for each of the two reminders before this end."""
    end_reading()
    for ahead in (DAY, DAY - timedelta(minutes=1), 3 * HOUR, 2 * HOUR):
        sweep(due_at - ahead)


def test_a_buyer_is_reminded_of_the_hearing_and_of_the_re_review(sqlite_app: Portal, here: Court) -> None:
    found = do(make.an_arbitration, here.shop, here.merchant)
    remind(found, anew(found).due_at)  # type: ignore[arg-type]
    assert told_since(found) == ["hearing_reminder"] * 2
    lost = do(make.ruled, here.shop, here.merchant, here.reviewer, "exchange_or_reship", external_id="R-2")
    lost = do(make.ruled, here.shop, here.merchant, here.reviewer, "claim_rejected", external_id="R-3")
    remind(lost, anew(lost).due_at)  # type: ignore[arg-type]
    assert told_since(lost)[-3:] == ["judged_against", "re_review_reminder", "re_review_reminder"]
    *_, last = mails_to_buyer(sqlite_app, NOON + 30 * DAY)
    assert "不予退款。您可以在" in body(last)


DUE = {
    "refund_full": ("退给买家 ¥120.00", "退还您 ¥120.00", "¥120.00 正在退还"),
    "return_then_refund": ("买家寄回商品后，退给买家 ¥120.00", "您寄回商品后，退还 ¥120.00", "前寄回商品"),
    "exchange_or_reship": ("给买家换货或补寄，不退款", "以换货或补寄代替退款", "把商品寄给您，不退款"),
    "claim_rejected": ("不向买家退款", "不予退款", "不退款，也不补寄商品"),
    "platform_compensates": ("退给买家 ¥120.00", "", "¥120.00 正在退还"),
}


@pytest.mark.parametrize("kind", DUE)
def test_a_ruling_is_told_with_what_is_due_and_never_with_an_amount_of_nothing(
    sqlite_app: Portal, here: Court, kind: str
) -> None:
    found = do(make.ruled, here.shop, here.merchant, here.reviewer, kind)
    end_reading()
    sweep(NOON + 9 * DAY)
    told = [mail for mail in mails_to_buyer(sqlite_app, NOON + 30 * DAY) if "的判定" in mail["Subject"]]
    shop, ruled, final = DUE[kind]
    in_box = [line.body for line in lines(here, sqlite_app) if "的判定" in line.title]
    assert len(in_box) == len(told) == (2 if ruled else 1)
    assert all(shop in words for words in in_box)
    assert [words in body(mail) for words, mail in zip(filter(None, (ruled, final)), told, strict=True)] == [
        True
    ] * len(told)
    assert "¥0.00" not in "".join((*in_box, *map(body, told)))
    assert anew(found).status == "final"


@pytest.mark.parametrize("policy", ["douyin", "eu-platform", "tiktok-like"])
def test_a_lost_ruling_leads_a_shop_to_where_its_policy_lets_it_go_on(sqlite_app: Portal, policy: str) -> None:
    with unit_of_work():
        court = a_court(policy)
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "refund_full")
    way = policies.arbitration(anew(found).policy_version_id).second_instance["merchant"]
    expected = {"appeal": f"/appeals/rulings/{case_of(found).ref}", "re_review": f"/after-sales/{case_of(found).ref}"}
    [line] = [line for line in lines(court, sqlite_app, "en") if line.title.startswith("Ruling on order")]
    assert urlsplit(line.href).path == expected[way]
    assert (way == "appeal") == ("appeal it once" in line.title)


def test_where_the_policy_gives_the_shop_a_re_review_it_is_led_to_the_case_and_reminded(
    sqlite_app: Portal, here: Court, again: None
) -> None:
    found = do(make.ruled, here.shop, here.merchant, here.reviewer, "refund_full")
    remind(found, anew(found).due_at)  # type: ignore[arg-type]
    second, first, ruled = lines(here, sqlite_app, "en")[:3]
    assert {urlsplit(line.href).path for line in (second, first, ruled)} == {f"/after-sales/{case_of(found).ref}"}
    assert ["re-review" in line.title for line in (second, first, ruled)] == [True] * 3
    assert "appeal" not in "".join(line.title + line.body for line in (second, first, ruled)).lower()
    owner = here.merchant
    row = do(
        actions.ask_again, anew(found), ground="error", statement="判定没有考虑打包录像里的完好外箱，请重新审理。",
        key="again", by=owner, at=NOON + HOUR,
    )  # fmt: skip
    assert told_since(found)[-2:] == ["judged", "re_review"]
    assert queries.own_clock(anew(row), "buyer") is not None


def test_the_same_instant_told_again_is_one_notice(court: Court) -> None:
    found = do(make.an_arbitration, court.shop, court.merchant)
    before = len(session().scalars(select(Notice.id)).all())
    for _time in range(2):
        with unit_of_work():
            actions.writing.write(anew(found), "buyer.hearing_opened", at=NOON)
    end_reading()
    assert len(session().scalars(select(Notice.id)).all()) == before
