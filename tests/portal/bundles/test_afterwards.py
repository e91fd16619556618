"""What comes after losing, in the case file: the shop's appeal of the ruling for both sides, and to each its own."""

import json
from datetime import timedelta

import pytest

from portal import Portal, appeals, arbitration
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.bundles import CaseFile
from portal.bundles.casefile import CASE_TYPES
from portal.db import end_reading, unit_of_work
from portal.evidence import bring
from portal.reader import reading_as
from tests import arbitration as disputes
from tests import make, redress, rulings
from tests.make import NOON
from tests.portal.arbitration.conftest import Court, a_court
from tests.portal.bundles.conftest import everything_in, files_of, text_of, zipped
from tests.rulings import LATER

DAY = timedelta(days=1)
PHONES = {"buyer": "13812345678", "merchant": "13987654321"}
FOUND = f"打包视频可以看到面单和完好的外盒，说明破损不是发货前造成的，电话 {PHONES['buyer']} 的通话记录与此一致。"
TEXTS = {"merchant": "给商家的复核意见", "buyer": "给买家的复核意见"}


@pytest.fixture
def court(app: Portal) -> Court:
    """A shop and reviewers."""
    with unit_of_work():
        return a_court()


def described(ref: str, party: str, lang: str = "zh_Hans_CN") -> CaseFile:
    """The case as its file tells it, without the file."""
    end_reading()
    with reading_as(lang, "Asia/Shanghai"):
        return CASE_TYPES["appeal" if ref.startswith("AP") else "aftersale"].told(ref, party)


def an_appeal(court: Court) -> tuple[Arbitration, Appeal]:
    """The appeal of a ruling, with a phone number in all that the shop wrote, and one line of the list not there."""
    ruled = rulings.lost(court.shop, court.merchant, court.reviewer)
    draft = make.a_draft(ruled, court.merchant)
    words = f"{draft.statement}电话 {PHONES['merchant']}"
    file = bring(make.a_picture((4, 5, 6)), f"面单 {PHONES['merchant']}.jpg")
    appeals.actions.attach(draft, file, requirement="merchant_1", by=court.merchant, at=NOON)
    appeals.actions.save(
        draft, ground=draft.ground_code, statement=words, declarations={"merchant_2": "金丝雀没有留底"},
        rev=draft.draft_rev, by=court.merchant, at=NOON,
    )  # fmt: skip
    return ruled, draft


def decide(court: Court, appeal: Appeal, outcome: str = "partially_upheld") -> None:
    """Decide it, with words to each side."""
    more = {"findings": FOUND, "text_to_party": TEXTS["merchant"], "texts": {"buyer": TEXTS["buyer"]}}
    rulings.decide(appeal, court.other, outcome, **more)


def test_both_files_tell_the_appeal_and_its_decision_each_in_its_own_words(court: Court) -> None:
    with unit_of_work():
        ruled, appeal = an_appeal(court)
        decide(court, make.file_it(appeal, court.merchant))
    case = ruled.after_sale.ref
    shared = (
        "申诉部分成立",
        "A14",
        "¥50.00",
        "双方责任",
        "说明破损不是发货前造成的",
        "并非没有发货",
        "对判定的申诉",
        appeal.ref,
    )
    for party, other in (("merchant", "buyer"), ("buyer", "merchant")):
        whole = zipped(case, party)
        told = text_of(whole)
        assert [said for said in (*shared, TEXTS[party]) if said not in told] == []
        assert TEXTS[other] not in everything_in(whole)
        assert PHONES[other] not in everything_in(whole)
        assert (PHONES["merchant"] in told, "金丝雀" in told) == (party == "merchant",) * 2
        assert len([name for name in files_of(whole) if name.startswith("evidence/")]) == 1
        assert whole == zipped(case, party)
        history = json.loads(files_of(whole)["history.json"])
        assert list(history) == sorted([case, ruled.ref, appeal.ref])
        assert any("data" in link for link in history[appeal.ref]) == (party == "merchant")


