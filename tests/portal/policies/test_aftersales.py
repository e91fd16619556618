"""What the policies say of after-sales, and what is said of one from before there was any."""

import json
from datetime import timedelta

import pytest

from portal import Portal, policies
from portal.db import session, unit_of_work
from portal.policies import Spec
from portal.policies.actions import FOLDER
from portal.policies.models import PolicyVersion
from portal.refusals import Refused
from tests.aftersales import an_after_sale
from tests.make import NOON, a_shop
from tests.portal.policies.test_contents import ABROAD, DOUYIN, EUROPE

SHARED = json.loads((FOLDER / "catalogue.json").read_text())["after_sale_reasons"]


def test_the_default_gives_two_days_to_answer_three_for_an_offer_and_a_week_to_agree() -> None:
    assert DOUYIN.aftersales is not None
    windows = DOUYIN.aftersales.windows
    assert windows["merchant_response"] == windows["inspection"] == Spec("elapsed", 48)
    assert windows["offer_answer"] == Spec("elapsed", 72)
    assert windows["negotiation"] == windows["escalate"] == Spec("calendar_days", 7)
    silence = [policy.aftersales and policy.aftersales.on_merchant_silence for policy in (DOUYIN, EUROPE, ABROAD)]
    assert silence == ["in_arbitration", "in_arbitration", "refund_pending"]


def test_every_reason_has_words_on_both_sides_in_both_languages() -> None:
    causes, refusals = DOUYIN.catalogue.causes, DOUYIN.catalogue.refusals
    assert len(causes) == len(SHARED) == 12
    for cause in causes.values():
        assert cause.applies_to
        for words in (cause.name, cause.buyer_evidence, cause.merchant_evidence):
            assert words.zh != words.en
    for refusal in refusals.values():
        assert refusal.name.zh != refusal.name.en
    for policy in (DOUYIN, EUROPE, ABROAD):
        assert policy.aftersales is not None
        assert set(policy.aftersales.refusals_with_evidence) < set(refusals)


def test_each_kind_of_request_has_a_reason(app: Portal) -> None:
    version = policies.current("douyin", NOON).id
    for kind in ("refund_only", "return_refund", "exchange", "reship", "repair", "compensation"):
        assert policies.causes(version, kind)


def test_a_version_from_before_there_was_after_sales_stays_readable_and_refuses_with_a_sentence(app: Portal) -> None:
    with unit_of_work():
        shop = a_shop()
        now = session().get_one(PolicyVersion, policies.current("douyin", NOON).id)
        rules = {key: value for key, value in now.body["catalogue"].items() if not key.startswith("after_sale")}
        policy = {key: value for key, value in now.body["policy"].items() if key != "aftersales"}
        old = PolicyVersion(
            id=999, code="douyin", number=9, jurisdiction="CN", effective_from=NOON, published_at=NOON,
            body={"policy": policy, "catalogue": rules}, sha256="0" * 64,
        )  # fmt: skip
        session().add(old)
    assert policies.body(old.id).aftersales is None
    with pytest.raises(Refused) as why, unit_of_work():
        an_after_sale(shop, at=NOON + timedelta(days=1))
    assert why.value.code == "no_aftersales"
