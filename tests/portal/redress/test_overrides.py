"""An order from above: two people without a part in the case, a sealed document, and nothing of a decision edited."""

from datetime import timedelta

import pytest

from portal import appeals, audit, deadlines, evidence, review
from portal.appeals.models import Appeal
from portal.db import session, unit_of_work
from portal.penalties.models import Penalty
from portal.redress import actions
from portal.refusals import Refused
from tests import make, redress
from tests.make import NOON
from tests.portal.redress.conftest import House
from tests.portal.redress.test_complaints import notices, whole
from tests.redress import again

DAY = timedelta(days=1)


@pytest.fixture
def rejected(house: House) -> Appeal:
    """An appeal that a person rejected."""
    with unit_of_work():
        return redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)


def penalty_of(appeal: Appeal) -> Penalty:
    """The penalty as it is now."""
    session().expire_all()
    return session().get_one(Penalty, appeal.subject_id)


def test_what_a_court_lifts_is_lifted_once_another_person_confirms(house: House, rejected: Appeal) -> None:
    paper = redress.a_document()
    with unit_of_work():
        record = redress.an_override(rejected, paper, house.senior, change="lift")
    assert penalty_of(rejected).status == "active"
    item = evidence.item_of("override", record.id, record.document_ref)
    assert (item.state, item.visibility, item.file.sha256) == ("sealed", "platform", paper.sha256)
    assert "redress.override_proposed" not in [event.action for event in audit.timeline(rejected.ref)]
    before = review.decisions_of("appeal", rejected.id)[0].sha256
    with unit_of_work():
        actions.confirm(record, by=house.lead, at=NOON + DAY)
    assert (again(record).status, penalty_of(rejected).status) == ("confirmed", "overturned")
    assert review.decisions_of("appeal", rejected.id)[0].sha256 == before
    assert audit.timeline(rejected.ref)[0].action == "redress.overridden"
    assert notices()[-1] == "redress.overridden.appeal"
    assert whole()


def test_what_was_lifted_can_be_reinstated_and_what_stands_reduced(house: House, rejected: Appeal) -> None:
    paper = redress.a_document()
    fine = penalty_of(rejected).measures[0]
    was, name = dict(fine.params), fine.figure[0]
    results = [{"measure_id": fine.id, "kind": fine.kind, "result": "reduce", "params": {name: fine.figure[1] // 2}}]
    with unit_of_work():
        record = redress.an_override(rejected, paper, house.senior, change="reduce", results=results)
        actions.confirm(record, by=house.lead, at=NOON)
    assert penalty_of(rejected).status == "reduced"
    with unit_of_work():
        record = redress.an_override(rejected, paper, house.lead, change="reinstate")
        actions.confirm(record, by=house.second_lead, at=NOON)
    now = penalty_of(rejected)
    assert (now.status, {measure.effect for measure in now.measures}, now.measures[0].params) == (
        "active",
        {"active"},
        was,
    )
    assert whole()


def test_never_the_same_person_nor_who_judged_nor_who_is_on_a_side(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.senior)
    paper = redress.a_document()
    for by, code in ((house.senior, "not_independent"), (house.reviewer, "transition_not_allowed"),
                     (house.merchant, "transition_not_allowed")):  # fmt: skip
        with pytest.raises(Refused, match=code), unit_of_work():
            redress.an_override(appeal, paper, by)
    with unit_of_work():
        record = redress.an_override(appeal, paper, house.lead)
    for by, code in ((house.lead, "two_people"), (house.senior, "not_independent"), (house.other, "transition")):
        with pytest.raises(Refused, match=code), unit_of_work():
            actions.confirm(record, by=by, at=NOON)
    with unit_of_work():
        actions.confirm(record, by=house.second_lead, at=NOON)
    with pytest.raises(Refused, match="override_closed"), unit_of_work():
        actions.confirm(record, by=house.second_lead, at=NOON)
    assert whole()


def test_one_waits_at_a_time_and_what_is_declined_changes_nothing(house: House, rejected: Appeal) -> None:
    paper = redress.a_document()
    with unit_of_work():
        record = redress.an_override(rejected, paper, house.lead, change="lift")
    with pytest.raises(Refused, match="override_waiting"), unit_of_work():
        redress.an_override(rejected, paper, house.senior)
    with unit_of_work():
        actions.decline(record, by=house.second_lead, at=NOON)
    assert (again(record).status, penalty_of(rejected).status) == ("declined", "active")
    assert "redress.overridden.appeal" not in notices()
    with unit_of_work():
        redress.an_override(rejected, paper, house.senior)
    assert whole()


def test_what_is_wrong_with_a_proposal_is_refused(house: House, rejected: Appeal) -> None:
    paper = redress.a_document()
    keep = [{"measure_id": m.id, "kind": m.kind, "result": "keep", "params": {}} for m in penalty_of(rejected).measures]
    more = [keep[0] | {"result": "reduce", "params": {"amount_minor": 10**9}}]
    foreign = [keep[0] | {"measure_id": 987654321, "result": "lift"}]
    for wrong, code in (
        ({"authority": "neighbour"}, "no_such_outcome"),
        ({"change": "reinstate"}, "no_such_outcome"),
        ({"effect": "太短"}, "statement_length"),
        ({"reference": ""}, "statement_length"),
        ({"change": "reduce", "results": keep}, "nothing_reduced"),
        ({"change": "reduce", "results": more}, "measure_not_less"),
        ({"change": "reduce", "results": foreign}, "measure_unknown"),
    ):
        with pytest.raises(Refused, match=code), unit_of_work():
            redress.an_override(rejected, paper, house.lead, **wrong)
    assert list(session().query(redress.OverrideRecord)) == []


def test_only_a_case_that_is_over_and_not_moot(house: House) -> None:
    paper = redress.a_document()
    with unit_of_work():
        running, moot = (make.an_appeal(house.shop, house.merchant) for _ in range(2))
        appeals.actions.revoke(session().get_one(Penalty, moot.subject_id), reason="重复", by=make.SYSTEM, at=NOON)
    for case in (running, moot):
        with pytest.raises(Refused, match="not_over_yet"), unit_of_work():
            redress.an_override(case, paper, house.lead)


def test_of_a_ruling_the_order_is_recorded_and_told(house: House) -> None:
    ruled = redress.a_final_ruling(house.shop, house.merchant, house.reviewer)
    paper = redress.a_document()
    with pytest.raises(Refused, match="no_such_outcome"), unit_of_work():
        redress.an_override(ruled, paper, house.senior, change="lift")
    with unit_of_work():
        record = redress.an_override(ruled, paper, house.senior, ruled.ended_at, authority="regulator")
        actions.confirm(record, by=house.lead, at=ruled.ended_at + DAY)
    assert notices()[-2:] == ["redress.overridden.aftersale", "buyer.redress_overridden"]
    assert again(ruled).status == "final"
    assert whole()


def test_an_order_ends_a_human_review_that_still_runs(house: House) -> None:
    closed = redress.closed_by_machine(house.shop, house.merchant, house.reviewer)
    at, paper = closed.completed_at + DAY, redress.a_document()
    with unit_of_work():
        appeals.actions.ask_human(closed, by=house.merchant, at=at)
        record = redress.an_override(closed, paper, house.senior, at, change="lift")
        actions.confirm(record, by=house.lead, at=at)
    assert review.open_seat_of("appeal", closed.id) is None
    assert [one.kind for one in deadlines.live("appeal", closed.id)] == []
    assert whole()
