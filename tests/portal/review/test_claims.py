"""Claims: one person at a time, for 25 minutes, and never the wrong person; on both databases."""

from datetime import timedelta

import pytest

from portal import Portal, appeals, review
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.audit.models import AuditEvent
from portal.db import session, unit_of_work
from portal.refusals import Overtaken, Refused
from portal.review.drafts import Typed
from portal.review.models import Review
from tests import make
from tests.make import NOON

SECOND = timedelta(seconds=1)


@pytest.fixture
def case(app: Portal) -> Appeal:
    """An appeal that waits in the queue."""
    with unit_of_work():
        shop = make.a_shop()
        return make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))


def a_reviewer(role: str = "reviewer", name: str = "周岚") -> Actor:
    """Somebody who may judge."""
    return make.actor(make.a_person(role, name=name))


def seat_of(appeal: Appeal) -> Review:
    """Its open seat."""
    seat = review.open_seat_of("appeal", appeal.id)
    assert seat is not None
    return seat


def claims(appeal: Appeal) -> list[AuditEvent]:
    """The events of claims in its history."""
    return list(session().query(AuditEvent).filter_by(chain=appeal.ref, action="review.claimed"))


def test_a_claim_lasts_25_minutes_and_stands_in_the_history_of_the_platform_alone(case: Appeal) -> None:
    with unit_of_work():
        seat = review.claim(seat_of(case), by=a_reviewer(), at=NOON)

    assert (seat.state, seat.lease_until) == ("claimed", NOON + review.CLAIM_LEASE)
    assert [event.audience for event in claims(case)] == ["platform"]


def test_who_claims_again_keeps_the_seat_longer_and_writes_no_second_event(case: Appeal) -> None:
    with unit_of_work():
        me = a_reviewer()
        version = review.claim(seat_of(case), by=me, at=NOON).version
        seat = review.claim(seat_of(case), by=me, at=NOON + timedelta(minutes=10))

    assert (seat.lease_until, seat.version) == (NOON + timedelta(minutes=35), version)
    assert len(claims(case)) == 1


def test_a_claimed_seat_is_refused_with_who_has_it_and_until_when(case: Appeal) -> None:
    with unit_of_work():
        review.claim(seat_of(case), by=a_reviewer(name="陈立"), at=NOON)
        with pytest.raises(Overtaken) as why:
            review.claim(seat_of(case), by=a_reviewer(), at=NOON + review.CLAIM_LEASE - SECOND)

    assert (why.value.code, why.value.params) == (
        "claimed_by_other",
        {"who": "陈立", "until": NOON + review.CLAIM_LEASE},
    )


def test_a_lease_that_ran_out_is_taken_over_with_its_draft_and_the_first_can_not_decide_any_more(case: Appeal) -> None:
    with unit_of_work():
        first, second = a_reviewer(), a_reviewer(name="陈立")
        version = review.claim(seat_of(case), by=first, at=NOON).version
        review.renew(seat_of(case), by=first, at=NOON, typed=Typed({"findings": "半句话"}, seat_of(case).draft_mark))
        seat = review.claim(seat_of(case), by=second, at=NOON + review.CLAIM_LEASE)
        with pytest.raises(Overtaken) as why:
            review.hold(seat, by=first, at=NOON + review.CLAIM_LEASE, version=version)

    assert (seat.claimed_by, seat.draft) == (second.person_id, {"findings": "半句话"})
    assert why.value.code == "claimed_by_other"


def test_an_expired_lease_that_nobody_took_still_decides(case: Appeal) -> None:
    late = NOON + timedelta(hours=5)
    with unit_of_work():
        me = a_reviewer()
        version = review.claim(seat_of(case), by=me, at=NOON).version
        seat = review.hold(seat_of(case), by=me, at=late, version=version)
        appeals.actions.decide(case, seat, verdict=make.a_verdict(case), by=me, at=late)

    assert case.status == "completed"


def test_an_autosave_keeps_text_and_seat_and_leaves_the_version_the_form_was_made_from(case: Appeal) -> None:
    with unit_of_work():
        me = a_reviewer()
        version = review.claim(seat_of(case), by=me, at=NOON).version
        seat, later = seat_of(case), NOON + timedelta(minutes=20)
        review.renew(seat, by=me, at=later, typed=Typed({"findings": "甲"}, seat.draft_mark))
        held = review.hold(seat, by=me, at=NOON + timedelta(minutes=44), version=version)

    assert (held.draft, held.lease_until) == ({"findings": "甲"}, NOON + timedelta(minutes=45))


