"""What the three policies and the catalogue say."""

import json
from dataclasses import replace

import pytest

from portal.policies import BadFileError, Policy, Spec, file_requirements, grounds, policy, statement_required
from portal.policies.actions import FOLDER
from portal.policies.catalogue import OUTCOMES, RULING
from portal.text import localised


def preset(code: str) -> Policy:
    read = [json.loads((FOLDER / name).read_text()) for name in (f"presets/{code}.json", "catalogue.json")]
    return policy.of_files(read[0], code, read[1], "catalogue")


DOUYIN, EUROPE, ABROAD = preset("douyin"), preset("eu-platform"), preset("tiktok-like")
RULES = list(DOUYIN.catalogue.rules.values())


def test_the_windows_are_those_agreed_on() -> None:
    days, work = "calendar_days", "working_days"
    assert [
        (p.file_appeal, p.file_again, p.max_appeals, p.review, p.supplement, p.max_supplement_rounds)
        for p in (DOUYIN, EUROPE, ABROAD)
    ] == [
        (Spec(days, 7, True), Spec(days, 7, True), 1, Spec(work, 5), Spec(days, 3, True), 1),
        (Spec(days, 183), Spec(days, 183), 1, Spec(work, 10), Spec(work, 5), 2),
        (Spec(days, 30), Spec(days, 15), 2, Spec(work, 5), Spec(days, 3, True), 1),
    ]
    assert [p.review_clock for p in (DOUYIN, EUROPE, ABROAD)] == ["restart", "pause", "restart"]
    assert [p.on_supplement_timeout for p in (DOUYIN, EUROPE)] == ["closed_timeout", "human_decision"]
    assert {p.reminders_hours for p in (DOUYIN, EUROPE, ABROAD)} == {(24, 3)}


def test_there_are_25_types_of_penalty_with_words_in_both_languages() -> None:
    assert len(RULES) == 25
    for rule in RULES:
        for words in (rule.name, rule.text, rule.basis, rule.usual, rule.category.name):
            assert words.zh != words.en
        assert not any(mark in rule.text.zh + rule.usual.zh for mark in ";!！")
        assert grounds(rule)[-1].code == "OTHER"
        assert file_requirements(rule)


def test_a_rules_own_window_beats_the_policys_except_where_the_law_asks_for_more() -> None:
    prohibited = DOUYIN.catalogue.rules["PROHIBITED_GOODS"]
    assert DOUYIN.filing(prohibited) == Spec("calendar_days", 3, roll=True)
    assert EUROPE.filing(prohibited) == EUROPE.file_appeal
    late = ABROAD.catalogue.rules["LATE_SHIPMENT"]
    assert [ABROAD.filing(late, round_no) for round_no in (1, 2)] == [ABROAD.file_appeal, ABROAD.file_again]


def test_the_statement_is_a_field_and_not_a_file() -> None:
    fake, late = (DOUYIN.catalogue.rules[code] for code in ("FAKE_SHIPMENT", "LATE_SHIPMENT"))
    assert [r.key for r in file_requirements(fake)] == ["tracking_trace", "carrier_receipt", "carrier_statement"]
    assert (statement_required(fake), statement_required(late)) == (True, False)
    assert not any("text" in r.accept for rule in RULES for r in file_requirements(rule))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_a_reason(outcome: str) -> None:
    assert DOUYIN.reasons(outcome)


def test_what_the_system_says_by_itself_has_no_blanks() -> None:
    assert [reason.blanks for reason in DOUYIN.reasons("closed_timeout")] == [()]


def test_each_reason_on_the_appeal_of_a_ruling_has_words_for_the_buyer() -> None:
    reasons = [one for outcome in OUTCOMES if outcome != "needs_evidence" for one in DOUYIN.reasons(outcome, RULING)]
    assert [one.code for one in reasons if not one.said_to("buyer", "zh") or not one.said_to("buyer", "en")] == []
    assert len(reasons) == 7


def test_deficiencies_have_their_five_names() -> None:
    assert list(DOUYIN.catalogue.problems) == ["missing", "unreadable", "irrelevant", "contradictory", "incomplete"]


@pytest.mark.parametrize(
    ("amount", "currency", "measures", "reason", "second"),
    [
        (1_000_000, "CNY", ["fine"], "R01", False),
        (1_000_001, "CNY", ["fine"], "R01", True),
        (0, "CNY", ["points", "suspend_shop"], "R01", True),
        (0, "CNY", ["points"], "R05", True),
        (1, "GBP", ["fine"], "R01", True),
        (0, "GBP", [], "", False),
    ],
)
def test_a_second_person_looks_where_much_is_at_stake(
    amount: int, currency: str, measures: list[str], reason: str, second: bool
) -> None:
    asked = DOUYIN.needs_second(amount_minor=amount, currency=currency, measures=measures, reason=reason)
    assert asked is second


def test_words_are_found_by_language() -> None:
    rule = RULES[0]
    assert (rule.name.say("zh_Hans_CN"), rule.name.say("en"), rule.local("name", "zh")) == (
        "虚假发货",
        "Fake shipment",
        "虚假发货",
    )
    assert localised({"name_zh": "名", "name_en": "name"}, "name")
    assert (rule.name_zh, rule.name_en) == ("虚假发货", "Fake shipment")
    with pytest.raises(AttributeError):
        _ = rule.nothing_zh


def test_a_catalogue_of_another_policy_is_read_anew() -> None:
    assert replace(DOUYIN, catalogue=EUROPE.catalogue) == DOUYIN
    with pytest.raises(BadFileError):
        policy.of_files([], "p.json", {}, "c.json")
