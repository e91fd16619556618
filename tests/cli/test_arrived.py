"""`portal arrived`: what an operator types and reads, and what becomes of the case."""

import pytest
from click.testing import CliRunner, Result

from portal import Portal, aftersales
from portal.aftersales.models import AfterSale
from portal.cli import portal
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.aftersales import actions, an_after_sale
from tests.conftest import NOON, Clock


@pytest.fixture(autouse=True)
def this_app(monkeypatch: pytest.MonkeyPatch, sqlite_app: Portal, now: Clock) -> None:
    monkeypatch.setattr("portal.cli.create_app", lambda: sqlite_app)


def run(*words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(portal, ["arrived", *words])


def test_goods_that_are_back_are_to_be_looked_at() -> None:
    with unit_of_work():
        shop = make.a_shop()
        case = an_after_sale(shop, "return_refund")
        actions.accept(case, by=make.actor(make.a_person("merchant_owner", shop), shop), at=NOON)
    early = run(case.ref)
    assert (early.exit_code, "moved on" in early.output) == (1, True)
    with unit_of_work():
        case = session().query(AfterSale).one()
        actions.ship_back(case, carrier="顺丰", number="SF1", by=aftersales.as_buyer(case), at=NOON)
    assert run(case.ref.lower()).output.endswith("Noted.\n")
    end_reading()
    assert session().query(AfterSale).one().status == "awaiting_inspection"
    assert run(case.ref).exit_code == 1
    assert "There is no after-sales case XX-1" in run("XX-1").output
