"""The flows in the words of the help article, once as a browser without scripts sends them and once as htmx does."""

import io
from datetime import datetime, timedelta

import pytest

from jobs.sweep import sweep
from portal import Portal, appeals, audit
from portal.appeals import drafts
from portal.db import end_reading, unit_of_work
from tests import make
from tests.conftest import Clock
from tests.reading import Visitor
from tests.story import (
    DAY,
    FINDINGS,
    RECEIPT,
    STATEMENT,
    TRACE,
    Place,
    add,
    ask_for_evidence,
    begin,
    box_of,
    choose,
    claim,
    judge,
    send,
    write,
)  # fmt: skip


@pytest.fixture(params=["browser", "htmx"])
def place(app: Portal, now: Clock, request: pytest.FixtureRequest) -> Place:
    """A shop with a penalty of today."""
    with unit_of_work():
        shop = make.a_shop("Lanshan Tea")
        penalty = make.a_penalty(shop, now.at)
        owner = make.a_person("merchant_owner", shop, locale="en", name="Lin Lan")
        reviewer = make.a_person("reviewer", locale="en", name="Zhou Lan")
    return Place(shop, penalty, owner, reviewer, lambda who: Visitor(app, who, htmx=request.param == "htmx"))


def test_from_the_first_page_to_the_result_with_a_supplement_between(place: Place, now: Clock) -> None:
    merchant = send(write(begin(place)))
    assert (merchant.status, place.appeal.status) == (200, "under_review")
    assert "Your appeal was received" in merchant.text
    now.at += DAY
    ask_for_evidence(place)
    assert place.appeal.status == "needs_evidence"
    now.at += DAY
    merchant = place.sit(place.owner).open("/").follow("Add evidence")
    for words in ("A reviewer asks you for 1 item", "eleven are missing", "It closes by itself"):
        assert words in merchant.text, words
    merchant = send(add(merchant, RECEIPT, "eleven more receipts.jpg").fill("Explanation", "All eleven."))
    assert "Your evidence was received" in merchant.text
    assert place.appeal.status == "under_review"
    now.at += DAY
    judge(choose(claim(place), "upheld", "A01", "The penalty is withdrawn.")).press("Uphold: ")
    appeal = place.appeal
    assert (appeal.status, appeal.outcome) == ("completed", "upheld")
    merchant = place.sit(place.owner).open("/appeals?tab=completed").follow("See the result")
    for words in ("Appeal upheld", FINDINGS, "The penalty is withdrawn.", "A3 eleven more receipts.jpg", "Accepted"):
        assert words in merchant.text, words
    assert [event.action for event in reversed(audit.timeline(appeal.ref))] == [
        "appeal.started", "appeal.submitted", "appeal.evidence_requested", "appeal.supplemented", "appeal.decided",
    ]  # fmt: skip
    assert box_of(place)[:4] == [
        "Appeal upheld", "Your evidence was received", "A reviewer asks for more evidence", "Your appeal was received",
    ]  # fmt: skip
    end_reading()  # what a page read is no transaction on PostgreSQL, and long lists need one
    assert list(audit.faults()) == []


def test_what_is_not_supplemented_in_time_closes_by_itself(place: Place, now: Clock) -> None:
    send(write(begin(place)))
    ask_for_evidence(place)
    due = place.appeal.due_at
    add(place.sit(place.owner).open("/").follow("Add evidence"), RECEIPT, "too late.jpg")
    now.at = due + timedelta(hours=1)
    sweep(now.at)
    appeal = place.appeal
    assert (appeal.outcome, appeal.completed_at) == ("closed_timeout", due)
    merchant = place.sit(place.owner).open(f"/appeals/{appeal.ref}")
    for words in ("Closed: time ran out", "closed by itself", "no person judged it"):
        assert words in merchant.text, words
    assert box_of(place)[0] == "Appeal closed: time ran out"


