"""Decisions and requests are written once, with a hash over all they say; on both databases."""

import pytest

from portal import Portal, appeals, review
from portal.appeals.models import Appeal
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.refusals import Overtaken
from portal.review.models import Decision
from tests import make
from tests.make import NOON


@pytest.fixture
def case(app: Portal) -> Appeal:
    """An appeal under review."""
    with unit_of_work():
        shop = make.a_shop()
        return make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))


def decide(case: Appeal, **fields: object) -> Decision:
    """Write a decision on the case."""
    given = {
        "case_type": "appeal", "case_id": case.id, "case_ref": case.ref, "verdict": make.a_verdict(case), "by": SYSTEM,
        "rules": [{"code": case.rule_code}], "redress": ["court"], "locale": "zh", "at": NOON,
    }  # fmt: skip
    return review.record_decision(**given | fields)  # type: ignore[arg-type]


def test_a_decision_proves_by_its_hash_what_it_said(case: Appeal) -> None:
    with unit_of_work():
        decision = decide(case)
        session().expire_all()
        assert review.seal_holds(decision)
        session().expunge(decision)
        decision.findings += "。"

    assert not review.seal_holds(decision)


def test_a_round_has_one_decision(case: Appeal) -> None:
    with unit_of_work():
        decide(case)
    with pytest.raises(Overtaken), unit_of_work():
        decide(case)
    with unit_of_work():
        decide(case, round=2)

    assert [decision.round for decision in review.decisions_of("appeal", case.id)] == [2, 1]


@pytest.mark.parametrize("empty", ["rules", "redress"])
def test_a_decision_names_its_rule_and_what_else_can_be_done(case: Appeal, empty: str) -> None:
    with pytest.raises(ValueError, match=case.ref), unit_of_work():
        decide(case, **{empty: []})


def test_decisions_of_the_system_are_written_at_once_and_sealed_alike(case: Appeal) -> None:
    said = {
        "case_type": "appeal", "case_ref": case.ref, "outcome": "closed_timeout", "reason_code": "T01",
        "findings": "所要求的材料在期限内没有收到，案件由系统关闭，没有经过人的判断。" * 2,
        "text_to_party": "到期没有收到材料。", "rules": [{"code": "X"}], "redress": ["court"], "locale": "zh",
        "automated": "full", "decided_at": NOON,
    }  # fmt: skip
    with unit_of_work():
        review.record_decisions([])
        review.record_decisions([said | {"case_id": number} for number in (901, 902)])
    written = [review.decisions_of("appeal", number)[0] for number in (901, 902)]

    assert all(review.seal_holds(decision) for decision in written)
    assert [(d.decided_by, d.evidence_verdicts, d.round) for d in written] == [(None, [], 1)] * 2


def test_the_first_verdict_waits_in_its_seat_and_nowhere_else(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        case = make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop), amount_minor=2_000_000)
        first = make.a_person("reviewer")
        verdict, by = make.a_verdict(case), make.actor(first)
        appeals.actions.decide(case, make.a_seat(case, by), verdict=verdict, by=by, at=NOON)
        seat = review.seat_of("appeal", case.id, attempt=1, seat="primary")

    assert review.Verdict.from_dict(seat.verdict or {}) == verdict
    assert review.decisions_of("appeal", case.id) == []
    assert review.deciders_of("appeal", case.id) == {first.id}
