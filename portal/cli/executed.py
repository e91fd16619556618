"""`portal executed`: the marketplace has carried out what was decided, or could not."""

import sys

import click
from flask_babel import force_locale
from sqlalchemy import select

from portal import aftersales, clock, penalties, text
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.cli.database import with_database
from portal.db import session, unit_of_work
from portal.incoming import BadCellError, amount
from portal.penalties.models import Penalty
from portal.refusals import Refused

REFUSED = 1
MARKETPLACE = Actor("marketplace", "api_client")


class Amount(click.ParamType[int]):
    """An amount in currency units."""

    name = "AMOUNT"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The amount in minor units."""
        try:
            return amount(value)
        except BadCellError:
            self.fail(f"{value!r} is not an amount; write it like 120 or 120.50.", param, ctx)


@click.command("executed")
@click.argument("ref")
@click.option("--amount", "amount_minor", type=Amount(), help="What was paid; needed for a refund.")
@click.option("--currency", default="CNY", show_default=True, help="In which currency.")
@click.option("--failed", metavar="WHY", default="", help="It could not be carried out, and why; the leads are told.")
@with_database
def command(ref: str, *, amount_minor: int | None, currency: str, failed: str) -> None:
    """Say that a refund was paid, or that the measures of a penalty stand as decided.

    Whatever is not confirmed within the policy's time (a day) wakes the leads.

    \b
      portal executed AS-2026-7K3Q9D --amount 120.00
      portal executed AS-2026-7K3Q9D --failed "the buyer's account is closed"
      portal executed PN-2026-3M8W2C
      portal executed PN-2026-3M8W2C --failed "the fine was paid out already"

    Exit codes: 0 noted, 1 refused, with the reason.
    """
    try:
        with unit_of_work():
            _note(ref.strip().upper(), amount_minor, currency, failed)
    except Refused as why:
        with force_locale("en"):
            click.echo(text.sentence(why.code, why.params), err=True)
        sys.exit(REFUSED)
    click.echo("Noted.")


def _note(ref: str, amount_minor: int | None, currency: str, failed: str) -> None:
    at = clock.now()
    case = session().scalar(select(AfterSale).where(AfterSale.ref == ref))
    if case is not None:
        if (amount_minor is None) == (not failed):
            raise click.UsageError("A refund needs --amount, or --failed with the reason.")
        if amount_minor is None:
            aftersales.actions.fail_payment(case, why=failed, by=MARKETPLACE, at=at)
            return
        aftersales.actions.acknowledge(case, amount_minor=amount_minor, currency=currency, by=MARKETPLACE, at=at)
        return
    penalty = session().scalar(select(Penalty).where(Penalty.ref == ref))
    if penalty is None:
        raise click.UsageError(f"There is no case {ref}.")
    penalties.executed(penalty, failed=failed, by=MARKETPLACE, at=at)