def test_late_is_late_though_nobody_swept_and_the_draft_stays(place: Place, now: Clock) -> None:
    now.at = place.penalty.due_at - timedelta(hours=1)
    merchant = write(begin(place)).press("Next").tick("I have checked").tick("I know")
    now.at = place.penalty.due_at
    merchant.press("Send my appeal")
    assert merchant.status == 409
    assert "What you have written is kept" in merchant.text
    assert (place.appeal.status, place.appeal.statement) == ("draft", STATEMENT)
    assert box_of(place) == ["Penalty: Fake shipment"]


def test_withdrawing_asks_for_one_explicit_word(place: Place) -> None:
    merchant = send(write(begin(place))).follow("See the progress").follow("Withdraw").press("Withdraw the appeal")
    assert merchant.status == 422
    assert "Tick the box" in merchant.page.one(id="errsum").text
    merchant.tick("I know that withdrawing").press("Withdraw the appeal")
    assert (merchant.status, place.appeal.outcome) == (200, "withdrawn")
    assert "You withdrew this appeal" in merchant.text
    assert merchant.open("/").status == 200


def test_the_receipt_shows_the_days_that_the_check_page_promised(place: Place, now: Clock) -> None:
    now.at = datetime.fromisoformat("2026-09-28T11:00+08:00")  # the week before the National Day holidays
    with unit_of_work():
        penalty = make.a_penalty(place.shop, now.at)
    merchant = place.sit(place.owner).open(f"/penalties/{penalty.ref}").press("Start the appeal")
    write(merchant).press("Next")
    promised = merchant.page.one("ol", class_="cal").text
    merchant.tick("I have checked").tick("I know").press("Send my appeal")
    assert merchant.page.one("ol", class_="cal").text == promised
    merchant.follow("See the progress")
    assert merchant.page.one("ol", class_="cal").text == promised
    assert "not counted" in promised
    assert appeals.totals(place.shop.id)["under_review"] == 1


def test_what_is_missing_is_listed_before_the_only_submission_and_nothing_typed_is_lost(place: Place) -> None:
    merchant = add(begin(place), TRACE).fill("Your statement", "too short").press("Next")
    assert merchant.status == 422
    assert merchant.page.one("title").text.startswith("Error:")
    wrong = merchant.page.one(id="errsum")
    assert [link["href"] for link in wrong.all("a")] == ["#ground-0", "#slot-carrier_receipt", "#statement"]
    for link in wrong.all("a"):
        merchant.page.one(id=link["href"].removeprefix("#"))
    beside = [merchant.page.one(id=place).text for place in ("e-ground", "slot-carrier_receipt-gap", "e-statement")]
    assert all(link.text in words for link, words in zip(wrong.all("a"), beside, strict=True))
    assert merchant.field("Your statement").raw.strip() == "too short"
    assert "waybill.jpg" in merchant.text
    add(merchant, RECEIPT).tick("The facts found are wrong").fill("Your statement", STATEMENT)
    assert "Check your appeal before you send it" in merchant.press("Next").text


def test_both_ticks_are_needed_and_the_one_made_stays(place: Place) -> None:
    merchant = write(begin(place)).press("Next").tick("I have checked").press("Send my appeal")
    assert merchant.status == 422
    assert "checked" in merchant.field("I have checked")
    assert "checked" not in merchant.field("I know")
    assert place.appeal.status == "draft"


def test_what_the_merchant_does_not_have_is_declared_with_a_reason(place: Place) -> None:
    merchant = add(begin(place), TRACE)
    merchant.fill(f"Say why, in a sentence {RECEIPT}", "The depot burnt down.")
    merchant.tick("The facts found are wrong").fill("Your statement", STATEMENT).press("Next")
    assert "Not available: The depot burnt down." in merchant.text
    merchant.tick("I have checked").tick("I know").press("Send my appeal").follow("See the progress")
    assert "The depot burnt down." in merchant.text
    desk = claim(place)
    assert f"{RECEIPT}: not available: The depot burnt down." in desk.text


