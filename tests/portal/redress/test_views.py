"""The pages after the last word, as each side and the staff use them; without scripts."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import Portal, accounts, parts, review
from portal.aftersales.models import AfterSale
from portal.db import db, end_reading, session, unit_of_work
from portal.redress.models import Complaint, DisclosureRequest, OverrideRecord
from tests import make, redress, samples
from tests.conftest import Clock
from tests.portal.redress.conftest import House
from tests.reading import Visitor
from tests.redress import ANSWER, ASKED, EFFECT, REASON, STATEMENT

DAY = timedelta(days=1)


@pytest.fixture
def rejected(house: House, now: Clock):
    """An appeal that a person rejected."""
    with unit_of_work():
        return redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)


def staff(app: Portal, role: str) -> Visitor:
    """Somebody of the staff."""
    with unit_of_work():
        person = make.a_person(role, locale="en")
    return Visitor(app, person)


def a_link(ruled, at) -> str:
    """The buyer's link of the case."""
    with unit_of_work():
        return f"/case/{accounts.links.issue('aftersale', ruled.after_sale.ref, 'buyer', at=at)}"


def test_a_merchant_complains_a_lead_answers_and_both_read_it(app: Portal, house: House, rejected) -> None:
    merchant = Visitor(app, house.owner).open(f"/appeals/{rejected.ref}")
    assert "If you do not agree" in merchant.text
    merchant.follow("File a complaint").fill("What went wrong", "too short").press("Send the complaint")
    assert merchant.status == 422
    assert "Write 20 to 2000 characters; there are 9." in merchant.text
    assert "too short" in merchant.page.one("textarea").raw
    merchant.fill("What went wrong", STATEMENT).press("Send the complaint")
    assert (merchant.status, merchant.url) == (200, f"/redress/{rejected.ref}/complaint")
    assert STATEMENT in merchant.text
    lead = staff(app, "lead").open("/complaints")
    assert STATEMENT in lead.text
    lead.tick("Justified in part").fill("Answer, as the party reads it", "nein").press("Send the answer")
    assert (lead.status, "nein" in lead.text) == (422, True)
    lead.fill("Answer, as the party reads it", ANSWER).press("Send the answer")
    assert "Nothing waits" in lead.text
    assert ANSWER in lead.open("/complaints?view=answered").text
    assert ANSWER in merchant.open(f"/appeals/{rejected.ref}").text
    assert "The result of the case stays as it is." in merchant.text


def test_a_lead_who_judged_the_case_finds_a_sentence_in_place_of_the_form(
    app: Portal, house: House, now: Clock
) -> None:
    with unit_of_work():
        judge = make.a_person("lead", locale="en")
        by = replace(make.actor(judge), role="reviewer")
        complaint = redress.a_complaint(redress.a_rejected_appeal(house.shop, house.merchant, by), house.merchant)
    page = Visitor(app, judge).open("/complaints")
    assert STATEMENT in page.text
    assert "You had a part in this case, so somebody else answers." in page.text
    assert page.page.all("textarea") == []
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        given = {f"{complaint.ref}-outcome": "partly", f"{complaint.ref}-words": ANSWER}
        refused = page.client.post(f"/complaints/{complaint.ref}/answer", data=given)
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert (refused.status_code, ANSWER in refused.text) == (409, True)


def test_the_buyer_has_the_same_ways_by_their_link(app: Portal, house: House, now: Clock) -> None:
    ruled = redress.a_final_ruling(house.shop, house.merchant, house.reviewer)
    now.at = ruled.ended_at + DAY
    link = a_link(ruled, now.at)
    buyer = Visitor(app).open(f"{link}/redress/complaint")
    field = buyer.page.one("textarea")
    field.typed = STATEMENT
    buyer.press(buyer.page.all("button", type="submit")[-1].text)
    assert (buyer.status, STATEMENT in buyer.text) == (200, True)
    buyer.open(f"{link}/redress/disclosure").page.one("textarea").typed = ASKED
    buyer.press(buyer.page.all("button", type="submit")[-1].text)
    assert ASKED in buyer.text
    sides = set(session().scalars(select(Complaint.party))) | set(session().scalars(select(DisclosureRequest.party)))
    assert sides == {"buyer"}
    assert Visitor(app).open("/case/made-up/redress/complaint").status == 404
    assert Visitor(app, house.owner).open(f"/redress/{ruled.after_sale.ref}/complaint").text.count(STATEMENT) == 0


def test_a_buyer_of_a_case_without_an_arbitration_finds_nothing(app: Portal, house: House, now: Clock) -> None:
    with unit_of_work():
        case = redress.arbitration.a_refused_case(house.shop, house.merchant)
        link = accounts.links.issue("aftersale", case.ref, "buyer", at=now.at)
    assert Visitor(app).open(f"/case/{link}/redress/complaint").status == 404
    assert Visitor(app, house.owner).open(f"/redress/{case.ref}/disclosure").status == 404