def test_a_window_that_stayed_behind_overwrites_nothing(case: Appeal) -> None:
    with unit_of_work():
        me, other = a_reviewer(), a_reviewer(name="陈立")
        behind = review.claim(seat_of(case), by=me, at=NOON).draft_mark
        review.release(seat_of(case), by=me, at=NOON)
        review.claim(seat_of(case), by=other, at=NOON)
        review.renew(seat_of(case), by=other, at=NOON, typed=Typed({"findings": "乙"}, behind))
        review.release(seat_of(case), by=other, at=NOON)
        seat = review.claim(seat_of(case), by=me, at=NOON)
        with pytest.raises(Refused, match="ruling_elsewhere"):
            review.renew(seat, by=me, at=NOON, typed=Typed({"findings": ""}, behind))
        review.renew(seat, by=me, at=NOON, typed=Typed({"findings": "乙"}, behind))  # the same words are no quarrel
        review.renew(seat, by=me, at=NOON, typed=Typed({"findings": "乙甲"}, seat.draft_mark))

    assert seat.draft == {"findings": "乙甲"}


def test_a_released_seat_is_free_at_once_and_keeps_its_draft(case: Appeal) -> None:
    with unit_of_work():
        me, other = a_reviewer(), a_reviewer()
        review.claim(seat_of(case), by=me, at=NOON)
        review.renew(seat_of(case), by=me, at=NOON, typed=Typed({"findings": "甲"}, seat_of(case).draft_mark))
        review.release(seat_of(case), by=me, at=NOON)
        review.release(seat_of(case), by=me, at=NOON)
        seat = review.claim(seat_of(case), by=other, at=NOON)

    assert (seat.claimed_by, seat.draft) == (other.person_id, {"findings": "甲"})


def test_nobody_releases_or_writes_into_somebody_elses_seat(case: Appeal) -> None:
    with unit_of_work():
        review.claim(seat_of(case), by=a_reviewer(name="陈立"), at=NOON)
        me = a_reviewer()
        for act in (review.release, review.renew):
            with pytest.raises(Overtaken, match="claimed_by_other"):
                act(seat_of(case), by=me, at=NOON)


@pytest.mark.parametrize("role", ["lead", "penalty_issuer", "policy_admin", "auditor", "admin"])
def test_other_roles_can_not_take_a_seat(case: Appeal, role: str) -> None:
    with unit_of_work(), pytest.raises(Refused, match="no_decision_right"):
        review.claim(seat_of(case), by=a_reviewer(role), at=NOON)


def test_the_issuer_the_shops_people_and_former_ones_can_not_judge(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        owner, issuer = make.a_person(shop=shop), make.a_person("reviewer")
        case = make.an_appeal(shop, make.actor(owner, shop), issuer_id=issuer.id)
        former = make.a_person("reviewer")
        joined = make.a_person("merchant_viewer", shop).memberships[0]
        session().flush()
        joined.person_id = former.id
        joined.valid_to = NOON - timedelta(days=1)
        session().flush()
        for person in (issuer, former):
            with pytest.raises(Refused, match="not_independent"):
                review.claim(seat_of(case), by=Actor(person.pseudonym, "reviewer", person.id), at=NOON)


def test_a_second_seat_is_for_a_senior_who_gave_no_verdict_yet(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        by = make.actor(make.a_person(shop=shop), shop)
        case = make.an_appeal(shop, by, amount_minor=2_000_000)
        first = a_reviewer("senior_reviewer")
        appeals.actions.decide(case, make.a_seat(case, first), verdict=make.a_verdict(case), by=first, at=NOON)
        with pytest.raises(Refused, match="seat_for_senior"):
            review.claim(seat_of(case), by=a_reviewer(), at=NOON)
        with pytest.raises(Refused, match="not_independent"):
            review.claim(seat_of(case), by=first, at=NOON)
        seat_of(case).barred = []
        session().flush()
        with pytest.raises(Refused, match="verdict_given"):
            review.claim(seat_of(case), by=first, at=NOON)
        second = a_reviewer("senior_reviewer")
        review.claim(seat_of(case), by=second, at=NOON)

    assert seat_of(case).claimed_by == second.person_id


def test_a_case_that_left_review_tells_whoever_still_writes(case: Appeal) -> None:
    with unit_of_work():
        me = a_reviewer()
        seat = review.claim(seat_of(case), by=me, at=NOON)
        version = seat.version
        appeals.actions.withdraw(case, by=me, at=NOON + SECOND)
        with pytest.raises(Overtaken) as why:
            review.hold(seat, by=me, at=NOON + timedelta(minutes=1), version=version)

    assert (why.value.code, why.value.params["when_at"]) == ("left_review", NOON + SECOND)


def test_a_new_due_time_disturbs_nobody(case: Appeal) -> None:
    with unit_of_work():
        me = a_reviewer()
        version = review.claim(seat_of(case), by=me, at=NOON).version
        review.move_due("appeal", case.id, due_at=NOON + timedelta(days=30))
        seat = review.hold(seat_of(case), by=me, at=NOON, version=version)

    assert seat.due_at == NOON + timedelta(days=30)