def test_a_refused_file_is_explained_and_costs_the_others_nothing(place: Place) -> None:
    merchant = add(begin(place), TRACE)
    add(merchant, TRACE, "clip.svg", io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"))
    assert merchant.status in (200, 422)
    assert "clip.svg" in merchant.text
    add(merchant, TRACE, "second.jpg", make.a_picture((1, 2, 3)))
    add(merchant, TRACE, "second again.jpg", make.a_picture((1, 2, 3)))
    assert "It counts once" in merchant.text
    assert [item.title for item in drafts.staged(place.appeal)] == ["waybill.jpg", "second.jpg"]
    merchant.open(merchant.url).press("Remove waybill.jpg")
    assert [item.title for item in drafts.staged(place.appeal)] == ["second.jpg"]


def test_an_upload_without_a_file_says_what_to_do(place: Place) -> None:
    merchant = begin(place).upload(f"Add a file {TRACE}", (io.BytesIO(b""), ""))
    assert "Choose a file first" in merchant.text


def test_what_is_typed_is_saved_by_itself_and_by_the_button(place: Place) -> None:
    merchant = begin(place).fill("Your statement", STATEMENT)
    if merchant.htmx:
        merchant.rest().rest()
        assert merchant.page.one(id="autosave").text.startswith("Draft saved at 2 March 12:00")
    else:
        merchant.press("Save for later")
    assert place.appeal.statement == STATEMENT
    again = place.sit(place.owner).open("/").follow("Continue")
    assert again.field("Your statement").raw.strip() == STATEMENT


def test_a_second_window_never_overwrites_the_first(place: Place) -> None:
    first = begin(place)
    second = place.sit(place.owner).open(first.url)
    first.fill("Your statement", STATEMENT).press("Save for later")
    second.fill("Your statement", "Something else entirely.").press("Save for later")
    assert second.status == 409
    assert "changed in another window" in second.text
    assert "Something else entirely." in second.text
    assert place.appeal.statement == STATEMENT


def test_an_appeal_can_be_sent_once_and_a_resend_shows_the_same_receipt(place: Place) -> None:
    merchant = write(begin(place)).press("Next").tick("I have checked").tick("I know")
    form = merchant.page.one("form", action=f"/appeals/{place.appeal.ref}/submission")
    fields = merchant.fields(form)
    for _ in range(2):
        answer = merchant.client.post(form["action"], data=fields)
        assert answer.headers["Location"].endswith("/receipt")
    answer = merchant.client.post(form["action"], data={**fields, "key": "another"})
    assert answer.headers["Location"] == f"/appeals/{place.appeal.ref}"
    assert box_of(place).count("Your appeal was received") == 1


def test_a_viewer_reads_everything_and_changes_nothing(place: Place) -> None:
    write(begin(place)).press("Save for later")
    with unit_of_work():
        viewer = make.a_person("merchant_viewer", place.shop, locale="en")
    reader = place.sit(viewer).open(f"/appeals/{place.appeal.ref}/draft")
    assert STATEMENT in reader.text
    assert [button.text for button in reader.page.one("main").all("button")] == []
    assert "Continue" not in reader.open("/appeals").page.one("main").text
    token = reader.open("/account").page.all("input", name="csrf_token")[0]["value"]
    for path in ("draft", "submission", "discard", "evidence"):
        answer = reader.client.post(f"/appeals/{place.appeal.ref}/{path}", data={"csrf_token": token})
        assert answer.status_code == 409, path
        assert "can read, but not change" in answer.text


def test_who_may_not_send_prepares_and_is_told_who_sends(place: Place) -> None:
    with unit_of_work():
        agent = make.a_person("merchant_agent", place.shop, locale="en")
        agent.memberships[0].may_submit = False
    clerk = write(place.sit(agent).open("/").follow("Start the appeal").press("Start the appeal")).press("Next")
    assert "somebody with the right to send" in clerk.text
    assert "Send my appeal" not in clerk.text
    owner = place.sit(place.owner).open(clerk.url).tick("I have checked").tick("I know").press("Send my appeal")
    assert "Your appeal was received" in owner.text


def test_a_deleted_draft_leaves_the_chance(place: Place) -> None:
    merchant = begin(place).press("Delete it for good")
    assert "You can still appeal" in merchant.text
    merchant.open("/").follow("Start the appeal").press("Start the appeal")
    assert place.appeal.status == "draft"