def test_what_was_relied_on_is_asked_and_answered_inline(app: Portal, house: House, rejected) -> None:
    merchant = Visitor(app, house.owner).open(f"/appeals/{rejected.ref}")
    merchant.follow("Ask what was relied on").fill("What do you want to be shown?", ASKED).press("Send the request")
    assert ASKED in merchant.text
    desk = staff(app, "reviewer").open("/requests-to-see")
    answer = desk.field("Answer, as the party reads it")
    assert "虚假发货" in answer.raw
    desk.tick("Granted in part").fill("Answer, as the party reads it", REASON)
    box = desk.page.all("input", type="checkbox")[-1]
    box.typed = box["value"]
    desk.press("Send the answer")
    assert "Nothing waits" in desk.text
    assert REASON in merchant.open(f"/redress/{rejected.ref}/disclosure").text
    assert "Exhibits that the decision relied on" in merchant.text


def test_a_human_review_is_asked_for_and_ruled_in_the_usual_panel(app: Portal, house: House, now: Clock) -> None:
    closed = redress.closed_by_machine(house.shop, house.merchant, house.reviewer)
    now.at = closed.completed_at + DAY
    merchant = Visitor(app, house.owner).open(f"/appeals/{closed.ref}").follow("Ask for a human review")
    assert merchant.press("Ask for a human review").status == 422
    assert "What you typed" not in merchant.page.one(id="errsum").text
    merchant.tick("I know that this is possible once").press("Ask for a human review")
    assert merchant.url == f"/appeals/{closed.ref}"
    assert "You have asked for it" in merchant.text
    desk = staff(app, "reviewer").open("/review").press("Claim").open(f"/review/appeals/{closed.ref}")
    assert "Human review of a case that the system closed" in desk.text
    outcomes = [e["value"] for e in desk.page.all("input", name="outcome")]
    assert outcomes == ["upheld", "partially_upheld", "rejected"]
    form = desk.page.one("form", data_decides="")
    form.one("input", name="outcome", value="rejected").typed = "rejected"
    desk.page.one(
        "textarea", name="findings"
    ).typed = "我们查看了全部材料：补充材料没有在期限内提交，现有证据不能证明包裹在认定时间之前已经交付。"
    desk.page.one("textarea", name="words_rejected").typed = "现有材料不能证明包裹已经交付。"
    reason = desk.page.one("select", name="reason_rejected")
    reason.typed = reason.all("option")[1]["value"]
    for select_ in form.all("select"):
        if select_["name"].startswith("exhibit_"):
            select_.typed = "rejected"
    desk.press("Reject")
    end_reading()
    assert [one.round for one in review.decisions_of("appeal", closed.id)] == [2, 1]
    merchant.open(f"/appeals/{closed.ref}")
    assert "The human review: Appeal not upheld" in merchant.text
    assert "现有材料不能证明包裹已经交付" in merchant.text


def test_an_order_takes_two_people_and_a_document(app: Portal, house: House, rejected) -> None:
    first = staff(app, "lead").open(f"/orders-from-above?q={rejected.ref}")
    assert first.url == f"/orders-from-above/{rejected.ref}"
    first.tick("A court").fill("Its file number", "(2026)123").fill("What it says", EFFECT)
    first.tick("The penalty is lifted").press("Put it before a second person")
    assert (first.status, EFFECT in first.text) == (422, True)
    first.fill("The document", (samples.DOCUMENT.open("rb"), "paper.pdf")).press("Put it before a second person")
    assert "You proposed it; another person has to confirm it." in first.text
    second = staff(app, "senior_reviewer").open("/orders-from-above").follow(rejected.ref)
    served = second.client.get(next(e["href"] for e in second.page.all("a") if e["href"].endswith("/document")))
    assert (served.status_code, served.mimetype) == (200, "application/pdf")
    served.close()
    second.press("I have read the document")
    assert "In effect" in second.text
    assert EFFECT in Visitor(app, house.owner).open(f"/appeals/{rejected.ref}").text


def test_who_proposes_an_order_second_keeps_what_they_wrote(app: Portal, house: House, rejected) -> None:
    late = staff(app, "lead").open(f"/orders-from-above/{rejected.ref}")
    paper = redress.a_document()
    with unit_of_work():
        redress.an_override(rejected, paper, house.senior, change="lift")
    late.tick("A court").fill("Its file number", "(2026)123").fill("What it says", REASON)
    late.fill("The document", (samples.DOCUMENT.open("rb"), "paper.pdf"))
    late.tick("The penalty is lifted").press("Put it before a second person")
    assert (late.status, late.field("What it says").text, late.field("Its file number")["value"]) == (
        409,
        REASON,
        "(2026)123",
    )


