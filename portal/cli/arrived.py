"""`portal arrived`: the carrier has delivered to the shop what a buyer sent back."""

import sys

import click
from flask_babel import force_locale
from sqlalchemy import select

from portal import aftersales, clock, text
from portal.aftersales.models import AfterSale
from portal.cli.database import with_database
from portal.cli.executed import MARKETPLACE, REFUSED
from portal.db import session, unit_of_work
from portal.refusals import Refused


@click.command("arrived")
@click.argument("ref")
@with_database
def command(ref: str) -> None:
    """Say that the goods of an after-sales case are back at the shop, which now has the policy's time to look at them.

    The shop can say so itself. Without either, the policy's time for the delivery runs out and the shop is to look.

    \b
      portal arrived AS-2026-7K3Q9D

    Exit codes: 0 noted, 1 refused, with the reason.
    """
    try:
        with unit_of_work():
            case = session().scalar(select(AfterSale).where(AfterSale.ref == ref.strip().upper()))
            if case is None:
                raise click.UsageError(f"There is no after-sales case {ref}.")
            aftersales.actions.arrive(case, by=MARKETPLACE, at=clock.now())
    except Refused as why:
        with force_locale("en"):
            click.echo(text.sentence(why.code, why.params), err=True)
        sys.exit(REFUSED)
    click.echo("Noted.")
