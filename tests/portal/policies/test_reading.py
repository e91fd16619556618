"""A mistake in a file is met with one sentence: where it is, what stands there, what is allowed."""

import copy
import json
from typing import Any

import pytest

from portal.policies import BadFileError, policy
from portal.policies.actions import FOLDER

PRESET = json.loads((FOLDER / "presets" / "douyin.json").read_text())
CATALOGUE = json.loads((FOLDER / "catalogue.json").read_text())
GONE = object()


def changed(whole: Any, path: str, value: object) -> Any:
    """A copy in which the value at `a.0.b` is another one, or gone."""
    whole = copy.deepcopy(whole)
    *way, last = path.split(".")
    spot = whole
    for step in way:
        spot = spot[int(step)] if step.isdecimal() else spot[step]
    key: Any = int(last) if last.isdecimal() else last
    if value is GONE:
        del spot[key]
    else:
        spot[key] = value
    return whole


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("max_appeals", 0, "p.json: max_appeals is 0; allowed is a whole number from 1 to 9."),
        ("max_appeals", True, "p.json: max_appeals is True; allowed is a whole number from 1 to 9."),
        ("max_files", GONE, "p.json: max_files is missing."),
        ("review_clok", "pause", "p.json: review_clok is unknown; allowed are code, name, "),
        ("review_clock", "stop", "p.json: review_clock is 'stop'; allowed is one of restart, pause."),
        ("name.en", " ", "p.json: name.en is ' '; allowed is a text that is not blank."),
        ("name.zh", GONE, "p.json: name.zh is missing."),
        ("windows.review.mode", "days", "p.json: windows.review: mode is 'days'; allowed are calendar_days, elapsed, "),
        (
            "windows.review.roll",
            True,
            "p.json: windows.review: roll is true or false, and true only with calendar_days.",
        ),
        ("windows.supplement.n", 0, "p.json: windows.supplement.n is 0; allowed is a whole number from 1"),
        ("windows.supplement.n", "3", "p.json: windows.supplement: n is '3'; allowed are whole numbers up to 3660."),
        ("windows.review", 5, "p.json: windows.review is 5; allowed is an object."),
        ("suspensive", ["fines"], "p.json: suspensive[0] is 'fines'; allowed is one of fine, points, "),
        ("suspensive", ["fine", "fine"], "p.json: suspensive is a list; allowed is a list that names nothing twice."),
        ("four_eyes.amount_minor.CNY", 1.5, "p.json: four_eyes.amount_minor.CNY is 1.5; allowed is a whole number"),
        ("redress.1.en", GONE, "p.json: redress[1].en is missing."),
        ("reminders_hours", "24", "p.json: reminders_hours is '24'; allowed is a list."),
        ("statement.min", 5000, "p.json: statement.min is 5000; allowed is a whole number from 0 to 2000."),
        ("aftersales.windows.ship", GONE, "p.json: aftersales.windows.ship is missing."),
        (
            "aftersales.on_merchant_silence",
            "x",
            "p.json: aftersales.on_merchant_silence is 'x'; allowed is",
        ),
        ("aftersales.refusals_with_evidence", ["NO"], "p.json: aftersales.refusals_with_evidence[0] is 'NO'; allowed"),
        ("calendars.buyer", "CN", "p.json: calendars.buyer is unknown; allowed are merchant, platform."),
    ],
)
def test_a_preset_with_a_mistake_is_refused_with_a_sentence(path: str, value: object, sentence: str) -> None:
    with pytest.raises(BadFileError) as bad:
        policy.of_files(changed(PRESET, path, value), "p.json", CATALOGUE, "c.json")
    assert str(bad.value).startswith(sentence)
    assert "\n" not in str(bad.value)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("rules.0.category", "post", "c.json: rules[0].category is 'post'; allowed is one of fulfilment, "),
        ("rules.0.points", -1, "c.json: rules[0].points is -1; allowed is a whole number from 0 to 48."),
        (
            "rules.1.code",
            "FAKE_SHIPMENT",
            "c.json: rules is a list; allowed is each code once; 'FAKE_SHIPMENT' is there",
        ),
        (
            "rules.0.evidence.0.accept",
            ["text"],
            "c.json: rules[0].evidence[0].accept is a list; allowed is text alone for",
        ),
        (
            "rules.0.evidence.0.accept",
            ["word"],
            "c.json: rules[0].evidence[0].accept[0] is 'word'; allowed is one of image",
        ),
        ("rules.0.measures", ["jail"], "c.json: rules[0].measures[0] is 'jail'; allowed is one of fine"),
        ("reasons.0.blanks", ["item"], "c.json: reasons[0].text is a dict; allowed is a text whose blanks are item."),
        (
            "reasons.0.buyer",
            {"zh": "{item}", "en": "x"},
            "c.json: reasons[0].buyer is a dict; allowed is a text without",
        ),
        ("reasons.0.effect", "gift", "c.json: reasons[0].effect is 'gift'; allowed is one of lift"),
        ("grounds.sports", [], "c.json: grounds.sports is unknown; allowed are common, fulfilment, "),
        ("grounds.ip", GONE, "c.json: grounds.ip is missing."),
        ("problems", {}, "c.json: problems is a dict; allowed is a list."),
    ],
)
def test_a_catalogue_with_a_mistake_is_refused_with_a_sentence(path: str, value: object, sentence: str) -> None:
    with pytest.raises(BadFileError) as bad:
        policy.of_files(PRESET, "p.json", changed(CATALOGUE, path, value), "c.json")
    assert str(bad.value).startswith(sentence)


def test_a_review_that_is_paused_must_be_counted_in_days() -> None:
    preset = changed(changed(PRESET, "windows.review", {"mode": "elapsed", "n": 48}), "review_clock", "pause")
    with pytest.raises(BadFileError, match="review_clock is 'pause'; allowed is restart"):
        policy.of_files(preset, "p.json", CATALOGUE, "c.json")


@pytest.mark.parametrize("path", sorted((FOLDER / "presets").glob("*.json")), ids=lambda path: path.stem)
def test_what_is_stored_says_what_the_file_said(path: Any) -> None:
    preset = json.loads(path.read_text())
    from_file = policy.of_files(preset, path.name, CATALOGUE, "c.json")
    assert policy.of_body(json.loads(json.dumps({"policy": preset, "catalogue": CATALOGUE})), "stored") == from_file
