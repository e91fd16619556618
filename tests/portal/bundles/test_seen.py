"""What a party may not see is not in its file: strings that must not leave, looked for in every byte and every word."""

import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import Portal, accounts, appeals, audit, evidence, review
from portal.accounts.models import Person
from portal.aftersales import actions
from portal.aftersales.models import AfterSale
from portal.aftersales.orders import Customer
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.evidence import Side, bring
from tests import aftersales, make
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, a_market
from tests.portal.bundles.conftest import everything_in, files_of, settled, text_of, zipped
from tests.reading import Visitor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_marked_picture(mark: str) -> io.BytesIO:
    """A picture of which no other has the bytes."""
    return make.a_picture((len(mark), 77, sum(mark.encode()) % 256))


def test_a_shop_sees_nothing_of_how_the_platform_came_to_it(app: Portal) -> None:
    case = settled(name="金丝雀审核员", email="canary.reviewer@people.example")
    secrets = ["金丝雀", "canary"]
    with unit_of_work() as current:
        for seat in current.scalars(select(review.models.Review)):
            seat.draft = {"words": "金丝雀草稿 canary-draft"}
        shop = current.merge(case.shop)
        shop.contact_email = "canary.shop@shops.example"
        owner = current.get_one(Person, case.owner.id)
        owner.name, owner.email = "金丝雀店主", "canary.owner@people.example"
        audit.record(
            case.ref,
            "note.internal",
            by=SYSTEM,
            at=NOON + DAY,
            audience="platform",
            data={"note": "金丝雀 canary-note"},
        )
        side = Side("appeal", case.appeal.id, case.shop.id, "platform")
        evidence.attach(
            side, bring(a_marked_picture("金丝雀"), "金丝雀内部.jpg"), requirement=None, max_files=9, by=SYSTEM, at=NOON
        )
        other = make.a_shop("金丝雀邻店")
        make.an_appeal(
            other, make.actor(make.a_person("merchant_owner", other), other), facts="金丝雀邻居 canary-facts"
        )
    whole = zipped(case.ref)
    assert [secret for secret in secrets if secret in everything_in(whole)] == []
    withheld = [link for link in json.loads(files_of(whole)["history.json"])[case.ref] if link["audience"] != "parties"]
    assert [link["action"] for link in withheld] == [
        *("review.claimed", "review.concluded") * 2,
        "note.internal",
    ]
    assert not any({"data", "salt"} & link.keys() for link in withheld)


