"""`portal arbitrate`: what an operator types and reads, and what becomes of the case."""

import pytest
from click.testing import CliRunner, Result

from portal import Portal, arbitration
from portal.aftersales.models import AfterSale
from portal.cli import invariants, portal
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.aftersales import actions, an_after_sale
from tests.arbitration import a_refused_case
from tests.conftest import NOON, Clock


@pytest.fixture(autouse=True)
def this_app(monkeypatch: pytest.MonkeyPatch, app: Portal, now: Clock) -> None:
    monkeypatch.setattr("portal.cli.create_app", lambda: app)


def run(*words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(portal, ["arbitrate", *words])


def test_the_platform_itself_takes_a_case_to_arbitration_and_only_once() -> None:
    with unit_of_work():
        shop = make.a_shop()
        case = a_refused_case(shop, make.actor(make.a_person("merchant_owner", shop), shop))
    said = run(case.ref.lower())
    end_reading()
    found = arbitration.first_of(session().query(AfterSale).one())

    assert found is not None
    assert (said.exit_code, found.opened_by, found.status) == (0, "platform", "collecting")
    assert said.output.endswith(f"{found.ref} is open until 2026-03-04 16:00 UTC for the evidence of both sides.\n")
    again = run(case.ref)
    assert (again.exit_code, found.ref in again.output) == (1, True)
    assert list(invariants.faults()) == []


def test_what_can_not_be_taken_there_is_refused_and_stays_as_it_is() -> None:
    with unit_of_work():
        shop = make.a_shop()
        waiting, over = an_after_sale(shop), an_after_sale(shop)
        actions.accept(over, by=make.actor(make.a_person("merchant_owner", shop), shop), at=NOON)
    for ref in (waiting.ref, over.ref):
        said = run(ref)
        assert (said.exit_code, "not possible any more" in said.output) == (1, True), said.output
    assert "There is no after-sales case AS-1." in run("as-1").output
    end_reading()
    assert {case.status for case in session().query(AfterSale)} == {"awaiting_merchant", "refund_pending"}


def test_its_help_shows_an_example() -> None:
    assert "portal arbitrate AS-2026-7K3Q9D" in run("--help").output
