"""`portal executed`: what an operator types and reads, and what becomes of the case."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from portal import Portal, penalties
from portal.accounts.models import Person
from portal.aftersales.models import AfterSale
from portal.cli import portal
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Measure
from tests import make
from tests.aftersales import actions, an_after_sale
from tests.buyer_mails import told_buyer
from tests.conftest import NOON, Clock


@pytest.fixture(autouse=True)
def this_app(monkeypatch: pytest.MonkeyPatch, app: Portal, now: Clock) -> None:
    monkeypatch.setattr("portal.cli.create_app", lambda: app)


def run(*words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(portal, ["executed", *words])


def test_a_refund_is_closed_by_the_very_amount() -> None:
    with unit_of_work():
        shop = make.a_shop()
        case = an_after_sale(shop)
        actions.accept(case, by=make.actor(make.a_person("merchant_owner", shop), shop), at=NOON)
    for words, says in (
        (("--amount", "1.234"), "is not an amount"),
        (("--amount", "100"), "any other amount is not this refund"),
        (("--amount", "120", "--currency", "EUR"), "any other amount is not this refund"),
        ((), "needs --amount"),
        (("--amount", "120", "--failed", "closed account"), "needs --amount"),
    ):
        said = run(case.ref, *words)
        assert (said.exit_code > 0, says in said.output) == (True, True), said.output
    assert run(case.ref, "--amount", "120.00").output.endswith("Noted.\n")
    end_reading()
    assert session().query(AfterSale).one().resolution == "refunded"
    assert run(case.ref, "--amount", "120.00").exit_code == 1


def test_a_refund_that_could_not_be_paid_stays_owed_and_wakes_the_leads() -> None:
    with unit_of_work():
        lead, shop = make.a_person("lead"), make.a_shop()
        case = an_after_sale(shop)
        actions.accept(case, by=make.actor(make.a_person("merchant_owner", shop), shop), at=NOON)
    for _time in range(2):
        assert run(case.ref, "--failed", "the account is closed").output.endswith("Noted.\n")
    end_reading()
    assert (session().query(AfterSale).one().status, failures(lead)) == ("refund_pending", 2)
    assert told_buyer(case.ref)[-2:] == ["payment_failed"] * 2
    assert run(case.ref, "--amount", "120.00").output.endswith("Noted.\n")
    assert "moved on" in run(case.ref, "--failed", "too late").output


def failures(lead: Person) -> int:
    """How many times this lead was told of one."""
    told = select(Notice).where(Notice.recipient == f"person:{lead.id}", Notice.template == "aftersale.payment_failed")
    found = session().scalars(told).all()
    assert {notice.params["why"] for notice in found} == {"the account is closed"}
    return len(found)


def test_the_measures_of_a_penalty_stand_as_decided() -> None:
    with unit_of_work():
        penalty = make.a_penalty(make.a_shop())
        penalties.lift(penalty, by=make.actor(make.a_person("reviewer")), at=NOON)
    assert run(penalty.ref.lower()).output.endswith("Noted.\n")
    end_reading()
    assert {measure.execution for measure in session().query(Measure)} == {"acknowledged"}
    assert "Nothing of" in run(penalty.ref).output
    assert "There is no case" in run("XX-1").output