def test_the_first_verdict_of_two_stays_on_the_platform(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        appeal = make.an_appeal(shop, merchant, amount_minor=2_000_000)
        first = make.actor(make.a_person("reviewer"))
        verdict = make.a_verdict(appeal, findings="金丝雀初审意见：" + "本席认为材料不足以证明。" * 5)
        appeals.actions.decide(appeal, make.a_seat(appeal, first), verdict=verdict, by=first, at=NOON + HOUR)
    assert "金丝雀" not in everything_in(zipped(appeal.ref))


def test_what_was_prepared_but_not_handed_in_is_not_part_of_it(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        appeal = make.ask_for_evidence(make.an_appeal(shop, merchant), make.actor(make.a_person("reviewer")))
        file = bring(a_marked_picture("未提交"), "金丝雀未提交.jpg")
        appeals.actions.attach(appeal, file, requirement="carrier_receipt", by=merchant, at=NOON)
    whole = zipped(appeal.ref)
    assert "金丝雀" not in everything_in(whole)
    assert file.sha256 not in whole.decode("utf-8", "replace")


BUYERS = ("canary.relay@relay.example", "canary-buyer-number", "金丝雀买家底单")
SHOPS = ("canary.contact@shops.example", "金丝雀店内底单")


@pytest.fixture
def dispute(app: Portal) -> tuple[Market, AfterSale]:
    """A refusal with evidence, an offer, messages; each side also has a paper that only it may see."""
    customer = Customer(BUYERS[1], "林**", BUYERS[0])
    with unit_of_work():
        market = a_market()
        market.shop.contact_email = SHOPS[0]
        order = aftersales.a_purchase(market.shop, customer=customer)
        case = aftersales.an_after_sale(market.shop, order=order, statement="礼盒有两罐漏气，请退款。")
        buyer = market.buyer(case)
        aftersales.an_exhibit(case, buyer)
        aftersales.an_exhibit(case, market.merchant)
        _own_paper(case, "buyer", BUYERS[2])
        _own_paper(case, "merchant", SHOPS[1])
        actions.say(case, "包装完好，请补充照片", key="k0", by=market.merchant, at=NOON + HOUR)
        actions.say(case, "照片附后，漏气处已圈出", key="k2", by=buyer, at=NOON + HOUR)
        actions.refuse(
            case, reason_code="GOODS_IN_ORDER", note="出库检验合格", key="k1", by=market.merchant, at=NOON + 2 * HOUR
        )
    return market, case


def _own_paper(case: AfterSale, party: str, name: str) -> None:
    side = Side("aftersale", case.id, case.shop_id, party)
    file = bring(a_marked_picture(name), f"{name}.jpg")
    evidence.attach(side, file, requirement=None, max_files=9, by=SYSTEM, at=NOON, visibility="own")


@pytest.mark.parametrize(("party", "own", "foreign"), [("merchant", SHOPS[1], BUYERS), ("buyer", BUYERS[2], SHOPS)])
def test_neither_side_finds_the_others_private_data(
    dispute: tuple[Market, AfterSale], party: str, own: str, foreign: tuple[str, ...]
) -> None:
    _market, case = dispute
    whole = zipped(case.ref, party)
    found = everything_in(whole)
    assert [secret for secret in foreign if secret in found] == []
    assert own in found
    inside = {name for name in files_of(whole) if name.startswith("evidence/")}
    assert len(inside) == 3
    hidden = session().scalars(select(evidence.models.EvidenceItem.ref).where(
        evidence.models.EvidenceItem.visibility == "own", evidence.models.EvidenceItem.owner_party != party
    )).one()  # fmt: skip
    assert hidden not in found


def test_each_side_takes_its_own_file_from_its_own_page(
    app: Portal, dispute: tuple[Market, AfterSale], now: Clock
) -> None:
    market, case = dispute
    with unit_of_work() as current:
        owner = current.get_one(Person, market.merchant.person_id)
        link = accounts.links.issue("aftersale", case.ref, "buyer", at=NOON)
    pages = {"merchant": (owner, f"/after-sales/{case.ref}"), "buyer": (None, f"/case/{link}")}
    for party, (person, page) in pages.items():
        answer = Visitor(app, person).open(page).press("中文版").answer
        assert answer is not None
        assert answer.data == zipped(case.ref, party)
        assert f"{case.ref}-{party}-zh.zip" in answer.headers["Content-Disposition"]
        answer.close()
    takers = [link.actor for link in audit.links("exports", ()) if link.actor_role != "system"]
    assert takers == [market.merchant.pseudonym, market.buyer(case).pseudonym]


def test_both_files_of_an_after_sale_tell_the_whole_dispute(dispute: tuple[Market, AfterSale]) -> None:
    _market, case = dispute
    for party in ("merchant", "buyer"):
        words = text_of(zipped(case.ref, party))
        for said in (
            case.ref, "林**", "春茶礼盒", "礼盒有两罐漏气，请退款。", "包装完好，请补充照片", "出库检验合格", "仅退款",
            "照片附后，漏气处已圈出",
            "商家处理期限", "¥120.00",
        ):  # fmt: skip
            assert said in words, said
        assert words.count("照片附后，漏气处已圈出") == 1
    assert zipped(case.ref, "buyer") == zipped(case.ref, "buyer") != zipped(case.ref, "merchant")


def test_an_after_sale_that_went_all_the_way_has_its_file_too(app: Portal) -> None:
    with unit_of_work():
        market = a_market()
        case = aftersales.an_after_sale(market.shop, "return_refund")
        buyer, at = market.buyer(case), NOON
        actions.accept(case, by=market.merchant, at=at)
        actions.ship_back(case, carrier="顺丰", number="SF10086", by=buyer, at=at)
        actions.arrive(case, by=SYSTEM, at=at)
        aftersales.an_exhibit(case, market.merchant)
        actions.report(case, finding="damaged", note="盖子碎了", key="k", by=market.merchant, at=at)
        aftersales.an_offer(case, market.merchant)
        actions.accept_offer(case, by=buyer, at=at)
        actions.acknowledge(case, amount_minor=5_000, currency="CNY", by=SYSTEM, at=at)
    zh, en = text_of(zipped(case.ref, "buyer")), text_of(zipped(case.ref, "buyer", "en"))
    for said in ("愿意补偿一部分", "顺丰 SF10086", "盖子碎了", "¥50.00"):
        assert said in zh
        assert said in en
    assert "The marketplace paid the refund" in en
    assert "商家反馈退货有问题" in zh
