"""`portal demo`: invented shops, people and cases for an empty portal."""

import sys

import click
from flask import current_app

from portal import clock, demo
from portal.cli.database import with_database

NOT_HERE = 1
NO_PLACE = "this database was not made for a demo; set DATA_DIR to another place."


@click.command("demo")
@with_database
def command() -> None:
    """Fill an empty portal with invented shops, people and a year of cases, once.

    Only under DEMO=1, because everybody knows the passwords; `portal serve` does it by itself then. The database must
    have been made under DEMO=1 and have no shops of its own.

    \b
      DEMO=1 portal migrate && DEMO=1 portal demo

    Exit codes: 0 the demo is there, 1 this is no place for it.
    """
    if not current_app.config["DEMO"]:
        click.echo("Nothing was filled in: set DEMO=1 for a demo, and never where people work.", err=True)
        sys.exit(NOT_HERE)
    try:
        filled = demo.fill(clock.now())
    except demo.RealDataError:
        click.echo(f"Nothing was filled in: {NO_PLACE}", err=True)
        sys.exit(NOT_HERE)
    click.echo("The demo is in place." if filled else "The demo was there already.")
    click.echo(people())


def people() -> str:
    """Who may sign in, as lines for a person to read."""
    lines = [f"  {invented.email:<24} {invented.name}, {_roles(invented)}" for invented in demo.PEOPLE]
    return "\n".join([f"Sign in with the password {demo.PASSWORD} as", *lines])


def _roles(invented: demo.Invented) -> str:
    return ", ".join(
        role.replace("_", " ") + (f" of {demo.SHOPS[shop]}" if shop else "") for role, shop in invented.roles
    )
