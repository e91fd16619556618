"""`portal user`: people, their roles and shops."""

import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import available_timezones

import click
from flask_babel import force_locale

from portal import accounts, clock, policies, text
from portal.accounts.models import ROLES, Person, Shop
from portal.cli.database import with_database
from portal.db import unit_of_work
from portal.refusals import Refused

REFUSED = 1


def within(most: int) -> Callable[[click.Context, click.Parameter, str], str]:
    """Take a text of at least one and at most so many characters."""

    def checked(context: click.Context, param: click.Parameter, value: str) -> str:
        text = value.strip()
        if not 0 < len(text) <= most or not text.isprintable():
            raise click.BadParameter(f"give 1 to {most} characters on one line.", context, param)
        return text

    return checked


def time_zone(context: click.Context, param: click.Parameter, value: str) -> str:
    """Take the name of a time zone."""
    if value not in available_timezones() or value in ("Factory", "localtime"):  # no places, and Babel knows neither
        raise click.BadParameter("give an IANA name such as Asia/Shanghai or Europe/Berlin.", context, param)
    return value


role_option = click.option("--role", type=click.Choice(ROLES), metavar="ROLE", help=f"One of {', '.join(ROLES)}.")
shop_option = click.option("--shop", "shop_name", metavar="SHOP", help="Reference or external number of the shop.")


@click.group("user")
def command() -> None:
    """Add people, give and take roles, shut people out.

    People of shops have the roles merchant_owner, merchant_agent and merchant_viewer, each in a shop; all others work
    for the marketplace. Nobody can be both. Outside the demo those need a second factor, which they set up when they
    first sign in.
    """


@command.command()
@click.argument("email")
@click.option("--name", required=True, callback=within(80), help="How they are called on screen.")
@role_option
@shop_option
@click.option("--no-password", is_flag=True, help="They ask for a link on the sign-in page instead.")
@with_database
def add(email: str, name: str, role: str | None, shop_name: str | None, *, no_password: bool) -> None:
    """Add a person. The password is asked for, or read from standard input.

    \b
      portal user add admin@example.com --name "Lin Wei" --role admin
      portal user add owner@example.com --name 岚山 --role merchant_owner --shop 10023
      openssl rand -base64 18 | tee /dev/stderr | portal user add lead@example.com --name 组长 --role lead
    """
    password = None if no_password else _password()
    with _unit() as at:
        person = accounts.actions.add_person(email=email, name=name, password=password, at=at)
        if role:
            accounts.actions.grant(person, role, shop=_shop(shop_name), at=at)
        click.echo(f"Added {person.email}.")


@command.command("list")
@with_database
def show_all() -> None:
    """List everybody: address, name, roles, whether a second factor is set up.

    \b
      portal user list
      portal user list | grep reviewer
    """
    at = clock.now()
    for person in accounts.everybody():
        factor = "second factor" if person.has_second_factor or person.webauthn else "password only"
        state = factor if person.active else "disabled"
        click.echo(f"{person.email:34} {_padded(person.name, 16)} {state:14} {', '.join(_roles(person, at))}")


@command.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES), metavar="ROLE")
@shop_option
@click.option("--remove", is_flag=True, help="Take the role instead.")
@click.option("--may-not-submit", is_flag=True, help="An agent who drafts and leaves sending to others.")
@with_database
def role(email: str, role: str, shop_name: str | None, *, remove: bool, may_not_submit: bool) -> None:
    """Give ROLE to the person with this address, or take it. They sign in again.

    \b
      portal user role zhou@example.com senior_reviewer
      portal user role agent@example.com merchant_agent --shop SH-2026-7K3Q9DWX --may-not-submit
      portal user role zhou@example.com reviewer --remove
    """
    with _unit() as at:
        person, shop = _person(email), _shop(shop_name)
        if remove:
            accounts.actions.revoke(person, role, shop=shop, at=at)
        else:
            accounts.actions.grant(person, role, shop=shop, may_submit=not may_not_submit, at=at)
        click.echo(f"{person.email}: {', '.join(_roles(person, at)) or 'no role'}")


@command.command()
@click.argument("email")
@click.option("--undo", is_flag=True, help="Let them in again.")
@with_database
def disable(email: str, *, undo: bool) -> None:
    """Shut a person out, at once and in every browser. What they did stays under their name.

    \b
      portal user disable agent@example.com
      portal user disable agent@example.com --undo
    """
    with _unit() as at:
        person = _person(email)
        if undo:
            accounts.actions.enable(person, at=at)
        else:
            accounts.actions.disable(person, at=at)
        click.echo(f"{person.email} is {'let in again' if undo else 'shut out'}.")


@command.command()
@click.argument("email")
@click.option("--anew", is_flag=True, help="Forget their second factors too: the phone is lost.")
@with_database
def password(email: str, *, anew: bool) -> None:
    """Set a person's password; it is asked for, or read from standard input. Their browsers are signed out.

    \b
      portal user password zhou@example.com
      portal user password zhou@example.com --anew
    """
    typed = _password()
    with _unit() as at:
        accounts.actions.set_password(_person(email), typed, at=at, anew=anew)
        click.echo("The password is set.")


@command.command("add-shop")
@click.argument("external_id", callback=within(64))
@click.argument("name", callback=within(120))
@click.option("--policy", default="douyin", show_default=True, help="The rules that bind it.")
@click.option(
    "--zone",
    default=accounts.DEFAULT_ZONE,
    show_default=True,
    callback=time_zone,
    help="IANA name of its time zone, in which its times are shown and read.",
)
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Of its mails, and of what reviewers write to it.",
)
@click.option("--mail", help="Address for the shop's notices.")
@with_database
def add_shop(external_id: str, name: str, policy: str, zone: str, language: str, mail: str | None) -> None:
    """Add a shop under the number the marketplace knows it by.

    \b
      portal user add-shop 10023 岚山茶铺 --mail shop@example.com
      portal user add-shop 20417 "Teehaus am See" --policy eu-platform --zone Europe/Berlin --language en
    """
    with _unit() as at:
        policies.current(policy, at)
        shop = accounts.actions.add_shop(
            external_id=external_id,
            name=name,
            policy_code=policy,
            zone=zone,
            locale=language,
            contact_email=mail,
            at=at,
        )
        click.echo(f"Added {shop.ref} {shop.name}.")


@contextmanager
def _unit() -> Iterator[datetime]:
    try:
        with force_locale("en"), unit_of_work():
            yield clock.now()
    except Refused as why:
        with force_locale("en"):
            click.echo(f"portal: {text.sentence(why.code, why.params)}", err=True)
        sys.exit(REFUSED)


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _person(email: str) -> Person:
    person = accounts.by_email(email)
    if person is None:
        raise click.UsageError(f"Nobody has the address {email}; see `portal user list`.")
    return person


def _shop(word: str | None) -> Shop | None:
    shop = accounts.shop_called(word) if word else None
    if word and shop is None:
        raise click.UsageError(f"There is no shop {word}; add it with `portal user add-shop`.")
    return shop


def _roles(person: Person, at: datetime) -> list[str]:
    held = [m for m in person.memberships if m.is_valid(at)]
    return [f"{m.role} in {m.shop.name}" if m.shop else m.role for m in held]


def _padded(words: str, width: int) -> str:
    shown = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
    return words + " " * max(0, width - shown)
