"""`portal arbitrate`: the platform itself takes a case to arbitration."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from portal import arbitration, clock, text
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.db import session, unit_of_work
from portal.reader import reading_as
from portal.refusals import Refused

MARKETPLACE = Actor("marketplace", "api_client")


@click.command("arbitrate")
@click.argument("ref")
@with_appcontext
def command(ref: str) -> None:
    """Hear both sides of the after-sales case REF and let a reviewer rule on it, though neither of them asked for it.

    Both are told, and have the policy's time to hand in evidence. It can be done while they negotiate, after a refusal,
    and while returned goods are inspected.

    \b
      portal arbitrate AS-2026-7K3Q9D

    Exit codes: 0 opened, 1 refused, with the reason.
    """
    try:
        with unit_of_work():
            opened = _open(ref.strip().upper())
    except Refused as why:
        with reading_as("en", "UTC"):
            raise click.ClickException(text.sentence(why.code, why.params)) from why
    click.echo(opened)


def _open(ref: str) -> str:
    """Open it, and give its number."""
    case = session().scalar(select(AfterSale).where(AfterSale.ref == ref).with_for_update())
    if case is None:
        raise click.ClickException(f"There is no after-sales case {ref}.")
    there = arbitration.first_of(case)
    if there is not None:
        raise click.ClickException(f"{ref} was taken to arbitration before: {there.ref}.")
    arbitration.actions.open_first(case, by=MARKETPLACE, at=clock.now())
    found = arbitration.first_of(case)
    assert found is not None
    return f"{found.ref} is open until {found.due_at:%Y-%m-%d %H:%M} UTC for the evidence of both sides."
