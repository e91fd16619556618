"""`portal user`: what an operator types and reads."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from portal import Portal
from portal.accounts.models import Shop
from portal.cli import portal
from portal.db import session
from tests.portal.accounts.people import Browser

PASSWORD = "a quiet river"


@pytest.fixture(autouse=True)
def this_app(monkeypatch: pytest.MonkeyPatch, app: Portal) -> None:
    monkeypatch.setattr("portal.cli.create_app", lambda: app)


def run(*words: str, typed: str = PASSWORD) -> Result:
    """What the command says."""
    return CliRunner().invoke(portal, ["user", *words], input=f"{typed}\n")


def test_an_operator_makes_the_first_account_and_it_signs_in(app: Portal) -> None:
    assert (
        run("add", "Admin@Example.com", "--name", "Lin Wei", "--role", "admin").output == "Added admin@example.com.\n"
    )
    browser = Browser(app)
    browser.get("/sign-in")
    assert browser.post("/sign-in", email="admin@example.com", password=PASSWORD).status_code == 302


def test_a_shop_and_its_owner() -> None:
    assert "岚山茶铺" in run("add-shop", "10023", "岚山茶铺").output
    run("add", "lan@example.com", "--name", "岚山", "--role", "merchant_owner", "--shop", "10023", "--no-password")
    assert "merchant_owner in 岚山茶铺" in run("list").output


def test_a_shop_has_the_zone_it_is_given_or_the_usual_one() -> None:
    run("add-shop", "10023", "岚山茶铺")
    run("add-shop", "20417", "Teehaus am See", "--zone", "Europe/Berlin")
    assert [*session().scalars(select(Shop.zone).order_by(Shop.id))] == ["Asia/Shanghai", "Europe/Berlin"]


@pytest.mark.parametrize(
    "name", ["Berlin", "europe/berlin", "America", "../etc/passwd", "UTC+8", "localtime", "Factory", ""]
)
def test_a_zone_that_there_is_not_is_refused_with_how_to_name_one(name: str) -> None:
    result = run("add-shop", "10023", "x", "--zone", name)
    assert (result.exit_code, "such as Asia/Shanghai" in result.output) == (2, True)
    assert session().scalar(select(func.count()).select_from(Shop)) == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "lan", "--name", "x", "--no-password"), "This is not an e-mail address."),
        (("add", "x@example.com", "--name", "x", "--role", "merchant_owner", "--no-password"), "say in which"),
        (("add", "x@example.com", "--name", "x", "--role", "king", "--no-password"), "Invalid value for '--role'"),
        (("role", "nobody@example.com", "reviewer"), "Nobody has the address nobody@example.com"),
        (("add", "x@example.com", "--name", "x", "--role", "merchant_owner", "--shop", "9"), "There is no shop 9"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_changed(words: tuple[str, ...], says: str) -> None:
    result = run(*words)
    assert result.exit_code != 0
    assert says in result.output
    assert "x@example.com" not in run("list").output


@pytest.mark.parametrize(
    "words",
    [
        ("10023", "x", "--policy", "nope"),
        ("10023", "x", "--mail", "nope"),
        ("10023", "x" * 121),
        ("1" * 65, "x"),
        (" ", "x"),
    ],
)
def test_a_shop_that_nothing_could_be_done_with_is_not_made(words: tuple[str, ...]) -> None:
    assert run("add-shop", *words).exit_code in {1, 2}
    assert session().scalar(select(func.count()).select_from(Shop)) == 0


def test_a_short_password_is_refused() -> None:
    result = run("add", "x@example.com", "--name", "x", typed="short")
    assert (result.exit_code, result.output) == (1, "portal: A password has at least 10 characters.\n")


@pytest.mark.parametrize("typed", ["a río qüiet", "ﬁne river water", "安静的河１２３４５６"])
def test_a_password_is_the_same_however_it_was_composed(app: Portal, typed: str) -> None:
    run("add", "x@example.com", "--name", "x", "--role", "admin", typed=typed)
    browser = Browser(app)
    browser.get("/sign-in")
    assert browser.post("/sign-in", email="x@example.com", password=typed).status_code == 302


def test_nothing_typed_is_no_password_and_what_is_no_text_neither() -> None:
    for typed, says in (
        ("", "A password has at least 10 characters."),
        ("K\udcff 12345678901", "A password is UTF-8 text."),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("portal.cli.user._password", lambda typed=typed: typed)
            result = run("add", "x@example.com", "--name", "x")
        assert (result.exit_code, result.output) == (1, f"portal: {says}\n")
    assert "x@example.com" not in run("list").output


def test_a_shop_is_written_to_in_its_language() -> None:
    run("add-shop", "20417", "Teehaus am See", "--language", "en")
    assert session().scalar(select(Shop.locale)) == "en"


def test_roles_are_given_and_taken_and_people_shut_out() -> None:
    run("add", "zhou@example.com", "--name", "周岚", "--no-password")
    assert run("role", "zhou@example.com", "reviewer").output == "zhou@example.com: reviewer\n"
    assert run("role", "zhou@example.com", "reviewer", "--remove").output == "zhou@example.com: no role\n"
    run("disable", "zhou@example.com")
    assert "disabled" in run("list").output
    run("disable", "zhou@example.com", "--undo")
    assert "disabled" not in run("list").output


def test_a_lost_password_is_set_anew(app: Portal) -> None:
    run("add", "zhou@example.com", "--name", "周岚", "--no-password")
    assert run("password", "zhou@example.com", "--anew", typed="a new beginning").exit_code == 0
    browser = Browser(app)
    browser.get("/sign-in")
    assert browser.post("/sign-in", email="zhou@example.com", password="a new beginning").status_code == 302


@pytest.mark.parametrize("words", [(), ("add",), ("list",), ("role",), ("disable",), ("password",), ("add-shop",)])
def test_the_help_gives_an_example(words: tuple[str, ...]) -> None:
    says = run(*words, "--help").output
    assert not words or f"portal user {words[0]}" in says.split("\n\n", 1)[1]
