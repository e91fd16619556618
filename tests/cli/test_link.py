"""`portal link`: what an operator types and reads, and what the buyer then gets."""

from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from portal import Portal
from portal.cli import portal
from portal.db import unit_of_work
from tests import make
from tests.aftersales import an_after_sale


@pytest.fixture
def ref(app: Portal, monkeypatch: pytest.MonkeyPatch, now: object) -> str:
    """The number of a case."""
    monkeypatch.setattr("portal.cli.create_app", lambda: app)
    with unit_of_work():
        return an_after_sale(make.a_shop()).ref


def run(*words: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(portal, ["link", *words])


def test_a_link_opens_its_case_until_it_is_taken_back(app: Portal, ref: str) -> None:
    path = urlsplit(run(ref.lower(), "--days", "3").output.strip()).path
    browser = make.a_browser(app)
    assert ref in browser.get(path).text
    assert run(ref, "--revoke").output == "Taken back: 2.\n", "this, and the one that was mailed"
    assert browser.get(path).status_code == 410
    assert run(ref, "--revoke").output == "Taken back: 0.\n"


def test_a_case_that_is_not_there_is_said(ref: str) -> None:
    said = run("AS-2026-NOTTHERE")
    assert (said.exit_code, said.output) == (1, "There is no after-sales case AS-2026-NOTTHERE.\n")
    assert run(ref, "--days", "0").exit_code == 2
