"""Exhibits of either side: staged, taken back, sealed by the act they belong to, and never another side's."""

from portal import evidence
from portal.aftersales import actions
from portal.evidence import bring
from portal.evidence.models import EvidenceItem
from tests.aftersales import an_exhibit
from tests.make import NOON, a_picture
from tests.portal.aftersales.conftest import Market, anew
from tests.portal.aftersales.doing import a_case, do, refused


def item(case_id: int, party: str) -> EvidenceItem:
    """The newest exhibit of this side."""
    return evidence.items_of("aftersale", case_id, party=party)[-1]


def test_what_is_staged_can_be_taken_back_by_its_own_side_alone(market: Market) -> None:
    case, other = a_case(market), a_case(market)
    do(an_exhibit, anew(case), market.merchant)
    mine = item(case.id, "merchant")
    buyer = market.buyer(anew(case))
    assert refused(actions.detach, anew(case), item(case.id, "merchant"), by=buyer).code == "transition_not_allowed"
    wrong = refused(actions.detach, anew(other), item(case.id, "merchant"), by=market.merchant)
    assert wrong.code == "transition_not_allowed"
    do(actions.detach, anew(case), item(case.id, "merchant"), by=market.merchant)
    assert mine.id not in {one.id for one in evidence.items_of("aftersale", case.id)}


def test_each_side_seals_its_own_and_what_is_sealed_stays(market: Market) -> None:
    case = a_case(market)
    do(an_exhibit, anew(case), market.buyer(anew(case)))
    do(an_exhibit, anew(case), market.merchant)
    no = {"reason_code": "GOODS_IN_ORDER", "note": "完好", "key": "k", "by": market.merchant, "at": NOON}
    do(actions.refuse, anew(case), **no)
    states = {one.owner_party: one.state for one in evidence.items_of("aftersale", anew(case).id)}
    assert states == {"buyer": "staged", "merchant": "sealed"}
    assert refused(actions.detach, anew(case), item(case.id, "merchant"), by=market.merchant).code == "evidence_sealed"


def test_there_is_a_limit_and_no_file_twice(market: Market) -> None:
    case = a_case(market)
    for number in range(9):
        file = bring(a_picture((number * 20, 5, 5)), f"{number}.jpg")
        do(actions.attach, anew(case), file, by=market.merchant, at=NOON)
    more = refused(actions.attach, anew(case), bring(a_picture((1, 1, 1)), "x.jpg"), by=market.merchant, at=NOON)
    assert more.code == "too_many_files"
    twice = refused(actions.attach, anew(case), bring(a_picture((20, 5, 5)), "y.jpg"), by=market.merchant, at=NOON)
    assert twice.code == "same_file_twice"


def test_what_was_handed_in_while_they_negotiate_counts_too(market: Market) -> None:
    case = a_case(market)
    for number in range(9):
        do(actions.attach, anew(case), bring(a_picture((number * 20, 5, 5)), "x.jpg"), by=market.merchant, at=NOON)
    no = {"reason_code": "GOODS_IN_ORDER", "note": "完好", "key": "k", "by": market.merchant, "at": NOON}
    do(actions.refuse, anew(case), **no)
    more = refused(actions.attach, anew(case), bring(a_picture((1, 1, 1)), "y.jpg"), by=market.merchant, at=NOON)
    assert (more.code, more.params["limit"]) == ("too_many_files", 9)


def test_nothing_is_added_to_a_case_that_is_settled(market: Market) -> None:
    case = a_case(market)
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    late = refused(actions.attach, anew(case), bring(a_picture(), "x.jpg"), by=market.merchant, at=NOON)
    assert late.code == "transition_not_allowed"
