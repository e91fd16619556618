"""`portal link`: the way of a buyer into their one case."""

import sys
from datetime import timedelta

import click
from flask import current_app
from sqlalchemy import select

from portal import accounts, clock
from portal.aftersales.models import AfterSale
from portal.cli.database import with_database
from portal.db import session, unit_of_work

NO_SUCH_CASE = 1


@click.command("link")
@click.argument("ref")
@click.option("--days", type=click.IntRange(1, 3650), default=accounts.links.LASTS.days, show_default=True)
@click.option("--revoke", is_flag=True, help="Take back every link of the buyer instead; nobody gets in by them then.")
@with_database
def command(ref: str, *, days: int, revoke: bool) -> None:
    """Print a new link that lets the buyer of an after-sales case into that case alone, without an account.

    Send it to nobody but the buyer: whoever has it can answer for them. Links made before stay good.

    \b
      portal link AS-2026-7K3Q9D
      portal link AS-2026-7K3Q9D --days 30
      portal link AS-2026-7K3Q9D --revoke
    """
    at = clock.now()
    with unit_of_work():
        case = session().scalar(select(AfterSale).where(AfterSale.ref == ref.strip().upper()))
        if case is None:
            click.echo(f"There is no after-sales case {ref}.", err=True)
            sys.exit(NO_SUCH_CASE)
        if revoke:
            click.echo(f"Taken back: {accounts.links.revoke_all('aftersale', case.ref, 'buyer', at=at)}.")
            return
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=at, lasts=timedelta(days=days))
    click.echo(f"{current_app.extensions['recourse.config'].url}/case/{token}")
