"""The version of the policy that binds a penalty is that of when its shop was told."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal import Portal, penalties, policies
from portal.accounts.models import Shop
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.penalties import Finding
from portal.penalties.models import Penalty
from portal.policies import actions
from portal.policies.models import PolicyVersion
from tests import make
from tests.conftest import NOON, Clock, SignIn
from tests.portal.penalties.sheets import a_csv, a_row

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop(app: Portal, tmp_path: Path) -> Iterator[Shop]:
    """A shop whose policy has had a second version since yesterday: twenty days to appeal, and a rule that is new."""
    shutil.copytree(actions.FOLDER / "presets", tmp_path / "presets")
    catalogue = json.loads((actions.FOLDER / "catalogue.json").read_text())
    old = next(rule for rule in catalogue["rules"] if rule["code"] == "FAKE_SHIPMENT")
    catalogue["rules"].append(old | {"code": "NEW_RULE"})
    (tmp_path / "catalogue.json").write_text(json.dumps(catalogue))
    preset = tmp_path / "presets" / "douyin.json"
    policy = json.loads(preset.read_text())
    policy["windows"]["file_appeal"]["n"] = 20
    preset.write_text(json.dumps(policy))
    with unit_of_work():
        policies.load(NOON - DAY, tmp_path)
        found = make.a_shop()
    yield found
    app.extensions["recourse.policies"].clear()


def number(penalty: Penalty) -> int:
    return session().get_one(PolicyVersion, penalty.policy_version_id).number


@pytest.mark.parametrize(
    ("rule", "told_at", "version", "days"),
    [
        ("FAKE_SHIPMENT", NOON, 2, 20),
        ("FAKE_SHIPMENT", NOON - DAY, 2, 20),
        ("FAKE_SHIPMENT", NOON - 2 * DAY, 1, 7),
        ("FAKE_SHIPMENT", FIRST - DAY, 1, 7),
        ("NEW_RULE", NOON - 2 * DAY, 2, 20),
    ],
)
def test_the_version_in_force_when_told_binds(
    shop: Shop, rule: str, told_at: datetime, version: int, days: int
) -> None:
    with unit_of_work():
        penalty = make.a_penalty(shop, rule_code=rule, notified_at=told_at)
    assert number(penalty) == version
    assert penalty.due_at is not None
    assert timedelta(days=days) < penalty.due_at - told_at < timedelta(days=days + 4), "a week's end or a holiday apart"


def test_a_file_is_read_by_the_same_versions(shop: Shop) -> None:
    told = {"A": ("NEW_RULE", "2026-02-20 08:00"), "B": ("FAKE_SHIPMENT", "2026-02-20 08:00"), "C": ("NO_RULE", "")}
    rows = [
        a_row(n, shop.external_id, external_id=name, rule_code=rule, notified_at=at)
        for n, (name, (rule, at)) in enumerate(told.items())
    ]
    found = penalties.plan(a_csv(rows), at=NOON)
    assert [(fault.line, fault.code) for fault in found.faults] == [(4, "unknown_rule")]
    assert "NEW_RULE" in str(found.faults[0].params["allowed"])
    with unit_of_work():
        assert penalties.carry_out(found.new, by=SYSTEM, at=NOON).new == 2
    assert {one.external_id: number(one) for one in session().query(Penalty)} == {"A": 2, "B": 1}
    assert penalties.plan(a_csv(rows), at=NOON + DAY).existing == 2


def test_the_page_claims_no_rule_before_it_was_there(shop: Shop, browser: SignIn, now: Clock) -> None:
    with unit_of_work():
        owner = make.a_person(shop=shop, locale="en")
        early = penalties.issue(
            shop, Finding("E-1", "FAKE_SHIPMENT", "事实", points=1, notified_at=FIRST - DAY), by=SYSTEM, at=NOON
        )
        later = make.a_penalty(shop)
    client = browser(owner)
    said = client.get(f"/penalties/{early.ref}").text
    assert "The portal has had this text since 1 January 2026, after the penalty was notified;" in said
    assert "in force since" not in said
    assert "applied when" not in said
    said = client.get(f"/penalties/{later.ref}").text
    assert "(in force since 1 March 2026)" in said
    assert "This is the text that applied when the penalty was notified;" in said
