"""Show me what you relied on: once for each party, answered with reasons and only with what this party may see."""

from datetime import timedelta

import pytest
from flask import current_app

from jobs.sweep import sweep
from portal import audit, evidence
from portal.db import unit_of_work
from portal.evidence import bring
from portal.redress import actions, cases, staff
from portal.refusals import Refused
from tests import arbitration as disputes
from tests import make, redress, rulings
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.redress.conftest import House
from tests.portal.redress.test_complaints import notices, whole
from tests.redress import REASON, again

DAY = timedelta(days=1)


def test_it_is_asked_once_and_answered_with_exhibits_and_rules(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        request = redress.a_request(appeal, house.merchant)
    shown = [item.ref for item in evidence.items_of("appeal", appeal.id, state="sealed")]
    with unit_of_work():
        actions.disclose(request, outcome="partly", reason=REASON, exhibits=shown[:1], by=house.other, at=NOON + DAY)
    now = again(request)
    assert (now.status, now.reason, [one["ref"] for one in now.exhibits]) == ("partly", REASON, shown[:1])
    assert now.rules == ["FAKE_SHIPMENT"]
    assert [e.action for e in audit.timeline(appeal.ref, audit.audiences("merchant"))][:2] == [
        "redress.disclosure_answered",
        "redress.disclosure_asked",
    ]
    assert notices()[-1] == "disclosure.answered.appeal"
    with pytest.raises(Refused, match="asked_already"), unit_of_work():
        redress.a_request(appeal, house.merchant)
    assert whole()


def test_the_same_form_twice_is_one_request(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        given = {"key": "k", "by": house.merchant, "at": NOON}
        made = [actions.ask_to_see(redress.matter_of(appeal), redress.ASKED, **given).ref for _ in range(2)]
    assert made[0] == made[1]


def test_it_needs_a_decision_and_words(house: House) -> None:
    with unit_of_work():
        running = make.an_appeal(house.shop, house.merchant)
        withdrawn = make.an_appeal(house.shop, house.merchant)
        make.appeals.actions.withdraw(withdrawn, by=house.merchant, at=NOON)
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
    for case in (running, withdrawn):
        with pytest.raises(Refused, match="not_decided_yet"), unit_of_work():
            redress.a_request(case, house.merchant)
    for words in ("", "短", "长" * 1001):
        with pytest.raises(Refused, match="statement_length"), unit_of_work():
            redress.a_request(appeal, house.merchant, words=words)


def test_each_side_of_a_dispute_asks_and_sees_only_what_it_may(house: House) -> None:
    with unit_of_work():
        found = disputes.an_arbitration(house.shop, house.merchant)
        ours = bring(make.a_picture((1, 2, 3)), "面单.jpg")
        disputes.aftersales.actions.attach(found.after_sale, ours, by=house.merchant, at=NOON)
        disputes.hand_in(found, house.merchant)
        disputes.actions.finish(found, by=disputes.buyer_of(found), at=NOON)
    for days in (4, 10):  # first to hand in, then to answer
        sweep(NOON + days * DAY)
    with unit_of_work():
        found = again(found)
        disputes.rule(found, house.reviewer, "refund_partial", NOON + 11 * DAY)
    at = NOON + 12 * DAY
    with unit_of_work():
        buyers = redress.a_request(found, disputes.buyer_of(found), at)
        merchants = redress.a_request(found, house.merchant, at)
    matter = redress.matter_of(found)
    seen = [item.ref for item in cases.exhibits(matter, "buyer")]
    assert seen == [item.ref for item in evidence.items_of("aftersale", found.after_sale_id, state="sealed")]
    with unit_of_work():
        actions.disclose(buyers, outcome="granted", reason=REASON, exhibits=seen, by=house.lead, at=at)
        actions.disclose(merchants, outcome="refused", reason=REASON, exhibits=seen, by=house.other, at=at)
    assert again(buyers).exhibits[0]["title"] == "面单.jpg"
    assert again(merchants).exhibits == []
    assert again(buyers).rules == [found.reason_code]
    assert whole()


def test_what_is_wrong_with_an_answer_is_refused(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        foreign = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        request = redress.a_request(appeal, house.merchant)
    theirs = evidence.items_of("appeal", foreign.id, state="sealed")[0].ref
    given = {"outcome": "granted", "reason": REASON, "exhibits": (), "by": house.other}
    for wrong, code in (
        ({"outcome": "open"}, "no_such_outcome"),
        ({"reason": "太短"}, "statement_length"),
        ({"exhibits": [theirs]}, "no_such_exhibit"),
        ({"by": house.merchant}, "transition_not_allowed"),
    ):
        with pytest.raises(Refused, match=code), unit_of_work():
            actions.disclose(request, **{**given, **wrong}, at=NOON)
    assert again(request).status == "open"
    with unit_of_work():
        actions.disclose(request, **given, at=NOON)
    with pytest.raises(Refused, match="answered_already"), unit_of_work():
        actions.disclose(request, **given, at=NOON)


def test_the_answer_begins_with_what_the_decision_says_in_the_language_of_who_asked(house: House, now: Clock) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        request = redress.a_request(appeal, house.merchant)
    matter = redress.matter_of(appeal)
    with current_app.test_request_context():
        form = staff.disclosure_form(request, matter, blank=True)
    assert "虚假发货" in form.words.data
    assert matter.decisions[0].findings in form.words.data
    assert form.exhibits.data == []
    assert len(form.exhibits.choices) == len(cases.exhibits(matter, "merchant"))


def test_a_late_answer_is_shown_and_wakes_the_leads(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        request = redress.a_request(appeal, house.merchant)
        due = request.due_at
    sweep(due + DAY)
    assert again(request).overdue
    assert notices().count("disclosure.overdue.appeal") == 1
    assert notices().count("disclosure.overdue_lead") == 2
    assert whole()


def test_of_a_dispute_the_appeals_decision_counts_unless_a_system_gave_it(house: House) -> None:
    with unit_of_work():
        judged, closed = (rulings.lost(house.shop, house.merchant, house.reviewer) for _ in range(2))
        rulings.decide(rulings.an_appeal(judged, house.merchant), house.other, "rejected")
        late = make.ask_for_evidence(rulings.an_appeal(closed, house.merchant), house.other)
        due = late.due_at
    sweep(due + DAY)
    found = [[one.case_type for one in redress.matter_of(again(one)).decisions] for one in (judged, closed)]
    assert found == [["appeal", "arbitration"], ["arbitration", "appeal"]]