@pytest.mark.parametrize(("outcome", "says"), [("rejected", "Appeal not upheld"), ("inadmissible", "Not admissible")])
def test_a_ruling_that_stands_is_told_in_english_too(court: Court, outcome: str, says: str) -> None:
    with unit_of_work():
        ruled, appeal = an_appeal(court)
        decide(court, make.file_it(appeal, court.merchant), outcome)
    decision = described(ruled.after_sale.ref, "buyer", "en").decisions[-1]
    assert (decision.title, decision.facts[0][1]) == ("Decision on the appeal of the ruling", says)
    assert ("The answer to the party", TEXTS["buyer"]) in decision.texts


def test_what_is_only_prepared_is_in_neither_file(court: Court) -> None:
    with unit_of_work():
        ruled, appeal = an_appeal(court)
    for party in ("merchant", "buyer"):
        told = repr(described(ruled.after_sale.ref, party))
        assert appeal.ref not in told
        assert "并非没有发货" not in told


def filed(court: Court) -> tuple[Arbitration, Appeal]:
    """Either side has complained and asked about a dispute, the shop about its appeal too; all were answered."""
    lead = make.actor(make.a_person("lead"))
    ruled, appeal = an_appeal(court)
    decide(court, make.file_it(appeal, court.merchant))
    at, sides = LATER + DAY, {"merchant": court.merchant, "buyer": disputes.buyer_of(ruled)}
    for party, by in sides.items():
        complaint = redress.a_complaint(ruled, by, at, f"{party} 投诉：审核过程拖延，没有按约定时间说明理由。")
        words = f"{redress.ANSWER} 答复{party}，电话 {PHONES['buyer']}"
        redress.actions.answer(complaint, outcome="partly", words=words, by=lead, at=at + DAY)
        _asked(ruled, by, f"{party} 请求：请说明裁决依据了哪些证据。", lead)
    redress.a_complaint(appeal, court.merchant, at, "merchant 投诉：复核结论没有回应打包视频里的关键画面。")
    return ruled, appeal


def _asked(ruled: Arbitration, by: Actor, words: str, lead: Actor) -> None:
    request = redress.a_request(ruled, by, LATER + DAY, words)
    seen = [item.ref for item in redress.cases.exhibits(redress.matter_of(ruled), request.party)]
    given = {"outcome": "granted", "reason": redress.REASON, "exhibits": seen}
    redress.actions.disclose(request, **given, by=lead, at=LATER + 2 * DAY)


def test_what_a_side_filed_is_in_its_own_file_alone(court: Court) -> None:
    with unit_of_work():
        ruled, _appeal = filed(court)
    case = ruled.after_sale.ref
    for party, other, filings in (("merchant", "buyer", 3), ("buyer", "merchant", 2)):
        whole = zipped(case, party)
        told, everything = text_of(whole), everything_in(whole)
        own = (
            f"{party} 投诉",
            f"答复{party}",
            f"{party} 请求",
            redress.REASON,
            "结案之后",
            "部分成立",
            "质量问题",
            "面单",
        )
        assert [said for said in own if said not in told] == []
        numbers = {part.facts[0][1] for part in described(case, other).afterwards}
        foreign = (f"{other} 投诉", f"答复{other}", f"{other} 请求", *numbers, PHONES["buyer"])
        assert [said for said in foreign if said in everything] == []
        assert len(described(case, party).afterwards) == filings
        assert whole == zipped(case, party)
    english = {part.title for part in described(case, "buyer", "en").afterwards}
    assert english == {"Complaint to the platform", "See what was relied on"}


def test_the_file_of_the_appeal_has_what_its_shop_filed(court: Court) -> None:
    with unit_of_work():
        ruled, appeal = filed(court)
    told = described(appeal.ref, "merchant")
    assert [dict(part.facts)["所涉案件"] for part in told.afterwards] == [
        ruled.after_sale.ref,
        appeal.ref,
        ruled.after_sale.ref,
    ]
    assert "buyer 投诉" not in repr(told)
    assert arbitration.first_of(ruled.after_sale).ref in dict(told.chains)
