"""The case file of a dispute: hearing and rulings, and of the other side what was disclosed, without its data."""

import json
from datetime import timedelta

import pytest

from portal import Portal, evidence
from portal.aftersales import actions as case_actions
from portal.arbitration import actions
from portal.arbitration.models import Arbitration
from portal.db import end_reading, session, unit_of_work
from portal.evidence.models import EvidenceItem
from tests import arbitration as make
from tests.aftersales import an_exhibit
from tests.make import NOON
from tests.portal.arbitration.conftest import Court, a_court
from tests.portal.bundles.conftest import everything_in, files_of, text_of, zipped

HOUR = timedelta(hours=1)
PRIVATE = {"buyer": "13812345678", "merchant": "13987654321"}


@pytest.fixture
def court(app: Portal) -> Court:
    """A shop and reviewers."""
    with unit_of_work():
        return a_court()


def heard(court: Court) -> Arbitration:
    """Both sides have handed in words with a phone number in them, and a picture."""
    found = make.an_arbitration(court.shop, court.merchant)
    buyer = make.buyer_of(found)
    for by, party, words in ((court.merchant, "merchant", "出库完好"), (buyer, "buyer", "签收时已裂")):
        an_exhibit(found.after_sale, by, NOON + HOUR)
        make.hand_in(found, by, NOON + HOUR, f"{words}，电话 {PRIVATE[party]}")
    return found


def sealed(found: Arbitration) -> list[EvidenceItem]:
    """The exhibits of both sides."""
    return evidence.items_of("aftersale", found.after_sale_id, state="sealed")


def test_what_is_not_disclosed_yet_is_in_its_own_sides_file_alone(court: Court) -> None:
    with unit_of_work():
        found = heard(court)
    ref = found.after_sale.ref
    for party, own, foreign in (("merchant", "出库完好", "签收时已裂"), ("buyer", "签收时已裂", "出库完好")):
        whole = zipped(ref, party)
        assert own in text_of(whole)
        assert foreign not in everything_in(whole)
        assert len([name for name in files_of(whole) if name.startswith("evidence/")]) == 1


def test_after_the_ruling_both_files_tell_all_of_it_but_the_others_data(court: Court) -> None:
    with unit_of_work():
        found = heard(court)
        buyer = make.buyer_of(found)
        for by in (court.merchant, buyer, court.merchant, buyer):
            actions.finish(found, by=by, at=NOON + 2 * HOUR)
        noted = [
            {"evidence": item.ref, "verdict": "accepted", "note": f"来电 {PRIVATE['buyer']}"} for item in sealed(found)
        ]
        said = {"text_to_party": "给商家的话", "texts": {"buyer": "给买家的话"}, "evidence_verdicts": tuple(noted)}
        verdict = make.a_verdict(found, "refund_partial", **said)
        seat = make.a_seat(found, court.reviewer, NOON + 3 * HOUR)
        actions.decide(found, seat, verdict=verdict, by=court.reviewer, at=NOON + 3 * HOUR)
    for party, words, other in (("merchant", "给商家的话", "给买家的话"), ("buyer", "给买家的话", "给商家的话")):
        whole = zipped(found.after_sale.ref, party)
        told = text_of(whole)
        for said in ("出库完好", "签收时已裂", "部分退款", "¥80.00", "¥40.00", "双方责任", words, found.ref):
            assert said in told, said
        assert other not in everything_in(whole)
        foreign = PRIVATE["buyer" if party == "merchant" else "merchant"]
        assert foreign not in everything_in(whole)
        assert PRIVATE[party] in told
        history = json.loads(files_of(whole)["history.json"])
        assert set(history) == {found.after_sale.ref, found.ref}
        assert whole == zipped(found.after_sale.ref, party)


def test_what_was_settled_before_it_was_disclosed_stays_with_its_side(court: Court) -> None:
    with unit_of_work():
        found = heard(court)
        terms = case_actions.Terms("partial_refund", 5_000)
        case_actions.offer(found.after_sale, terms, by=court.merchant, at=NOON + 2 * HOUR)
        case_actions.accept_offer(found.after_sale, by=make.buyer_of(found), at=NOON + 3 * HOUR)
    end_reading()
    assert session().get_one(Arbitration, found.id).status == "settled"
    assert "签收时已裂" not in everything_in(zipped(found.after_sale.ref, "merchant"))
    assert "出库完好" not in everything_in(zipped(found.after_sale.ref, "buyer"))
