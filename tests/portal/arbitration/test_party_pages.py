"""The pages of a dispute as both sides use them."""

import copy
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, accounts, aftersales, deadlines, evidence, text
from portal.accounts.models import Person, Shop
from portal.arbitration import actions, queries
from portal.arbitration.models import Arbitration
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.reader import reading_as
from tests import arbitration, make
from tests.aftersales import an_offer
from tests.conftest import Clock
from tests.portal.arbitration.doing import anew, case_of, do
from tests.reading import Visitor


@dataclass
class Dispute:
    """A case in which evidence is collected, and who looks at it."""

    app: Portal
    shop: Shop
    owner: Person
    found: Arbitration
    ref: str
    token: str

    def merchant(self, person: Person | None = None) -> Visitor:
        """The merchant, or another person of the shop, before the case."""
        return Visitor(self.app, person or self.owner).open(f"/after-sales/{self.ref}")

    def buyer(self) -> Visitor:
        """The buyer before it."""
        visitor = Visitor(self.app)
        visitor.client.set_cookie("language", "en")
        return visitor.open(f"/case/{self.token}")


@pytest.fixture
def dispute(sqlite_app: Portal, now: Clock) -> Dispute:
    """The buyer called in the platform a moment ago."""
    with unit_of_work():
        shop = make.a_shop("Lanshan Tea")
        owner = make.a_person("merchant_owner", shop, locale="en")
        found = arbitration.an_arbitration(shop, make.actor(owner, shop))
        ref = found.after_sale.ref
        token = accounts.links.issue("aftersale", ref, "buyer", at=make.NOON)
    return Dispute(sqlite_app, shop, owner, found, ref, token)


def test_other_words_in_a_form_that_was_sent_are_not_lost(dispute: Dispute) -> None:
    buyer = dispute.buyer().fill("What happened", "First.")
    back = Visitor(dispute.app)
    back.client, back.page, back.url = buyer.client, copy.deepcopy(buyer.page), buyer.url
    buyer.press("Hand in the evidence")
    back.fill("What happened", "Second.").press("Hand in the evidence")
    assert (back.status, "with other words" in back.text) == (422, True)
    back.press("Hand in the evidence")
    end_reading()
    said = [one.statement for one in evidence.submissions_of("aftersale", dispute.found.after_sale_id)]
    assert said == ["First.", "Second."]


def test_a_page_that_is_old_ends_no_time_to_answer_what_it_did_not_show(dispute: Dispute, now: Clock) -> None:
    dispute.merchant().fill("What happened", "The parcel was whole.").press("Hand in the evidence")
    old, other = dispute.buyer(), dispute.buyer()
    now.at = anew(dispute.found).due_at + timedelta(seconds=30)
    sweep(now.at)
    old.press("I have nothing more")
    assert (old.status, "The stage that you saw is over" in old.text) == (409, True)
    other.fill("What happened", "My first words.").press("Hand in the evidence")
    assert (other.status, "My first words." in other.page.raw, "The parcel was whole." in other.text) == (
        409,
        True,
        True,
    )
    assert queries.own_clock(anew(dispute.found), "buyer") is not None
    other.press("Hand in the evidence")
    assert (other.status, anew(dispute.found).status) == (200, "under_decision")


def test_a_page_is_not_old_because_the_other_side_wrote_something(dispute: Dispute) -> None:
    buyer = dispute.buyer().fill("What happened", "My words.")
    dispute.merchant().fill("What happened", "The parcel was whole.").press("Hand in the evidence")
    dispute.merchant().press("I have nothing more")
    buyer.press("Hand in the evidence")
    assert (buyer.status, "was handed in" in buyer.text) == (200, True)


def test_an_offer_beside_the_arbitration_has_a_time_of_its_own(dispute: Dispute) -> None:
    for by in (make.actor(dispute.owner, dispute.shop), arbitration.buyer_of(anew(dispute.found))):
        do(actions.finish, anew(dispute.found), by=by, at=make.NOON)
    do(an_offer, case_of(dispute.found), arbitration.buyer_of(anew(dispute.found)))
    running = deadlines.running("aftersale", case_of(dispute.found).id, "offer_answer")
    told = session().scalars(select(Notice).where(Notice.template == "aftersale.offered")).one()
    assert running is not None
    assert told.params["due_at"] == running.due_at.isoformat()
    with dispute.app.test_request_context(), reading_as("en", "Asia/Shanghai"):
        until = text.due(running.due_at).replace(f" {make.NOON.year}", "")
    page = dispute.merchant()
    assert (until in page.text, "it lapses" in page.text) == (True, True)
    row = page.open("/after-sales?tab=in_arbitration")
    assert f"The buyer's offer: answer by {until}" in row.text
    assert [a.text.split()[0] for a in row.page.all("a") if dispute.ref in a.text and "btn" in a["class"]] == ["Answer"]
    assert "answer the buyer's offer" in page.open("/").text
    sweep(running.remind_at or running.due_at)
    reminded = session().scalars(select(Notice).where(Notice.template == "aftersale.reminder")).all()
    assert {one.params["due_at"] for one in reminded} == {told.params["due_at"]}
    do(
        aftersales.actions.decline_offer,
        case_of(dispute.found),
        by=make.actor(dispute.owner, dispute.shop),
        at=make.NOON,
    )
    assert "answer the buyer's offer" not in page.open("/").text


def test_files_that_were_not_handed_in_in_time_are_shown_as_such(dispute: Dispute, now: Clock) -> None:
    seen = dispute.buyer().upload("Add a file", (make.a_picture(), "proof.jpg"))
    assert "Not handed in" not in seen.text
    do(actions.finish, anew(dispute.found), by=arbitration.buyer_of(dispute.found), at=make.NOON)
    seen = dispute.buyer()
    assert ("Not handed in" in seen.text, "proof.jpg" in seen.text) == (True, True)
    assert ("Not handed in" in dispute.merchant().text, "proof.jpg" in dispute.merchant().text) == (False, False)


def test_a_case_is_found_by_the_number_of_its_arbitration(dispute: Dispute) -> None:
    found = dispute.merchant().open(f"/after-sales?q={dispute.found.ref.lower()}")
    assert dispute.ref in found.text
    with unit_of_work():
        other = make.a_person("merchant_owner", make.a_shop("Elsewhere"), locale="en")
    assert "No case has this number" in Visitor(dispute.app, other).open(f"/after-sales?q={dispute.found.ref}").text


def test_who_only_reads_is_not_offered_the_case_file(dispute: Dispute) -> None:
    with unit_of_work():
        viewer = make.a_person("merchant_viewer", dispute.shop, locale="en")
    offered = [bool(seen.page.all(id="case-file")) for seen in (dispute.merchant(), dispute.merchant(viewer))]
    assert offered == [True, False]