def test_who_only_reads_can_file_nothing_and_another_shop_finds_nothing(app: Portal, house: House, rejected) -> None:
    with unit_of_work():
        reader, other = make.a_person("merchant_viewer", house.shop), make.a_person("merchant_owner", make.a_shop())
    viewer, foreign = Visitor(app, reader), Visitor(app, other)
    for page in ("complaint", "disclosure", "human-review"):
        seen = viewer.open(f"/redress/{rejected.ref}/{page}")
        assert (seen.status, len(seen.page.all("textarea"))) == (200, 0)
        assert foreign.open(f"/redress/{rejected.ref}/{page}").status == 404
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        for page in ("complaint", "disclosure", "human-review"):
            assert viewer.client.post(f"/redress/{rejected.ref}/{page}", data={"body": STATEMENT}).status_code == 409
            assert foreign.client.post(f"/redress/{rejected.ref}/{page}", data={"body": STATEMENT}).status_code == 404
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert session().scalar(select(func.count()).select_from(Complaint)) == 0


@pytest.mark.parametrize(
    ("role", "complaints", "requests", "orders"),
    [
        ("lead", 200, 200, 200),
        ("auditor", 200, 200, 200),
        ("admin", 200, 200, 200),
        ("senior_reviewer", 403, 200, 200),
        ("reviewer", 403, 200, 403),
        ("penalty_issuer", 403, 403, 403),
    ],
)
def test_each_role_sees_its_lists(
    app: Portal, house: House, rejected, role: str, complaints: int, requests: int, orders: int
) -> None:
    with unit_of_work():
        redress.a_complaint(rejected, house.merchant)
        redress.a_request(rejected, house.merchant)
    someone = staff(app, role)
    assert someone.open("/complaints").status == complaints
    assert (len(someone.page.all("textarea")) > 0) == (role == "lead")
    assert someone.open("/requests-to-see").status == requests
    assert (len(someone.page.all("textarea")) > 0) == (role in ("lead", "senior_reviewer", "reviewer"))
    assert someone.open("/orders-from-above").status == orders


def at_once(app: Portal, acts) -> list[int]:
    """The status of each act, all from one starting line."""
    line, found = threading.Barrier(len(acts)), [0] * len(acts)

    def run(number: int) -> None:
        with app.app_context():
            line.wait()
            found[number] = acts[number]().status_code
            db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    end_reading()
    return sorted(found)


def test_of_many_at_once_one_is_filed_one_answered_and_one_confirmed(app: Portal, house: House, rejected) -> None:
    paper, many = redress.a_document(), range(6)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        page = f"/redress/{rejected.ref}/complaint"
        shops = [make.a_browser(app, house.owner) for _ in many]
        sent = [lambda b=b, n=n: b.post(page, data={"body": STATEMENT, "key": f"k{n}"}) for n, b in enumerate(shops)]
        assert at_once(app, sent) == [303] + [409] * 5
        ref = session().scalars(select(Complaint.ref)).one()
        given = {f"{ref}-outcome": "partly", f"{ref}-words": ANSWER}
        with unit_of_work():
            people = [make.a_person("lead") for _ in many]
            order = redress.an_override(rejected, paper, house.lead, change="lift").ref
        leads = [make.a_browser(app, person) for person in people]
        answers = [lambda b=b: b.post(f"/complaints/{ref}/answer", data=given) for b in leads]
        assert at_once(app, answers) == [303] + [409] * 5
        confirms = [lambda b=b: b.post(f"/orders-from-above/records/{order}/confirmation") for b in leads]
        assert at_once(app, confirms) == [303] + [409] * 5
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert session().scalar(select(func.count()).select_from(OverrideRecord)) == 1


def test_the_page_of_a_dispute_gets_its_part_for_either_side(app: Portal, house: House, now: Clock) -> None:
    ruled = redress.a_final_ruling(house.shop, house.merchant, house.reviewer)
    at, case = ruled.ended_at + DAY, session().get_one(AfterSale, ruled.after_sale_id)
    with app.test_request_context():
        found = {part.template: part.shown for part in parts.of("aftersale", case, "buyer", at=at)}
    ways = {way.code: way for way in found["redress/_ways.html"]["ways"]}
    assert set(ways) == {"complaint", "disclosure"}
    with unit_of_work():
        going_on = redress.arbitration.an_arbitration(house.shop, house.merchant)
        assert [p for p in parts.of("aftersale", going_on.after_sale, "buyer", at=at) if "_ways" in p.template] == []
        ruling = redress.arbitration.ruled(house.shop, house.merchant, house.reviewer)
    with app.test_request_context():
        shown = parts.of("aftersale", ruling.after_sale, "buyer", at=make.NOON)[-1].shown
        assert shown["ways"][0].code == "complaint"
    with unit_of_work():
        lost = redress.arbitration.ruled(house.shop, house.merchant, house.reviewer, "claim_rejected")
    with app.test_request_context():
        first = parts.of("aftersale", lost.after_sale, "buyer", at=make.NOON)[-1].shown["ways"][0]
    assert (first.code, first.href) == ("re_review", "")
