"""The appeal's whole way, verb by verb."""

from datetime import timedelta

import pytest

from portal import Portal, appeals, audit, deadlines, review
from portal.appeals.actions.filing import AlreadyAppealed
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.refusals import Refused
from tests import make
from tests.make import NOON

DAY = timedelta(days=1)


@pytest.fixture
def people(app: Portal) -> dict[str, object]:
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.a_person("merchant_owner", shop)
        reviewer, senior = make.a_person("reviewer"), make.a_person("senior_reviewer")
        return {
            "shop": shop,
            "merchant": make.actor(merchant, shop),
            "reviewer": make.actor(reviewer),
            "senior": make.actor(senior),
        }


def test_from_penalty_to_result_with_a_supplement_between(people) -> None:
    with unit_of_work():
        appeal = make.an_appeal(people["shop"], people["merchant"])
        assert appeal.status == "under_review"
    with unit_of_work():
        make.ask_for_evidence(appeal, people["reviewer"], NOON + DAY)
        assert appeal.status == "needs_evidence"
    with unit_of_work():
        make.supplement(appeal, people["merchant"], NOON + 2 * DAY)
        assert appeal.status == "under_review"
    with unit_of_work():
        seat = make.a_seat(appeal, people["reviewer"], NOON + 3 * DAY)
        appeals.actions.decide(
            appeal, seat, verdict=make.a_verdict(appeal, "upheld"), by=people["reviewer"], at=NOON + 3 * DAY
        )
    assert (appeal.status, appeal.outcome) == ("completed", "upheld")
    assert [event.action for event in reversed(audit.timeline(appeal.ref))] == [
        "appeal.started",
        "appeal.submitted",
        "appeal.evidence_requested",
        "appeal.supplemented",
        "appeal.decided",
    ]
    assert list(audit.faults()) == []
    assert deadlines.live("appeal", appeal.id) == []
    assert len(review.decisions_of("appeal", appeal.id)) == 1


def test_an_appeal_can_be_handed_in_only_once(people) -> None:
    with unit_of_work():
        appeal = make.an_appeal(people["shop"], people["merchant"])
    with pytest.raises(AlreadyAppealed), unit_of_work():
        make.file_it(appeal, people["merchant"])


@pytest.mark.parametrize(("named", "why"), [([], "no_deficiency"), (["no_such"], "no_such_requirement")])
def test_evidence_is_asked_for_only_by_naming_lines_of_the_checklist(people, named: list[str], why: str) -> None:
    with unit_of_work():
        appeal = make.an_appeal(people["shop"], people["merchant"])
    key, lacking = appeal.id, [{"requirement_code": code, "problem": "incomplete", "note": ""} for code in named]
    with pytest.raises(Refused, match=why), unit_of_work():
        make.ask_for_evidence(appeal, people["reviewer"], deficiencies=lacking)
    end_reading()
    assert session().get_one(Appeal, key).status == "under_review"
    assert review.latest_request("appeal", key) is None
    assert deadlines.running("appeal", key, "supplement") is None


def test_due_is_too_late_and_just_before_is_in_time(people) -> None:
    with unit_of_work():
        penalty = make.a_penalty(people["shop"])
        draft = make.a_draft(penalty, people["merchant"])
    with pytest.raises(Refused, match="window_over"), unit_of_work():
        make.file_it(draft, people["merchant"], penalty.due_at)
    with unit_of_work():
        make.file_it(draft, people["merchant"], penalty.due_at - timedelta(milliseconds=1))
    assert draft.status == "under_review"


def test_above_the_limit_two_people_must_agree(people) -> None:
    with unit_of_work():
        appeal = make.an_appeal(people["shop"], people["merchant"], amount_minor=2_000_000)
        verdict = make.a_verdict(appeal)
        first = appeals.actions.decide(
            appeal, make.a_seat(appeal, people["reviewer"]), verdict=verdict, by=people["reviewer"], at=NOON
        )
        assert first is None
        assert appeal.status == "under_review"
    with unit_of_work():
        seat = make.a_seat(appeal, people["senior"])
        decision = appeals.actions.decide(appeal, seat, verdict=verdict, by=people["senior"], at=NOON)
    assert (decision.decided_by, decision.second_by) == (people["reviewer"].person_id, people["senior"].person_id)
    assert appeal.outcome == "rejected"
